"""AX: which X a bind takes that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.number_selection import Misfit, free_tiers, pick_x

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["select_x"]


def select_x(world: World, app: Application, params: Params) -> XNumber:
    """Return a free X by areaCode (AX-BIND-011 to AX-BIND-013, AX-BIND-110)."""
    a, area = params["origNum"], numbers.normal_area(params["areaCode"])
    x_is_no_user = world.assumptions["ax.a_equals_x"] != "accept"

    def misfit_of(x: XNumber) -> Misfit | None:
        free = x.held is None and x.status == NORMAL and not (x_is_no_user and x.number == a)
        return None if free else Misfit.UNUSABLE

    x = pick_x(free_tiers(app, area, loose=int(params.get("areaMatchMode", 0)) == 1), world.identity, misfit_of)
    if isinstance(x, Misfit):
        what = "No X in that area can be given; see areaCode and areaMatchMode."
        raise Refusal("403/1011002", what, "AX-BIND-012")
    return x
