"""What the fields of messages hold, and how much of it others may see."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from privnum import contracts

__all__ = [
    "IDS",
    "KEYS",
    "NUMBERS",
    "SETTINGS",
    "is_plain_name",
    "is_plain_word",
    "reserved_words",
    "shown_field",
    "without_value",
]

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
_MEASURE: Final = re.compile(r"|[0-9.*#-]{1,8}|(?:[0-9]{2,4},)+[0-9]{2,4}", re.ASCII)
_ANYWHERE: Final = frozenset(("true", "false", "null", "none", "on", "off"))
"""Words that stand for a setting in whatever language, and name nobody."""
_DIGITS: Final = 5
"""Digits from which on something in a field of numbers may be one."""
_BEGIN: Final = 3
_STATUS: Final = 3
_OUTCOMES: Final = frozenset({"refused", "reset", "certificate", "tls", "timeout", "bad_answer", "error"})
"""How attempts to push end in our journal, where no status came."""


def is_plain_name(name: str) -> bool:
    """Whether a field's name is a word of a program, and names nobody."""
    return _NAME.fullmatch(name) is not None


def is_plain_word(name: str, value: str) -> bool:
    """Whether a setting is a code, a measure or a word of the contract."""
    return _MEASURE.fullmatch(value) is not None or value.lower() in _words().get(name, ())


@cache
def _words() -> dict[str, set[str]]:
    """The words that the contract has for each setting, in small letters."""
    found: dict[str, set[str]] = {"event": {str(word).lower() for word in contracts.assumptions()["sms.event"].values}}
    for name in contracts.schema_names():
        _note_words(contracts.schema(name), "", found)
    return found


def _note_words(part: Any, name: str, found: dict[str, set[str]]) -> None:
    """Note the words of a part of a schema, which is about a field."""
    if isinstance(part, list):
        for each in part:
            _note_words(each, name, found)
    elif isinstance(part, dict):
        given = [*part.get("enum", ()), part.get("const")]
        if name in SETTINGS:
            found.setdefault(name, set()).update(word.lower() for word in given if isinstance(word, str))
        for key, value in part.items():
            for field, form in value.items() if key == "properties" and isinstance(value, dict) else ():
                _note_words(form, field, found)
            if key in ("anyOf", "items", "$defs"):
                _note_words(list(value.values()) if key == "$defs" else value, name, found)


@cache
def reserved_words() -> frozenset[str]:
    """Every word that a setting may have; none of them is made up for another."""
    return frozenset(word for words in _words().values() for word in words if word.isalpha()) | _ANYWHERE


def is_plain_code(value: str) -> bool:
    """Whether a status is a number, or one of the words of a journal."""
    return value.isascii() and ((value.isdigit() and len(value) <= _STATUS) or value in _OUTCOMES)


@cache
def _texts() -> tuple[str, ...]:
    """The texts that the contract prints, the longest first."""
    causes = [cause.state_desc for cause in contracts.release_causes().values()]
    texts = [*(code.text for code in contracts.result_codes().values()), *causes]
    return tuple(sorted({text.rstrip(".") for text in texts if text}, key=len, reverse=True))


def beginning(text: str) -> str:
    """With which text of the contract a text begins; empty: with none."""
    return next((known for known in _texts() if text.startswith(known)), "")


def shown_field(name: str, value: Any) -> str:
    """A field with its value, as reports show it.

    Numbers are masked, and what a customer wrote is not shown.
    """
    text = str(value)
    if not is_plain_name(name):
        return "****"
    if name in NUMBERS:
        return f"{name} {_masked_number(text)}"
    known = (
        name in IDS or name in KEYS or (name in SETTINGS and (text.lower() in _ANYWHERE or is_plain_word(name, text)))
    )
    return f"{name} {contracts.mask(text) if known else '****'}"


def _masked_number(text: str) -> str:
    masked = contracts.mask(text)
    if masked == text and sum(char.isdigit() for char in text) >= _DIGITS:
        return f"{text[:_BEGIN]}****"
    return masked


def without_value(problem: contracts.Problem) -> str:
    """What is wrong with a field, without what a customer wrote in it."""
    name = problem.parameter.rpartition(".")[2].partition("[")[0]
    if not problem.got or (name in SETTINGS and is_plain_word(name, problem.got.strip("'\""))):
        return problem.message
    return problem.message.replace(problem.got, "****")
