from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.ax_rig import AX_PATH, FOREIGN_AX_X, NOBODYS_X, XS, AxRig
from tests.mockserver.axb_rig import AXB_PATH
from tests.mockserver.rig import FIXED, FOREIGN_X, A, B, C, D, X

# ── unbind ──


def test_unbind_by_id_or_by_x_dissolves_one_binding() -> None:
    """AX-UNBIND-001, AX-UNBIND-003, AX-UNBIND-007, AX-UNBIND-101, AX-UNBIND-102."""
    rig = AxRig()
    first = rig.new_binding_id(A, X)
    rig.new_binding_id(A, XS[0])
    rig.new_binding_id(B, XS[1])
    assert rig.unbind(subscriptionId=first, privateNum=XS[0], origNum=B).key == "200/0"
    assert rig.x_of(A) == [XS[0]]
    rig.new_binding_id(C, X)
    assert rig.unbind(privateNum=XS[0], origNum=D).key == "200/0"
    assert rig.unbind(privateNum=XS[1], origNum="", subscriptionId="").key == "200/0"
    assert (rig.x_of(A), rig.x_of(B), rig.x_of(C)) == ([], [], [X])


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"subscriptionId": "unknown"}, "403/1016001"),
        ({"subscriptionId": "x" * 65}, "403/1010002"),
        ({"privateNum": XS[0]}, "403/1011004"),
        ({"privateNum": FOREIGN_AX_X}, "403/1011001"),
        ({"privateNum": FOREIGN_X}, "403/1011001"),
        ({"privateNum": NOBODYS_X}, "403/1011001"),
        ({"privateNum": "17000000001"}, "403/1011001"),
        ({"privateNum": "1" * 33}, "403/1010002"),
        ({}, "403/1011004"),
        ({"privateNum": ""}, "403/1011004"),
        ({"origNum": A}, "403/1011004"),
    ],
)
def test_unbinding_what_is_not_there_is_an_error(query: dict[str, Any], key: str) -> None:
    """AX-UNBIND-002, AX-UNBIND-004, AX-UNBIND-005."""
    rig = AxRig()
    rig.new_binding_id()
    before = rig.state()
    assert rig.unbind(**query).key == key
    assert rig.state() == before


@pytest.mark.parametrize(
    ("assumption", "choice", "query", "key"),
    [
        ("ax.binding_not_found", "1011004", {"subscriptionId": "unknown"}, "403/1011004"),
        ("ax.unbind_unbound_x", "1016001", {"privateNum": XS[0]}, "403/1016001"),
        ("ax.selector_x_of_other_application", "1016001", {"privateNum": FOREIGN_AX_X}, "403/1016001"),
        ("ax.unbind_without_selector", "1010002", {}, "403/1010002"),
        ("ax.unbind_without_selector", "1011001", {"origNum": A}, "403/1011001"),
        ("ax.unbind_by_a", "all", {"origNum": B}, "403/1016001"),
        ("ax.unbind_by_a", "all", {"origNum": A}, "200/0"),
        ("ax.unbind_by_a", "all", {}, "403/1011004"),
    ],
)
def test_the_code_of_an_unbind_of_nothing(assumption: str, choice: str, query: dict[str, Any], key: str) -> None:
    rig = AxRig(assumptions={assumption: choice})
    rig.new_binding_id(A, X)
    rig.new_binding_id(A, XS[1])
    before = rig.state()
    assert rig.unbind(**query).key == key
    assert rig.state() == before if key != "200/0" else rig.x_of(A) == []


@pytest.mark.parametrize("choice", ["1011004", "1011001", "1010002"])
def test_a_bare_plus_is_a_blank_and_the_number_not_recognised(choice: str) -> None:
    """COM-ENV-006, AX-OPEN-008."""
    rig = AxRig(assumptions={"ax.unbind_bare_plus": choice})
    rig.new_binding_id()
    assert rig.request("DELETE", path=AX_PATH, query=f"privateNum={X}").key == f"403/{choice}"
    assert rig.request("DELETE", path=AX_PATH, query=f"privateNum=%2B{X[1:]}").key == "200/0"


def test_bindings_of_another_application_are_out_of_reach() -> None:
    """AX-UNBIND-005, AX-UNBIND-006, AX-MODIFY-002, AX-QUERY-006, AX-QUERY-007, AX-CALLEE-112."""
    rig = AxRig()
    sub = rig.new_binding_id()
    before = rig.state()
    other = rig.ax_other
    for selector in ({"subscriptionId": sub}, {"privateNum": X}):
        key = "403/1016001" if "subscriptionId" in selector else "403/1011001"
        assert rig.unbind(**selector, app=other).key == key
        assert rig.modify(**selector, maxDuration=1, app=other).key == key
        assert rig.query(**selector, app=other).key == key
        assert rig.set_callee(x=None, **selector, app=other).key == key
    assert rig.query(origNum=A, app=other).key == "403/1016001"
    assert rig.state() == before


def test_other_modes_have_no_ax() -> None:
    """COM-AUTH-025, both ways."""
    rig = AxRig()
    assert rig.bind(app=rig.other_app).key == "403/1010040"
    assert rig.set_callee(app=rig.other_mode_app).key == "403/1010040"
    pair = {"callerNum": A, "calleeNum": B, "relationNum": X}
    assert rig.request("POST", path=AXB_PATH, body=pair).key == "403/1010040"


@pytest.mark.parametrize(("choice", "key"), [("success", "200/0"), ("1012102", "403/1012102")])
def test_bindings_of_a_blocked_x_change_as_the_world_chose(choice: str, key: str) -> None:
    """COM-OPEN-074, which is about every mode."""
    rig = AxRig(assumptions={"binding.blocked_x_changes": choice})
    sub = rig.new_binding_id()
    rig.world.numbers[X].status = "9"
    assert rig.modify(sub, maxDuration=60).key == key
    assert rig.set_callee().key == key
    assert rig.unbind(subscriptionId=sub).key == key


# ── modify ──


def test_modify_changes_what_it_carries_and_nothing_else() -> None:
    """AX-MODIFY-005, AX-MODIFY-006, AX-MODIFY-010, AX-MODIFY-101, AX-MODIFY-102, AX-MODIFY-104."""
    rig = AxRig()
    sub, other = rig.new_binding_id(A, X, userData="one", maxDuration=5), rig.new_binding_id(A, XS[0], userData="two")
    shown, others = rig.shown_binding(sub), rig.shown_binding(other)
    assert rig.modify(sub, privateNum=XS[0], turnFlag="off", callDirection=2, privateSms=False).key == "200/0"
    shown |= {"turnFlag": "off", "callDirection": 2, "privateSms": "false"}
    assert rig.shown_binding(sub) == shown
    assert rig.modify(privateNum=X, recordFlag="true", maxDuration=9, lastMinVoice="a.wav", userData="x").key == "200/0"
    shown |= {"recordFlag": "true", "maxDuration": 9, "lastMinVoice": "a.wav", "userData": "x"}
    assert rig.shown_binding(sub) == shown
    assert rig.shown_binding(other) == others


def test_a_new_a_takes_the_place_of_the_former_one() -> None:
    """AX-MODIFY-003."""
    rig = AxRig()
    sub = rig.new_binding_id(A, X)
    assert rig.modify(sub, origNum=B).key == "200/0"
    assert (rig.x_of(A), rig.x_of(B)) == ([], [X])
    assert rig.call_result(C) == B
    assert rig.call_result(B) == 8013
    assert rig.modify(privateNum=X, origNum=FIXED).key == "200/0"
    assert rig.call_result(C) == FIXED


def test_no_a_gets_a_sixth_x_by_a_modify() -> None:
    """AX-MODIFY-103, AX-OPEN-018."""
    for choice in ("1011003", "1016002"):
        rig = AxRig(assumptions={"ax.modify_full_a": choice})
        for x in XS[:5]:
            rig.new_binding_id(A, x)
        sub = rig.new_binding_id(B, XS[5])
        before = rig.state()
        assert rig.modify(sub, origNum=A, maxDuration=1).key == f"403/{choice}"
        assert rig.state() == before
        full = rig.query(privateNum=XS[0]).body["privateNumList"][0]["subscriptionId"]
        assert rig.modify(full, origNum=A).key == "200/0"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"privateNum": XS[0]}, "403/1016001"),
        ({"privateNum": NOBODYS_X}, "403/1011001"),
        ({"privateNum": "17000000001"}, "403/1011001"),
        ({"subscriptionId": "unknown"}, "403/1016001"),
        ({"subscriptionId": "x" * 65}, "403/1010002"),
        ({"privateNum": None}, "403/1010002"),
        ({"privateNum": None, "origNum": A}, "403/1010002"),
        ({"origNum": "13800000001"}, "403/1010002"),
        ({"origNum": "+8695533"}, "403/1010002"),
        ({"origNum": X}, "403/1010002"),
        ({"callDirection": 3}, "403/1010002"),
        ({"maxDuration": 1441}, "403/1010002"),
        ({"maxDuration": -1}, "403/1010002"),
        ({"turnFlag": "maybe"}, "403/1010002"),
        ({"recordFlag": "yes"}, "403/1010002"),
        ({"privateSms": "no"}, "403/1010002"),
        ({"userData": "订单"}, "403/1010002"),
        ({"userData": "u" * 257}, "403/1010002"),
        ({"lastMinVoice": "t" * 129}, "403/1010002"),
    ],
)
def test_a_wrong_modify_changes_nothing(fields: dict[str, Any], key: str) -> None:
    """AX-MODIFY-001, AX-MODIFY-002, AX-MODIFY-008: nothing is written before all is checked."""
    rig = AxRig()
    rig.new_binding_id()
    before = rig.state()
    body = {"privateNum": X, "maxDuration": 7, **fields}
    body = {name: value for name, value in body.items() if value is not None}
    assert rig.request("PUT", path=AX_PATH, body=body).key == key
    assert rig.state() == before


@pytest.mark.parametrize(
    ("assumption", "choice", "fields", "key"),
    [
        ("ax.modify_same_a", "1016002", {"origNum": A}, "403/1016002"),
        ("ax.modify_orig_num", "selector", {"origNum": A}, "200/0"),
        ("ax.modify_orig_num", "selector", {"origNum": B}, "403/1016001"),
        ("ax.modify_orig_num", "new_a", {"origNum": B}, "200/0"),
        ("ax.a_equals_x", "accept", {"origNum": X}, "200/0"),
        ("binding.modify_nothing", "1010002", {}, "403/1010002"),
        ("binding.modify_nothing", "success", {}, "200/0"),
        ("ax.selector_missing", "1016001", {"privateNum": None}, "403/1016001"),
        ("ax.binding_not_found", "1011004", {"privateNum": XS[0]}, "403/1011004"),
        ("binding.last_minute_without_limit", "1010002", {"lastMinVoice": "a.wav"}, "403/1010002"),
        ("binding.last_minute_without_limit", "1010002", {"lastMinVoice": "a.wav", "maxDuration": 1}, "200/0"),
    ],
)
def test_the_world_decides_where_nobody_says(assumption: str, choice: str, fields: dict[str, Any], key: str) -> None:
    rig = AxRig(assumptions={assumption: choice})
    rig.new_binding_id()
    before = rig.state()
    body = {name: value for name, value in {"privateNum": X, **fields}.items() if value is not None}
    assert rig.request("PUT", path=AX_PATH, body=body).key == key
    assert key == "200/0" or rig.state() == before


def test_with_a_selector_an_old_modify_that_carries_nothing_is_one_of_nothing() -> None:
    """AX-OPEN-016, COM-OPEN-062."""
    rig = AxRig(assumptions={"ax.modify_orig_num": "selector", "binding.modify_nothing": "1010002"})
    rig.new_binding_id()
    assert rig.modify(privateNum=X, origNum=A).key == "403/1010002"
    assert rig.modify(privateNum=X, origNum=A, maxDuration=1).key == "200/0"


@pytest.mark.parametrize(("choice", "left"), [("clear", None), ("unchanged", "a.wav")])
def test_an_empty_tone_of_a_modify(choice: str, left: str | None) -> None:
    """COM-OPEN-076, which is about every mode."""
    rig = AxRig(assumptions={"binding.modify_empty_tone": choice})
    sub = rig.new_binding_id(lastMinVoice="a.wav", maxDuration=5)
    assert rig.modify(sub, lastMinVoice="").key == "200/0"
    assert rig.shown_binding(sub).get("lastMinVoice") == left
