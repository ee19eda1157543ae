"""Every item of the contract that an exchange can show.

Operations, pushes, their fields and the values that are enumerated, result codes and release causes. All of it is read
from the schemas and tables, so that what joins them is counted without a word here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["KINDS", "Item", "Node", "cause", "field_tree", "items", "messages", "reserved_items", "result_code"]

Kind = Literal["operation", "push", "field", "value", "result code", "release cause"]
KINDS: Mapping[Kind, str] = {
    "operation": "operations",
    "push": "pushes",
    "field": "fields",
    "value": "values",
    "result code": "result codes",
    "release cause": "release causes",
}
"""Each kind with its plural, in the order in which they are shown."""

_WIDEST = 10
"""Values of a range of integers that is an enumeration: 0 to 2 for a direction, and no length or count."""
_BRANCHES = ("anyOf", "oneOf", "allOf")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a run can have seen.

    `id` distinguishes it from all others: "axb.bind", "axb.bind body callDirection=1", "axb.bind 403/1012010",
    "stateCode 8025".
    """

    id: str
    mode: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a message, with what is seen where a value stands there.

    `field` is that of the place itself, `properties` and `element` are the places in it, `values` the ids of enumerated
    values, `table` the table of release causes that a number there is from.
    """

    field: str | None
    properties: Mapping[str, Node]
    element: Node | None
    values: Mapping[tuple[type, object], str]
    table: str | None
    is_plain: bool
    """Whether a value shows nothing but that the field is there."""

    def shows(self, value: object) -> Iterator[str]:
        """What is seen where this value stands here, beside the field."""
        named = self.values.get((type(value), value))  # the type too: 1 is True in Python, and not in JSON
        if named is not None:
            yield named
        if self.table is not None:
            code = cause(self.table, value)
            if code in items():
                yield code


def messages(row: contracts.Operation | contracts.Callback) -> Mapping[str, str]:
    """The messages of an operation or push: part to name of the schema.

    Parts of an operation are "query", "body", "response"; what is pushed is "schema". Whatever field of the row names
    a schema is one.
    """
    known = _schema_names()
    told = {field.name: getattr(row, field.name) for field in fields(row)}
    return {part: name for part, name in told.items() if isinstance(name, str) and name in known}


@cache
def _schema_names() -> frozenset[str]:
    return frozenset(contracts.schema_names())


@cache
def field_tree(message: str, part: str) -> Node:
    """The places of one message: "axb.bind", "body"; "axb.cdr", "schema"."""
    row = contracts.operations().get(message) or contracts.callbacks()[message]
    title = message if part == "schema" else f"{message} {part}"
    return _node(contracts.schema(messages(row)[part], strict=True), title, "")


def _node(schema: Mapping[str, Any], title: str, path: str) -> Node:
    """The place that a schema describes, over all of its branches."""
    properties: dict[str, Node] = {}
    elements: list[Mapping[str, Any]] = []
    found: list[str | int | bool] = []
    for part in _branches(schema):
        for name, inner in part.get("properties", {}).items():
            properties.setdefault(name, _node(inner, title, f"{path}.{name}".lstrip(".")))
        if isinstance(part.get("items"), dict):
            elements.append(part["items"])
        found += _enumerated_values(part)
    table = path.rpartition(".")[2] if path.rpartition(".")[2] in _cause_tables() else None
    return Node(
        field=f"{title} {path}" if path and not path.endswith("[]") else None,
        properties=MappingProxyType(properties),
        element=_node({"anyOf": elements}, title, f"{path}[]") if elements else None,
        values=MappingProxyType({(type(value), value): f"{title} {path}={_value_text(value)}" for value in found}),
        table=table,
        is_plain=not (properties or elements or found or table),
    )


def _branches(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    for word in _BRANCHES:
        for branch in schema.get(word, ()):
            yield from _branches(branch)


def _enumerated_values(schema: Mapping[str, Any]) -> list[str | int | bool]:
    """The values of a schema that names them one by one, or a range of a few."""
    named = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if schema.get("type") == "boolean":
        named += [True, False]
    if schema.get("type") == "integer" and {"minimum", "maximum"} <= schema.keys():
        width = schema["maximum"] - schema["minimum"]
        named += range(schema["minimum"], schema["maximum"] + 1) if width < _WIDEST else ()
    return [value for value in named if isinstance(value, str | int)]


def _value_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _cause_tables() -> frozenset[str]:
    return frozenset(table for cause in contracts.release_causes().values() for table in cause.tables)


def cause(table: str, code: object) -> str:
    """The id of a release cause in a table, be it there or not."""
    return f"{table} {code}"


def result_code(operation: str, key: str) -> str:
    """The id of a result code that an operation was answered with.

    A code that stands on the page of every API is one item, one that an API prints beyond them an item of this API.
    """
    row = contracts.operations().get(operation)
    return f"{operation} {key}" if row is not None and key in row.own_codes else key


@cache
def items() -> Mapping[str, Item]:
    """Every item by its id."""
    found = {item.id: item for item in _all()}
    return MappingProxyType(found)


def _all() -> Iterator[Item]:
    for operation in contracts.operations().values():
        yield Item(operation.id, operation.mode, "operation")
        yield from _of_messages(operation)
        for key in operation.own_codes:
            yield Item(result_code(operation.id, key), operation.mode, "result code")
    for callback in contracts.callbacks().values():
        yield Item(callback.id, callback.mode, "push")
        yield from _of_messages(callback)
    own: set[str] = set()
    shared: set[str] = set()
    for operation in contracts.operations().values():
        own.update(operation.own_codes)
        shared.update(set(operation.codes).difference(operation.own_codes))
    for key in contracts.result_codes():
        if key in shared or key not in own:
            yield Item(key, "common", "result code")
    for row in contracts.release_causes().values():
        for table in row.tables:
            yield Item(cause(table, row.code), "common", "release cause")


def _of_messages(row: contracts.Operation | contracts.Callback) -> Iterator[Item]:
    for part in messages(row):
        yield from _of_node(field_tree(row.id, part), row.mode)


def _of_node(node: Node, mode: str) -> Iterator[Item]:
    if node.field is not None:
        yield Item(node.field, mode, "field")
    for id_ in node.values.values():
        yield Item(id_, mode, "value")
    for inner in node.properties.values():
        yield from _of_node(inner, mode)
    if node.element is not None:
        yield from _of_node(node.element, mode)


@cache
def reserved_items() -> Mapping[str, contracts.Reserved]:
    """Why an item cannot be seen, by its id.

    Raises UnknownName for an item that the contract does not have, ContractError for one that is named twice.
    """
    found: dict[str, contracts.Reserved] = {}
    for row in contracts.reserved().values():
        for id_ in row.items:
            if id_ not in items():
                raise contracts.UnknownName("item of reserved.toml", id_, items())
            if id_ in found:
                raise contracts.ContractError(f"reserved.toml names {id_} twice, in {found[id_].id} and {row.id}")
            found[id_] = row
    return MappingProxyType(found)
