"""The schemas are valid, keep to the subset on which both engines agree, and say where each property comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(contracts.__file__).parent / "schemas"
FILES = sorted(FOLDER.rglob("*.json"))
NAMES = contracts.schema_names()

KEYWORDS = {
    "type", "const", "enum", "anyOf", "allOf", "if", "then", "properties", "required", "additionalProperties",
    "minProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
    "title", "description", "x-source", "x-basis", "x-canonical", "x-form", "x-note", "x-selectors",
    "x-number", "x-rules", "x-missing", "default", "x-option", "x-environment",
}  # fmt: skip

# Rooms whose rules are the platform's; the others are our own protocol and have no source to name.
OF_THE_PLATFORM = ("ax/", "axb/", "axe/", "axyb/", "common/", "x/")

# Parts of schemas and what they are reached through, and the folder of shared parts.
PARTS = {"ax/types", "axe/types", "axyb/types", "common/envelope", "common/types", "driver/types", "x/types"}


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema of a self-contained schema with where it stands."""
    yield path, schema
    for name, part in schema.get("properties", {}).items():
        yield from nodes(part, f"{path}.{name}")
    for key in ("items", "additionalProperties", "if", "then"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key], f"{path}/{key}")
    for key in ("anyOf", "allOf"):
        for index, part in enumerate(schema.get(key, ())):
            yield from nodes(part, f"{path}/{key}{index}")


def of_types() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in NAMES:
        if not name.endswith("/types"):
            for path, node in nodes(contracts.schema(name)):
                yield f"{name}{path}", node


NODES = list(of_types())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_file_is_a_schema(file: Path) -> None:
    """Each file is JSON Schema 2020-12 by its metaschema, and has a title."""
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert content["title"]
    Draft202012Validator.check_schema(content)


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("/types")])
def test_schema_is_self_contained(name: str, *, strict: bool) -> None:
    """What is handed out is a valid schema without references."""
    schema = contracts.schema(name, strict=strict)
    Draft202012Validator.check_schema(schema)
    assert "$ref" not in json.dumps(schema)
    assert "$defs" not in schema


def test_every_schema_is_used() -> None:
    """Each file is named by an operation, a callback, a driver message or a document."""
    named: set[str | None] = set(PARTS)
    for operation in contracts.operations().values():
        named |= {operation.query, operation.body, operation.response}
    for control in contracts.plane_operations().values():
        named |= {control.query, control.body, control.response}
    named |= {name for callback in contracts.callbacks().values() for name in (callback.schema, callback.answer)}
    named |= {document.schema for document in contracts.documents().values()}
    assert named - {None} == set(NAMES)


def test_every_shared_part_is_used() -> None:
    """No part lies in a types file to which nothing refers."""
    texts = {file: file.read_text(encoding="utf-8") for file in FILES}
    for types in FOLDER.rglob("types.schema.json"):
        for part in json.loads(texts[types])["$defs"]:
            pattern = re.compile(rf'#/\$defs/{part}"')
            assert any(pattern.search(text) for text in texts.values()), f"{types.parent.name}: {part}"


def test_only_keywords_on_which_both_engines_agree() -> None:
    """No format, no unevaluated*, no dependent*: see contracts/README.md."""
    for where, node in NODES:
        assert node.keys() - {"$schema"} <= KEYWORDS, where


def test_patterns_are_plain() -> None:
    r"""A pattern is anchored, has no \d \w \s and no bare dot, and a longest length beside it."""
    for where, node in NODES:
        if "pattern" in node:
            pattern = node["pattern"]
            assert pattern.startswith("^"), where
            assert pattern.endswith("$"), where
            assert "$" not in pattern[:-1], where
            assert not re.search(r"\\[dDwWsSbB]", pattern), where
            assert not re.search(r"(?<!\[)\.(?!\])", re.sub(r"\[[^\]]*\]", "[]", pattern)), where
            assert "maxLength" in node, where
            assert "x-form" in node, where


def test_every_property_is_described() -> None:
    """In our words, and for the platform's own messages with source and basis."""
    for where, node in NODES:
        for name, part in node.get("properties", {}).items():
            if "/if" in where or "/then" in where or "/allOf" in where:
                continue
            assert part.get("description"), f"{where}.{name}"
            if where.startswith(OF_THE_PLATFORM):
                assert part.get("x-basis") in {"documented", "observed", "assumed"}, f"{where}.{name}"
                assert part.get("x-source"), f"{where}.{name}"


def test_every_source_of_a_schema_is_known() -> None:
    """As for the tables."""
    for where, node in NODES:
        for source in node.get("x-source", ()):
            assert source.partition("@")[0] in contracts.sources(), where


def test_every_rule_of_a_schema_is_known_and_about_its_operation() -> None:
    """`x-rules` and `x-missing` name parameters of the schema, and rules of its mode or of all."""
    named = 0
    for where, node in NODES:
        for told in (node.get("x-rules", {}), node.get("x-missing", {})):
            for parameter, rule in told.items():
                named += 1
                assert parameter in node["properties"], f"{where}.{parameter}"
                assert contracts.requirements()[rule].mode in {"common", where.partition("/")[0].upper()}, where
        assert set(node.get("x-missing", ())) <= set(node.get("required", ())), where
    assert named > 60


def test_other_forms_are_marked() -> None:
    """A branch that is not canonical says so with a basis below documented; one branch beside them is canonical."""
    for where, node in NODES:
        branches = node.get("anyOf", ())
        others = [branch for branch in branches if not branch.get("x-canonical", True)]
        for branch in others:
            assert branch["x-basis"] in {"observed", "assumed"}, where
            assert branch["x-source"], where
            assert branch["description"], where
        if others:
            assert len(branches) == len(others) + 1, where


def test_platform_messages_leave_room_for_unknown_fields() -> None:
    """Requests: assumption http.unknown_field. Responses and pushes: a platform may add fields."""
    for where, node in NODES:
        if where.startswith(OF_THE_PLATFORM):
            assert "additionalProperties" not in node, where


def test_what_narrows_a_parameter_stands_before_it() -> None:
    """Of two faults of a parameter the first is reported, so a condition on properties comes first."""
    for where, node in NODES:
        if "properties" in node and "properties" in node.get("then", {}):
            keys = list(node)
            assert keys.index("if") < keys.index("then") < keys.index("properties"), where


def test_selectors_are_parameters() -> None:
    """What says which binding is meant is a property of the request."""
    for where, node in NODES:
        for selector in node.get("x-selectors", ()):
            assert set([selector] if isinstance(selector, str) else selector) <= node["properties"].keys(), where


def test_every_phone_number_of_a_request_says_whose_it_is() -> None:
    """By this the suites know what a request would bind, so none may be left out."""
    for operation in contracts.operations().values():
        for name in (operation.query, operation.body):
            for field, part in (contracts.schema(name)["properties"] if name else {}).items():
                is_one = field == "number" or (field.endswith("Num") and field != "extendNum")
                assert (part.get("x-number") in {"X", "A", "B", "other"}) is is_one, f"{name}.{field}"
                assert is_one or "global format" not in part["description"], f"{name}.{field}"


def test_strict_has_no_other_forms() -> None:
    """What is derived for generators has no branch that only clients use."""
    for name in NAMES:
        if not name.endswith("/types"):
            assert '"x-canonical": false' not in json.dumps(contracts.schema(name, strict=True))


def test_schema_is_a_copy() -> None:
    """Who changes what he was given changes nothing for others."""
    contracts.schema("axb/bind.body")["properties"].clear()
    assert contracts.schema("axb/bind.body")["properties"]


@pytest.mark.parametrize("operation", contracts.operations().values(), ids=contracts.operations().keys())
def test_a_parameter_is_refused_by_a_rule_of_its_operation(operation: contracts.Operation) -> None:
    """Each rule that a request schema names is about that operation, or about none in particular."""
    for name in filter(None, (operation.query, operation.body)):
        schema = contracts.schema(name)
        for part in (schema, schema.get("then", {})):
            for rule in {*part.get("x-rules", {}).values(), *part.get("x-missing", {}).values()}:
                about = contracts.requirements()[rule].operations
                assert not about or operation.id in about, (operation.id, rule)
