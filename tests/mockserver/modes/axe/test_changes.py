from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.mockserver.axb_rig import AXB_PATH
from tests.mockserver.axe_rig import FOREIGN_AXE_X, X2, AxeRig
from tests.mockserver.rig import A, B, C, D, X

HOUR = 3600


# ── lifetime ──


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"bindExpiredTime": 2}, 2 * HOUR),
        ({"bindExpiredTime": 2, "timeUnit": "0"}, 2 * HOUR),
        ({"bindExpiredTime": 2, "timeUnit": 1}, 120),
        ({}, 168 * HOUR),
        ({"timeUnit": "1"}, 168 * HOUR),
    ],
)
@pytest.mark.parametrize(("choice", "at_the_end"), [("gone", False), ("alive", True)])
def test_a_binding_ends_with_its_time(fields: dict[str, Any], seconds: int, choice: str, at_the_end: bool) -> None:
    """AXE-LIFE-001, 002, 005, 006; COM-OPEN-061."""
    rig = AxeRig(assumptions={"binding.expiry_instant": choice})
    told = rig.new_binding_fields(**fields)
    sub = told["subscriptionId"]
    rig.advance(seconds - 1)
    assert rig.alive(sub)
    rig.advance(1)
    assert rig.alive(sub) is at_the_end
    rig.advance(1)
    assert rig.query(subscriptionId=sub).key == "403/1016001"
    assert rig.unbind(subscriptionId=sub).key == "403/1016001"
    assert rig.modify(sub, userData="x").key == "403/1016001"
    assert rig.new_binding_fields(extendNum=told["extendNum"])["subscriptionId"] != sub


def test_zero_never_ends() -> None:
    """AXE-LIFE-002, AXE-OPEN-001."""
    rig = AxeRig(assumptions={"axe.bind_expired_default": 0})
    subs = [rig.new_binding_id(A, bindExpiredTime=0), rig.new_binding_id(B)]
    rig.advance(3650 * 86_400)
    assert all(rig.alive(sub) for sub in subs)


@pytest.mark.parametrize(
    ("assumptions", "modify", "end"),
    [
        ({}, {"userData": "x"}, 4 * HOUR),
        ({}, {"bindExpiredTime": 5}, 2 * HOUR + 5 * HOUR),
        ({}, {"bindExpiredTime": 5, "timeUnit": "1"}, 2 * HOUR + 300),
        ({"axe.modify_expiry_start": "bind"}, {"bindExpiredTime": 5}, 5 * HOUR),
        ({"axe.modify_expiry_start": "bind"}, {"bindExpiredTime": 1}, 2 * HOUR),
        ({"axe.modify_expiry_start": "bind"}, {"bindExpiredTime": 121, "timeUnit": 1}, 2 * HOUR + 60),
        ({}, {"timeUnit": "1"}, 4 * HOUR),
        ({}, {"bindExpiredTime": 0}, None),
    ],
)
def test_modify_gives_a_new_end_or_leaves_it(
    assumptions: dict[str, str | int], modify: dict[str, Any], end: int | None
) -> None:
    """AXE-LIFE-003, AXE-OPEN-019."""
    rig = AxeRig(assumptions=assumptions)
    sub = rig.new_binding_id(bindExpiredTime=4)
    rig.advance(2 * HOUR)
    rig.must_modify(sub, **modify)
    if end is None:
        rig.advance(10**7)
        assert rig.alive(sub)
        return
    if end > 2 * HOUR:
        rig.advance(end - 2 * HOUR - 1)
        assert rig.alive(sub)
        rig.advance(1)
    assert not rig.alive(sub)


@pytest.mark.parametrize(("choice", "end"), [("hours", 5 * HOUR), ("as_set", 300)])
def test_the_unit_of_a_modify_without_one(choice: str, end: int) -> None:
    """AXE-OPEN-036."""
    rig = AxeRig(assumptions={"axe.modify_unit_absent": choice})
    sub = rig.new_binding_id(bindExpiredTime=60, timeUnit="1")
    rig.must_modify(sub, bindExpiredTime=5)
    rig.advance(end - 1)
    assert rig.alive(sub)
    rig.advance(1)
    assert not rig.alive(sub)


# ── unbind ──


def test_unbind_dissolves_one_binding() -> None:
    """AXE-UNBIND-001 to AXE-UNBIND-003, 006, 008."""
    rig = AxeRig()
    first, second, third = rig.new_binding_fields(A), rig.new_binding_fields(B), rig.new_binding_fields(A, X2)
    assert rig.unbind(subscriptionId=first["subscriptionId"], virtualNum=X2, extendNum="").key == "200/0"
    assert rig.unbind(subscriptionId="", virtualNum=X, extendNum=second["extendNum"]).key == "200/0"
    assert not rig.alive(first["subscriptionId"])
    assert not rig.alive(second["subscriptionId"])
    assert rig.alive(third["subscriptionId"])
    rig.new_binding_id(A, extendNum=first["extendNum"])
    rig.new_binding_id(B, extendNum=second["extendNum"])


SELECTORS: list[tuple[dict[str, Any], str]] = [
    ({}, "1010002"),
    ({"virtualNum": X}, "1010002"),
    ({"extendNum": "0001"}, "1010002"),
    ({"subscriptionId": ""}, "1010002"),
    ({"subscriptionId": "unknown"}, "1016001"),
    ({"subscriptionId": "x" * 65}, "1010002"),
    ({"virtualNum": X, "extendNum": "9"}, "1016001"),
    ({"virtualNum": X2, "extendNum": "0042"}, "1016001"),
    ({"virtualNum": FOREIGN_AXE_X, "extendNum": "0042"}, "1016001"),
    ({"virtualNum": "+8617011112222", "extendNum": "0042"}, "1016001"),
    ({"virtualNum": "none", "extendNum": "0042"}, "1016001"),
]


@pytest.mark.parametrize("operation", ["unbind", "modify", "query"])
@pytest.mark.parametrize(("selector", "code"), SELECTORS)
def test_a_selector_must_name_a_binding_of_the_application(operation: str, selector: dict[str, Any], code: str) -> None:
    """AXE-UNBIND-004, 007; AXE-MODIFY-002, 008; AXE-QUERY-005, 010; AXE-OPEN-016, 017."""
    rig = AxeRig()
    rig.new_binding_id(extendNum="0042")
    rig.bind(extendNum="0042", x=FOREIGN_AXE_X, app=rig.axe_other)
    before = rig.state()
    send = {"unbind": rig.unbind, "modify": rig.modify, "query": rig.query}[operation]
    assert send(**selector).key == f"403/{code}"
    assert rig.state() == before


def test_bindings_of_another_application_are_out_of_reach() -> None:
    """AXE-UNBIND-006, AXE-MODIFY-002, AXE-QUERY-007."""
    rig = AxeRig()
    foreign = rig.bind(x=FOREIGN_AXE_X, app=rig.axe_other).body["subscriptionId"]
    bound = rig.request("POST", path=AXB_PATH, body={"callerNum": A, "calleeNum": B}, app=rig.other_app)
    pair = bound.body["subscriptionId"]
    mine = rig.new_binding_id()
    before = rig.state()
    for sub, send in product((foreign, pair), (rig.unbind, rig.modify, rig.query, rig.list_bindings)):
        assert send(subscriptionId=sub).key == "403/1016001"
    assert rig.request("DELETE", path=AXB_PATH, query={"subscriptionId": mine}, app=rig.other_app).key == "403/1012007"
    assert rig.state() == before


@pytest.mark.parametrize(("choice", "key"), [("success", "200/0"), ("1012102", "403/1012102")])
def test_bindings_of_a_blocked_x_change_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-074."""
    rig = AxeRig(assumptions={"binding.blocked_x_changes": choice})
    sub = rig.new_binding_id()
    for status, expected in (("11", "200/0"), ("9", key), ("10", key)):
        rig.world.numbers[X].status = status
        assert rig.modify(sub, userData="x").key == expected
    assert rig.unbind(subscriptionId=sub).key == key


# ── modify ──


def test_modify_changes_what_it_carries_and_nothing_else() -> None:
    """AXE-MODIFY-101, 003, 009, 010."""
    rig = AxeRig()
    told = rig.new_binding_fields(callbackNum=C, userData="first", bindExpiredTime=5, callbackExpiredTime=2)
    sub, digits = told["subscriptionId"], told["extendNum"]
    before = rig.shown_binding(sub)
    rig.must_modify(sub, bindNum=B, recordFlag="true", recordHintTone="r.wav", virtualNum=X2, extendNum="1")
    assert rig.shown_binding(sub) == {**before, "recordFlag": "true", "recordHintTone": "r.wav"}
    assert rig.modify(virtualNum=X, extendNum=digits, callbackExpiredTime=3, callbackNum=D).key == "200/0"
    assert rig.shown_binding(sub)["callbackExpiredTime"] == 3
    rig.must_modify(sub, recordFlag=False, userData="second")
    changed = {"recordFlag": "false", "callbackNum": D, "callbackExpiredTime": 3, "userData": "second"}
    assert rig.shown_binding(sub) == {**before, **changed}


def test_empty_clears_callback_tone_and_number_only() -> None:
    """AXE-MODIFY-102, AXE-MODIFY-103, COM-ENV-009."""
    rig = AxeRig()
    sub = rig.new_binding_id(callbackNum=C, userData="kept")
    rig.must_modify(sub, callbackTone="t.wav", callbackNum=D, userData="")
    assert rig.shown_binding(sub).items() >= {"callbackTone": "t.wav", "callbackNum": D, "userData": "kept"}.items()
    rig.must_modify(sub, callbackNum="")
    assert "callbackNum" not in rig.shown_binding(sub)
    rig.must_modify(sub, callbackTone="", callbackNum=None)
    assert "callbackTone" not in rig.shown_binding(sub)


@pytest.mark.parametrize(
    "fields",
    [
        {"timeUnit": "2"},
        {"bindExpiredTime": -1},
        {"bindExpiredTime": 721},
        {"bindExpiredTime": 9},
        {"bindExpiredTime": 599, "timeUnit": "1"},
        {"callbackExpiredTime": 13},
        {"callbackExpiredTime": 721, "timeUnit": "1"},
        {"callbackExpiredTime": 169, "bindExpiredTime": 0},
        {"callbackNum": "139"},
        {"displayNumMode": "2"},
    ],
)
def test_modify_judges_like_bind(fields: dict[str, Any]) -> None:
    """AXE-MODIFY-008, AXE-OPEN-004."""
    rig = AxeRig()
    sub = rig.new_binding_id(bindExpiredTime=12, callbackExpiredTime=10)
    before = rig.state()
    assert rig.modify(sub, userData="new", **fields).key == "403/1010002"
    assert rig.state() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"bindExpiredTime": 0},
        {"bindExpiredTime": 600, "timeUnit": "1"},
        {"bindExpiredTime": 3, "callbackExpiredTime": 3},
        {"callbackExpiredTime": 720, "timeUnit": "1"},
    ],
)
def test_a_record_may_last_as_long_as_its_binding(fields: dict[str, Any]) -> None:
    """AXE-OPEN-004."""
    rig = AxeRig()
    rig.must_modify(rig.new_binding_id(bindExpiredTime=12, callbackExpiredTime=10), **fields)


@pytest.mark.parametrize(("choice", "key"), [("accept", "200/0"), ("1010002", "403/1010002")])
def test_a_modify_of_one_time(choice: str, key: str) -> None:
    """AXE-OPEN-004: it is checked beside the other, which was carried before. Both in one request: AXE-MODIFY-105."""
    rig = AxeRig(assumptions={"axe.callback_longer_than_bind": choice})
    sub = rig.new_binding_id(bindExpiredTime=12, callbackExpiredTime=10)
    assert rig.modify(sub, bindExpiredTime=9).key == key
    assert rig.modify(sub, bindExpiredTime=9, callbackExpiredTime=10).key == "403/1010002"


@pytest.mark.parametrize(
    ("choice", "at_bind", "at_modify"),
    [
        ("accept", "200/0", "200/0"),
        ("as_carried", "200/0", "403/1010002"),
        ("1010002", "403/1010002", "403/1010002"),
    ],
)
def test_a_default_that_is_too_long(choice: str, at_bind: str, at_modify: str) -> None:
    """AXE-OPEN-055, AXE-OPEN-002."""
    rig = AxeRig(assumptions={"axe.callback_expired_default": 24, "axe.callback_default_longer": choice})
    assert rig.bind(B, X, bindExpiredTime=5).key == at_bind
    sub = rig.new_binding_id(bindExpiredTime=48)
    assert rig.modify(sub, bindExpiredTime=30).key == "200/0"
    assert rig.modify(sub, bindExpiredTime=5).key == at_modify
    assert rig.modify(sub, bindExpiredTime=5, callbackExpiredTime=1).key == "200/0"


def test_a_default_that_is_written_down() -> None:
    """AXE-OPEN-055: no longer than the binding, in its unit."""
    rig = AxeRig(assumptions={"axe.callback_expired_default": 24, "axe.callback_default_longer": "as_carried"})
    assert rig.new_binding_fields(bindExpiredTime=90, timeUnit="1")["callbackExpiredTime"] == 90
    assert rig.new_binding_fields(B, bindExpiredTime=0)["callbackExpiredTime"] == 24


@pytest.mark.parametrize(("choice", "key"), [("success", "200/0"), ("1010002", "403/1010002")])
def test_a_modify_of_nothing(choice: str, key: str) -> None:
    """COM-OPEN-062."""
    rig = AxeRig(assumptions={"binding.modify_nothing": choice})
    told = rig.new_binding_fields()
    assert rig.modify(told["subscriptionId"]).key == key
    assert rig.modify(virtualNum=X, extendNum=told["extendNum"], bindNum=B).key == key
    assert rig.modify(told["subscriptionId"], callbackNum="").key == "200/0"


@pytest.mark.parametrize(("choice", "key"), [("1020178", "403/1020178"), ("intercept", "200/0")])
def test_a_modify_to_the_real_caller(choice: str, key: str) -> None:
    """AXE-OPEN-015."""
    rig = AxeRig(assumptions={"axe.display_real_caller": choice})
    assert rig.modify(rig.new_binding_id(), displayNumMode="1").key == key


@pytest.mark.parametrize(("choice", "shown"), [("clear", None), ("unchanged", "h.wav")])
def test_an_empty_recording_tone_at_modify(choice: str, shown: str | None) -> None:
    """axe.modify_empty_tone."""
    rig = AxeRig(assumptions={"axe.modify_empty_tone": choice})
    sub = rig.new_binding_id(recordFlag="true", recordHintTone="h.wav")
    rig.must_modify(sub, recordHintTone="")
    assert rig.query(subscriptionId=sub).body.get("recordHintTone") == shown


@pytest.mark.parametrize(
    ("bound", "change", "shown"),
    [
        ({}, {"timeUnit": "1", "bindExpiredTime": 30}, (30, "1")),
        ({"bindExpiredTime": 100}, {"timeUnit": "1", "bindExpiredTime": 30}, (30, "1")),
        ({"bindExpiredTime": 100}, {"bindExpiredTime": 50}, (100, "0")),
        ({"timeUnit": "0", "bindExpiredTime": 100}, {"timeUnit": "1", "bindExpiredTime": 30}, (100, "0")),
        ({"timeUnit": "1", "bindExpiredTime": 100}, {"bindExpiredTime": 2}, (100, "1")),
        ({"timeUnit": "1"}, {"timeUnit": "0", "bindExpiredTime": 2}, (2, "0")),
    ],
)
def test_a_query_shows_the_times_of_the_bind_where_it_carried_them(
    bound: dict[str, Any], change: dict[str, Any], shown: tuple[int, str]
) -> None:
    """axe.query_times_after_modify: time and unit belong together, whatever was carried; a second modify counts too."""
    rig = AxeRig()
    sub = rig.new_binding_id(**bound)
    rig.must_modify(sub, timeUnit="0", bindExpiredTime=7)
    rig.must_modify(sub, **change)
    info = rig.query(subscriptionId=sub).body
    assert (info["bindExpiredTime"], info["timeUnit"]) == shown
