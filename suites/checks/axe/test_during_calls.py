"""Calls whose binding is modified, unbound or expires meanwhile, in each phase; two calls of one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success, wait_until_ended
from privnum.suites.checks.axe.expected_pushes import PHASES, call_in_phase, claim_pushes
from privnum.suites.checks.axe.scenarios import (
    bound,
    claim_caller_refused,
    claim_calls_back_to,
    claim_reaches,
    is_gone,
    known_caller,
    wait_for_entry,
)
from privnum.suites.runner.call_timing import entry_delay
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
MINUTE = 60
FIELDS = ("callbackNum", "callbackTone", "recordFlag", "displayNumMode", "bindExpiredTime", "callbackExpiredTime")
"""Every setting that a modify may carry."""
FORWARDED = tuple(phase for phase in PHASES if phase != "collecting")


def change(context: CheckContext, field: str) -> dict[str, Any]:
    """A modify of that field to something that no call of this check may notice."""
    values: dict[str, Any] = {"recordFlag": "false", "displayNumMode": "0"}
    values |= {"bindExpiredTime": 400, "callbackExpiredTime": 30}
    if field == "callbackTone":
        return {field: context.axe.tone()}
    return {field: context.user() if field == "callbackNum" else values[field]}


def runs(context: CheckContext, requirement: str, call: CallView, callee: str, when: str) -> None:
    """Claim that the call runs and is with whom it was."""
    now = context.look(call)
    ok = now.state != "ended" and now.forwarded_to == callee
    what = f"expected the call to go on with {callee}, is {now.state} {now.release_cause}, with {now.forwarded_to}"
    context.claim(requirement, ok, f"{when}: {what}")


def goes_its_way(context: CheckContext, requirement: str, call: CallView, binding: Binding, callee: str) -> None:
    """Claim that the call reaches `callee`, is answered and hung up as planned, with cause 0, and that this is told."""
    call = wait_until_ended(context, call)
    ok = call.forwarded_to == callee and call.release_cause == 0
    what = f"expected a call with {callee} that ends with 0, came {call.forwarded_to} with {call.release_cause}"
    context.claim(requirement, ok, what)
    claim_pushes(context, call, binding, callee)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


TOLD = ("AXE-EVENT-008", "AXE-EVENT-007", "AXE-CDR-001", "AXE-CDR-005", "AXE-CDR-010")
TOLD_OF_A = ("AXE-EVENT-001", "AXE-CDR-101", "AXE-CDR-004", *TOLD)


@check("AXE-CALL-101", "AXE-CALLBACK-101", "AXE-MODIFY-101", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("phase", ["collecting", "forwarded", "alerting"])
def test_a_setting_is_modified_before_the_answer(context: CheckContext, field: str, phase: str) -> None:
    """Whatever setting is modified, a call is put through to its end, told as it began, and can be called back."""
    modified_during_a_call(context, "AXE-CALL-101", field, phase)


@check("AXE-CALL-012", "AXE-CALLBACK-101", "AXE-MODIFY-101", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_is_modified_after_the_answer(context: CheckContext, field: str) -> None:
    """Whatever setting is modified, a talk goes on, is told as it began, and can be called back."""
    modified_during_a_call(context, "AXE-CALL-012", field, "answered")


def modified_during_a_call(context: CheckContext, requirement: str, field: str, phase: str) -> None:
    """Modify a setting in a phase of a call; claim that the call goes on, by the requirement, and what comes after."""
    binding, caller = bound(context, bindExpiredTime=500, callbackExpiredTime=20), context.user()
    call = call_in_phase(context, caller, binding, phase)
    answer = context.axe.modify(binding.sub, **change(context, field))
    claim_success(context, "AXE-MODIFY-101", answer, f"modify of {field} during a call")
    state = context.look(call).state
    context.claim(requirement, state != "ended", f"after a modify of {field} a call that was {phase} has ended")
    goes_its_way(context, requirement, call, binding, binding.a)
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller))


@check("AXE-CALL-012", "AXE-MODIFY-104", "AXE-EVENT-101", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("phase", FORWARDED)
@pytest.mark.parametrize("value", ["number", "nobody"])
def test_callback_num_is_replaced(context: CheckContext, value: str, phase: str) -> None:
    """A call of A to callbackNum goes on, and is told, with the number that it had; the next one goes to the new."""
    former, new = context.user(), context.user()
    binding = bound(context, callbackNum=former)
    call = call_in_phase(context, binding.a, binding, phase)
    changed = {"callbackNum": new} if value == "number" else {"callbackNum": "", "callbackTone": context.axe.tone()}
    claim_success(
        context, "AXE-MODIFY-104", context.axe.modify(binding.sub, **changed), "modify of callbackNum during a call"
    )
    runs(context, "AXE-CALL-012", call, former, "after a modify of callbackNum")
    goes_its_way(context, "AXE-CALL-012", call, binding, former)
    if value == "number":
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-104", binding, new))


@check("AXE-CALLBACK-101", needs=("calls", "clock"))
@pytest.mark.parametrize("field", FIELDS)
def test_the_record_outlives_a_modify(context: CheckContext, field: str) -> None:
    """Whatever setting is modified, A still reaches the user who called him last."""
    binding = bound(context, bindExpiredTime=500, callbackExpiredTime=20)
    caller = known_caller(context, binding)
    claim_success(
        context, "AXE-MODIFY-101", context.axe.modify(binding.sub, **change(context, field)), f"modify of {field}"
    )
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller))


# ── unbind, bind and expiry ──────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-009", "AXE-UNBIND-001", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("phase", FORWARDED)
def test_unbound_in_each_phase(context: CheckContext, phase: str) -> None:
    """A call that was put through before the unbind goes on, and is told to its end by the binding that it had."""
    binding, _other = bound(context, userData="mark"), bound(context)
    call = call_in_phase(context, context.user(), binding, phase)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    runs(context, "AXE-CALL-009", call, binding.a, "after the unbind")
    goes_its_way(context, "AXE-CALL-009", call, binding, binding.a)
    claim_caller_refused(context, "AXE-CALL-009", context.user(), binding.x, digits=[binding.extension] * 11)


@check("AXE-UNBIND-007", *TOLD_OF_A, needs=NEEDS)
def test_bound_anew_during_a_call(context: CheckContext) -> None:
    """A call whose extension is given to another A meanwhile is told by the binding that it had."""
    binding = bound(context)
    call = call_in_phase(context, context.user(), binding, "answered")
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    again = bound(context, None, binding.x, binding.extension, by="AXE-UNBIND-007")
    goes_its_way(context, "AXE-CALL-009", call, binding, binding.a)
    context.hang_up(claim_reaches(context, "AXE-UNBIND-007", again))


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_after_the_unbind(context: CheckContext) -> None:
    """A call that goes on without its binding can be stopped."""
    binding = bound(context)
    call = call_in_phase(context, context.user(), binding, "answered")
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    body = {"sessionid": call.session_id, "signal": "call_stop"}
    answer = context.request("common.stop_call", body=body, app=context.axe.app)
    claim_success(context, "COM-STOP-001", answer, "stop call after the unbind")
    state = context.look(call).state
    context.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_bound_while_the_caller_is_asked(context: CheckContext) -> None:
    """An extension that is bound while the caller is asked reaches its A: a bind takes effect at once."""
    bound(context)
    late = bound(context)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=late.sub), "unbind")
    enters = max(2, entry_delay(context, 5))
    call = context.call(context.user(), late.x, digits=[late.extension], digits_after=enters)
    context.advance(enters - 1)
    again = bound(context, None, late.x, late.extension, by="AXE-UNBIND-007")
    call = wait_for_entry(context, call, 4)
    context.claim("AXE-CALL-101", call.forwarded_to == again.a, f"expected {again.a}, reached {call.forwarded_to}")


@check("AXE-CALL-010", "AXE-LIFE-003", needs=("calls", "clock"))
def test_a_new_end_does_not_cut_a_call(context: CheckContext) -> None:
    """An end that a modify set while the call ran does not cut the call."""
    binding = bound(context, timeUnit="1", bindExpiredTime=600, callbackExpiredTime=1)
    call = call_in_phase(context, context.user(), binding, "answered", hang_up_after=None)
    answer = context.axe.modify(binding.sub, timeUnit="1", bindExpiredTime=60)
    claim_success(context, "AXE-LIFE-003", answer, "modify of bindExpiredTime")
    context.advance(60 * MINUTE + 1)
    is_gone(context, "AXE-LIFE-003", binding, "after its new end")
    runs(context, "AXE-CALL-010", call, binding.a, "after the new end of its binding")


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101", "AXE-CALL-102", "AXE-EVENT-004", *TOLD_OF_A, needs=NEEDS)
def test_two_calls_at_a_time(context: CheckContext) -> None:
    """Two callers are asked at a time, both reach A, one call ends without the other, and both are told."""
    binding, _other = bound(context, callbackExpiredTime=24), bound(context)
    one = call_in_phase(
        context, context.user(), binding, "collecting", digits_after=entry_delay(context, 8), hang_up_after=None
    )
    two = call_in_phase(context, context.user(), binding, "answered", hang_up_after=None)
    state = context.look(one).state
    context.claim("AXE-CALL-101", state != "ended", "a caller who is asked for an extension loses his call to another")
    third = claim_reaches(context, "AXE-CALL-102", binding)
    context.advance(10)
    ok = third.session_id not in {one.session_id, two.session_id}
    context.claim("AXE-EVENT-004", ok, "two calls have one sessionId")
    claim_pushes(context, context.hang_up(one), binding, binding.a)
    for call in (two, third):
        runs(context, "AXE-CALL-012", call, binding.a, "after another call was hung up")
    claim_pushes(context, context.hang_up(two), binding, binding.a)
    claim_pushes(context, context.hang_up(third), binding, binding.a)
