from __future__ import annotations

from typing import Any

import pytest

from privnum.mockserver.modes.ax.bind import BIND_FAULTS
from tests.mockserver.ax_rig import AX_PATH, FOREIGN_AX_X, NOBODYS_X, XS, AxRig
from tests.mockserver.rig import FIXED, FOREIGN_X, A, B, C, X

BEIJING, SHENZHEN, GUANGZHOU = "010", "0755", "020"
XB, XS1, XS2 = "+8617000000010", "+8617000000755", "+8617000000756"
AREAS = [
    {"number": XB, "area_code": BEIJING},
    {"number": XS1, "area_code": SHENZHEN},
    {"number": XS2, "area_code": SHENZHEN},
]


def test_a_bind_answers_with_a_x_and_the_id() -> None:
    """AX-BIND-001, AX-BIND-101."""
    rig = AxRig()
    reply = rig.bind(A, X, calleeNumDisplay="0", recordFlag="false", maxDuration=60)
    assert reply.key == "200/0"
    assert (reply.body["origNum"], reply.body["privateNum"]) == (A, X)
    assert rig.shown_binding(reply.body["subscriptionId"])["maxDuration"] == 60


def test_an_x_has_one_a_and_an_a_has_five_x() -> None:
    """AX-BIND-031, AX-BIND-032, AX-BIND-005, AX-BIND-008."""
    rig = AxRig()
    for x in XS[:5]:
        rig.new_binding_id(A, x)
    before = rig.state()
    assert rig.bind(B, XS[0]).key == "403/1011005"
    assert rig.bind(A, XS[5]).key == "403/1011003"
    assert rig.state() == before
    assert rig.unbind(privateNum=XS[0]).key == "200/0"
    rig.new_binding_id(A, XS[5])
    assert rig.bind(B, XS[0]).key == "200/0"
    assert rig.bind(B, XS[0]).key == "403/1016002"
    assert rig.x_of(A) == XS[1:6]


def test_five_x_are_counted_by_application() -> None:
    """AX-BIND-032: what A has in another application is of that one."""
    rig = AxRig()
    assert rig.bind(A, FOREIGN_AX_X, app=rig.ax_other).key == "200/0"
    for x in XS[:5]:
        rig.new_binding_id(A, x)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"origNum": None}, "403/1010002"),
        ({"privateNum": None}, "403/1010002"),
        ({"privateNum": FOREIGN_AX_X}, "403/1011001"),
        ({"privateNum": FOREIGN_X}, "403/1011001"),
        ({"privateNum": NOBODYS_X}, "403/1011001"),
        ({"privateNum": "17000000001"}, "403/1011001"),
        ({"privateNum": FIXED}, "403/1011001"),
        ({"privateNum": "1" * 33}, "403/1010002"),
        ({"origNum": "1" * 33}, "403/1010002"),
        ({"origNum": "13800000001"}, "403/1010002"),
        ({"origNum": "+864001234567"}, "403/1010002"),
        ({"origNum": "+8695533"}, "403/1010002"),
        ({"origNum": X}, "403/1010002"),
        ({"privateNumType": "fixed"}, "403/1010002"),
        ({"areaMatchMode": "2"}, "403/1010002"),
        ({"areaCode": "0" * 33}, "403/1010002"),
        ({"recordFlag": "yes"}, "403/1010002"),
        ({"privateSms": "1"}, "403/1010002"),
        ({"calleeNumDisplay": "2"}, "403/1010002"),
        ({"calleeNumDisplay": "1"}, "403/1020178"),
        ({"turnFlag": "ON"}, "403/1010002"),
        ({"turnFlag": True}, "403/1010002"),
        ({"callDirection": 3}, "403/1010002"),
        ({"callDirection": -1}, "403/1010002"),
        ({"maxDuration": 1441}, "403/1010002"),
        ({"maxDuration": -1}, "403/1010002"),
        ({"recordHintTone": "a b.wav"}, "403/1010002"),
        ({"lastMinVoice": "t" * 129}, "403/1010002"),
        ({"preVoice": {"callerHintTone": "t" * 129}}, "403/1010002"),
        ({"preVoice": "a.wav"}, "403/1010002"),
        ({"userData": "u" * 257}, "403/1010002"),
        ({"userData": "订单"}, "403/1010002"),
    ],
)
def test_a_wrong_bind_is_refused_and_leaves_nothing(fields: dict[str, Any], key: str) -> None:
    """AX-BIND-003 to AX-BIND-110: nothing is written before all is checked."""
    rig = AxRig()
    rig.new_binding_id(B, XS[0])
    before = rig.state()
    body = {name: value for name, value in {"origNum": A, "privateNum": X, **fields}.items() if value is not None}
    assert rig.request("POST", path=AX_PATH, body=body).key == key
    assert rig.state() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"maxDuration": 0},
        {"maxDuration": 1440},
        {"maxDuration": "1440"},
        {"callDirection": 0},
        {"callDirection": 2},
        {"callDirection": "1"},
        {"recordFlag": True, "privateSms": False},
        {"recordFlag": "true", "recordHintTone": "hint.wav"},
        {"calleeNumDisplay": 0},
        {"calleeNumDisplay": "0"},
        {"turnFlag": "off"},
        {"preVoice": {"callerHintTone": "a.wav", "calleeHintTone": ""}},
        {"preVoice": None},
        {"userData": "u" * 256},
        {"userData": "order{42}"},
        {"lastMinVoice": "t" * 128, "maxDuration": 1},
        {"privateNumType": "mobile-virtual"},
        {"areaMatchMode": "1"},
        {"origNum": FIXED},
    ],
)
def test_forms_that_are_documented_or_sent_are_taken(fields: dict[str, Any]) -> None:
    """AX-BIND-009, AX-BIND-017, AX-BIND-020, AX-BIND-022, AX-BIND-028, AX-BIND-107, AX-BIND-108."""
    assert AxRig().bind(**{"a": fields.pop("origNum", A), **fields}).key == "200/0"


# ── X by area ──


def test_an_area_gives_a_free_x_of_it() -> None:
    """AX-BIND-011, AX-BIND-012, AX-BIND-110: a bound X is not given."""
    rig = AxRig(numbers=AREAS)
    area: dict[str, Any] = {"areaCode": SHENZHEN, "privateNumType": "mobile-virtual"}
    given = {rig.bind(a, None, **area).body["privateNum"] for a in (A, B)}
    assert given == {XS1, XS2}
    before = rig.state()
    assert rig.bind(C, None, **area).key == "403/1011002"
    assert rig.bind(C, None, areaCode=GUANGZHOU).key == "403/1011002"
    assert rig.bind(C, None, areaCode="0" * 32).key == "403/1011002"
    assert rig.state() == before


def test_a_loose_match_takes_the_province_first_then_any() -> None:
    """AX-BIND-013."""
    rig = AxRig(numbers=AREAS)
    loose: dict[str, Any] = {"areaCode": GUANGZHOU, "areaMatchMode": "1"}
    assert [rig.bind(a, None, **loose).body["privateNum"] in {XS1, XS2} for a in (A, B)] == [True, True]
    assert rig.bind(C, None, **loose).body["privateNum"] == XB
    assert rig.bind("+8613800000009", None, **loose).key == "403/1011002"


def test_x_wins_over_area_and_an_area_may_lack_its_zero() -> None:
    """AX-BIND-014, AX-BIND-109."""
    rig = AxRig(numbers=AREAS)
    assert rig.bind(A, XB, areaCode=SHENZHEN).body["privateNum"] == XB
    assert rig.bind(B, None, areaCode="755").body["privateNum"] in {XS1, XS2}


def test_an_x_that_is_out_of_order_is_not_given() -> None:
    """AX-BIND-029."""
    rig = AxRig(numbers=AREAS)
    for status in ("9", "10", "11"):
        rig.world.numbers[XB].status = status
        assert rig.bind(A, None, areaCode=BEIJING).key == "403/1011002"
        assert rig.bind(A, XB).key == "403/1012102"


def test_a_sixth_x_by_area_is_refused() -> None:
    """AX-BIND-032."""
    rig = AxRig(numbers=[{"number": x, "area_code": BEIJING} for x in XS])
    for _ in range(5):
        assert rig.bind(A, None, areaCode=BEIJING).key == "200/0"
    assert rig.bind(A, None, areaCode=BEIJING).key == "403/1011003"


# ── several faults, and what the world chose ──

FAULTY: dict[str, Any] = {"recordFlag": "true", "calleeNumDisplay": "1"}


@pytest.mark.parametrize(
    "order",
    [
        "1011003 1012012 1012102 1011005 1016002 1020178",
        "1016002 1011005 1012102 1012012 1011003 1020178",
        "1012102 1011005 1016002 1011003 1012012 1020178",
    ],
)
def test_the_first_fault_in_the_worlds_order_is_named(order: str) -> None:
    """AX-OPEN-009."""
    assert set(BIND_FAULTS) == set(order.split())
    rig = AxRig(recording=False, assumptions={"ax.bind_faults": order})
    for x in XS[:5]:
        rig.new_binding_id(A, x)
    rig.world.numbers[XS[0]].status = "9"
    rig.new_binding_id(B, XS[5])
    rig.world.numbers[XS[5]].status = "9"
    for x, bound in ((XS[0], "1016002"), (XS[5], "1011005")):
        stand = {"1011003", "1012012", "1012102", "1020178", bound}
        first = next(code for code in order.split() if code in stand)
        assert rig.bind(A, x, **FAULTY).key == f"403/{first}"


@pytest.mark.parametrize(
    ("assumption", "choice", "fields", "key"),
    [
        ("ax.malformed_x", "1010002", {"privateNum": "17000000001"}, "403/1010002"),
        ("ax.a_equals_x", "accept", {"origNum": X}, "200/0"),
        ("ax.area_without_type", "1010002", {"privateNum": None, "areaCode": BEIJING}, "403/1010002"),
        ("ax.area_without_type", "1010002", {"areaCode": BEIJING}, "200/0"),
        ("ax.area_mode_without_area", "1010002", {"areaMatchMode": "0"}, "403/1010002"),
        ("ax.display_real_caller", "intercept", {"calleeNumDisplay": 1}, "200/0"),
        ("numbers.service_user", "accept", {"origNum": "+864001234567"}, "200/0"),
        ("numbers.malformed_user", "accept", {"origNum": "13800000001"}, "200/0"),
        ("binding.last_minute_without_limit", "1010002", {"lastMinVoice": "a.wav"}, "403/1010002"),
    ],
)
def test_the_world_decides_where_nobody_says(assumption: str, choice: str, fields: dict[str, Any], key: str) -> None:
    rig = AxRig(assumptions={assumption: choice}, numbers=[{"number": X, "area_code": BEIJING}, *XS])
    before = rig.state()
    body = {name: value for name, value in {"origNum": A, "privateNum": X, **fields}.items() if value is not None}
    assert rig.request("POST", path=AX_PATH, body=body).key == key
    assert key == "200/0" or rig.state() == before


@pytest.mark.parametrize("choice", ["1012102", "1011001", "1011002", "1011004"])
def test_the_code_of_a_blocked_x(choice: str) -> None:
    """AX-OPEN-010."""
    rig = AxRig(assumptions={"ax.blocked_x": choice})
    rig.world.numbers[X].status = "11"
    assert rig.bind().key == f"403/{choice}"


@pytest.mark.parametrize(("choice", "key"), [("1012012", "403/1012012"), ("ignore", "200/0")])
def test_recording_needs_an_application_that_records(choice: str, key: str) -> None:
    """AX-BIND-021, AX-MODIFY-011, AX-OPEN-015: where it is taken, nothing is recorded."""
    rig = AxRig(recording=False, assumptions={"ax.recording_not_open": choice})
    sub = rig.new_binding_id()
    before = rig.state()
    assert rig.modify(sub, recordFlag="true").key == key
    assert rig.bind(B, XS[0], recordFlag=True).key == key
    if key != "200/0":
        assert rig.state() == before
        return
    rig.call(B, behaviour="answer", hang_up_after=30)
    rig.advance(60)
    assert rig.cdrs()[0]["recordFlag"] == 0


def test_tones_must_have_been_uploaded() -> None:
    """AX-BIND-030."""
    rig = AxRig(tones=["hint.wav"])
    sub = rig.new_binding_id(recordHintTone="hint.wav")
    for fields in ({"lastMinVoice": "no.wav", "maxDuration": 1}, {"preVoice": {"calleeHintTone": "no.wav"}}):
        assert rig.bind(B, XS[0], **fields).key == "403/1010002"
    assert rig.modify(sub, lastMinVoice="no.wav", maxDuration=1).key == "403/1010002"


def test_a_binding_does_not_end_by_itself() -> None:
    """AX-LIFE-101."""
    rig = AxRig()
    sub = rig.new_binding_id()
    rig.advance(366 * 86_400)
    assert rig.shown_binding(sub)["privateNum"] == X
