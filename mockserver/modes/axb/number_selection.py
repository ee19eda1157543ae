"""The X of an AXB bind that names none.

It is chosen by areaCode, or by the area of A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.number_selection import Misfit, pick_x, tiers
from privnum.mockserver.modes.axb.bindings import pair_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["select_x"]


def select_x(world: World, app: Application, params: Params) -> XNumber:
    """Return an X by areaCode or by the area of A.

    AXB-BIND-011, AXB-BIND-012, AXB-BIND-013, AXB-BIND-014, AXB-BIND-104.
    """
    assumptions = world.assumptions
    a, b = params["callerNum"], params["calleeNum"]
    area = params.get("areaCode")
    area = _area_of_a(world, a) if area is None else numbers.normal_area(area)
    limit = world.limits["pairs_per_x"]
    x_is_no_user = assumptions["axb.a_equals_x"] != "accept"

    def misfit_of(x: XNumber) -> Misfit | None:
        if x.status != NORMAL or (x.held is not None and len(x.held) >= limit) or (x_is_no_user and x.number in (a, b)):
            return Misfit.UNUSABLE
        return None if pair_of(x, a) is None and pair_of(x, b) is None else Misfit.CONFLICT

    x = pick_x(tiers(app, area, loose=int(params.get("areaMatchMode", 0)) == 1), world.identity, misfit_of)
    if not isinstance(x, Misfit):
        return x
    where = "in that area" if area else "of this application"
    if x is Misfit.CONFLICT:
        what = f"Every free X {where} carries callerNum or calleeNum already."
        raise Refusal(assumptions.text("axb.area_conflict"), what, "AXB-OPEN-004")
    raise Refusal("403/1012008", f"No X {where} can take the pair; see areaCode and areaMatchMode.", "AXB-BIND-012")


def _area_of_a(world: World, a: str) -> str | None:
    """Return the area of callerNum, or None where any X will do.

    AXB-BIND-104.
    """
    if numbers.kind(a) == "fixed_line":
        choice = world.assumptions.text("axb.fixed_line_a_area")
        if choice != "own_area":
            raise Refusal(choice, "With a fixed line as callerNum give relationNum or areaCode.", "AXB-OPEN-006")
        area = numbers.area_of_fixed_line(a)
    else:
        area = numbers.home_area(a, world.home_areas)
    choice = world.assumptions.text("axb.area_of_mobile_unknown")
    if area is None and choice != "any":
        raise Refusal(choice, "The area of callerNum is not known; give relationNum or areaCode.", "AXB-OPEN-005")
    return area
