"""AXE: bind, unbind and modify. What may stand against a bind on a given X is in BIND_FAULTS."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS, NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.core.number_selection import Fit, pick_x, tiers
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.extensions import Extension, Extensions
from privnum.mockserver.modes.axe.selectors import (
    MODIFY,
    UNBIND,
    check_selector,
    narrow_selector,
    own_binding,
)
from privnum.mockserver.modes.parameters import check_tones, check_user, check_user_data, check_x, flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["BIND_FAULTS", "HANDLERS"]

_SELECTORS: Final = frozenset({"subscriptionId", "virtualNum", "extendNum"})
#: displayNumMode of an A who is to see the real caller.
_REAL_CALLER: Final = 1

# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_user(assumptions, params, "bindNum", "AXE-BIND-027")
    _check_common(assumptions, params)
    check_x(assumptions, params, "virtualNum", "axe.malformed_x", "AXE-OPEN-007")
    if "callbackTone" in params and "callbackNum" in params:
        raise Refusal("403/1010002", "Give callbackTone or callbackNum, not both.", "AXE-BIND-107")
    _check_choice_of_x(assumptions, params)
    choice = assumptions.text("axe.a_equals_x")
    if params["bindNum"] == params.get("virtualNum") and choice != "accept":
        raise Refusal(choice, "bindNum must not be the X number itself.", "AXE-OPEN-032")
    _check_both_times(params, "AXE-BIND-113")
    if "bindExpiredTime" in params and "callbackExpiredTime" not in params:
        unit = axe_times.unit_of(params) or axe_times.HOURS
        _check_default_time(assumptions, axe_times.seconds(int(params["bindExpiredTime"]), unit))


def _check_choice_of_x(assumptions: Assumptions, params: Params) -> None:
    """Judge how the X is to be found (AXE-OPEN-013, AXE-OPEN-014)."""
    if "areaCode" in params:
        return
    choice = assumptions.text("axe.bind_without_x")
    if "virtualNum" not in params and choice != "any":
        raise Refusal(choice, "Give virtualNum or areaCode.", "AXE-OPEN-013")
    choice = assumptions.text("axe.area_mode_without_area")
    if "areaMatchMode" in params and choice != "ignore":
        raise Refusal(choice, "areaMatchMode needs areaCode beside it.", "AXE-OPEN-014")


def _check_common(assumptions: Assumptions, params: Params) -> None:
    """Judge what a bind and a modify may carry alike."""
    check_user(assumptions, params, "callbackNum", "AXE-OPEN-033", "axe.service_callback_num")
    check_user_data(assumptions, params)


_LONGER: Final = "callbackExpiredTime must not be longer than bindExpiredTime."


def _check_both_times(params: Params, rule: str) -> None:
    """Judge two times of one request, which have one unit (AXE-BIND-113, AXE-MODIFY-105)."""
    callback, bind = params.get("callbackExpiredTime"), params.get("bindExpiredTime")
    if callback is not None and bind is not None and axe_times.too_long(int(callback), int(bind)):
        raise Refusal("403/1010002", _LONGER, rule)


def _check_default_time(assumptions: Assumptions, bind: int) -> None:
    """Judge a lifetime, in seconds, beside the default of a record's (AXE-OPEN-055)."""
    default = axe_times.seconds(assumptions.number("axe.callback_expired_default"), axe_times.HOURS)
    choice = assumptions.text("axe.callback_default_longer")
    if choice not in ("accept", "as_carried") and axe_times.too_long(default, bind):
        raise Refusal(choice, _LONGER, "AXE-OPEN-055")


def _check_modify(assumptions: Assumptions, params: Params) -> None:
    check_selector(MODIFY)(assumptions, params)
    _check_common(assumptions, params)
    _check_both_times(params, "AXE-MODIFY-105")
    choice = assumptions.text("axe.modify_user_data")
    if "userData" in params and choice not in ("change", "ignore"):
        raise Refusal(choice, "userData cannot be modified; leave it out.", "AXE-OPEN-051")
    if params.keys() <= _SELECTORS and assumptions["axe.modify_nothing"] != "success":
        what = "Give at least one field to change besides the selector."
        raise Refusal(assumptions.text("axe.modify_nothing"), what, "AXE-OPEN-018")


# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class BindRequest(NamedTuple):
    """A bind on a certain X, not yet granted. `digits` is the extension asked for, None for any."""

    world: World
    app: Application
    x: XNumber
    a: str
    digits: str | None
    record: bool
    display: int


def _is_full(request: BindRequest) -> bool:
    return request.x.extensions is not None and request.x.extensions.is_full


def _is_unrecordable(request: BindRequest) -> bool:
    return request.record and not request.app.recording


def _is_blocked(request: BindRequest) -> bool:
    return request.x.status != NORMAL


def _is_taken(request: BindRequest) -> bool:
    return request.x.extensions is not None and request.digits in request.x.extensions.by_digits


def _is_bound(request: BindRequest) -> bool:
    return request.x.extensions is not None and request.a in request.x.extensions.by_user


def _shows_caller(request: BindRequest) -> bool:
    return request.display == _REAL_CALLER


class Fault(NamedTuple):
    """Something that may stand against a bind on a given X; `code` is a result code or the assumption that holds it.

    It does not stand where the assumption's reading is no code.
    """

    stands: Callable[[BindRequest], bool]
    code: str
    text: str
    rule: str


_RECORDING_NEEDS: Final = "recordFlag needs recording to be on."
_DISPLAY_NEEDS: Final = "displayNumMode must be 0."

#: By the words of axe.bind_faults, in the order of its default.
BIND_FAULTS: Final = {
    "full": Fault(_is_full, "axe.full_x", "Every extension of virtualNum is bound.", "AXE-BIND-106"),
    "recording": Fault(_is_unrecordable, "axe.recording_not_open", _RECORDING_NEEDS, "AXE-BIND-021"),
    "blocked": Fault(_is_blocked, "axe.blocked_x", "virtualNum is suspended, unavailable or frozen.", "AXE-BIND-029"),
    "extension": Fault(_is_taken, "axe.extension_taken", "extendNum is bound on this virtualNum.", "AXE-BIND-103"),
    "user": Fault(_is_bound, "axe.same_a_again", "bindNum has an extension on this virtualNum.", "AXE-BIND-005"),
    "display": Fault(_shows_caller, "axe.display_real_caller", _DISPLAY_NEEDS, "AXE-OPEN-015"),
}


@cache
def _faults(order: str) -> tuple[str, ...]:
    return tuple(order.split())


def _refuse_unless_granted(assumptions: Assumptions, code: str, what: str, rule: str) -> None:
    """Refuse with a code, or with the one that an assumption holds, unless its reading lets the request pass."""
    key = assumptions.text(code) if code in assumptions else code
    if key not in _PASSES:
        raise Refusal(key, what, rule)


#: Assumptions that are no result codes: the request passes.
_PASSES: Final = frozenset({"success", "accept", "ignore", "intercept"})


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A to an extension of an X that is given or picked (AXE-BIND-001, AXE-BIND-011)."""
    assumptions = world.assumptions
    check_tones(app, params, "AXE-BIND-030")
    digits = _wanted_digits(assumptions, app, params)
    number = params.get("virtualNum")
    x = _picked_x(world, app, params) if number is None else _own_x(world, app, number)
    record, display = flag(params.get("recordFlag")), int(params.get("displayNumMode", 0))
    request = BindRequest(world, app, x, params["bindNum"], digits, record, display)
    for word in _faults(assumptions.text("axe.bind_faults")):
        stands, code, what, rule = BIND_FAULTS[word]
        if stands(request):
            _refuse_unless_granted(assumptions, code, what, rule)
    extensions = Extensions.of(x, world.identity)
    if digits is None:
        digits = extensions.free_one(assumptions.text("axe.extension_order"), world.identity)
    digits = sys.intern(digits)
    binding = Extension(world.identity.subscription_id(), x, params["bindNum"], digits, world.now_ms)
    _set_fields(binding, params)
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
    """Return the extension that the request may choose, None where the platform picks (AXE-BIND-101, AXE-BIND-102)."""
    digits: str | None = params.get("extendNum")
    if digits is None or ("virtualNum" not in params and assumptions["axe.extension_with_area"] == "ignore"):
        return None
    if len(digits) != app.extension_digits:
        what = f"extendNum must have as many digits as the application's extensions: {app.extension_digits}."
        raise Refusal("403/1010002", what, "AXE-BIND-104")
    if not int(digits):
        _refuse_unless_granted(assumptions, "axe.zero_extension", "extendNum must not be zero.", "AXE-OPEN-012")
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


def _picked_x(world: World, app: Application, params: Params) -> XNumber:
    """Return an X by areaCode, or any of the application (AXE-BIND-011 to AXE-BIND-013, AXE-OPEN-013)."""
    assumptions = world.assumptions
    a, area = params["bindNum"], params.get("areaCode")
    x_is_no_user = assumptions["axe.a_equals_x"] != "accept"

    def fit(x: XNumber) -> Fit:
        held = x.extensions
        if x.status != NORMAL or (x_is_no_user and x.number == a) or (held is not None and held.is_full):
            return Fit.UNUSABLE
        return Fit.CONFLICT if held is not None and a in held.by_user else Fit.FREE

    where = tiers(
        app, None if area is None else numbers.normal_area(area), loose=int(params.get("areaMatchMode", 0)) == 1
    )
    x = pick_x(where, world.identity, fit)
    if not isinstance(x, Fit):
        return x
    if x is Fit.CONFLICT:
        what = "Every free X in that area has an extension of bindNum already."
        raise Refusal(assumptions.text("axe.area_conflict"), what, "AXE-OPEN-035")
    what = "No X in that area can take the binding; see areaCode and areaMatchMode."
    raise Refusal(assumptions.text("axe.no_x_in_area"), what, "AXE-BIND-012")


def _set_fields(binding: Extension, params: Params) -> None:
    """Write what a bind or modify carries into the binding; what it does not carry stays (AXE-MODIFY-006)."""
    get = params.get
    if (display := get("displayNumMode")) is not None:
        binding.display = int(display)
    if (record := get("recordFlag")) is not None:
        binding.record = flag(record)
    if (tone := get("recordHintTone")) is not None:
        binding.record_tone = sys.intern(tone) or None
    if (tone := get("callbackTone")) is not None:
        binding.callback_tone = sys.intern(tone) or None
    if (number := get("callbackNum")) is not None:
        binding.callback_num = number or None
    if (user_data := get("userData")) is not None:
        binding.user_data = user_data


def _set_times(assumptions: Assumptions, binding: Extension, params: Params) -> None:
    """Set the times of a bind and their defaults (AXE-LIFE-001 to AXE-LIFE-002, AXE-OPEN-001)."""
    binding.unit = binding.shown_unit = axe_times.unit_of(params)
    unit = binding.unit or axe_times.HOURS
    if (time := params.get("bindExpiredTime")) is not None:
        binding.bound_time = binding.shown_time = int(time)
    if (time := params.get("callbackExpiredTime")) is not None:
        binding.callback_time, binding.callback_unit = int(time), unit
    elif assumptions["axe.callback_default_longer"] == "as_carried":
        binding.callback_time, binding.callback_unit = axe_times.written_default(assumptions, binding), unit
    binding.duration = axe_times.seconds(axe_times.bind_time(assumptions, binding), unit)


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve one binding; calls in progress go on (AXE-UNBIND-001, AXE-UNBIND-101, AXE-CALL-009)."""
    binding = own_binding(world, app, params, UNBIND)
    _check_blocked(world.assumptions, binding.x)
    world.unbind(binding)
    return {}


def _check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    if x.status in NO_CALLS:
        what = "The X of the binding is suspended or unavailable."
        _refuse_unless_granted(assumptions, "axe.blocked_x_changes", what, "AXE-OPEN-030")


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class NewTimes(NamedTuple):
    """The times of a binding after a modify, None = as before.

    `bind` is the lifetime in seconds, `shown` and `shown_unit` are what queries may show of it, `carried_unit` is the
    timeUnit of the request; `callback` is callbackExpiredTime and `callback_unit` its unit.
    """

    bind: int | None
    shown: int | None
    shown_unit: int | None
    callback: int | None
    callback_unit: int
    carried_unit: int | None


def _modify(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Change what the request carries and nothing else (AXE-MODIFY-101 to AXE-MODIFY-104)."""
    assumptions = world.assumptions
    check_tones(app, params, "AXE-BIND-030")
    binding = own_binding(world, app, params, MODIFY)
    if flag(params.get("recordFlag")) and not app.recording:
        _refuse_unless_granted(assumptions, "axe.recording_not_open", _RECORDING_NEEDS, "AXE-MODIFY-011")
    if int(params.get("displayNumMode", 0)) == _REAL_CALLER:
        _refuse_unless_granted(assumptions, "axe.display_real_caller", _DISPLAY_NEEDS, "AXE-OPEN-015")
    times = _new_times(assumptions, binding, params)
    _check_blocked(assumptions, binding.x)
    ignored = {"userData"} if assumptions["axe.modify_user_data"] == "ignore" else set()
    if params.get("recordHintTone") == "" and assumptions["axe.modify_empty_tone"] == "unchanged":
        ignored.add("recordHintTone")
    _set_fields(binding, {name: value for name, value in params.items() if name not in ignored})
    if "callbackTone" in params or "callbackNum" in params:
        tone_alone = bool(params.get("callbackTone")) and "callbackNum" not in params
        binding.tone_first = tone_alone and assumptions["axe.modify_tone_beside_number"] == "tone"
    _apply_times(world, binding, times)
    return {}


def _new_times(assumptions: Assumptions, binding: Extension, params: Params) -> NewTimes:
    """Return the times as they will be (AXE-LIFE-003, AXE-OPEN-004, AXE-OPEN-021, AXE-OPEN-036).

    Raises:
        Refusal: a record would outlive its binding.
    """
    carried = axe_times.unit_of(params)
    unit = carried
    if unit is None:
        unit = axe_times.HOURS if assumptions["axe.modify_unit_absent"] == "hours" else binding.unit or axe_times.HOURS
    bind, shown = None, params.get("bindExpiredTime")
    if shown is not None:
        shown = int(shown)
        bind = axe_times.seconds(shown, unit)
    callback, callback_unit = params.get("callbackExpiredTime"), unit
    if callback is not None:
        callback = int(callback)
    elif carried is not None and binding.callback_time is not None:
        reinterpreted = assumptions["axe.callback_unit_after_modify"] == "reinterpreted"
        callback, callback_unit = (binding.callback_time, carried) if reinterpreted else (None, unit)
    if bind is not None or callback is not None:
        lasts, lasts_unit = callback, callback_unit
        if lasts is None:
            lasts, lasts_unit = binding.callback_time, binding.callback_unit
        _check_new_times(assumptions, lasts, lasts_unit, bind if bind is not None else binding.duration or 0)
    return NewTimes(bind, shown, carried if shown is None else unit, callback, callback_unit, carried)


def _show_times(assumptions: Assumptions, binding: Extension, times: NewTimes) -> None:
    """Set what queries show of the times after a modify (axe.query_times_after_modify)."""
    choice = assumptions["axe.query_times_after_modify"]
    if choice == "current":
        binding.shown_time = binding.shown_time if times.shown is None else times.shown
        binding.shown_unit = binding.shown_unit if times.shown_unit is None else times.shown_unit
    elif choice == "bind_where_carried" and times.shown is not None:
        # The pair of the bind, if the bind carried what the modify carries; time and unit always belong together.
        both = binding.bound_time is not None and (times.carried_unit is None or binding.unit is not None)
        binding.shown_time = binding.bound_time if both else times.shown
        binding.shown_unit = binding.unit if both else times.shown_unit


def _check_new_times(assumptions: Assumptions, callback: int | None, unit: int, bind: int) -> None:
    """Judge the times that a modify brings about; `bind` is in seconds (AXE-OPEN-004, AXE-OPEN-055)."""
    if callback is None:
        _check_default_time(assumptions, bind)
        return
    choice = assumptions.text("axe.callback_longer_than_bind")
    if choice != "accept" and axe_times.too_long(axe_times.seconds(callback, unit), bind):
        raise Refusal(choice, _LONGER, "AXE-OPEN-004")


def _apply_times(world: World, binding: Extension, times: NewTimes) -> None:
    assumptions = world.assumptions
    _show_times(assumptions, binding, times)
    if times.callback is not None:
        binding.callback_time, binding.callback_unit = times.callback, times.callback_unit
        last = binding.last_call
        if last is not None and assumptions["axe.callback_expiry_change"] == "existing":
            binding.last_call = axe_times.record(assumptions, binding, last.caller, last.written_ms)
    if times.bind is not None:
        binding.duration = times.bind
        if assumptions["axe.modify_expiry_start"] == "modify":
            binding.subscribed_ms = world.now_ms
        world.restart_countdown(binding)
        world.run_due()


HANDLERS: Final = {
    "axe.bind": Handler(_bind, check=_check_bind),
    "axe.unbind": Handler(_unbind, narrow=narrow_selector, check=check_selector(UNBIND)),
    "axe.modify": Handler(
        _modify,
        narrow=narrow_selector,
        check=_check_modify,
        clears=frozenset({"callbackTone", "callbackNum", "recordHintTone"}),
    ),
}
