"""Edits of a recorded session, each with the documented rule that is broken then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.suites.log.edits import (
    accept_request,
    call_again,
    cdr,
    change_field,
    event,
    forward_call,
    header,
    refuse_request,
    repeat_entry,
    signed_in_2001,
    stop_ended_call,
    together,
    with_fields,
    without,
)
from tests.suites.log.session import C

if TYPE_CHECKING:
    from tests.suites.log.edits import Edit


class Seed(NamedTuple):
    """What is edited, and the rule that finds it."""

    name: str
    rule: str
    edit: Edit


X1 = "+8617000000001"
ECHO = {"relationNum": X1, "callDirection": 0, "duration": 0, "maxDuration": 0}
LATE = "2026-03-01 08:00:02"
SEEDS = (
    # answers
    Seed("the status is not that of the code", "COM-ENV-004", with_fields(2, status=400)),
    Seed("200 with a code of failure", "COM-ENV-002", change_field(1, "answer", "resultcode", "1012010")),
    Seed("no resultdesc", "COM-ENV-001", change_field(5, "answer", "resultdesc", None)),
    Seed("no subscriptionId", "AXB-BIND-001", change_field(1, "answer", "subscriptionId", None)),
    Seed("a direction as text", "AXB-BIND-002", change_field(1, "answer", "callDirection", "0")),
    Seed("another X than was asked for", "AXB-BIND-001", change_field(1, "answer", "relationNum", "+8617000000002")),
    Seed("an unknown address is served", "COM-ENV-005", with_fields(1, path="/rest/nothing/v1.0")),
    # requests that had to be refused
    Seed("no callerNum", "AXB-BIND-003", change_field(1, "body", "callerNum", None)),
    Seed("callDirection 3", "AXB-BIND-018", change_field(3, "body", "callDirection", 3)),
    Seed("userData too long", "AXB-BIND-025", change_field(1, "body", "userData", "u" * 257)),
    Seed("a user twice on X", "AXB-BIND-102", accept_request(2, {**ECHO, "subscriptionId": "second"})),
    Seed(
        "a pair twice on X",
        "AXB-BIND-005",
        accept_request(2, {**ECHO, "subscriptionId": "second"}, calleeNum="+8613900000002"),
    ),
    Seed(
        "two A on an X of AX",
        "AX-BIND-031",
        accept_request(30, {"origNum": "+8613900000002", "privateNum": "+8617000000021", "subscriptionId": "second"}),
    ),
    Seed(
        "a binding that is over is shown", "AXB-LIFE-001", accept_request(24, {"totalCount": 0, "relationNumList": []})
    ),
    Seed(
        "a binding that was dissolved is shown",
        "AXB-QUERY-005",
        accept_request(26, {"totalCount": 0, "relationNumList": []}),
    ),
    Seed(
        "a binding of AXYB that was dissolved is shown", "AXYB-QUERY-005", accept_request(79, {"xyRelationNumList": []})
    ),
    Seed("an ended call is stopped", "COM-STOP-002", stop_ended_call),
    # requests that had to be accepted, and what they show
    Seed("a live binding is not found", "AXB-QUERY-001", refuse_request(5, "1012007")),
    Seed("a free X refuses", "AXB-UNBIND-007", refuse_request(28, "1012010")),
    Seed("another B is shown", "AXB-QUERY-001", change_field(5, "answer", "relationNumList.0.calleeNum", C)),
    Seed("a change is not shown", "AXB-MODIFY-007", change_field(23, "answer", "relationNumList.0.callDirection", 0)),
    # signatures
    Seed("a wrong digest is accepted", "COM-AUTH-022", header(1, "x-aksk", 'PasswordDigest="', 'PasswordDigest="AAAA')),
    Seed("a right digest is refused", "COM-AUTH-001", refuse_request(1, "1010010", 401)),
    Seed("a Created of 2001 is accepted", "COM-AUTH-023", signed_in_2001),
    Seed("another realm is accepted", "COM-AUTH-013", header(1, "authorization", 'realm="SDP"', 'realm="SPD"')),
    Seed("a push with a wrong digest", "COM-PUSH-002", header(6, "x-aksk", 'PasswordDigest="', 'PasswordDigest="AAAA')),
    Seed("a push with a wrong nonce", "COM-PUSH-003", header(6, "x-aksk", 'Nonce="', 'Nonce="-')),
    Seed(
        "a push that is no JSON by its type",
        "COM-PUSH-001",
        header(6, "content-type", "application/json", "text/plain"),
    ),
    # repeats
    Seed("again after success", "COM-PUSH-005", repeat_entry(6, 22)),
    Seed(
        "eight attempts",
        "COM-PUSH-004",
        repeat_entry(11, 20, times=7, seconds=100, status=500, outcome="500", accepted=False),
    ),
    # events
    Seed("no sessionId", "AXB-EVENT-003", event(7, "sessionId", None)),
    Seed("a timestamp of another form", "AXB-EVENT-005", event(7, "timestamp", "2026/03/01 00:00:00")),
    Seed("a timestamp of local time", "AXB-EVENT-005", event(8, "timestamp", LATE)),
    Seed("times out of order", "AXB-EVENT-005", event(9, "timestamp", "2026-03-01 00:00:01")),
    Seed("A reaches somebody else", "AXB-CALL-101", event(7, "called", C)),
    Seed("B reaches somebody else", "AXB-CALL-102", event(13, "called", C)),
    Seed("another X", "AXB-EVENT-006", event(6, "called", "+8617000000002")),
    Seed("another text", "AXB-EVENT-010", event(6, "userData", "order-41")),
    Seed("two bindings", "AXB-CDR-010", event(10, "subscriptionId", "another")),
    Seed(
        "two different answers",
        "AXB-EVENT-001",
        together(repeat_entry(9, 9), event(10, "timestamp", "2026-03-01 00:00:06")),
    ),
    Seed("no alerting", "AXB-EVENT-001", without(8)),
    Seed("callDirection forbids", "AXB-CALL-103", forward_call),
    Seed("through after the unbind", "AXB-UNBIND-007", call_again(28, 1, "00:03:15")),
    Seed("through after the end", "AXB-LIFE-001", call_again(24, 4, "00:03:05")),
    Seed("AX: A reaches somebody else", "AX-CALL-102", event(40, "called", C)),
    Seed("AXE: not A is reached", "AXE-CALL-101", event(51, "called", C)),
    Seed("AXYB: not A is reached", "AXYB-CALL-101", event(67, "called", C)),
    Seed("X: another than the answer's", "X-CALL-104", event(81, "called", C)),
    Seed("X: the text of the answer is lost", "X-EVENT-103", event(82, "userData", "")),
    # CDRs
    Seed("no CDR", "AXB-CDR-001", without(17)),
    Seed("an empty message", "AXB-CDR-003", change_field(11, "body", "feeLst", [])),
    Seed("a duration that is off", "AXB-CDR-006", cdr(11, "callDuration", 11)),
    Seed("an end that is off", "AXB-CDR-006", cdr(11, "callEndTime", "2026-03-01 00:00:16")),
    Seed("no time of the answer", "AXB-CDR-006", cdr(11, "fwdAnswerTime", None)),
    Seed("another direction", "AXB-CDR-004", cdr(11, "direction", 0)),
    Seed("another callee", "AXB-CDR-005", cdr(11, "fwdDstNum", C)),
    Seed("the caller's number is shown", "AXB-CDR-005", cdr(11, "fwdDisplayNum", "+8613800000001")),
    Seed("another release point", "AXB-CDR-008", cdr(11, "ulFailReason", 8010)),
    Seed("another mode's serviceType", "AXB-CDR-009", cdr(11, "serviceType", "003")),
    Seed("another application", "AXB-CDR-013", cdr(11, "appKey", "another")),
    Seed("a recording that nobody asked for", "AXB-CDR-011", cdr(11, "recordFlag", 1)),
    Seed("failTime of a good call", "AXB-CDR-014", cdr(11, "failTime", "2026-03-01 00:00:15")),
    Seed("no cause of Q.850", "AXB-CDR-022", cdr(11, "fwdUnaswRsn", 126)),
    Seed("AXE: another extension", "AXE-CDR-101", cdr(55, "extendNumber", "9998")),
    Seed("X: notifyMode of a CDR", "X-CDR-101", cdr(85, "notifyMode", "Notify")),
    # SMS
    Seed("an SMS to somebody else", "AXB-SMS-003", change_field(21, "body", "smsEvent.called", C)),
    Seed("the direction of an SMS", "AXB-SMS-007", change_field(21, "body", "smsEvent.direction", 0)),
)
