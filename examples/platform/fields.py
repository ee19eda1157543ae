"""Reads the fields of a body. Every function gives None for a field that is absent, null or empty; raises Refused."""

from __future__ import annotations

import re
from typing import Any

from examples.platform.errors import Refused

__all__ = ["a_flag", "a_number", "a_phone", "a_text", "a_tone", "a_voice", "is_fixed_line", "is_mobile"]

Body = dict[str, Any]


def is_mobile(number: str) -> bool:
    """+86 and eleven digits that begin with 1."""
    return re.fullmatch(r"\+861[3-9]\d{9}", number, re.ASCII) is not None


def is_fixed_line(number: str) -> bool:
    """+86, area code without its 0, seven or eight digits."""
    return re.fullmatch(r"\+86(10|2\d|[3-9]\d\d)[1-9]\d{6,7}", number, re.ASCII) is not None and number[3:6] not in (
        "400",
        "800",
    )


def a_text(body: Body, name: str, longest: int, shortest: int = 0) -> str | None:
    """A text of at most so many characters."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise Refused("1010002", name)
    return value


def a_phone(body: Body, name: str, *, needed: bool = False) -> str | None:
    """The number of a user: a mobile or a fixed line."""
    number = a_text(body, name, 31, 4)
    if number is None:
        if needed:
            raise Refused("1010002", f"{name} is missing")
        return None
    if not is_mobile(number) and not is_fixed_line(number):
        raise Refused("1010002", name)
    return number


def a_number(body: Body, name: str, most: int | None) -> int | None:
    """A whole number from 0 up to `most`, as a number or in digits."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or (most is not None and value > most):
        raise Refused("1010002", name)
    return value


def a_flag(body: Body, name: str) -> bool | None:
    """True or false, as text or not."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    raise Refused("1010002", name)


def a_tone(body: Body, name: str) -> str | None:
    """The name of a tone file: digits, letters and - _ . @."""
    tone = a_text(body, name, 128)
    if tone is not None and not re.fullmatch(r"[\w.@-]+", tone, re.ASCII):
        raise Refused("1010002", name)
    return tone


def a_voice(body: Body) -> dict[str, str]:
    """The tones of preVoice that are given."""
    voice = body.get("preVoice")
    if voice is None:
        return {}
    if not isinstance(voice, dict):
        raise Refused("1010002", "preVoice")
    tones = {name: a_tone(voice, name) for name in ("callerHintTone", "calleeHintTone")}
    return {name: tone for name, tone in tones.items() if tone is not None}
