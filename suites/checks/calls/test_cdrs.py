"""CDRs: one for each call, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    CLOCKS_APART,
    answer_call,
    claim_one_cdr,
    seconds_to_events,
    wait_for_stragglers,
    wait_until_ended,
)
from privnum.suites.checks.calls.profiles import NEEDS, check
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.call_timing import wait_for_state

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallProfile
    from privnum.suites.driver.protocol import CallView

UNTOLD = "CDR-016"
"""The rule of what a CDR need not have."""
TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")
EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")
"""When each of TIMES is."""
MANDATORY = {"direction", "spId", "appKey", "bindNum", "sessionId", "calleeNum"}
MANY = 55
"""Calls that end together: more than a message may hold."""


# ── how many ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("CDR-001", "CDR-018", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", "busy", "reject", "no_answer", "silent", "not_exist"])
def test_every_call_has_one_cdr(calls: CallProfile, behaviour: str) -> None:
    """A call has exactly one CDR after its end, and none before.

    Answered or not.
    """
    context = calls.context
    for way in calls.tried_ways(calls.bind_users()):
        call = calls.place(way, behaviour=behaviour, hang_up_after=8)
        early = context.cdrs(call)
        if context.look(call).state != "ended":
            calls.claim("CDR-001", not early, "a CDR came before the call ended")
        calls.cdr(wait_until_ended(context, call))
        wait_for_stragglers(context)
        claim_one_cdr(context, call, calls.rule("CDR-018"), way.name)


@check("CDR-001", "CDR-018", needs=NEEDS)
def test_a_call_in_vain_has_a_cdr(calls: CallProfile) -> None:
    """A call that reached nobody has exactly one CDR."""
    for vain in calls.in_vain():
        call = calls.call_in_vain(vain)
        calls.cdr(call)
        claim_one_cdr(calls.context, call, calls.rule("CDR-018"), vain.name)


@check("CDR-003", "CDR-018", "CDR-001", needs=(*NEEDS, "some_users"))
def test_up_to_50_cdrs_a_message(calls: CallProfile) -> None:
    """CDRs of 55 calls that end together come 1 to 50 a message.

    Each call once.
    """
    context = calls.context
    context.require_exclusive()
    placed = [calls.place(way, behaviour="busy") for way in calls.crowd(MANY)]
    context.advance(5)
    for call in placed:
        ended = wait_for_state(context, call, "ended", 0)
        if not context.controls_clock:
            calls.cdr(wait_until_ended(context, ended))
    wait_for_stragglers(context)
    messages = [push for push in context.messages() if push.kind == "cdr"]
    sizes = [len(push.cdrs) for push in messages]
    calls.claim("CDR-003", all(1 <= size <= 50 for size in sizes), f"messages hold {sizes} CDRs")
    kinds = {str(push.body.get("eventType")) for push in messages}
    calls.claim("CDR-003", kinds == {"fee"}, f"eventType: expected fee, came {sorted(kinds)}")
    expected = sorted(call.session_id for call in placed)
    sessions = sorted(str(cdr.get("sessionId")) for push in messages for cdr in push.cdrs)
    if not context.session.owns_worlds:
        sessions = [session for session in sessions if session in expected]  # others may call meanwhile
    calls.claim("CDR-001", set(sessions) >= set(expected), f"{MANY} calls ended, CDRs came of {len(set(sessions))}")
    calls.claim("CDR-018", sessions == expected, f"{MANY} calls ended, {len(sessions)} CDRs came")


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("CDR-002", "CDR-013", needs=NEEDS)
def test_mandatory_fields(calls: CallProfile) -> None:
    """Every CDR has its mandatory fields, and the application's appKey.

    Of calls answered, unanswered and in vain.

    All that came are looked at: one without a sessionId is of no call.
    """
    context, ways = calls.context, calls.tried_ways(calls.bind_users())
    ended = [*map(calls.completed_call, ways), calls.completed_call(ways[0], behaviour="busy")]
    ended += map(calls.call_in_vain, calls.in_vain())
    wait_for_stragglers(context)
    for cdr in [cdr for push in context.messages() for cdr in push.cdrs]:
        missing = MANDATORY - cdr.keys()
        calls.claim("CDR-002", not missing, f"the CDR lacks {sorted(missing)}")
    for call in ended:
        calls.cdr_says("CDR-013", calls.cdr(call), appKey=calls.side.app.key)


@check("CDR-004", needs=NEEDS)
def test_direction(calls: CallProfile) -> None:
    """Direction says who called whom, and 2 that there was no binding.

    Answered or not.
    """
    ways = [way for way in calls.ways(calls.bind_users()) if way.direction is not None]
    for behaviour in ("answer", "busy"):
        for way in ways:
            cdr = calls.cdr(calls.completed_call(way, behaviour=behaviour))
            calls.cdr_says("CDR-004", cdr, direction=way.direction)
    for vain in calls.in_vain():
        if vain.direction is not None:
            calls.cdr_says("CDR-004", calls.cdr(calls.call_in_vain(vain)), direction=vain.direction)


@check("CDR-005", UNTOLD, needs=NEEDS)
def test_numbers(calls: CallProfile) -> None:
    """A CDR names X, who called, what he dialled and who was called."""
    for way in calls.ways(calls.bind_users()):
        calls.cdr_says("CDR-005", calls.cdr(calls.completed_call(way)), **way.numbers)
    for vain in calls.in_vain():
        calls.cdr_says("CDR-005", calls.cdr(calls.call_in_vain(vain)), **calls.numbers(vain.dialled, vain.caller))


@check("CDR-006", UNTOLD, needs=NEEDS)
def test_times(calls: CallProfile) -> None:
    """The times of a CDR have the platform's form, are UTC and in order.

    The talk lasted end minus answer.
    """
    context = calls.context
    way = calls.ways(calls.bind_users())[0]
    start, enters = int(context.now().timestamp()), way.enters
    call = calls.completed_call(way, ring_after=3, answer_after=4, hang_up_after=7)
    cdr = calls.cdr(call)
    times = {name: seconds(cdr.get(name)) for name in TIMES}
    for name, at in times.items():
        if calls.has(cdr, name):
            calls.claim("CDR-006", at is not None, f"{name}: expected yyyy-MM-dd HH:mm:ss, came {cdr.get(name)!r}")
    came = {name: at for name, at in times.items() if at is not None}
    ordered = list(came.values()) == sorted(came.values())
    calls.claim("CDR-006", ordered, f"times out of order: {[cdr.get(name) for name in TIMES]}")
    off = came.get("callInTime", start) - start
    ok = abs(off) <= (1 if context.controls_clock else CLOCKS_APART)
    calls.claim("CDR-006", ok, f"callInTime: expected the call's start in UTC, is {off} s off")
    planned = dict(zip(EVENTS, (0, enters, enters + 3, enters + 7, enters + 14), strict=True))
    real = seconds_to_events(context, call, **planned)
    if context.controls_clock:
        late = {
            name: came[name] - start - real[event]
            for name, event in zip(TIMES, EVENTS, strict=True)
            if name in came and (event != "callout" or enters)
        }
        calls.claim("CDR-006", all(abs(s) <= 1 for s in late.values()), f"seconds off the call's course: {late}")
    if {"answer", "disconnect"} <= real.keys():
        talk, wanted = came["callEndTime"] - came["fwdAnswerTime"], real["disconnect"] - real["answer"]
        ok = abs(talk - wanted) <= (1 if context.controls_clock else 2)
        calls.claim("CDR-006", ok, f"callEndTime - fwdAnswerTime: expected {wanted:g} s, came {talk}")


@check("CDR-007", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["busy", "reject", "no_answer", "silent"])
def test_no_answer_time_without_an_answer(calls: CallProfile, behaviour: str) -> None:
    """The CDR of an unanswered call has no fwdAnswerTime."""
    for way in calls.tried_ways(calls.bind_users()):
        at = calls.cdr(calls.completed_call(way, behaviour=behaviour)).get("fwdAnswerTime")
        calls.claim("CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


@check("CDR-007", needs=NEEDS)
def test_no_answer_time_in_vain(calls: CallProfile) -> None:
    """Nor has that of a call that reached nobody."""
    for vain in calls.in_vain():
        at = calls.cdr(calls.call_in_vain(vain)).get("fwdAnswerTime")
        calls.claim("CDR-007", not at, f"{vain.name}: fwdAnswerTime {at!r}")


@check("CDR-008", "CDR-017", needs=NEEDS)
def test_release_point(calls: CallProfile) -> None:
    """UlFailReason is 0 after an answer, else it says why the call ended.

    A release point; as a rule the cause.
    """
    ways = calls.tried_ways(calls.bind_users())
    early, late = ways[0].enters + 1, ways[0].enters + 3
    plans: list[dict[str, Any]] = [{"hang_up_after": 4}, {"caller_hangs_up_after": early}]
    plans += [{"caller_hangs_up_after": late}]
    plans += [{"behaviour": how} for how in ("busy", "no_answer", "reject", "silent", "powered_off")]
    ended = [calls.completed_call(ways[0], **plan) for plan in plans]
    ended += [calls.completed_call(way, **plan) for way in ways[1:] for plan in plans[:1] + plans[3:4]]
    for call in (*ended, *map(calls.call_in_vain, calls.in_vain())):
        _claim_end(calls, call, calls.cdr(call).get("ulFailReason"))


def _claim_end(calls: CallProfile, call: CallView, reason: object) -> None:
    """Claim that ulFailReason says why the call ended: the cause."""
    cause = call.release_cause
    ok = cause is not None and fits(reason, [cause])
    calls.claim("CDR-008", ok, f"ulFailReason of a call that ended with {cause}: {reason!r}")
    calls.claim("CDR-017", (reason or 0) == cause, f"ulFailReason: expected {cause}, came {reason!r}")


@check("CDR-009", UNTOLD, needs=NEEDS)
def test_service_type(calls: CallProfile) -> None:
    """ServiceType is the text of the mode."""
    ended = [
        *map(calls.completed_call, calls.tried_ways(calls.bind_users())),
        *map(calls.call_in_vain, calls.in_vain()),
    ]
    for call in ended:
        calls.cdr_says("CDR-009", calls.cdr(call), serviceType=calls.service_type)


@check("CDR-010", needs=NEEDS)
def test_cdr_names_the_binding(calls: CallProfile) -> None:
    """SubscriptionId is that of the binding that put the call through.

    Also if it is unbound meanwhile.
    """
    calls.bind_users()
    binding = calls.bind_users()
    ways = calls.tried_ways(binding)
    for way in ways:
        calls.cdr_says("CDR-010", calls.cdr(calls.completed_call(way)), subscriptionId=way.sub)
    call = calls.forwarded_call(ways[-1])
    answer_call(calls.context, call)
    calls.unbind(binding)
    calls.cdr_says("CDR-010", calls.cdr(calls.context.hang_up(call)), subscriptionId=ways[-1].sub)


@check("CDR-012", UNTOLD, needs=NEEDS)
def test_user_data(calls: CallProfile) -> None:
    """UserData is that of the binding.

    Of the bind, and where a modify may change it, then that of the modify.
    """
    calls.bind_users(userData="order-41")
    binding = calls.bind_users(userData="order-42")
    ways = calls.tried_ways(binding)
    for way in ways:
        calls.cdr_says("CDR-012", calls.cdr(calls.completed_call(way)), userData="order-42")
    if calls.modifies_user_data:
        calls.succeeds("CDR-012", calls.modify(binding, userData="order-43"), "modify of userData")
        calls.cdr_says("CDR-012", calls.cdr(calls.completed_call(ways[-1])), userData="order-43")


@check("CDR-014", "CDR-019", needs=NEEDS)
def test_a_call_that_was_answered_has_not_failed(calls: CallProfile) -> None:
    """The CDR of an answered call has no failTime and no SIP failure.

    No SIP status but 0, no matter who called and who hung up.
    """
    for way in calls.ways(calls.bind_users()):
        for plan in ({"hang_up_after": 4}, {"hang_up_after": None, "caller_hangs_up_after": way.enters + 20}):
            cdr = calls.cdr(calls.completed_call(way, **plan))
            at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
            calls.claim("CDR-014", not at, f"failTime of a call that was answered: {at!r}")
            calls.claim("CDR-019", not status, f"sipStatusCode of a call that was answered: {status!r}")
