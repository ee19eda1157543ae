"""Puts a schema, and what is wrong with an instance, into plain English."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from privnum.contracts._mask import mask
from privnum.contracts._model import Problem
from privnum.contracts._near import nearest

if TYPE_CHECKING:
    from jsonschema import ValidationError

__all__ = ["describe", "problem_of"]

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}

_SHOWN = 80


def describe(schema: Mapping[str, Any]) -> str:
    """What a schema asks for, as the end of "it must be …".

    Forms that only real clients use are left out.
    """
    if "const" in schema:
        return _json(schema["const"])
    if "enum" in schema:
        return _one_of([_json(value) for value in schema["enum"]])
    if "anyOf" in schema:
        return _one_of([describe(branch) for branch in schema["anyOf"] if branch.get("x-canonical", True)])
    types = schema.get("type", "object")
    if isinstance(types, list):
        return _one_of([describe({**schema, "type": name}) for name in types])
    return _TYPES[types] + _extent(types, schema) + _form(schema)


def _extent(type_: str, schema: Mapping[str, Any]) -> str:
    low, high = {
        "string": ("minLength", "maxLength"),
        "array": ("minItems", "maxItems"),
        "integer": ("minimum", "maximum"),
        "number": ("minimum", "maximum"),
    }.get(type_, ("", ""))
    if type_ == "object" and "minProperties" in schema:
        return f" with at least {schema['minProperties']} of its fields"
    bottom, top = schema.get(low), schema.get(high)
    unit = {"string": " characters", "array": " items"}.get(type_, "")
    if bottom is not None and top is not None:
        size = f"{bottom} to {top}" if bottom != top else f"{top}"
    elif top is not None:
        size = f"at most {top}"
    elif bottom is not None:
        size = f"at least {bottom}"
    else:
        return ""
    joint = " of " if unit else (" from " if bottom is not None and top is not None else " of ")
    return f"{joint}{size}{unit}"


def _form(schema: Mapping[str, Any]) -> str:
    """A pattern is reported by the schema's own words for it, else as it is."""
    if "pattern" not in schema:
        return ""
    return f", {schema['x-form']}" if "x-form" in schema else f" of the form {schema['pattern']}"


def _one_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def problem_of(error: ValidationError) -> Iterator[Problem]:
    """The problem that an error of jsonschema reports.

    Several for unknown fields, each its own.
    """
    where = _path(error)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required":
        yield from _missing(error, where, schema)
    elif error.validator == "additionalProperties" and error.validator_value is False:
        yield from _unknown_fields(error, where, schema)
    else:
        name = where or "the message"
        expected, got = describe(schema), _got(error.instance)
        yield Problem(where, f"{name} must be {expected}, not {got}.", expected, got)


def _missing(error: ValidationError, where: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    # jsonschema reports each missing property as an error of its own and names it only in the text.
    instance: Any = error.instance
    required: Any = error.validator_value
    for name in required:
        if name not in instance:
            wanted = schema.get("properties", {}).get(name)
            expected = describe(wanted) if wanted else "present"
            parameter = _join(where, name)
            yield Problem(parameter, f"{parameter} is missing; it must be {expected}.", expected, None)


def _unknown_fields(error: ValidationError, where: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    known = list(schema.get("properties", {}))
    instance: Any = error.instance
    for name in instance:
        if name in known:
            continue
        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else f"the fields are {', '.join(known)}."
        parameter = _join(where, name)
        yield Problem(parameter, f"{parameter} is no field here; {hint}", _one_of(known), _got(instance[name]))


def _path(error: ValidationError) -> str:
    path = ""
    for step in error.absolute_path:
        path = f"{path}[{step}]" if isinstance(step, int) else _join(path, str(step))
    return path


def _join(where: str, name: str) -> str:
    name = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    return f"{where}.{name}" if where else name


def _got(value: object) -> str:
    text = mask(_json(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
