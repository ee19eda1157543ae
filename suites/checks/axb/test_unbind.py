"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import bound, claim_call_refused, claim_unchanged, listed
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-UNBIND-001")
def test_unbind_by_id(context: CheckContext) -> None:
    """Unbind with subscriptionId dissolves that binding and no other."""
    one, two, three = bound(context), bound(context), bound(context)
    claim_success(context, "AXB-UNBIND-001", context.axb.unbind(subscriptionId=two.sub), "unbind by subscriptionId")
    left = set(listed(context, one.x))
    context.claim("AXB-UNBIND-001", left == {one.sub, three.sub}, f"expected the two others on X, came {sorted(left)}")


@check("AXB-UNBIND-101")
def test_unbind_by_x(context: CheckContext) -> None:
    """Unbind with relationNum alone dissolves every binding on that X."""
    pairs = [bound(context) for _ in range(3)]
    claim_success(context, "AXB-UNBIND-101", context.axb.unbind(relationNum=context.axb.x()), "unbind by X")
    for pair in pairs:
        answer = context.axb.query(subscriptionId=pair.sub)
        context.claim("AXB-UNBIND-101", not answer.items("relationNumList"), f"{pair.sub} is still there: {answer.key}")
    context.claim("AXB-UNBIND-101", not listed(context, context.axb.x()), "there are still bindings on X")


@check("AXB-UNBIND-101", needs=("two_x",))
def test_unbind_by_x_leaves_other_numbers(context: CheckContext) -> None:
    """Unbind of one X leaves the bindings of another."""
    bound(context, x=context.axb.x(0))
    bound(context, x=context.axb.x(1))
    with claim_unchanged(context, "AXB-UNBIND-101", context.axb.x(1)):
        claim_success(
            context, "AXB-UNBIND-101", context.axb.unbind(relationNum=context.axb.x(0)), "unbind of the first X"
        )


@check("AXB-UNBIND-003")
def test_the_id_wins(context: CheckContext) -> None:
    """With subscriptionId and relationNum only the binding of the id goes."""
    one, two = bound(context), bound(context)
    answer = context.axb.unbind(subscriptionId=one.sub, relationNum=one.x)
    claim_success(context, "AXB-UNBIND-003", answer, "unbind with both selectors")
    left = set(listed(context, one.x))
    context.claim("AXB-UNBIND-003", left == {two.sub}, f"expected the other pair on X, came {sorted(left)}")
    with claim_unchanged(context, "AXB-UNBIND-003", two.x):
        answer = context.axb.unbind(subscriptionId=UNKNOWN, relationNum=two.x)
        claim_refusal(context, "AXB-UNBIND-003", answer, "unbind of an unknown id with an X that has bindings")


@check("AXB-UNBIND-004")
def test_what_is_not_bound_cannot_be_unbound(context: CheckContext) -> None:
    """An unknown subscriptionId, one unbound before, and an X without bindings are refused with 1012007."""
    claim_refusal(
        context,
        "AXB-UNBIND-004",
        context.axb.unbind(relationNum=context.axb.x()),
        "unbind of an X without bindings",
        "1012007",
    )
    other = bound(context)
    with claim_unchanged(context, "AXB-UNBIND-004"):
        claim_refusal(
            context, "AXB-UNBIND-004", context.axb.unbind(subscriptionId=UNKNOWN), "unbind of an unknown id", "1012007"
        )
    context.axb.unbind(subscriptionId=other.sub)
    claim_refusal(context, "AXB-UNBIND-004", context.axb.unbind(subscriptionId=other.sub), "second unbind", "1012007")
    claim_refusal(
        context,
        "AXB-UNBIND-004",
        context.axb.unbind(relationNum=context.axb.x()),
        "unbind of X after its last pair",
        "1012007",
    )


@check("AXB-UNBIND-005")
def test_an_x_of_another_application(context: CheckContext) -> None:
    """Unbind of another application's X is refused, and its bindings stay."""
    theirs = bound(context, app=context.axb.second_app)
    claim_refusal(context, "AXB-UNBIND-005", context.axb.unbind(relationNum=theirs.x), "unbind of a foreign X")
    answer = context.request("axb.query", query={"subscriptionId": theirs.sub}, app=context.axb.second_app)
    claim_success(context, "AXB-UNBIND-005", answer, "query of the binding by its owner")


@check("AXB-UNBIND-006")
def test_a_binding_of_another_application(context: CheckContext) -> None:
    """Unbind of another application's subscriptionId is refused with 1012007, and the binding stays."""
    theirs = bound(context, app=context.axb.second_app)
    claim_refusal(
        context, "AXB-UNBIND-006", context.axb.unbind(subscriptionId=theirs.sub), "unbind of a foreign id", "1012007"
    )
    answer = context.request("axb.query", query={"subscriptionId": theirs.sub}, app=context.axb.second_app)
    claim_success(context, "AXB-UNBIND-006", answer, "query of the binding by its owner")


@check("AXB-UNBIND-007")
def test_unbound_numbers_can_be_bound(context: CheckContext) -> None:
    """Directly after the unbind A and B can be bound again on that X, alone and with others."""
    pair = bound(context)
    context.axb.unbind(subscriptionId=pair.sub)
    again = bound(context, pair.b, pair.a, pair.x, by="AXB-UNBIND-007")
    context.axb.unbind(relationNum=again.x)
    bound(context, pair.a, context.user(), pair.x, by="AXB-UNBIND-007")
    bound(context, context.user(), pair.b, pair.x, by="AXB-UNBIND-007")


@check("AXB-UNBIND-007", needs=("calls",))
def test_an_unbound_x_carries_no_calls(context: CheckContext) -> None:
    """Directly after the unbind X puts neither side through."""
    for selector in ("subscriptionId", "relationNum"):
        pair = bound(context)
        value = pair.sub if selector == "subscriptionId" else pair.x
        claim_success(context, "AXB-UNBIND-007", context.axb.unbind(**{selector: value}), f"unbind by {selector}")
        for caller in (pair.a, pair.b):
            claim_call_refused(context, "AXB-UNBIND-007", caller, pair.x, 8014)


@check("AXB-UNBIND-002")
def test_unbind_needs_a_selector(context: CheckContext) -> None:
    """Unbind without a selector, or with empty ones, is refused and dissolves nothing."""
    bound(context)
    with claim_unchanged(context, "AXB-UNBIND-002"):
        claim_refusal(context, "AXB-UNBIND-002", context.axb.unbind(), "unbind without a parameter")
        claim_refusal(
            context,
            "AXB-UNBIND-002",
            context.axb.unbind(subscriptionId="", relationNum=""),
            "unbind with empty selectors",
        )
