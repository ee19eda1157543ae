"""Areas of an application's X numbers.

Those that have one, and those that have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.target.config import App

__all__ = ["empty_area", "own_areas", "xs_in"]


def xs_in(app: App, areas: Iterable[str]) -> set[str]:
    """X numbers of the application in these areas."""
    wanted = set(areas)
    return {x.number for x in app.numbers if x.area_code in wanted}


def own_areas(app: App) -> list[str]:
    """Areas in which the application has an X."""
    return sorted({x.area_code for x in app.numbers if x.area_code})


def empty_area(app: App, *, same_province: bool) -> str:
    """An area without an X of the application, by its province.

    It has one in that province, or none.
    """
    provinces = {AREA_CODES.get(area) for area in own_areas(app)}
    for area, province in AREA_CODES.items():
        if (province in provinces) == same_province and area not in own_areas(app):
            return area
    raise NotExercised("the application has an X in every area")
