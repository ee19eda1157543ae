"""What there is to see: all of the schemas and tables, each thing once."""

from __future__ import annotations

import pytest

from privnum import contracts
from privnum.suites.coverage import items as catalogue
from privnum.suites.coverage.items import KINDS, field_tree, items, messages, reserved_items, result_code


@pytest.mark.parametrize(
    ("id_", "mode", "kind"),
    [
        ("axb.bind", "AXB", "operation"),
        ("axe.cdr", "AXE", "push"),
        ("axb.bind body callerNum", "AXB", "field"),
        ("axb.bind body preVoice.callerHintTone", "AXB", "field"),
        ("axb.query query pageIndex", "AXB", "field"),
        ("axb.query response relationNumList[].subscriptionId", "AXB", "field"),
        ("axb.cdr feeLst[].icid", "AXB", "field"),
        ("axb.call_event eventType=alerting", "AXB", "value"),
        ("axe.call_event eventType=collectInfo", "AXE", "value"),
        ("axb.bind body callDirection=2", "AXB", "value"),
        ("axb.bind body recordFlag=true", "AXB", "value"),
        ("axb.bind 403/1012010", "AXB", "result code"),
        ("403/1010003", "common", "result code"),
        ("stateCode 8016", "common", "release cause"),
        ("ulFailReason 8106", "common", "release cause"),
    ],
)
def test_it_is_there(id_: str, mode: str, kind: str) -> None:
    item = items()[id_]
    assert (item.mode, item.kind) == (mode, kind)
    assert item.kind in KINDS


@pytest.mark.parametrize(
    "id_",
    [
        "axb.bind body callDirection=3",
        "axb.bind body maxDuration=5",
        "axb.bind 403/1010003",
        "stateCode 8106",
        "axb.cdr feeLst[]",
        "axb.bind body callDirection=",
    ],
)
def test_it_is_not_there(id_: str) -> None:
    """A length is no enumeration, and a cause stands in the tables that list it."""
    assert id_ not in items()


def test_every_operation_push_code_and_cause_is_an_item() -> None:
    ids = set(items())
    assert contracts.operations().keys() | contracts.callbacks().keys() <= ids
    for operation in contracts.operations().values():
        assert {result_code(operation.id, key) for key in operation.codes} <= ids
    assert {key.rpartition(" ")[2] for key in ids} >= contracts.result_codes().keys()
    causes = {f"{table} {code}" for code, row in contracts.release_causes().items() for table in row.tables}
    assert causes <= ids


def test_every_property_of_a_message_is_an_item() -> None:
    """Counted by another way through the schema: the text of the file."""
    for operation in contracts.operations().values():
        for part, name in messages(operation).items():
            there = {
                id_.rpartition(".")[2].rpartition(" ")[2]
                for id_ in items()
                if id_.startswith(f"{operation.id} {part} ")
            }
            assert _properties(contracts.schema(name, strict=True)) <= there


def _properties(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_properties, node))
    if not isinstance(node, dict):
        return set()
    inner = [part for key, part in node.items() if key not in ("if", "then", "properties")]
    named = node.get("properties", {})
    return set(named).union(_properties(inner), *map(_properties, named.values()))


def test_a_message_is_whatever_schema_its_row_names() -> None:
    assert messages(contracts.operations()["axyb.bind"]) == {
        "query": "axyb/bind.query",
        "body": "axyb/bind.body",
        "response": "axyb/bind.response",
    }
    assert messages(contracts.callbacks()["axb.cdr"]) == {"schema": "axb/cdr"}


def test_a_place_takes_every_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object or an array of them, as an answer may be; true and 1 are two values."""
    one = {"type": "object", "properties": {"code": {"enum": [1, "on"]}, "open": {"type": "boolean"}}}
    schema = {"properties": {"answer": {"anyOf": [one, {"type": "array", "items": one}]}}}
    monkeypatch.setattr(contracts, "schema", lambda name, strict: schema)
    field_tree.cache_clear()
    try:
        place = field_tree("axb.bind", "body").properties["answer"]
    finally:
        field_tree.cache_clear()
    assert place.element is not None
    assert place.properties["code"].field == "axb.bind body answer.code"
    assert place.element.properties["code"].field == "axb.bind body answer[].code"
    assert list(place.properties["code"].shows(1)) == ["axb.bind body answer.code=1"]
    assert list(place.properties["code"].shows(True)) == []
    assert list(place.properties["open"].shows(True)) == ["axb.bind body answer.open=true"]


def test_what_is_reserved_is_there_and_has_a_reason() -> None:
    assert reserved_items().keys() <= items().keys()
    words = contracts.schema("report/coverage")["properties"]["reserved"]["items"]["properties"]["reason"]["enum"]
    for row in contracts.reserved().values():
        assert row.items, row.id
        assert row.reason in words
        assert row.why.endswith(".")
        assert set(row.assumptions) <= contracts.assumptions().keys()
        assert bool(row.assumptions) == (row.reason == "another choice"), row.id


@pytest.mark.parametrize("ids", [("axb.bind body nothing",), ("axb.bind", "axb.bind")])
def test_a_reason_for_nothing_or_said_twice_is_refused(ids: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    row = contracts.Reserved("made up", "reserved", "Nobody knows.", ids)
    monkeypatch.setattr(contracts, "reserved", lambda: {row.id: row})
    reserved_items.cache_clear()
    try:
        with pytest.raises(contracts.ContractError, match=r"reserved\.toml"):
            catalogue.reserved_items()
    finally:
        reserved_items.cache_clear()
