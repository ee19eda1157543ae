"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import refused, succeeds
from privnum.suites.checks.axe.scenarios import (
    GONE,
    PROMPTS,
    UNKNOWN,
    bound,
    is_gone,
    is_there,
    other_extension,
    reaches,
    refuses_caller,
    unchanged,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench


@check("AXE-UNBIND-001")
def test_unbind_by_id(bench: Bench) -> None:
    """Unbind with subscriptionId dissolves that binding and no other."""
    one, two, three = bound(bench), bound(bench), bound(bench)
    with unchanged(bench, "AXE-UNBIND-001", one, three):
        succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=two.sub), "unbind by subscriptionId")
    is_gone(bench, "AXE-UNBIND-001", two, "after the unbind")


@check("AXE-UNBIND-101")
def test_unbind_by_extension(bench: Bench) -> None:
    """Unbind with virtualNum and extendNum dissolves that binding and no other."""
    one, two, three = bound(bench), bound(bench), bound(bench)
    with unchanged(bench, "AXE-UNBIND-101", one, three):
        answer = bench.axe.unbind(virtualNum=two.x, extendNum=two.extension)
        succeeds(bench, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(bench, "AXE-UNBIND-101", two, "after the unbind")


@check("AXE-UNBIND-101", needs=("two_x",))
def test_the_same_extension_on_another_x_stays(bench: Bench) -> None:
    """Unbind of an extension on one X leaves the same extension on another."""
    extension = other_extension(bench)
    here, there = (bound(bench, x=bench.axe.x(place), extension=extension) for place in (0, 1))
    with unchanged(bench, "AXE-UNBIND-101", there):
        answer = bench.axe.unbind(virtualNum=here.x, extendNum=extension)
        succeeds(bench, "AXE-UNBIND-101", answer, "unbind by X and extension")
    is_gone(bench, "AXE-UNBIND-101", here, "after the unbind")


@check("AXE-UNBIND-003")
def test_the_id_wins(bench: Bench) -> None:
    """With subscriptionId, X and extension only the binding of the id goes, and an unknown id dissolves nothing."""
    one, two = bound(bench), bound(bench)
    with unchanged(bench, "AXE-UNBIND-003", two):
        answer = bench.axe.unbind(subscriptionId=one.sub, virtualNum=two.x, extendNum=two.extension)
        succeeds(bench, "AXE-UNBIND-003", answer, "unbind with both selectors")
        answer = bench.axe.unbind(subscriptionId=UNKNOWN, virtualNum=two.x, extendNum=two.extension)
        refused(bench, "AXE-UNBIND-003", answer, "unbind of an unknown id with an extension that is bound")
    is_gone(bench, "AXE-UNBIND-003", one, "after the unbind")


@check("AXE-UNBIND-004")
def test_what_is_not_bound_cannot_be_unbound(bench: Bench) -> None:
    """An unknown id, one unbound before, and an extension that is not bound are refused with 1016001."""
    binding, other = bound(bench), bound(bench)
    free = {"virtualNum": binding.x, "extendNum": other_extension(bench, binding.extension, other.extension)}
    with unchanged(bench, "AXE-UNBIND-004", binding, other):
        refused(bench, "AXE-UNBIND-004", bench.axe.unbind(subscriptionId=UNKNOWN), "unbind of an unknown id", GONE)
        refused(bench, "AXE-UNBIND-004", bench.axe.unbind(**free), "unbind of a free extension", GONE)
    for query in ({"subscriptionId": other.sub}, {"virtualNum": binding.x, "extendNum": binding.extension}):
        succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(**query), "unbind")
        refused(bench, "AXE-UNBIND-004", bench.axe.unbind(**query), "second unbind", GONE)


@check("AXE-UNBIND-006")
def test_a_binding_of_another_application(bench: Bench) -> None:
    """Unbind of another application's binding, by its id or by X and extension, is refused, and the binding stays."""
    theirs = bench.axe.second_app
    binding = bound(bench, app=theirs)
    with unchanged(bench, "AXE-UNBIND-006", binding, app=theirs):
        answer = bench.axe.unbind(subscriptionId=binding.sub)
        refused(bench, "AXE-UNBIND-006", answer, "unbind of a foreign id")
        answer = bench.axe.unbind(virtualNum=binding.x, extendNum=binding.extension)
        refused(bench, "AXE-UNBIND-006", answer, "unbind of an extension on a foreign X")
    answer = bench.axe.query(subscriptionId=binding.sub, app=theirs)
    succeeds(bench, "AXE-UNBIND-006", answer, "query of the binding by its owner")


@check("AXE-UNBIND-007")
def test_unbind_frees_a_and_the_extension(bench: Bench) -> None:
    """Directly after the unbind A can be bound on that X, and another one with the extension."""
    binding = bound(bench)
    succeeds(bench, "AXE-UNBIND-007", bench.axe.unbind(subscriptionId=binding.sub), "unbind")
    other = other_extension(bench, binding.extension)
    again = bound(bench, binding.a, binding.x, other, by="AXE-UNBIND-007")
    bound(bench, x=binding.x, extension=binding.extension, by="AXE-UNBIND-007")
    bench.axe.unbind(virtualNum=again.x, extendNum=again.extension)
    is_there(bench, "AXE-UNBIND-007", bound(bench, binding.a, binding.x, other, by="AXE-UNBIND-007"), "bound again")


@check("AXE-UNBIND-007", needs=("calls",))
@pytest.mark.parametrize("by", ["id", "extension"])
def test_an_unbound_extension_reaches_nobody(bench: Bench, by: str) -> None:
    """Directly after the unbind the extension reaches nobody; bound anew it reaches the new A."""
    binding = bound(bench)
    query = {"subscriptionId": binding.sub}
    if by == "extension":
        query = {"virtualNum": binding.x, "extendNum": binding.extension}
    succeeds(bench, "AXE-UNBIND-007", bench.axe.unbind(**query), f"unbind by {by}")
    digits = [binding.extension] * PROMPTS
    refuses_caller(bench, "AXE-UNBIND-007", bench.user(), binding.x, 8022, digits=digits)
    reaches(bench, "AXE-UNBIND-007", bound(bench, x=binding.x, extension=binding.extension, by="AXE-UNBIND-007"))


@check("AXE-UNBIND-002")
def test_unbind_needs_a_selector(bench: Bench) -> None:
    """Without a selector, with empty ones, with X alone or the extension alone nothing is dissolved."""
    binding = bound(bench)
    queries: list[dict[str, str]] = [
        {},
        {"subscriptionId": "", "virtualNum": "", "extendNum": ""},
        {"virtualNum": binding.x},
        {"extendNum": binding.extension},
        {"virtualNum": binding.x, "extendNum": ""},
    ]
    with unchanged(bench, "AXE-UNBIND-002", binding):
        for query in queries:
            answer = bench.axe.unbind(**query)
            refused(bench, "AXE-UNBIND-002", answer, f"unbind by {sorted(k for k in query if query[k]) or 'nothing'}")


@check("AXE-UNBIND-102")
def test_empty_selectors_are_absent(bench: Bench) -> None:
    """Empty values of the selectors that are not used do not hinder an unbind."""
    one, two = bound(bench), bound(bench)
    answer = bench.axe.unbind(subscriptionId=one.sub, virtualNum="", extendNum="")
    succeeds(bench, "AXE-UNBIND-102", answer, "unbind by id with an empty X and extension")
    answer = bench.axe.unbind(subscriptionId="", virtualNum=two.x, extendNum=two.extension)
    succeeds(bench, "AXE-UNBIND-102", answer, "unbind by X and extension with an empty id")
    for binding in (one, two):
        is_gone(bench, "AXE-UNBIND-102", binding, "after the unbind")
