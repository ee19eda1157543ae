"""Seeded bugs of AXE's call events and CDRs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.pushes import bodies as bodies
from privnum.mockserver.pushes.bodies import Notifier
from privnum.suites.mutation.axe.operators import a_of, by_digits, events_unless, mutant
from privnum.suites.mutation.operators import (
    bent_pushes,
    cdr_a_leg,
    cdr_with,
    cdr_without,
    in_cdr,
    no_cdr_unless,
)
from privnum.suites.oracle.cdr import NOT_MANDATORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TO_A = ("callin", "collectInfo", "callout", "alerting", "answer", "disconnect")
FROM_A = tuple(kind for kind in TO_A if kind != "collectInfo")

#: Fields of statusInfo by event, and the rule that is broken where they lack.
EVENT_FIELDS = (
    ("callin", "timestamp", "AXE-EVENT-003"),
    ("callin", "caller", "AXE-EVENT-012"),
    ("callin", "called", "AXE-EVENT-012"),
    ("collectInfo", "timestamp", "AXE-EVENT-003"),
    ("collectInfo", "digitInfo", "AXE-EVENT-012"),
    ("callout", "timestamp", "AXE-EVENT-003"),
    ("callout", "called", "AXE-EVENT-012"),
    ("callout", "subscriptionId", "AXE-EVENT-012"),
    ("alerting", "timestamp", "AXE-EVENT-003"),
    ("alerting", "subscriptionId", "AXE-EVENT-012"),
    ("answer", "timestamp", "AXE-EVENT-003"),
    ("answer", "subscriptionId", "AXE-EVENT-012"),
    ("disconnect", "timestamp", "AXE-EVENT-003"),
    ("disconnect", "subscriptionId", "AXE-EVENT-012"),
    ("disconnect", "stateCode", "AXE-EVENT-012"),
    ("disconnect", "stateDesc", "AXE-EVENT-012"),
)


def _in_event(kind: str | None, bend: Callable[[Fields], object]) -> Patch:
    """Bend the statusInfo of each event of that eventType, or of all."""

    def bend_body(body: Fields) -> None:
        if "statusInfo" in body and kind in (None, body["eventType"]):
            bend(body["statusInfo"])

    return bent_pushes(bend_body)


def _without_info(kind: str, name: str) -> Seed:
    return lambda: _in_event(kind, lambda info: info.pop(name, None))


def _silent(kind: str, *, calls_back: bool) -> Seed:
    """An event is not told, of calls to A or of those of A."""

    def silent(call: Call, told: str) -> bool:
        return told == kind and (a_of(call.x, call.caller) is not None) == calls_back

    return lambda: events_unless(silent)


def _asked_in_call_back() -> Patch:
    """A call-back is told like a call to A, with a collectInfo."""
    event = Notifier.event

    def telling(told: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if kind == "callout" and call.collection is None:
            told.collected(call, "", now_ms)
        event(told, call, kind, now_ms)

    return patch.object(Notifier, "event", telling)


def _as_number(info: Fields) -> None:
    info["digitInfo"] = str(int(info["digitInfo"] or "0"))


def _numbers_swapped(info: Fields) -> None:
    info["caller"], info["called"] = info["called"], info["caller"]


def _session_a_leg() -> Patch:
    """The second leg of a call has a sessionId of its own."""

    def bend(body: Fields) -> None:
        if body["eventType"] in ("callout", "alerting", "answer"):
            body["statusInfo"]["sessionId"] += "_2"

    return bent_pushes(bend)


def _in_china(text: str) -> str:
    return str(datetime.fromisoformat(text) + timedelta(hours=8))


def _event_in_china(info: Fields) -> None:
    info["timestamp"] = _in_china(info["timestamp"])


def _answer_always() -> Patch:
    """A call that was put through is told as answered when it ends."""
    event = Notifier.event

    def telling(told: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if kind == "disconnect" and call.forwarded_to is not None and call.answered_ms is None:
            event(told, call, "answer", now_ms)
        event(told, call, kind, now_ms)

    return patch.object(Notifier, "event", telling)


def _alerting_late() -> Patch:
    """Alerting is told with the next event, behind it."""
    event = Notifier.event
    late: dict[str, int] = {}

    def telling(told: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if kind == "alerting":
            late[call.session_id] = now_ms
            return
        event(told, call, kind, now_ms)
        if call.session_id in late:
            event(told, call, "alerting", late.pop(call.session_id))

    return patch.object(Notifier, "event", telling)


# ── CDRs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Fields of a CDR, and the rule that is broken where they lack.
CDR_FIELDS = {
    "direction": "AXE-CDR-002",
    "spId": "AXE-CDR-002",
    "appKey": "AXE-CDR-002",
    "bindNum": "AXE-CDR-002",
    "sessionId": "AXE-CDR-002",
    "calleeNum": "AXE-CDR-002",
    "extendNumber": "AXE-CDR-101",
    **dict.fromkeys(sorted(NOT_MANDATORY - {"fwdDisplayNum"}), "AXE-CDR-016"),
    "ulFailReason": "AXE-CDR-008",
    "subscriptionId": "AXE-CDR-010",
    "fwdAnswerTime": "AXE-CDR-006",
    "callEndTime": "AXE-CDR-006",
    "recordFlag": "AXE-CDR-011",
    "recordObjectName": "AXE-CDR-011",
}
CDR_TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")


def _called(call: Call, _fee: Fields) -> str:
    return call.forwarded_to or call.x.number


def _latest_binding(call: Call, fee: Fields) -> Any:
    """The id of the newest binding on X."""
    held = list(by_digits(call.x).values())
    return held[-1].subscription_id if held else fee.get("subscriptionId", "")


def _cdr_in_china(_call: Call, fee: Fields) -> None:
    fee.update({name: _in_china(fee[name]) for name in CDR_TIMES if name in fee})


def _answer_time_always(_call: Call, fee: Fields) -> None:
    fee.setdefault("fwdAnswerTime", fee["callEndTime"])


def _recorded_unanswered(call: Call, fee: Fields) -> None:
    """The CDR tells of a recording wherever the binding records."""
    if call.terms is not None and call.terms.record:
        fee.update(recordFlag=1, recordObjectName=fee.get("recordObjectName", "recording.wav"))


def _as_the_binding_says(call: Call, fee: Fields) -> None:
    """UserData is looked up when the call is over, among the bindings that are left: the first one's."""
    held = list(by_digits(call.x).values())
    if call.terms is not None and held:
        fee["userData"] = held[0].user_data or ""


def _mp3(_call: Call, fee: Fields) -> None:
    if "recordObjectName" in fee:
        fee["recordObjectName"] = fee["recordObjectName"].replace(".wav", ".mp3")


def _hundred_a_message() -> Patch:
    return patch.object(bodies, "CDRS_A_MESSAGE", 100)


MUTANTS = (
    *(
        mutant(f"{kind}-untold", "AXE-EVENT-001", f"Calls to A have no {kind}.", _silent(kind, calls_back=False))
        for kind in TO_A
    ),
    *(
        mutant(
            f"call-back-{kind}-untold", "AXE-EVENT-101", f"Call-backs have no {kind}.", _silent(kind, calls_back=True)
        )
        for kind in FROM_A
    ),
    mutant("asked-in-call-back", "AXE-EVENT-101", "A call-back has a collectInfo.", _asked_in_call_back),
    *(
        mutant(f"{kind}-without-{name}", rule, f"{kind} has no {name}.", _without_info(kind, name))
        for kind, name, rule in EVENT_FIELDS
    ),
    mutant(
        "digits-as-number",
        "AXE-EVENT-102",
        "digitInfo loses leading zeros.",
        lambda: _in_event("collectInfo", _as_number),
    ),
    mutant(
        "binding-in-callin",
        "AXE-EVENT-104",
        "callin names the binding.",
        lambda: patch.object(axe_calls.AXECalls, "callin_names_binding", True),
    ),
    mutant(
        "callin-swapped",
        "AXE-EVENT-006",
        "caller and called of callin are the other way round.",
        lambda: _in_event("callin", _numbers_swapped),
    ),
    mutant(
        "callout-swapped",
        "AXE-EVENT-007",
        "caller and called of callout are the other way round.",
        lambda: _in_event("callout", _numbers_swapped),
    ),
    mutant(
        "state-code-as-text",
        "AXE-EVENT-003",
        "stateCode is a text.",
        lambda: _in_event("disconnect", lambda info: info.update(stateCode=str(info["stateCode"]))),
    ),
    mutant("session-a-leg", "AXE-EVENT-004", "The second leg has a sessionId of its own.", _session_a_leg),
    mutant(
        "cause-is-normal",
        "AXE-EVENT-009",
        "stateCode is 0, whatever the cause.",
        lambda: _in_event("disconnect", lambda info: info.update(stateCode=0)),
    ),
    mutant(
        "events-in-china",
        "AXE-EVENT-005",
        "Events have the time of Beijing.",
        lambda: _in_event(None, _event_in_china),
    ),
    mutant("alerting-late", "AXE-EVENT-011", "alerting comes behind answer.", _alerting_late),
    mutant("answer-always", "AXE-EVENT-002", "Every call that was put through is told as answered.", _answer_always),
    mutant(
        "unanswered-not-cdr",
        "AXE-CDR-001",
        "A call that was not answered has no CDR.",
        lambda: no_cdr_unless(lambda call: call.answered_ms is not None),
    ),
    mutant(
        "in-vain-no-cdr",
        "AXE-CDR-001",
        "A call that reached nobody has no CDR.",
        lambda: no_cdr_unless(lambda call: call.forwarded_to is not None),
    ),
    mutant("cdr-a-leg", "AXE-CDR-018", "Each leg has a CDR.", cdr_a_leg),
    mutant(
        "short-recordings",
        "AXE-CDR-015",
        "Calls are recorded, however short.",
        lambda: patch.object(bodies, "SHORTEST_RECORDING", 0),
    ),
    *(
        mutant(f"cdr-without-{name}", rule, f"CDRs have no {name}.", cdr_without(name))
        for name, rule in CDR_FIELDS.items()
    ),
    mutant(
        "cdr-extension-as-number",
        "AXE-CDR-101",
        "The extension of the CDR loses leading zeros.",
        cdr_with("extendNumber", lambda call, _: str(int(call.extension or "0"))),
    ),
    mutant(
        "cdr-service-type",
        "AXE-CDR-009",
        "serviceType is that of AXB.",
        lambda: patch.object(axe_calls.AXECalls, "service_type", "004"),
    ),
    mutant("cdr-to-a", "AXE-CDR-004", "A call to A has direction 1.", lambda: patch.object(axe_calls, "_TO_A", 1)),
    mutant(
        "cdr-without-binding",
        "AXE-CDR-004",
        "A call with a wrong extension has direction 0.",
        lambda: patch.object(axe_calls, "_ABNORMAL", 0),
    ),
    mutant(
        "cdr-bind-num-is-a",
        "AXE-CDR-005",
        "bindNum of the CDR is A, as in a bind.",
        cdr_with("bindNum", _called),
    ),
    mutant("cdr-caller-is-x", "AXE-CDR-005", "callerNum is X.", cdr_with("callerNum", lambda call, _: call.x.number)),
    mutant("cdr-callee-is-called", "AXE-CDR-005", "calleeNum is who was called.", cdr_with("calleeNum", _called)),
    mutant("cdr-no-cause", "AXE-CDR-008", "ulFailReason is 0 always.", cdr_with("ulFailReason", lambda *_: 0)),
    mutant(
        "cdr-latest-binding",
        "AXE-CDR-010",
        "The CDR names the latest binding on X.",
        cdr_with("subscriptionId", _latest_binding),
    ),
    mutant("cdr-app-key", "AXE-CDR-013", "appKey is spId.", cdr_with("appKey", lambda _, fee: fee["spId"])),
    mutant("cdr-in-china", "AXE-CDR-006", "CDRs have the time of Beijing.", lambda: in_cdr(_cdr_in_china)),
    mutant("cdr-answer-always", "AXE-CDR-007", "A CDR always has an answer time.", lambda: in_cdr(_answer_time_always)),
    mutant(
        "cdr-unanswered-recorded",
        "AXE-CDR-011",
        "A call that was not answered has a recording.",
        lambda: in_cdr(_recorded_unanswered),
    ),
    mutant(
        "cdr-user-data-of-the-first",
        "AXE-CDR-012",
        "userData is that of the first binding on X.",
        lambda: in_cdr(_as_the_binding_says),
    ),
    mutant(
        "cdr-fail-time",
        "AXE-CDR-014",
        "failTime is the end of the call.",
        cdr_with("failTime", lambda _, fee: fee["callEndTime"]),
    ),
    mutant(
        "cdr-sip-200", "AXE-CDR-019", "sipStatusCode of a success is 200.", cdr_with("sipStatusCode", lambda *_: 200)
    ),
    mutant("cdr-mp3", "AXE-CDR-020", "A recording is an .mp3 file.", lambda: in_cdr(_mp3)),
    mutant(
        "cdr-bucket",
        "AXE-CDR-021",
        "recordBucketName has capitals.",
        cdr_with("recordBucketName", lambda call, _: f"SP-{call.x.app.app_key}"),
    ),
    mutant(
        "numbers-in-collect-info",
        "AXE-EVENT-103",
        "collectInfo names the caller.",
        lambda: _in_event("collectInfo", lambda info: info.update(caller="+8613800000021")),
    ),
    mutant("hundred-a-message", "AXE-CDR-003", "A message holds 100 CDRs.", _hundred_a_message),
)
