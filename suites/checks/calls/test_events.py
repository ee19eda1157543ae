"""Call events: which come, when, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    CLOCKS_APART,
    answer_call,
    claim_cause,
    claim_fields,
    seconds_to_events,
    wait_for_stragglers,
    wait_until_ended,
)
from privnum.suites.checks.calls.profiles import NEEDS, check
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way

UNTOLD = "EVENT-012"
"""The rule of what an event need not say."""
FIXED_LINE = 8023
UNANSWERED = ("busy", "reject", "no_answer", "powered_off", "out_of_service", "not_exist", "unreachable", "silent")


# ── which events ─────────────────────────────────────────────────────────────────────────────────────────────────────


@check("EVENT-001", needs=NEEDS, along=("EVENT-001",))
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_events_of_an_answered_call(calls: CallProfile, by: Any) -> None:
    """An answered call has the events of its way once, by either hang-up."""
    for way in calls.ways(calls.bind_users()):
        call = calls.forwarded_call(way)
        answer_call(calls.context, call)
        call = calls.context.hang_up(calls.context.look(call), by)
        came = calls.kinds(wait_until_ended(calls.context, call))
        ok = sorted(came) == sorted(way.events)
        calls.claim(way.events_rule, ok, f"{way.name}: expected {way.events}, came {came}")


@check("EVENT-001", needs=NEEDS, where=lambda profile: profile.limit, along=("EVENT-001",))
def test_events_of_a_call_that_the_limit_ends(calls: CallProfile) -> None:
    """So has one that the platform ends."""
    for way in calls.ways(calls.bind_users(**calls.limit_fields(1))):
        came = calls.kinds(wait_until_ended(calls.context, calls.place(way)))
        ok = sorted(came) == sorted(way.events)
        calls.claim(way.events_rule, ok, f"{way.name}: expected {way.events}, came {came}")


@check("EVENT-002", needs=NEEDS)
@pytest.mark.parametrize("behaviour", UNANSWERED)
def test_no_answer_event_without_an_answer(calls: CallProfile, behaviour: str) -> None:
    """A call that was not answered has one disconnect and no answer."""
    _claim_no_answer(calls, behaviour)


@check("EVENT-002", needs=(*NEEDS, "unregistered_callees"))
def test_no_answer_event_of_an_unregistered_callee(calls: CallProfile) -> None:
    """Nor has one to a callee who is in no register of actual users."""
    _claim_no_answer(calls, "unregistered")


def _claim_no_answer(calls: CallProfile, behaviour: str) -> None:
    for way in calls.tried_ways(calls.bind_users()):
        came = calls.kinds(calls.completed_call(way, behaviour=behaviour))
        ok = "answer" not in came and came.count("disconnect") == 1
        calls.claim("EVENT-002", ok, f"{way.name}: expected a disconnect and no answer, came {came}")


@check("EVENT-002", needs=("calls", "receiver"))
def test_events_of_a_call_in_vain(calls: CallProfile) -> None:
    """A call that reached nobody has one disconnect.

    It has no alerting and no answer.
    """
    for vain in calls.in_vain():
        came = calls.kinds(calls.call_in_vain(vain))
        ok = {"answer", "alerting", "callout"}.isdisjoint(came) and came.count("disconnect") == 1
        calls.claim("EVENT-002", ok, f"{vain.name}: expected a disconnect and no answer, came {came}")


@check("EVENT-011", needs=NEEDS)
def test_events_come_in_the_order_of_the_call(calls: CallProfile) -> None:
    """The events of a call arrive in its order.

    Also if they happen in one second.
    """
    ways = calls.tried_ways(calls.bind_users())
    for plan in ({"hang_up_after": 4}, {"ring_after": 0, "answer_after": 0, "hang_up_after": 0}):
        for way in ways:
            came = calls.kinds(calls.completed_call(way, **plan))
            order = [kind for kind in way.events if kind in came]
            calls.claim("EVENT-011", came == order, f"{way.name}: expected {order}, came {came}")


# ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("EVENT-003", needs=NEEDS)
def test_events_hold_to_their_schema(calls: CallProfile) -> None:
    """Every event fits its schema.

    Of calls that were put through, and of calls in vain.
    """
    ended = [calls.completed_call(way) for way in calls.tried_ways(calls.bind_users(userData="order-42"))]
    ended += [calls.call_in_vain(vain) for vain in calls.in_vain()]
    for push in [push for call in ended for push in calls.context.events(call)]:
        ok = {"timestamp", "sessionId"} <= push.info.keys() and bool(push.event_type)
        calls.claim("EVENT-003", ok, f"{push.event_type} lacks timestamp or sessionId: {sorted(push.info)}")


@check("EVENT-004", needs=NEEDS)
def test_one_session_per_call(calls: CallProfile) -> None:
    """All events of a call and its CDR share one sessionId of its own."""
    context, ways = calls.context, calls.ways(calls.bind_users())
    start = len(context.messages())
    chosen = (ways[0], *ways)
    ended = [calls.completed_call(way) for way in chosen]
    if context.session.owns_worlds:
        wait_for_stragglers(context)
        named = {str(cdr.get("sessionId")) for push in context.messages()[start:] for cdr in push.cdrs}
        events = [push for push in context.messages() if push.kind == "call_event"]
        placed = {str(push.info.get("sessionId")) for push in events} | {call.session_id for call in ended}
        others = named - placed  # a CDR of the call that set up a way may come late
        calls.claim("EVENT-004", not others, f"CDRs came with {len(others)} sessionIds that no call has")
    for call in ended:
        calls.cdr(call)
    pushes = [push for push in context.messages()[start:] if push.kind == "call_event"]
    sessions = [str(push.info.get("sessionId")) for push in pushes]
    own = {call.session_id for call in ended}
    calls.claim("EVENT-004", len(own) == len(ended), f"{len(ended)} calls have {len(own)} sessionIds")
    counts, wanted = [sessions.count(call.session_id) for call in ended], [len(way.events) for way in chosen]
    calls.claim("EVENT-004", counts == wanted, f"events per sessionId: expected {wanted}, came {counts}")


@check("EVENT-005", needs=NEEDS)
def test_timestamps_are_utc(calls: CallProfile) -> None:
    """Timestamps have the platform's form and are the world's time in UTC."""
    context = calls.context
    way = calls.ways(calls.bind_users())[0]
    start = int(context.now().timestamp())
    call = calls.completed_call(way, ring_after=3, answer_after=4, hang_up_after=5)
    planned = {"callin": 0, "collectInfo": way.enters, "callout": way.enters}
    planned |= {"alerting": way.enters + 3, "answer": way.enters + 7, "disconnect": way.enters + 12}
    if not way.enters:  # nobody says when a call is put through for which nobody is asked
        del planned["callout"], planned["collectInfo"]
    expected = seconds_to_events(context, call, **planned)
    slack = 1 if context.controls_clock else CLOCKS_APART
    for kind, info in calls.events(call).items():
        text = info.get("timestamp")
        at = seconds(text)
        calls.claim("EVENT-005", at is not None, f"timestamp of {kind}: expected yyyy-MM-dd HH:mm:ss, came {text}")
        passed = (at or 0) - start
        message = f"{kind} came {passed} s after the start in UTC, expected {expected.get(kind)}"
        calls.claim("EVENT-005", kind not in expected or abs(passed - expected[kind]) <= slack, message)


@check("EVENT-006", UNTOLD, needs=NEEDS)
def test_callin_names_the_caller_and_x(calls: CallProfile) -> None:
    """In callin, caller is who calls, and called what he dialled.

    Also of a call in vain.
    """
    ways, in_vain = calls.ways(calls.bind_users()), list(calls.in_vain())
    ended = [*map(calls.completed_call, ways), *map(calls.call_in_vain, in_vain)]
    placed: list[Way | CallInVain] = [*ways, *in_vain]
    for one, call in zip(placed, ended, strict=True):
        info = calls.events(call).get("callin", {})
        _says(calls, "EVENT-006", info, caller=one.caller, called=one.dialled)


@check("EVENT-007", UNTOLD, needs=NEEDS)
def test_callout_names_the_callee(calls: CallProfile) -> None:
    """In callout, called is the number to which the call is forwarded."""
    for way in calls.ways(calls.bind_users()):
        info = calls.events(calls.completed_call(way)).get("callout", {})
        _says(calls, "EVENT-007", info, called=way.callee)


@check("EVENT-008", UNTOLD, needs=NEEDS, along=("EVENT-008",))
def test_events_name_the_binding(calls: CallProfile) -> None:
    """Events of a call that was put through have its subscriptionId.

    But for those of which the mode says otherwise.
    """
    calls.bind_users()
    for way in calls.ways(calls.bind_users()):
        events = calls.events(calls.completed_call(way))
        for kind in calls.named_in:
            _says(calls, "EVENT-008", events.get(kind, {}), subscriptionId=way.sub)
        for kind, rule in calls.nameless.items():
            sub = events.get(kind, {}).get("subscriptionId")
            calls.claim(rule, not sub, f"{kind} carries the subscriptionId {sub}")


@check("EVENT-009", UNTOLD, needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", *UNANSWERED])
def test_disconnect_reports_the_cause(calls: CallProfile, behaviour: str) -> None:
    """StateCode of disconnect is the cause, an integer; stateDesc a text."""
    call = calls.completed_call(calls.crowd(1)[0], behaviour=behaviour)
    info = calls.events(call).get("disconnect", {})
    what = f"a callee with {behaviour}"
    claim_cause(calls.context, calls.rule("EVENT-009"), calls.rule(UNTOLD), what, info, call.release_cause)


@check("EVENT-009", UNTOLD, needs=("calls", "receiver"))
def test_disconnect_of_a_call_in_vain(calls: CallProfile) -> None:
    """The disconnect of a call that reached nobody says why."""
    for vain in calls.in_vain():
        info = calls.events(calls.call_in_vain(vain)).get("disconnect", {})
        claim_cause(calls.context, calls.rule("EVENT-009"), calls.rule(UNTOLD), vain.name, info, vain.cause)


@check("EVENT-010", needs=NEEDS)
def test_user_data_comes_back(calls: CallProfile) -> None:
    """UserData of the bind, and then that of a modify, is in callin."""
    binding = calls.bind_users(userData="order-42")
    ways = calls.tried_ways(binding)
    for text in ("order-42", "order-43"):
        if text == "order-43":
            calls.succeeds("EVENT-010", calls.modify(binding, userData=text), "modify of userData")
        for way in ways:
            data = calls.events(calls.completed_call(way)).get("callin", {}).get("userData")
            calls.claim("EVENT-010", data == text, f"userData of callin: expected {text}, came {data!r}")


@check("EVENT-013")
def test_state_desc_of_a_fixed_line(calls: CallProfile) -> None:
    """StateDesc of a fixed line that gets 8023 is the text that was seen."""
    line = calls.context.user("fixed_line")
    call = calls.context.call(line, calls.dialled_by_a(calls.bind_users(a=line)))
    wait_for_stragglers(calls.context)
    if call.release_cause != FIXED_LINE:
        raise NotExercised(f"the call of a fixed line ended with {call.release_cause}")
    desc = str(calls.events(call).get("disconnect", {}).get("stateDesc") or "")
    ok = not desc or desc.startswith("The fixnum cannot be caller")
    calls.claim("EVENT-013", ok, f"stateDesc: expected 'The fixnum cannot be caller', came {desc!r}")


def _says(calls: CallProfile, rule: str, info: dict[str, Any], **fields: Any) -> None:
    claim_fields(calls.context, calls.rule(rule), calls.rule(UNTOLD), info, **fields)
