"""What can be wrong with an AX request.

checks/bindings/invalid_requests.py says what the rows mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.bindings import invalid_requests as rows
from privnum.suites.checks.bindings.invalid_requests import ABSENT, CHINESE, SERVICE_NUMBERS, SOMEBODY, UNSAID, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["IN_FORCE", "TONES", "WRONGS"]

LONG_NUMBER, LONG_CALLEE = rows.long_number(33), rows.long_number(32)
"""One character over: in a request of any kind, and in one for a temporary callee."""
IN_FORCE = {"maxDuration": 5, "recordFlag": "true"}
"""Beside which every tone is of effect."""
AT_MODIFY = ("lastMinVoice",)
TONES = ("recordHintTone", *AT_MODIFY, "preVoice.callerHintTone", "preVoice.calleeHintTone")
BY_X: Mapping[str, Any] = {"subscriptionId": ABSENT}
"""Beside which X counts."""
CALLED: Mapping[str, Any] = {"calleeNum": SOMEBODY}
"""What a request for a temporary callee has besides a selector."""
SECONDS = (0, -1, 259201, 2**31)
"""Lifetimes that no temporary callee has."""


def _missing() -> Iterator[Wrong]:
    """Mandatory fields, and selectors of which one must be there."""
    yield from rows.missing("bind", "origNum", "AX-BIND-003")
    for what, value in (("missing", ABSENT), ("null", None), ("empty", "")):
        yield Wrong("bind", "privateNum", f"{what} without areaCode", value, "AX-BIND-102")
        yield Wrong("set_callee", "subscriptionId", what, value, "AX-CALLEE-102", beside=CALLED)
    yield from rows.missing("set_callee", "calleeNum", "AX-CALLEE-105")


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    ranges = [
        ("callDirection", (-1, 3, 99), "AX-BIND-018"),
        ("maxDuration", (-1, 1441, 2**31), "AX-BIND-020"),
        ("turnFlag", ("ON", "true", "0"), "AX-BIND-106"),
    ]
    for name, values, rule in ranges:
        yield from rows.out_of_range("bind", name, values, rule)
        yield from rows.out_of_range("modify", name, values, "AX-MODIFY-008")
    for flag in ("recordFlag", "privateSms"):
        yield from rows.out_of_range("bind", flag, ("yes", "1", "TRUE!"), "AX-BIND-023")
    yield from rows.out_of_range("bind", "privateNumType", ("mobile", "fixed-virtual", "MOBILE-VIRTUAL"), "AX-BIND-105")
    yield from rows.out_of_range("bind", "calleeNumDisplay", ("2", "-1", "x"), "AX-BIND-107")
    yield from rows.wrong_area_matches("privateNum", "AX-BIND-024")
    for seconds in SECONDS:
        yield Wrong("set_callee", "duration", str(seconds), seconds, "AX-CALLEE-108", beside=CALLED)


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, or hold what they must not."""
    rule = "AX-BIND-004"
    for operation, beside in (("bind", {}), ("modify", {}), ("set_callee", CALLED)):
        yield Wrong(operation, "userData", "257 characters", "u" * 257, "AX-BIND-025", beside=beside)
    yield from rows.chinese_user_data("AX-BIND-026")
    for operation, beside in (("modify", {}), ("set_callee", CALLED)):
        yield Wrong(operation, "userData", "Chinese", CHINESE, "AX-BIND-026", "1010002", beside=beside)
    yield from rows.service_numbers("origNum")
    for name in ("origNum", "privateNum"):
        yield Wrong("bind", name, "33 characters", LONG_NUMBER, rule)
    yield Wrong("modify", "origNum", "33 characters", LONG_NUMBER, rule)
    for operation in ("modify", "query", "unbind"):
        yield Wrong(operation, "privateNum", "33 characters", LONG_NUMBER, rule, beside=BY_X)
    yield Wrong("query", "origNum", "33 characters", LONG_NUMBER, rule, beside=BY_X)
    yield from rows.long_areas("privateNum", rule)
    yield from rows.long_tones(TONES, IN_FORCE, rule)
    yield from rows.strange_tones("bind", TONES, IN_FORCE, "AX-BIND-015")
    yield from rows.strange_tones("modify", AT_MODIFY, {}, "AX-BIND-015")
    yield Wrong("set_callee", "calleeNum", "32 characters", LONG_CALLEE, "AX-CALLEE-113")
    yield Wrong("set_callee", "privateNum", "32 characters", LONG_CALLEE, "AX-CALLEE-113", beside={**BY_X, **CALLED})
    yield Wrong("set_callee", "subscriptionId", "65 characters", "s" * 65, "AX-CALLEE-113", beside=CALLED)


TYPES: Mapping[str, Mapping[str, str]] = {
    "bind": {
        **dict.fromkeys(("origNum", "privateNum", "privateNumType", "recordHintTone", "userData"), "text"),
        **dict.fromkeys(("preVoice.callerHintTone", "preVoice.calleeHintTone", "turnFlag"), "text"),
        **dict.fromkeys(("callDirection", "maxDuration"), "integer"),
        **dict.fromkeys(("recordFlag", "privateSms"), "flag"),
        "preVoice": "object",
    },
    "modify": {
        **dict.fromkeys(("subscriptionId", "origNum", "userData", "turnFlag"), "text"),
        **dict.fromkeys(("callDirection", "maxDuration"), "integer"),
        **dict.fromkeys(("recordFlag", "privateSms"), "flag"),
    },
    "set_callee": {"calleeNum": "text"},
}


def _assumed_cases() -> Iterator[Wrong]:
    """Wrong types, and ranges that only another operation's page prints."""
    yield from rows.wrong_types(TYPES)
    for value in ([1], {"x": 1}, True, "one", 1.5):
        yield Wrong("set_callee", "duration", f"type {value}", value, UNSAID, beside=CALLED)
    for flag in ("recordFlag", "privateSms"):
        yield Wrong("bind", flag, "blank before it", " true", UNSAID)
        yield Wrong("modify", flag, "yes", "yes", UNSAID)
    yield Wrong("modify", "origNum", "service", SERVICE_NUMBERS[2], UNSAID)
    yield Wrong("set_callee", "calleeNum", "no number", "somebody", UNSAID)
    for operation in ("modify", "query", "unbind"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, UNSAID)
        yield Wrong(operation, "privateNum", "3 characters", "+86", UNSAID, beside=BY_X)


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed_cases())
