"""AXYB: the bind of A, and the bind of a B."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axb_rig import AXB_PATH
from tests.mockserver.axyb_rig import AXYB_PATH, FOREIGN_AXYB_X, NUMBERS, SHENZHEN, AxybRig, areas, read_bound
from tests.mockserver.rig import FIXED, A, B, C, D, fields

X1, X2, X3, X4 = NUMBERS


def user(i: int) -> str:
    return f"+8613700{i:06d}"


# ── what a bind answers ──


def test_a_bind_of_a_answers_with_id_and_x() -> None:
    """AXYB-BIND-101."""
    reply = AxybRig().bind_a(duration=7200)
    assert reply.key == "200/0"
    assert set(reply.body) == {"resultcode", "resultdesc", "subscriptionId", "relationNumber"}
    assert 1 <= len(reply.body["subscriptionId"]) <= 64
    assert reply.body["relationNumber"] in NUMBERS


def test_a_bind_of_b_answers_with_another_number() -> None:
    """AXYB-BIND-102, AXYB-BIND-103; the id is that of A's binding (AXYB-OPEN-008)."""
    rig = AxybRig()
    binding, y = rig.pair()
    assert y.id == binding.id
    assert y.number in set(NUMBERS) - {binding.number}


def test_a_query_string_that_came_before_is_judged_by_the_choices_of_its_world() -> None:
    """What query strings say is kept; a world that takes no unknown parameter refuses the same string all the same."""
    ignored: dict[str, str | int] = {"axyb.app_key_differs": "ignore"}
    rig = AxybRig(assumptions=ignored)
    strict = rig.platform.create_world(
        {
            "assumptions": {**ignored, "http.unknown_field": "1010002"},
            "applications": [{"mode": "AXYB", "app_key": "strict", "numbers": areas("+8617000000801")}],
        }
    )
    query, body = {"app_key": "any", "more": "1"}, {"origNum": A, "areaCode": SHENZHEN}
    for _ in range(2):
        assert rig.request("POST", query=query, body=body).key == "200/0"
        refused = rig.request("POST", query=query, body=body, app=strict.applications["strict"])
        assert refused.body["resultcode"] == "1010002"
    known = {"app_key": "any"}
    assert rig.request("POST", query=known, body={**body, "callDirection": 1}).key == "200/0"
    third = read_bound(rig.request("POST", query=known, body=body))
    found = rig.world.bindings.get(third.id)
    assert found is not None
    assert fields(found)["direction"] is None  # nothing of the body before is left


def test_each_y_may_have_an_id_of_its_own() -> None:
    """AXYB-OPEN-008: it names that Y alone, at unbind and query and in pushes, and takes no B."""
    rig = AxybRig(assumptions={"axyb.second_subscription_id": "own"})
    binding = rig.ax()
    y1, y2 = rig.yb(binding), rig.yb(binding, C)
    assert len({binding.id, y1.id, y2.id}) == 3
    assert [each["numB"] for each in rig.relations(subscriptionId=y1.id)] == [B]
    assert rig.bind_b(y1.id, D).key == "403/1016001"
    assert rig.unbind(subscriptionId=y1.id, bNum=C).key == "403/1016001"
    rig.call_result(C, binding.number)
    assert {event["statusInfo"]["subscriptionId"] for event in rig.events()} == {y2.id}
    assert rig.unbind(subscriptionId=y1.id).key == "200/0"
    assert rig.shown_relations(binding) == {(y2.number, C)}


def test_an_id_of_its_own_is_unknown_where_there_is_one_id() -> None:
    """AXYB-OPEN-008, AXYB-OPEN-009: what is shown as bindId does not name a Y then."""
    rig = AxybRig(assumptions={"axyb.bind_id": "own"})
    binding, _ = rig.pair()
    (shown,) = rig.relations(subscriptionId=binding.id)
    assert shown["bindId"] != binding.id
    assert rig.unbind(subscriptionId=shown["bindId"]).key == "403/1016001"


# ── parameters ──


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"origNum": None}, "origNum"),
        ({"origNum": ""}, "origNum"),
        ({"origNum": 13800000001}, "origNum"),
        ({"origNum": "13800000001"}, "origNum"),
        ({"origNum": "+8613800000001\n"}, "origNum"),
        ({"origNum": "4001234567"}, "origNum"),
        ({"origNum": "+8695588"}, "origNum"),
        ({"origNum": "+" + "8" * 32}, "origNum"),
        ({"areaCode": "0" * 33}, "areaCode"),
        ({"areaCode": 755}, "areaCode"),
        ({"areaMatchMode": "2"}, "areaMatchMode"),
        ({"areaMatchMode": True}, "areaMatchMode"),
        ({"ybDuration": 59}, "ybDuration"),
        ({"ybDuration": 7776001}, "ybDuration"),
        ({"ybDuration": "7776001"}, "ybDuration"),
        ({"ybDuration": -60}, "ybDuration"),
        ({"ybDuration": 60.5}, "ybDuration"),
        ({"ybDuration": True}, "ybDuration"),
        ({"userData": "x" * 257}, "userData"),
        ({"userData": "订单"}, "userData"),
    ],
)
def test_a_bad_parameter_of_either_bind_is_named_and_changes_nothing(fields: dict[str, Any], parameter: str) -> None:
    """AXYB-BIND-003, 004, 024 to 027, 108."""
    rig = AxybRig()
    binding = rig.ax()
    before = rig.state()
    of_a = {"origNum": C, "areaCode": "0755"}
    of_b = {"origNum": B, "subscriptionId": binding.id}
    for reply in (rig.send_bind(of_a | fields), rig.send_bind(of_b | fields)):
        assert reply.key == "403/1010002"
        assert parameter in reply.text
    assert rig.state() == before


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"callDirection": 3}, "callDirection"),
        ({"callDirection": -1}, "callDirection"),
        ({"callDirection": "3"}, "callDirection"),
        ({"callDirection": 0.5}, "callDirection"),
        ({"duration": 1}, "duration"),
        ({"duration": 59}, "duration"),
        ({"duration": 7776001}, "duration"),
        ({"duration": "59"}, "duration"),
        ({"duration": "07200"}, "duration"),
        ({"duration": "7200 "}, "duration"),
        ({"duration": -1}, "duration"),
        ({"recordFlag": "yes"}, "recordFlag"),
        ({"recordFlag": 1}, "recordFlag"),
        ({"recordHintTone": "t" * 129}, "recordHintTone"),
        ({"recordHintTone": "a b.wav"}, "recordHintTone"),
        ({"preVoiceX": "t" * 129}, "preVoiceX"),
        ({"preVoiceX": "a/b.wav"}, "preVoiceX"),
    ],
)
def test_a_bad_parameter_of_the_bind_of_a(fields: dict[str, Any], parameter: str) -> None:
    """AXYB-BIND-004, 015, 018, 023, 107."""
    rig = AxybRig()
    before = rig.state()
    reply = rig.bind_a(**fields)
    assert reply.key == "403/1010002"
    assert parameter in reply.text
    assert rig.state() == before


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"preVoiceY": "t" * 129}, "preVoiceY"),
        ({"preVoiceY": "ä.wav"}, "preVoiceY"),
        ({"subscriptionId": "s" * 65}, "subscriptionId"),
        ({"subscriptionId": 1}, "subscriptionId"),
    ],
)
def test_a_bad_parameter_of_the_bind_of_b(fields: dict[str, Any], parameter: str) -> None:
    """AXYB-BIND-004, 015."""
    rig = AxybRig()
    binding = rig.ax()
    before = rig.state()
    reply = rig.send_bind({"origNum": B, "subscriptionId": binding.id, **fields})
    assert reply.key == "403/1010002"
    assert parameter in reply.text
    assert rig.state() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": 0, "ybDuration": 0},
        {"duration": 60, "ybDuration": 60},
        {"duration": 7776000, "ybDuration": 7776000},
        {"duration": "60", "ybDuration": "7776000"},
        {"duration": "0", "ybDuration": "100"},
        {"callDirection": 0},
        {"callDirection": 1},
        {"callDirection": 2},
        {"callDirection": "2"},
        {"recordFlag": True},
        {"recordFlag": "false"},
        {"recordHintTone": "t" * 128, "preVoiceX": "-_.@"},
        {"userData": "x" * 256},
        {"areaMatchMode": 1},
        {"recordFlag": None, "recordHintTone": None, "duration": None, "callDirection": None, "userData": None},
        {"preVoiceX": "", "recordHintTone": "", "userData": ""},
        {"unknown": {"field": [1]}},
    ],
)
def test_good_binds_of_a(fields: dict[str, Any]) -> None:
    """AXYB-BIND-009, 017, 022, 107, 108: both ends of each range, and the forms that programs send."""
    assert AxybRig().bind_a(**fields).key == "200/0"


@pytest.mark.parametrize("origin", [FIXED, "+861026660001", "+8619912345678"])
def test_users_of_either_kind(origin: str) -> None:
    """AXYB-BIND-028."""
    rig = AxybRig()
    assert rig.bind_a(origin).key == "200/0"
    assert rig.bind_b(rig.ax().id, origin).key == "200/0"


@pytest.mark.parametrize("assumption", ["numbers.service_user", "numbers.malformed_user"])
def test_a_number_that_cannot_be_called_is_bound_without_effect(assumption: str) -> None:
    """AXYB-BIND-027: where such a bind is taken, nobody is put through."""
    number = "4001234567" if assumption == "numbers.service_user" else "12345"
    rig = AxybRig(assumptions={assumption: "accept"})
    binding = rig.ax(number)
    assert rig.call_result(B, binding.number) == 8030
    rig = AxybRig(assumptions={assumption: "accept"})
    _, y = rig.pair(A, number)
    assert rig.call_result(A, y.number) == 8030


# ── the second bind ──


@pytest.mark.parametrize("which", ["unknown", "foreign", "gone", "of another mode"])
def test_a_b_needs_a_binding_of_the_application(which: str) -> None:
    """AXYB-BIND-110, AXYB-OPEN-001."""
    rig = AxybRig()
    binding = rig.ax()
    ids = {
        "unknown": "nobody",
        "foreign": read_bound(rig.bind_a(app=rig.axyb_other)).id,
        "gone": binding.id,
        "of another mode": rig.request(
            "POST",
            path=AXB_PATH,
            body={"callerNum": A, "calleeNum": B, "relationNum": "+8617000000009"},
            app=rig.other_app,
        ).body["subscriptionId"],
    }
    assert rig.unbind(subscriptionId=binding.id).key == "200/0"
    before = rig.state()
    assert rig.bind_b(ids[which]).key == "403/1016001"
    assert rig.state() == before


def test_the_code_of_what_is_not_found_is_open() -> None:
    """AXYB-OPEN-001."""
    rig = AxybRig(assumptions={"axyb.not_found": "1012007"})
    assert rig.bind_b("nobody").key == "403/1012007"
    assert rig.unbind(subscriptionId="nobody").key == "403/1012007"
    assert rig.query(subscriptionId="nobody").key == "403/1012007"


def test_a_b_is_bound_once() -> None:
    """AXYB-OPEN-006."""
    rig = AxybRig()
    binding, _ = rig.pair()
    before = rig.state()
    assert rig.bind_b(binding.id).key == "403/1012010"
    assert rig.state() == before
    rig = AxybRig(assumptions={"axyb.same_b_again": "1016002"})
    binding, _ = rig.pair()
    assert rig.bind_b(binding.id).key == "403/1016002"


def test_a_b_may_be_bound_anew_on_his_y() -> None:
    """AXYB-OPEN-006: the settings are those of the later bind, and its lifetime counts from there."""
    rig = AxybRig(assumptions={"axyb.same_b_again": "same_y"})
    binding = rig.ax(duration=0)
    first = rig.yb(binding, ybDuration=60, preVoiceY="first.wav", userData="first")
    rig.advance(30)
    assert rig.yb(binding, ybDuration=90) == first
    (shown,) = rig.relations(subscriptionId=binding.id)
    assert (shown["ybDuration"], shown["subscribeTime"]) == ("90", "2026-03-01 00:00:30")
    assert not {"preVoiceY", "userData"} & shown.keys()
    rig.advance(89)
    assert rig.shown_relations(binding) == {(first.number, B)}
    rig.advance(1)
    assert rig.shown_relations(binding) == {(None, None)}


@pytest.mark.parametrize("choice", ["1010002", "1012010"])
def test_a_is_no_b_of_his_own(choice: str) -> None:
    """AXYB-OPEN-007."""
    rig = AxybRig(assumptions={"axyb.a_equals_b": choice})
    binding = rig.ax()
    before = rig.state()
    assert rig.bind_b(binding.id, A).key == f"403/{choice}"
    assert rig.state() == before


def test_a_who_is_his_own_b_reaches_nobody() -> None:
    """AXYB-OPEN-007: where it is taken, both numbers are his own."""
    rig = AxybRig(assumptions={"axyb.a_equals_b": "accept"})
    binding, y = rig.pair(A, A)
    assert (rig.call_result(A, binding.number), rig.call_result(A, y.number)) == (8032, 8032)


@pytest.mark.parametrize(
    ("of_a", "field"),
    [
        (True, {"preVoiceY": "y.wav"}),
        (False, {"callDirection": 2}),
        (False, {"duration": 60}),
        (False, {"recordFlag": True}),
        (False, {"recordHintTone": "r.wav"}),
        (False, {"preVoiceX": "x.wav"}),
    ],
)
def test_fields_of_the_other_bind(field: dict[str, Any], *, of_a: bool) -> None:
    """AXYB-OPEN-012: they have no effect, or are refused."""
    rig = AxybRig(recording=False)
    binding = rig.ax(**(field if of_a else {}))
    rig.yb(binding, **({} if of_a else field))
    (shown,) = rig.relations(subscriptionId=binding.id)
    assert (shown["callDirection"], shown["duration"], shown["recordFlag"]) == (0, "7200", "false")
    assert not {"recordHintTone", "preVoiceX", "preVoiceY"} & shown.keys()
    rig = AxybRig(assumptions={"axyb.fields_of_other_bind": "1010002"})
    reply = rig.bind_a(**field) if of_a else rig.bind_b(rig.ax().id, **field)
    assert reply.key == "403/1010002"
    assert next(iter(field)) in reply.text


# ── what an application allows ──


def test_recording_needs_an_application_with_recording() -> None:
    """AXYB-BIND-021, AXYB-OPEN-025."""
    rig = AxybRig(recording=False)
    before = rig.state()
    assert rig.bind_a(recordFlag="true").key == "403/1012012"
    assert rig.state() == before
    assert rig.bind_a(recordFlag="false").key == "200/0"
    rig = AxybRig(recording=False, assumptions={"axyb.recording_not_open": "ignore"})
    binding = rig.ax(recordFlag=True)
    rig.call_result(B, binding.number)
    assert [cdr["recordFlag"] for cdr in rig.cdrs()] == [0]


@pytest.mark.parametrize(("name", "of_a"), [("recordHintTone", True), ("preVoiceX", True), ("preVoiceY", False)])
def test_a_tone_must_have_been_uploaded(name: str, *, of_a: bool) -> None:
    """AXYB-BIND-030."""
    rig = AxybRig(tones=["known.wav"])
    binding = rig.ax()
    before = rig.state()
    body = {"origNum": C, "areaCode": "0755"} if of_a else {"origNum": B, "subscriptionId": binding.id}
    reply = rig.send_bind({**body, name: "unknown.wav"})
    assert (reply.key, name in reply.text) == ("403/1010002", True)
    assert rig.state() == before
    assert rig.send_bind({**body, name: "known.wav"}).key == "200/0"


# ── app_key ──


@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
@pytest.mark.parametrize("query", [{}, {"app_key": ""}, {"app_key": "k" * 129}, {"appKey": "axyb-key"}])
def test_app_key_stands_in_the_query_string(method: str, query: dict[str, str]) -> None:
    """AXYB-BIND-109; in a body it does not count."""
    rig = AxybRig()
    binding, _ = rig.pair()
    before = rig.state()
    selector = {} if method == "POST" else {"subscriptionId": binding.id}
    body = {"origNum": C, "areaCode": "0755", "app_key": "axyb-key"} if method == "POST" else b""
    reply = rig.request(method, path=AXYB_PATH, query={**query, **selector}, body=body)
    assert reply.key == "403/1010002"
    assert "app_key" in reply.text
    assert rig.state() == before


@pytest.mark.parametrize(
    ("choice", "key"), [("1010003", "403/1010003"), ("1010002", "403/1010002"), ("ignore", "200/0")]
)
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_app_key_of_another(method: str, choice: str, key: str) -> None:
    """AXYB-OPEN-013."""
    rig = AxybRig(assumptions={"axyb.app_key_differs": choice})
    binding = rig.ax()
    before = rig.state()
    query = {"app_key": "axyb-other"} | ({} if method == "POST" else {"subscriptionId": binding.id})
    body = {"origNum": C, "areaCode": "0755"} if method == "POST" else b""
    assert rig.request(method, path=AXYB_PATH, query=query, body=body).key == key
    assert (rig.state() == before) is (key != "200/0" or method == "GET")


def test_an_application_of_another_mode_may_not() -> None:
    """COM-AUTH-025."""
    rig = AxybRig()
    assert rig.bind_a(app=rig.other_app).key == "403/1010040"
    assert rig.request("POST", path=AXB_PATH, body={"callerNum": A, "calleeNum": B}).key == "403/1010040"
    assert FOREIGN_AXYB_X in rig.world.numbers
