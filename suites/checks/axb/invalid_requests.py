"""What can be wrong with a request, as a table: operation, field, value, and the rule that refuses it.

A row is documented only where a source names the field and the kind of wrongness; everything else stands under
COM-ENV-010, which fails nobody.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.runner.context import CheckContext

__all__ = [
    "BROKEN_BODIES",
    "BROKEN_QUERIES",
    "GLOBAL_SERVICE_NUMBERS",
    "LOCAL_SERVICE_NUMBERS",
    "SERVICE_NUMBERS",
    "STRANGE_TONES",
    "WRONGS",
    "Wrong",
    "service_number",
]

ABSENT = object()
LONG_NUMBER = "+86138" + "0" * 26
"""32 characters, one over."""
CHINESE = "订单"
GLOBAL_SERVICE_NUMBERS = ("+864001234567", "+8695555")
LOCAL_SERVICE_NUMBERS = ("4001234567", "95555")
"""In local spelling they are malformed besides, and such a bind may succeed."""
SERVICE_NUMBERS = (*GLOBAL_SERVICE_NUMBERS, *LOCAL_SERVICE_NUMBERS)
"""Each stands for its spelling where only named numbers may be touched."""


STRANGE_TONES = {"a slash": "tones/wait.wav", "a blank": "wait a.wav", "Chinese": "等待.wav"}
"""Names of tone files with a sign that the platform takes in none."""
IN_FORCE = {"maxDuration": 5, "recordFlag": "true"}
"""Beside which every tone is of effect."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong request: `value` for `field` (ABSENT: left out), refused by `requirement`, with `code` if it says so."""

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
        elif "." in self.field:
            outer, inner = self.field.split(".")
            body[outer] = {inner: self.value}
        else:
            body[self.field] = self.value
        return body


def service_number(context: CheckContext, literal: str) -> str:
    """The literal; where only named numbers may be touched, one that target.toml names, in the same spelling.

    Raises NotExercised where it names none.
    """
    if not context.target.only_named_numbers:
        return literal
    bare = context.user("service").removeprefix("+86")
    return f"+86{bare}" if literal.startswith("+86") else bare


def _missing() -> Iterator[Wrong]:
    """Mandatory fields."""
    mandatory = [("bind", "callerNum", "AXB-BIND-003"), ("bind", "calleeNum", "AXB-BIND-101")]
    for operation, name, rule in (*mandatory, ("modify", "subscriptionId", "AXB-MODIFY-001")):
        yield Wrong(operation, name, "missing", ABSENT, rule)
        yield Wrong(operation, name, "null", None, rule)


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    ranges = [
        ("callDirection", (-1, 3, 99), "AXB-BIND-018"),
        ("duration", (-1, 7776001, 2**31), "AXB-BIND-105"),
        ("maxDuration", (-1, 1441, 2**31), "AXB-BIND-020"),
    ]
    for name, values, rule in ranges:
        for value in values:
            yield Wrong("bind", name, str(value), value, rule)
            yield Wrong("modify", name, str(value), value, "AXB-MODIFY-008")
    for flag in ("recordFlag", "privateSms"):
        for text in ("yes", "1", "TRUE!"):
            yield Wrong("bind", flag, text, text, "AXB-BIND-023")
    for text in ("2", "-1", "strict"):
        # beside a relationNum, which wins, it may be of no effect
        beside = {"areaCode": "0755", "relationNum": ABSENT}
        yield Wrong("bind", "areaMatchMode", text, text, "AXB-BIND-024", beside=beside)


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, or hold what they must not."""
    rule = "AXB-BIND-004"
    yield Wrong("bind", "userData", "257 characters", "u" * 257, "AXB-BIND-025")
    for text in (CHINESE, f"order {CHINESE} 42"):
        yield Wrong("bind", "userData", f"Chinese {len(text)}", text, "AXB-BIND-026", "1010002")
    for side in ("callerNum", "calleeNum"):
        for number in LOCAL_SERVICE_NUMBERS:
            yield Wrong("bind", side, f"service {number}", number, "COM-ENV-010")
    for name in ("callerNum", "calleeNum", "relationNum"):
        yield Wrong("bind", name, "32 characters", LONG_NUMBER, rule)
    for how, mode in (("", {}), (" loosely", {"areaMatchMode": "1"})):
        beside = {"relationNum": ABSENT} | mode
        yield Wrong("bind", "areaCode", f"33 characters{how}", "0755" + "0" * 29, rule, beside=beside)
    for tone in ("recordHintTone", "lastMinVoice", "preVoice.callerHintTone", "preVoice.calleeHintTone"):
        yield Wrong("bind", tone, "129 characters", "t" * 125 + ".wav", rule, beside=IN_FORCE)
        for what, name in STRANGE_TONES.items():
            yield Wrong("bind", tone, what, name, "AXB-BIND-015", "1010002", beside=IN_FORCE)
    for what, name in STRANGE_TONES.items():
        for tone in ("lastMinVoice", "preVoice.callerHintTone", "preVoice.calleeHintTone"):
            yield Wrong("modify", tone, what, name, "AXB-BIND-015", "1010002")


WRONG_TYPES: Mapping[str, tuple[Any, ...]] = {
    "text": (["x"], {"x": 1}, 17, True),
    "integer": ([1], {"x": 1}, True, "one", 1.5),
    "flag": (["true"], {"x": 1}, 1, 0.0),
    "object": (["x"], "wait.wav", 1, True),
}
TYPES: Mapping[str, Mapping[str, str]] = {
    "bind": {
        **dict.fromkeys(("callerNum", "calleeNum", "relationNum", "recordHintTone", "userData"), "text"),
        **dict.fromkeys(("preVoice.callerHintTone", "preVoice.calleeHintTone"), "text"),
        **dict.fromkeys(("callDirection", "duration", "maxDuration"), "integer"),
        **dict.fromkeys(("recordFlag", "privateSms"), "flag"),
        "preVoice": "object",
    },
    "modify": {
        **dict.fromkeys(("subscriptionId", "callerNum", "calleeNum", "userData"), "text"),
        **dict.fromkeys(("callDirection", "duration", "maxDuration"), "integer"),
        **dict.fromkeys(("recordFlag", "privateSms"), "flag"),
        "preVoice": "object",
    },
}


def _assumed() -> Iterator[Wrong]:
    """Wrong types, and ranges that only the other operation's page prints."""
    for operation, fields in TYPES.items():
        for name, kind in fields.items():
            for value in WRONG_TYPES[kind]:
                yield Wrong(operation, name, f"type {type(value).__name__} {value}"[:30], value, "COM-ENV-010")
    for flag in ("recordFlag", "privateSms"):
        yield Wrong("bind", flag, "blank before it", " true", "COM-ENV-010")
        yield Wrong("modify", flag, "yes", "yes", "COM-ENV-010")
    yield Wrong("modify", "userData", "257 characters", "u" * 257, "COM-ENV-010")
    yield Wrong("modify", "userData", "Chinese", CHINESE, "COM-ENV-010")
    for side in ("callerNum", "calleeNum"):
        yield Wrong("modify", side, "32 characters", LONG_NUMBER, "COM-ENV-010")
        yield Wrong("modify", side, "service", SERVICE_NUMBERS[0], "COM-ENV-010")
    yield Wrong("modify", "subscriptionId", "65 characters", "s" * 65, "COM-ENV-010")
    for operation in ("query", "unbind"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, "COM-ENV-010")
        beside = {"subscriptionId": None}
        yield Wrong(operation, "relationNum", "32 characters", LONG_NUMBER, "COM-ENV-010", beside=beside)
        yield Wrong(operation, "relationNum", "3 characters", "+86", "COM-ENV-010", beside=beside)


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed())

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
