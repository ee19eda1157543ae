"""Call events: which come, when, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    cdr_of,
    course,
    finished,
    says,
    tells_the_cause,
)
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    answered,
    bound,
    other_extension,
)
from privnum.suites.oracle.axb.compare import seconds
from privnum.suites.runner.call_timing import entry_delay
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

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


def told(bench: Bench, call: CallView) -> dict[str, dict[str, Any]]:
    """The statusInfo of each of the call's events, by eventType."""
    return {push.event_type: push.info for push in bench.events(call)}


def kinds(bench: Bench, call: CallView) -> list[str]:
    """The eventTypes of the call, in the order of arrival."""
    return [push.event_type for push in bench.events(call)]


def with_record(bench: Bench, **fields: Any) -> tuple[Binding, str]:
    """A binding and the caller who talked to its A."""
    binding = bound(bench, callbackExpiredTime=24, **fields)
    return binding, answered(bench, binding).caller


def call_back(bench: Bench, binding: Binding, **plan: Any) -> CallView:
    """A finished call of A to X; the other side hangs up after 10 seconds unless `plan` differs."""
    whole: dict[str, Any] = {"hang_up_after": 10} | plan
    return finished(bench, binding.a, binding.x, **whole)


def wrong_digits(bench: Bench, binding: Binding) -> list[str]:
    """An extension that is not bound, as often as the caller is asked."""
    return [other_extension(bench, binding.extension)] * PROMPTS


def in_vain(bench: Bench, binding: Binding) -> dict[str, CallView]:
    """Finished calls that reached nobody, by what was wrong."""
    calls = {"wrong extension": finished(bench, bench.user(), binding.x, digits=wrong_digits(bench, binding))}
    calls["no extension"] = finished(bench, bench.user(), binding.x)
    calls["hung up"] = finished(bench, bench.user(), binding.x, caller_hangs_up_after=1)
    if bench.axe.app.no_record is None:
        plain = bound(bench)
        calls["no record"] = finished(bench, plain.a, plain.x)
    return calls


# ── which events ─────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-EVENT-001", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_events_when_a_is_called(bench: Bench, by: str) -> None:
    """An answered call to A yields callin, collectInfo, callout, alerting, answer and disconnect, once each."""
    came = kinds(bench, answered(bench, bound(bench), **PLANS[by]))
    bench.claim("AXE-EVENT-001", sorted(came) == sorted(FULL), f"expected {FULL}, came {came}")


@check("AXE-EVENT-101", needs=NEEDS)
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_events_when_a_calls_back(bench: Bench, by: str) -> None:
    """An answered call-back yields callin, callout, alerting, answer and disconnect, once each, no collectInfo."""
    binding, _ = with_record(bench)
    came = kinds(bench, call_back(bench, binding, **PLANS[by]))
    bench.claim("AXE-EVENT-101", sorted(came) == sorted(BACK), f"expected {BACK}, came {came}")


@check("AXE-EVENT-101", needs=NEEDS)
def test_events_of_a_transfer_to_callback_num(bench: Bench) -> None:
    """A call of A to callbackNum yields the same events."""
    came = kinds(bench, call_back(bench, bound(bench, callbackNum=bench.user())))
    bench.claim("AXE-EVENT-101", sorted(came) == sorted(BACK), f"expected {BACK}, came {came}")


@check("AXE-EVENT-002", needs=NEEDS)
@pytest.mark.parametrize("behaviour", UNANSWERED)
def test_no_answer_event_without_an_answer(bench: Bench, behaviour: str) -> None:
    """A call that was not answered yields one disconnect and no answer, to A and when A calls back."""
    binding, _ = with_record(bench)
    for call in (answered(bench, binding, behaviour=behaviour), call_back(bench, binding, behaviour=behaviour)):
        came = kinds(bench, call)
        ok = "answer" not in came and came.count("disconnect") == 1
        bench.claim("AXE-EVENT-002", ok, f"expected a disconnect and no answer, came {came}")


@check("AXE-EVENT-002", needs=NEEDS)
def test_a_call_that_reached_nobody_is_told_too(bench: Bench) -> None:
    """A wrong extension, none, a hang-up before it, and no record: one disconnect, no callout and no answer."""
    for what, call in in_vain(bench, bound(bench)).items():
        came = kinds(bench, call)
        ok = not {"answer", "alerting", "callout"} & set(came) and came.count("disconnect") == 1
        bench.claim("AXE-EVENT-002", ok, f"{what}: expected a disconnect and no answer, came {came}")


@check("AXE-EVENT-011", needs=NEEDS)
def test_events_come_in_the_order_of_the_call(bench: Bench) -> None:
    """The events of a call arrive in the order of the call, also if they happen in one second."""
    binding, _ = with_record(bench)
    plans: list[dict[str, Any]] = [{}, {"ring_after": 0, "answer_after": 0, "hang_up_after": 0}]
    for plan in plans:
        for call, order in ((answered(bench, binding, **plan), FULL), (call_back(bench, binding, **plan), BACK)):
            came = kinds(bench, call)
            wanted = [kind for kind in order if kind in came]
            bench.claim("AXE-EVENT-011", came == wanted, f"expected {wanted}, came {came}")


# ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-EVENT-102", UNTOLD, needs=NEEDS)
def test_collect_info_carries_the_digits(bench: Bench) -> None:
    """CollectInfo carries timestamp, sessionId and the digits that were entered, right or wrong."""
    binding = bound(bench)
    for digits in ([binding.extension], wrong_digits(bench, binding)[:1]):
        call = finished(bench, bench.user(), binding.x, digits=digits, hang_up_after=10)
        infos = [push.info for push in bench.events(call) if push.event_type == "collectInfo"]
        came = [info["digitInfo"] for info in infos if info.get("digitInfo") not in (None, "")]
        ok = digits[0] in came and all(isinstance(text, str) for text in came)
        bench.claim(UNTOLD, bool(came), "collectInfo does not tell digitInfo")
        bench.claim("AXE-EVENT-102", ok or not came, f"digitInfo: expected {digits[0]}, came {came}")
        for info in infos:
            ok = info.get("sessionId") == call.session_id and bool(info.get("timestamp"))
            bench.claim("AXE-EVENT-102", ok, f"collectInfo without timestamp or its sessionId: {sorted(info)}")


@check("AXE-EVENT-103", needs=NEEDS)
def test_collect_info_carries_nothing_else(bench: Bench) -> None:
    """CollectInfo has no other field that events have, with the right digits and with wrong ones."""
    binding = bound(bench, userData="order-42")
    for digits in ([binding.extension], wrong_digits(bench, binding)[:1]):
        call = finished(bench, bench.user(), binding.x, digits=digits, hang_up_after=10)
        for push in bench.events(call):
            if push.event_type == "collectInfo":
                more = sorted(set(OTHERS) & push.info.keys())
                bench.claim("AXE-EVENT-103", not more, f"collectInfo carries {', '.join(more)}")


@check("AXE-EVENT-008", UNTOLD, needs=NEEDS)
def test_no_subscription_id_in_callin(bench: Bench) -> None:
    """Callin has no subscriptionId; that of callout, alerting, answer and disconnect is that of the binding."""
    bound(bench)
    binding, _ = with_record(bench)
    for call in (answered(bench, binding), call_back(bench, binding)):
        events = told(bench, call)
        sub = events.get("callin", {}).get("subscriptionId")
        bench.claim("AXE-EVENT-008", not sub, f"callin carries the subscriptionId {sub}")
        for kind in BACK[1:]:
            says(bench, "AXE-EVENT-008", UNTOLD, events.get(kind, {}), subscriptionId=binding.sub)


@check("AXE-EVENT-006", UNTOLD, needs=NEEDS)
def test_callin_names_the_caller_and_x(bench: Bench) -> None:
    """In callin, caller is who calls and called is X, for N, for A, and for a caller with a wrong extension."""
    binding, _ = with_record(bench)
    calls = [answered(bench, binding), call_back(bench, binding)]
    for call in (*calls, finished(bench, bench.user(), binding.x, digits=wrong_digits(bench, binding))):
        info = told(bench, call).get("callin", {})
        says(bench, "AXE-EVENT-006", UNTOLD, info, caller=call.caller, called=binding.x)


@check("AXE-EVENT-007", UNTOLD, needs=NEEDS)
def test_callout_names_the_callee(bench: Bench) -> None:
    """In callout, called is A when A is called, and N when A calls back."""
    binding, caller = with_record(bench)
    for call, callee in ((call_back(bench, binding), caller), (answered(bench, binding), binding.a)):
        says(bench, "AXE-EVENT-007", UNTOLD, told(bench, call).get("callout", {}), called=callee)


@check("AXE-EVENT-003", needs=NEEDS)
def test_events_hold_to_their_schema(bench: Bench) -> None:
    """Every event is what its schema says: of calls to A, call-backs, and calls that reached nobody."""
    binding, _ = with_record(bench, userData="order-42")
    calls = [answered(bench, binding), call_back(bench, binding), *in_vain(bench, binding).values()]
    for push in [push for call in calls for push in bench.events(call)]:
        ok = {"timestamp", "sessionId"} <= push.info.keys() and bool(push.event_type)
        bench.claim("AXE-EVENT-003", ok, f"{push.event_type} lacks timestamp or sessionId: {sorted(push.info)}")


@check("AXE-EVENT-004", needs=NEEDS)
def test_one_session_per_call(bench: Bench) -> None:
    """All events of a call and its CDR have one sessionId, and each call has its own."""
    binding, _ = with_record(bench)
    start = len(bench.messages())
    calls = [answered(bench, binding), call_back(bench, binding), answered(bench, binding)]
    for call in calls:
        session = cdr_of(bench, call, "AXE-CDR-001").get("sessionId")
        bench.claim("AXE-EVENT-004", session == call.session_id, "the CDR has another sessionId")
    pushes = [push for push in bench.messages()[start:] if push.kind == "call_event"]
    sessions = [str(push.info.get("sessionId")) for push in pushes]
    counts = [sessions.count(call.session_id) for call in calls]
    own = {call.session_id for call in calls}
    ok = counts == [len(FULL), len(BACK), len(FULL)] and len(own) == len(calls)
    bench.claim("AXE-EVENT-004", ok, f"events of each of three calls: came {counts}, sessionIds {len(own)}")


@check("AXE-EVENT-009", UNTOLD, needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", *UNANSWERED])
def test_disconnect_tells_the_cause(bench: Bench, behaviour: str) -> None:
    """StateCode of disconnect is the cause of the release, an integer, and stateDesc a text."""
    call = answered(bench, bound(bench), behaviour=behaviour)
    _tells_the_cause(bench, call, call.release_cause)


@check("AXE-EVENT-009", UNTOLD, needs=NEEDS)
def test_disconnect_of_a_call_that_reached_nobody(bench: Bench) -> None:
    """The disconnect of a call that reached nobody tells why."""
    causes = {"wrong extension": 8022, "no extension": 8033, "hung up": 7516, "no record": 8019}
    for what, call in in_vain(bench, bound(bench)).items():
        _tells_the_cause(bench, call, causes[what])


def _tells_the_cause(bench: Bench, call: CallView, cause: int | None) -> None:
    tells_the_cause(bench, "AXE-EVENT-009", UNTOLD, told(bench, call).get("disconnect", {}), cause)


@check("AXE-EVENT-005", needs=NEEDS)
def test_timestamps_are_utc(bench: Bench) -> None:
    """Timestamps have the platform's form and are the world's time in UTC."""
    binding = bound(bench)
    start = int(bench.now().timestamp())
    enters = entry_delay(bench, 5)
    plan: dict[str, Any] = {"digits_after": enters, "ring_after": 10, "answer_after": 20, "hang_up_after": 40}
    times = {"callin": 0, "collectInfo": enters, "callout": enters, "alerting": 15, "answer": 35, "disconnect": 75}
    call = answered(bench, binding, **plan)
    expected = course(bench, call, **times)
    for kind, info in told(bench, call).items():
        text = info.get("timestamp")
        at = seconds(text)
        bench.claim("AXE-EVENT-005", at is not None, f"timestamp of {kind}: expected yyyy-MM-dd HH:mm:ss, came {text}")
        passed = (at or 0) - start
        message = f"{kind} came {passed} s after the start in UTC, expected {expected.get(kind)}"
        bench.claim("AXE-EVENT-005", kind not in expected or abs(passed - expected[kind]) <= 1, message)


@check("AXE-EVENT-013", needs=(*NEEDS, "fixed_line_users"))
def test_state_desc_of_a_fixed_line(bench: Bench) -> None:
    """StateDesc of a fixed line's call that is refused with 8023 is the text that was seen."""
    binding = bound(bench, bench.user("fixed_line"))
    call = bench.call(binding.a, binding.x)
    info = told(bench, call).get("disconnect", {})
    if call.release_cause != FIXED_LINE:
        raise NotExercised(f"the call of a fixed line ended with {call.release_cause}")
    desc = str(info.get("stateDesc") or "")
    ok = not desc or desc.startswith("The fixnum cannot be caller")
    bench.claim("AXE-EVENT-013", ok, f"stateDesc: expected 'The fixnum cannot be caller', came {desc!r}")
