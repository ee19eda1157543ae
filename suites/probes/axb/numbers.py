"""Numbers and texts that are not as they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import plain
from privnum.suites.probes.fixtures import code_or, one, without_axb
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench

__all__: list[str] = []


@probe("numbers.malformed_user")
def malformed_user(bench: Bench) -> str:
    """No mobile, no fixed line, no service number: as each of the users."""
    seen, api = [], plain(bench)
    for number in ("+86138000011", "13800001111", "+8613a00001111"):
        seen += [api.bind(**{user: f"{number[:-1]}{end}"}) for end, user in enumerate(api.users, start=1)]
    return one(code_or(answer, "accept") for answer in seen)


@probe("numbers.service_user")
def service_user(bench: Bench) -> str:
    """400 and 95 numbers as each of the users."""
    api = plain(bench)
    seen = []
    for number in ("+864001234567", "95555"):
        seen += [api.bind(**{user: f"{number[:-1]}{end}"}) for end, user in enumerate(api.users, start=5)]
    return one(code_or(answer, "accept") for answer in seen)


def _is_about_axb(bench: Bench) -> None:
    """Raise CannotSettle where AXB is not judged: AXE has readings of its own."""
    if without_axb(bench):
        raise CannotSettle("it is about relationNum of AXB, which is not judged")


@probe("numbers.malformed_x")
def malformed_x(bench: Bench) -> str:
    """An X that is no mobile number."""
    _is_about_axb(bench)
    return one(code_or(bench.bind(bench.user(), bench.user(), x), "accept") for x in ("12345678", "+8675526660001"))


@probe("numbers.unknown_x")
def unknown_x(bench: Bench) -> str:
    """An X in mobile format that no application owns."""
    _is_about_axb(bench)
    return code_or(bench.bind(bench.user(), bench.user(), "+8619900000099"), "accept")


@probe("user_data.not_ascii")
def not_ascii_user_data(bench: Bench) -> str:
    """UserData with a Latin letter, a currency sign and a Japanese letter."""
    answers = [plain(bench).bind(userData=f"order {sign} 42") for sign in "é€あ"]
    return one(code_or(answer, "accept") for answer in answers)


@probe("user_data.forbidden")
def forbidden_user_data(bench: Bench) -> str:
    """UserData with each of the forbidden signs."""
    answers = [plain(bench).bind(userData=f"order{sign}42") for sign in "^{}"]
    return one(code_or(answer, "accept") for answer in answers)
