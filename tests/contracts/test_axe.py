"""Instances of AXE's messages, and of what the driver protocol has for AXE."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts

A, N, X = "+8613800000021", "+8613800000022", "+8617000000003"

FULL = {
    "virtualNum": X, "areaCode": "0755", "areaMatchMode": "1", "bindNum": A, "extendNum": "0001", "displayNumMode": "0",
    "recordFlag": "true", "recordHintTone": "hint.wav", "callbackNum": N, "timeUnit": "0", "bindExpiredTime": 720,
    "callbackExpiredTime": 168, "userData": "order-42",
}  # fmt: skip


def faults(operation: str, body: dict[str, Any], *, strict: bool = False) -> list[str]:
    return [problem.message for problem in contracts.validate(operation, body=body, strict=strict)]


def test_full_bind_is_right() -> None:
    """Every documented field that can stand together."""
    assert faults("axe.bind", FULL, strict=True) == []
    assert faults("axe.bind", {"bindNum": A}, strict=True) == []


@pytest.mark.parametrize(
    "change",
    [
        {"displayNumMode": 0},
        {"recordFlag": True},
        {"timeUnit": 1, "bindExpiredTime": 43200},
        {"timeUnit": 0},
        {"timeUnit": None},
        {"bindExpiredTime": "720"},
        {"bindExpiredTime": None, "callbackExpiredTime": None},
        {"callbackExpiredTime": "168"},
        {"extendNum": None},
        {"virtualNum": None},
        {"callbackTone": None, "callbackNum": ""},
        {"userData": ""},
    ],
)
def test_forms_of_real_clients(change: dict[str, Any]) -> None:
    """They are taken, and strictly they are not."""
    assert faults("axe.bind", FULL | change) == []
    assert faults("axe.bind", FULL | change, strict=True)


@pytest.mark.parametrize(
    "change",
    [{"extendNum": ""}, {"virtualNum": ""}, {"recordHintTone": ""}, {"displayNumMode": "1"}, {"maxDuration": 5}],
)
def test_canonical_oddities(change: dict[str, Any]) -> None:
    """An empty extendNum is printed as allowed; the real caller and unknown fields are matters of assumptions."""
    assert faults("axe.bind", FULL | change, strict=True) == []


HOURS, MINUTES = [{}, {"timeUnit": "0"}, {"timeUnit": 0}, {"timeUnit": None}], [{"timeUnit": "1"}, {"timeUnit": 1}]


@pytest.mark.parametrize("operation", ["axe.bind", "axe.modify"])
@pytest.mark.parametrize(
    ("units", "field", "longest"),
    [
        (HOURS, "bindExpiredTime", 720),
        (HOURS, "callbackExpiredTime", 168),
        (MINUTES, "bindExpiredTime", 43200),
        (MINUTES, "callbackExpiredTime", 10080),
    ],
)
def test_ranges_by_unit(operation: str, units: list[dict[str, Any]], field: str, longest: int) -> None:
    """Both edges are in, what is beside them is not, as number and as text; one message names the range of the unit."""
    known = {"bindNum": A, "subscriptionId": "s"}
    for unit in units:
        for right in (0, 1, longest, str(longest), "0"):
            assert faults(operation, known | unit | {field: right}) == [], (unit, right)
        for wrong in (-1, longest + 1, str(longest + 1), "-1", 1.5, True):
            (message,) = faults(operation, known | unit | {field: wrong})
            assert message.startswith(f"{field} must be a whole number from 0 to {longest}, not "), (unit, wrong)


@pytest.mark.parametrize(
    ("field", "unit", "longest"),
    [
        ("bindExpiredTime", "0", 720),
        ("bindExpiredTime", "1", 43200),
        ("callbackExpiredTime", "0", 168),
        ("callbackExpiredTime", "1", 10080),
    ],
)
def test_text_is_read_as_the_number(field: str, unit: str, longest: int) -> None:
    """The pattern for decimal text takes exactly the numbers of the range."""
    fits = contracts.validator("axe/bind.body").is_valid
    body = {"bindNum": A, "timeUnit": unit}
    taken = [number for number in range(44_000) if fits(body | {field: str(number)})]
    assert taken == list(range(longest + 1))


def test_a_wrong_unit_is_one_fault() -> None:
    """A time is checked by the longer range where its unit is not known."""
    assert faults("axe.bind", FULL | {"timeUnit": "2", "bindExpiredTime": 43200}) == [
        'timeUnit must be "0" or "1", not "2".'
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bindNum": None}, "bindNum must be text of 1 to 32 characters, not null."),
        ({"extendNum": "12345"}, 'extendNum must be text of at most 4 characters, in digits, not "12345".'),
        ({"extendNum": "1a"}, 'extendNum must be text of at most 4 characters, in digits, not "1a".'),
        ({"displayNumMode": "2"}, 'displayNumMode must be "0" or "1", not "2".'),
        (
            {"callbackTone": "a" * 129, "callbackNum": None},
            "callbackTone must be text of 1 to 128 characters, in digits, letters",
        ),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], message: str) -> None:
    """The parameter, what it must be, and what came."""
    (found,) = faults("axe.bind", FULL | change)
    assert found.startswith(message)


NEEDED = "subscriptionId or virtualNum with extendNum"


@pytest.mark.parametrize("operation", ["axe.unbind", "axe.query"])
@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ({"subscriptionId": "s"}, []),
        ({"subscriptionId": "s", "virtualNum": "", "extendNum": ""}, []),
        ({"virtualNum": X, "extendNum": "0001", "subscriptionId": ""}, []),
        ({}, [NEEDED]),
        ({"virtualNum": X}, [NEEDED]),
        ({"extendNum": "0001"}, [NEEDED]),
        ({"virtualNum": X, "extendNum": ""}, [NEEDED]),
    ],
)
def test_selectors_of_queries(operation: str, query: dict[str, str], missing: list[str]) -> None:
    """subscriptionId alone, or X and extension together."""
    assert [p.parameter for p in contracts.validate(operation, query=query)] == missing


def test_selectors_of_a_modify() -> None:
    """They stand in the body there."""
    assert faults("axe.modify", {"virtualNum": X, "extendNum": "0001", "callbackNum": ""}, strict=True) == []
    (problem,) = contracts.validate("axe.modify", body={"virtualNum": X})
    assert problem.parameter == NEEDED
    assert [p.parameter for p in contracts.validate("axe.modify", body=[])] == [""]


@pytest.mark.parametrize(
    ("operation", "query", "faulty"),
    [
        ("axe.query_v2", {"virtualNum": X, "cursor": "0000000000000_0", "limit": "50"}, []),
        ("axe.query_v2", {"virtualNum": X, "cursor": "1"}, ["cursor"]),
        ("axe.query_v2", {"cursor": ""}, ["subscriptionId or virtualNum"]),
        ("axe.query_count", {}, []),
        ("axe.query_count", {"number": X, "cursor": "0", "limit": "100"}, []),
        ("axe.query_count", {"cursor": "1" * 21}, ["cursor"]),
    ],
)
def test_paging(operation: str, query: dict[str, str], faulty: list[str]) -> None:
    """A cursor has the printed form; a limit out of range is a matter of an assumption."""
    assert [p.parameter for p in contracts.validate(operation, query=query)] == faulty


def test_responses() -> None:
    """A success has binding, X and extension; of query v2 and the count only the envelope is checked."""
    success = {"resultcode": "0", "resultdesc": "Success"}
    assert [p.parameter for p in contracts.validator("axe/bind.response").problems(success)] == [
        "subscriptionId", "virtualNum", "extendNum",
    ]  # fmt: skip
    assert contracts.validator("axe/query_v2.response").is_valid(
        success | {"nextCusor": "0000000000000_0", "anything": 1}
    )
    assert contracts.validator("axe/query_count.response").is_valid(success)


def test_pushes() -> None:
    """collectInfo has neither numbers nor binding; a CDR carries the extension by either name."""
    status = {"timestamp": "2026-03-01 03:33:18", "sessionId": "s", "digitInfo": "1234"}
    assert contracts.validator("axe/call_event").is_valid({"eventType": "collectInfo", "statusInfo": status})
    assert not contracts.validator("axb/call_event").is_valid({"eventType": "collectInfo", "statusInfo": status})
    cdr = {"direction": 0, "spId": "p", "appKey": "k", "bindNum": X, "sessionId": "s", "calleeNum": X}
    check = contracts.validator("axe/cdr")
    for name in ("extendNumber", "extendNum"):
        assert check.is_valid({"eventType": "fee", "feeLst": [cdr | {name: "0001"}]})
        assert not check.is_valid({"eventType": "fee", "feeLst": [cdr | {name: "00001"}]})


@pytest.mark.parametrize(
    ("settings", "right"),
    [
        ({"extension_digits": 1, "repeat_collections": 10, "no_record": None}, True),
        ({"no_record": {"play": "none.wav"}}, True),
        ({"no_record": {"transfer": N}}, True),
        ({"no_record": {"play": "none.wav", "transfer": N}}, False),
        ({"no_record": {}}, False),
        ({"extension_digits": 5}, False),
        ({"extension_digits": 0}, False),
        ({"repeat_collections": 11}, False),
    ],
)
def test_settings_of_an_application(settings: dict[str, Any], right: bool) -> None:
    """What the console sets for AXE only."""
    assert contracts.validator("driver/application.create").is_valid({"mode": "AXE"} | settings) is right


@pytest.mark.parametrize(
    ("digits", "right"),
    [(None, True), ("0001", True), ([], True), (["", "99", "0001"], True), (1, False), ([1], False)],
)
def test_digits_of_a_call(digits: object, right: bool) -> None:
    """Nothing, an entry, or one for each prompt."""
    call = {"caller": N, "called": X, "digits": digits, "digits_after": 0}
    assert contracts.validator("driver/call.create").is_valid(call) is right


def test_the_number_of_digits_is_no_setting_to_change() -> None:
    """It is fixed when the application is made; the others can be changed."""
    check = contracts.validator("driver/application.update")
    assert check.is_valid({"repeat_collections": 1, "no_record": {"play": "none.wav"}})
    assert [p.parameter for p in check.problems({"extension_digits": 1})] == ["extension_digits"]
