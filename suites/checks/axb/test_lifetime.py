"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_put_through, claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import bound, claim_call_refused, listed
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.runner.context import CheckContext

MINUTE, DAY = 60, 86400


REAL = 5
"""A lifetime in real time: a second of it is left for the answers that tell what was there before its end."""
MARGIN = {True: 1, False: 2}
"""Seconds before an end at which a binding is looked for, by whether time stands still meanwhile."""


def before_the_end(context: CheckContext, made: Moment, duration: int) -> float:
    """How long to wait from now until shortly before the end."""
    return made.until(duration - MARGIN[context.still])


def lives(
    context: CheckContext, requirement: str, pair: Pair, when: str, made: Moment | None = None, end: int = 0
) -> None:
    """Claim that the binding is there, for a query by id and by X.

    With `made`, nothing is claimed unless the answers came surely before `end` seconds were over.
    """
    answer, there = context.axb.query(subscriptionId=pair.sub), listed(context, pair.x)
    if made is not None:
        made.certain(end)
    found = answer["relationNumList"] or []
    message = f"{when}: a query of {pair.sub} shows no binding, but {answer.key} {answer.desc}"
    context.claim(requirement, len(found) == 1, message)
    context.claim(requirement, pair.sub in there, f"{when}: the binding is not listed on its X")


def is_gone(context: CheckContext, requirement: str, pair: Pair, when: str) -> None:
    """Claim that the binding is gone, for a query by id and by X."""
    answer = context.axb.query(subscriptionId=pair.sub)
    context.claim(requirement, not answer.items("relationNumList"), f"{when}: a query by id still shows the binding")
    context.claim(requirement, pair.sub not in listed(context, pair.x), f"{when}: the binding is still listed on its X")


@check("AXB-LIFE-001")
@pytest.mark.parametrize("duration", [60, 2, DAY, 7776000])
def test_duration_ends_the_binding(context: CheckContext, duration: int) -> Iterator[float]:
    """A binding of d seconds is there shortly before, and gone after."""
    real = REAL if duration == MINUTE else duration
    duration = span(context, duration, real=real, whole=real + 1)
    with Moment(context) as made:
        pair = bound(context, duration=duration)
    yield before_the_end(context, made, duration)
    lives(context, "AXB-LIFE-001", pair, f"before {duration} s are over", made, duration)
    yield made.until(duration + 1)
    is_gone(context, "AXB-LIFE-001", pair, f"a second after {duration} s are over")


@check("AXB-LIFE-001", needs=("clock",))
def test_each_binding_has_its_own_end(context: CheckContext) -> Iterator[float]:
    """Of two bindings on one X the shorter ends alone."""
    first = span(context, 60, real=3, whole=4)
    with Moment(context) as made:
        short, long = bound(context, duration=first), bound(context, duration=2 * first + 10)
    yield made.until(first + 1)
    is_gone(context, "AXB-LIFE-001", short, f"after its {first} s")
    lives(context, "AXB-LIFE-001", long, f"after {first + 1} s of {2 * first + 10}", made, 2 * first + 10)


@check("AXB-LIFE-001", needs=("clock", "calls"))
def test_an_expired_binding_carries_no_calls(context: CheckContext) -> None:
    """After its end X does not put A and B through any more."""
    life = span(context, 60, real=REAL)
    with Moment(context) as made:
        pair = bound(context, duration=life)
    context.advance(before_the_end(context, made, life))
    call = context.call(pair.a, pair.x)
    made.certain(life)
    claim_put_through(context, "AXB-LIFE-001", call, pair.b)
    context.hang_up(call)
    context.advance(made.until(life + 1))
    for caller in (pair.a, pair.b):
        claim_call_refused(context, "AXB-LIFE-001", caller, pair.x, 8014)


@check("AXB-LIFE-002")
def test_no_duration_never_ends(context: CheckContext) -> Iterator[float]:
    """A binding without duration, or with 0, is there after a year."""
    year = span(context, 366 * DAY, real=366 * DAY)
    pairs = [bound(context), bound(context, duration=0)]
    yield year
    for pair in pairs:
        lives(context, "AXB-LIFE-002", pair, "after a year")


@check("AXB-LIFE-003")
@pytest.mark.parametrize(("before", "passed", "after"), [(60, 50, 60), (60, 50, 20), (600, 10, 60), (0, 100, 60)])
def test_modify_restarts_the_countdown(context: CheckContext, before: int, passed: int, after: int) -> Iterator[float]:
    """A new duration counts from the modify.

    Be it longer, shorter or the same, and after none.
    """
    whole = 2 + REAL + 1
    after = span(context, after, real=REAL, whole=whole)
    passed = span(context, passed, real=2, whole=whole)
    before = span(context, before, real=min(before, 600 if before > MINUTE else REAL - 1), whole=whole)
    with Moment(context) as made:
        pair = bound(context, duration=before)
    yield made.until(passed)
    with Moment(context) as changed:
        answer = context.axb.modify(pair.sub, duration=after)
    if before:
        made.certain(before)
    claim_success(context, "AXB-LIFE-003", answer, f"modify of duration to {after}")
    yield before_the_end(context, changed, after)
    lives(context, "AXB-LIFE-003", pair, f"before {after} s are over since the modify", changed, after)
    yield changed.until(after + 1)
    is_gone(context, "AXB-LIFE-003", pair, f"{after + 1} s after the modify to {after} s")


@check("AXB-LIFE-004")
def test_modify_to_0_lifts_the_limit(context: CheckContext) -> Iterator[float]:
    """After a modify to duration 0 the binding does not end."""
    duration = span(context, 60, real=4, whole=7)
    with Moment(context) as made:
        pair = bound(context, duration=duration)
    yield made.until(span(context, 30, real=1))
    answer = context.axb.modify(pair.sub, duration=0)
    made.certain(duration)
    claim_success(context, "AXB-LIFE-004", answer, "modify of duration to 0")
    yield made.until(span(context, 100 * DAY, real=7))
    lives(context, "AXB-LIFE-004", pair, "long after the modify to 0")


@check("AXB-LIFE-005")
def test_modify_of_something_else_leaves_the_countdown(context: CheckContext) -> Iterator[float]:
    """A modify without duration leaves the end where it was."""
    duration = span(context, 60, real=REAL + 1, whole=REAL + 2)
    with Moment(context) as made:
        pair = bound(context, duration=duration)
    yield made.until(span(context, 30, real=2))
    answer = context.axb.modify(pair.sub, callDirection=1, userData="later", calleeNum=context.user())
    made.certain(duration)
    claim_success(context, "AXB-LIFE-005", answer, "modify of direction, userData and B")
    yield before_the_end(context, made, duration)
    lives(context, "AXB-LIFE-005", pair, "before its end", made, duration)
    yield made.until(duration + 1)
    is_gone(context, "AXB-LIFE-005", pair, "a second after its end")


@check("AXB-LIFE-006")
def test_expiry_frees_the_numbers(context: CheckContext) -> Iterator[float]:
    """After the end A and B can be bound again on that X, in either role."""
    duration = span(context, 60, real=2, whole=3)
    with Moment(context) as made:
        pair = bound(context, duration=duration)
    yield made.until(duration + 1)
    bound(context, pair.b, pair.a, pair.x, by="AXB-LIFE-006")


@check("AXB-LIFE-007")
def test_an_expired_binding_is_gone_for_unbind_and_modify(context: CheckContext) -> Iterator[float]:
    """Unbind and modify of an expired binding are refused with 1012007."""
    duration = span(context, 60, real=2, whole=3)
    with Moment(context) as made:
        pair = bound(context, duration=duration)
    yield made.until(duration + 1)
    claim_refusal(
        context, "AXB-LIFE-007", context.axb.modify(pair.sub, duration=60), "modify of an expired binding", "1012007"
    )
    claim_refusal(
        context, "AXB-LIFE-007", context.axb.unbind(subscriptionId=pair.sub), "unbind of an expired binding", "1012007"
    )
    if context.alone:
        claim_refusal(
            context,
            "AXB-LIFE-007",
            context.axb.unbind(relationNum=pair.x),
            "unbind of an X without bindings",
            "1012007",
        )
    context.claim("AXB-LIFE-007", pair.sub not in listed(context, pair.x), "the refused modify revived the binding")
