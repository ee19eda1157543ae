"""Instances are checked, and what is wrong is said in words."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import pytest

from privnum import contracts

A, B, X = "+8613800000021", "+8613800000022", "+8617000000003"

FULL = {
    "callerNum": A, "calleeNum": B, "relationNum": X, "areaCode": "0755", "areaMatchMode": "1", "callDirection": 0,
    "duration": 7776000, "recordFlag": "true", "recordHintTone": "hint.wav", "maxDuration": 1440,
    "lastMinVoice": "last.wav",
    "privateSms": "false", "preVoice": {"callerHintTone": "a.wav", "calleeHintTone": "b.wav"}, "userData": "order-42",
}  # fmt: skip


def test_full_bind_is_right() -> None:
    """Every documented field at once."""
    assert contracts.validate("axb.bind", body=FULL, strict=True) == []


@pytest.mark.parametrize(
    "change",
    [
        {"recordFlag": True},
        {"privateSms": None},
        {"duration": None},
        {"duration": "7776000"},
        {"maxDuration": "0"},
        {"callDirection": "2"},
        {"areaMatchMode": 0},
        {"relationNum": ""},
        {"preVoice": None},
        {"userData": ""},
    ],
)
def test_forms_of_real_clients(change: dict[str, Any]) -> None:
    """They are taken, and strictly they are not."""
    assert contracts.validate("axb.bind", body=FULL | change) == []
    assert contracts.validate("axb.bind", body=FULL | change, strict=True)


@pytest.mark.parametrize("change", [{"areaCode": ""}, {"userData": "{}"}, {"recordHintTone": ""}, {"colour": "blue"}])
def test_canonical_oddities(change: dict[str, Any]) -> None:
    """An empty area or tone is printed as allowed; braces and unknown fields are matters of assumptions."""
    assert contracts.validate("axb.bind", body=FULL | change, strict=True) == []


@pytest.mark.parametrize(
    ("change", "parameter", "message"),
    [
        ({"duration": 7776001}, "duration", "duration must be a whole number from 0 to 7776000, not 7776001."),
        ({"duration": "7776001"}, "duration", 'duration must be a whole number from 0 to 7776000, not "7776001".'),
        ({"duration": True}, "duration", "duration must be a whole number from 0 to 7776000, not true."),
        ({"maxDuration": -1}, "maxDuration", "maxDuration must be a whole number from 0 to 1440, not -1."),
        ({"callDirection": 3}, "callDirection", "callDirection must be a whole number from 0 to 2, not 3."),
        ({"recordFlag": "yes"}, "recordFlag", 'recordFlag must be "true" or "false", not "yes".'),
        ({"areaMatchMode": "2"}, "areaMatchMode", 'areaMatchMode must be "0" or "1", not "2".'),
        ({"callerNum": "138"}, "callerNum", 'callerNum must be text of 4 to 31 characters, not "138".'),
        ({"calleeNum": None}, "calleeNum", "calleeNum must be text of 4 to 31 characters, not null."),
        (
            {"userData": "中"},
            "userData",
            'userData must be text of 1 to 256 characters, without Chinese characters, not "中".',
        ),
        (
            {"preVoice": {"callerHintTone": 5}},
            "preVoice.callerHintTone",
            "preVoice.callerHintTone must be text of at most 128 characters, in digits, letters and - _ . @, not 5.",
        ),
        ({"preVoice": "a.wav"}, "preVoice", 'preVoice must be an object, not "a.wav".'),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], parameter: str, message: str) -> None:
    """The parameter, what it must be, and what came."""
    problems = contracts.validate("axb.bind", body=FULL | change)
    assert [(p.parameter, p.message) for p in problems] == [(parameter, message)]


def test_what_is_missing_is_said() -> None:
    """Both mandatory fields, each as its own problem."""
    problems = contracts.validate("axb.bind", body={})
    assert [p.message for p in problems] == [
        "callerNum is missing; it must be text of 4 to 31 characters.",
        "calleeNum is missing; it must be text of 4 to 31 characters.",
    ]
    assert [p.got for p in problems] == [None, None]


def test_missing_and_wrong_bodies() -> None:
    """A body that is no object is reported as the message itself."""
    assert [p.parameter for p in contracts.validate("axb.bind")] == ["body"]
    assert [p.message for p in contracts.validate("axb.bind", body=[])] == ["the message must be an object, not []."]


def test_numbers_are_masked() -> None:
    """What came is shown without the number."""
    (problem,) = contracts.validate("axb.bind", body=FULL | {"callerNum": f"{A} or {B} or {A}"})
    assert problem.got == '"+86138****0021 or +86138****0022 or +86138****0021"'
    assert A not in problem.message


@pytest.mark.parametrize(
    "query",
    [
        {"relationNum": X},
        {"subscriptionId": "x", "relationNum": ""},
        {"relationNum": X, "pageSize": "5000", "pageIndex": "1"},
        {"relationNum": X, "pageSize": "-1", "pageIndex": ""},
        {"relationNum": X, "pageSize": "1.5", "pageIndex": "0"},
        {"relationNum": X, "pageIndex": "one"},
    ],
)
def test_queries(query: dict[str, str]) -> None:
    """An empty value counts as absent; no page says what becomes of a pageIndex or pageSize that is no number."""
    assert contracts.validate("axb.query", query=query) == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "subscriptionId or relationNum"),
        ({"relationNum": ""}, "subscriptionId or relationNum"),
        ({"relationNum": "1" * 32}, "relationNum"),
    ],
)
def test_wrong_queries(query: dict[str, str], parameter: str) -> None:
    """A selector is needed, of its length."""
    assert [p.parameter for p in contracts.validate("axb.query", query=query)] == [parameter]


def test_stop_call() -> None:
    """The field is lower case and the signal fixed."""
    assert contracts.validate("common.stop_call", body={"sessionid": "s", "signal": "call_stop"}) == []
    problems = contracts.validate("common.stop_call", body={"sessionId": "s", "signal": "stop"})
    assert {p.parameter for p in problems} == {"sessionid", "signal"}


def test_responses() -> None:
    """A success has what the operation promises; a failure only the envelope."""
    check = contracts.validator("axb/bind.response")
    assert check.is_valid({"resultcode": "1012010", "resultdesc": "The relation number has been bound."})
    success = {"resultcode": "0", "resultdesc": "Success"}
    promised = {"subscriptionId": "s", "relationNum": X, "callDirection": 0, "duration": 0, "maxDuration": 0}
    assert {p.parameter for p in check.problems(success)} == promised.keys()
    assert check.is_valid(success | promised | {"later": 1})
    assert not check.is_valid({"resultcode": 0, "resultdesc": "Success"})


def test_a_captured_cdr_fits() -> None:
    """The keys of a real push of 2022, with made-up values."""
    cdr = {
        "direction": 1, "spId": "demo_sp", "appKey": "demoAppKey", "icid": "00112233.38.24.29", "bindNum": X,
        "sessionId": "1200_1029_4294967295_20260301091514@callenabler001.huaweicaas.com", "subscriptionId": "7f0c",
        "callerNum": A, "calleeNum": X, "fwdDisplayNum": X, "fwdDstNum": B, "callInTime": "2026-03-01 09:15:14",
        "fwdStartTime": "2026-03-01 09:15:15", "fwdAlertingTime": "2026-03-01 09:15:21", "fwdAnswerTime": "",
        "callEndTime": "2026-03-01 09:16:41", "fwdUnaswRsn": 0, "ulFailReason": 0, "sipStatusCode": 0,
        "callOutUnaswRsn": 0,
        "recordFlag": 1, "recordStartTime": "2026-03-01 09:15:37", "recordDomain": "ostor.example.com",
        "recordBucketName": "sp-demoappkey", "recordObjectName": "26030109153712050118304.wav", "ttsPlayTimes": 0,
        "ttsTransDuration": 0, "mptyId": "7f0c", "serviceType": "004", "hostName": "callenabler001.huaweicaas.com",
        "voiceCheckType": 0,
    }  # fmt: skip
    check = contracts.validator("axb/cdr")
    assert check.is_valid({"eventType": "fee", "feeLst": [cdr]})
    assert check.is_valid({"eventType": "fee", "feeLst": [cdr] * 50})
    assert not check.is_valid({"eventType": "fee", "feeLst": [cdr] * 51})
    assert not check.is_valid({"eventType": "fee", "feeLst": []})
    (problem,) = check.problems({"eventType": "fee", "feeLst": [cdr, cdr | {"callEndTime": "2026-03-01T09:16:41Z"}]})
    assert problem.parameter == "feeLst[1].callEndTime"
    assert "written yyyy-MM-dd HH:mm:ss" in problem.message


def test_control_messages_name_the_misspelt_field() -> None:
    """The driver protocol is ours: a field that it does not have is an error."""
    check = contracts.validator("driver/world.create")
    assert check.is_valid({})
    (problem,) = check.problems({"clok": {}})
    assert problem.message == "clok is no field here; did you mean clock?"
    (problem,) = contracts.validator("driver/clock.set").problems({})
    assert problem.message == "the message must be an object with at least 1 of its fields, not {}."
    (problem,) = check.problems({"applications": [{"mode": "AXB", "numbers": [{"number": "+86"}]}]})
    assert problem.parameter == "applications[0].numbers[0].number"


def test_a_target_file() -> None:
    """The smallest target, and one whose driver lacks its address."""
    check = contracts.validator("target/target")
    assert check.is_valid({"base_url": "http://127.0.0.1:8080"})
    problems = check.problems({"base_url": "http://127.0.0.1:8080", "driver": {"kind": "http"}})
    assert [p.parameter for p in problems] == ["driver.url"]


def test_events_need_what_their_kind_needs() -> None:
    """One schema for every line of events.jsonl; the kind decides what is mandatory."""
    check = contracts.validator("report/event")
    assert check.is_valid({"event": "run_finished", "time": "2026-03-01T00:00:00Z", "interrupted": False})
    claim = {"event": "claim", "check": "c", "requirement": "AXB-BIND-001", "message": ""}
    assert [p.parameter for p in check.problems(claim)] == ["outcome"]
    assert [p.parameter for p in check.problems(claim | {"outcome": "error"})] == ["outcome"]


def test_examples_in_the_texts_are_true() -> None:
    """What the README and the package's docstring show is what comes out."""
    readme = Path(contracts.__file__).with_name("README.md")
    shown = doctest.testfile(str(readme), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    told = doctest.testmod(contracts)
    assert shown.attempted > 5
    assert told.attempted > 1
    assert shown.failed == told.failed == 0


@pytest.mark.parametrize(
    ("operation", "body", "rule"),
    [
        ("axb.bind", {"calleeNum": B}, "AXB-BIND-003"),
        ("axb.bind", FULL | {"duration": 7776001}, "AXB-BIND-105"),
        ("axb.bind", FULL | {"preVoice": {"callerHintTone": "x" * 129}}, "AXB-BIND-015"),
        ("axe.bind", {"bindNum": A, "bindExpiredTime": 721}, "AXE-BIND-108"),
        ("axe.bind", {"bindNum": A, "bindExpiredTime": 43201, "timeUnit": "1"}, "AXE-BIND-109"),
        ("axe.bind", {"bindNum": A, "timeUnit": "2"}, "AXE-BIND-110"),
        ("common.stop_call", {"sessionid": "1"}, "COM-STOP-003"),
    ],
)
def test_a_problem_names_the_rule_that_it_breaks(operation: str, body: dict[str, Any], rule: str) -> None:
    (problem,) = contracts.validate(operation, body=body)
    assert problem.requirement == rule


@pytest.mark.parametrize("mode", ["axb", "axe"])
def test_fwd_unasw_rsn_is_a_q850_cause(mode: str) -> None:
    """Causes of the published table are taken, a SIP status is not."""
    check = contracts.validator(f"{mode}/cdr")
    fee = {"direction": 0, "spId": "s", "appKey": "k", "bindNum": "+8617000000001", "sessionId": "1", "calleeNum": "1"}
    for cause, right in ((0, True), (17, True), (127, True), (128, False), (486, False), (-1, False)):
        assert check.is_valid({"eventType": "fee", "feeLst": [{**fee, "fwdUnaswRsn": cause}]}) == right
