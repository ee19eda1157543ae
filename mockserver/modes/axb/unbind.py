"""AXB: unbind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axb.bindings import Pairs
from privnum.mockserver.modes.axb.fields import check_blocked
from privnum.mockserver.modes.axb.selectors import UNBIND, one_binding, own_binding, own_x
from privnum.mockserver.modes.parameters import check_x

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _check_unbind(assumptions: Assumptions, params: Params) -> None:
    if params.get("relationNum", "").startswith(" "):
        what = "relationNum begins with a blank; in a query string send + as %2B."
        raise Refusal(assumptions.text("axb.unbind_bare_plus"), what, "COM-ENV-006")
    check_x(assumptions, params, "relationNum")
    if not params:
        what = "Give subscriptionId or relationNum; in a query string send + as %2B."
        raise Refusal(assumptions.text("axb.unbind_without_selector"), what, "AXB-UNBIND-002")


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve one binding, or all on an X (AXB-UNBIND-001, AXB-UNBIND-101)."""
    if "subscriptionId" in params:
        binding = own_binding(world, app, params["subscriptionId"], UNBIND)
        check_blocked(world.assumptions, binding.x)
        world.unbind(binding)
        return {}
    x = own_x(world, app, params["relationNum"], UNBIND)
    held = x.held
    if not isinstance(held, Pairs):
        raise Refusal("403/1012007", "relationNum carries no binding.", "AXB-UNBIND-004")
    check_blocked(world.assumptions, x)
    for binding in list(held.by_id.values()):
        world.unbind(binding)
    return {}


HANDLER: Final = Handler(_unbind, narrow=one_binding, check=_check_unbind)
