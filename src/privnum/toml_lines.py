"""Where in a TOML file each key stands; tomllib reads values alone."""

from __future__ import annotations

import contextlib
import re
import tomllib
from typing import Final, NamedTuple

__all__ = ["Places", "Twice", "join_key", "places_of"]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+""")
_DOT: Final = re.compile(r"[ \t]*[.][ \t]*")
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_END_OF_HEADER: Final = re.compile(r"[ \t]*\]{1,2}")
_TEXT: Final = re.compile(r""""{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'""", re.DOTALL)
_PLAIN: Final = re.compile(r"[^,\]}#\r\n]+")
#: Signs of a key that are told; as in the problems of contracts.
_SHOWN: Final = 80
#: Keys in one dotted key; names of more would take more room than the file.
_DEEPEST: Final = 100


class Twice(NamedTuple):
    """A key that stands twice, and the lines."""

    name: str
    first: int
    again: int


class Places:
    """The line of each key.

    Names are as in the problems of contracts: "applications[0].numbers[1]".
    """

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.twice: Twice | None = None

    def line(self, name: str) -> int | None:
        """Return the line of a key, or of the table in which it should be."""
        while name and name not in self.lines:
            name = name[: max(name.rfind("."), name.rfind("["), 0)]
        return self.lines.get(name)


def join_key(where: str, key: str) -> str:
    """Return the name of a key in a table."""
    key = key if len(key) <= _SHOWN else f"{key[:_SHOWN]}…"
    return f"{where}.{key}" if where else key


def places_of(text: str) -> Places:
    """Return where the keys stand, as far as the text is TOML."""
    places = Places()
    with contextlib.suppress(_LostError, RecursionError):  # what was found before is found
        _Reading(text, places).read()
    return places


class _LostError(Exception):
    """What follows is no TOML."""


class _Reading:
    """Goes once through a text."""

    def __init__(self, text: str, places: Places) -> None:
        self._text = text
        self._places = places
        self._at = 0
        self._line, self._counted = 1, 0
        #: Keys that were written out, not just passed through by a longer one.
        self._written: set[str] = set()
        #: Tables of each array of tables so far.
        self._counts: dict[str, int] = {}

    def read(self) -> None:
        table = ""
        while not self._over():
            if self._sign() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> str:
        is_array = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if is_array else 1
        self._over()
        keys = self._keys()
        name = ""
        for key in keys[:-1]:
            name = join_key(name, key)
            self._places.lines.setdefault(name, line)
            name = self._newest(name)
        name = join_key(name, keys[-1])
        if is_array:
            self._places.lines.setdefault(name, line)
            self._counts[name] = self._counts.get(name, 0) + 1
            name = self._newest(name)
        self._write(name, line)
        self._take(_END_OF_HEADER)
        return name

    def _newest(self, name: str) -> str:
        count = self._counts.get(name)
        return name if count is None else f"{name}[{count - 1}]"

    def _pair(self, table: str) -> None:
        line = self._here()
        *above, last = self._keys()
        name = table
        for key in above:
            name = join_key(name, key)
            self._places.lines.setdefault(name, line)
        name = join_key(name, last)
        self._write(name, line)
        self._take(_EQUALS)
        self._value(name)

    def _write(self, name: str, line: int) -> None:
        if name in self._written and self._places.twice is None:
            self._places.twice = Twice(name, self._places.lines[name], line)
        self._written.add(name)
        self._places.lines.setdefault(name, line)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._match(_DOT):
            keys.append(self._key())
            if len(keys) > _DEEPEST:
                raise _LostError
        return keys

    def _key(self) -> str:
        key = self._take(_KEY)
        if key[0] not in "\"'":
            return key
        try:
            return str(tomllib.loads(f"key = {key}")["key"])
        except ValueError:
            raise _LostError from None

    def _value(self, name: str) -> None:
        sign = self._sign()
        if sign == "[":
            self._array(name)
        elif sign == "{":
            self._inline_table(name)
        else:
            self._take(_TEXT if sign in "\"'" else _PLAIN)

    def _array(self, name: str) -> None:
        self._at += 1
        index = 0
        while not self._over() and self._sign() != "]":
            item = f"{name}[{index}]"
            self._places.lines.setdefault(item, self._here())
            self._value(item)
            index += 1
            self._comma("]")
        self._at += 1

    def _inline_table(self, name: str) -> None:
        self._at += 1
        while not self._over() and self._sign() != "}":
            self._pair(name)
            self._comma("}")
        self._at += 1

    def _comma(self, end: str) -> None:
        if self._over() or self._sign() not in ("," + end):
            raise _LostError
        if self._sign() == ",":
            self._at += 1

    # ── signs ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _over(self) -> bool:
        """Pass over blanks and comments; return whether the text is over."""
        self._match(_BLANK)
        return self._at >= len(self._text)

    def _sign(self) -> str:
        if self._at >= len(self._text):
            raise _LostError
        return self._text[self._at]

    def _match(self, form: re.Pattern[str]) -> str:
        found = form.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _take(self, form: re.Pattern[str]) -> str:
        taken = self._match(form)
        if not taken:
            raise _LostError
        return taken

    def _here(self) -> int:
        """Return the line that is read; lines are counted once."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
