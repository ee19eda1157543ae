"""Phone numbers: their kinds, their areas, and how they are masked."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["area_of_fixed_line", "home_area", "is_x", "kind", "mask", "normal_area", "province", "with_country"]


@cache
def _matcher() -> Callable[[str], re.Match[str] | None]:
    kinds = contracts.number_kinds().items()
    return re.compile("|".join(f"(?P<{name}>{regex})" for name, regex in kinds)).fullmatch


def kind(number: str) -> str | None:
    """Return "mobile", "fixed_line" or "service", the kind of a number.

    None for what is no number in global format.
    """
    found = _matcher()(number)
    return found.lastgroup if found else None


@lru_cache(maxsize=16_384)
def is_x(number: str) -> bool:
    """Return whether a number has the form of an X.

    X numbers are few and come again and again.
    """
    return kind(number) == "mobile"


def with_country(number: str) -> str | None:
    """Return a mobile in global format that was written without its +86.

    It may have 86 alone; None for anything else.
    """
    return next((full for full in (f"+86{number}", f"+{number}") if kind(full) == "mobile"), None)


def normal_area(code: str) -> str:
    """Return an area code with its leading zero: "755" is "0755".

    BIND-016.
    """
    return code if code.startswith("0") else "0" + code


def province(area_code: str) -> str | None:
    """Return the province of an area code; None for an unknown code."""
    return contracts.area_codes().get(area_code)


def area_of_fixed_line(number: str) -> str | None:
    """Return the area code of +86, area code without 0, local number."""
    codes = contracts.area_codes()
    for end in (5, 6):
        code = "0" + number[3:end]
        if code in codes:
            return code
    return None


def home_area(number: str, home_areas: Mapping[str, str]) -> str | None:
    """Return the area of the longest prefix of `number` in `home_areas`."""
    for end in range(len(number), 0, -1):
        area = home_areas.get(number[:end])
        if area is not None:
            return area
    return None


def mask_with_length(number: str) -> str:
    """Return a number of a wrong form: masked, and with its length."""
    return f"{mask(number)} ({len(number)} character{'s' * (len(number) != 1)})"


def mask(number: str) -> str:
    """Return `number` with its middle hidden, as the documents print it.

    +86138****0021.
    """
    if len(number) >= 11:
        return f"{number[:6]}****{number[-4:]}"
    return f"{number[:2]}****"
