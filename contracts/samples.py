"""Examples of messages, from their schemas and contracts/examples.toml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import orjson

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Json = dict[str, Any]

__all__ = ["NoSample", "answer_sample", "event_samples", "field_sample", "push_sample", "request_samples"]

#: Tried in turn for a text of which the table has no value.
_TEXTS: Final = ("text", "1", "2026-03-01 08:00:00", "2026-03-01T08:00:00Z", "+8617000000001", "", "0000000000000_0")


class NoSample(contracts.ContractError):
    """A field must be there, and no value is known that fits it."""


def request_samples(name: str) -> dict[str, Json]:
    """Return the examples of a request, by name.

    "required" has what must be there, "settings" every field that goes with others.
    """
    samples = {}
    for title, whole in (("required", False), ("settings", True)):
        try:
            samples[title] = _object(_strict(name), name, whole=whole)
        except NoSample:
            continue
    if samples.get("settings") == samples.get("required"):
        samples.pop("settings", None)
    return {title: value for title, value in samples.items() if _is_valid(_strict(name), value)}


def answer_sample(name: str) -> Json | None:
    """Return the example of an answer to a request that was carried out.

    None where no value is known for a field.
    """
    return _whole(name)


def push_sample(name: str) -> Json | None:
    """Return the example of a push; None where there is no value for a field."""
    return _whole(name)


def _whole(name: str) -> Json | None:
    try:
        value = _object(_strict(name), name, whole=True)
    except NoSample:
        return None
    return value if _is_valid(_strict(name), value) else None


def event_samples(name: str) -> dict[str, Json]:
    """Return an example of each event of a schema, by the event's name.

    An event of which the table says nothing has what every event must have.
    """
    schema = _strict(name)
    info = schema["properties"]["statusInfo"]
    samples = {}
    for event in schema["properties"]["eventType"].get("enum", ()):
        table = contracts.examples().events
        fields = table.get(f"{name.partition('/')[0]}.{event}") or table.get(event, {})
        had = {field: value for field, value in fields.items() if field in info["properties"]}
        value = {"eventType": event, "statusInfo": had or _object(info, name, whole=False)}
        if _is_valid(schema, value):
            samples[event] = value
    return samples


def field_sample(name: str, field: str, schema: Json) -> Any:
    """Return a value for a field of a message.

    Raises NoSample where none is known.
    """
    for value in _examples_of(name, field):
        if _is_valid(schema, value):
            return value
    return _fitting_value(name, field, schema)


def _examples_of(name: str, field: str) -> Iterable[Any]:
    """What examples.toml has for a field, the most special first.

    That is: of this message, of messages of this name in any mode, of any message.
    """
    table = contracts.examples()
    for part in (name, name.rpartition("/")[2]):
        if field in table.messages.get(part, {}):
            yield table.messages[part][field]
    if field in table.fields:
        yield table.fields[field]


def _object(schema: Json, name: str, *, whole: bool) -> Json:
    properties: Json = schema.get("properties", {})
    must = [*schema.get("required", ()), *_first_selector(schema)]
    value = _sample_object(properties, name, must, whole=whole)
    if "if" in schema and "then" in schema and _is_valid(schema["if"], value):
        more = schema["then"].get("required", ())
        value = _sample_object(properties, name, [*must, *more], whole=whole)
    return value


def _sample_object(properties: Json, name: str, must: Iterable[str], *, whole: bool) -> Json:
    apart = contracts.examples().apart
    value = {}
    for field, schema in properties.items():
        if field in must or (whole and field not in apart and _is_entered(name, field, schema)):
            value[field] = field_sample(name, field, schema)
    return value


def _is_entered(name: str, field: str, schema: Json) -> bool:
    return any(_is_valid(schema, value) for value in _examples_of(name, field))


def _first_selector(schema: Json) -> list[str]:
    """Fields of the first way to say which binding is meant, if any."""
    first = next(iter(schema.get("x-selectors", ())), ())
    return [first] if isinstance(first, str) else list(first)


def _fitting_value(name: str, field: str, schema: Json) -> Any:
    """A value that fits a schema of which no table knows one."""
    for branch in schema.get("anyOf", ()):
        try:
            return field_sample(name, field, branch)
        except NoSample:
            continue
    if schema.get("type") == "object":
        return _object(schema, name, whole=True)
    if schema.get("type") == "array":
        return [field_sample(name, field, schema["items"]) for _ in range(max(1, schema.get("minItems", 0)))]
    for value in _simple_values(schema):
        if _is_valid(schema, value):
            return value
    raise NoSample(f"{name}: no value for {field}; enter one in contracts/examples.toml")


def _simple_values(schema: Json) -> Iterable[Any]:
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", ())
    yield schema.get("minimum", 0)
    yield from _TEXTS
    yield "x" * schema.get("minLength", 1)
    yield from (True, {}, None)


@cache
def _strict(name: str) -> Json:
    return contracts.schema(name, strict=True)


def _is_valid(schema: Mapping[str, Any], value: Any) -> bool:
    return _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)).is_valid(value)


@cache
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(orjson.loads(schema))
