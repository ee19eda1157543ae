"""How long calls may last.

maxDuration where the mode has it, and no limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import answer_call
from privnum.suites.checks.calls.profiles import check

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallProfile

TOO_LONG = 8010
DAYS = 2 * 86400


def _has_limit(profile: type[CallProfile]) -> bool:
    return profile.limit is not None


def _others(profile: type[CallProfile]) -> list[str]:
    return [setting for setting in profile.settings if setting != profile.limit]


@check("CALL-011", where=_has_limit)
@pytest.mark.parametrize("minutes", [1, 3])
def test_max_duration_hangs_up(calls: CallProfile, minutes: int) -> None:
    """A call is hung up maxDuration minutes after the answer, with 8010."""
    context = calls.context
    way = calls.ways(calls.bind_users(**calls.limit_fields(minutes)))[0]
    call = calls.forwarded_call(way, ring_after=10, answer_after=20)
    answered = answer_call(context, call, 30)
    context.advance(answered.until(60 * minutes - (2 if context.controls_clock else 4)))
    state = context.look(call)
    answered.certain(60 * minutes)
    message = f"shortly before {minutes} min of talk the call is {state.state} {state.release_cause}"
    calls.claim("CALL-011", state.state == "answered", message)
    context.advance(answered.until(60 * minutes + 2))
    calls.claim_ended("CALL-011", context.look(call), TOO_LONG)


@check("CALL-011", needs=("calls", "receiver", "clock"), where=_has_limit, cases=("setting", _others))
def test_the_limit_of_a_call_stays(calls: CallProfile, setting: str) -> None:
    """A modify leaves the end that maxDuration gives a call.

    Unless it modifies maxDuration.
    """
    context = calls.context
    binding = calls.bind_users(**calls.limit_fields(1))
    call = calls.forwarded_call(calls.ways(binding)[0])
    answered = answer_call(context, call)
    context.advance(answered.until(30))
    calls.succeeds("MODIFY-006", calls.modify(binding, **calls.change(setting)), f"modify of {setting}")
    context.advance(answered.until(56))
    state = context.look(call).state
    answered.certain(60)
    calls.claim("CALL-011", state == "answered", f"shortly before the limit the call is {state}")
    context.advance(answered.until(62))
    calls.claim_ended("CALL-011", context.look(call), TOO_LONG)


@check("CALL-011", needs=("calls", "clock"), where=_has_limit)
def test_each_call_has_its_own_limit(calls: CallProfile) -> None:
    """MaxDuration counts for each call of a binding from its own answer."""
    context = calls.context
    first, second = calls.pair_of_ways(calls.bind_users(**calls.limit_fields(1)))
    one = calls.in_phase(first, "answered", hang_up_after=None)
    context.advance(20)
    two = calls.forwarded_call(second)
    answered = answer_call(context, two)
    context.advance(answered.until(50))
    state = context.look(two).state
    answered.certain(60)
    calls.claim_ended("CALL-011", context.look(one), TOO_LONG)
    calls.claim("CALL-011", state == "answered", f"50 seconds after the answer the second call is {state}")
    context.advance(answered.until(62))
    calls.claim_ended("CALL-011", context.look(two), TOO_LONG)


@check("CALL-012", "CALL-013")
def test_without_a_limit_a_call_goes_on(calls: CallProfile) -> None:
    """A call without a limit goes on for two days.

    In every way, until a side hangs up.
    """
    running = [
        calls.forwarded_call(way) for fields in calls.unlimited for way in calls.ways(calls.bind_users(**fields))
    ]
    calls.context.advance(DAYS)
    for call in running:
        state = calls.context.look(call)
        message = f"after two days the call is {state.state} {state.release_cause}"
        calls.claim("CALL-012", state.state == "answered", message)
        calls.claim_ended("CALL-013", calls.context.hang_up(call), 0)
