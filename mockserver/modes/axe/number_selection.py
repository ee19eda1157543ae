"""AXE: which X a bind takes that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.number_selection import Misfit, pick_x, tiers
from privnum.mockserver.modes.axe.bindings import extensions_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["select_x"]


def select_x(world: World, app: Application, params: Params) -> XNumber:
    """Return an X by areaCode, or any of the application.

    AXE-BIND-011, AXE-BIND-012, AXE-BIND-013, AXE-OPEN-013.
    """
    assumptions = world.assumptions
    a, area = params["bindNum"], params.get("areaCode")
    x_is_no_user = assumptions["axe.a_equals_x"] != "accept"

    def misfit_of(x: XNumber) -> Misfit | None:
        held = extensions_of(x)
        if x.status != NORMAL or (x_is_no_user and x.number == a) or (held is not None and held.is_full):
            return Misfit.UNUSABLE
        return Misfit.CONFLICT if held is not None and a in held.by_user else None

    where = tiers(
        app, None if area is None else numbers.normal_area(area), loose=int(params.get("areaMatchMode", 0)) == 1
    )
    x = pick_x(where, world.identity, misfit_of)
    if not isinstance(x, Misfit):
        return x
    if x is Misfit.CONFLICT:
        what = "Every free X in that area has an extension of bindNum already."
        raise Refusal(assumptions.text("axe.area_conflict"), what, "AXE-OPEN-035")
    what = "No X in that area can take the binding; see areaCode and areaMatchMode."
    raise Refusal(assumptions.text("axe.no_x_in_area"), what, "AXE-BIND-012")
