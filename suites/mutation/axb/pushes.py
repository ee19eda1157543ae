"""Seeded bugs of AXB's call events and CDRs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.pushes import bodies as bodies
from privnum.mockserver.pushes.bodies import Notifier
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.operators import pairs_by_id
from privnum.suites.mutation.operators import (
    cdr_a_leg,
    cdr_with,
    cdr_without,
    events_unless,
    in_cdr,
    in_event,
    no_cdr_unless,
)
from privnum.suites.oracle.cdr import NOT_MANDATORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

KINDS = ("callin", "callout", "alerting", "answer", "disconnect")
TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")


def _in_china(text: str) -> str:
    return str(datetime.fromisoformat(text) + timedelta(hours=8))


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Fields of statusInfo by event, and the rule that is broken where they lack.
EVENT_FIELDS = (
    *((kind, "timestamp", "AXB-EVENT-003") for kind in KINDS),
    *((kind, "sessionId", "AXB-EVENT-003") for kind in KINDS),
    ("callin", "caller", "AXB-EVENT-012"),
    ("callin", "called", "AXB-EVENT-012"),
    ("callout", "called", "AXB-EVENT-012"),
    *((kind, "subscriptionId", "AXB-EVENT-012") for kind in KINDS),
    ("disconnect", "stateCode", "AXB-EVENT-012"),
    ("disconnect", "stateDesc", "AXB-EVENT-012"),
    ("callin", "userData", "AXB-EVENT-010"),
)


def _without_info(kind: str, name: str) -> Seed:
    return lambda: in_event(kind, lambda _, info: info.pop(name, None))


def _info(kind: str | None, name: str, value: Callable[[Call, Fields], Any]) -> Seed:
    """A field of an event has another value."""
    return lambda: in_event(kind, lambda call, info: info.update({name: value(call, info)}))


def _silent(kind: str) -> Seed:
    """An event of an answered call is not told."""
    return lambda: events_unless(lambda _, told: told == kind)


def _twice(kind: str) -> Seed:
    """An event is told again a second later; the very same message again would be a copy, which may come."""
    event = Notifier.event

    def telling(told: Notifier, call: Call, event_type: str, now_ms: int) -> None:
        for late in range(1 + (event_type == kind)):
            event(told, call, event_type, now_ms + late * 1000)

    return lambda: patch.object(Notifier, "event", telling)


def _answer_always() -> Patch:
    """A call that was put through is told as answered when it ends."""
    event = Notifier.event

    def telling(told: Notifier, call: Call, event_type: str, now_ms: int) -> None:
        if event_type == "disconnect" and call.forwarded_to is not None and call.answered_ms is None:
            event(told, call, "answer", now_ms)
        event(told, call, event_type, now_ms)

    return patch.object(Notifier, "event", telling)


def _swapped(_call: Call, info: Fields) -> None:
    info["caller"], info["called"] = info["called"], info["caller"]


def _first_on_x(call: Call, told: Fields) -> Any:
    """The id of the pair that was bound first on X; the right one is told of a call without."""
    held = list(pairs_by_id(call.x).values())
    right = told.get("subscriptionId", "")
    return held[0].subscription_id if held and right else right


def _text_of_bind() -> Patch:
    """UserData that was modified is told as it was when the pair was first called."""
    first: dict[str, str | None] = {}
    terms = axb_calls._terms

    def remembered(binding: Any) -> Any:
        found = terms(binding)
        return found._replace(user_data=first.setdefault(found.subscription_id, found.user_data))

    return patch.object(axb_calls, "_terms", remembered)


EVENTS = (
    *(mutant(f"silent-{kind}", "AXB-EVENT-001", f"There is no {kind}.", _silent(kind)) for kind in KINDS),
    *(mutant(f"twice-{kind}", "AXB-EVENT-001", f"{kind} is told again.", _twice(kind)) for kind in KINDS),
    mutant("answer-always", "AXB-EVENT-002", "Every call that was put through is told as answered.", _answer_always),
    mutant(
        "unanswered-untold",
        "AXB-EVENT-002",
        "A call that was not answered has no disconnect.",
        lambda: events_unless(lambda call, kind: kind == "disconnect" and call.answered_ms is None),
    ),
    *(
        mutant(f"{kind}-without-{name}", rule, f"{kind} has no {name}.", _without_info(kind, name))
        for kind, name, rule in EVENT_FIELDS
    ),
    mutant(
        "state-code-as-text",
        "AXB-EVENT-003",
        "stateCode is text.",
        _info("disconnect", "stateCode", lambda _, info: str(info["stateCode"])),
    ),
    mutant(
        "session-a-leg",
        "AXB-EVENT-004",
        "callout has a session of its own.",
        _info("callout", "sessionId", lambda call, _: f"{call.session_id}_2"),
    ),
    mutant(
        "cdr-session",
        "AXB-EVENT-004",
        "The CDR has a session of its own.",
        lambda: in_cdr(lambda call, fee: fee.update(sessionId=f"{call.session_id}_cdr")),
    ),
    mutant(
        "events-in-china",
        "AXB-EVENT-005",
        "timestamp is the time of China.",
        _info(None, "timestamp", lambda _, info: _in_china(info["timestamp"])),
    ),
    mutant(
        "slashed-time",
        "AXB-EVENT-003",
        "timestamp has slashes.",
        _info(None, "timestamp", lambda _, info: info["timestamp"].replace("-", "/")),
    ),
    mutant("callin-swapped", "AXB-EVENT-006", "callin names X as the caller.", lambda: in_event("callin", _swapped)),
    mutant(
        "callout-to-x",
        "AXB-EVENT-007",
        "callout names X as the callee.",
        _info("callout", "called", lambda call, _: call.x.number),
    ),
    mutant(
        "first-binding",
        "AXB-EVENT-008",
        "Events name the first binding on X.",
        _info(None, "subscriptionId", _first_on_x),
    ),
    mutant("no-cause", "AXB-EVENT-009", "stateCode is always 0.", _info("disconnect", "stateCode", lambda *_: 0)),
    mutant(
        "unknown-cause",
        "AXB-EVENT-009",
        "stateCode is of a table of its own.",
        _info("disconnect", "stateCode", lambda _, info: 90000 + info["stateCode"]),
    ),
    mutant("old-user-data", "AXB-EVENT-010", "callin has the userData of the bind.", _text_of_bind),
)

# ── CDRs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Fields of a CDR, and the rule that is broken where they lack.
CDR_FIELDS = {
    "direction": "AXB-CDR-002",
    "spId": "AXB-CDR-002",
    "appKey": "AXB-CDR-002",
    "bindNum": "AXB-CDR-002",
    "sessionId": "AXB-CDR-002",
    "calleeNum": "AXB-CDR-002",
    **dict.fromkeys(sorted(NOT_MANDATORY), "AXB-CDR-016"),
    "fwdAnswerTime": "AXB-CDR-006",
    "callEndTime": "AXB-CDR-006",
    "ulFailReason": "AXB-CDR-008",
    "subscriptionId": "AXB-CDR-010",
    "recordFlag": "AXB-CDR-011",
    "recordObjectName": "AXB-CDR-011",
    "recordDomain": "AXB-CDR-011",
}


def _cdr_in_china(_call: Call, fee: Fields) -> None:
    for name in TIMES:
        if name in fee:
            fee[name] = _in_china(fee[name])


def _rings_first(_call: Call, fee: Fields) -> None:
    """The times of ringing and forwarding are confused."""
    if "fwdAlertingTime" in fee:
        fee["fwdAlertingTime"], fee["fwdStartTime"] = fee["fwdStartTime"], fee["fwdAlertingTime"]


def _answer_time_always(_call: Call, fee: Fields) -> None:
    fee.setdefault("fwdAnswerTime", fee["callEndTime"])


def _recorded_anyway(call: Call, fee: Fields) -> None:
    if call.terms is not None and call.terms.record:
        fee["recordFlag"] = 1


def _sorted(_call: Call, fee: Fields) -> None:
    given = dict(sorted(fee.items()))
    fee.clear()
    fee.update(given)


def _mp3(_call: Call, fee: Fields) -> None:
    if "recordObjectName" in fee:
        fee["recordObjectName"] = fee["recordObjectName"].replace(".wav", ".mp3")


CDRS = (
    mutant(
        "cdr-fail-time",
        "AXB-CDR-014",
        "failTime is the end of the call.",
        cdr_with("failTime", lambda _, fee: fee["callEndTime"]),
    ),
    mutant(
        "cdr-sip-200", "AXB-CDR-019", "sipStatusCode of a success is 200.", cdr_with("sipStatusCode", lambda *_: 200)
    ),
    mutant("cdr-mp3", "AXB-CDR-020", "A recording is an .mp3 file.", lambda: in_cdr(_mp3)),
    mutant(
        "cdr-bucket",
        "AXB-CDR-021",
        "recordBucketName has capitals.",
        cdr_with("recordBucketName", lambda call, _: f"SP-{call.x.app.app_key}"),
    ),
    mutant(
        "no-cdr-unanswered",
        "AXB-CDR-001",
        "A call that nobody answers has no CDR.",
        lambda: no_cdr_unless(lambda call: call.answered_ms is not None or call.forwarded_to is None),
    ),
    mutant(
        "no-cdr-refused",
        "AXB-CDR-001",
        "A refused call has no CDR.",
        lambda: no_cdr_unless(lambda call: call.forwarded_to is not None),
    ),
    mutant("cdr-a-leg", "AXB-CDR-018", "Each leg has a CDR.", cdr_a_leg),
    *(
        mutant(f"cdr-without-{name}", rule, f"A CDR has no {name}.", cdr_without(name))
        for name, rule in CDR_FIELDS.items()
    ),
    mutant(
        "direction-as-text",
        "AXB-CDR-002",
        "direction is text.",
        cdr_with("direction", lambda _, fee: str(fee["direction"])),
    ),
    mutant(
        "sixty-cdrs", "AXB-CDR-003", "60 CDRs fit into a message.", lambda: patch.object(bodies, "CDRS_A_MESSAGE", 60)
    ),
    mutant(
        "cdr-direction",
        "AXB-CDR-004",
        "direction of the CDR is the other way round.",
        lambda: patch.dict(axb_calls._CDR_DIRECTION, {"A": 0, "B": 1}),
    ),
    mutant(
        "stranger-direction",
        "AXB-CDR-004",
        "direction of a call without a binding is 0.",
        lambda: patch.dict(axb_calls._CDR_DIRECTION, {"none": 0}),
    ),
    mutant(
        "cdr-callee",
        "AXB-CDR-005",
        "calleeNum is the real callee.",
        cdr_with("calleeNum", lambda call, _: call.forwarded_to or call.x.number),
    ),
    mutant(
        "cdr-display",
        "AXB-CDR-005",
        "fwdDisplayNum is the real caller.",
        cdr_with("fwdDisplayNum", lambda call, _: call.caller),
    ),
    mutant("cdr-destination", "AXB-CDR-005", "fwdDstNum is X.", cdr_with("fwdDstNum", lambda call, _: call.x.number)),
    mutant("cdr-caller", "AXB-CDR-005", "callerNum is X.", cdr_with("callerNum", lambda call, _: call.x.number)),
    mutant("cdr-in-china", "AXB-CDR-006", "The times of a CDR are those of China.", lambda: in_cdr(_cdr_in_china)),
    mutant(
        "rings-first", "AXB-CDR-006", "fwdStartTime and fwdAlertingTime are confused.", lambda: in_cdr(_rings_first)
    ),
    mutant("cdr-answer-time", "AXB-CDR-007", "A CDR always tells an answer time.", lambda: in_cdr(_answer_time_always)),
    mutant("cdr-cause-0", "AXB-CDR-008", "ulFailReason is always 0.", cdr_with("ulFailReason", lambda *_: 0)),
    mutant(
        "cdr-network-cause",
        "AXB-CDR-008",
        "ulFailReason is the cause of the network.",
        cdr_with("ulFailReason", lambda _, fee: fee["fwdUnaswRsn"]),
    ),
    mutant("cdr-service-as-number", "AXB-CDR-009", "serviceType is 4.", cdr_with("serviceType", lambda *_: "4")),
    mutant(
        "cdr-first-binding",
        "AXB-CDR-010",
        "A CDR names the first binding on X.",
        cdr_with("subscriptionId", _first_on_x),
    ),
    mutant(
        "recorded-anyway",
        "AXB-CDR-011",
        "recordFlag tells of the binding, answered or not.",
        lambda: in_cdr(_recorded_anyway),
    ),
    mutant(
        "short-recordings",
        "AXB-CDR-015",
        "A call of any length is recorded.",
        lambda: patch.object(bodies, "SHORTEST_RECORDING", 0),
    ),
    mutant("cdr-old-user-data", "AXB-CDR-012", "A CDR has the userData of the bind.", _text_of_bind),
    mutant("cdr-app-key", "AXB-CDR-013", "appKey is spId.", cdr_with("appKey", lambda _, fee: fee["spId"])),
    mutant("cdr-sorted", "AXB-CDR-101", "The keys of a CDR are sorted.", lambda: in_cdr(_sorted)),
)

MUTANTS = (*EVENTS, *CDRS)
