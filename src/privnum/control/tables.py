"""What commands print: line_up columns for people."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["facts", "line_up", "more_of", "short_time", "table"]

_GAP = "  "


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str) -> str:
    """Return rows under their titles, or a sentence where there is none.

    On a terminal no line is longer than it is wide.
    """
    texts = [[_text(cell) for cell in row] for row in rows]
    if not texts:
        return say(empty)
    return "\n".join(map(_cut, line_up([[say(title).upper() for title in columns], *texts])))


def line_up(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines whose columns stand below each other."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [_GAP.join(map(_pad_text, row, widths)).rstrip() for row in rows]


def facts(named: Mapping[str, Any]) -> str:
    """Return names with their values, one a line; what is None is left out."""
    shown = {say(name): _text(value) for name, value in named.items() if value is not None}
    width = max(map(_width, shown), default=0)
    return "\n".join(f"{_pad_text(name, width)}{_GAP}{text}" for name, text in shown.items())


def more_of(said: Mapping[str, Any]) -> str:
    """Return the line below a page of a list that goes on."""
    return "\n" + say("there are more: --after {next}", next=said["next"]) if said.get("next") else ""


def short_time(text: str | None) -> str:
    """Return a time of the world as people read it."""
    return "" if text is None else text.replace("T", " ").removesuffix("Z")


def _text(cell: Any) -> str:
    if cell is None:
        return "-"
    text = cell if isinstance(cell, str) else str(cell)
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad_text(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(line: str) -> str:
    if not sys.stdout.isatty():
        return line
    columns = shutil.get_terminal_size().columns
    if _width(line) <= columns:
        return line
    while _width(line) >= columns:
        line = line[:-1]
    return line + "…"
