"""Which X of an application to take: by area, strictly or loosely."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.ids import Ids

__all__ = ["Fit", "pick_x", "tiers"]


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
