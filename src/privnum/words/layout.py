"""Text for a screen on which a Chinese sign is as wide as two Latin ones."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pad_text", "width_of", "wrapped_lines"]

_NOT_FIRST: Final = frozenset("，。；：、！？）】》”’")
"""Signs with which no line begins."""
_NOT_LAST: Final = frozenset("（【《“‘")
"""Signs with which no line ends."""


def width_of(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def pad_text(text: str, width: int) -> str:
    """A text with blanks behind it, so wide."""
    return text + " " * (width - width_of(text))


def wrapped_lines(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """A text in lines no wider than that; no word, address or name is broken.

    `first` and `rest` are what the first line and the others begin with.
    """
    if text.isascii() or width_of(text) == len(text):
        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    lines: list[str] = []
    line = first
    begin = width_of(first)
    for piece in _pieces(text):
        if width_of(line) > begin and width_of(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, begin = rest + piece.lstrip(), width_of(rest)
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What is not broken.

    A wide sign with the stop behind it, or a Latin word with its blank.
    """
    piece = ""
    for sign in text:
        wide = width_of(sign) == 2
        begins = (wide and sign not in _NOT_FIRST) or piece[-1:] == " " or (not wide and width_of(piece[-1:]) == 2)
        if piece and begins and piece[-1] not in _NOT_LAST:
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece
