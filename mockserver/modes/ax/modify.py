"""AX: modify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.ax.bindings import bindings_of
from privnum.mockserver.modes.ax.fields import check_blocked, check_not_x
from privnum.mockserver.modes.ax.selectors import MODIFY, check_private_num, id_wins, own_binding, refuse_missing
from privnum.mockserver.modes.parameters import (
    check_last_minute,
    check_tones,
    check_user,
    check_user_data,
    flag,
    without_empty,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.ax.bindings import AXBinding
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _check_modify(assumptions: Assumptions, params: Params) -> None:
    if "subscriptionId" not in params and "privateNum" not in params:
        raise refuse_missing(assumptions, MODIFY)
    check_private_num(assumptions, params)
    check_user(assumptions, params, "origNum", "AX-BIND-027")
    check_user_data(assumptions, params)
    naming = {"subscriptionId", "privateNum"} | ({"origNum"} if _names_a(assumptions, params) else set())
    choice = assumptions.text("binding.modify_nothing")
    if params.keys() <= naming and choice != "success":
        raise Refusal(choice, "Give at least one field to change besides the selector.", "COM-OPEN-062")


def _names_a(assumptions: Assumptions, params: Params) -> bool:
    """Whether origNum is a part of the selector.

    The A that there is, not a new one (AX-OPEN-016).
    """
    return "privateNum" in params and assumptions["ax.modify_orig_num"] == "selector"


def _modify(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Change what the request carries and nothing else.

    AX-MODIFY-003 to AX-MODIFY-011.
    """
    assumptions = world.assumptions
    check_tones(app, params, "AX-BIND-030")
    binding = own_binding(world, app, params, MODIFY)
    a = _new_a(world, app, binding, params)
    choice = assumptions.text("ax.recording_not_open")
    if flag(params.get("recordFlag")) and not app.recording and choice != "ignore":
        raise Refusal(choice, "recordFlag needs recording to be on.", "AX-MODIFY-011")
    check_last_minute(assumptions, params, binding.max_duration or 0)
    check_blocked(assumptions, binding.x)
    if a != binding.a:
        binding.rename(a)
        if assumptions["ax.callee_after_new_a"] == "gone":
            binding.callee = None
        world.call_engine.users_changed(binding.subscription_id, world.now_ms)
    if assumptions["binding.modify_empty_tone"] == "unchanged":
        params = without_empty(params)
    binding.set_fields(params)
    if "maxDuration" in params:
        world.call_engine.max_duration_changed(binding.subscription_id, binding.max_duration or 0)
    world.run_due()
    return {}


def _new_a(world: World, app: Application, binding: AXBinding, params: Params) -> str:
    """Return A as he will be (AX-MODIFY-003, AX-MODIFY-103, AX-MODIFY-105)."""
    assumptions = world.assumptions
    a: str | None = params.get("origNum")
    if a is None:
        return binding.a
    if _names_a(assumptions, params):
        if a != binding.a:
            code = assumptions.text("ax.binding_not_found")
            raise Refusal(code, "privateNum is not bound to that origNum.", "AX-OPEN-016")
        return a
    check_not_x(assumptions, binding.x, "origNum", a)
    if a == binding.a:
        choice = assumptions.text("ax.modify_same_a")
        if choice != "success":
            raise Refusal(choice, "origNum is the A of this binding already.", "AX-OPEN-017")
    elif len(bindings_of(app, a)) >= world.limits["x_per_a"]:
        code = assumptions.text("ax.modify_full_a")
        raise Refusal(code, "origNum has all the X that one A may have.", "AX-MODIFY-103")
    return a


HANDLER: Final = Handler(
    _modify, narrow=id_wins, check=_check_modify, longest_text=128, clears=frozenset({"lastMinVoice"})
)
