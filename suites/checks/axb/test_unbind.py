"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import (
    UNKNOWN,
    bound,
    listed,
    refused,
    refuses_call,
    succeeds,
    unchanged,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench


@check("AXB-UNBIND-001")
def test_unbind_by_id(bench: Bench) -> None:
    """Unbind with subscriptionId dissolves that binding and no other."""
    one, two, three = bound(bench), bound(bench), bound(bench)
    succeeds(bench, "AXB-UNBIND-001", bench.unbind(subscriptionId=two.sub), "unbind by subscriptionId")
    left = set(listed(bench, one.x))
    bench.claim("AXB-UNBIND-001", left == {one.sub, three.sub}, f"expected the two others on X, came {sorted(left)}")


@check("AXB-UNBIND-101")
def test_unbind_by_x(bench: Bench) -> None:
    """Unbind with relationNum alone dissolves every binding on that X."""
    pairs = [bound(bench) for _ in range(3)]
    succeeds(bench, "AXB-UNBIND-101", bench.unbind(relationNum=bench.x()), "unbind by X")
    for pair in pairs:
        answer = bench.query(subscriptionId=pair.sub)
        bench.claim("AXB-UNBIND-101", not answer.items("relationNumList"), f"{pair.sub} is still there: {answer.key}")
    bench.claim("AXB-UNBIND-101", not listed(bench, bench.x()), "there are still bindings on X")


@check("AXB-UNBIND-101", needs=("two_x",))
def test_unbind_by_x_leaves_other_numbers(bench: Bench) -> None:
    """Unbind of one X leaves the bindings of another."""
    bound(bench, x=bench.x(0))
    bound(bench, x=bench.x(1))
    with unchanged(bench, "AXB-UNBIND-101", bench.x(1)):
        succeeds(bench, "AXB-UNBIND-101", bench.unbind(relationNum=bench.x(0)), "unbind of the first X")


@check("AXB-UNBIND-003")
def test_the_id_wins(bench: Bench) -> None:
    """With subscriptionId and relationNum only the binding of the id goes."""
    one, two = bound(bench), bound(bench)
    answer = bench.unbind(subscriptionId=one.sub, relationNum=one.x)
    succeeds(bench, "AXB-UNBIND-003", answer, "unbind with both selectors")
    left = set(listed(bench, one.x))
    bench.claim("AXB-UNBIND-003", left == {two.sub}, f"expected the other pair on X, came {sorted(left)}")
    with unchanged(bench, "AXB-UNBIND-003", two.x):
        answer = bench.unbind(subscriptionId=UNKNOWN, relationNum=two.x)
        refused(bench, "AXB-UNBIND-003", answer, "unbind of an unknown id with an X that has bindings")


@check("AXB-UNBIND-004")
def test_what_is_not_bound_cannot_be_unbound(bench: Bench) -> None:
    """An unknown subscriptionId, one unbound before, and an X without bindings are refused with 1012007."""
    refused(bench, "AXB-UNBIND-004", bench.unbind(relationNum=bench.x()), "unbind of an X without bindings", "1012007")
    other = bound(bench)
    with unchanged(bench, "AXB-UNBIND-004"):
        refused(bench, "AXB-UNBIND-004", bench.unbind(subscriptionId=UNKNOWN), "unbind of an unknown id", "1012007")
    bench.unbind(subscriptionId=other.sub)
    refused(bench, "AXB-UNBIND-004", bench.unbind(subscriptionId=other.sub), "second unbind", "1012007")
    refused(bench, "AXB-UNBIND-004", bench.unbind(relationNum=bench.x()), "unbind of X after its last pair", "1012007")


@check("AXB-UNBIND-005")
def test_an_x_of_another_application(bench: Bench) -> None:
    """Unbind of another application's X is refused, and its bindings stay."""
    theirs = bound(bench, app=bench.second_app)
    refused(bench, "AXB-UNBIND-005", bench.unbind(relationNum=theirs.x), "unbind of a foreign X")
    answer = bench.request("axb.query", query={"subscriptionId": theirs.sub}, app=bench.second_app)
    succeeds(bench, "AXB-UNBIND-005", answer, "query of the binding by its owner")


@check("AXB-UNBIND-006")
def test_a_binding_of_another_application(bench: Bench) -> None:
    """Unbind of another application's subscriptionId is refused with 1012007, and the binding stays."""
    theirs = bound(bench, app=bench.second_app)
    refused(bench, "AXB-UNBIND-006", bench.unbind(subscriptionId=theirs.sub), "unbind of a foreign id", "1012007")
    answer = bench.request("axb.query", query={"subscriptionId": theirs.sub}, app=bench.second_app)
    succeeds(bench, "AXB-UNBIND-006", answer, "query of the binding by its owner")


@check("AXB-UNBIND-007")
def test_unbound_numbers_can_be_bound(bench: Bench) -> None:
    """Directly after the unbind A and B can be bound again on that X, alone and with others."""
    pair = bound(bench)
    bench.unbind(subscriptionId=pair.sub)
    again = bound(bench, pair.b, pair.a, pair.x, by="AXB-UNBIND-007")
    bench.unbind(relationNum=again.x)
    bound(bench, pair.a, bench.user(), pair.x, by="AXB-UNBIND-007")
    bound(bench, bench.user(), pair.b, pair.x, by="AXB-UNBIND-007")


@check("AXB-UNBIND-007", needs=("calls",))
def test_an_unbound_x_carries_no_calls(bench: Bench) -> None:
    """Directly after the unbind X puts neither side through."""
    for selector in ("subscriptionId", "relationNum"):
        pair = bound(bench)
        value = pair.sub if selector == "subscriptionId" else pair.x
        succeeds(bench, "AXB-UNBIND-007", bench.unbind(**{selector: value}), f"unbind by {selector}")
        for caller in (pair.a, pair.b):
            refuses_call(bench, "AXB-UNBIND-007", caller, pair.x, 8014)


@check("AXB-UNBIND-002")
def test_unbind_needs_a_selector(bench: Bench) -> None:
    """Unbind without a selector, or with empty ones, is refused and dissolves nothing."""
    bound(bench)
    with unchanged(bench, "AXB-UNBIND-002"):
        refused(bench, "AXB-UNBIND-002", bench.unbind(), "unbind without a parameter")
        refused(bench, "AXB-UNBIND-002", bench.unbind(subscriptionId="", relationNum=""), "unbind with empty selectors")
