"""What can be wrong with an AXYB request.

checks/bindings/invalid_requests.py says what the rows mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.bindings import invalid_requests as rows
from privnum.suites.checks.bindings.invalid_requests import ABSENT, SERVICE_NUMBERS, THE_ID, UNSAID, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["OF_B", "RECORDED", "TONES", "WRONGS"]

LONG_NUMBER = rows.long_number(33)
"""One character over."""
RECORDED = {"recordFlag": "true"}
"""Beside which every tone is of effect."""
TONES = ("recordHintTone", "preVoiceX", "preVoiceY")
OF_B: Mapping[str, object] = {"subscriptionId": THE_ID, "areaCode": ABSENT, "areaMatchMode": ABSENT}
"""What makes the bind of an A that of a B."""
OUT_OF_RANGE = (-1, 1, 59, 7776001, 2**31)
"""Seconds that no lifetime has."""


def _missing() -> Iterator[Wrong]:
    """Mandatory fields."""
    yield from rows.missing("bind", "origNum", "AXYB-BIND-003")


def _out_of_range() -> Iterator[Wrong]:
    """Values just outside of what is published, and enumerations."""
    yield from rows.out_of_range("bind", "callDirection", (-1, 3, 99), "AXYB-BIND-018")
    yield from rows.out_of_range("bind", "duration", OUT_OF_RANGE, "AXYB-BIND-107")
    yield from rows.out_of_range("bind", "ybDuration", OUT_OF_RANGE, "AXYB-BIND-108")
    for seconds in OUT_OF_RANGE:
        yield Wrong("bind", "ybDuration", f"{seconds} of B", seconds, "AXYB-BIND-108", beside=OF_B)
    yield from rows.out_of_range("bind", "recordFlag", ("yes", "1", "TRUE!"), "AXYB-BIND-023")
    yield from rows.out_of_range("bind", "areaMatchMode", ("2", "-1", "strict"), "AXYB-BIND-024")


def _texts() -> Iterator[Wrong]:
    """Texts that are too long, or hold what they must not."""
    rule = "AXYB-BIND-004"
    yield Wrong("bind", "userData", "257 characters", "u" * 257, "AXYB-BIND-025")
    yield from rows.chinese_user_data("AXYB-BIND-026")
    yield from rows.service_numbers("origNum")
    yield Wrong("bind", "origNum", "33 characters", LONG_NUMBER, rule)
    yield Wrong("bind", "origNum", "33 characters of B", LONG_NUMBER, rule, beside=OF_B)
    yield Wrong("bind", "subscriptionId", "65 characters", "s" * 65, rule, beside=OF_B)
    for how, match in (("", ABSENT), (" loosely", "1")):
        yield Wrong("bind", "areaCode", f"33 characters{how}", "0755" + "0" * 29, rule, beside={"areaMatchMode": match})
    for tone in TONES:
        beside = OF_B if tone == "preVoiceY" else RECORDED
        yield from rows.long_tones((tone,), beside, rule)
        yield from rows.strange_tones("bind", (tone,), beside, "AXYB-BIND-015")
    for name in ("yNum", "bNum"):
        yield Wrong("unbind", name, "33 characters", LONG_NUMBER, rule)
    yield Wrong("query", "relationNum", "33 characters", LONG_NUMBER, rule, beside={"subscriptionId": ABSENT})
    for operation in ("unbind", "query"):
        yield Wrong(operation, "subscriptionId", "65 characters", "s" * 65, rule)


TYPES: Mapping[str, Mapping[str, str]] = {
    "bind": {
        **dict.fromkeys(("origNum", "areaCode", "recordHintTone", "preVoiceX", "userData"), "text"),
        **dict.fromkeys(("callDirection", "duration", "ybDuration"), "integer"),
        "recordFlag": "flag",
    },
}


def _assumed_cases() -> Iterator[Wrong]:
    """Wrong types, and what no page says."""
    yield from rows.wrong_types(TYPES)
    yield Wrong("bind", "recordFlag", "blank before it", " true", UNSAID)
    yield Wrong("bind", "origNum", "service of B", SERVICE_NUMBERS[2], UNSAID, beside=OF_B)
    yield Wrong("bind", "subscriptionId", "a list", ["x"], UNSAID, beside=OF_B)
    yield Wrong("query", "relationNum", "3 characters", "+86", UNSAID, beside={"subscriptionId": ABSENT})


WRONGS = (*_missing(), *_out_of_range(), *_texts(), *_assumed_cases())
