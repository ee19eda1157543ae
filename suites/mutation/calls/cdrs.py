"""Seeded bugs of CDRs, for every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.pushes import bodies
from privnum.suites.mutation.calls.events import in_china, keep_first_user_data
from privnum.suites.mutation.model import Bug, Fields, Operator, mode_operator
from privnum.suites.mutation.operators.code import replace
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
    drop_cdr_field,
    drop_cdrs,
    set_cdr_field,
    write_cdr_a_leg,
)
from privnum.suites.oracle.cdr import NOT_MANDATORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = ["BUGS", "of_fields"]

TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "CDR-002": ("direction", "spId", "appKey", "bindNum", "sessionId", "calleeNum"),
    "CDR-006": ("fwdAnswerTime", "callEndTime"),
    "CDR-008": ("ulFailReason",),
    "CDR-010": ("subscriptionId",),
    "CDR-011": ("recordFlag", "recordObjectName", "recordDomain"),
    "CDR-016": tuple(sorted(NOT_MANDATORY)),
}
"""Fields by the rule that is broken where they lack."""


def of_fields() -> Iterator[Bug]:
    """Each field left out."""
    for rule, names in FIELDS.items():
        for name in names:
            yield Bug(f"cdr-without-{name}", rule, f"A CDR has no {name}.", drop_cdr_field(name))


# ── the changes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_unanswered(call: Call) -> bool:
    return call.answered_ms is None and call.forwarded_to is not None


def _is_refused(call: Call) -> bool:
    return call.forwarded_to is None


def _say_another_direction(direction: int, other: int) -> Operator:
    """Say another direction of the calls that have this one."""
    return set_cdr_field("direction", lambda _, fee: other if fee["direction"] == direction else fee["direction"])


def _x(call: Call, _fee: Fields) -> str:
    return call.x.number


def _called_number(call: Call, _fee: Fields) -> str:
    return call.forwarded_to or call.x.number


def _show_caller(call: Call, fee: Fields) -> None:
    if "fwdDisplayNum" in fee:
        fee["fwdDisplayNum"] = call.caller


def _call_x_second(call: Call, fee: Fields) -> None:
    if "fwdDstNum" in fee:
        fee["fwdDstNum"] = call.x.number


def _in_china(_call: Call, fee: Fields) -> None:
    fee.update({name: in_china(fee[name]) for name in TIMES if name in fee})


def _ring_before_forwarding(_call: Call, fee: Fields) -> None:
    if "fwdAlertingTime" in fee:
        fee["fwdAlertingTime"], fee["fwdStartTime"] = fee["fwdStartTime"], fee["fwdAlertingTime"]


def _answer_always(_call: Call, fee: Fields) -> None:
    fee.setdefault("fwdAnswerTime", fee["callEndTime"])


@mode_operator
def _say_foreign_service_type(mode: ServerMode) -> Patch:
    return set_cdr_field("serviceType", lambda *_: mode.foreign_service_type).apply()


@mode_operator
def _name_binding(mode: ServerMode, place: int) -> Patch:
    """Name another binding on X.

    The one that was made first (0), or last (-1).
    """

    def other(call: Call, fee: Fields) -> None:
        held = mode.bindings_on(call.x)
        if fee.get("subscriptionId") and held:
            fee["subscriptionId"] = held[place].subscription_id

    return change_cdr(other).apply()


def _flag_recording(call: Call, fee: Fields) -> None:
    if call.terms is not None and call.terms.record:
        fee["recordFlag"] = 1


def _name_recording(call: Call, fee: Fields) -> None:
    if call.terms is not None and call.terms.record:
        fee.update(recordFlag=1, recordObjectName=fee.get("recordObjectName", "recording.wav"))


@mode_operator
def _say_user_data_of_first(mode: ServerMode) -> Patch:
    """Look userData up after the call: that of the first binding left."""

    def say(call: Call, fee: Fields) -> None:
        held = mode.bindings_on(call.x)
        if call.terms is not None and held:
            fee["userData"] = held[0].user_data or ""

    return change_cdr(say).apply()


def _say_a_gap(_call: Call, fee: Fields) -> None:
    """Say 12, which the appendix does not list."""
    fee["fwdUnaswRsn"] = fee["fwdUnaswRsn"] and 12


def _say_normal_clearing(call: Call, fee: Fields) -> None:
    """Say 16 of every call that nobody took."""
    if _is_unanswered(call):
        fee["fwdUnaswRsn"] = 16


def _ring_always(call: Call, fee: Fields) -> None:
    if call.forwarded_to is not None:
        fee.setdefault("fwdAlertingTime", fee["callEndTime"])


def _start_always(_call: Call, fee: Fields) -> None:
    fee.setdefault("fwdStartTime", fee["callInTime"])


def _mp3(_call: Call, fee: Fields) -> None:
    if "recordObjectName" in fee:
        fee["recordObjectName"] = fee["recordObjectName"].replace(".wav", ".mp3")


BUGS = (
    Bug("no-cdr-unanswered", "CDR-001", "A call that nobody answers has no CDR.", drop_cdrs(_is_unanswered)),
    Bug("no-cdr-refused", "CDR-001", "A call that reaches nobody has no CDR.", drop_cdrs(_is_refused)),
    Bug(
        "cdr-direction-as-text",
        "CDR-002",
        "direction is a text.",
        set_cdr_field("direction", lambda _, fee: str(fee["direction"])),
    ),
    Bug("cdrs-by-sixty", "CDR-003", "60 CDRs fit into a message.", replace(bodies, "CDRS_A_MESSAGE", 60)),
    Bug("cdr-direction-0", "CDR-004", "direction 1 stands for 0.", _say_another_direction(0, 1)),
    Bug("cdr-direction-1", "CDR-004", "direction 0 stands for 1.", _say_another_direction(1, 0)),
    Bug("cdr-direction-2", "CDR-004", "direction of a call without a binding is 0.", _say_another_direction(2, 0)),
    Bug("cdr-caller", "CDR-005", "callerNum is X.", set_cdr_field("callerNum", _x)),
    Bug("cdr-callee", "CDR-005", "calleeNum is who was called.", set_cdr_field("calleeNum", _called_number)),
    Bug("cdr-bind-num", "CDR-005", "bindNum is who was called.", set_cdr_field("bindNum", _called_number)),
    Bug("cdr-display", "CDR-005", "fwdDisplayNum is the real caller.", change_cdr(_show_caller)),
    Bug("cdr-destination", "CDR-005", "fwdDstNum is X.", change_cdr(_call_x_second)),
    Bug("cdr-session", "EVENT-004", "A CDR has another sessionId.", set_cdr_field("sessionId", lambda c, _: f"{c.id}")),
    Bug("cdr-in-china", "CDR-006", "The times of a CDR are those of China.", change_cdr(_in_china)),
    Bug("cdr-rings-first", "CDR-006", "Forwarding and ringing are confused.", change_cdr(_ring_before_forwarding)),
    Bug("cdr-answer-time", "CDR-007", "A CDR always has an answer time.", change_cdr(_answer_always)),
    Bug("cdr-cause-0", "CDR-008", "ulFailReason is always 0.", set_cdr_field("ulFailReason", lambda *_: 0)),
    Bug(
        "cdr-network-cause",
        "CDR-008",
        "ulFailReason is the cause of the network.",
        set_cdr_field("ulFailReason", lambda _, fee: fee["fwdUnaswRsn"]),
    ),
    Bug(
        "cdr-service-as-number",
        "CDR-009",
        "serviceType has no zeros.",
        set_cdr_field("serviceType", lambda _, fee: fee["serviceType"].lstrip("0")),
    ),
    Bug("cdr-service-type", "CDR-009", "serviceType is that of another mode.", _say_foreign_service_type()),
    Bug("cdr-first-binding", "CDR-010", "A CDR names the first binding on X.", _name_binding(0)),
    Bug("cdr-latest-binding", "CDR-010", "A CDR names the latest binding on X.", _name_binding(-1)),
    Bug("recorded-anyway", "CDR-011", "recordFlag goes by the binding, answered or not.", change_cdr(_flag_recording)),
    Bug("recorded-unanswered", "CDR-011", "An unanswered call has a recording.", change_cdr(_name_recording)),
    Bug("cdr-old-user-data", "CDR-012", "A CDR has the userData of the bind.", keep_first_user_data()),
    Bug("cdr-user-data-of-first", "CDR-012", "userData is that of the first on X.", _say_user_data_of_first()),
    Bug("cdr-app-key", "CDR-013", "appKey is spId.", set_cdr_field("appKey", lambda _, fee: fee["spId"])),
    Bug(
        "cdr-fail-time",
        "CDR-014",
        "failTime is the end of the call.",
        set_cdr_field("failTime", lambda _, fee: fee["callEndTime"]),
    ),
    Bug("short-recordings", "CDR-015", "Calls are recorded, however short.", replace(bodies, "SHORTEST_RECORDING", 0)),
    Bug("cdr-a-leg", "CDR-018", "Each leg has a CDR.", write_cdr_a_leg()),
    Bug("cdr-sip-200", "CDR-019", "sipStatusCode of a success is 200.", set_cdr_field("sipStatusCode", lambda *_: 200)),
    Bug("cdr-gap-of-q850", "CDR-022", "fwdUnaswRsn is a cause that is not listed.", change_cdr(_say_a_gap)),
    Bug("cdr-normal-clearing", "CDR-023", "fwdUnaswRsn is 16, normal clearing.", change_cdr(_say_normal_clearing)),
    Bug("cdr-rings-always", "CDR-024", "Every call that was put through has rung.", change_cdr(_ring_always)),
    Bug("cdr-starts-always", "CDR-024", "Every call has a fwdStartTime.", change_cdr(_start_always)),
    Bug("cdr-mp3", "CDR-020", "A recording is an .mp3 file.", change_cdr(_mp3)),
    Bug(
        "cdr-bucket",
        "CDR-021",
        "recordBucketName has capitals.",
        set_cdr_field("recordBucketName", lambda call, _: f"SP-{call.x.app.app_key}"),
    ),
)
