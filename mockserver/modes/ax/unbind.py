"""AX: unbind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.ax.bindings import bindings_of
from privnum.mockserver.modes.ax.fields import check_blocked
from privnum.mockserver.modes.ax.selectors import UNBIND, check_private_num, own_binding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _narrow(params: Params) -> None:
    """Leave origNum alone unless it stands alone, and let subscriptionId win.

    AX-UNBIND-003, AX-UNBIND-102.
    """
    if "subscriptionId" in params:
        params.pop("privateNum", None)
    if "subscriptionId" in params or "privateNum" in params:
        params.pop("origNum", None)


def _check_unbind(assumptions: Assumptions, params: Params) -> None:
    if params.get("privateNum", "").startswith(" "):
        what = "privateNum begins with a blank; in a query string send + as %2B."
        raise Refusal(assumptions.text("ax.unbind_bare_plus"), what, "COM-ENV-006")
    check_private_num(assumptions, params)
    if not params or ("origNum" in params and assumptions["ax.unbind_by_a"] == "refuse"):
        what = "Give subscriptionId or privateNum; in a query string send + as %2B."
        rule = "AX-OPEN-007" if params else UNBIND.missing
        raise Refusal(assumptions.text("ax.unbind_without_selector"), what, rule)


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve a binding; calls in progress go on.

    AX-UNBIND-001, AX-UNBIND-101, AX-CALL-009.
    """
    if "origNum" in params:
        found = bindings_of(app, params["origNum"])
        if not found:
            code = world.assumptions.text("ax.binding_not_found")
            raise Refusal(code, "origNum has no binding in this application.", UNBIND.unknown)
    else:
        found = (own_binding(world, app, params, UNBIND),)
    for binding in found:
        check_blocked(world.assumptions, binding.x)
    for binding in found:
        world.unbind(binding)
    return {}


HANDLER: Final = Handler(_unbind, narrow=_narrow, check=_check_unbind)
