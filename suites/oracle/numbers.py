"""What kind of number this is and where it is at home.

A few lines of string work, on purpose without the schemas.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from privnum.suites.printed.areas import AREA_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["area_of_fixed_line", "canonical_area", "home_area", "kind_of", "province"]

MOBILE_LENGTH = 11


@cache
def kind_of(number: str) -> str:
    """mobile, fixed_line, service (400, 800, 95) or malformed."""
    bare = number.removeprefix("+86")
    if not (bare.isascii() and bare.isdigit()):
        return "malformed"
    if (bare.startswith(("400", "800")) and len(bare) == 10) or (bare.startswith("95") and 5 <= len(bare) <= 8):
        return "service"
    if bare == number:
        return "malformed"
    if len(bare) == MOBILE_LENGTH and bare[0] == "1":
        return "mobile"
    return "fixed_line" if area_of_fixed_line(number) else "malformed"


@cache
def area_of_fixed_line(number: str) -> str | None:
    """The area code (with its 0) of a fixed-line number.

    None where it is no fixed line.
    """
    bare = number.removeprefix("+86")
    for length in (2, 3):
        area, local = f"0{bare[:length]}", bare[length:]
        if area in AREA_CODES and len(local) in {7, 8}:
            return area
    return None


def canonical_area(area: str) -> str:
    """An area code with its leading 0: "755" is "0755" (AXB-BIND-016)."""
    return area if area.startswith("0") else f"0{area}"


def province(area: str | None) -> str | None:
    """The province of an area code, or None where it is not known."""
    return AREA_CODES.get(area) if area else None


def home_area(number: str, home_areas: Mapping[str, str]) -> str | None:
    """The area of the longest prefix of `number` that is known."""
    for length in range(len(number), 0, -1):
        if number[:length] in home_areas:
            return home_areas[number[:length]]
    return None
