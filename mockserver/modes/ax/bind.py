"""AX: bind. What may stand against a bind on a given X is in BIND_FAULTS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.ax.bindings import AXBinding, binding_on, bindings_of
from privnum.mockserver.modes.ax.fields import check_not_x
from privnum.mockserver.modes.ax.number_selection import select_x
from privnum.mockserver.modes.ax.selectors import BIND, check_private_num, own_x
from privnum.mockserver.modes.parameters import check_last_minute, check_tones, check_user, check_user_data, flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["BIND_FAULTS", "HANDLER"]

#: calleeNumDisplay of an A who is to see the real caller.
_REAL_CALLER: Final = 1


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_user(assumptions, params, "origNum", "AX-BIND-027")
    check_user_data(assumptions, params)
    check_private_num(assumptions, params)
    if "areaCode" not in params:
        if "privateNum" not in params:
            raise Refusal("403/1010002", "Give privateNum or areaCode.", "AX-BIND-102")
        choice = assumptions.text("ax.area_mode_without_area")
        if "areaMatchMode" in params and choice != "ignore":
            raise Refusal(choice, "areaMatchMode needs areaCode beside it.", "AX-OPEN-013")
    choice = assumptions.text("ax.area_without_type")
    if "privateNum" not in params and "privateNumType" not in params and choice != "accept":
        raise Refusal(choice, "areaCode needs privateNumType beside it: mobile-virtual.", "AX-OPEN-012")


@dataclass(slots=True)
class BindRequest:
    """A bind on a certain X, not yet granted.

    `held` is the binding that X carries.
    """

    world: World
    app: Application
    x: XNumber
    held: AXBinding | None
    a: str
    record: bool
    display: int


def _has_all_x(request: BindRequest) -> bool:
    return len(bindings_of(request.app, request.a)) >= request.world.limits["x_per_a"]


def _is_unrecordable(request: BindRequest) -> bool:
    return request.record and not request.app.recording


def _is_blocked(request: BindRequest) -> bool:
    return request.x.status != NORMAL


def _is_others(request: BindRequest) -> bool:
    return request.held is not None and request.held.a != request.a


def _is_bound(request: BindRequest) -> bool:
    return request.held is not None and request.held.a == request.a


def _shows_caller(request: BindRequest) -> bool:
    return request.display == _REAL_CALLER


class Fault(NamedTuple):
    """Something that may stand against a bind on a given X.

    `assumption` holds its code, if any does; where its choice is no code the request passes.
    """

    stands: Callable[[BindRequest], bool]
    text: str
    rule: str
    assumption: str | None = None


_NO_RECORDING: Final = "recordFlag needs recording to be on."
_NO_DISPLAY: Final = "calleeNumDisplay must be 0."
_BLOCKED: Final = "privateNum is suspended, unavailable or frozen."

#: By code, in the order in which the table prints them; the world may look in another order (ax.bind_faults).
BIND_FAULTS: Final = {
    "1011003": Fault(_has_all_x, "origNum has all the X that one A may have.", "AX-BIND-032"),
    "1012012": Fault(_is_unrecordable, _NO_RECORDING, "AX-BIND-021", "ax.recording_not_open"),
    "1012102": Fault(_is_blocked, _BLOCKED, "AX-BIND-029", "ax.blocked_x"),
    "1011005": Fault(_is_others, "privateNum is bound to another number.", "AX-BIND-031"),
    "1016002": Fault(_is_bound, "origNum and privateNum are bound together already.", "AX-BIND-005"),
    "1020178": Fault(_shows_caller, _NO_DISPLAY, "AX-OPEN-014", "ax.display_real_caller"),
}


@cache
def _codes(order: str) -> tuple[str, ...]:
    return tuple(order.split())


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A to an X that is given or picked (AX-BIND-001, AX-BIND-011)."""
    assumptions = world.assumptions
    a, number = params["origNum"], params.get("privateNum")
    check_tones(app, params, "AX-BIND-030")
    x = select_x(world, app, params) if number is None else own_x(world, app, number, BIND)
    check_not_x(assumptions, x, "origNum", a)
    record, display = flag(params.get("recordFlag")), int(params.get("calleeNumDisplay", 0))
    request = BindRequest(world, app, x, binding_on(x), a, record, display)
    for code in _codes(assumptions.text("ax.bind_faults")):
        stands, what, rule, assumption = BIND_FAULTS[code]
        if stands(request):
            choice = code if assumption is None else assumptions.text(assumption)
            if choice.isdigit():
                raise Refusal(choice, what, rule)
    check_last_minute(assumptions, params, 0)
    binding = AXBinding(world.identity.subscription_id(), x, a, world.now_ms)
    binding.set_fields(params)
    world.bind(binding)
    return {"origNum": a, "privateNum": x.number, "subscriptionId": binding.subscription_id}


HANDLER: Final = Handler(_bind, check=_check_bind)
