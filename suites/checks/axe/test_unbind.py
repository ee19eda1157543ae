"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import (
    GONE,
    PROMPTS,
    UNKNOWN,
    bound,
    claim_caller_refused,
    claim_reaches,
    is_gone,
    is_there,
    other_extension,
    unchanged,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-UNBIND-001")
def test_unbind_by_id(context: CheckContext) -> None:
    """Unbind with subscriptionId dissolves that binding and no other."""
    one, two, three = bound(context), bound(context), bound(context)
    with unchanged(context, "AXE-UNBIND-001", one, three):
        claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=two.sub), "unbind by subscriptionId")
    is_gone(context, "AXE-UNBIND-001", two, "after the unbind")


@check("AXE-UNBIND-101")
def test_unbind_by_extension(context: CheckContext) -> None:
    """Unbind with virtualNum and extendNum dissolves that binding and no other."""
    one, two, three = bound(context), bound(context), bound(context)
    with unchanged(context, "AXE-UNBIND-101", one, three):
        answer = context.axe.unbind(virtualNum=two.x, extendNum=two.extension)
        claim_success(context, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(context, "AXE-UNBIND-101", two, "after the unbind")


@check("AXE-UNBIND-101", needs=("two_x",))
def test_the_same_extension_on_another_x_stays(context: CheckContext) -> None:
    """Unbind of an extension on one X leaves the same extension on another."""
    extension = other_extension(context)
    here, there = (bound(context, x=context.axe.x(place), extension=extension) for place in (0, 1))
    with unchanged(context, "AXE-UNBIND-101", there):
        answer = context.axe.unbind(virtualNum=here.x, extendNum=extension)
        claim_success(context, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(context, "AXE-UNBIND-101", here, "after the unbind")


@check("AXE-UNBIND-003")
def test_the_id_wins(context: CheckContext) -> None:
    """With subscriptionId, X and extension only the binding of the id goes, and an unknown id dissolves nothing."""
    one, two = bound(context), bound(context)
    with unchanged(context, "AXE-UNBIND-003", two):
        answer = context.axe.unbind(subscriptionId=one.sub, virtualNum=two.x, extendNum=two.extension)
        claim_success(context, "AXE-UNBIND-003", answer, "unbind with both selectors")
        answer = context.axe.unbind(subscriptionId=UNKNOWN, virtualNum=two.x, extendNum=two.extension)
        claim_refusal(context, "AXE-UNBIND-003", answer, "unbind of an unknown id with an extension that is bound")
    is_gone(context, "AXE-UNBIND-003", one, "after the unbind")


@check("AXE-UNBIND-004")
def test_what_is_not_bound_cannot_be_unbound(context: CheckContext) -> None:
    """An unknown id, one unbound before, and an extension that is not bound are refused with 1016001."""
    binding, other = bound(context), bound(context)
    free = {"virtualNum": binding.x, "extendNum": other_extension(context, binding.extension, other.extension)}
    with unchanged(context, "AXE-UNBIND-004", binding, other):
        claim_refusal(
            context, "AXE-UNBIND-004", context.axe.unbind(subscriptionId=UNKNOWN), "unbind of an unknown id", GONE
        )
        claim_refusal(context, "AXE-UNBIND-004", context.axe.unbind(**free), "unbind of a free extension", GONE)
    for query in ({"subscriptionId": other.sub}, {"virtualNum": binding.x, "extendNum": binding.extension}):
        claim_success(context, "AXE-UNBIND-001", context.axe.unbind(**query), "unbind")
        claim_refusal(context, "AXE-UNBIND-004", context.axe.unbind(**query), "second unbind", GONE)


@check("AXE-UNBIND-006")
def test_a_binding_of_another_application(context: CheckContext) -> None:
    """Unbind of another application's binding, by its id or by X and extension, is refused, and the binding stays."""
    theirs = context.axe.second_app
    binding = bound(context, app=theirs)
    with unchanged(context, "AXE-UNBIND-006", binding, app=theirs):
        answer = context.axe.unbind(subscriptionId=binding.sub)
        claim_refusal(context, "AXE-UNBIND-006", answer, "unbind of a foreign id")
        answer = context.axe.unbind(virtualNum=binding.x, extendNum=binding.extension)
        claim_refusal(context, "AXE-UNBIND-006", answer, "unbind of an extension on a foreign X")
    answer = context.axe.query(subscriptionId=binding.sub, app=theirs)
    claim_success(context, "AXE-UNBIND-006", answer, "query of the binding by its owner")


@check("AXE-UNBIND-007")
def test_unbind_frees_a_and_the_extension(context: CheckContext) -> None:
    """Directly after the unbind A can be bound on that X, and another one with the extension."""
    binding = bound(context)
    claim_success(context, "AXE-UNBIND-007", context.axe.unbind(subscriptionId=binding.sub), "unbind")
    other = other_extension(context, binding.extension)
    again = bound(context, binding.a, binding.x, other, by="AXE-UNBIND-007")
    bound(context, x=binding.x, extension=binding.extension, by="AXE-UNBIND-007")
    context.axe.unbind(virtualNum=again.x, extendNum=again.extension)
    is_there(context, "AXE-UNBIND-007", bound(context, binding.a, binding.x, other, by="AXE-UNBIND-007"), "bound again")


@check("AXE-UNBIND-007", needs=("calls",))
@pytest.mark.parametrize("by", ["id", "extension"])
def test_an_unbound_extension_reaches_nobody(context: CheckContext, by: str) -> None:
    """Directly after the unbind the extension reaches nobody; bound anew it reaches the new A."""
    binding = bound(context)
    query = {"subscriptionId": binding.sub}
    if by == "extension":
        query = {"virtualNum": binding.x, "extendNum": binding.extension}
    claim_success(context, "AXE-UNBIND-007", context.axe.unbind(**query), f"unbind by {by}")
    digits = [binding.extension] * PROMPTS
    claim_caller_refused(context, "AXE-UNBIND-007", context.user(), binding.x, 8022, digits=digits)
    claim_reaches(
        context, "AXE-UNBIND-007", bound(context, x=binding.x, extension=binding.extension, by="AXE-UNBIND-007")
    )


@check("AXE-UNBIND-002")
def test_unbind_needs_a_selector(context: CheckContext) -> None:
    """Without a selector, with empty ones, with X alone or the extension alone nothing is dissolved."""
    binding = bound(context)
    queries: list[dict[str, str]] = [
        {},
        {"subscriptionId": "", "virtualNum": "", "extendNum": ""},
        {"virtualNum": binding.x},
        {"extendNum": binding.extension},
        {"virtualNum": binding.x, "extendNum": ""},
    ]
    with unchanged(context, "AXE-UNBIND-002", binding):
        for query in queries:
            answer = context.axe.unbind(**query)
            claim_refusal(
                context, "AXE-UNBIND-002", answer, f"unbind by {sorted(k for k in query if query[k]) or 'nothing'}"
            )


@check("AXE-UNBIND-102")
def test_empty_selectors_are_absent(context: CheckContext) -> None:
    """Empty values of the selectors that are not used do not hinder an unbind."""
    one, two = bound(context), bound(context)
    answer = context.axe.unbind(subscriptionId=one.sub, virtualNum="", extendNum="")
    claim_success(context, "AXE-UNBIND-102", answer, "unbind by id with an empty X and extension")
    answer = context.axe.unbind(subscriptionId="", virtualNum=two.x, extendNum=two.extension)
    claim_success(context, "AXE-UNBIND-102", answer, "unbind by X and extension with an empty id")
    for binding in (one, two):
        is_gone(context, "AXE-UNBIND-102", binding, "after the unbind")
