"""Calls and the status of X, of the tenant and of their binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import answer_call
from privnum.suites.checks.calls.profiles import check
from privnum.suites.runner.scheduler import Moment

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way


@check("CALL-001")
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_a_binding_outlives_its_calls(calls: CallProfile, behaviour: str) -> None:
    """After calls of every way the binding is there and reaches its callee.

    Answered or not.
    """
    binding = calls.bind_users()
    for way in calls.ways(binding):
        calls.completed_call(way, behaviour=behaviour)
        there = calls.is_there(binding)
        calls.claim("CALL-001", there, f"after a call that ended ({behaviour}) a query does not show the binding")
        calls.context.hang_up(calls.reaches("CALL-001", way))


@check("CALL-002")
def test_a_frozen_tenant_has_no_calls(calls: CallProfile) -> None:
    """While the tenant is frozen calls end with 7108.

    Afterwards they go as before.
    """
    ways, in_vain = calls.ways(calls.bind_users()), [vain for vain in calls.in_vain() if vain.at_once]
    calls.context.set_application(calls.side.app, status="frozen")
    callers: list[Way | CallInVain] = [*ways, *in_vain]
    for one in callers:
        calls.claim_refused("CALL-002", one, 7108)
    calls.context.set_application(calls.side.app, status="normal")
    for way in ways:
        calls.context.hang_up(calls.reaches("CALL-002", way))


@check("CALL-003")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_calls(calls: CallProfile, status: Any) -> None:
    """While X is suspended or unavailable calls are refused with 8055.

    Afterwards they go through again.
    """
    ways = calls.ways(calls.bind_users())
    for dialled in dict.fromkeys(way.dialled for way in ways):
        calls.context.set_number(dialled, status)
        by_it = [way for way in ways if way.dialled == dialled]
        for way in by_it:
            calls.claim_refused("CALL-003", way, 8055)
        calls.context.set_number(dialled, "5")
        for way in by_it:
            calls.context.hang_up(calls.reaches("CALL-003", way))


@check("CALL-004")
def test_an_x_frozen_for_binding_keeps_its_calls(calls: CallProfile) -> None:
    """While X is frozen for binding calls go through in every way."""
    ways = calls.ways(calls.bind_users())  # before: some of them begin with a call of their own
    for dialled in dict.fromkeys(way.dialled for way in ways):
        calls.context.set_number(dialled, "11")
    for way in ways:
        calls.context.hang_up(calls.reaches("CALL-004", way))


@check("CALL-010", "LIFE-001")
def test_expiry_does_not_cut_a_call(calls: CallProfile) -> None:
    """An answered call goes on after its binding expired.

    The next call is refused.
    """
    context = calls.context
    fields, life = calls.lifetime(60, real=8)
    with Moment(context) as made:
        binding = calls.bind_users(**fields)
    way = calls.pair_of_ways(binding)[-1]
    call = calls.forwarded_call(way)
    answer_call(context, call)
    if not context.controls_clock:  # only a call that was answered before the end can outlive it
        made.certain(life)
    context.advance(made.until(life + 1))
    calls.claim("LIFE-001", not calls.is_there(binding), "the binding is there after its end")
    state = context.look(call)
    message = f"after the binding expired the call is {state.state} {state.release_cause}"
    calls.claim("CALL-010", state.state == "answered", message)
    calls.claim_refused("CALL-010", way)
    calls.claim_ended("CALL-013", context.hang_up(call, by="callee"), 0)
