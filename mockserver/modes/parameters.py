"""Checks of parameters that several modes share.

Users' numbers, X numbers, userData, tones, flags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core import numbers
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.numbers import mask_with_length

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params

__all__ = [
    "can_be_called",
    "check_last_minute",
    "check_tones",
    "check_user",
    "check_user_data",
    "check_users",
    "check_x",
    "flag",
    "same_number",
    "without_empty",
]

_BINDABLE: Final = ("mobile", "fixed_line")
_TONES: Final = ("recordHintTone", "lastMinVoice", "callbackTone", "preVoiceX", "preVoiceY")
_PRE_VOICE: Final = ("callerHintTone", "calleeHintTone")
_FORBIDDEN: Final = frozenset("^{}")


def check_users(assumptions: Assumptions, params: Params, first: str, second: str) -> None:
    """Check the two users' numbers of a pair, as far as they are given.

    Raises:
        Refusal: a number that cannot be bound (BIND-027, numbers.malformed_user), or the same number twice.
    """
    check_user(assumptions, params, first, "AXB-BIND-027")
    check_user(assumptions, params, second, "AXB-BIND-027")
    number = params.get(first)
    if number is not None and number == params.get(second):
        raise same_number(assumptions)


def check_user(
    assumptions: Assumptions, params: Params, name: str, rule: str, service: str = "numbers.service_user"
) -> None:
    """Check a user's number, if it is given.

    `rule` and the assumption `service` are about 400 and 95 numbers.

    Raises:
        Refusal: a number that cannot be bound (numbers.malformed_user, numbers.service_user).
    """
    number = params.get(name)
    if not number:
        return
    kind = numbers.kind(number)
    if kind in _BINDABLE:
        return
    choice = assumptions.text("numbers.malformed_user" if kind is None else service)
    if choice != "accept":
        what = (
            f"{name} {mask_with_length(number)} must be +86 and a mobile, or +86, area code without 0 and a fixed line."
        )
        raise Refusal(choice, what, "COM-OPEN-018" if kind is None else rule)


def can_be_called(number: str) -> bool:
    """Return whether calls are put through to a bound number.

    BIND-027.
    """
    return numbers.kind(number) in _BINDABLE


def same_number(assumptions: Assumptions) -> Refusal:
    """Return the refusal of a pair whose two numbers are one."""
    what = "callerNum and calleeNum must be two numbers."
    return Refusal(assumptions.text("axb.a_equals_b"), what, "AXB-OPEN-002")


def check_user_data(assumptions: Assumptions, params: Params) -> None:
    """Check userData beyond its schema.

    user_data.forbidden, user_data.not_ascii.
    """
    user_data = params.get("userData")
    if not user_data:
        return
    choice = assumptions["user_data.not_ascii"]
    if choice != "accept" and not user_data.isascii():
        raise Refusal(str(choice), "userData must be in ASCII.", "COM-OPEN-034")
    choice = assumptions["user_data.forbidden"]
    if choice != "accept" and not _FORBIDDEN.isdisjoint(user_data):
        raise Refusal(str(choice), "userData must not hold ^ { or }.", "COM-OPEN-022")


def check_x(
    assumptions: Assumptions,
    params: Params,
    name: str,
    assumption: str = "numbers.malformed_x",
    rule: str = "COM-OPEN-020",
) -> None:
    """Check the form of an X number, if it is given.

    numbers.malformed_x, axe.malformed_x.
    """
    number = params.get(name)
    if number is not None and not numbers.is_x(number):
        what = (
            f"{name} {mask_with_length(number)} must be +86 and the 11 digits of an X; in a query string send + as %2B."
        )
        raise Refusal(assumptions.text(assumption), what, rule)


def check_tones(app: Application, params: Params, rule: str) -> None:
    """Check the tone files that a request names (BIND-030)."""
    if app.tones is None:
        return
    named = [(name, params.get(name)) for name in _TONES]
    named += [(f"preVoice.{name}", params.get("preVoice", {}).get(name)) for name in _PRE_VOICE]
    for name, tone in named:
        if tone and tone not in app.tones:
            raise Refusal("403/1010002", f"{name} must name a tone file that was uploaded.", rule)


def flag(value: object) -> bool:
    """Return a flag that came as text or as a JSON boolean (BIND-022)."""
    return value is True or value == "true"


def without_empty(params: Params) -> Params:
    """Return the parameters of an AXB modify without the empty tones.

    binding.modify_empty_tone.
    """
    kept = {name: value for name, value in params.items() if value != "" or name not in _TONES}
    if "preVoice" in kept:
        kept["preVoice"] = {name: tone for name, tone in kept["preVoice"].items() if tone != ""}
    return kept


def check_last_minute(assumptions: Assumptions, params: Params, before: int) -> None:
    """Check a lastMinVoice by the maxDuration that is in force with it.

    `before` is that of the binding.
    """
    if not params.get("lastMinVoice") or int(params.get("maxDuration", before)):
        return
    choice = assumptions.text("binding.last_minute_without_limit")
    if choice != "accept":
        raise Refusal(choice, "lastMinVoice needs a maxDuration other than 0.", "COM-OPEN-078")
