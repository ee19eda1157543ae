"""Which phone numbers a request is about.

Every value that could make somebody's telephone ring.

The rule. A value is a number if it fits one of the kinds of contracts/numbers.toml, or is a common spelling of one: in
full-width digits, with spaces, hyphens, dots, slashes or brackets, with 86 or 0086 for +86, with nothing instead of it,
with the 0 of the area code; or if it is + (or 00) and 7 to 15 digits of another country. Anything else ("12345678",
"+86123456789012", 32 digits) is nobody's number, so that it may be sent to see it refused.

Looked at are the fields that the schemas mark with `x-number`, and whatever they do not know; in text that is no JSON
object, every run of digits.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Touched", "numbers_in", "numbers_of_message", "spelled_number", "touched_parts"]

_BETWEEN = re.compile(r"[\s().\-/]")
_ABROAD = re.compile(r"[1-9][0-9]{6,14}")
_RUN = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)?[0-9]{5,20}(?![0-9A-Za-z])")
_COUNTRY = "86"


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every pair, also where a name stands twice."""


def spelled_number(value: object) -> str | None:
    """The number that a value spells, in global format (+86).

    None where it is nobody's.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = _BETWEEN.sub("", _plain_signs(str(value)))
    rest = text.removeprefix("+").removeprefix("00")
    international = len(rest) < len(text)
    for bare in (rest.removeprefix(_COUNTRY),) if international else (rest.removeprefix(_COUNTRY), rest):
        if international and bare == rest:
            return f"+{rest}" if _ABROAD.fullmatch(rest) else None
        number = f"+{_COUNTRY}{bare.removeprefix('0')}"
        if any(kind.fullmatch(number) for kind in _kinds()):
            return number
    return None


def _plain_signs(text: str) -> str:
    """The text with every sign in its plain form, ＋８６ as +86.

    Sign by sign: what joins several has to put marks in order first, and takes long over many of them.
    """
    return text if text.isascii() else "".join(unicodedata.normalize("NFKC", sign) for sign in text)


@cache
def _kinds() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in contracts.number_kinds().values())


def numbers_in(text: str) -> set[str]:
    """The numbers in a text, percent-encoded or not."""
    return {number for run in _RUN.findall(unquote(text)) if (number := spelled_number(run)) is not None}


def numbers_of_message(message: Any) -> dict[str, str]:
    """The numbers in a driver message, each with its field.

    Digits that are dialled in a call are none.
    """
    found = ((name, spelled_number(value)) for name, value in _leaves(_as_pairs(message)) if name != "digits")
    return {number: name for name, number in found if number is not None}


@dataclass(frozen=True, slots=True)
class Touched:
    """What a request would touch.

    `operation` is its id, None where it is none of the contract's. `numbers` has each number with the field it stands
    in. `named` has the values of fields that hold numbers, as they are, by whose they are: "A", "B", "X", "other".
    `fields` are all fields of the top, the last of a name.
    """

    operation: str | None
    numbers: Mapping[str, str]
    named: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def binds(self) -> bool:
        """Whether a binding may come of it."""
        return self.operation is not None and self.operation.endswith(".bind")

    @property
    def lets_pick(self) -> bool:
        """Whether it is a bind that leaves the X to the platform."""
        return self.binds and bool(self.numbers) and not self.named.get("X")


def touched_parts(method: str, path: str, query: str, body: bytes) -> Touched:
    """What a request would touch.

    Whatever stands before an operation's path is left out of account.
    """
    operation = _operation_of(method, path)
    pairs, loose = _read(query, body)
    roles, others = _fields(operation)
    numbers = dict.fromkeys(numbers_in(loose), "the body")
    for name, value in _leaves(pairs):
        number = None if name in others else spelled_number(value)
        if number is not None:
            numbers[number] = name
    return Touched(operation, numbers, {roles[n]: v for n, v in pairs if n in roles}, dict(pairs))


def _operation_of(method: str, path: str) -> str | None:
    """The operation that this is, also where the path differs a little."""
    plain = re.sub("/+", "/", unquote(path)).rstrip("/").lower()
    for id_, operation in contracts.operations().items():
        if operation.method == method.upper() and plain.endswith(operation.path.lower()):
            return id_
    return None


def _read(query: str, body: bytes) -> tuple[_Pairs, str]:
    """The fields of query and body, and the body where it has none."""
    pairs = _Pairs(parse_qsl(query, keep_blank_values=True, errors="replace"))
    if not body:
        return pairs, ""
    try:
        parsed = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, _Pairs):
        pairs += parsed
        return pairs, ""
    return pairs, body.decode("utf-8", "replace")


@cache
def _fields(operation: str | None) -> tuple[Mapping[str, str], frozenset[str]]:
    """Whose number is in which field, and the fields that hold none."""
    roles: dict[str, str] = {}
    others: set[str] = set()
    if operation is not None:
        entry = contracts.operations()[operation]
        for name in (entry.query, entry.body):
            for key, part in _properties(contracts.schema(name)) if name else ():
                if "x-number" in part:
                    roles[key] = part["x-number"]
                else:
                    others.add(key)
    return roles, frozenset(others)


def _properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, part in schema.get("properties", {}).items():
        yield name, part
        for branch in (part, *part.get("anyOf", ())):
            yield from _properties(branch)


def _as_pairs(message: Any) -> Any:
    if isinstance(message, dict):
        return _Pairs((name, _as_pairs(value)) for name, value in message.items())
    return [_as_pairs(part) for part in message] if isinstance(message, list | tuple) else message


def _leaves(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value that is no object and no list, with its field's name.

    They are in order.
    """
    left: list[tuple[str, Any]] = [("", value)]
    while left:
        name, part = left.pop()
        if isinstance(part, _Pairs):
            left += reversed(part)
        elif isinstance(part, list | tuple):
            left += [(name, inner) for inner in reversed(part)]
        else:
            yield name, part
