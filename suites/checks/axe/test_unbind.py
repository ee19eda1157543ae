"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.scenarios import (
    bind_users,
    claim_unchanged,
    is_gone,
    other_extension,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-UNBIND-101")
def test_unbind_by_extension(context: CheckContext) -> None:
    """An unbind by virtualNum and extendNum dissolves that binding alone."""
    one, two, three = bind_users(context), bind_users(context), bind_users(context)
    with claim_unchanged(context, "AXE-UNBIND-101", one, three):
        answer = context.axe.unbind(virtualNum=two.x, extendNum=two.extension)
        claim_success(context, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(context, "AXE-UNBIND-101", two, "after the unbind")


@check("AXE-UNBIND-101", needs=("two_x",))
def test_the_same_extension_on_another_x_stays(context: CheckContext) -> None:
    """Unbind of an extension on one X leaves the same extension on another."""
    extension = other_extension(context)
    here, there = (bind_users(context, x=context.axe.x(place), extension=extension) for place in (0, 1))
    with claim_unchanged(context, "AXE-UNBIND-101", there):
        answer = context.axe.unbind(virtualNum=here.x, extendNum=extension)
        claim_success(context, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(context, "AXE-UNBIND-101", here, "after the unbind")


@check("AXE-UNBIND-102")
def test_empty_selectors_are_absent(context: CheckContext) -> None:
    """Empty values of the selectors that are not used do not hinder an unbind."""
    one, two = bind_users(context), bind_users(context)
    answer = context.axe.unbind(subscriptionId=one.sub, virtualNum="", extendNum="")
    claim_success(context, "AXE-UNBIND-102", answer, "unbind by id with an empty X and extension")
    answer = context.axe.unbind(subscriptionId="", virtualNum=two.x, extendNum=two.extension)
    claim_success(context, "AXE-UNBIND-102", answer, "unbind by X and extension with an empty id")
    for binding in (one, two):
        is_gone(context, "AXE-UNBIND-102", binding, "after the unbind")
