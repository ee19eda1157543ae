"""Call events: which come, when, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    CLOCKS_APART,
    answer_call,
    cdr_of,
    claim_cause,
    claim_fields,
    claim_success,
    completed_call,
    seconds_to_events,
    wait_for_stragglers,
    wait_until_ended,
)
from privnum.suites.checks.axb.scenarios import bound
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
UNTOLD = "AXB-EVENT-012"
"""The rule of what an event need not tell."""
FIXED_LINE = 8023
FULL = ["callin", "callout", "alerting", "answer", "disconnect"]
UNANSWERED = ("busy", "reject", "no_answer", "powered_off", "out_of_service", "not_exist", "unreachable", "silent")


def events_by_type(context: CheckContext, call: CallView) -> dict[str, dict[str, Any]]:
    """The statusInfo of each of the call's events, by eventType."""
    return {push.event_type: push.info for push in context.events(call)}


def event_types(context: CheckContext, call: CallView) -> list[str]:
    """The eventTypes of the call, in the order of arrival."""
    return [push.event_type for push in context.events(call)]


@check("AXB-EVENT-001", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee", "limit"])
def test_events_of_an_answered_call(context: CheckContext, by: Any) -> None:
    """An answered call yields callin, callout, alerting, answer and disconnect, once each, whoever ends it."""
    pair = bound(context, maxDuration=1)
    for caller in (pair.a, pair.b):
        call = context.call(caller, pair.x)
        if by != "limit":
            answer_call(context, call)
            context.hang_up(call, by)
        came = event_types(context, wait_until_ended(context, call))
        context.claim("AXB-EVENT-001", sorted(came) == sorted(FULL), f"expected {FULL}, came {came}")


@check("AXB-EVENT-002", needs=NEEDS)
@pytest.mark.parametrize("behaviour", UNANSWERED)
def test_no_answer_event_without_an_answer(context: CheckContext, behaviour: str) -> None:
    """A call that was not answered yields one disconnect and no answer."""
    pair = bound(context)
    came = event_types(context, completed_call(context, pair.a, pair.x, behaviour=behaviour))
    ok = "answer" not in came and came.count("disconnect") == 1
    context.claim("AXB-EVENT-002", ok, f"expected a disconnect and no answer, came {came}")


@check("AXB-EVENT-002", needs=("calls", "receiver"))
def test_a_refused_call_is_told_too(context: CheckContext) -> None:
    """A call that reached nobody yields one disconnect and no answer."""
    pair = bound(context, callDirection=1)
    for caller in (pair.b, context.user()):
        came = event_types(context, context.call(caller, pair.x))
        ok = "answer" not in came and came.count("disconnect") == 1
        context.claim("AXB-EVENT-002", ok, f"expected a disconnect and no answer, came {came}")


@check("AXB-EVENT-003", needs=NEEDS)
def test_events_hold_to_their_schema(context: CheckContext) -> None:
    """Every event of an answered and of a refused call is what its schema says."""
    pair = bound(context, userData="order-42")
    calls = [completed_call(context, pair.a, pair.x, hang_up_after=4), context.call(context.user(), pair.x)]
    for call in calls:
        for push in context.events(call):
            info = push.info
            ok = {"timestamp", "sessionId"} <= info.keys() and bool(push.event_type)
            context.claim("AXB-EVENT-003", ok, f"{push.event_type} lacks timestamp or sessionId: {sorted(info)}")


@check("AXB-EVENT-004", needs=NEEDS)
def test_one_session_per_call(context: CheckContext) -> None:
    """All events of a call and its CDR have one sessionId, and two calls have two."""
    pair = bound(context)
    calls = [completed_call(context, caller, pair.x, hang_up_after=4) for caller in (pair.a, pair.a, pair.b)]
    if context.session.owns_worlds:
        wait_for_stragglers(context)
        named = {str(cdr.get("sessionId")) for push in context.messages() for cdr in push.cdrs}
        others = named - {call.session_id for call in calls}
        context.claim("AXB-EVENT-004", not others, f"CDRs came with {len(others)} sessionIds that no call has")
    for call in calls:
        cdr_of(context, call)
    pushes = [push for push in context.messages() if push.kind == "call_event"]
    sessions = [str(push.info.get("sessionId")) for push in pushes]
    counts = {call.session_id: sessions.count(call.session_id) for call in calls}
    context.claim("AXB-EVENT-004", len(counts) == 3, f"three calls have {len(counts)} sessionIds")
    context.claim("AXB-EVENT-004", set(counts.values()) == {5}, f"events per sessionId: expected 5 each, came {counts}")


@check("AXB-EVENT-005", needs=NEEDS)
def test_timestamps_are_utc(context: CheckContext) -> None:
    """Timestamps have the platform's form and are the world's time in UTC."""
    pair = bound(context)
    start = int(context.now().timestamp())
    call = completed_call(context, pair.a, pair.x, ring_after=3, answer_after=4, hang_up_after=5)
    expected = seconds_to_events(context, call, callin=0, alerting=3, answer=7, disconnect=12)
    slack = 1 if context.still else CLOCKS_APART
    for kind, info in events_by_type(context, call).items():
        text = info.get("timestamp")
        at = seconds(text)
        context.claim(
            "AXB-EVENT-005", at is not None, f"timestamp of {kind}: expected yyyy-MM-dd HH:mm:ss, came {text}"
        )
        passed = (at or 0) - start
        ok = kind not in expected or abs(passed - expected[kind]) <= slack
        message = f"{kind} came {passed} s after the start in UTC, expected {expected.get(kind)}"
        context.claim("AXB-EVENT-005", ok, message)


@check("AXB-EVENT-006", UNTOLD, needs=NEEDS)
def test_callin_names_the_caller_and_x(context: CheckContext) -> None:
    """In callin, caller is who calls and called is X."""
    pair = bound(context)
    for caller in (pair.a, pair.b):
        info = events_by_type(context, completed_call(context, caller, pair.x, hang_up_after=4)).get("callin", {})
        claim_fields(context, "AXB-EVENT-006", UNTOLD, info, caller=caller, called=pair.x)


@check("AXB-EVENT-007", UNTOLD, needs=NEEDS)
def test_callout_names_the_callee(context: CheckContext) -> None:
    """In callout, called is the number to which the call is forwarded."""
    pair = bound(context)
    for caller, callee in ((pair.a, pair.b), (pair.b, pair.a)):
        info = events_by_type(context, completed_call(context, caller, pair.x, hang_up_after=4)).get("callout", {})
        claim_fields(context, "AXB-EVENT-007", UNTOLD, info, called=callee)


@check("AXB-EVENT-008", UNTOLD, needs=NEEDS)
def test_events_name_the_binding(context: CheckContext) -> None:
    """Every event of a call that was put through carries the subscriptionId of its binding."""
    bound(context)
    pair = bound(context)
    for caller in (pair.a, pair.b):
        for info in events_by_type(context, completed_call(context, caller, pair.x, hang_up_after=4)).values():
            claim_fields(context, "AXB-EVENT-008", UNTOLD, info, subscriptionId=pair.sub)


@check("AXB-EVENT-009", UNTOLD, needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", *UNANSWERED])
def test_disconnect_tells_the_cause(context: CheckContext, behaviour: str) -> None:
    """StateCode of disconnect is the cause of the release, an integer, and stateDesc a text."""
    pair = bound(context)
    call = completed_call(context, pair.a, pair.x, behaviour=behaviour, hang_up_after=4)
    claim_cause(
        context, "AXB-EVENT-009", UNTOLD, events_by_type(context, call).get("disconnect", {}), call.release_cause
    )


@check("AXB-EVENT-009", UNTOLD, needs=("calls", "receiver"))
def test_disconnect_of_a_refused_call(context: CheckContext) -> None:
    """The disconnect of a refused call tells why."""
    pair = bound(context, callDirection=1)
    for caller, cause in ((pair.b, 8016), (context.user(), 8014)):
        info = events_by_type(context, context.call(caller, pair.x)).get("disconnect", {})
        claim_cause(context, "AXB-EVENT-009", UNTOLD, info, cause)


@check("AXB-EVENT-010", needs=NEEDS)
def test_user_data_comes_back(context: CheckContext) -> None:
    """UserData of the bind, and then that of a modify, stands in callin."""
    pair = bound(context, userData="order-42")
    events = events_by_type(context, completed_call(context, pair.a, pair.x, hang_up_after=4))
    data = events.get("callin", {}).get("userData")
    context.claim("AXB-EVENT-010", data == "order-42", f"userData of callin: expected order-42, came {data!r}")
    claim_success(context, "AXB-EVENT-010", context.axb.modify(pair.sub, userData="order-43"), "modify of userData")
    events = events_by_type(context, completed_call(context, pair.b, pair.x, hang_up_after=4))
    data = events.get("callin", {}).get("userData")
    context.claim("AXB-EVENT-010", data == "order-43", f"userData of callin: expected order-43, came {data!r}")


@check("AXB-EVENT-011", needs=NEEDS)
def test_events_come_in_the_order_of_the_call(context: CheckContext) -> None:
    """The events of a call arrive in the order of the call."""
    pair = bound(context)
    for plan in ({"hang_up_after": 4}, {"ring_after": 0, "answer_after": 0, "hang_up_after": 0}):
        came = event_types(context, completed_call(context, pair.a, pair.x, **plan))
        order = [kind for kind in FULL if kind in came]
        context.claim("AXB-EVENT-011", came == order, f"expected {order}, came {came}")


@check("AXB-EVENT-013")
def test_state_desc_of_a_fixed_line(context: CheckContext) -> None:
    """StateDesc of a fixed line's call that is refused with 8023 is the text that was seen."""
    pair = bound(context, context.user("fixed_line"), context.user())
    call = context.call(pair.a, pair.x)
    wait_for_stragglers(context)
    info = events_by_type(context, call).get("disconnect", {})
    if call.release_cause != FIXED_LINE:
        raise NotExercised(f"the call of a fixed line ended with {call.release_cause}")
    desc = str(info.get("stateDesc") or "")
    ok = not desc or desc.startswith("The fixnum cannot be caller")
    context.claim("AXB-EVENT-013", ok, f"stateDesc: expected 'The fixnum cannot be caller', came {desc!r}")
