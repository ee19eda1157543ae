"""Calls of a caller who is asked, and of A to callbackNum.

What is of all modes is in checks/calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.call_profile import AxeCalls
from privnum.suites.checks.axe.scenarios import (
    bind_users,
    claim_calls_back_to,
    claim_reaches,
    known_caller,
    wait_for_entry,
)
from privnum.suites.checks.calls.expected_pushes import claim_pushes, goes_its_way, runs
from privnum.suites.checks.calls.profile import PHASES
from privnum.suites.checks.calls.stopping import NEEDS as NEEDS_TO_STOP
from privnum.suites.checks.calls.stopping import RULE, claim_stopped
from privnum.suites.runner.call_timing import collection_seconds, entry_delay, wait_for_state
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.checks.calls.profile import Way
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
PUSHES = ("AXE-EVENT-007", "AXE-EVENT-008", "AXE-CDR-001", "AXE-CDR-005", "AXE-CDR-010")
OF_A = ("AXE-EVENT-001", "AXE-CDR-004", "AXE-CDR-101", *PUSHES)
"""Rules of the pushes of a call to A."""


def _place_collecting_call(calls: AxeCalls, way: Way, **plan: object) -> CallView:
    """A call whose caller is asked for the extension.

    Raises NotExercised where he is not.
    """
    call = calls.place(way, ring_after=4, answer_after=6, **plan)
    if call.state != "collecting":
        raise NotExercised(f"the call is {call.state}; the check needs one whose caller is asked for the extension")
    return call


# ── stop call ────────────────────────────────────────────────────────────────────────────────────────────────────────


@check(RULE, needs=NEEDS_TO_STOP)
def test_stop_call_while_the_caller_is_asked(context: CheckContext) -> None:
    """A caller who is asked for the extension is released, or goes on.

    As the target has chosen.
    """
    calls = AxeCalls(context)
    call = _place_collecting_call(calls, calls.to_a(bind_users(context, **calls.lasting())))
    claim_stopped(context, call, context.axe.app, collection_seconds(context) + 10)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101", "AXE-CALLBACK-101", "AXE-MODIFY-101", *OF_A, needs=NEEDS)
@pytest.mark.parametrize("setting", AxeCalls.settings)
def test_a_setting_is_modified_while_the_caller_is_asked(context: CheckContext, setting: str) -> None:
    """A caller who is asked reaches A, whatever is modified meanwhile.

    To the end of the call, and A can call back.
    """
    calls = AxeCalls(context)
    binding = bind_users(context, **calls.lasting())
    way = calls.to_a(binding)
    call = _place_collecting_call(calls, way, hang_up_after=20)
    answer = context.axe.modify(binding.sub, **calls.change(setting))
    claim_success(context, "AXE-MODIFY-101", answer, f"modify of {setting} while a caller is asked")
    state = context.look(call).state
    context.claim("AXE-CALL-101", state != "ended", f"a modify of {setting} ended the call of who is asked")
    goes_its_way(calls, "AXE-CALL-101", call, way)
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, way.caller))


@check("AXE-CALL-012", "AXE-MODIFY-104", "AXE-EVENT-101", *PUSHES, needs=NEEDS)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("value", ["number", "nobody"])
def test_callback_num_is_replaced(context: CheckContext, value: str, phase: str) -> None:
    """A call to callbackNum goes on with the number that it had.

    Its pushes too; the next call goes to the new number.
    """
    calls, former, new = AxeCalls(context), context.user(), context.user()
    binding = bind_users(context, callbackNum=former)
    way = calls.from_a(binding, former)
    call = calls.in_phase(way, phase)
    changed = {"callbackNum": new} if value == "number" else {"callbackNum": "", "callbackTone": context.axe.tone()}
    claim_success(
        context, "AXE-MODIFY-104", context.axe.modify(binding.sub, **changed), "modify of callbackNum during a call"
    )
    runs(calls, "CALL-012", call, way, "after a modify of callbackNum")
    goes_its_way(calls, "CALL-012", call, way)
    if value == "number":
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-104", binding, new))


@check("AXE-CALLBACK-101", needs=("calls", "clock"))
@pytest.mark.parametrize("setting", AxeCalls.settings)
def test_the_record_outlives_a_modify(context: CheckContext, setting: str) -> None:
    """A reaches his last caller, whatever setting is modified."""
    calls = AxeCalls(context)
    binding = bind_users(context, **calls.lasting())
    caller = known_caller(context, binding)
    answer = context.axe.modify(binding.sub, **calls.change(setting))
    claim_success(context, "AXE-MODIFY-101", answer, f"modify of {setting}")
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller))


# ── a caller who is asked ────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_bound_while_the_caller_is_asked(context: CheckContext) -> None:
    """An extension that is bound while the caller is asked reaches its A.

    A bind takes effect at once.
    """
    bind_users(context)
    late = bind_users(context)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=late.sub), "unbind")
    enters = max(2, entry_delay(context, 5))
    call = context.call(context.user(), late.x, digits=[late.extension], digits_after=enters)
    context.advance(enters - 1)
    again: Binding = bind_users(context, None, late.x, late.extension, by="AXE-UNBIND-007")
    call = wait_for_entry(context, call, 4)
    context.claim("AXE-CALL-101", call.forwarded_to == again.a, f"expected {again.a}, reached {call.forwarded_to}")


@check("AXE-CALL-101", "AXE-CALL-102", "AXE-CALL-012", "AXE-EVENT-004", *OF_A, needs=NEEDS)
def test_two_callers_are_asked_at_a_time(context: CheckContext) -> None:
    """Two callers are asked at a time, and both reach A.

    One call ends without the other, and both have their pushes.
    """
    calls = AxeCalls(context)
    binding, _other = bind_users(context, callbackExpiredTime=24), bind_users(context)
    ways = [calls.to_a(binding) for _ in range(3)]
    one = _place_collecting_call(calls, ways[0], digits_after=entry_delay(context, 8))
    two = calls.in_phase(ways[1], "answered", hang_up_after=None)
    state = context.look(one).state
    context.claim("AXE-CALL-101", state != "ended", "a caller who is asked for an extension loses his call to another")
    third = claim_reaches(context, "AXE-CALL-102", binding, ways[2].caller)
    context.advance(10)
    ok = third.session_id not in {one.session_id, two.session_id}
    context.claim("AXE-EVENT-004", ok, "two calls have one sessionId")
    claim_pushes(calls, context.hang_up(wait_for_state(context, one, "answered", 10)), ways[0])
    for call, way in ((two, ways[1]), (third, ways[2])):
        runs(calls, "CALL-012", call, way, "after another call was hung up")
    for call, way in ((two, ways[1]), (third, ways[2])):
        claim_pushes(calls, context.hang_up(call), way)
