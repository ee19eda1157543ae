"""AXE: bind. What may stand against a bind on a given X is in BIND_FAULTS."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core.applications import NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.modes.axe import fields
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension, Extensions, extensions_of
from privnum.mockserver.modes.axe.number_selection import select_x
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.mockserver.modes.parameters import check_tones, check_user, check_x, flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["BIND_FAULTS", "HANDLER"]


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_user(assumptions, params, "bindNum", "AXE-BIND-027")
    fields.check_common(assumptions, params)
    check_x(assumptions, params, "virtualNum", "axe.malformed_x", "AXE-OPEN-007")
    if "callbackTone" in params and "callbackNum" in params:
        raise Refusal("403/1010002", "Give callbackTone or callbackNum, not both.", "AXE-BIND-107")
    _check_choice_of_x(assumptions, params)
    choice = assumptions.text("axe.a_equals_x")
    if params["bindNum"] == params.get("virtualNum") and choice != "accept":
        raise Refusal(choice, "bindNum must not be the X number itself.", "AXE-OPEN-032")
    fields.check_both_times(params, "AXE-BIND-113")
    if "bindExpiredTime" in params and "callbackExpiredTime" not in params:
        unit = axe_times.unit_of(params) or axe_times.HOURS
        fields.check_default_time(assumptions, axe_times.seconds(int(params["bindExpiredTime"]), unit))


def _check_choice_of_x(assumptions: Assumptions, params: Params) -> None:
    """Check how the X is to be found (AXE-OPEN-013, AXE-OPEN-014)."""
    if "areaCode" in params:
        return
    choice = assumptions.text("axe.bind_without_x")
    if "virtualNum" not in params and choice != "any":
        raise Refusal(choice, "Give virtualNum or areaCode.", "AXE-OPEN-013")
    choice = assumptions.text("axe.area_mode_without_area")
    if "areaMatchMode" in params and choice != "ignore":
        raise Refusal(choice, "areaMatchMode needs areaCode beside it.", "AXE-OPEN-014")


@dataclass(slots=True)
class BindRequest:
    """A bind on a certain X, not yet granted.

    `held` are its extensions, `digits` the one asked for, None for any.
    """

    world: World
    app: Application
    x: XNumber
    held: Extensions | None
    a: str
    digits: str | None
    record: bool
    display: int


def _is_full(request: BindRequest) -> bool:
    return request.held is not None and request.held.is_full


def _is_unrecordable(request: BindRequest) -> bool:
    return request.record and not request.app.recording


def _is_blocked(request: BindRequest) -> bool:
    return request.x.status != NORMAL


def _is_taken(request: BindRequest) -> bool:
    return request.held is not None and request.digits in request.held.by_digits


def _is_bound(request: BindRequest) -> bool:
    return request.held is not None and request.a in request.held.by_user


def _shows_caller(request: BindRequest) -> bool:
    return request.display == fields.REAL_CALLER


class Fault(NamedTuple):
    """Something that may stand against a bind on a given X.

    `code` is a result code or the assumption that holds it.

    It does not stand where the assumption's choice is no code.
    """

    stands: Callable[[BindRequest], bool]
    code: str
    text: str
    rule: str


#: By the words of axe.bind_faults, in the order of its default.
BIND_FAULTS: Final = {
    "full": Fault(_is_full, "axe.full_x", "Every extension of virtualNum is bound.", "AXE-BIND-106"),
    "recording": Fault(_is_unrecordable, "axe.recording_not_open", fields.RECORDING_NEEDS, "AXE-BIND-021"),
    "blocked": Fault(_is_blocked, "axe.blocked_x", "virtualNum is suspended, unavailable or frozen.", "AXE-BIND-029"),
    "extension": Fault(_is_taken, "axe.extension_taken", "extendNum is bound on this virtualNum.", "AXE-BIND-103"),
    "user": Fault(_is_bound, "axe.same_a_again", "bindNum has an extension on this virtualNum.", "AXE-BIND-005"),
    "display": Fault(_shows_caller, "axe.display_real_caller", fields.DISPLAY_NEEDS, "AXE-OPEN-015"),
}


@cache
def _faults(order: str) -> tuple[str, ...]:
    return tuple(order.split())


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A to an extension of an X that is given or picked.

    AXE-BIND-001, AXE-BIND-011.
    """
    assumptions = world.assumptions
    check_tones(app, params, "AXE-BIND-030")
    digits = _wanted_digits(assumptions, app, params)
    number = params.get("virtualNum")
    x = select_x(world, app, params) if number is None else _own_x(world, app, number)
    record, display = flag(params.get("recordFlag")), int(params.get("displayNumMode", 0))
    request = BindRequest(world, app, x, extensions_of(x), params["bindNum"], digits, record, display)
    for word in _faults(assumptions.text("axe.bind_faults")):
        stands, code, what, rule = BIND_FAULTS[word]
        if stands(request):
            fields.refuse_unless_granted(assumptions, code, what, rule)
    extensions = Extensions.of(x, world.identity)
    if digits is None:
        digits = extensions.free_one(assumptions.text("axe.extension_order"), world.identity)
    digits = sys.intern(digits)
    binding = Extension(world.identity.subscription_id(), x, params["bindNum"], digits, world.now_ms)
    fields.set_fields(binding, params)
    _set_times(assumptions, binding, params)
    world.bind(binding)
    return {
        "subscriptionId": binding.subscription_id,
        "virtualNum": x.number,
        "extendNum": digits,
        "bindExpiredTime": axe_times.bind_time(assumptions, binding),
        "callbackExpiredTime": axe_times.callback_time(assumptions, binding),
    }


def _wanted_digits(assumptions: Assumptions, app: Application, params: Params) -> str | None:
    """Return the extension that the request may choose.

    None where the platform picks (AXE-BIND-101, AXE-BIND-102).
    """
    digits: str | None = params.get("extendNum")
    if digits is None or ("virtualNum" not in params and assumptions["axe.extension_with_area"] == "ignore"):
        return None
    if len(digits) != settings_of(app).extension_digits:
        what = (
            f"extendNum must have as many digits as the application's extensions: {settings_of(app).extension_digits}."
        )
        raise Refusal("403/1010002", what, "AXE-BIND-104")
    if not int(digits):
        fields.refuse_unless_granted(assumptions, "axe.zero_extension", "extendNum must not be zero.", "AXE-OPEN-012")
    return digits


def _own_x(world: World, app: Application, number: str) -> XNumber:
    """Return the application's X of that number (AXE-BIND-010)."""
    x = world.numbers.get(number)
    if x is None:
        what = f"virtualNum {mask(number)} is no X of any application."
        raise Refusal(world.assumptions.text("axe.unknown_x"), what, "AXE-OPEN-006")
    if x.app is not app:
        key = world.assumptions.text("axe.x_of_other_application")
        raise Refusal(key, "virtualNum must be an X of this application.", "AXE-BIND-010")
    return x


def _set_times(assumptions: Assumptions, binding: Extension, params: Params) -> None:
    """Set the times of a bind and their defaults.

    AXE-LIFE-001, AXE-LIFE-101, AXE-LIFE-002, AXE-OPEN-001.
    """
    binding.unit = binding.shown_unit = axe_times.unit_of(params)
    unit = binding.unit or axe_times.HOURS
    if (time := params.get("bindExpiredTime")) is not None:
        binding.bound_time = binding.shown_time = int(time)
    if (time := params.get("callbackExpiredTime")) is not None:
        binding.callback_time, binding.callback_unit = int(time), unit
    elif assumptions["axe.callback_default_longer"] == "as_carried":
        binding.callback_time, binding.callback_unit = axe_times.written_default(assumptions, binding), unit
    binding.duration = axe_times.seconds(axe_times.bind_time(assumptions, binding), unit)


HANDLER: Final = Handler(_bind, check=_check_bind)
