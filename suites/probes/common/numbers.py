"""Numbers and texts that are not as they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []


@probe("numbers.malformed_user")
def malformed_user(context: CheckContext) -> str:
    """No mobile, no fixed line, no service number: as each of the users."""
    seen, api = [], any_mode(context)
    for number in ("+86138000011", "13800001111", "+8613a00001111"):
        seen += [api.bind(**{user: f"{number[:-1]}{end}"}) for end, user in enumerate(api.users, start=1)]
    return one(code_or(answer, "accept") for answer in seen)


@probe("numbers.service_user")
def service_user(context: CheckContext) -> str:
    """400 and 95 numbers as each of the users."""
    api = any_mode(context)
    seen = []
    for number in ("+864001234567", "95555"):
        seen += [api.bind(**{user: f"{number[:-1]}{end}"}) for end, user in enumerate(api.users, start=5)]
    return one(code_or(answer, "accept") for answer in seen)


def _is_about_axb(context: CheckContext) -> None:
    """Raise CannotSettle where AXB is not checked.

    AXE has choices of its own.
    """
    if any_mode(context).mode != "AXB":
        raise CannotSettle("it is about relationNum of AXB, which is not checked")


@probe("numbers.malformed_x")
def malformed_x(context: CheckContext) -> str:
    """An X that is no mobile number."""
    _is_about_axb(context)
    return one(
        code_or(context.axb.bind(context.user(), context.user(), x), "accept") for x in ("12345678", "+8675526660001")
    )


@probe("numbers.unknown_x")
def unknown_x(context: CheckContext) -> str:
    """An X in mobile format that no application owns."""
    _is_about_axb(context)
    return code_or(context.axb.bind(context.user(), context.user(), "+8619900000099"), "accept")


@probe("user_data.not_ascii")
def not_ascii_user_data(context: CheckContext) -> str:
    """UserData with a Latin letter, a currency sign and a Japanese letter."""
    answers = [any_mode(context).bind(userData=f"order {sign} 42") for sign in "é€あ"]
    return one(code_or(answer, "accept") for answer in answers)


@probe("user_data.forbidden")
def forbidden_user_data(context: CheckContext) -> str:
    """UserData with each of the forbidden signs."""
    answers = [any_mode(context).bind(userData=f"order{sign}42") for sign in "^{}"]
    return one(code_or(answer, "accept") for answer in answers)
