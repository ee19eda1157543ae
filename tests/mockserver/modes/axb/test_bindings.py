from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.rig import FIXED, FOREIGN_X, X2, A, B, C, D, X

SHENZHEN, GUANGZHOU, BEIJING = "0755", "020", "010"
XS, XG, XB = "+8617000000755", "+8617000000020", "+8617000000010"
AREAS = [{"number": XS, "area_code": SHENZHEN}, {"number": XG, "area_code": GUANGZHOU}]
AREAS.append({"number": XB, "area_code": BEIJING})


# ── bind ──


def test_bind_answers_with_the_binding_and_the_values_in_force() -> None:
    """AXB-BIND-001, AXB-BIND-002."""
    reply = AxbRig().bind(callDirection=1, duration=60, maxDuration=5)
    assert reply.key == "200/0"
    sub = reply.body.pop("subscriptionId")
    assert 1 <= len(sub) <= 64
    assert reply.body == {
        "resultcode": "0",
        "resultdesc": "Success",
        "relationNum": X,
        "callDirection": 1,
        "duration": 60,
        "maxDuration": 5,
    }


@pytest.mark.parametrize(("a", "b"), [(A, B), (B, A), (A, C), (C, A), (B, C), (C, B)])
def test_a_user_stands_once_on_an_x(a: str, b: str) -> None:
    """AXB-BIND-005, AXB-BIND-102."""
    rig = AxbRig()
    rig.new_binding_id(A, B)
    before = rig.state()
    assert rig.bind(a, b).key == "403/1012010"
    assert rig.state() == before


def test_different_pairs_share_an_x_and_a_pair_may_stand_on_two() -> None:
    """AXB-BIND-007, AXB-BIND-008."""
    rig = AxbRig()
    subs = {rig.new_binding_id(A, B), rig.new_binding_id(C, D), rig.new_binding_id(A, B, X2)}
    assert len(subs) == 3


def test_an_x_carries_as_many_pairs_as_the_edition_says() -> None:
    """AXB-BIND-103."""
    rig = AxbRig()
    rig.world.limits = {"pairs_per_x": 3}
    for i in range(3):
        rig.new_binding_id(f"+86138000010{i:02d}", f"+86139000010{i:02d}")
    assert rig.bind().key == "403/1012009"
    assert rig.bind(x=X2).key == "200/0"


@pytest.mark.parametrize(("edition", "key"), [("2026-01", "403/1012010"), ("2019", "403/1013102")])
def test_a_taken_number_has_the_code_of_the_edition(edition: str, key: str) -> None:
    """Until May 2022 1012010 was 1013102, at bind and at modify; what refuses is the same."""
    rig = AxbRig(edition=edition)
    sub = rig.new_binding_id()
    rig.new_binding_id(C, D)
    for reply in (rig.bind(), rig.bind(A, "+8613900000077"), rig.modify(sub, callerNum=C)):
        assert reply.key == key
    assert rig.modify("no-such-id", callDirection=1).key == "403/1012007"


@pytest.mark.parametrize(
    ("x", "key"),
    [
        (FOREIGN_X, "403/1012001"),
        ("+8617011112222", "403/1012007"),
        ("17000000001", "403/1012007"),
        ("+8675526660001", "403/1012007"),
        (" 8617000000001", "403/1012007"),
        ("+86", "403/1010002"),
        ("+" + "8" * 40, "403/1010002"),
    ],
)
def test_an_x_must_be_one_of_the_application(x: str, key: str) -> None:
    """AXB-BIND-010, numbers.malformed_x, numbers.unknown_x."""
    rig = AxbRig()
    before = rig.state()
    assert rig.bind(x=x).key == key
    assert rig.state() == before


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"callerNum": None}, "callerNum"),
        ({"calleeNum": ""}, "calleeNum"),
        ({"callerNum": 13800000001}, "callerNum"),
        ({"callerNum": "13800000001"}, "callerNum"),
        ({"callerNum": "+8613800000001\n"}, "callerNum"),
        ({"callerNum": "+861380000000\u0000"}, "callerNum"),
        ({"calleeNum": "4001234567"}, "calleeNum"),
        ({"calleeNum": "+8695588"}, "calleeNum"),
        ({"calleeNum": A}, "calleeNum"),
        ({"calleeNum": X}, "calleeNum"),
        ({"callDirection": 3}, "callDirection"),
        ({"callDirection": -1}, "callDirection"),
        ({"callDirection": True}, "callDirection"),
        ({"callDirection": 0.5}, "callDirection"),
        ({"callDirection": "both"}, "callDirection"),
        ({"duration": 7_776_001}, "duration"),
        ({"duration": 10**30}, "duration"),
        ({"duration": "7776001"}, "duration"),
        ({"maxDuration": 1441}, "maxDuration"),
        ({"maxDuration": [1]}, "maxDuration"),
        ({"recordFlag": "yes"}, "recordFlag"),
        ({"privateSms": 1}, "privateSms"),
        ({"areaMatchMode": "2"}, "areaMatchMode"),
        ({"userData": "x" * 257}, "userData"),
        ({"userData": "订单"}, "userData"),
        ({"recordHintTone": "t" * 129}, "recordHintTone"),
        ({"recordHintTone": "不 a/b"}, "recordHintTone"),
        ({"lastMinVoice": "a b.wav"}, "lastMinVoice"),
        ({"preVoice": "wait.wav"}, "preVoice"),
        ({"preVoice": {"callerHintTone": 7}}, "callerHintTone"),
    ],
)
def test_a_bad_parameter_is_named_and_changes_nothing(fields: dict[str, Any], parameter: str) -> None:
    """AXB-BIND-003, 004, 018 to 020, 023 to 027, 032; COM-ENV-007."""
    rig = AxbRig()
    before = rig.state()
    reply = rig.request("POST", body={"callerNum": A, "calleeNum": B, "relationNum": X, **fields})
    assert reply.key == "403/1010002"
    assert reply.text.startswith("Invalid request.")
    assert parameter in reply.text
    assert reply.text.isascii()
    assert len(reply.text) <= 256
    assert "00000001" not in reply.text, "users' numbers are masked"
    assert rig.state() == before


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("recordFlag", "true", "true"),
        ("recordFlag", True, "true"),
        ("recordFlag", "false", "false"),
        ("privateSms", False, "false"),
        ("callDirection", "2", 2),
        ("duration", "3600", 3600),
        ("maxDuration", 5.0, 5),
        ("callDirection", None, 0),
        ("userData", "a{b}^", "a{b}^"),
        ("userData", "é € あ", "é € あ"),
        ("preVoice", {"callerHintTone": "a.wav", "calleeHintTone": None}, {"callerHintTone": "a.wav"}),
    ],
)
def test_forms_that_clients_send_are_taken(field: str, value: object, shown: object) -> None:
    """AXB-BIND-022, AXB-BIND-106, COM-ENV-009, AXB-QUERY-003."""
    rig = AxbRig()
    found = rig.shown_binding(rig.new_binding_id(**dict[str, Any]({field: value})))[field]
    assert found == shown
    assert type(found) is type(shown)


@pytest.mark.parametrize(
    "fields",
    [
        {"userData": None, "preVoice": None, "areaCode": "", "unknownField": {"deep": [1, [2, [3]]]}},
        {"relationNum": X, "areaCode": BEIJING, "areaMatchMode": 0},
        {"callerNum": FIXED},
        {"calleeNum": FIXED},
    ],
)
def test_what_clients_send_besides_is_taken(fields: dict[str, Any]) -> None:
    """AXB-BIND-014, AXB-BIND-028, COM-ENV-009."""
    assert AxbRig().request("POST", body={"callerNum": A, "calleeNum": B, "relationNum": X, **fields}).key == "200/0"


def test_recording_must_be_on() -> None:
    """AXB-BIND-021, AXB-MODIFY-011."""
    rig = AxbRig(recording=False)
    assert rig.bind(recordFlag="true").key == "403/1012012"
    sub = rig.new_binding_id(recordFlag="false")
    assert rig.modify(sub, recordFlag=True).key == "403/1012012"


@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_x_takes_no_binding(status: str) -> None:
    """AXB-BIND-029."""
    rig = AxbRig()
    rig.world.numbers[X].status = status
    assert rig.bind().key == "403/1012102"
    assert rig.bind(x=None).body["relationNum"] == X2


@pytest.mark.parametrize(
    "fields",
    [
        {"recordHintTone": "nope.wav"},
        {"lastMinVoice": "nope.wav"},
        {"preVoice": {"callerHintTone": "nope.wav"}},
        {"preVoice": {"callerHintTone": "wait.wav", "calleeHintTone": "nope.wav"}},
    ],
)
def test_a_tone_must_be_uploaded(fields: dict[str, Any]) -> None:
    """AXB-BIND-030."""
    rig = AxbRig(tones=["wait.wav"])
    assert rig.bind(**fields).key == "403/1010002"
    sub = rig.new_binding_id(recordHintTone="wait.wav")
    # modify has no recordHintTone; as a field it does not know, it is left aside
    assert rig.modify(sub, **fields).key == ("200/0" if "recordHintTone" in fields else "403/1010002")


@pytest.mark.parametrize(
    ("assumption", "choice", "fields", "key"),
    [
        ("numbers.malformed_user", "accept", {"callerNum": "13800000001"}, "200/0"),
        ("numbers.malformed_user", "1012007", {"callerNum": "13800000001"}, "403/1012007"),
        ("numbers.service_user", "1012007", {"callerNum": "4001234567"}, "403/1012007"),
        ("numbers.malformed_x", "1010002", {"relationNum": "17000000001"}, "403/1010002"),
        ("numbers.malformed_x", "1012001", {"relationNum": "17000000001"}, "403/1012001"),
        ("numbers.unknown_x", "1012001", {"relationNum": "+8617011112222"}, "403/1012001"),
        ("user_data.forbidden", "1010002", {"userData": "a^b"}, "403/1010002"),
        ("axb.a_equals_b", "1012010", {"calleeNum": A}, "403/1012010"),
        ("axb.a_equals_x", "accept", {"calleeNum": X}, "200/0"),
        ("axb.a_equals_x", "1012010", {"calleeNum": X}, "403/1012010"),
        ("http.unknown_field", "1010002", {"virtualNum": X}, "403/1010002"),
        ("http.success_text", "Success.", {}, "200/0"),
    ],
)
def test_open_binds_are_judged_as_the_world_reads_them(
    assumption: str, choice: str, fields: dict[str, Any], key: str
) -> None:
    rig = AxbRig(assumptions={assumption: choice})
    reply = rig.request("POST", body={"callerNum": A, "calleeNum": B, "relationNum": X, **fields})
    assert reply.key == key
    assert key != "200/0" or reply.text == rig.world.assumptions["http.success_text"]


def test_of_several_faults_of_an_x_the_world_names_the_first_of_its_order() -> None:
    """AXB-OPEN-026."""
    for order in ("1012009 1012010 1012012 1012102", "1012102 1012010 1012009 1012012"):
        rig = AxbRig(assumptions={"axb.bind_faults": order}, recording=False)
        rig.new_binding_id()
        rig.world.limits = {"pairs_per_x": 1}
        rig.world.numbers[X].status = "11"
        assert rig.bind(recordFlag=True).key == f"403/{order[:7]}"


# ── choice of X ──


@pytest.mark.parametrize("area", [SHENZHEN, "755"])
def test_an_x_of_the_area_is_picked(area: str) -> None:
    """AXB-BIND-011, AXB-BIND-016."""
    assert AxbRig(numbers=AREAS).bind(x=None, areaCode=area).body["relationNum"] == XS


def test_without_an_x_in_the_area_a_strict_bind_is_refused() -> None:
    """AXB-BIND-012."""
    rig = AxbRig(numbers=AREAS)
    assert rig.bind(x=None, areaCode="021").key == "403/1012008"
    assert rig.bind(x=None, areaCode="021", areaMatchMode="0").key == "403/1012008"
    assert rig.bind(x=None, areaCode="nowhere", areaMatchMode="0").key == "403/1012008"


def test_a_loose_bind_takes_the_province_and_then_any() -> None:
    """AXB-BIND-013."""
    rig = AxbRig(numbers=AREAS)
    dongguan: dict[str, Any] = {"areaCode": "0769", "areaMatchMode": "1"}
    assert rig.bind(x=None, **dongguan).body["relationNum"] in (XS, XG)
    assert rig.bind(x=None, **dongguan).body["relationNum"] in (XS, XG)
    assert rig.bind(x=None, **dongguan).body["relationNum"] == XB
    assert rig.bind(C, D, None, areaCode="021", areaMatchMode="1").body["relationNum"] in (XS, XG, XB)


def test_without_x_and_area_the_area_of_a_decides() -> None:
    """AXB-BIND-104, AXB-OPEN-006."""
    rig = AxbRig(numbers=AREAS)
    rig.world.home_areas.update({"+86": BEIJING, "+86138": SHENZHEN})
    assert rig.bind(A, B, None).body["relationNum"] == XS, "the longest prefix counts"
    assert rig.bind(B, C, None).body["relationNum"] == XB
    assert rig.bind("+862088880000", D, None).body["relationNum"] == XG
    assert rig.bind("+862188880000", "+8613811112222", None).key == "403/1012008"


def test_of_a_mobile_whose_area_is_unknown_any_x_will_do_or_none() -> None:
    """AXB-OPEN-005."""
    assert AxbRig().bind(x=None).key == "200/0"
    assert AxbRig(assumptions={"axb.area_of_mobile_unknown": "1012008"}).bind(x=None).key == "403/1012008"


def test_a_fixed_line_a_needs_an_x_where_the_world_reads_it_so() -> None:
    """AXB-OPEN-006."""
    rig = AxbRig(assumptions={"axb.fixed_line_a_area": "1010002"}, numbers=AREAS)
    assert rig.bind(FIXED, B, None).key == "403/1010002"
    assert rig.bind(FIXED, B, None, areaCode=SHENZHEN).key == "200/0"


@pytest.mark.parametrize("choice", ["1012008", "1012010"])
def test_when_only_conflicts_remain_the_world_reads_the_code(choice: str) -> None:
    """AXB-OPEN-004."""
    rig = AxbRig(assumptions={"axb.area_conflict": choice})
    rig.new_binding_id(x=None)
    rig.new_binding_id(x=None)
    assert rig.bind(x=None).key == f"403/{choice}"


def test_picks_spread_over_the_pool() -> None:
    rig = AxbRig(numbers=[f"+86171000000{i:02d}" for i in range(20)])
    picked = {rig.bind(f"+86138000010{i:02d}", f"+86139000010{i:02d}", None).body["relationNum"] for i in range(60)}
    assert len(picked) > 10


# ── lifetime ──


@pytest.mark.parametrize(("choice", "alive"), [("gone", False), ("alive", True)])
def test_a_binding_ends_with_its_duration(choice: str, alive: bool) -> None:
    """AXB-LIFE-001, AXB-LIFE-006, AXB-LIFE-007, COM-OPEN-061."""
    rig = AxbRig(assumptions={"binding.expiry_instant": choice})
    sub = rig.new_binding_id(duration=60)
    rig.advance(59)
    rig.shown_binding(sub)
    rig.advance(1)
    assert (rig.query(subscriptionId=sub).key == "200/0") is alive
    rig.advance(1)
    assert rig.query(relationNum=X).key == "403/1012007"
    assert rig.unbind(subscriptionId=sub).key == "403/1012007"
    assert rig.modify(sub, duration=9).key == "403/1012007"
    rig.new_binding_id()


def test_duration_zero_or_absent_never_ends() -> None:
    """AXB-LIFE-002."""
    rig = AxbRig()
    subs = [rig.new_binding_id(), rig.new_binding_id(C, D, duration=0)]
    rig.advance(3650 * 86_400)
    for sub in subs:
        rig.shown_binding(sub)


def test_modify_of_duration_restarts_lifts_or_leaves_the_countdown() -> None:
    """AXB-LIFE-003 to AXB-LIFE-005."""
    rig = AxbRig()
    restarted, lifted, left = (
        rig.new_binding_id(duration=60),
        rig.new_binding_id(C, D, duration=60),
        rig.new_binding_id(A, B, X2, duration=60),
    )
    rig.advance(50)
    rig.modify(restarted, duration=30)
    rig.modify(lifted, duration=0)
    rig.modify(left, userData="new")
    rig.advance(29)
    assert rig.query(subscriptionId=left).key == "403/1012007"
    rig.shown_binding(restarted)
    rig.advance(1)
    assert rig.query(subscriptionId=restarted).key == "403/1012007"
    rig.advance(10_000)
    rig.shown_binding(lifted)


def test_worlds_do_not_touch_each_other() -> None:
    rig = AxbRig()
    sub = rig.new_binding_id()
    other = rig.platform.create_world({"applications": [{"mode": "AXB", "numbers": [X]}]})
    app = next(iter(other.applications.values()))
    assert rig.query(app=app, relationNum=X).key == "403/1012007"
    assert rig.request("GET", path=f"/w/{other.id}{AXB_PATH}", query={"subscriptionId": sub}).key == "403/1010003"
    assert rig.request("GET", path=f"/w/{rig.world.id}{AXB_PATH}", query={"subscriptionId": sub}).key == "200/0"
    assert rig.request("GET", path=f"/w/nowhere{AXB_PATH}").key == "404/1010006"
