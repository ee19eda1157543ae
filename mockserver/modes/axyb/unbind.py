"""AXYB: unbind, of a whole binding or of one Y."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axyb.bindings import AXBinding
from privnum.mockserver.modes.axyb.fields import check_app_key, check_blocked
from privnum.mockserver.modes.axyb.selectors import narrow_unbind, own_binding, refuse_missing, relation_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _check_unbind(assumptions: Assumptions, params: Params) -> None:
    if "subscriptionId" not in params:
        raise refuse_missing(assumptions, "Give subscriptionId, alone or with yNum or bNum.", "AXYB-UNBIND-002")


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve a binding with every Y of it, or one Y; calls go on.

    AXYB-UNBIND-001, AXYB-UNBIND-101.
    """
    check_app_key(world.assumptions, app, params)
    named = own_binding(world, app, params["subscriptionId"], "AXYB-UNBIND-004")
    relation = relation_of(world.assumptions, named, params)
    if isinstance(named, AXBinding):
        ax = named
    else:
        ax, relation = named.ax, named
    check_blocked(world.assumptions, ax.x, "binding.blocked_x_changes", "AXYB-UNBIND-001")
    if relation is not None:
        world.unbind(relation)
        return {}
    for each in [*ax.relations.values(), ax]:
        world.unbind(each)
    return {}


HANDLER: Final = Handler(_unbind, narrow=narrow_unbind, check=_check_unbind)
