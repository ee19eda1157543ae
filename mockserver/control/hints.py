"""The nearest valid word for a wrong one in a control message."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["did_you_mean", "hint"]

#: Among more words than these none is looked for: a server may have very many worlds.
_MOST: Final = 1_000


def did_you_mean(word: str, words: Collection[str]) -> str:
    """Return "; did you mean …?" for a wrong name, nothing where none is near."""
    near = difflib.get_close_matches(word[:64], words, n=1) if len(words) <= _MOST else []
    return f"; did you mean {near[0]}?" if near else ""


def hint(schema: str, where: str, message: Mapping[str, Any]) -> str:
    """Return "Did you mean …?" for the field at fault, or for its value.

    Nothing where no word is near.
    """
    fields = contracts.schema(schema).get("properties", {})
    if where not in fields:
        return _nearest(where, fields)
    value = message.get(where)
    return _nearest(value, fields[where].get("enum", ())) if isinstance(value, str) else ""


def _nearest(word: str, words: Iterable[Any]) -> str:
    near = difflib.get_close_matches(word[:64], [each for each in words if isinstance(each, str)], n=1)
    return f" Did you mean {near[0]}?" if near else ""
