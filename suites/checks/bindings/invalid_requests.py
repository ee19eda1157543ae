"""What can be wrong with a request.

Rows of a table that each mode fills in (checks/<mode>/invalid_requests.py).

A row is documented only where a source names the field and the kind of wrongness; everything else stands under
COM-ENV-010, which fails nobody.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.bindings.binding import nested_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum.suites.runner.context import CheckContext

__all__ = [
    "ABSENT",
    "A_TONE",
    "BROKEN_BODIES",
    "BROKEN_QUERIES",
    "CHINESE",
    "GLOBAL_SERVICE_NUMBERS",
    "LOCAL_SERVICE_NUMBERS",
    "SERVICE_NUMBERS",
    "SOMEBODY",
    "STRANGE_TONES",
    "THE_ID",
    "THE_X",
    "UNSAID",
    "Wrong",
    "chinese_user_data",
    "long_areas",
    "long_number",
    "long_tones",
    "missing",
    "out_of_range",
    "service_number",
    "service_numbers",
    "strange_tones",
    "wrong_area_matches",
    "wrong_types",
]

UNSAID = "COM-ENV-010"
"""The rule of what no source names."""
ABSENT = object()
SOMEBODY, THE_X, A_TONE = "somebody's number", "the X of the binding", "an uploaded tone"
THE_ID = "the subscriptionId of the binding"
"""Places that the check fills with a number, a tone or an id of the target."""
CHINESE = "订单"
GLOBAL_SERVICE_NUMBERS = ("+864001234567", "+8695555")
LOCAL_SERVICE_NUMBERS = ("4001234567", "95555")
"""In local spelling they are malformed besides, and such a bind may succeed."""
SERVICE_NUMBERS = (*GLOBAL_SERVICE_NUMBERS, *LOCAL_SERVICE_NUMBERS)
"""Each stands for its spelling where only named numbers may be touched."""
STRANGE_TONES = {"a slash": "tones/wait.wav", "a blank": "wait a.wav", "Chinese": "等待.wav"}
"""Names of tone files with a sign that the platform takes in none."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong request.

    `value` for `field` (ABSENT: left out), refused by `requirement`, with `code` if it says so.
    """

    operation: str
    field: str
    what: str
    value: Any
    requirement: str
    code: str | None = None
    beside: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.operation}-{self.field}-{self.what}".replace(" ", "_")

    def body(self, good: Mapping[str, Any]) -> dict[str, Any]:
        """A good body (or query) with this one thing wrong."""
        body = {name: value for name, value in {**good, **self.beside}.items() if value is not ABSENT}
        if self.value is ABSENT:
            body.pop(self.field, None)
            return body
        return body | nested_field(self.field, self.value)


def service_number(context: CheckContext, literal: str) -> str:
    """The literal, or a number of target.toml in the same spelling.

    The latter where only named numbers may be touched.

    Raises NotExercised where it names none.
    """
    if not context.target.only_named_numbers:
        return literal
    bare = context.user("service").removeprefix("+86")
    return f"+86{bare}" if literal.startswith("+86") else bare


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def long_number(characters: int) -> str:
    """Return a number of this many characters."""
    return "+86138" + "0" * (characters - 6)


def missing(operation: str, name: str, rule: str) -> Iterator[Wrong]:
    """A mandatory field that is left out, or null."""
    yield Wrong(operation, name, "missing", ABSENT, rule)
    yield Wrong(operation, name, "null", None, rule)


def out_of_range(
    operation: str, name: str, values: Iterable[Any], rule: str, code: str | None = None
) -> Iterator[Wrong]:
    """Values just outside of what is published, or of an enumeration."""
    for value in values:
        yield Wrong(operation, name, str(value), value, rule, code)


def wrong_area_matches(x_field: str, rule: str) -> Iterator[Wrong]:
    """An areaMatchMode that there is not.

    Beside X, which wins, it may be of no effect.
    """
    for text in ("2", "-1", "strict"):
        yield Wrong("bind", "areaMatchMode", text, text, rule, beside={"areaCode": "0755", x_field: ABSENT})


def long_areas(x_field: str, rule: str) -> Iterator[Wrong]:
    """An areaCode one character too long, with either areaMatchMode."""
    for how, match in (("", {}), (" loosely", {"areaMatchMode": "1"})):
        beside = {x_field: ABSENT, **match}
        yield Wrong("bind", "areaCode", f"33 characters{how}", "0755" + "0" * 29, rule, beside=beside)


def service_numbers(name: str) -> Iterator[Wrong]:
    """A 400 or 95 number in local spelling."""
    for number in LOCAL_SERVICE_NUMBERS:
        yield Wrong("bind", name, f"service {number}", number, UNSAID)


def long_tones(tones: Iterable[str], beside: Mapping[str, Any], rule: str) -> Iterator[Wrong]:
    """A name of a tone file that is one character too long."""
    for tone in tones:
        yield Wrong("bind", tone, "129 characters", "t" * 125 + ".wav", rule, beside=beside)


def strange_tones(operation: str, tones: Iterable[str], beside: Mapping[str, Any], rule: str) -> Iterator[Wrong]:
    """A name that no tone file has."""
    for tone in tones:
        for what, name in STRANGE_TONES.items():
            yield Wrong(operation, tone, what, name, rule, "1010002", beside=beside)


def chinese_user_data(rule: str) -> Iterator[Wrong]:
    """Chinese characters in userData, alone and among others."""
    for text in (CHINESE, f"order {CHINESE} 42"):
        yield Wrong("bind", "userData", f"Chinese {len(text)}", text, rule, "1010002")


WRONG_TYPES: Mapping[str, tuple[Any, ...]] = {
    "text": (["x"], {"x": 1}, 17, True),
    "integer": ([1], {"x": 1}, True, "one", 1.5),
    "flag": (["true"], {"x": 1}, 1, 0.0),
    "object": (["x"], "wait.wav", 1, True),
}


def wrong_types(types: Mapping[str, Mapping[str, str]]) -> Iterator[Wrong]:
    """Values of wrong types, by operation and field."""
    for operation, fields in types.items():
        for name, kind in fields.items():
            for value in WRONG_TYPES[kind]:
                yield Wrong(operation, name, f"type {type(value).__name__} {value}"[:30], value, UNSAID)


# ── requests that are no good whatever they name ─────────────────────────────────────────────────────────────────────

BROKEN_BODIES: Mapping[str, bytes] = {
    "empty": b"",
    "not-json": b"callerNum=1",
    "cut-off": b'{"userData": "order-1", "calle',
    "array": b"[]",
    "text": b'"callerNum"',
    "number": b"17",
    "null": b"null",
    "not-utf-8": b'{"callerNum": "\xff\xfe\xfa", "calleeNum": "\xc3\x28"}',
    "lone-surrogate": b'{"userData": "\\ud800"}',
    "nan": b'{"duration": NaN}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "huge-number": b'{"duration": 1' + b"0" * 400 + b"}",
    "nul-byte": b'{"callerNum": "\x00"}',
}
"""Bodies that are no good JSON object."""

BROKEN_QUERIES: Mapping[str, str] = {
    "bad-percent": "subscriptionId=%zz&relationNum=%2",
    "not-utf-8": "subscriptionId=%ff%fe",
    "nul-byte": "subscriptionId=%00",
    "no-value": "subscriptionId",
    "no-name": "=x",
    "only-signs": "&&==&",
}
"""Query strings that select nothing."""
