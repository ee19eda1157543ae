"""The private numbers of an application by area, and which are not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.mockserver.core.applications import XNumber

__all__ = ["Area", "NumberPool"]


class Area:
    """The numbers of one area; `free` are those that are not taken."""

    __slots__ = ("every", "free")

    def __init__(self) -> None:
        self.every: list[XNumber] = []
        self.free: list[XNumber] = []


class NumberPool:
    """Numbers by area.

    To take one, or to give it back, is as fast in a pool of any size.
    """

    __slots__ = ("_areas", "everywhere")

    def __init__(self, every: Iterable[XNumber]) -> None:
        self._areas: dict[str | None, Area] = {}
        #: The same, in the order in which they came.
        self.everywhere: list[Area] = []
        for x in every:
            self.add(x)

    def add(self, x: XNumber) -> None:
        """Enter a number in its area."""
        area = self._areas.get(x.area_code)
        if area is None:
            area = self._areas[x.area_code] = Area()
            self.everywhere.append(area)
        area.every.append(x)
        if not x.taken:
            _append(area.free, x)

    def take(self, x: XNumber) -> None:
        """Strike a number from those that are free."""
        free = self._areas[x.area_code].free
        last = free.pop()
        if last is not x:
            free[x.place] = last
            last.place = x.place

    def give_back(self, x: XNumber) -> None:
        """Enter a number among those that are free."""
        _append(self._areas[x.area_code].free, x)

    def in_area(self, area_code: str) -> list[Area]:
        """Return the area of that code, if there are numbers (BIND-011)."""
        area = self._areas.get(area_code)
        return [] if area is None else [area]

    def in_province(self, area_code: str) -> list[Area]:
        """Return the areas of the province of an area code (BIND-013)."""
        wanted = numbers.province(area_code)
        if wanted is None:
            return []
        return [area for code, area in self._areas.items() if code is not None and numbers.province(code) == wanted]


def _append(free: list[XNumber], x: XNumber) -> None:
    x.place = len(free)
    free.append(x)
