"""Other values of the same shape: for numbers, ids, keys, names and texts.

The same value has the same replacement wherever it stands, and two values never have one. A replacement is worked out
with a key that nobody else has, so that it does not lead back.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.suites.oracle.numbers import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

__all__ = ["NUMBER", "Replacer", "SpaceError"]

NUMBER: Final = re.compile(
    r"""
      (?P<plus>\+|%2[Bb]|(?<![0-9A-Za-z])00(?=86))(?P<country>86)?(?P<digits>[0-9]{5,15})(?![0-9])
    | (?<![0-9A-Za-z])(?P<country2>86)?(?P<digits2>1[3-9][0-9]{9})(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?P<trunk>0)(?P<digits3>[1-9][0-9]{8,10})(?![0-9A-Za-z])
    """,
    re.VERBOSE,
)
"""What is surely a phone number, in whatever text it stands."""
_RUN: Final = re.compile(r"(?<![0-9])(?P<country>86)?(?P<digits>[0-9]{5,})(?![0-9])")
"""What may be one in a field of numbers, or in a text of the customer's."""
_KEPT: Final = 3
"""Digits that say of which kind a number is: an area code, the beginning of mobiles or of service numbers."""
_TRIES: Final = 2000
_FIRST_CHINESE: Final = 0x4E00
_CHINESE: Final = 0x200
_WIDE: Final = {2: (0x00C0, 0x0180), 3: (0x3041, 0x3097), 4: (0x1F600, 0x1F650)}
"""Signs that are not ASCII and not Chinese, by their bytes: the first, and the one behind the last."""


class SpaceError(contracts.ContractError):
    """There are more values of a shape than the shape has."""


class Replacer:
    """Replaces values.

    `key` is a secret; no value becomes a word of `reserved` (in small letters). `replaced` counts the values by their
    kind; `examples` has a few, masked.
    """

    def __init__(self, key: bytes, reserved: Collection[str] = ()) -> None:
        self._key = key
        self._reserved = frozenset(reserved)
        self._of: dict[tuple[str, str], str] = {}
        self._used: dict[str, set[str]] = {}
        self.originals: set[str] = set()
        """Numbers, without plus and country code, that must not be left."""
        self.replaced: Counter[str] = Counter()
        self.examples: dict[str, tuple[str, str]] = {}

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def note_numbers(self, text: str) -> None:
        """Note the numbers of a text before anything is replaced.

        None of them is given to another.
        """
        for match in NUMBER.finditer(text):
            self.originals.add(next(match[name] for name in ("digits", "digits2", "digits3") if match[name]))

    def numbers(self, text: str) -> str:
        """A text with other phone numbers."""
        return NUMBER.sub(self._replace_match, text)

    def digit_runs(self, text: str) -> str:
        """The same where every run of five digits and more may be a number."""
        return _RUN.sub(lambda match: (match["country"] or "") + self.digits(match["digits"]), self.numbers(text))

    def _replace_match(self, match: re.Match[str]) -> str:
        part = {name: value or "" for name, value in match.groupdict().items()}
        digits = part["digits"] + part["digits2"] + part["digits3"]
        before = part["plus"] + part["country"] + part["country2"] + part["trunk"]
        return before + self.digits(digits)

    def digits(self, digits: str) -> str:
        """Another number for the digits behind plus and country code."""
        if digits in self._used.get("number", ()):
            return digits  # it is a replacement already
        kind = kind_of(f"+86{digits}")
        head, rest = digits[:_KEPT], digits[_KEPT:]

        def variants() -> Iterator[str]:
            for turn in range(_TRIES):
                yield head + self._draw_signs(f"number{turn}", digits, rest)
            yield from (f"{head}{number:0{len(rest)}d}" for number in range(10 ** min(len(rest), 6)))

        def fits(new: str) -> bool:
            return new not in self.originals and new != digits and kind_of(f"+86{new}") == kind

        return self._unique("number", digits, variants(), fits)

    # ── ids, keys, names, texts ──────────────────────────────────────────────────────────────────────────────────────

    def value(self, kind: str, value: str) -> str:
        """Another value: a letter for a letter, a digit for a digit."""
        if not any(char.isalnum() for char in value):
            return value

        def variants() -> Iterator[str]:
            for turn in count():
                if turn == _TRIES:
                    return
                yield self._draw_signs(f"{kind}{turn}", value, value)

        return self._unique(kind, value, variants(), lambda new: new.lower() not in self._reserved)

    def text(self, kind: str, text: str) -> str:
        """A text of the customer's: other numbers in it, and other words."""
        parts: list[str] = []
        end = 0
        for match in NUMBER.finditer(text):
            parts += [self.value(kind, text[end : match.start()]), self._replace_match(match)]
            end = match.end()
        return "".join([*parts, self.value(kind, text[end:])])

    def _unique(self, kind: str, value: str, variants: Iterator[str], fits: Callable[[str], bool]) -> str:
        known = self._of.get((kind, value))
        if known is not None:
            return known
        used = self._used.setdefault(kind, set())
        new = next((each for each in variants if each not in used and fits(each)), None)
        if new is None:
            raise SpaceError(f"there are too many different values of the kind {kind} that are so short")
        used.add(new)
        self._of[kind, value] = new
        self.replaced[kind] += 1
        self.examples.setdefault(kind, (value, new))
        return new

    def _draw_signs(self, salt: str, value: str, part: str) -> str:
        """Signs of the same classes, drawn by the key."""
        stream = self._bytes(salt, value, 2 * len(part))
        return "".join(_sign(char, stream[2 * at] * 256 + stream[2 * at + 1]) for at, char in enumerate(part))

    def _bytes(self, salt: str, value: str, length: int) -> bytes:
        found = b""
        for block in count():
            if len(found) >= length:
                return found
            message = f"{salt}\0{block}\0{value}".encode("utf-8", "surrogatepass")
            found += hmac.digest(self._key, message, "sha256")
        raise AssertionError

    def base64(self, text: str) -> str:
        """Other Base64 of the same length: a digest that nothing verifies."""
        kept = text.rstrip("=")
        return self._draw_signs("digest", text, kept) + text[len(kept) :]


def _sign(char: str, draw: int) -> str:
    """A sign of the same class, of as many bytes."""
    if char.isascii():
        if char.isdigit():
            return str(draw % 10)
        if char.isalpha():
            return chr(ord("a" if char.islower() else "A") + draw % 26)
        return char
    if "\ud800" <= char <= "\udfff":
        return char  # half a sign, which no JSON may have: it stays as wrong as it is
    if _is_chinese(char):
        return chr(_FIRST_CHINESE + draw % _CHINESE)
    first, end = _WIDE[len(char.encode("utf-8", "surrogatepass"))]
    return chr(first + draw % (end - first))


def _is_chinese(char: str) -> bool:
    return 0x4E00 <= ord(char) <= 0x9FFF
