"""Stop call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_calls
from privnum.suites.checks.assertions import answer_call, claim_success
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_releases_a_call(context: CheckContext) -> None:
    """A running call, answered or ringing, is released at once, and no other."""
    api = any_calls(context)
    tie, others = api.bind_users(), api.bind_users()
    for seconds in (10, 3):
        call, other = api.begin_call(tie), api.begin_call(others)
        context.advance(seconds)
        claim_success(context, "COM-STOP-001", context.stop_call(call.session_id), "stop call of a running call")
        state = context.look(call).state
        context.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")
        state = context.look(other).state
        context.claim("COM-STOP-001", state != "ended", "stop call released another call too")
        context.hang_up(other)


@check("COM-STOP-002", needs=("calls", "stop_call", "clock"))
def test_stop_call_of_an_ended_call(context: CheckContext) -> None:
    """Stop call fails for a call that was hung up, refused, or stopped before."""
    api = any_calls(context)
    tie = api.bind_users()
    running = api.begin_call(tie)
    answer_call(context, running, 10)
    claim_success(context, "COM-STOP-001", context.stop_call(running.session_id), "stop call of a running call")
    calls = [running, api.through(tie, hang_up_after=4), api.refused_call()]
    for call in calls:
        answer = context.stop_call(call.session_id)
        context.claim(
            "COM-STOP-002", not answer.ok, f"stop call of an ended call: expected a failure, came {answer.key}"
        )


@check("COM-STOP-003")
def test_stop_call_of_no_call_needs_them_too(context: CheckContext) -> None:
    """A stop call without sessionid or signal fails, also with no call."""
    for body in ({}, {"signal": "call_stop"}, {"sessionid": "", "signal": "call_stop"}, {"sessionid": "1200_1"}):
        answer = context.request("common.stop_call", body=body)
        context.claim("COM-STOP-003", not answer.ok, f"stop call with {sorted(body)}: expected a failure, came success")


@check("COM-STOP-003", needs=("calls", "stop_call", "clock"))
def test_stop_call_needs_sessionid_and_signal(context: CheckContext) -> None:
    """Without sessionid or a right signal stop call fails; the call goes on."""
    call = any_calls(context).begin_call(any_calls(context).bind_users())
    answer_call(context, call, 10)
    good = {"sessionid": call.session_id, "signal": "call_stop"}
    for body in (
        {"signal": "call_stop"},
        {"sessionid": call.session_id},
        good | {"signal": "call_go"},
        good | {"sessionid": ""},
        {},
    ):
        answer = context.request("common.stop_call", body=body)
        context.claim("COM-STOP-003", not answer.ok, f"stop call with {sorted(body)}: expected a failure, came success")
    state = context.look(call).state
    context.claim("COM-STOP-003", state == "answered", f"the call is {state} after requests that failed")
