"""AXYB: query by binding and by X."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axyb_rig import FOREIGN_AXYB_X, AxybRig, read_bound
from tests.mockserver.rig import A, B, C, X

FULL: dict[str, Any] = {
    "callDirection": 0, "duration": 3600, "ybDuration": 600, "recordFlag": True, "recordHintTone": "hint.wav",
    "preVoiceX": "x.wav", "userData": "order-42",
}  # fmt: skip


def user(i: int) -> str:
    return f"+8613700{i:06d}"


def test_a_relation_is_shown_with_all_that_was_set() -> None:
    """AXYB-QUERY-001 to 003, AXYB-QUERY-104."""
    rig = AxybRig()
    binding = rig.ax(**FULL)
    rig.advance(90)
    y = rig.yb(binding, preVoiceY="y.wav", ybDuration=120, userData="b-7")
    assert rig.relations(subscriptionId=binding.id) == [
        {
            "bindId": binding.id,
            "numA": A,
            "numX": binding.number,
            "numY": y.number,
            "numB": B,
            "recordFlag": "true",
            "recordHintTone": "hint.wav",
            "subscribeTime": "2026-03-01 00:01:30",
            "callDirection": 0,
            "duration": "3600",
            "ybDuration": "120",
            "preVoiceX": "x.wav",
            "preVoiceY": "y.wav",
            "userData": "b-7",
        }
    ]


def test_what_was_not_set_is_shown_by_its_default() -> None:
    """AXYB-OPEN-020."""
    rig = AxybRig()
    binding, y = rig.pair()
    known = {
        "bindId": binding.id,
        "numA": A,
        "numX": binding.number,
        "numY": y.number,
        "numB": B,
        "subscribeTime": "2026-03-01 00:00:00",
    }
    defaults = {"recordFlag": "false", "callDirection": 0, "duration": "7200", "ybDuration": "0"}
    assert rig.relations(subscriptionId=binding.id) == [known | defaults]
    rig = AxybRig(assumptions={"axyb.query_unset_fields": "omit"})
    binding, y = rig.pair()
    assert rig.relations(subscriptionId=binding.id) == [
        known | {"bindId": binding.id, "numX": binding.number, "numY": y.number}
    ]


def test_by_x_or_by_id_it_is_the_same() -> None:
    """AXYB-QUERY-101, AXYB-QUERY-102; each Y is a relation."""
    rig = AxybRig()
    one, y = rig.pair(A, B)
    z = rig.yb(one, C)
    rig.pair(C, B)
    listed = rig.relations(relationNum=one.number)
    assert listed == rig.relations(subscriptionId=one.id)
    assert [(each["numA"], each["numX"], each["numY"], each["numB"]) for each in listed] == [
        (A, one.number, y.number, B),
        (A, one.number, z.number, C),
    ]


def test_the_id_wins() -> None:
    """AXYB-QUERY-004; what it overrules is not looked at."""
    rig = AxybRig()
    one, _ = rig.pair(A, B)
    two, _ = rig.pair(C, B)
    assert rig.relations(subscriptionId=one.id, relationNum=two.number)[0]["numA"] == A
    assert rig.relations(subscriptionId=one.id, relationNum="nonsense")[0]["numA"] == A


def test_a_binding_without_a_b() -> None:
    """AXYB-OPEN-018."""
    rig = AxybRig()
    binding = rig.ax()
    (shown,) = rig.relations(relationNum=binding.number)
    assert (shown["numA"], shown["numX"]) == (A, binding.number)
    assert not {"numY", "numB"} & shown.keys()
    rig = AxybRig(assumptions={"axyb.query_ax_alone": "not_found"})
    binding = rig.ax()
    assert rig.query(subscriptionId=binding.id).key == "403/1016001"
    rig.yb(binding)
    assert rig.query(subscriptionId=binding.id).key == "200/0"


@pytest.mark.parametrize(("choice", "shown"), [("all", range(7)), ("first", range(5)), ("last", range(2, 7))])
def test_more_than_five_relations(choice: str, shown: range) -> None:
    """AXYB-OPEN-019."""
    numbers = [{"number": f"+86170000008{i:02d}", "area_code": "0755"} for i in range(8)]
    rig = AxybRig(numbers=numbers, assumptions={"axyb.query_more_than_five": choice})
    binding = rig.ax()
    for i in range(7):
        assert (
            rig.call_result(user(i), binding.number) == (A, rig.relations(subscriptionId=binding.id)[-1]["numY"])
            or i > 4
        )
    assert [each["numB"] for each in rig.relations(subscriptionId=binding.id)] == [user(i) for i in shown]


@pytest.mark.parametrize("choice", ["not_found", "list"])
def test_a_query_by_y(choice: str) -> None:
    """AXYB-OPEN-017."""
    rig = AxybRig(assumptions={"axyb.query_by_y": choice})
    _, y = rig.pair(A, B)
    rig.pair(C, B)
    if choice == "not_found":
        assert rig.query(relationNum=y.number).key == "403/1016001"
    else:
        assert [(each["numA"], each["numB"]) for each in rig.relations(relationNum=y.number)] == [(A, B), (C, B)]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"subscriptionId": "nobody"}, "403/1016001"),
        ({"relationNum": "{free}"}, "403/1016001"),
        ({"relationNum": FOREIGN_AXYB_X}, "403/1012001"),
        ({"relationNum": "+8617099999999"}, "403/1012001"),
        ({"relationNum": X}, "403/1012001"),
        ({"relationNum": "17000000701"}, "403/1010002"),
        ({"relationNum": " 8617000000701"}, "403/1010002"),
        ({"relationNum": "+8675526660001"}, "403/1010002"),
        ({"relationNum": "x" * 33}, "403/1010002"),
        ({"subscriptionId": "s" * 65}, "403/1010002"),
        ({}, "403/1010002"),
        ({"relationNum": "", "subscriptionId": ""}, "403/1010002"),
        ({"numA": A}, "403/1010002"),
    ],
)
def test_what_finds_nothing(query: dict[str, Any], key: str) -> None:
    """AXYB-QUERY-005, 006, 103; AXYB-OPEN-001, 014 to 016."""
    rig = AxybRig()
    binding = rig.ax()
    free = next(x.number for x in rig.app.numbers if x.number != binding.number)
    before = rig.state()
    assert rig.query(**{name: value.format(free=free) for name, value in query.items()}).key == key
    assert rig.state() == before


def test_of_another_application_nothing_is_told() -> None:
    """AXYB-QUERY-006, AXYB-QUERY-007."""
    rig = AxybRig()
    foreign = read_bound(rig.bind_a(app=rig.axyb_other))
    queries: list[dict[str, Any]] = [{"subscriptionId": foreign.id}, {"relationNum": foreign.number}]
    for query in queries:
        reply = rig.query(**query)
        assert reply.status == 403
        assert set(reply.body) == {"resultcode", "resultdesc"}


@pytest.mark.parametrize(("choice", "shown"), [("b", "of b"), ("a", "of a")])
def test_whose_user_data(choice: str, shown: str) -> None:
    """AXYB-OPEN-021; where only one bind gave some, it is that."""
    rig = AxybRig(assumptions={"axyb.user_data_of_call": choice})
    binding = rig.ax(userData="of a")
    rig.yb(binding, B, userData="of b")
    rig.yb(binding, C)
    assert [each["userData"] for each in rig.relations(subscriptionId=binding.id)] == [shown, "of a"]
    other = rig.ax(C)
    rig.yb(other, B, userData="of b")
    assert [each["userData"] for each in rig.relations(subscriptionId=other.id)] == ["of b"]


def test_the_time_zone_is_open() -> None:
    """COM-OPEN-064."""
    rig = AxybRig(assumptions={"binding.subscribe_time_zone": "utc+8"})
    binding, _ = rig.pair()
    assert rig.relations(subscriptionId=binding.id)[0]["subscribeTime"] == "2026-03-01 08:00:00"
