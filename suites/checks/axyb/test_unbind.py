"""Unbind: a whole binding, or one Y of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axyb.scenarios import (
    bind_users,
    bound_a,
    bound_b,
    claim_call_refused,
    claim_reaches,
    claim_relations,
    claim_unchanged,
    listed_bindings,
    relations,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axyb.scenarios import Pair
    from privnum.suites.runner.context import CheckContext


def two_of(context: CheckContext) -> tuple[Pair, Pair]:
    """Two B of one A."""
    context.axyb.require_numbers(3)
    first = bind_users(context)
    return first, bound_b(context, first)


def unbinds_one(context: CheckContext, rule: str, gone: Pair, stays: Pair, **query: str) -> None:
    """Unbind a Y; claim that the other B of the A has his.

    Its own B has none any more.
    """
    answer = context.axyb.unbind(subscriptionId=gone.sub, **query)
    claim_success(context, rule, answer, f"unbind by {sorted(query)}")
    claim_relations(context, rule, f"after the unbind by {sorted(query)}", stays)
    again = bound_b(context, stays, gone.b)
    claim_relations(context, rule, "when B is bound again", stays, again)


@check("AXYB-UNBIND-101")
def test_unbind_by_y(context: CheckContext) -> None:
    """With yNum that Y is dissolved, and the binding stays with the other Y."""
    one, two = two_of(context)
    unbinds_one(context, "AXYB-UNBIND-101", one, two, yNum=one.y)


@check("AXYB-UNBIND-102")
def test_unbind_by_b(context: CheckContext) -> None:
    """With bNum the Y of that B is dissolved, and no other.

    The binding stays with the other Y.
    """
    one, two = two_of(context)
    unbinds_one(context, "AXYB-UNBIND-102", two, one, bNum=two.b)


@check("AXYB-UNBIND-103")
def test_y_wins_over_b(context: CheckContext) -> None:
    """With the Y of one and the other B, it is the Y that counts."""
    one, two = two_of(context)
    unbinds_one(context, "AXYB-UNBIND-103", one, two, yNum=one.y, bNum=two.b)


def leaves_the_same_elsewhere(context: CheckContext, rule: str, by: str) -> None:
    """Unbind one Y; claim that those of another A's binding stay.

    Unbind one Y; claim that the same Y, and the same B, of another A's binding stay.
    """
    context.axyb.require_numbers(4)
    b = context.user()
    one, two = bound_a(context), bound_a(context)
    mine, other = bound_b(context, one, b), bound_b(context, two, b)
    answer = context.axyb.unbind(subscriptionId=one.sub, **{by: mine.y if by == "yNum" else b})
    claim_success(context, rule, answer, f"unbind by {by}")
    claim_relations(context, rule, "after the unbind of the same B of another A", other)
    there = relations(context, subscriptionId=one.sub)
    context.claim(rule, not there, f"after the unbind the B has a Y: {there}")


@check("AXYB-UNBIND-101", needs=("three_x",))
def test_a_y_of_another_binding_stays(context: CheckContext) -> None:
    """An unbind by yNum leaves those of another A's binding.

    An unbind by yNum leaves the same Y, and the same B, of another A's binding.
    """
    leaves_the_same_elsewhere(context, "AXYB-UNBIND-101", "yNum")


@check("AXYB-UNBIND-102", needs=("three_x",))
def test_a_b_of_another_binding_stays(context: CheckContext) -> None:
    """An unbind by bNum leaves the same B of another A's binding."""
    leaves_the_same_elsewhere(context, "AXYB-UNBIND-102", "bNum")


@check("AXYB-UNBIND-101", needs=("two_x",))
def test_a_binding_outlives_its_last_y(context: CheckContext) -> None:
    """After an unbind of its one Y the binding takes another B."""
    pair = bind_users(context)
    answer = context.axyb.unbind(subscriptionId=pair.sub, yNum=pair.y)
    claim_success(context, "AXYB-UNBIND-101", answer, "unbind by yNum")
    claim_relations(context, "AXYB-UNBIND-101", "a B after the last one", bound_b(context, pair))


@check("AXYB-UNBIND-001", needs=("three_x",))
def test_every_y_is_unbound(context: CheckContext) -> None:
    """Unbind of a binding dissolves every Y of it, and none of another."""
    context.axyb.require_numbers(4)
    one, two = two_of(context)
    other = bind_users(context)
    claim_success(context, "AXYB-UNBIND-001", context.axyb.unbind(subscriptionId=one.sub), "unbind")
    for query in ({"subscriptionId": one.sub}, {"relationNum": one.x}):
        there = listed_bindings(context, **query)
        context.claim("AXYB-UNBIND-001", not there, f"after the unbind by {sorted(query)} {len(there)} relations")
    claim_relations(context, "AXYB-UNBIND-001", "after the unbind of another", other)
    assert two.sub == one.sub


@check("AXYB-UNBIND-004", needs=("three_x",))
def test_a_y_that_is_not_of_the_binding(context: CheckContext) -> None:
    """A yNum or bNum without a Y is refused and dissolves nothing.

    Nor is a Y of another binding dissolved by it.
    """
    context.axyb.require_numbers(5)
    one, two = two_of(context)
    other = bound_b(context, bound_a(context))
    wrong = [{"yNum": one.x}, {"yNum": context.user()}, {"bNum": one.a}, {"bNum": other.b}, {"bNum": context.user()}]
    with claim_unchanged(context, "AXYB-UNBIND-004", one, other):
        for query in wrong:
            answer = context.axyb.unbind(subscriptionId=one.sub, **query)
            claim_refusal(context, "AXYB-UNBIND-004", answer, f"unbind by a {next(iter(query))} of nobody's")
    for name in ("yNum", "bNum"):
        number = {"yNum": two.y, "bNum": two.b}[name]
        claim_success(context, "AXYB-UNBIND-101", context.axyb.unbind(subscriptionId=one.sub, yNum=two.y), "unbind")
        with claim_unchanged(context, "AXYB-UNBIND-004", one):
            answer = context.axyb.unbind(subscriptionId=one.sub, **{name: number})
            claim_refusal(context, "AXYB-UNBIND-004", answer, f"second unbind by {name}")
        two = bound_b(context, one, two.b)


@check("AXYB-UNBIND-007", needs=("calls", "three_x"))
def test_an_unbound_y_reaches_nobody(context: CheckContext) -> None:
    """Directly after the unbind of one Y A reaches its B no longer.

    The other B is still reached.
    """
    one, two = two_of(context)
    claim_success(context, "AXYB-UNBIND-101", context.axyb.unbind(subscriptionId=one.sub, yNum=one.y), "unbind")
    claim_call_refused(context, "AXYB-UNBIND-007", one.a, one.y, 8030)
    claim_reaches(context, "AXYB-UNBIND-007", two.a, two.y, two.b)
