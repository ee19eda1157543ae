"""Tables of the fields of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.reference.markdown import code, plain, table
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["fields_table"]


def fields_table(title: str, schema: str | None) -> str:
    """Return a table of the fields of a schema, with their paths.

    Nothing without a schema.
    """
    if schema is None:
        return ""
    rows = [
        [
            code(path),
            say("yes") if must else "",
            plain(contracts.describe(field)),
            plain(str(field.get("description", ""))),
        ]
        for path, field, must in _walk(contracts.schema(schema), "")
    ]
    return f"**{say(title)}**\n\n" + table(("field", "must", "value", "meaning"), rows) if rows else ""


def _walk(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every field: its path ("feeLst[].icid"), its schema, if it must be."""
    must = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        yield path, field, name in must
        for inner, mark in ((field, "."), (field.get("items", {}), "[].")):
            if isinstance(inner, dict):
                yield from _walk(inner, f"{path}{mark}")
