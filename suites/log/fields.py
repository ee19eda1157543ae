"""What the fields of messages hold, and how much of it others may see."""

from __future__ import annotations

import re
from typing import Any, Final

from privnum import contracts

__all__ = ["IDS", "KEYS", "NUMBERS", "SETTINGS", "is_plain_name", "is_plain_word", "shown_field", "without_value"]

SETTINGS: Final = frozenset(
    (
        "resultcode",
        "eventType",
        "event",
        "notificationMode",
        "notifyMode",
        "areaCode",
        "areaMatchMode",
        "callDirection",
        "duration",
        "maxDuration",
        "recordFlag",
        "privateSms",
        "privateNumType",
        "calleeNumDisplay",
        "displayNumMode",
        "turnFlag",
        "timeUnit",
        "bindExpiredTime",
        "callbackExpiredTime",
        "ybDuration",
        "pageIndex",
        "pageSize",
        "totalCount",
        "limit",
        "signal",
        "operation",
        "status",
        "cause",
        "serviceType",
        "extendNum",
        "extendNumber",
        "digitInfo",
        "stateCode",
        "stateDesc",
        "direction",
        "sendResult",
        "splitNum",
        "callRelDirection",
    )
)
"""Fields of codes, words and measures."""
IDS: Final = frozenset(("subscriptionId", "sessionId", "sessionid", "bindId", "icid", "smsIdentifier", "mptyId"))
KEYS: Final = frozenset(("appKey", "app_key", "spId"))
NUMBERS: Final = frozenset(
    (
        "origNum",
        "privateNum",
        "calleeNum",
        "callerNum",
        "relationNum",
        "relationNumber",
        "bindNum",
        "virtualNum",
        "callbackNum",
        "caller",
        "called",
        "calling",
        "virtualNumber",
        "fwdDisplayNum",
        "fwdDstNum",
        "displayCalleeNum",
        "numX",
        "numY",
        "numA",
        "numB",
        "yNum",
        "bNum",
        "number",
    )
)
"""Fields of phone numbers."""
_NAME: Final = re.compile(r"(?!.*[0-9]{5})[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z_-]{0,20}|[0-9.*#-]{1,8}|(?:[0-9]{2,4},)+[0-9]{2,4}", re.ASCII)
_DIGITS: Final = 5
"""Digits from which on something in a field of numbers may be one."""
_BEGIN: Final = 3


def is_plain_name(name: str) -> bool:
    """Whether a field's name is a word of a program, and names nobody."""
    return _NAME.fullmatch(name) is not None


def is_plain_word(value: str) -> bool:
    """Whether the value of a setting is a word, a code or a measure."""
    return _WORD.fullmatch(value) is not None


def shown_field(name: str, value: Any) -> str:
    """A field with its value, as reports show it.

    Numbers are masked, and what a customer wrote is not shown.
    """
    text = str(value)
    if not is_plain_name(name):
        return "****"
    if name in NUMBERS:
        return f"{name} {_masked_number(text)}"
    known = name in IDS or name in KEYS or (name in SETTINGS and is_plain_word(text))
    return f"{name} {contracts.mask(text) if known else '****'}"


def _masked_number(text: str) -> str:
    masked = contracts.mask(text)
    if masked == text and sum(char.isdigit() for char in text) >= _DIGITS:
        return f"{text[:_BEGIN]}****"
    return masked


def without_value(problem: contracts.Problem) -> str:
    """What is wrong with a field, without what a customer wrote in it."""
    name = problem.parameter.rpartition(".")[2].partition("[")[0]
    if not problem.got or name in SETTINGS:
        return problem.message
    return problem.message.replace(problem.got, "****")
