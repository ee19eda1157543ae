"""How long a binding lasts, and a Y of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axyb.scenarios import bind_users, bound_a, bound_b, claim_call_refused, relations
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.checks.axyb.scenarios import Pair
    from privnum.suites.runner.context import CheckContext

NOT_BOUND = 8030
USUAL = 7200
"""Seconds that a binding lasts which no bind says otherwise of."""
MARGIN = {True: 1, False: 3}
"""Seconds before an end at which a Y is looked for, by whether time stands still meanwhile."""


def ends_after(context: CheckContext, rule: str, made: Moment, seconds: int, *pairs: Pair) -> Iterator[float]:
    """Claim that relations end when their time is over, and not before.

    Claim that these relations of one binding are there until shortly before their end, and gone a second after.
    """
    yield made.until(seconds - MARGIN[context.controls_clock])
    there = relations(context, subscriptionId=pairs[0].sub)
    made.certain(seconds)
    for pair in pairs:
        context.claim(rule, pair.relation in there, f"before {seconds} s are over a B has no Y: {there}")
    yield made.until(seconds + 1)
    there = relations(context, subscriptionId=pairs[0].sub)
    for pair in pairs:
        context.claim(rule, pair.relation not in there, f"a second after {seconds} s a B has his Y still")


@check("AXYB-LIFE-101")
def test_the_usual_duration(context: CheckContext) -> Iterator[float]:
    """A binding without duration ends after 7200 seconds."""
    span(context, USUAL, real=USUAL)
    with Moment(context) as made:
        pair = bind_users(context)
    yield from ends_after(context, "AXYB-LIFE-101", made, USUAL, pair)


@check("AXYB-LIFE-102")
@pytest.mark.parametrize("seconds", [60, 3600])
def test_a_y_ends_alone(context: CheckContext, seconds: int) -> Iterator[float]:
    """B has his Y for ybDuration seconds.

    The binding stays, with the other Y of it.
    """
    context.axyb.require_numbers(3)
    span(context, seconds, real=seconds)
    stays = bind_users(context, duration=0)
    with Moment(context) as made:
        ends = bound_b(context, stays, ybDuration=seconds)
    yield from ends_after(context, "AXYB-LIFE-102", made, seconds, ends)
    there = relations(context, subscriptionId=stays.sub)
    context.claim("AXYB-LIFE-102", there == {stays.relation}, f"expected the other Y alone, came {there}")
    again = bound_b(context, stays, ends.b)
    there = relations(context, subscriptionId=stays.sub)
    ok = there == {stays.relation, again.relation}
    context.claim("AXYB-LIFE-102", ok, f"B was bound again after the end of his Y; a query shows {there}")


@check("AXYB-LIFE-102", needs=("clock", "three_x"))
def test_each_y_has_its_own_end(context: CheckContext) -> Iterator[float]:
    """Of two Y of a binding the shorter ends first."""
    span(context, 120, real=120)
    a = bound_a(context, duration=0)
    with Moment(context) as made:
        short, long = bound_b(context, a, ybDuration=60), bound_b(context, a, ybDuration=120)
    yield from ends_after(context, "AXYB-LIFE-102", made, 60, short)
    yield from ends_after(context, "AXYB-LIFE-102", made, 120, long)


@check("AXYB-LIFE-103")
@pytest.mark.parametrize(
    ("of_a", "of_b", "life"), [(60, 120, 120), (120, 60, 60), (60, None, 60), (0, 60, 60)], ids=str
)
def test_whose_yb_duration_counts(context: CheckContext, of_a: int, of_b: int | None, life: int) -> Iterator[float]:
    """The lifetime of a Y is that of the bind of B, else of that of A.

    That of the bind of B, and where it has none that of the bind of A, from the bind of B on.
    """
    span(context, 20 + life, real=20 + life)
    with Moment(context) as begun:
        a = bound_a(context, duration=600, ybDuration=of_a)
    yield begun.until(20)
    with Moment(context) as made:
        pair = bound_b(context, a, ybDuration=of_b)
    yield from ends_after(context, "AXYB-LIFE-103", made, life, pair)


@check("AXYB-LIFE-103", needs=("clock", "two_x"))
def test_yb_duration_0_of_b_wins(context: CheckContext) -> Iterator[float]:
    """With 0 at the bind of B his Y lasts as long as the binding.

    What the bind of A says does not count then.
    """
    span(context, 600, real=600)
    with Moment(context) as made:
        a = bound_a(context, duration=600, ybDuration=60)
    pair = bound_b(context, a, ybDuration=0)
    yield from ends_after(context, "AXYB-LIFE-103", made, 600, pair)


@check("AXYB-LIFE-104")
@pytest.mark.parametrize("of_b", [{}, {"ybDuration": 7776000}, {"ybDuration": 120}], ids=str)
def test_a_y_ends_with_the_binding(context: CheckContext, of_b: dict[str, Any]) -> Iterator[float]:
    """At the end of a binding every Y of it ends.

    Whatever its ybDuration is; so it does at an unbind.
    """
    span(context, 60, real=60)
    with Moment(context) as made:
        a = bound_a(context, duration=60, ybDuration=600)
    pairs = [bound_b(context, a, **of_b) for _ in range(2 if len(context.axyb.app.numbers) > 2 else 1)]
    yield from ends_after(context, "AXYB-LIFE-104", made, 60, *pairs)
    for pair in pairs if "calls" in context.capabilities else ():
        claim_call_refused(context, "AXYB-LIFE-104", pair.a, pair.y, NOT_BOUND)
    unbound = bind_users(context, of_b={"ybDuration": 600})
    answer = context.axyb.unbind(subscriptionId=unbound.sub)
    claim_success(context, "AXYB-LIFE-104", answer, "unbind of a binding with a Y")
    there = relations(context, subscriptionId=unbound.sub)
    context.claim("AXYB-LIFE-104", not there, f"after the unbind a Y is there: {there}")


@check("AXYB-LIFE-105")
@pytest.mark.parametrize("fields", [{}, {"ybDuration": 0}], ids=str)
@pytest.mark.parametrize("of_b", [{}, {"ybDuration": 0}], ids=str)
def test_a_y_without_an_end_of_its_own(
    context: CheckContext, fields: dict[str, Any], of_b: dict[str, Any]
) -> Iterator[float]:
    """With ybDuration 0, and without one, a Y lasts as the binding."""
    span(context, 600, real=600)
    with Moment(context) as made:
        a = bound_a(context, duration=600, **fields)
    pair = bound_b(context, a, **of_b)
    yield from ends_after(context, "AXYB-LIFE-105", made, 600, pair)


@check("AXYB-LIFE-001", needs=("clock", "three_x"))
def test_the_end_of_a_binding_ends_its_own_y(context: CheckContext) -> Iterator[float]:
    """Every Y of a binding is gone after its end, and no other.

    Another binding lasts, with its Y.
    """
    context.axyb.require_numbers(4)
    span(context, 60, real=60)
    other = bind_users(context, duration=0)
    with Moment(context) as made:
        a = bound_a(context, duration=60)
    pairs = [bound_b(context, a) for _ in range(2)]
    yield from ends_after(context, "AXYB-LIFE-001", made, 60, *pairs)
    there = relations(context, subscriptionId=other.sub)
    context.claim("AXYB-LIFE-001", there == {other.relation}, f"another binding was {other.relation}, is {there}")
