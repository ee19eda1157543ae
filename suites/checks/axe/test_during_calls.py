"""Calls whose binding is modified, unbound or expires meanwhile, in each phase; two calls of one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import over, succeeds
from privnum.suites.checks.axe.expected_pushes import PHASES, begun, is_told
from privnum.suites.checks.axe.scenarios import (
    bound,
    calls_back_to,
    entered,
    is_gone,
    known_caller,
    reaches,
    refuses_caller,
)
from privnum.suites.runner.call_timing import entry_delay
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

NEEDS = ("calls", "receiver", "clock")
MINUTE = 60
FIELDS = ("callbackNum", "callbackTone", "recordFlag", "displayNumMode", "bindExpiredTime", "callbackExpiredTime")
"""Every setting that a modify may carry."""
FORWARDED = tuple(phase for phase in PHASES if phase != "collecting")


def change(bench: Bench, field: str) -> dict[str, Any]:
    """A modify of that field to something that no call of this check may notice."""
    values: dict[str, Any] = {"recordFlag": "false", "displayNumMode": "0"}
    values |= {"bindExpiredTime": 400, "callbackExpiredTime": 30}
    if field == "callbackTone":
        return {field: bench.axe.tone()}
    return {field: bench.user() if field == "callbackNum" else values[field]}


def runs(bench: Bench, requirement: str, call: CallView, callee: str, when: str) -> None:
    """Claim that the call runs and is with whom it was."""
    now = bench.look(call)
    ok = now.state != "ended" and now.forwarded_to == callee
    what = f"expected the call to go on with {callee}, is {now.state} {now.release_cause}, with {now.forwarded_to}"
    bench.claim(requirement, ok, f"{when}: {what}")


def goes_its_way(bench: Bench, requirement: str, call: CallView, binding: Binding, callee: str) -> None:
    """Claim that the call reaches `callee`, is answered and hung up as planned, with cause 0, and that this is told."""
    call = over(bench, call)
    ok = call.forwarded_to == callee and call.release_cause == 0
    what = f"expected a call with {callee} that ends with 0, came {call.forwarded_to} with {call.release_cause}"
    bench.claim(requirement, ok, what)
    is_told(bench, call, binding, callee)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


TOLD = ("AXE-EVENT-008", "AXE-EVENT-007", "AXE-CDR-001", "AXE-CDR-005", "AXE-CDR-010")
TOLD_OF_A = ("AXE-EVENT-001", "AXE-CDR-101", "AXE-CDR-004", *TOLD)


@check("AXE-CALL-101", "AXE-CALLBACK-101", "AXE-MODIFY-101", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("phase", ["collecting", "forwarded", "alerting"])
def test_a_setting_is_modified_before_the_answer(bench: Bench, field: str, phase: str) -> None:
    """Whatever setting is modified, a call is put through to its end, told as it began, and can be called back."""
    modified_during_a_call(bench, "AXE-CALL-101", field, phase)


@check("AXE-CALL-012", "AXE-CALLBACK-101", "AXE-MODIFY-101", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_is_modified_after_the_answer(bench: Bench, field: str) -> None:
    """Whatever setting is modified, a talk goes on, is told as it began, and can be called back."""
    modified_during_a_call(bench, "AXE-CALL-012", field, "answered")


def modified_during_a_call(bench: Bench, requirement: str, field: str, phase: str) -> None:
    """Modify a setting in a phase of a call; claim that the call goes on, by the requirement, and what comes after."""
    binding, caller = bound(bench, bindExpiredTime=500, callbackExpiredTime=20), bench.user()
    call = begun(bench, caller, binding, phase)
    answer = bench.axe.modify(binding.sub, **change(bench, field))
    succeeds(bench, "AXE-MODIFY-101", answer, f"modify of {field} during a call")
    state = bench.look(call).state
    bench.claim(requirement, state != "ended", f"after a modify of {field} a call that was {phase} has ended")
    goes_its_way(bench, requirement, call, binding, binding.a)
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-101", binding, caller))


@check("AXE-CALL-012", "AXE-MODIFY-104", "AXE-EVENT-101", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("phase", FORWARDED)
@pytest.mark.parametrize("value", ["number", "nobody"])
def test_callback_num_is_replaced(bench: Bench, value: str, phase: str) -> None:
    """A call of A to callbackNum goes on, and is told, with the number that it had; the next one goes to the new."""
    former, new = bench.user(), bench.user()
    binding = bound(bench, callbackNum=former)
    call = begun(bench, binding.a, binding, phase)
    changed = {"callbackNum": new} if value == "number" else {"callbackNum": "", "callbackTone": bench.axe.tone()}
    succeeds(bench, "AXE-MODIFY-104", bench.axe.modify(binding.sub, **changed), "modify of callbackNum during a call")
    runs(bench, "AXE-CALL-012", call, former, "after a modify of callbackNum")
    goes_its_way(bench, "AXE-CALL-012", call, binding, former)
    if value == "number":
        bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-104", binding, new))


@check("AXE-CALLBACK-101", needs=("calls", "clock"))
@pytest.mark.parametrize("field", FIELDS)
def test_the_record_outlives_a_modify(bench: Bench, field: str) -> None:
    """Whatever setting is modified, A still reaches the user who called him last."""
    binding = bound(bench, bindExpiredTime=500, callbackExpiredTime=20)
    caller = known_caller(bench, binding)
    succeeds(bench, "AXE-MODIFY-101", bench.axe.modify(binding.sub, **change(bench, field)), f"modify of {field}")
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-101", binding, caller))


# ── unbind, bind and expiry ──────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-009", "AXE-UNBIND-001", *TOLD_OF_A, needs=NEEDS)
@pytest.mark.parametrize("phase", FORWARDED)
def test_unbound_in_each_phase(bench: Bench, phase: str) -> None:
    """A call that was put through before the unbind goes on, and is told to its end by the binding that it had."""
    binding, _other = bound(bench, userData="mark"), bound(bench)
    call = begun(bench, bench.user(), binding, phase)
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    runs(bench, "AXE-CALL-009", call, binding.a, "after the unbind")
    goes_its_way(bench, "AXE-CALL-009", call, binding, binding.a)
    refuses_caller(bench, "AXE-CALL-009", bench.user(), binding.x, digits=[binding.extension] * 11)


@check("AXE-UNBIND-007", *TOLD_OF_A, needs=NEEDS)
def test_bound_anew_during_a_call(bench: Bench) -> None:
    """A call whose extension is given to another A meanwhile is told by the binding that it had."""
    binding = bound(bench)
    call = begun(bench, bench.user(), binding, "answered")
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    again = bound(bench, None, binding.x, binding.extension, by="AXE-UNBIND-007")
    goes_its_way(bench, "AXE-CALL-009", call, binding, binding.a)
    bench.hang_up(reaches(bench, "AXE-UNBIND-007", again))


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_after_the_unbind(bench: Bench) -> None:
    """A call that goes on without its binding can be stopped."""
    binding = bound(bench)
    call = begun(bench, bench.user(), binding, "answered")
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind during a call")
    body = {"sessionid": call.session_id, "signal": "call_stop"}
    answer = bench.request("common.stop_call", body=body, app=bench.axe.app)
    succeeds(bench, "COM-STOP-001", answer, "stop call after the unbind")
    state = bench.look(call).state
    bench.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_bound_while_the_caller_is_asked(bench: Bench) -> None:
    """An extension that is bound while the caller is asked reaches its A: a bind takes effect at once."""
    bound(bench)
    late = bound(bench)
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=late.sub), "unbind")
    enters = max(2, entry_delay(bench, 5))
    call = bench.call(bench.user(), late.x, digits=[late.extension], digits_after=enters)
    bench.advance(enters - 1)
    again = bound(bench, None, late.x, late.extension, by="AXE-UNBIND-007")
    call = entered(bench, call, 4)
    bench.claim("AXE-CALL-101", call.forwarded_to == again.a, f"expected {again.a}, reached {call.forwarded_to}")


@check("AXE-CALL-009", "AXE-LIFE-003", needs=("calls", "clock"))
def test_a_new_end_does_not_cut_a_call(bench: Bench) -> None:
    """An end that a modify set while the call ran does not cut the call."""
    binding = bound(bench, timeUnit="1", bindExpiredTime=600, callbackExpiredTime=1)
    call = begun(bench, bench.user(), binding, "answered", hang_up_after=None)
    answer = bench.axe.modify(binding.sub, timeUnit="1", bindExpiredTime=60)
    succeeds(bench, "AXE-LIFE-003", answer, "modify of bindExpiredTime")
    bench.advance(60 * MINUTE + 1)
    is_gone(bench, "AXE-LIFE-003", binding, "after its new end")
    runs(bench, "AXE-CALL-009", call, binding.a, "after the new end of its binding")


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101", "AXE-CALL-102", "AXE-EVENT-004", *TOLD_OF_A, needs=NEEDS)
def test_two_calls_at_a_time(bench: Bench) -> None:
    """Two callers are asked at a time, both reach A, one call ends without the other, and both are told."""
    binding, _other = bound(bench, callbackExpiredTime=24), bound(bench)
    one = begun(bench, bench.user(), binding, "collecting", digits_after=entry_delay(bench, 8), hang_up_after=None)
    two = begun(bench, bench.user(), binding, "answered", hang_up_after=None)
    state = bench.look(one).state
    bench.claim("AXE-CALL-101", state != "ended", "a caller who is asked for an extension loses his call to another")
    third = reaches(bench, "AXE-CALL-102", binding)
    bench.advance(10)
    ok = third.session_id not in {one.session_id, two.session_id}
    bench.claim("AXE-EVENT-004", ok, "two calls have one sessionId")
    is_told(bench, bench.hang_up(one), binding, binding.a)
    for call in (two, third):
        runs(bench, "AXE-CALL-012", call, binding.a, "after another call was hung up")
    is_told(bench, bench.hang_up(two), binding, binding.a)
    is_told(bench, bench.hang_up(third), binding, binding.a)
