"""AXYB: which private number becomes an X or a Y.

AXYB: which private number a bind of A gets as X, and a bind of B, or a caller, as Y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.number_selection import Misfit, free_tiers, pick_x, tiers
from privnum.mockserver.modes.axyb.bindings import numbers_in_use, roles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axyb.bindings import AXBinding, Roles
    from privnum.mockserver.worlds.world import World

__all__ = ["find_y", "select_x", "select_y"]


def select_x(world: World, app: Application, params: Params) -> XNumber:
    """Return a number for A that is nobody's X.

    AXYB-BIND-031, AXYB-BIND-011 to AXYB-BIND-013.
    """
    a = params["origNum"]

    def misfit_of(x: XNumber) -> Misfit | None:
        if x.status != NORMAL or x.number == a:
            return Misfit.UNUSABLE
        roles = roles_of(x)
        return None if roles is None or _may_be_x(world, a, roles) else Misfit.UNUSABLE

    area = params.get("areaCode")
    where = free_tiers(app, None if area is None else numbers.normal_area(area), loose=_is_loose(params))
    x = pick_x(where, world.identity, misfit_of)
    if isinstance(x, Misfit):
        raise no_number(world.assumptions, "X")
    return x


def select_y(world: World, ax: AXBinding, b: str, params: Params) -> XNumber:
    """Return a number for a B, by areaCode or without (AXYB-BIND-103).

    Without areaCode the assumption says where it is looked for.
    """
    area = params.get("areaCode")
    y = find_y(world, ax, b, None if area is None else numbers.normal_area(area), loose=_is_loose(params))
    if y is None:
        raise no_number(world.assumptions, "Y")
    return y


def find_y(world: World, ax: AXBinding, b: str, area: str | None = None, *, loose: bool = False) -> XNumber | None:
    """Return a number that may be the Y of `b`, or None.

    Numbers that are a Y already go first: so the others stay free to be an X.
    """
    if area is None and world.assumptions["axyb.y_area"] == "area_of_x":
        area = ax.x.area_code

    def misfit_of(y: XNumber) -> Misfit | None:
        return None if _may_be_y(world, ax, b, y) else Misfit.UNUSABLE

    app, shared = ax.x.app, world.assumptions["axyb.x_as_y"] == "yes"
    # Where the X of somebody else is no Y, those that are taken need not be looked at.
    every = (tiers if shared else free_tiers)(app, area, loose=loose)
    for used, tier in zip(_used(app, area, loose=loose), every, strict=True):
        y = pick_x([[used], tier], world.identity, misfit_of)
        if not isinstance(y, Misfit):
            return y
    return None


def no_number(assumptions: Assumptions, role: str) -> Refusal:
    """Return the refusal of a bind for which there is no number.

    Its code is open (AXYB-OPEN-004).
    """
    what = f"No private number of that area, or of this application, can be the {role}; see areaCode and areaMatchMode."
    return Refusal(assumptions.text("axyb.no_number"), what, "AXYB-BIND-012")


def _may_be_x(world: World, a: str, roles: Roles) -> bool:
    """Whether a number that is bound already can be an X of `a`.

    As the Y of others it can, where the world lets it.
    """
    unrelated = roles.binding is None and a not in roles.by_a and a not in roles.b
    return unrelated and world.assumptions["axyb.x_as_y"] == "yes"


def _may_be_y(world: World, ax: AXBinding, b: str, y: XNumber) -> bool:
    """Whether a number can be the Y of `b`.

    Once in a binding, 1000 times in all (AXYB-BIND-104, AXYB-BIND-106).
    """
    if y.status != NORMAL or y is ax.x or y.number in (ax.a, b):
        return False
    roles = roles_of(y)
    if roles is None:
        return True
    if roles.relations >= world.limits["bindings_per_y"] or y.number in ax.relations:
        return False
    if ax.a in roles.by_a and world.assumptions["axyb.y_for_other_x_of_a"] == "no":
        return False
    holder = roles.binding
    return holder is None or (world.assumptions["axyb.x_as_y"] == "yes" and holder.a not in (ax.a, b))


def _used(app: Application, area: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
    """Return the numbers that are a Y already, by tiers.

    The tiers are those of all numbers.
    """
    in_use = numbers_in_use(app)
    used = [] if in_use is None else list(in_use.as_y.values())
    if area is None:
        return [used]
    found: list[Sequence[XNumber]] = [[y for y in used if y.area_code == area]]
    if loose:
        province = numbers.province(area)
        near = [y for y in used if y.area_code is not None and numbers.province(y.area_code) == province]
        found += [near, used]
    return found


def _is_loose(params: Params) -> bool:
    return params.get("areaMatchMode") in (1, "1")
