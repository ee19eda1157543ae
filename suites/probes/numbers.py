"""Numbers and texts that are not as they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.check import probe
from privnum.suites.probes.seen import code_or, one

if TYPE_CHECKING:
    from privnum.suites.bench import Bench

__all__: list[str] = []


@probe("numbers.malformed_user")
def malformed_user(bench: Bench) -> str:
    """No mobile, no fixed line, no service number: as A and as B."""
    seen = []
    for number in ("+8612345678901", "13800001111", "+8613a00001111"):
        seen.append(bench.bind(number, bench.user(), bench.x()))
        seen.append(bench.bind(bench.user(), number[:-1] + "2", bench.x()))
    return one(code_or(answer, "accept") for answer in seen)


@probe("numbers.service_user")
def service_user(bench: Bench) -> str:
    """400 and 95 numbers as A and as B."""
    pairs = [("+864001234567", None), (None, "+864001234568"), ("95555", None)]
    answers = [bench.bind(a or bench.user(), b or bench.user(), bench.x()) for a, b in pairs]
    return one(code_or(answer, "accept") for answer in answers)


@probe("numbers.malformed_x")
def malformed_x(bench: Bench) -> str:
    """An X that is no mobile number."""
    return one(code_or(bench.bind(bench.user(), bench.user(), x), "accept") for x in ("12345678", "+8675526660001"))


@probe("numbers.unknown_x")
def unknown_x(bench: Bench) -> str:
    """An X in mobile format that no application owns."""
    return code_or(bench.bind(bench.user(), bench.user(), "+8619900000099"), "accept")


@probe("user_data.forbidden")
def forbidden_user_data(bench: Bench) -> str:
    """UserData with each of the forbidden signs."""
    answers = [bench.bind(bench.user(), bench.user(), bench.x(), userData=f"order{sign}42") for sign in "^{}"]
    return one(code_or(answer, "accept") for answer in answers)
