"""What can be wrong with an AXE request, as a table: operation, field, value, and the rule that refuses it.

A row is documented only where a source names the field and the kind of wrongness; everything else stands under
COM-ENV-010, which fails nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.axb.invalid_requests import (
    ABSENT,
    CHINESE,
    LOCAL_SERVICE_NUMBERS,
    STRANGE_TONES,
    WRONG_TYPES,
    Wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["A_TONE", "SOMEBODY", "THE_X", "WRONGS"]

SOMEBODY, THE_X, A_TONE = "somebody's number", "the X of the binding", "an uploaded tone"
"""Places that the check fills with a number, or a tone, of the target."""

LONG_NUMBER = "+86138" + "0" * 27
"""33 characters, one over."""


def _missing() -> Iterator[Wrong]:
    """What is mandatory, and what excludes each other."""
    yield Wrong("bind", "bindNum", "missing", ABSENT, "AXE-BIND-003")
    yield Wrong("bind", "bindNum", "null", None, "AXE-BIND-003")
    yield Wrong("bind", "bindNum", "empty", "", "AXE-BIND-003")
    beside = {"callbackNum": SOMEBODY}
    yield Wrong("bind", "callbackTone", "with callbackNum", A_TONE, "AXE-BIND-107", "1010002", beside=beside)


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    for value in (-1, 721, 2**31):
        yield Wrong("bind", "bindExpiredTime", f"{value} hours", value, "AXE-BIND-108")
        beside = {"timeUnit": "0"}
        yield Wrong("bind", "bindExpiredTime", f"{value} hours named", value, "AXE-BIND-108", beside=beside)
    for value in (-1, 43201, 2**31):
        beside = {"timeUnit": "1"}
        yield Wrong("bind", "bindExpiredTime", f"{value} minutes", value, "AXE-BIND-109", beside=beside)
    for text in ("2", "-1", "00", "hour"):
        yield Wrong("bind", "timeUnit", text, text, "AXE-BIND-110", "1010002")
        yield Wrong("modify", "timeUnit", text, text, "AXE-MODIFY-008", beside={"bindExpiredTime": 5})
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        for unit in ("0", "1"):
            beside = {"timeUnit": unit}
            yield Wrong("modify", name, f"-1 unit {unit}", -1, "AXE-MODIFY-008", beside=beside)
    for operation, rule in (("bind", "AXE-BIND-113"), ("modify", "AXE-MODIFY-105")):
        for unit in ("0", "1"):
            shorter = {"timeUnit": unit, "bindExpiredTime": 5}
            yield Wrong(operation, "callbackExpiredTime", f"6 of 5 unit {unit}", 6, rule, beside=shorter)
    for text in ("2", "-1", "strict"):
        by_area = {"areaCode": "0755", "virtualNum": None}
        yield Wrong("bind", "areaMatchMode", text, text, "AXE-BIND-024", beside=by_area)
        yield Wrong("bind", "displayNumMode", text, text, "AXE-BIND-112")


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, and numbers that cannot be bound."""
    rule = "AXE-BIND-004"
    for number in LOCAL_SERVICE_NUMBERS:
        yield Wrong("bind", "bindNum", f"service {number}", number, "COM-ENV-010")
    for name in ("bindNum", "virtualNum", "callbackNum"):
        yield Wrong("bind", name, "33 characters", LONG_NUMBER, rule)
    yield Wrong("bind", "areaCode", "33 characters", "0755" + "0" * 29, rule, beside={"virtualNum": None})
    yield Wrong("bind", "extendNum", "5 digits", "12345", rule)
    yield Wrong("bind", "callbackTone", "129 characters", "t" * 125 + ".wav", rule)
    beside = {"recordFlag": "true"}
    yield Wrong("bind", "recordHintTone", "129 characters", "t" * 125 + ".wav", rule, beside=beside)
    yield Wrong("bind", "userData", "257 characters", "u" * 257, rule)
    for what, name in STRANGE_TONES.items():
        for operation in ("bind", "modify"):
            yield Wrong(operation, "callbackTone", what, name, "AXE-BIND-015", "1010002")
            yield Wrong(operation, "recordHintTone", what, name, "AXE-BIND-015", "1010002", beside=beside)
    for text in (CHINESE, f"order {CHINESE} 42"):
        yield Wrong("bind", "userData", f"Chinese {len(text)}", text, "AXE-BIND-026", "1010002")


_SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(("recordHintTone", "callbackTone", "callbackNum", "userData"), "text"),
    **dict.fromkeys(("bindExpiredTime", "callbackExpiredTime"), "integer"),
    "recordFlag": "flag",
}
TYPES: Mapping[str, Mapping[str, str]] = {
    "bind": {"bindNum": "text", "virtualNum": "text", "extendNum": "text", **_SETTINGS},
    "modify": {"subscriptionId": "text", **_SETTINGS},
}


def _assumed() -> Iterator[Wrong]:
    """Wrong types, and what no page prints for the operation."""
    rule = "COM-ENV-010"
    for operation, fields in TYPES.items():
        for name, kind in fields.items():
            for value in WRONG_TYPES[kind]:
                yield Wrong(operation, name, f"type {type(value).__name__} {value}"[:30], value, rule)
        yield Wrong(operation, "recordFlag", "yes", "yes", rule)
    yield Wrong("modify", "userData", "Chinese", CHINESE, rule)
    for value in ("12a4", "1 34", "-123", "١٢٣٤"):
        yield Wrong("bind", "extendNum", f"no digits {value}", value, rule)
    long: Mapping[str, Any] = {"callbackTone": "t" * 129, "callbackNum": LONG_NUMBER, "userData": "u" * 257}
    for name, text in long.items():
        yield Wrong("modify", name, f"{len(text)} characters", text, rule)
    yield Wrong("modify", "displayNumMode", "2", "2", rule)
    beside: Mapping[str, Any]
    for operation in ("modify", "query", "unbind"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, rule)
        beside = {"subscriptionId": None, "extendNum": "1234"}
        yield Wrong(operation, "virtualNum", "33 characters", LONG_NUMBER, rule, beside=beside)
        beside = {"subscriptionId": None, "virtualNum": THE_X}
        yield Wrong(operation, "extendNum", "5 digits", "12345", rule, beside=beside)
        yield Wrong(operation, "extendNum", "letters", "12ab", rule, beside=beside)


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed())
