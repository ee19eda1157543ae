"""AXB: modify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.mockserver.modes.axb.fields import USERS, check_blocked, check_not_x
from privnum.mockserver.modes.axb.selectors import MODIFY, own_binding
from privnum.mockserver.modes.parameters import (
    check_last_minute,
    check_tones,
    check_user_data,
    check_users,
    flag,
    same_number,
    without_empty,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axb.bindings import Pair
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _check_modify(assumptions: Assumptions, params: Params) -> None:
    check_users(assumptions, params, *USERS)
    check_user_data(assumptions, params)
    if len(params) == 1 and assumptions["binding.modify_nothing"] != "success":
        what = "Give at least one field to change besides subscriptionId."
        raise Refusal(assumptions.text("binding.modify_nothing"), what, "COM-OPEN-062")


def _modify(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Change what the request carries and nothing else.

    AXB-MODIFY-003, AXB-MODIFY-101, AXB-MODIFY-102, AXB-MODIFY-006, AXB-MODIFY-007, AXB-MODIFY-008, AXB-MODIFY-009,
    AXB-MODIFY-010, AXB-MODIFY-011.
    """
    check_tones(app, params, "AXB-BIND-030")
    binding = own_binding(world, app, params["subscriptionId"], MODIFY)
    a, b = _new_users(world.assumptions, binding, params)
    if flag(params.get("recordFlag")) and not app.recording:
        raise Refusal("403/1012012", "recordFlag needs recording to be on.", "AXB-MODIFY-011")
    check_last_minute(world.assumptions, params, binding.max_duration or 0)
    check_blocked(world.assumptions, binding.x)
    if (a, b) != (binding.a, binding.b):
        binding.rename(a, b)
        world.call_engine.users_changed(binding.subscription_id, world.now_ms)
    if world.assumptions["binding.modify_empty_tone"] == "unchanged":
        params = without_empty(params)
    binding.set_fields(params)
    binding.subscribed_ms = world.now_ms
    if "duration" in params:
        world.restart_countdown(binding)
    if "maxDuration" in params:
        world.call_engine.max_duration_changed(binding.subscription_id, binding.max_duration or 0)
    world.run_due()
    return {}


def _new_users(assumptions: Assumptions, binding: Pair, params: Params) -> tuple[str, str]:
    """Return A and B as they will be; each stands once on X afterwards.

    AXB-MODIFY-003, AXB-MODIFY-101, AXB-MODIFY-102.
    """
    a, b = params.get("callerNum", binding.a), params.get("calleeNum", binding.b)
    if a == b:
        raise same_number(assumptions)
    check_not_x(assumptions, binding.x.number, *(params[name] for name in USERS if name in params))
    for user in (a, b):
        if pair_of(binding.x, user) not in (None, binding):
            what = "callerNum or calleeNum is in another binding on this X."
            raise Refusal("403/1012010", what, "AXB-MODIFY-102")
    swapped = (a, b) == (binding.b, binding.a)
    repeated = params.get("callerNum") == binding.a or params.get("calleeNum") == binding.b
    for case, assumption, rule in (
        (swapped, "axb.modify_swap", "AXB-OPEN-014"),
        (repeated, "axb.modify_same_number", "AXB-OPEN-013"),
    ):
        if case and assumptions[assumption] != "success":
            raise Refusal(assumptions.text(assumption), "callerNum or calleeNum is in this binding already.", rule)
    return a, b


HANDLER: Final = Handler(_modify, check=_check_modify, clears=frozenset({"lastMinVoice"}))
