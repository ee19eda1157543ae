"""Which X of an application to take: by area, strictly or loosely."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.number_pool import Tier

__all__ = ["Fit", "free_tiers", "pick_x", "tiers"]


class Fit(Enum):
    """How an X suits two users.

    It can carry them, it carries one of them already, or it is full or out of order.
    """

    FREE = 0
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


def pick_x(where: Iterable[Tier], identity: Ids, fit: Callable[[XNumber], Fit]) -> XNumber | Fit:
    """Return a free X of the first tier that has one, else why there is none.

    The search begins at a random X, so that the pairs spread over the pool and full X are seldom met.
    """
    worst = Fit.UNUSABLE
    for tier in where:
        if not tier:
            continue
        count = len(tier[0]) if len(tier) == 1 else sum(map(len, tier))
        start = identity.below(count) if count > 1 else 0
        for x in _beginning_at(tier, start):
            fits = fit(x)
            if fits is Fit.FREE:
                return x
            if fits is Fit.CONFLICT:
                worst = Fit.CONFLICT
    return worst


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
