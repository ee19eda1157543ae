"""The private numbers of an application by area, and which are not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.mockserver.core.applications import XNumber

__all__ = ["Areas", "NumberPool"]


class Areas:
    """The numbers of one or several areas; `free` are those not taken.

    Of each area a list, in the order in which the areas came.
    """

    __slots__ = ("every", "free")

    def __init__(self) -> None:
        self.every: list[Sequence[XNumber]] = []
        self.free: list[Sequence[XNumber]] = []

    def add(self, area: _Area) -> None:
        """Enter one more area."""
        self.every.append(area.every)
        self.free.append(area.free)


class _Area:
    """The numbers of one area."""

    __slots__ = ("alone", "every", "free")

    def __init__(self) -> None:
        self.every: list[XNumber] = []
        self.free: list[XNumber] = []
        self.alone = Areas()
        self.alone.add(self)


_NOWHERE: Final = Areas()


class NumberPool:
    """Numbers by area.

    To take one, to give it back, or to find an area or a province, is as fast in a pool of any size.
    """

    __slots__ = ("_areas", "_provinces", "everywhere")

    def __init__(self, every: Iterable[XNumber]) -> None:
        self._areas: dict[str | None, _Area] = {}
        self._provinces: dict[str, Areas] = {}
        #: All of them.
        self.everywhere = Areas()
        for x in every:
            self.add(x)

    def add(self, x: XNumber) -> None:
        """Enter a number in its area."""
        area = self._areas.get(x.area_code)
        if area is None:
            area = self._new_area(x.area_code)
        area.every.append(x)
        if not x.taken:
            _append(area.free, x)

    def _new_area(self, code: str | None) -> _Area:
        area = self._areas[code] = _Area()
        self.everywhere.add(area)
        province = None if code is None else numbers.province(code)
        if province is not None:
            self._provinces.setdefault(province, Areas()).add(area)
        return area

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

    def in_area(self, area_code: str) -> Areas:
        """Return the area of that code; nothing where it has no number.

        BIND-011.
        """
        area = self._areas.get(area_code)
        return _NOWHERE if area is None else area.alone

    def in_province(self, area_code: str) -> Areas:
        """Return the areas of the province of an area code (BIND-013)."""
        return self._provinces.get(numbers.province(area_code) or "", _NOWHERE)


def _append(free: list[XNumber], x: XNumber) -> None:
    x.place = len(free)
    free.append(x)
