"""AXB: bind. What may stand against a bind on a given X is in BIND_FAULTS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axb.bindings import Pair, Pairs
from privnum.mockserver.modes.axb.fields import USERS, check_not_x
from privnum.mockserver.modes.axb.number_selection import select_x
from privnum.mockserver.modes.axb.selectors import BIND, own_x
from privnum.mockserver.modes.parameters import (
    check_last_minute,
    check_tones,
    check_user_data,
    check_users,
    check_x,
    flag,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["BIND_FAULTS", "HANDLER"]


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_users(assumptions, params, *USERS)
    check_user_data(assumptions, params)
    check_x(assumptions, params, "relationNum")
    x = params.get("relationNum")
    if x is not None:
        check_not_x(assumptions, x, params["callerNum"], params["calleeNum"])


@dataclass(slots=True)
class BindRequest:
    """A bind on a certain X, not yet granted."""

    world: World
    app: Application
    x: XNumber
    a: str
    b: str
    record: bool


def _is_full(request: BindRequest) -> bool:
    return request.x.held is not None and len(request.x.held) >= request.world.limits["pairs_per_x"]


def _is_bound(request: BindRequest) -> bool:
    held = request.x.held
    return isinstance(held, Pairs) and (request.a in held.by_user or request.b in held.by_user)


def _is_unrecordable(request: BindRequest) -> bool:
    return request.record and not request.app.recording


def _is_blocked(request: BindRequest) -> bool:
    return request.x.status != NORMAL


class Fault(NamedTuple):
    """Something that may stand against a bind on a given X.

    `choice` is the assumption that holds its code, if any.
    """

    stands: Callable[[BindRequest], bool]
    text: str
    rule: str
    choice: str | None = None


#: By code, in the order in which the table prints them; the world may look in another order (axb.bind_faults).
BIND_FAULTS: Final = {
    "1012009": Fault(_is_full, "relationNum carries all the pairs that one X may carry.", "AXB-BIND-103"),
    "1012010": Fault(_is_bound, "callerNum or calleeNum stands on this relationNum.", "AXB-BIND-102"),
    "1012012": Fault(_is_unrecordable, "recordFlag needs recording to be on.", "AXB-BIND-021"),
    "1012102": Fault(_is_blocked, "relationNum is suspended, unavailable or frozen.", "AXB-BIND-029", "axb.blocked_x"),
}


@cache
def _codes(order: str) -> tuple[str, ...]:
    return tuple(order.split())


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A and B on an X that is given or picked (AXB-BIND-001)."""
    assumptions = world.assumptions
    a, b = params["callerNum"], params["calleeNum"]
    check_tones(app, params, "AXB-BIND-030")
    number = params.get("relationNum")
    x = select_x(world, app, params) if number is None else own_x(world, app, number, BIND)
    request = BindRequest(world, app, x, a, b, flag(params.get("recordFlag")))
    for code in _codes(assumptions.text("axb.bind_faults")):
        stands, what, rule, choice = BIND_FAULTS[code]
        if stands(request):
            raise Refusal(code if choice is None else assumptions.text(choice), what, rule)
    check_last_minute(assumptions, params, 0)
    binding = Pair(world.identity.subscription_id(), x, a, b, world.now_ms)
    binding.set_fields(params)
    world.bind(binding)
    return {
        "subscriptionId": binding.subscription_id,
        "relationNum": x.number,
        "callDirection": binding.direction or 0,
        "duration": binding.duration or 0,
        "maxDuration": binding.max_duration or 0,
    }


HANDLER: Final = Handler(_bind, check=_check_bind)
