"""AX: the temporary callee, whom A reaches by his next call to X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core import numbers
from privnum.mockserver.core.assumptions import end_of
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.core.numbers import mask_with_length
from privnum.mockserver.modes.ax.bindings import Callee
from privnum.mockserver.modes.ax.fields import check_blocked, check_not_x
from privnum.mockserver.modes.ax.selectors import CALLEE, check_private_num, id_wins, own_binding, refuse_missing
from privnum.mockserver.modes.parameters import check_user_data

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]

#: How long a temporary callee holds whose request says nothing of it, in seconds (AX-CALLEE-109).
_USUAL_SECONDS: Final = 60


def _check_callee(assumptions: Assumptions, params: Params) -> None:
    if "subscriptionId" not in params and "privateNum" not in params:
        raise refuse_missing(assumptions, CALLEE)
    check_private_num(assumptions, params)
    callee = params["calleeNum"]
    choice = assumptions.text("numbers.malformed_user")
    if numbers.kind(callee) is None and choice != "accept":
        given = mask_with_length(callee)
        what = f"calleeNum {given} must be +86 and a mobile, a fixed line without its 0, a 400 or a 95 number."
        raise Refusal(choice, what, "COM-OPEN-018")
    choice = assumptions.text("ax.callee_orig_num")
    if params.get("origNum") == callee and choice != "ignore":
        raise Refusal(choice, "calleeNum must be another number than origNum.", "AX-OPEN-021")
    check_user_data(assumptions, params)


def _set_callee(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Set whom A reaches by his next call to X (AX-CALLEE-101, AX-CALLEE-111)."""
    assumptions = world.assumptions
    binding = own_binding(world, app, params, CALLEE)
    number = params["calleeNum"]
    if number == binding.a:
        raise Refusal("403/1010002", "calleeNum must be another number than A.", "AX-CALLEE-107")
    check_not_x(assumptions, binding.x, "calleeNum", number)
    check_blocked(assumptions, binding.x)
    until_ms = end_of(assumptions, world.now_ms, int(params.get("duration", _USUAL_SECONDS)))
    binding.callee = Callee(number, until_ms, params.get("userData"))
    return {}


HANDLER: Final = Handler(_set_callee, narrow=id_wins, check=_check_callee, longest_text=128)
