"""What can be wrong with an AXB request.

checks/bindings/invalid_requests.py says what the rows mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.bindings import invalid_requests as rows
from privnum.suites.checks.bindings.invalid_requests import CHINESE, SERVICE_NUMBERS, UNSAID, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["IN_FORCE", "TONES", "WRONGS"]

LONG_NUMBER = rows.long_number(32)
"""One character over."""
IN_FORCE = {"maxDuration": 5, "recordFlag": "true"}
"""Beside which every tone is of effect."""
AT_MODIFY = ("lastMinVoice", "preVoice.callerHintTone", "preVoice.calleeHintTone")
TONES = ("recordHintTone", *AT_MODIFY)


def _missing() -> Iterator[Wrong]:
    """Mandatory fields."""
    yield from rows.missing("bind", "callerNum", "AXB-BIND-003")
    yield from rows.missing("bind", "calleeNum", "AXB-BIND-101")
    yield from rows.missing("modify", "subscriptionId", "AXB-MODIFY-001")


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    ranges = [
        ("callDirection", (-1, 3, 99), "AXB-BIND-018"),
        ("duration", (-1, 7776001, 2**31), "AXB-BIND-105"),
        ("maxDuration", (-1, 1441, 2**31), "AXB-BIND-020"),
    ]
    for name, values, rule in ranges:
        yield from rows.out_of_range("bind", name, values, rule)
        yield from rows.out_of_range("modify", name, values, "AXB-MODIFY-008")
    for flag in ("recordFlag", "privateSms"):
        yield from rows.out_of_range("bind", flag, ("yes", "1", "TRUE!"), "AXB-BIND-023")
    yield from rows.wrong_area_matches("relationNum", "AXB-BIND-024")


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, or hold what they must not."""
    rule = "AXB-BIND-004"
    yield Wrong("bind", "userData", "257 characters", "u" * 257, "AXB-BIND-025")
    yield from rows.chinese_user_data("AXB-BIND-026")
    for side in ("callerNum", "calleeNum"):
        yield from rows.service_numbers(side)
    for name in ("callerNum", "calleeNum", "relationNum"):
        yield Wrong("bind", name, "32 characters", LONG_NUMBER, rule)
    yield from rows.long_areas("relationNum", rule)
    yield from rows.long_tones(TONES, IN_FORCE, rule)
    yield from rows.strange_tones("bind", TONES, IN_FORCE, "AXB-BIND-015")
    yield from rows.strange_tones("modify", AT_MODIFY, {}, "AXB-BIND-015")


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


def _assumed_cases() -> Iterator[Wrong]:
    """Wrong types, and ranges that only the other operation's page prints."""
    yield from rows.wrong_types(TYPES)
    for flag in ("recordFlag", "privateSms"):
        yield Wrong("bind", flag, "blank before it", " true", UNSAID)
        yield Wrong("modify", flag, "yes", "yes", UNSAID)
    yield Wrong("modify", "userData", "257 characters", "u" * 257, UNSAID)
    yield Wrong("modify", "userData", "Chinese", CHINESE, UNSAID)
    for side in ("callerNum", "calleeNum"):
        yield Wrong("modify", side, "32 characters", LONG_NUMBER, UNSAID)
        yield Wrong("modify", side, "service", SERVICE_NUMBERS[0], UNSAID)
    yield Wrong("modify", "subscriptionId", "65 characters", "s" * 65, UNSAID)
    for operation in ("query", "unbind"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, UNSAID)
        beside = {"subscriptionId": None}
        yield Wrong(operation, "relationNum", "32 characters", LONG_NUMBER, UNSAID, beside=beside)
        yield Wrong(operation, "relationNum", "3 characters", "+86", UNSAID, beside=beside)


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed_cases())
