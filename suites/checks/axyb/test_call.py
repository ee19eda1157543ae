"""Calls to X and to Y: whom they reach, and what he sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axyb.scenarios import (
    bind_users,
    bound_a,
    bound_b,
    claim_call_refused,
    claim_reaches,
    claim_unchanged,
    in_a_wide_area,
    relations,
)
from privnum.suites.runner.check import NotExercised, check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from privnum.suites.checks.axyb.scenarios import Pair
    from privnum.suites.runner.context import CheckContext

OWN, NOT_BOUND, NO_Y, FIXED_LINE = 8032, 8030, 8031, 8023


def direction_of(direction: int | None) -> dict[str, Any]:
    """The field of a bind; none where it is None."""
    return {} if direction is None else {"callDirection": direction}


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-CALL-101")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_b_reaches_a(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 2 a call from B to X is forwarded to A, who sees Y."""
    pair = bind_users(context, **direction_of(direction))
    claim_reaches(context, "AXYB-CALL-101", pair.b, pair.x, pair.a, sees=pair.y)


@check("AXYB-CALL-102")
@pytest.mark.parametrize("direction", [None, 0, 1])
def test_a_reaches_b(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 1 a call from A to Y is forwarded to B, who sees X."""
    pair = bind_users(context, **direction_of(direction))
    claim_reaches(context, "AXYB-CALL-102", pair.a, pair.y, pair.b, sees=pair.x)


@check("AXYB-CALL-109")
def test_direction_1_bars_all_but_a(context: CheckContext) -> None:
    """With direction 1 a call to X reaches nobody, and A is put through.

    B and a stranger are refused, who is given no Y.
    """
    pair = bind_users(context, callDirection=1)
    with claim_unchanged(context, "AXYB-CALL-109", pair):
        for caller in (pair.b, context.user()):
            claim_call_refused(context, "AXYB-CALL-109", caller, pair.x)
    claim_reaches(context, "AXYB-CALL-102", pair.a, pair.y, pair.b)


@check("AXYB-CALL-110")
def test_direction_2_bars_a(context: CheckContext) -> None:
    """With direction 2 a call from A to Y reaches nobody; B is put through."""
    pair = bind_users(context, callDirection=2)
    claim_call_refused(context, "AXYB-CALL-110", pair.a, pair.y)
    claim_reaches(context, "AXYB-CALL-101", pair.b, pair.x, pair.a)


@check("AXYB-CALL-111")
def test_each_y_reaches_its_own_b(context: CheckContext) -> None:
    """A reaches each B by his own Y, and sees it when he is called."""
    first = bind_users(context)
    pairs = [first, *(bound_b(context, first) for _ in range(min(3, len(context.axyb.app.numbers) - 2)))]
    for pair in pairs:
        claim_reaches(context, "AXYB-CALL-111", pair.a, pair.y, pair.b, sees=pair.x)
        claim_reaches(context, "AXYB-CALL-111", pair.b, pair.x, pair.a, sees=pair.y)


def on_one_y(context: CheckContext) -> list[Pair]:
    """B of several A on one Y.

    Raises NotExercised where the platform does not give them one.
    """
    app = context.axyb.app
    if app.more_numbers is not False:
        raise NotExercised("the application may have more private numbers than are known", "any_x")
    every = [bound_a(context) for _ in range(len(app.numbers) - 1)]
    pairs = [bound_b(context, a) for a in every[:3]]
    shared = [pair for pair in pairs if pair.y == pairs[0].y]
    if len(shared) == 1:
        raise NotExercised("no two B have the same Y, though there is one number that is no X")
    return shared


@check("AXYB-CALL-112")
def test_a_shared_y_reaches_each_own_b(context: CheckContext) -> None:
    """Each A who dials a Y that several have reaches his own B.

    That B calls him.
    """
    for pair in on_one_y(context):
        claim_reaches(context, "AXYB-CALL-112", pair.a, pair.y, pair.b, sees=pair.x)
        claim_reaches(context, "AXYB-CALL-112", pair.b, pair.x, pair.a, sees=pair.y)


@check("AXYB-CALL-112", needs=("calls", "three_x"))
def test_a_user_in_several_roles(context: CheckContext) -> None:
    """An A who is B of another binding reaches each by its own number.

    Who is A of one binding and B of another reaches the one by his Y and the other by the X.
    """
    context.axyb.require_numbers(4)
    mine = bind_users(context)
    theirs = bind_users(context, b=mine.a)
    if theirs.x == mine.y:
        raise NotExercised("his Y is the X of the other binding: whom he reaches by it is a choice (axyb.x_as_y)")
    claim_reaches(context, "AXYB-CALL-112", mine.a, mine.y, mine.b, sees=mine.x)
    claim_reaches(context, "AXYB-CALL-112", mine.a, theirs.x, theirs.a, sees=theirs.y)
    claim_reaches(context, "AXYB-CALL-112", theirs.a, theirs.y, mine.a, sees=theirs.x)


# ── callers who are given a Y ────────────────────────────────────────────────────────────────────────────────────────


def claim_given_y(context: CheckContext, rule: str, a: Pair, caller: str) -> str:
    """Place a call of somebody without a Y to X.

    Claim that it reaches A, who sees a Y. Gives the Y.
    """
    call = context.call(caller, a.x)
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    context.expect(rule, call.forwarded_to == a.a, f"a stranger calls X: expected to reach {a.a}, {came}")
    context.hang_up(call)
    y = str(call.displayed)
    own = {x.number for x in context.axyb.app.numbers}
    ok = y != a.x and (y in own or context.axyb.app.more_numbers is not False)
    context.claim(rule, ok, f"A: expected to see a Y, sees {call.displayed}")
    return y


@check("AXYB-CALL-103")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_a_caller_is_given_a_y(context: CheckContext, direction: int | None) -> None:
    """Who calls X and has no Y is given one, which he keeps.

    Where A may call he reaches him by it.
    """
    a, caller = in_a_wide_area(context, **direction_of(direction)), context.user()
    y = claim_given_y(context, "AXYB-CALL-103", a, caller)
    there = relations(context, subscriptionId=a.sub)
    ok = (a.a, a.x, y, caller) in there and len(there) == 1
    context.claim("AXYB-CALL-103", ok, f"the caller has the Y {y}; a query shows {there}")
    again = claim_given_y(context, "AXYB-CALL-103", a, caller)
    context.claim("AXYB-CALL-103", again == y, f"the caller had the Y {y}, and at his second call {again}")
    if direction != 2:
        claim_reaches(context, "AXYB-CALL-103", a.a, y, caller, sees=a.x)


@check("AXYB-CALL-103", needs=("calls", "three_x"))
def test_each_caller_is_given_his_own(context: CheckContext) -> None:
    """Two callers, and a B who is bound, have three Y."""
    count = min(3, len(context.axyb.app.numbers) - 2)
    pair = bound_b(context, in_a_wide_area(context, count + 1))
    callers = [context.user() for _ in range(count)]
    ys = [pair.y, *(claim_given_y(context, "AXYB-CALL-103", pair, caller) for caller in callers)]
    context.claim("AXYB-CALL-103", len(set(ys)) == len(ys), f"{len(ys)} callers of one X have the Y {ys}")
    for caller, y in zip(callers, ys[1:], strict=True):
        claim_reaches(context, "AXYB-CALL-103", pair.a, y, caller, sees=pair.x)


@check("AXYB-CALL-104")
def test_no_y_is_left_for_a_caller(context: CheckContext) -> None:
    """A caller for whom no Y is left is refused with 8031.

    Where every other number is a Y of the binding a caller without one is refused with 8031; B is put through.
    """
    app = context.axyb.app
    if app.more_numbers is not False:
        raise NotExercised("the application may have more private numbers than are known", "any_x")
    a = bound_a(context)
    pairs = [bound_b(context, a) for _ in range(len(app.numbers) - 1)]
    claim_call_refused(context, "AXYB-CALL-104", context.user(), a.x, NO_Y)
    for pair in pairs[:1]:
        claim_reaches(context, "AXYB-CALL-101", pair.b, pair.x, pair.a, sees=pair.y)


@check("AXYB-CALL-105")
@pytest.mark.parametrize("fields", [{"ybDuration": 60}, {"ybDuration": 0}, {}], ids=str)
def test_how_long_a_given_y_lasts(context: CheckContext, fields: dict[str, Any]) -> None:
    """A Y that a caller was given ends by the ybDuration of the bind of A.

    With 0 and without one it lasts.
    """
    life = fields.get("ybDuration") or 600
    span(context, life, real=life)
    a, caller = in_a_wide_area(context, duration=0, **fields), context.user()
    with Moment(context) as placed:
        y = claim_given_y(context, "AXYB-CALL-105", a, caller)
    mine = (a.a, a.x, y, caller)
    context.advance(placed.until(life - (1 if context.controls_clock else 3)))
    there = relations(context, subscriptionId=a.sub)
    placed.certain(life)
    context.claim("AXYB-CALL-105", mine in there, f"before {life} s are over the caller has no Y: {there}")
    context.advance(placed.until(life + 1))
    there = relations(context, subscriptionId=a.sub)
    ends = bool(fields.get("ybDuration"))
    context.claim("AXYB-CALL-105", (mine in there) != ends, f"{life + 1} s after the call a query shows {there}")
    if ends:
        claim_call_refused(context, "AXYB-CALL-105", a.a, y, NOT_BOUND)
        again = claim_given_y(context, "AXYB-CALL-105", a, caller)
        there = relations(context, subscriptionId=a.sub)
        ok = there == {(a.a, a.x, again, caller)}
        context.claim("AXYB-CALL-105", ok, f"the caller was given {again} anew; a query shows {there}")


# ── whom nobody is reached by ────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-CALL-106")
def test_own_numbers(context: CheckContext) -> None:
    """A who dials his X, and B who dials his Y, reach nobody: 8032.

    Nobody is given a Y by it.
    """
    pair = bind_users(context)
    with claim_unchanged(context, "AXYB-CALL-106", pair):
        claim_call_refused(context, "AXYB-CALL-106", pair.a, pair.x, OWN)
        claim_call_refused(context, "AXYB-CALL-106", pair.b, pair.y, OWN)


@check("AXYB-CALL-107")
def test_a_number_without_a_binding(context: CheckContext) -> None:
    """A private number that is bound to nobody ends a call with 8030.

    It is so before a bind and after an unbind.
    """
    for x in context.axyb.app.numbers[:2]:
        claim_call_refused(context, "AXYB-CALL-107", context.user(), x.number, NOT_BOUND)
    pair = bind_users(context)
    claim_success(context, "AXYB-UNBIND-001", context.axyb.unbind(subscriptionId=pair.sub), "unbind")
    for caller, dialled in ((pair.b, pair.x), (pair.a, pair.x), (pair.a, pair.y), (pair.b, pair.y)):
        claim_call_refused(context, "AXYB-CALL-107", caller, dialled, NOT_BOUND)


@check("AXYB-CALL-108")
def test_a_stranger_to_y(context: CheckContext) -> None:
    """Who dials a Y and is neither an A nor a B of it reaches nobody: 8030.

    So do A and B of other bindings.
    """
    context.axyb.require_numbers(2)
    pair = bind_users(context)
    with claim_unchanged(context, "AXYB-CALL-108", pair):
        claim_call_refused(context, "AXYB-CALL-108", context.user(), pair.y, NOT_BOUND)


@check("AXYB-CALL-108", needs=("calls", "three_x"))
def test_a_of_another_y(context: CheckContext) -> None:
    """An A whose B have other Y is a stranger to this one."""
    context.axyb.require_numbers(4)
    pair = bind_users(context)
    other = bound_b(context, pair)
    foreign = bound_a(context)
    if pair.y in (foreign.x, other.y):
        raise NotExercised("Y is also the X of an A or another Y, so who dials it is no stranger (axyb.x_as_y)")
    claim_call_refused(context, "AXYB-CALL-108", foreign.a, pair.y, NOT_BOUND)
    claim_call_refused(context, "AXYB-CALL-108", other.b, pair.y, NOT_BOUND)


# ── fixed lines ──────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A fixed line that dials X or Y is refused with 8023.

    A mobile would be put through there.
    """
    context.axyb.require_numbers(2)
    a_line, b_line = context.user("fixed_line"), context.user("fixed_line")
    pair = bind_users(context, a_line, b_line)
    claim_call_refused(context, "AXYB-CALL-007", pair.a, pair.y, FIXED_LINE)
    claim_call_refused(context, "AXYB-CALL-007", pair.b, pair.x, FIXED_LINE)
    claim_call_refused(context, "AXYB-CALL-007", context.user("fixed_line"), pair.x)


@check("AXYB-CALL-008")
def test_a_fixed_line_is_called(context: CheckContext) -> None:
    """A on a fixed line is reached through X, B on a fixed line through Y."""
    one = bind_users(context, context.user("fixed_line"))
    claim_reaches(context, "AXYB-CALL-008", one.b, one.x, one.a, sees=one.y)
    claim_success(context, "AXYB-UNBIND-001", context.axyb.unbind(subscriptionId=one.sub), "unbind")
    two = bind_users(context, b=context.user("fixed_line"))
    claim_reaches(context, "AXYB-CALL-008", two.a, two.y, two.b, sees=two.x)
