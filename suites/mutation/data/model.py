"""An edit of the contract's data.

A cell, a row or a keyword of a file has another value, for both sides.
"""

from __future__ import annotations

import copy
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.contracts import _load, _schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

__all__ = ["Edit", "apply_edit", "table_of"]

_SUFFIX = ".schema.json"
_UNTOUCHED = frozenset({"requirements", "assumptions", "sources", "variations", "control_operations", "capabilities"})
"""Caches of files that are not edited: they stay, as reading them takes time."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit.

    Attributes:
        id: file, place and what is done there.
        file: name of the file, below contracts/.
        story: the edit, in a few words.
        bend: makes it, in the content of the file.
        part: row of the table, or name of the field or shared part of a schema, that is edited; "" for a whole one.
        keyword: the keyword of a schema or the column of a table that is edited.
        basis: how sure the value is: documented, observed, assumed, or open.
        why: why no source settles the value, where none does.

    """

    id: str
    file: str
    description: str
    bend: Callable[[dict[str, Any]], None]
    part: str
    keyword: str
    basis: str = "documented"
    why: str = ""

    @property
    def settled(self) -> bool:
        """Whether a source settles the value: then somebody must notice the edit."""
        return self.basis == "documented"


def table_of(file: str) -> dict[str, Any]:
    """The content of a file of the contract, as a copy."""
    if file.endswith(".toml"):
        return _load._toml(file)
    return copy.deepcopy(_schemas._file(f"schemas/{file}"))


@contextmanager
def apply_edit(edit: Edit) -> Iterator[None]:
    """Have the edit in this process as if the file were so.

    For the server and for the suites.
    """
    content = table_of(edit.file)
    edit.bend(content)
    read_toml, read_schema = _load._toml, _schemas._file

    def toml(name: str) -> dict[str, Any]:
        return copy.deepcopy(content) if name == edit.file else read_toml(name)

    def schema(path: str) -> dict[str, Any]:
        return content if path == f"schemas/{edit.file}" else read_schema(path)

    with ExitStack() as patches:
        for module in _readers_of_tables(read_toml):
            patches.enter_context(patch.object(module, "_toml", toml))
        patches.enter_context(patch.object(_schemas, "_file", schema))
        _forget()
        try:
            yield
        finally:
            _forget()


def _readers_of_tables(read_toml: object) -> list[ModuleType]:
    """Every module of the contract that reads a table by itself."""
    there = (module for name, module in list(sys.modules.items()) if name.startswith("privnum.contracts."))
    return [module for module in there if getattr(module, "_toml", None) is read_toml]


def _forget() -> None:
    """Empty every cache of this package but those of the mutants.

    Each may hold something of the edited file.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("privnum.") and not name.startswith("privnum.suites.mutation."):
            for key, value in list(vars(module).items()):
                if key not in _UNTOUCHED and callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()
