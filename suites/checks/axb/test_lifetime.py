"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axb.scenarios import bind_users, listed_bindings
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.runner.context import CheckContext

MINUTE, DAY = 60, 86400


REAL = 5
"""A lifetime in real time: a second of it is left for the answers that show what was there before its end."""
MARGIN = {True: 1, False: 2}
"""Seconds before an end at which a binding is looked for, by whether time stands still meanwhile."""


def before_the_end(context: CheckContext, made: Moment, duration: int) -> float:
    """How long to wait from now until shortly before the end."""
    return made.until(duration - MARGIN[context.controls_clock])


def lives(
    context: CheckContext, requirement: str, pair: Pair, when: str, made: Moment | None = None, end: int = 0
) -> None:
    """Claim that the binding is there, for a query by id and by X.

    With `made`, nothing is claimed unless the answers came surely before `end` seconds were over.
    """
    answer, there = context.axb.query(subscriptionId=pair.sub), listed_bindings(context, pair.x)
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
    context.claim(
        requirement, pair.sub not in listed_bindings(context, pair.x), f"{when}: the binding is still listed on its X"
    )


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
        pair = bind_users(context, duration=before)
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
        pair = bind_users(context, duration=duration)
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
        pair = bind_users(context, duration=duration)
    yield made.until(span(context, 30, real=2))
    answer = context.axb.modify(pair.sub, callDirection=1, userData="later", calleeNum=context.user())
    made.certain(duration)
    claim_success(context, "AXB-LIFE-005", answer, "modify of direction, userData and B")
    yield before_the_end(context, made, duration)
    lives(context, "AXB-LIFE-005", pair, "before its end", made, duration)
    yield made.until(duration + 1)
    is_gone(context, "AXB-LIFE-005", pair, "a second after its end")
