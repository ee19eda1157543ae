"""What can be wrong with an AXE request.

checks/bindings/invalid_requests.py says what the rows mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.bindings import invalid_requests as rows
from privnum.suites.checks.bindings.invalid_requests import A_TONE, CHINESE, SOMEBODY, THE_X, UNSAID, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["RECORDED", "TONES", "WRONGS"]

LONG_NUMBER = rows.long_number(33)
"""One character over."""
TONES = ("callbackTone", "recordHintTone")
RECORDED = {"recordFlag": "true"}
UNITS = ("0", "1")


def _missing() -> Iterator[Wrong]:
    """What is mandatory, and what excludes each other."""
    yield from rows.missing("bind", "bindNum", "AXE-BIND-003")
    yield Wrong("bind", "bindNum", "empty", "", "AXE-BIND-003")
    beside = {"callbackNum": SOMEBODY}
    yield Wrong("bind", "callbackTone", "with callbackNum", A_TONE, "AXE-BIND-107", "1010002", beside=beside)


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    for value in (-1, 721, 2**31):
        yield Wrong("bind", "bindExpiredTime", f"{value} hours", value, "AXE-BIND-108")
        yield Wrong("bind", "bindExpiredTime", f"{value} hours named", value, "AXE-BIND-108", beside={"timeUnit": "0"})
    for value in (-1, 43201, 2**31):
        yield Wrong("bind", "bindExpiredTime", f"{value} minutes", value, "AXE-BIND-109", beside={"timeUnit": "1"})
    for text in ("2", "-1", "00", "hour"):
        yield Wrong("bind", "timeUnit", text, text, "AXE-BIND-110", "1010002")
        yield Wrong("modify", "timeUnit", text, text, "AXE-MODIFY-008", beside={"bindExpiredTime": 5})
    for unit in UNITS:
        for name in ("bindExpiredTime", "callbackExpiredTime"):
            yield Wrong("modify", name, f"-1 unit {unit}", -1, "AXE-MODIFY-008", beside={"timeUnit": unit})
        for operation, rule in (("bind", "AXE-BIND-113"), ("modify", "AXE-MODIFY-105")):
            shorter = {"timeUnit": unit, "bindExpiredTime": 5}
            yield Wrong(operation, "callbackExpiredTime", f"6 of 5 unit {unit}", 6, rule, beside=shorter)
    yield from rows.wrong_area_matches("virtualNum", "AXE-BIND-024")
    yield from rows.out_of_range("bind", "displayNumMode", ("2", "-1", "strict"), "AXE-BIND-112")


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, and numbers that cannot be bound."""
    rule = "AXE-BIND-004"
    yield from rows.service_numbers("bindNum")
    for name in ("bindNum", "virtualNum", "callbackNum"):
        yield Wrong("bind", name, "33 characters", LONG_NUMBER, rule)
    yield from rows.long_areas("virtualNum", rule)
    yield Wrong("bind", "extendNum", "5 digits", "12345", rule)
    yield from rows.long_tones(TONES, RECORDED, rule)
    yield Wrong("bind", "userData", "257 characters", "u" * 257, rule)
    for operation in ("bind", "modify"):
        yield from rows.strange_tones(operation, TONES, RECORDED, "AXE-BIND-015")
    yield from rows.chinese_user_data("AXE-BIND-026")


_SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(("recordHintTone", "callbackTone", "callbackNum", "userData"), "text"),
    **dict.fromkeys(("bindExpiredTime", "callbackExpiredTime"), "integer"),
    "recordFlag": "flag",
}
TYPES: Mapping[str, Mapping[str, str]] = {
    "bind": {"bindNum": "text", "virtualNum": "text", "extendNum": "text", **_SETTINGS},
    "modify": {"subscriptionId": "text", **_SETTINGS},
}


def _assumed_cases() -> Iterator[Wrong]:
    """Wrong types, and what no page prints for the operation."""
    yield from rows.wrong_types(TYPES)
    for operation in TYPES:
        yield Wrong(operation, "recordFlag", "yes", "yes", UNSAID)
    yield Wrong("modify", "userData", "Chinese", CHINESE, UNSAID)
    for value in ("12a4", "1 34", "-123", "١٢٣٤"):
        yield Wrong("bind", "extendNum", f"no digits {value}", value, UNSAID)
    long: Mapping[str, Any] = {"callbackTone": "t" * 129, "callbackNum": LONG_NUMBER, "userData": "u" * 257}
    for name, text in long.items():
        yield Wrong("modify", name, f"{len(text)} characters", text, UNSAID)
    yield Wrong("modify", "displayNumMode", "2", "2", UNSAID)
    beside: Mapping[str, Any]
    for operation in ("modify", "query", "unbind"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, UNSAID)
        beside = {"subscriptionId": None, "extendNum": "1234"}
        yield Wrong(operation, "virtualNum", "33 characters", LONG_NUMBER, UNSAID, beside=beside)
        beside = {"subscriptionId": None, "virtualNum": THE_X}
        yield Wrong(operation, "extendNum", "5 digits", "12345", UNSAID, beside=beside)
        yield Wrong(operation, "extendNum", "letters", "12ab", UNSAID, beside=beside)


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed_cases())
