"""Which X of an application to take: by area, strictly or loosely."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.ids import Ids

__all__ = ["Fit", "free_tiers", "pick_x", "taken", "tiers"]


class Fit(Enum):
    """How an X suits two users.

    It can carry them, it carries one of them already, or it is full or out of order.
    """

    FREE = 0
    CONFLICT = 1
    UNUSABLE = 2


def tiers(app: Application, area_code: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
    """Return where to look for an X, best first.

    No area means any X (AXB-BIND-011, AXB-BIND-012, AXB-BIND-013).
    """
    if area_code is None:
        return [app.numbers]
    found: list[Sequence[XNumber]] = [app.numbers_in(area_code)]
    if loose:
        found += [app.numbers_in_province(area_code), app.numbers]
    return found


def taken(app: Application, area_code: str | None, *, loose: bool) -> list[int]:
    """Return how many X are taken in each of the same tiers.

    A tier of which each X is taken need not be searched, however long it is.
    """
    if area_code is None:
        return [app.taken]
    found = [app.taken_in(area_code)]
    if loose:
        found += [app.taken_in_province(area_code), app.taken]
    return found


def free_tiers(app: Application, area_code: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
    """Return the tiers in which an X is not taken."""
    every = zip(tiers(app, area_code, loose=loose), taken(app, area_code, loose=loose), strict=True)
    return [tier for tier, count in every if count < len(tier)]


def pick_x(where: list[Sequence[XNumber]], identity: Ids, fit: Callable[[XNumber], Fit]) -> XNumber | Fit:
    """Return a free X of the first tier that has one, else why there is none.

    The search begins at a random X, so that the pairs spread over the pool and full X are seldom met.
    """
    worst = Fit.UNUSABLE
    for tier in where:
        start = identity.below(len(tier)) if len(tier) > 1 else 0
        for i in range(len(tier)):
            x = tier[start + i - len(tier)]
            fits = fit(x)
            if fits is Fit.FREE:
                return x
            if fits is Fit.CONFLICT:
                worst = Fit.CONFLICT
    return worst
