"""Instances of AXYB's messages."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts

A, B, X, Y = "+8613800000021", "+8613800000022", "+8617000000003", "+8617000000004"
KEY = {"app_key": "demoAppKey"}

OF_A = {
    "origNum": A, "areaCode": "0755", "areaMatchMode": "1", "callDirection": 0, "duration": 7200, "ybDuration": 3600,
    "recordFlag": "true", "recordHintTone": "hint.wav", "preVoiceX": "wait.wav", "userData": "order-42",
}  # fmt: skip
OF_B = {"origNum": B, "subscriptionId": "s", "areaCode": "0755", "ybDuration": 0, "preVoiceY": "wait.wav"}


def faults(body: dict[str, Any], *, strict: bool = False) -> list[str]:
    return [problem.message for problem in contracts.validate("axyb.bind", query=KEY, body=body, strict=strict)]


@pytest.mark.parametrize("body", [OF_A, OF_B, {"origNum": A, "areaCode": "010"}, {"origNum": B, "subscriptionId": "s"}])
def test_full_binds_are_right(body: dict[str, Any]) -> None:
    """Every documented field of each bind, and the least of each."""
    assert faults(body, strict=True) == []


@pytest.mark.parametrize(
    "change",
    [
        {"recordFlag": True},
        {"duration": "7200"},
        {"ybDuration": "60"},
        {"callDirection": "2"},
        {"areaMatchMode": 1},
        {"subscriptionId": None},
        {"areaCode": None, "recordHintTone": None, "preVoiceX": None, "userData": None},
        {"preVoiceX": ""},
    ],
)
def test_forms_of_real_clients(change: dict[str, Any]) -> None:
    """They are taken, and strictly they are not."""
    assert faults(OF_A | change) == []
    assert faults(OF_A | change, strict=True)


@pytest.mark.parametrize("field", ["duration", "ybDuration"])
def test_lifetimes_are_zero_or_of_a_minute_at_least(field: str) -> None:
    """Both edges are in, what is beside them is not, as number and as text; one message names both."""
    for right in (0, 60, 61, 7776000, "0", "60", "99", "100", "7776000", 60.0):
        assert faults(OF_A | {field: right}) == [], right
    for wrong in (-1, 1, 59, 7776001, "59", "7776001", "060", "00", "-60", 60.5, True, [60]):
        (message,) = faults(OF_A | {field: wrong})
        assert message.startswith(f"{field} must be 0 or a whole number from 60 to 7776000, not "), wrong


def test_text_is_read_as_the_number() -> None:
    """The pattern for decimal text takes exactly the numbers of the range, around each place where it grows."""
    fits = contracts.validator("axyb/bind.body").is_valid
    edges = (0, 60, 100, 1000, 10_000, 100_000, 1_000_000, 7_000_000, 7_700_000, 7_770_000, 7_776_000, 9_999_999)
    near = {number for edge in edges for number in range(max(0, edge - 70), edge + 70)}
    taken = {number for number in near if fits(OF_A | {"duration": str(number)})}
    assert taken == {number for number in near if number == 0 or 60 <= number <= 7_776_000}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"origNum": None}, "origNum must be text of 1 to 32 characters, not null."),
        ({"origNum": "1" * 33}, "origNum must be text of 1 to 32 characters, not "),
        ({"subscriptionId": "s" * 65}, "subscriptionId must be text of 1 to 64 characters, not "),
        ({"areaCode": "1" * 33}, "areaCode must be text of 1 to 32 characters, not "),
        ({"callDirection": 3}, "callDirection must be a whole number from 0 to 2, not 3."),
        ({"preVoiceX": "a b"}, "preVoiceX must be text of 1 to 128 characters, in digits, letters and - _ . @, not "),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], message: str) -> None:
    """The parameter, what it must be, and what came."""
    (found,) = faults(OF_A | change)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("operation", "query", "missing"),
    [
        ("axyb.bind", {}, ["app_key"]),
        ("axyb.unbind", {"subscriptionId": "s"}, ["app_key"]),
        ("axyb.unbind", KEY, ["subscriptionId"]),
        ("axyb.unbind", {**KEY, "yNum": Y, "bNum": B}, ["subscriptionId"]),
        ("axyb.unbind", {**KEY, "subscriptionId": "s", "yNum": Y, "bNum": ""}, []),
        ("axyb.query", KEY, ["subscriptionId or relationNum"]),
        ("axyb.query", {**KEY, "relationNum": X, "subscriptionId": ""}, []),
        ("axyb.query", {**KEY, "subscriptionId": "s"}, []),
    ],
)
def test_query_strings(operation: str, query: dict[str, str], missing: list[str]) -> None:
    """app_key stands in each; an unbind names a binding by its id, a query by id or X."""
    body = OF_A if operation == "axyb.bind" else None
    assert [p.parameter for p in contracts.validate(operation, query=query, body=body)] == missing


def test_answers() -> None:
    """A success has binding and number; a query's list has one relation at least, its lifetimes are text."""
    success = {"resultcode": "0", "resultdesc": "Success"}
    assert [p.parameter for p in contracts.validator("axyb/bind.response").problems(success)] == [
        "subscriptionId", "relationNumber",
    ]  # fmt: skip
    judge = contracts.validator("axyb/query.response")
    assert not judge.is_valid(success)
    assert not judge.is_valid(success | {"xyRelationNumList": []})
    relation = {"bindId": "s", "numA": A, "numX": X, "numY": Y, "numB": B, "duration": "7200", "ybDuration": "0"}
    assert judge.is_valid(success | {"xyRelationNumList": [relation] * 6})
    assert not judge.is_valid(success | {"xyRelationNumList": [relation | {"duration": 7200}]})
    assert judge.is_valid({"resultcode": "1016001", "resultdesc": "The record does not exist."})


def test_pushes() -> None:
    """AXYB has no collectInfo; its CDR has that of the other modes."""
    status = {"timestamp": "2026-03-01 03:33:18", "sessionId": "s"}
    assert contracts.validator("axyb/call_event").is_valid({"eventType": "callin", "statusInfo": status})
    assert not contracts.validator("axyb/call_event").is_valid({"eventType": "collectInfo", "statusInfo": status})
    cdr = {"direction": 0, "spId": "p", "appKey": "k", "bindNum": Y, "sessionId": "s", "calleeNum": X}
    assert contracts.validator("axyb/cdr").is_valid({"eventType": "fee", "feeLst": [cdr]})


def test_what_only_another_mode_has_in_common_words() -> None:
    """serviceType is the mode's, the lifetime is called duration, and what is not found has its own code."""
    rules = contracts.requirements()
    assert '"007"' in rules["AXYB-CDR-009"].text
    assert rules["AXYB-LIFE-002"].text == "A binding with duration 0 does not expire."
    assert not [id_ for id_ in rules if id_.startswith("AXYB-MODIFY-")]
