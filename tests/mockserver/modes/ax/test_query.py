from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.ax_rig import FOREIGN_AX_X, NOBODYS_X, XS, AxRig
from tests.mockserver.rig import A, B, X


def test_a_query_shows_what_was_set() -> None:
    """AX-QUERY-001, AX-QUERY-002, AX-QUERY-003, in the order of the page."""
    rig = AxRig()
    sub = rig.new_binding_id(
        A, X, recordFlag=True, recordHintTone="hint.wav", calleeNumDisplay="0", privateSms="false",
        preVoice={"callerHintTone": "a.wav", "calleeHintTone": "b.wav"}, maxDuration=60, lastMinVoice="last.wav",
        userData="order-42", turnFlag="off", callDirection=1,
    )  # fmt: skip
    assert list(rig.shown_binding(sub).items()) == [
        ("origNum", A),
        ("privateNum", X),
        ("privateNumType", "mobile-virtual"),
        ("subscribeTime", "2026-03-01 00:00:00"),
        ("recordFlag", "true"),
        ("recordHintTone", "hint.wav"),
        ("preVoice", {"callerHintTone": "a.wav", "calleeHintTone": "b.wav"}),
        ("calleeNumDisplay", "0"),
        ("subscriptionId", sub),
        ("privateSms", "false"),
        ("maxDuration", 60),
        ("lastMinVoice", "last.wav"),
        ("turnFlag", "off"),
        ("callDirection", 1),
        ("userData", "order-42"),
    ]


@pytest.mark.parametrize(
    ("choice", "more"),
    [
        ("defaults", {"recordFlag": "false", "privateSms": "true", "maxDuration": 0, "turnFlag": "on"}),
        ("omit", {}),
    ],
)
def test_what_was_never_set_is_left_out(choice: str, more: dict[str, Any]) -> None:
    """AX-QUERY-105, AX-QUERY-106, AX-OPEN-019."""
    rig = AxRig(assumptions={"ax.query_unset_fields": choice})
    sub = rig.new_binding_id(recordHintTone="hint.wav")
    assert rig.shown_binding(sub) == {
        "origNum": A,
        "privateNum": X,
        "privateNumType": "mobile-virtual",
        "subscribeTime": "2026-03-01 00:00:00",
        "subscriptionId": sub,
        **more,
    }


def test_subscribe_time_is_that_of_the_bind() -> None:
    """AX-QUERY-002, COM-OPEN-064."""
    rig = AxRig(assumptions={"binding.subscribe_time_zone": "utc+8"})
    sub = rig.new_binding_id()
    rig.advance(60)
    assert rig.modify(sub, maxDuration=1).key == "200/0"
    assert rig.shown_binding(sub)["subscribeTime"] == "2026-03-01 08:00:00"


def test_subscription_id_wins_then_a_then_x() -> None:
    """AX-QUERY-004, AX-QUERY-101, AX-QUERY-102, AX-QUERY-103."""
    rig = AxRig()
    first, second, third = rig.new_binding_id(A, X), rig.new_binding_id(A, XS[0]), rig.new_binding_id(B, XS[1])

    def found_ids(**query: Any) -> list[str]:
        return [one["subscriptionId"] for one in rig.query(**query).body["privateNumList"]]

    assert found_ids(subscriptionId=third, origNum=A, privateNum=X) == [third]
    assert found_ids(origNum=A, privateNum=XS[1]) == [first, second]
    assert found_ids(origNum=A) == [first, second]
    assert found_ids(privateNum=XS[0]) == [second]
    assert found_ids(subscriptionId="", origNum="", privateNum=XS[1]) == [third]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"subscriptionId": "unknown"}, "403/1016001"),
        ({"subscriptionId": "unknown", "origNum": A}, "403/1016001"),
        ({"origNum": B}, "403/1016001"),
        ({"origNum": B, "privateNum": X}, "403/1016001"),
        ({"origNum": "nobody"}, "403/1016001"),
        ({"origNum": "1" * 33}, "403/1010002"),
        ({"privateNum": XS[0]}, "403/1016001"),
        ({"privateNum": FOREIGN_AX_X}, "403/1011001"),
        ({"privateNum": NOBODYS_X}, "403/1011001"),
        ({"privateNum": "17000000001"}, "403/1011001"),
        ({"privateNum": "1" * 33}, "403/1010002"),
        ({"subscriptionId": "x" * 65}, "403/1010002"),
        ({}, "403/1010002"),
        ({"pageSize": "10"}, "403/1010002"),
    ],
)
def test_a_query_that_finds_nothing_is_refused(query: dict[str, Any], key: str) -> None:
    """AX-QUERY-005, AX-QUERY-006, AX-QUERY-104."""
    rig = AxRig()
    rig.new_binding_id()
    before = rig.state()
    assert rig.query(**query).key == key
    assert rig.state() == before


@pytest.mark.parametrize("choice", ["1011004", "1011001"])
def test_the_code_of_nothing_found(choice: str) -> None:
    """AX-OPEN-003."""
    rig = AxRig(assumptions={"ax.binding_not_found": choice})
    queries: list[dict[str, Any]] = [{"origNum": A}, {"privateNum": X}, {"subscriptionId": "unknown"}]
    for query in queries:
        assert rig.query(**query).key == f"403/{choice}"
