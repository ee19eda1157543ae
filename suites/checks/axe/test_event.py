"""Call events: which come, when, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import cdr_of, claim_cause, claim_fields, completed_call, seconds_to_events
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    answered_call,
    bound,
    other_extension,
)
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.call_timing import entry_delay
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
UNTOLD = "AXE-EVENT-012"
"""The rule of what an event need not tell."""
FIXED_LINE = 8023
FULL = ["callin", "collectInfo", "callout", "alerting", "answer", "disconnect"]
BACK = ["callin", "callout", "alerting", "answer", "disconnect"]
UNANSWERED = ("busy", "reject", "no_answer", "powered_off", "out_of_service", "not_exist", "unreachable", "silent")
OTHERS = ("caller", "called", "subscriptionId", "userData", "stateCode", "stateDesc")
"""Fields that events have and collectInfo has not."""
PLANS: dict[str, dict[str, Any]] = {
    "caller": {"caller_hangs_up_after": 30, "hang_up_after": None},
    "callee": {"hang_up_after": 30},
}


def events_by_type(context: CheckContext, call: CallView) -> dict[str, dict[str, Any]]:
    """The statusInfo of each of the call's events, by eventType."""
    return {push.event_type: push.info for push in context.events(call)}


def event_types(context: CheckContext, call: CallView) -> list[str]:
    """The eventTypes of the call, in the order of arrival."""
    return [push.event_type for push in context.events(call)]


def with_record(context: CheckContext, **fields: Any) -> tuple[Binding, str]:
    """A binding and the caller who talked to its A."""
    binding = bound(context, callbackExpiredTime=24, **fields)
    return binding, answered_call(context, binding).caller


def call_back(context: CheckContext, binding: Binding, **plan: Any) -> CallView:
    """A finished call of A to X; the other side hangs up after 10 seconds unless `plan` differs."""
    whole: dict[str, Any] = {"hang_up_after": 10} | plan
    return completed_call(context, binding.a, binding.x, **whole)


def wrong_digits(context: CheckContext, binding: Binding) -> list[str]:
    """An extension that is not bound, as often as the caller is asked."""
    return [other_extension(context, binding.extension)] * PROMPTS


def in_vain(context: CheckContext, binding: Binding) -> dict[str, CallView]:
    """Finished calls that reached nobody, by what was wrong."""
    calls = {
        "wrong extension": completed_call(context, context.user(), binding.x, digits=wrong_digits(context, binding))
    }
    calls["no extension"] = completed_call(context, context.user(), binding.x)
    calls["hung up"] = completed_call(context, context.user(), binding.x, caller_hangs_up_after=1)
    if context.axe.app.no_record is None:
        plain = bound(context)
        calls["no record"] = completed_call(context, plain.a, plain.x)
    return calls


# ── which events ─────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-EVENT-001", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_events_when_a_is_called(context: CheckContext, by: str) -> None:
    """An answered call to A yields callin, collectInfo, callout, alerting, answer and disconnect, once each."""
    came = event_types(context, answered_call(context, bound(context), **PLANS[by]))
    context.claim("AXE-EVENT-001", sorted(came) == sorted(FULL), f"expected {FULL}, came {came}")


@check("AXE-EVENT-101", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_events_when_a_calls_back(context: CheckContext, by: str) -> None:
    """An answered call-back yields callin, callout, alerting, answer and disconnect, once each, no collectInfo."""
    binding, _ = with_record(context)
    came = event_types(context, call_back(context, binding, **PLANS[by]))
    context.claim("AXE-EVENT-101", sorted(came) == sorted(BACK), f"expected {BACK}, came {came}")


@check("AXE-EVENT-101", needs=NEEDS)
def test_events_of_a_transfer_to_callback_num(context: CheckContext) -> None:
    """A call of A to callbackNum yields the same events."""
    came = event_types(context, call_back(context, bound(context, callbackNum=context.user())))
    context.claim("AXE-EVENT-101", sorted(came) == sorted(BACK), f"expected {BACK}, came {came}")


@check("AXE-EVENT-002", needs=NEEDS)
@pytest.mark.parametrize("behaviour", UNANSWERED)
def test_no_answer_event_without_an_answer(context: CheckContext, behaviour: str) -> None:
    """A call that was not answered yields one disconnect and no answer, to A and when A calls back."""
    binding, _ = with_record(context)
    for call in (
        answered_call(context, binding, behaviour=behaviour),
        call_back(context, binding, behaviour=behaviour),
    ):
        came = event_types(context, call)
        ok = "answer" not in came and came.count("disconnect") == 1
        context.claim("AXE-EVENT-002", ok, f"expected a disconnect and no answer, came {came}")


@check("AXE-EVENT-002", needs=NEEDS)
def test_a_call_that_reached_nobody_is_told_too(context: CheckContext) -> None:
    """A wrong extension, none, a hang-up before it, and no record: one disconnect, no callout and no answer."""
    for what, call in in_vain(context, bound(context)).items():
        came = event_types(context, call)
        ok = not {"answer", "alerting", "callout"} & set(came) and came.count("disconnect") == 1
        context.claim("AXE-EVENT-002", ok, f"{what}: expected a disconnect and no answer, came {came}")


@check("AXE-EVENT-011", needs=NEEDS)
def test_events_come_in_the_order_of_the_call(context: CheckContext) -> None:
    """The events of a call arrive in the order of the call, also if they happen in one second."""
    binding, _ = with_record(context)
    plans: list[dict[str, Any]] = [{}, {"ring_after": 0, "answer_after": 0, "hang_up_after": 0}]
    for plan in plans:
        for call, order in (
            (answered_call(context, binding, **plan), FULL),
            (call_back(context, binding, **plan), BACK),
        ):
            came = event_types(context, call)
            wanted = [kind for kind in order if kind in came]
            context.claim("AXE-EVENT-011", came == wanted, f"expected {wanted}, came {came}")


# ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-EVENT-102", UNTOLD, needs=NEEDS)
def test_collect_info_carries_the_digits(context: CheckContext) -> None:
    """CollectInfo carries timestamp, sessionId and the digits that were entered, right or wrong."""
    binding = bound(context)
    for digits in ([binding.extension], wrong_digits(context, binding)[:1]):
        call = completed_call(context, context.user(), binding.x, digits=digits, hang_up_after=10)
        infos = [push.info for push in context.events(call) if push.event_type == "collectInfo"]
        came = [info["digitInfo"] for info in infos if info.get("digitInfo") not in (None, "")]
        ok = digits[0] in came and all(isinstance(text, str) for text in came)
        context.claim(UNTOLD, bool(came), "collectInfo does not tell digitInfo")
        context.claim("AXE-EVENT-102", ok or not came, f"digitInfo: expected {digits[0]}, came {came}")
        for info in infos:
            ok = info.get("sessionId") == call.session_id and bool(info.get("timestamp"))
            context.claim("AXE-EVENT-102", ok, f"collectInfo without timestamp or its sessionId: {sorted(info)}")


@check("AXE-EVENT-103", needs=NEEDS)
def test_collect_info_carries_nothing_else(context: CheckContext) -> None:
    """CollectInfo has no other field that events have, with the right digits and with wrong ones."""
    binding = bound(context, userData="order-42")
    for digits in ([binding.extension], wrong_digits(context, binding)[:1]):
        call = completed_call(context, context.user(), binding.x, digits=digits, hang_up_after=10)
        for push in context.events(call):
            if push.event_type == "collectInfo":
                more = sorted(set(OTHERS) & push.info.keys())
                context.claim("AXE-EVENT-103", not more, f"collectInfo carries {', '.join(more)}")


@check("AXE-EVENT-008", "AXE-EVENT-104", UNTOLD, needs=NEEDS)
def test_no_subscription_id_in_callin(context: CheckContext) -> None:
    """Callin has no subscriptionId; that of callout, alerting, answer and disconnect is that of the binding."""
    bound(context)
    binding, _ = with_record(context)
    for call in (answered_call(context, binding), call_back(context, binding)):
        events = events_by_type(context, call)
        sub = events.get("callin", {}).get("subscriptionId")
        context.claim("AXE-EVENT-104", not sub, f"callin carries the subscriptionId {sub}")
        for kind in BACK[1:]:
            claim_fields(context, "AXE-EVENT-008", UNTOLD, events.get(kind, {}), subscriptionId=binding.sub)


@check("AXE-EVENT-006", UNTOLD, needs=NEEDS)
def test_callin_names_the_caller_and_x(context: CheckContext) -> None:
    """In callin, caller is who calls and called is X, for N, for A, and for a caller with a wrong extension."""
    binding, _ = with_record(context)
    calls = [answered_call(context, binding), call_back(context, binding)]
    for call in (*calls, completed_call(context, context.user(), binding.x, digits=wrong_digits(context, binding))):
        info = events_by_type(context, call).get("callin", {})
        claim_fields(context, "AXE-EVENT-006", UNTOLD, info, caller=call.caller, called=binding.x)


@check("AXE-EVENT-007", UNTOLD, needs=NEEDS)
def test_callout_names_the_callee(context: CheckContext) -> None:
    """In callout, called is A when A is called, and N when A calls back."""
    binding, caller = with_record(context)
    for call, callee in ((call_back(context, binding), caller), (answered_call(context, binding), binding.a)):
        claim_fields(context, "AXE-EVENT-007", UNTOLD, events_by_type(context, call).get("callout", {}), called=callee)


@check("AXE-EVENT-003", needs=NEEDS)
def test_events_hold_to_their_schema(context: CheckContext) -> None:
    """Every event is what its schema says: of calls to A, call-backs, and calls that reached nobody."""
    binding, _ = with_record(context, userData="order-42")
    calls = [answered_call(context, binding), call_back(context, binding), *in_vain(context, binding).values()]
    for push in [push for call in calls for push in context.events(call)]:
        ok = {"timestamp", "sessionId"} <= push.info.keys() and bool(push.event_type)
        context.claim("AXE-EVENT-003", ok, f"{push.event_type} lacks timestamp or sessionId: {sorted(push.info)}")


@check("AXE-EVENT-004", needs=NEEDS)
def test_one_session_per_call(context: CheckContext) -> None:
    """All events of a call and its CDR have one sessionId, and each call has its own."""
    binding, _ = with_record(context)
    start = len(context.messages())
    calls = [answered_call(context, binding), call_back(context, binding), answered_call(context, binding)]
    for call in calls:
        session = cdr_of(context, call, "AXE-CDR-001").get("sessionId")
        context.claim("AXE-EVENT-004", session == call.session_id, "the CDR has another sessionId")
    pushes = [push for push in context.messages()[start:] if push.kind == "call_event"]
    sessions = [str(push.info.get("sessionId")) for push in pushes]
    counts = [sessions.count(call.session_id) for call in calls]
    own = {call.session_id for call in calls}
    ok = counts == [len(FULL), len(BACK), len(FULL)] and len(own) == len(calls)
    context.claim("AXE-EVENT-004", ok, f"events of each of three calls: came {counts}, sessionIds {len(own)}")


@check("AXE-EVENT-009", UNTOLD, needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", *UNANSWERED])
def test_disconnect_tells_the_cause(context: CheckContext, behaviour: str) -> None:
    """StateCode of disconnect is the cause of the release, an integer, and stateDesc a text."""
    call = answered_call(context, bound(context), behaviour=behaviour)
    _tells_the_cause(context, call, call.release_cause)


@check("AXE-EVENT-009", UNTOLD, needs=NEEDS)
def test_disconnect_of_a_call_that_reached_nobody(context: CheckContext) -> None:
    """The disconnect of a call that reached nobody tells why."""
    causes = {"wrong extension": 8022, "no extension": 8033, "hung up": 7516, "no record": 8019}
    for what, call in in_vain(context, bound(context)).items():
        _tells_the_cause(context, call, causes[what])


def _tells_the_cause(context: CheckContext, call: CallView, cause: int | None) -> None:
    claim_cause(context, "AXE-EVENT-009", UNTOLD, events_by_type(context, call).get("disconnect", {}), cause)


@check("AXE-EVENT-005", needs=NEEDS)
def test_timestamps_are_utc(context: CheckContext) -> None:
    """Timestamps have the platform's form and are the world's time in UTC."""
    binding = bound(context)
    start = int(context.now().timestamp())
    enters = entry_delay(context, 5)
    plan: dict[str, Any] = {"digits_after": enters, "ring_after": 10, "answer_after": 20, "hang_up_after": 40}
    times = {"callin": 0, "collectInfo": enters, "callout": enters, "alerting": 15, "answer": 35, "disconnect": 75}
    call = answered_call(context, binding, **plan)
    expected = seconds_to_events(context, call, **times)
    for kind, info in events_by_type(context, call).items():
        text = info.get("timestamp")
        at = seconds(text)
        context.claim(
            "AXE-EVENT-005", at is not None, f"timestamp of {kind}: expected yyyy-MM-dd HH:mm:ss, came {text}"
        )
        passed = (at or 0) - start
        message = f"{kind} came {passed} s after the start in UTC, expected {expected.get(kind)}"
        context.claim("AXE-EVENT-005", kind not in expected or abs(passed - expected[kind]) <= 1, message)


@check("AXE-EVENT-013", needs=(*NEEDS, "fixed_line_users"))
def test_state_desc_of_a_fixed_line(context: CheckContext) -> None:
    """StateDesc of a fixed line's call that is refused with 8023 is the text that was seen."""
    binding = bound(context, context.user("fixed_line"))
    call = context.call(binding.a, binding.x)
    info = events_by_type(context, call).get("disconnect", {})
    if call.release_cause != FIXED_LINE:
        raise NotExercised(f"the call of a fixed line ended with {call.release_cause}")
    desc = str(info.get("stateDesc") or "")
    ok = not desc or desc.startswith("The fixnum cannot be caller")
    context.claim("AXE-EVENT-013", ok, f"stateDesc: expected 'The fixnum cannot be caller', came {desc!r}")
