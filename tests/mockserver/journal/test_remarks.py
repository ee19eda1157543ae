"""Forms that the real platform may not take: found in the journal, refused where a world is strict."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from tests.mockserver.journal.rig import A, AxbRig, B, X

BOUND = {"callerNum": A, "calleeNum": B, "relationNum": X}
OLD = "2026-01-01T00:00:00Z"
QUERY = "relationNum=%2B8617000000001"
FORMS: dict[str, dict[str, Any]] = {
    "plus_unescaped": {"method": "GET", "query": "relationNum=+8617000000001"},
    "content_type_missing": {"method": "GET", "query": QUERY, "headers": {"Content-Type": ""}},
    "content_type_other": {"method": "POST", "body": BOUND, "headers": {"Content-Type": "text/plain"}},
    "unknown_field": {"method": "POST", "body": BOUND | {"callerNumm": A}},
    "other_type": {"method": "POST", "body": BOUND | {"duration": "60"}},
    "null_field": {"method": "POST", "body": BOUND | {"userData": None}},
    "empty_text": {"method": "POST", "body": BOUND | {"userData": ""}},
    "integer_as_decimal": {"method": "POST", "body": BOUND | {"duration": 60.0}},
    "parameter_twice": {"method": "GET", "query": f"{QUERY}&{QUERY}"},
    "query_not_read": {"method": "POST", "body": BOUND, "query": "app_key=1"},
    "body_not_read": {"method": "DELETE", "query": QUERY, "body": {"a": 1}},
    "user_data_signs": {"method": "POST", "body": BOUND | {"userData": "{42}"}},
}
GOOD: dict[str, dict[str, Any]] = {
    "bind": {"method": "POST", "body": BOUND | {"duration": 60, "userData": "order-42", "recordFlag": "true"}},
    "flags of the official samples": {"method": "POST", "body": BOUND | {"recordFlag": True}},
    "query": {"method": "GET", "query": QUERY},
}


def test_every_remark_is_tried() -> None:
    assert contracts.remarks().keys() == FORMS.keys() | {"created_far"}


@pytest.mark.parametrize("id_", FORMS)
def test_a_form_is_taken_and_remarked(id_: str) -> None:
    rig = AxbRig()
    rig.send(**FORMS[id_])
    (entry,) = rig.entries()
    assert [remark["id"] for remark in entry["remarks"]] == [id_]
    assert entry["remarks"][0]["rule"] == contracts.remarks()[id_].rule


@pytest.mark.parametrize("id_", FORMS)
def test_a_strict_world_refuses_it(id_: str) -> None:
    rig = AxbRig(strict=True)
    told = rig.send(**FORMS[id_])
    remark = contracts.remarks()[id_]
    assert told["resultcode"] == remark.code[4:]
    assert f"(--strict, {id_})" in told["resultdesc"]
    assert told["resultdesc"].endswith(f"[{remark.rule}]")
    assert rig.control("GET", "/w")["strict"] is True
    if "body" in FORMS[id_]:
        assert rig.send("GET", query=QUERY)["resultcode"] != "0", "nothing was bound"


@pytest.mark.parametrize("name", GOOD)
def test_a_good_request_has_no_remark(name: str) -> None:
    rig = AxbRig(strict=True)
    if name == "query":
        rig.bind()
    assert rig.send(**GOOD[name])["resultcode"] == "0"
    assert not [remark for entry in rig.entries() for remark in entry["remarks"]]


def put_forward(rig: AxbRig, ms: int) -> None:
    """Have the server think that it is later."""
    real = rig.server._edge.now_ms
    rig.server._edge.now_ms = lambda: real() + ms


def test_created_far_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight hours are within the window, as programs with local time and a Z need it."""
    rig = AxbRig()
    put_forward(rig, 8 * 3_600_000)
    assert rig.bind()["resultcode"] == "0"
    assert [remark["id"] for remark in rig.entries()[0]["remarks"]] == ["created_far"]
    strict = AxbRig(strict=True)
    put_forward(strict, 301_000)
    assert strict.bind()["resultcode"] == "1010013"


def test_fields_that_nobody_reads_are_named() -> None:
    rig = AxbRig()
    rig.bind(callerNumm=A)
    rig.send("DELETE", {"subscriptionId": "1"}, QUERY + "&nonsense=1")
    first, second = rig.entries()
    assert first["unread"] == [{"name": "callerNumm", "in": "body"}]
    assert second["unread"] == [{"name": "nonsense", "in": "query"}, {"name": "subscriptionId", "in": "body"}]
