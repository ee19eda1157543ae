"""Calls whose binding changes meanwhile; two calls of one binding.

It is modified, unbound or expires, in each phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import answer_call, wait_until_ended
from privnum.suites.checks.calls.expected_pushes import PUSHED_RULES, claim_pushes, goes_its_way, runs
from privnum.suites.checks.calls.profiles import NEEDS, check

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallProfile, Way
    from privnum.suites.driver.protocol import CallView

RINGING = ("forwarded", "alerting")


def _settings(profile: type[CallProfile]) -> tuple[str, ...]:
    return profile.settings


def _goes_on(profile: type[CallProfile]) -> tuple[str, ...]:
    """Phases in which a call goes on that is unbound."""
    return profile.outlives_unbind


def _may_end(profile: type[CallProfile]) -> list[str]:
    """Phases in which it may end."""
    return [phase for phase in RINGING if phase not in profile.outlives_unbind]


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("MODIFY-006", *PUSHED_RULES, along=("CDR-010", "first"), needs=NEEDS, cases=("setting", _settings))
@pytest.mark.parametrize("phase", RINGING)
def test_a_setting_is_modified_before_the_answer(calls: CallProfile, setting: str, phase: str) -> None:
    """A call reaches its callee by what it began with.

    Whatever setting is modified; so do the next calls.
    """
    _modified_during_a_call(calls, setting, phase)


@check("CALL-012", "MODIFY-006", *PUSHED_RULES, along=("CDR-010",), needs=NEEDS, cases=("setting", _settings))
def test_a_setting_is_modified_after_the_answer(calls: CallProfile, setting: str) -> None:
    """A talk goes on to its end, whatever setting is modified.

    The next calls go through.
    """
    _modified_during_a_call(calls, setting, "answered")


def _modified_during_a_call(calls: CallProfile, setting: str, phase: str) -> None:
    """Modify a setting in a phase of a call.

    Claim that the call goes on, and what comes after.
    """
    limit = calls.limit_fields(600) if setting == "lastMinVoice" else {}  # without one the tone may be refused
    binding = calls.bind_users(userData="first", **calls.lasting(), **limit)
    ways = calls.ways(binding)
    rule = "CALL-012" if phase == "answered" else ways[0].rule
    call = calls.in_phase(ways[0], phase)
    answer = calls.modify(binding, **calls.change(setting))
    calls.succeeds("MODIFY-006", answer, f"modify of {setting} during a call")
    runs(calls, rule, call, ways[0], f"after a modify of {setting}")
    goes_its_way(calls, rule, call, ways[0], "first", "later")
    for way in calls.open_after(ways, setting):
        calls.context.hang_up(calls.reaches(way.rule, way))


# ── unbind and expiry ────────────────────────────────────────────────────────────────────────────────────────────────


@check("CALL-009", *PUSHED_RULES, along=("CDR-010",), needs=NEEDS, cases=("phase", _goes_on))
def test_unbound_during_a_call(calls: CallProfile, phase: str) -> None:
    """A call goes on, and has the pushes of the binding that it had.

    The next one is refused.
    """
    way, call = _unbound_in(calls, phase)
    runs(calls, "CALL-009", call, way, "after the unbind")
    goes_its_way(calls, "CALL-009", call, way, "mark")
    calls.claim_refused("CALL-009", way)


@check("CALL-009", *PUSHED_RULES[1:], along=("CDR-010",), needs=NEEDS, where=_may_end, cases=("phase", _may_end))
def test_unbound_before_the_answer(calls: CallProfile, phase: str) -> None:
    """A call that may go on has its pushes to its end, however it ends."""
    way, call = _unbound_in(calls, phase)
    call = wait_until_ended(calls.context, call)
    claim_pushes(calls, call, way, ("mark",), answered=call.answered_at is not None)
    calls.claim_refused("CALL-009", way)


def _unbound_in(calls: CallProfile, phase: str) -> tuple[Way, CallView]:
    """A way, and a call of it whose binding was unbound in that phase."""
    binding = calls.bind_users(userData="mark")
    way = calls.pair_of_ways(binding)[-1]
    call = calls.in_phase(way, phase)
    calls.succeeds("CALL-009", calls.unbind(binding), "unbind during a call")
    return way, call


@check("CALL-009", needs=("calls", "clock"))
def test_a_long_call_outlives_its_binding(calls: CallProfile) -> None:
    """A talk outlives its binding for long, until a side hangs up."""
    context, binding = calls.context, calls.bind_users()
    way = calls.pair_of_ways(binding)[0]
    call = calls.in_phase(way, "answered", hang_up_after=None)
    calls.succeeds("CALL-009", calls.unbind(binding), "unbind during a call")
    context.advance(600 if context.controls_clock else 5)
    runs(calls, "CALL-009", call, way, "a while after the unbind")
    calls.claim_ended("CALL-013", context.hang_up(call), 0)


@check("CALL-009", "CDR-011", needs=(*NEEDS, "recording"))
def test_a_recorded_call_outlives_its_binding(calls: CallProfile) -> None:
    """The CDR of a call whose binding was unbound meanwhile has its recording."""
    binding = calls.bind_users(**calls.recording())
    way = calls.pair_of_ways(binding)[0]
    call = calls.in_phase(way, "answered")
    calls.unbind(binding)
    cdr = goes_its_way(calls, "CALL-009", call, way)
    ok = cdr.get("recordFlag") == 1 and bool(cdr.get("recordObjectName") or cdr.get("recordFileDownloadUrl"))
    calls.claim("CDR-011", ok, f"expected a recording, came recordFlag {cdr.get('recordFlag')!r}")


@check("UNBIND-007", "CALL-009", *PUSHED_RULES, along=("CDR-010",), needs=NEEDS)
@pytest.mark.parametrize("place", [0, 1])
def test_bound_anew_during_a_call(calls: CallProfile, place: int) -> None:
    """A call goes on by the binding that it had.

    Though what was unbound leads to somebody else by now.
    """
    binding = calls.bind_users()
    way = calls.pair_of_ways(binding)[place]
    call = calls.in_phase(way, "answered")
    calls.succeeds("UNBIND-007", calls.unbind(binding), "unbind during a call")
    again = calls.bind_again(binding, way, calls.rule("UNBIND-007"))
    goes_its_way(calls, "CALL-009", call, way)
    for other in calls.ways(again):
        calls.context.hang_up(calls.reaches("UNBIND-007", other))


@check("CALL-010", "LIFE-003", needs=("calls", "clock"), where=_settings)
def test_a_new_end_does_not_cut_a_call(calls: CallProfile) -> None:
    """An end that a modify set while the call ran does not cut the call.

    The next one is refused.
    """
    binding = calls.bind_users(**calls.lasting())
    way = calls.pair_of_ways(binding)[0]
    call = calls.in_phase(way, "answered", hang_up_after=None)
    fields, life = calls.lifetime(20, real=5)
    calls.succeeds("LIFE-003", calls.modify(binding, **fields), "modify of the lifetime")
    calls.context.advance(life + 1)
    calls.claim("LIFE-003", not calls.is_there(binding), "the binding is there after its new end")
    runs(calls, "CALL-010", call, way, "after the new end of its binding")
    calls.claim_refused("CALL-010", way)


@check("CALL-009", "COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_after_the_unbind(calls: CallProfile) -> None:
    """A call that goes on without its binding can be stopped."""
    context, binding = calls.context, calls.bind_users()
    way = calls.pair_of_ways(binding)[0]
    call = calls.in_phase(way, "answered")
    calls.succeeds("UNBIND-001", calls.unbind(binding), "unbind during a call")
    runs(calls, "CALL-009", call, way, "after the unbind")
    answer = context.stop_call(call.session_id, app=calls.side.app)
    calls.succeeds("COM-STOP-001", answer, "stop call after the unbind")
    state = context.look(call).state
    calls.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


@check("CALL-012", "EVENT-004", *PUSHED_RULES, along=("CDR-010", "second"), needs=NEEDS)
def test_two_calls_at_a_time(calls: CallProfile) -> None:
    """Both calls of a binding are put through; one ends without the other.

    Each has its session, events and CDR.
    """
    context = calls.context
    first, second = calls.pair_of_ways(calls.bind_users())
    one = calls.in_phase(first, "answered", hang_up_after=None)
    two = calls.reaches(second.rule, second)
    answer_call(context, two)
    calls.claim("EVENT-004", one.session_id != two.session_id, "two calls have one sessionId")
    one = context.hang_up(one)
    runs(calls, "CALL-012", two, second, "after the other call was hung up")
    claim_pushes(calls, one, first)
    claim_pushes(calls, context.hang_up(two), second)


@check("CALL-012", "COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_one_of_two_calls_is_stopped(calls: CallProfile) -> None:
    """Stop call ends the call of that session, not the binding's other one."""
    first, second = calls.pair_of_ways(calls.bind_users())
    one = calls.in_phase(first, "answered", hang_up_after=None)
    two = calls.in_phase(second, "answered", hang_up_after=None)
    runs(calls, "CALL-012", one, first, "beside another call")
    answer = calls.context.stop_call(one.session_id, app=calls.side.app)
    calls.succeeds("COM-STOP-001", answer, "stop call of one of two calls")
    runs(calls, "COM-STOP-001", two, second, "after stop call of the other call")
