"""AXYB: the bind of A, and the bind of a B to it; both are one operation.

A caller of X may be bound as a B is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation, numbers_in_use
from privnum.mockserver.modes.axyb.calls import needing_y
from privnum.mockserver.modes.axyb.fields import check_app_key, check_blocked
from privnum.mockserver.modes.axyb.number_selection import find_y, select_x, select_y
from privnum.mockserver.modes.axyb.selectors import not_found, own_binding
from privnum.mockserver.modes.parameters import check_tones, check_user, check_user_data, flag

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER", "give_y"]

#: duration of a bind of A that carries none, in seconds (AXYB-LIFE-101).
_USUAL_DURATION: Final = 7200

#: Fields that only one of the two binds has (axyb.fields_of_other_bind).
_OF_A: Final = ("callDirection", "duration", "recordFlag", "recordHintTone", "preVoiceX")
_OF_B: Final = ("preVoiceY",)


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_user(assumptions, params, "origNum", "AXYB-BIND-027")
    check_user_data(assumptions, params)
    is_b = "subscriptionId" in params
    for name in _OF_A if is_b else _OF_B:
        if name in params and (choice := assumptions.text("axyb.fields_of_other_bind")) != "ignore":
            raise Refusal(choice, f"{name} is no field of the bind of {'a B' if is_b else 'A'}.", "AXYB-OPEN-012")
    if not is_b and "areaCode" not in params and (choice := assumptions.text("axyb.bind_without_area")) != "any":
        raise Refusal(choice, "Give areaCode at the bind of A.", "AXYB-OPEN-002")


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A to an X, or with a subscriptionId B to a Y.

    AXYB-BIND-101, AXYB-BIND-102.
    """
    check_app_key(world.assumptions, app, params)
    check_tones(app, params, "AXYB-BIND-030")
    return _bind_b(world, app, params) if "subscriptionId" in params else _bind_a(world, app, params)


# ── A ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bind_a(world: World, app: Application, params: Params) -> dict[str, Any]:
    assumptions, a = world.assumptions, params["origNum"]
    if flag(params.get("recordFlag")) and not app.recording:
        choice = assumptions.text("axyb.recording_not_open")
        if choice != "ignore":
            raise Refusal(choice, "recordFlag needs recording to be on.", "AXYB-BIND-021")
    in_use = numbers_in_use(app)
    if in_use is not None and in_use.of_a.get(a, 0) >= world.limits["x_per_a"]:
        raise Refusal(assumptions.text("axyb.sixth_x"), "origNum has all the X that one A may have.", "AXYB-BIND-032")
    x = select_x(world, app, params)
    binding = AXBinding(world.identity.subscription_id(), x, a, world.now_ms)
    _set_fields(binding, params)
    world.bind(binding)
    return {"subscriptionId": binding.subscription_id, "relationNumber": x.number}


def _set_fields(binding: AXBinding, params: Params) -> None:
    get = params.get
    if (seconds := get("duration")) is not None:
        binding.set_duration = int(seconds)
    binding.duration = _USUAL_DURATION if binding.set_duration is None else binding.set_duration
    if (seconds := get("ybDuration")) is not None:
        binding.yb_duration = int(seconds)
    if (direction := get("callDirection")) is not None:
        binding.direction = int(direction)
    if (record := get("recordFlag")) is not None:
        binding.record = flag(record)
    if (tone := get("recordHintTone")) is not None:
        binding.record_tone = sys.intern(tone)
    if (tone := get("preVoiceX")) is not None:
        binding.tone_x = sys.intern(tone)
    binding.user_data = get("userData")


# ── B ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bind_b(world: World, app: Application, params: Params) -> dict[str, Any]:
    assumptions, b = world.assumptions, params["origNum"]
    ax = own_binding(world, app, params["subscriptionId"], "AXYB-BIND-110")
    if not isinstance(ax, AXBinding):
        raise not_found(assumptions, "subscriptionId must be that of the bind of A.", "AXYB-BIND-110")
    choice = assumptions.text("axyb.a_equals_b")
    if b == ax.a and choice != "accept":
        raise Refusal(choice, "origNum must not be the A of the binding.", "AXYB-OPEN-007")
    check_blocked(assumptions, ax.x, "axyb.bind_b_to_blocked_x", "AXYB-OPEN-026")
    relation = ax.by_b.get(b)
    choice = assumptions.text("axyb.same_b_again")
    if relation is not None and choice != "same_y":
        raise Refusal(choice, "origNum has a Y in that binding already.", "AXYB-OPEN-006")
    if relation is None:
        y = select_y(world, ax, b, params)
        relation = Relation(world.identity.subscription_id(), y, ax, b, world.now_ms)
        _set_fields_of_b(relation, params)
        world.bind(relation)
    else:
        _set_fields_of_b(relation, params)
        relation.subscribed_ms = world.now_ms
        world.restart_countdown(relation)
    return {"subscriptionId": relation.shown_id(assumptions), "relationNumber": relation.x.number}


def give_y(world: World, x: XNumber, caller: str) -> None:
    """Give a Y to a caller of X who has none, before his call is decided on.

    AXYB-CALL-103, AXYB-CALL-105.
    """
    ax = needing_y(world.assumptions, x, caller)
    y = None if ax is None else find_y(world, ax, caller)
    if ax is not None and y is not None:
        world.bind(Relation(world.identity.subscription_id(), y, ax, caller, world.now_ms))


def _set_fields_of_b(relation: Relation, params: Params) -> None:
    seconds, tone = params.get("ybDuration"), params.get("preVoiceY")
    relation.yb_duration = None if seconds is None else int(seconds)
    relation.tone_y = None if tone is None else sys.intern(tone)
    relation.user_data = params.get("userData")


HANDLER: Final = Handler(_bind, check=_check_bind)
