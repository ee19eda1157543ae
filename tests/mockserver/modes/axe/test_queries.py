from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axe_rig import FOREIGN_AXE_X, X2, AxeRig
from tests.mockserver.rig import A, B, C, X


def user(i: int) -> str:
    return f"+8613700{i:06d}"


# ── one binding ──


def test_query_shows_what_was_set() -> None:
    """AXE-QUERY-001 to AXE-QUERY-004, 005, 009."""
    rig = AxeRig()
    told = rig.new_binding_fields(
        recordFlag=True,
        recordHintTone="r.wav",
        callbackTone="c.wav",
        timeUnit=1,
        bindExpiredTime=50,
        callbackExpiredTime=5,
        userData="mine",
    )
    sub, digits = told["subscriptionId"], told["extendNum"]
    assert rig.shown_binding(sub) == {
        "resultcode": "0",
        "resultdesc": "Success",
        "subscriptionId": sub,
        "virtualNum": X,
        "extendNum": digits,
        "bindNum": A,
        "displayNumMode": "0",
        "recordFlag": "true",
        "recordHintTone": "r.wav",
        "callbackTone": "c.wav",
        "timeUnit": "1",
        "bindExpiredTime": 50,
        "callbackExpiredTime": 5,
        "userData": "mine",
    }
    assert rig.query(virtualNum=X, extendNum=digits).body == rig.shown_binding(sub)
    assert rig.query(subscriptionId=sub, virtualNum=X2, extendNum="1").body == rig.shown_binding(sub)


def test_fields_that_were_never_set_are_shown_as_the_world_reads_it() -> None:
    """AXE-OPEN-038."""
    rig = AxeRig()
    always = {"resultcode", "resultdesc", "subscriptionId", "virtualNum", "extendNum", "bindNum"}
    defaults = {"displayNumMode", "recordFlag", "timeUnit", "bindExpiredTime", "callbackExpiredTime"}
    assert set(rig.shown_binding(rig.new_binding_id())) == always | defaults
    rig = AxeRig(assumptions={"axe.query_unset_fields": "omit"})
    assert set(rig.shown_binding(rig.new_binding_id())) == always
    assert set(rig.shown_binding(rig.new_binding_id(B, displayNumMode=0))) == always | {"displayNumMode"}


def test_a_tone_of_recordings_is_shown_with_record_flag_only() -> None:
    """AXE-QUERY-003."""
    rig = AxeRig()
    sub = rig.new_binding_id(recordHintTone="r.wav")
    assert "recordHintTone" not in rig.shown_binding(sub)
    rig.modify(sub, recordFlag=True)
    assert rig.shown_binding(sub)["recordHintTone"] == "r.wav"


@pytest.mark.parametrize(
    ("choice", "modify", "unit", "time"),
    [
        ("bind", {"timeUnit": "1", "bindExpiredTime": 90}, "0", 8),
        ("bind", {"bindExpiredTime": 9}, "0", 8),
        ("current", {"timeUnit": "1", "bindExpiredTime": 90}, "1", 90),
        ("current", {"bindExpiredTime": 9}, "0", 9),
        ("current", {"userData": "x"}, "0", 8),
    ],
)
def test_times_after_a_modify(choice: str, modify: dict[str, Any], unit: str, time: int) -> None:
    """AXE-OPEN-020."""
    rig = AxeRig(assumptions={"axe.query_times_after_modify": choice})
    sub = rig.new_binding_id(timeUnit="0", bindExpiredTime=8)
    rig.modify(sub, **modify)
    shown = rig.shown_binding(sub)
    assert (shown["timeUnit"], shown["bindExpiredTime"]) == (unit, time)


@pytest.mark.parametrize(("choice", "code"), [("1012001", "1012001"), ("1011004", "1011004")])
def test_an_x_of_another_application_as_a_selector(choice: str, code: str) -> None:
    """AXE-OPEN-017."""
    rig = AxeRig(assumptions={"axe.selector_x_of_other_application": choice})
    for x in (FOREIGN_AXE_X, "+8617011112222"):
        for send in (rig.query, rig.unbind, rig.list_bindings):
            assert send(virtualNum=x, extendNum="0001").key == f"403/{code}"
        assert rig.list_bindings(virtualNum=x).key == f"403/{code}"
        assert rig.count_bindings(number=x).key == f"403/{code}"


@pytest.mark.parametrize("choice", ["1016001", "1012001"])
def test_a_missing_selector(choice: str) -> None:
    """AXE-OPEN-016."""
    rig = AxeRig(assumptions={"axe.selector_missing": choice})
    for send in (rig.query, rig.unbind, rig.list_bindings):
        assert send().key == f"403/{choice}"
        assert send(extendNum="0001").key == f"403/{choice}"


# ── lists ──


def pages(rig: AxeRig, **query: Any) -> list[list[str]]:
    """Return the A of each page, following the cursor."""
    found = []
    cursor: dict[str, Any] = {}
    while True:
        reply = rig.list_bindings(virtualNum=X, **query, **cursor)
        assert reply.key == "200/0", reply
        found.append([one["bindNum"] for one in reply.body["extendNumList"]])
        if "nextCusor" not in reply.body:
            return found
        cursor = {"cursor": reply.body["nextCusor"]}


def test_a_list_shows_each_binding_once_in_the_order_of_the_binds() -> None:
    """AXE-QUERY-102, AXE-OPEN-039, AXE-OPEN-040."""
    rig = AxeRig()
    users = [user(i) for i in range(120)]
    for one in users:
        rig.new_binding_id(one)
    rig.new_binding_id(C, X2)
    assert [len(page) for page in pages(rig)] == [50, 50, 20]
    assert [one for page in pages(rig, limit=7) for one in page] == users
    assert pages(rig, limit=100, extendNum="") == [users[:100], users[100:]]
    assert pages(rig, limit=60, subscriptionId="") == [users[:60], users[60:]]


def test_a_list_goes_on_where_it_stopped_whatever_was_unbound() -> None:
    rig = AxeRig()
    subs = [rig.new_binding_id(user(i)) for i in range(6)]
    cursor = rig.list_bindings(virtualNum=X, limit=3).body["nextCusor"]
    for i in (1, 2, 3):
        rig.unbind(subscriptionId=subs[i])
    rig.new_binding_id(user(1))
    shown = rig.list_bindings(virtualNum=X, cursor=cursor).body["extendNumList"]
    assert [one["bindNum"] for one in shown] == [user(4), user(5), user(1)]


def test_a_single_binding_needs_no_cursor() -> None:
    """AXE-QUERY-102."""
    rig = AxeRig()
    told = rig.new_binding_fields()
    for query in ({"subscriptionId": told["subscriptionId"]}, {"virtualNum": X, "extendNum": told["extendNum"]}):
        reply = rig.list_bindings(**query, cursor="9999999999999_7", limit=999)
        assert [one["extendNum"] for one in reply.body["extendNumList"]] == [told["extendNum"]]
        assert "nextCusor" not in reply.body
    assert rig.list_bindings(virtualNum=X2).key == "403/1016001"


def test_an_x_without_bindings_is_listed_as_the_world_reads() -> None:
    """axe.query_v2_empty."""
    assert AxeRig(assumptions={"axe.query_v2_empty": "empty"}).list_bindings(virtualNum=X2).body["extendNumList"] == []


@pytest.mark.parametrize(
    ("assumption", "choice", "query", "key"),
    [
        ("axe.query_v2_x_alone", "1010002", {}, "403/1010002"),
        ("axe.query_v2_x_alone", "1016001", {}, "403/1016001"),
        ("axe.list_limit", "1010002", {"limit": 0}, "403/1010002"),
        ("axe.list_limit", "1010002", {"limit": 101}, "403/1010002"),
        ("axe.list_limit", "default", {"limit": 101}, "200/0"),
        ("axe.query_v2_answer", "envelope", {}, "200/0"),
        ("axe.query_v2_answer", "list", {"cursor": "1_1"}, "403/1010002"),
    ],
)
def test_open_lists_are_judged_as_the_world_reads_them(
    assumption: str, choice: str, query: dict[str, Any], key: str
) -> None:
    """AXE-OPEN-039 to AXE-OPEN-041."""
    rig = AxeRig(assumptions={assumption: choice})
    for i in range(60):
        rig.new_binding_id(user(i))
    reply = rig.list_bindings(virtualNum=X, **query)
    assert reply.key == key
    if key == "200/0":
        assert len(reply.body.get("extendNumList", ())) == (0 if choice == "envelope" else 50)


# ── counts ──


@pytest.mark.parametrize(("choice", "count"), [("current", 1), ("ever", 2)])
def test_bindings_of_an_x_are_counted(choice: str, count: int) -> None:
    """AXE-QUERY-103, AXE-OPEN-042."""
    rig = AxeRig(assumptions={"axe.binding_count": choice})
    rig.unbind(subscriptionId=rig.new_binding_id(A))
    rig.new_binding_id(B)
    assert rig.count_bindings(number=X, cursor="8", limit=999).body["numberList"] == [
        {"number": X, "bindingCount": count}
    ]
    assert rig.count_bindings().body["numberList"][1] == {"number": X2, "bindingCount": 0}
    rig.world.reset()
    assert rig.count_bindings(number=X).body["numberList"] == [{"number": X, "bindingCount": 0}]


def test_counts_come_page_by_page() -> None:
    """AXE-QUERY-103, AXE-OPEN-041."""
    numbers = [f"+86171000000{i:02d}" for i in range(7)]
    rig = AxeRig(numbers=numbers)
    found, cursor = [], "0"
    while cursor:
        reply = rig.count_bindings(limit=3, cursor=cursor).body
        found += [one["number"] for one in reply["numberList"]]
        cursor = reply.get("nextCursor", "")
    assert found == numbers
    assert rig.count_bindings(limit=101).key == "403/1010002"
    assert rig.count_bindings(cursor="9" * 20).body["numberList"] == []
    assert rig.count_bindings(cursor="-1").key == "403/1010002"
