"""Schemas of the contract as components of a document.

They are taken in the strict form: what the platform's pages print, without the forms that only real clients use.
"""

from __future__ import annotations

from typing import Any

from privnum import contracts

__all__ = ["Components", "Json", "reference"]

Json = dict[str, Any]


class Components:
    """The schemas that a document refers to, gathered while it is made."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def refer(self, name: str) -> Json:
        """Return a reference to a schema, and see to it that the document has it."""
        self._names.add(name)
        return {"$ref": f"#/components/schemas/{_component(name)}"}

    def schemas(self) -> Json:
        """Return every schema that was referred to, by the name of its component."""
        return {_component(name): _schema(name) for name in sorted(self._names)}


def reference(kind: str, name: str) -> Json:
    """Return a reference to a component of another kind."""
    return {"$ref": f"#/components/{kind}/{name}"}


def _component(name: str) -> str:
    """The name without a slash, which components may not have."""
    return name.replace("/", ".")


def _schema(name: str) -> Json:
    schema = contracts.schema(name, strict=True)
    schema.pop("$schema", None)
    return schema
