"""Which X of an application to take: by area, strictly or loosely."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.number_pool import Tier

__all__ = ["Misfit", "free_tiers", "pick_x", "tiers"]


class Misfit(Enum):
    """Why an X does not suit two users.

    It carries one of them already, or it is full or out of order.
    """

    CONFLICT = 1
    UNUSABLE = 2


def tiers(app: Application, area_code: str | None, *, loose: bool) -> tuple[Tier, ...]:
    """Return where to look for an X, best first.

    No area means any X (BIND-011, BIND-012, BIND-013).
    """
    return app.pool.tiers(area_code, loose=loose).every


def free_tiers(app: Application, area_code: str | None, *, loose: bool) -> tuple[Tier, ...]:
    """Return the same, of the X that are not taken."""
    return app.pool.tiers(area_code, loose=loose).free


def pick_x(where: Iterable[Tier], identity: Ids, misfit_of: Callable[[XNumber], Misfit | None]) -> XNumber | Misfit:
    """Return a free X of the first tier that has one, else why there is none.

    Free is one that has no misfit, as most have none; to compare with None takes less time than with a member of an
    enumeration.
    The search begins at a random X, so that the pairs spread over the pool and full X are seldom met.
    """
    conflict = False
    for tier in where:
        if not tier:
            continue
        count = len(tier[0]) if len(tier) == 1 else sum(map(len, tier))
        start = identity.below(count) if count > 1 else 0
        for x in _beginning_at(tier, start):
            misfit = misfit_of(x)
            if misfit is None:
                return x
            conflict = conflict or misfit is Misfit.CONFLICT
    return Misfit.CONFLICT if conflict else Misfit.UNUSABLE


def _beginning_at(tier: Tier, start: int) -> Iterator[XNumber]:
    """Return each X of a tier once, from one of them on and around."""
    if len(tier) == 1:  # as it mostly is
        group = tier[0]
        return map(group.__getitem__, range(start - len(group), start))  # from the end on, where it is below 0
    return _across(tier, start)


def _across(tier: Tier, start: int) -> Iterator[XNumber]:
    """Yield the same, of a tier of several areas."""
    for place, group in enumerate(tier):
        if start < len(group):
            for index in range(start, len(group)):
                yield group[index]
            for other in (*tier[place + 1 :], *tier[:place]):
                yield from other
            for index in range(start):
                yield group[index]
            return
        start -= len(group)
