"""The private numbers of an application by area, and which are not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.mockserver.core.applications import XNumber

    #: Where to look at one time: the numbers of one or several areas.
    Tier = list[Sequence[XNumber]]

__all__ = ["NumberPool"]


class _Areas:
    """The numbers of one or several areas; `free` are those not taken.

    Of each area a list, in the order in which the areas came.
    """

    __slots__ = ("every", "free")

    def __init__(self) -> None:
        self.every: Tier = []
        self.free: Tier = []

    def add(self, area: _Area) -> None:
        """Enter one more area."""
        self.every.append(area.every)
        self.free.append(area.free)


class _Tiers:
    """Where to look for a number, best first: at all, or at the free ones."""

    __slots__ = ("every", "free")

    def __init__(self, *places: _Areas) -> None:
        self.every: tuple[Tier, ...] = tuple(areas.every for areas in places)
        self.free: tuple[Tier, ...] = tuple(areas.free for areas in places)


class _Area:
    """The numbers of one area, and where a bind that asks for it looks.

    Every bind by area asks where, so both answers are made once.
    """

    __slots__ = ("every", "free", "loose", "strict")

    def __init__(self, province: _Areas, everywhere: _Areas) -> None:
        self.every: list[XNumber] = []
        self.free: list[XNumber] = []
        alone = _Areas()
        alone.add(self)
        self.strict = _Tiers(alone)
        self.loose = _Tiers(alone, province, everywhere)


_NOWHERE: Final = _Areas()


class NumberPool:
    """Numbers by area.

    To take one, to give it back, or to find an area or a province, is as fast in a pool of any size.
    """

    __slots__ = ("_anywhere", "_areas", "_everywhere", "_provinces")

    def __init__(self, every: Iterable[XNumber]) -> None:
        self._areas: dict[str | None, _Area] = {}
        self._provinces: dict[str, _Areas] = {}
        self._everywhere = _Areas()
        self._anywhere = _Tiers(self._everywhere)
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
        name = None if code is None else numbers.province(code)
        province = _NOWHERE if name is None else self._provinces.setdefault(name, _Areas())
        area = self._areas[code] = _Area(province, self._everywhere)
        self._everywhere.add(area)
        if name is not None:
            province.add(area)
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

    def tiers(self, area_code: str | None, *, loose: bool) -> _Tiers:
        """Return where to look by area; no area means any number.

        Loosely that is the area, then its province, then all (BIND-011, BIND-012, BIND-013).
        """
        if area_code is None:
            return self._anywhere
        area = self._areas.get(area_code)
        if area is not None:
            return area.loose if loose else area.strict
        if not loose:
            return _Tiers(_NOWHERE)
        return _Tiers(_NOWHERE, self._provinces.get(numbers.province(area_code) or "", _NOWHERE), self._everywhere)


def _append(free: list[XNumber], x: XNumber) -> None:
    x.place = len(free)
    free.append(x)
