"""Instances for a schema of the contract: fitting ones, and ones with a fault somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

ODD: list[Any] = [
    None, True, False, 0, 1, 2, -1, 3, 1.0, 1.5, -0.0, 1e300, 2**53, 2**64, 7776000, 7776001, 1440, 1441,
    "", " ", "0", "1", "3", "01", "true", "True", "false", "12\n", "\n", "+8613800000021", "+861380000002\n", "a" * 31,
    "a" * 32, "a" * 33, "a" * 129, "a" * 257, "9" * 10, "7776000", "7776001", "1441", 168, 169, 720, 721, 43200, 43201,
    "720", "0721", "43200", "10081", "0000000000000_0", "12345", "00001", "中文", "é", "\x00", "\x7f", "😀" * 129,
    "2026-03-01 00:00:00", "2026-03-01 00:00:00\n", "2026-03-01T00:00:00Z", "٣", "callin", "fee", [], [None], {},
    {"a": 1},
]  # fmt: skip

odd = st.one_of(
    st.sampled_from(ODD), st.text(max_size=40), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)


def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Instances that fit the schema, but for what its if, then and allOf add."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([fitting(branch) for branch in schema["anyOf"]])
    match schema.get("type"):
        case "string":
            return _text(schema.get("pattern", ""), schema.get("minLength", 0), schema.get("maxLength", 300))
        case "integer":
            return st.integers(schema.get("minimum", -10), schema.get("maximum", 10**6))
        case "number":
            return st.floats(schema.get("minimum", -10), 1e6, allow_nan=False)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            items = fitting(schema.get("items", {}))
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 3), 3))
        case _:
            return _object(schema)


@cache  # Hypothesis takes long to read a pattern, and the schemas share a few
def _text(pattern: str, low: int, high: int) -> st.SearchStrategy[str]:
    if pattern.startswith("^[^"):  # to make texts of what is left takes ages, most texts are of it
        good = re.compile(pattern.removesuffix("$") + r"\Z")
        return st.text(min_size=low, max_size=min(high, low + 40)).filter(lambda value: bool(good.match(value)))
    if pattern:
        text = st.from_regex(pattern.removesuffix("$") + r"\Z", alphabet=st.characters(max_codepoint=127))
        return text.filter(lambda value: low <= len(value) <= high)
    return st.text(min_size=low, max_size=min(high, low + 40))


def _object(schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = schema.get("properties", {})
    required = set(schema.get("required", ()))
    if not properties and isinstance(schema.get("additionalProperties"), Mapping):
        return st.dictionaries(st.text(max_size=5), fitting(schema["additionalProperties"]), max_size=2)
    parts = {name: fitting(part) for name, part in properties.items()}
    mandatory = {name: part for name, part in parts.items() if name in required}
    optional = {name: part for name, part in parts.items() if name not in required}
    return st.fixed_dictionaries(mandatory, optional=optional)


def faulty(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """A fitting instance in which something was replaced, removed or added; it may still fit."""
    return _spoiled_instances(fitting(schema))


@st.composite
def _spoiled_instances(draw: st.DrawFn, instances: st.SearchStrategy[Any]) -> Any:
    """One of the instances, spoiled; they are described once, not for each example."""
    instance = draw(instances)
    for _ in range(draw(st.integers(1, 2))):
        instance = _spoiled_value(draw, instance)
    return instance


def _spoiled_value(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        rest = {name: item for name, item in value.items() if name != key}
        how = draw(st.sampled_from(["replace", "deeper", "remove", "add"]))
        if how == "remove":
            return rest
        if how == "add":
            return {**value, draw(st.text(max_size=5)): draw(odd)}
        return {**rest, key: draw(odd) if how == "replace" else _spoiled_value(draw, value[key])}
    if isinstance(value, list) and value:
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], _spoiled_value(draw, value[index]), *value[index + 1 :]]
    return draw(odd)
