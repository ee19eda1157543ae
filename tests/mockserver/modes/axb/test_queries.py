from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import A, B, C, D, X


def test_query_by_x_and_users_finds_the_one_binding() -> None:
    """AXB-QUERY-102, AXB-QUERY-004, AXB-QUERY-105."""
    rig = AxbRig()
    sub = rig.new_binding_id(A, B)
    rig.new_binding_id(C, D)
    selections: list[dict[str, Any]] = [
        {"relationNum": X, "callerNum": A},
        {"relationNum": X, "calleeNum": B},
        {"relationNum": X, "callerNum": A, "calleeNum": B, "pageIndex": "nonsense", "pageSize": "0"},
        {"subscriptionId": sub, "relationNum": "nonsense", "callerNum": C, "pageIndex": "7"},
    ]
    for query in selections:
        found = rig.query(**query).body
        assert [b["subscriptionId"] for b in found["relationNumList"]] == [sub]
        assert (found["totalCount"], found["pageIndex"]) == (1, 1)
    selections = [{"callerNum": B}, {"calleeNum": A}, {"callerNum": A, "calleeNum": D}, {"callerNum": "none"}]
    for query in selections:
        assert rig.query(relationNum=X, **query).key == "403/1012007"


def test_pages_hold_each_binding_once() -> None:
    """AXB-QUERY-101, AXB-QUERY-103, AXB-QUERY-104."""
    rig = AxbRig()
    subs = [rig.new_binding_id(f"+86138000010{i:02d}", f"+86139000010{i:02d}") for i in range(57)]
    pages = [rig.query(relationNum=X, pageIndex=i, pageSize=20).body for i in (1, 2, 3)]
    assert [b["subscriptionId"] for page in pages for b in page["relationNumList"]] == subs
    assert {(page["totalCount"], page["pageSize"]) for page in pages} == {(57, 20)}
    for size in ("", "9", "101", "-5", "0"):
        page = rig.query(relationNum=X, pageSize=size).body
        assert (len(page["relationNumList"]), page["pageIndex"], page["pageSize"]) == (50, 1, 50)
    assert len(rig.query(relationNum=X, pageSize="100").body["relationNumList"]) == 57
    past = rig.query(relationNum=X, pageIndex="9").body
    assert (past["relationNumList"], past["totalCount"]) == ([], 57)
    assert rig.query(relationNum=X, pageIndex="0").key == "403/1010002"


@pytest.mark.parametrize(
    ("assumption", "choice", "query", "key"),
    [
        ("axb.query_without_selector", "1010002", {}, "403/1010002"),
        ("axb.query_without_selector", "1012007", {"pageIndex": "1"}, "403/1012007"),
        ("axb.query_users_without_x", "1012001", {"callerNum": A}, "403/1012001"),
        ("axb.query_past_last_page", "1012007", {"relationNum": X, "pageIndex": "2"}, "403/1012007"),
        ("axb.unbind_without_selector", "1010002", {}, "403/1010002"),
    ],
)
def test_open_selections_are_judged_as_the_world_reads_them(
    assumption: str, choice: str, query: dict[str, Any], key: str
) -> None:
    rig = AxbRig(assumptions={assumption: choice})
    rig.new_binding_id()
    method = "DELETE" if "unbind" in assumption else "GET"
    assert rig.request(method, query=query).key == key


@pytest.mark.parametrize(("choice", "hour"), [("utc", "00"), ("utc+8", "08")])
def test_subscribe_time_is_that_of_the_bind_or_the_last_modify(choice: str, hour: str) -> None:
    """AXB-QUERY-002, COM-OPEN-064."""
    rig = AxbRig(assumptions={"binding.subscribe_time_zone": choice})
    sub = rig.new_binding_id()
    rig.advance(61)
    assert rig.shown_binding(sub)["subscribeTime"] == f"2026-03-01 {hour}:00:00"
    rig.modify(sub, userData="x")
    assert rig.shown_binding(sub)["subscribeTime"] == f"2026-03-01 {hour}:01:01"


def test_fields_that_were_never_set_are_shown_as_the_world_reads_it() -> None:
    """AXB-OPEN-011."""
    rig = AxbRig()
    assert rig.shown_binding(rig.new_binding_id()).items() >= {
        "recordFlag": "false", "privateSms": "true", "callDirection": 0, "duration": 0, "maxDuration": 0,
    }.items()  # fmt: skip
    rig = AxbRig(assumptions={"axb.query_unset_fields": "omit"})
    assert set(rig.shown_binding(rig.new_binding_id(maxDuration=0))) == {
        "subscriptionId", "relationNum", "callerNum", "calleeNum", "subscribeTime", "maxDuration",
    }  # fmt: skip
