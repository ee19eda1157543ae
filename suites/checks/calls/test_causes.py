"""How calls end: callees who do not take them, and who hangs up when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import answer_call, require_course
from privnum.suites.checks.calls.profiles import check
from privnum.suites.runner.call_timing import setup_seconds, wait_for_state
from privnum.suites.runner.scheduler import Moment, poll_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.checks.calls.profile import CallProfile

NEEDS = ("calls", "clock")
SILENCE = 90
"""Seconds after which the platform gives up a callee of whom nothing is heard."""


def _ends_with(rule: str, behaviour: str, *causes: int) -> Callable[..., None]:
    @check(rule, needs=NEEDS)
    def ends(calls: CallProfile) -> None:
        """A call that the callee does not take ends with its kind's cause.

        In every way.
        """
        for way in calls.ways(calls.bind_users()):
            call = calls.forwarded_call(way, behaviour=behaviour)
            calls.claim(rule, call.forwarded_to is not None, f"{way.name}: the call was not forwarded")
            calls.claim_ended(rule, poll_call(calls.context, call, lambda view: view.state == "ended", 200), *causes)

    return ends


test_busy = _ends_with("CALL-016", "busy", 8102)
test_no_answer = _ends_with("CALL-017", "no_answer", 8101, 8035)
test_reject = _ends_with("CALL-018", "reject", 7503, 7504)
test_powered_off = _ends_with("CALL-019", "powered_off", 8104)
test_out_of_service = _ends_with("CALL-020", "out_of_service", 8105)
test_not_exist = _ends_with("CALL-021", "not_exist", 8100)
test_unreachable = _ends_with("CALL-005", "unreachable", 8103)


@check("CALL-022", needs=(*NEEDS, "unregistered_callees"))
def test_unregistered(calls: CallProfile) -> None:
    """Put through or not: no page says where the call is intercepted."""
    for way in calls.ways(calls.bind_users()):
        calls.claim_ended("CALL-022", calls.completed_call(way, behaviour="unregistered"), 8058)


@check("CALL-006", needs=NEEDS)
def test_no_connection_in_90_seconds(calls: CallProfile) -> None:
    """A callee's network that says nothing.

    The platform gives up after about 90 seconds, with 8035.
    """
    context = calls.context
    way = calls.crowd(1)[0]
    with Moment(context) as forwarded:
        call = calls.forwarded_call(way, behaviour="silent")
    if context.controls_clock and call.forwarded_at is not None:
        forwarded.before = forwarded.after = call.forwarded_at.timestamp()
    context.advance(SILENCE - 10)
    state = context.look(call).state
    forwarded.certain(SILENCE)
    calls.claim("CALL-006", state != "ended", "the platform gave up within 80 seconds")
    context.advance(20)
    calls.claim_ended("CALL-006", context.look(call), 8035)


@check("CALL-013", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_hang_up_after_the_answer(calls: CallProfile, by: Any) -> None:
    """An answered call that either side hangs up ends with cause 0."""
    for way in calls.tried_ways(calls.bind_users()):
        call = calls.forwarded_call(way)
        answer_call(calls.context, call)
        calls.claim_ended("CALL-013", calls.context.hang_up(call, by=by), 0)


@check("CALL-013", needs=NEEDS)
def test_callee_and_caller_hang_up_by_themselves(calls: CallProfile) -> None:
    """The same when they hang up as planned."""
    for way in calls.tried_ways(calls.bind_users()):
        leaves = way.enters + 15 + setup_seconds(calls.context)
        plans: list[dict[str, Any]] = [{"hang_up_after": 5}]
        plans += [{"hang_up_after": None, "caller_hangs_up_after": leaves}]
        for plan in plans:
            call = calls.completed_call(way, **plan)
            require_course(call, ("answer",))
            calls.claim_ended("CALL-013", call, 0)


@check("CALL-014", needs=NEEDS)
def test_caller_gives_up_before_it_rings(calls: CallProfile) -> None:
    """A caller who hangs up before the callee rings: 7501."""
    context = calls.context
    for way in calls.tried_ways(calls.bind_users()):
        call = calls.completed_call(way, ring_after=20, caller_hangs_up_after=way.enters + 5)
        require_course(call, ("callout",), without=("alerting",))
        calls.claim_ended("CALL-014", call, 7501)
        with Moment(context) as placed:
            call = wait_for_state(context, calls.place(way, ring_after=20), "forwarded", way.enters + 3)
        call = context.hang_up(call)
        placed.certain(20)
        require_course(call, without=("alerting",))
        calls.claim_ended("CALL-014", call, 7501)


@check("CALL-015", needs=NEEDS)
def test_caller_gives_up_while_it_rings(calls: CallProfile) -> None:
    """A caller who hangs up while the callee rings: 7502."""
    context = calls.context
    rings: dict[str, Any] = {"ring_after": 2, "answer_after": 20}
    for way in calls.tried_ways(calls.bind_users()):
        leaves = way.enters + 10 + setup_seconds(context)
        call = calls.completed_call(way, **rings, caller_hangs_up_after=leaves)
        require_course(call, ("alerting",), without=("answer",))
        calls.claim_ended("CALL-015", call, 7502)
        with Moment(context) as placed:
            call = wait_for_state(context, calls.place(way, **rings), "alerting", way.enters + 5)
        call = context.hang_up(call)
        placed.certain(20)
        require_course(call, ("alerting",), without=("answer",))
        calls.claim_ended("CALL-015", call, 7502)
