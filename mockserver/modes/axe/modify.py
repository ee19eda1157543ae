"""AXE: modify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axe import fields
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.selectors import MODIFY, check_selector, narrow_selector, own_binding
from privnum.mockserver.modes.parameters import check_tones, flag

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


_SELECTORS: Final = frozenset({"subscriptionId", "virtualNum", "extendNum"})


def _check_modify(assumptions: Assumptions, params: Params) -> None:
    check_selector(MODIFY)(assumptions, params)
    fields.check_common(assumptions, params)
    fields.check_both_times(params, "AXE-MODIFY-105")
    choice = assumptions.text("axe.modify_user_data")
    if "userData" in params and choice not in ("change", "ignore"):
        raise Refusal(choice, "userData cannot be modified; leave it out.", "AXE-OPEN-051")
    if params.keys() <= _SELECTORS and assumptions["binding.modify_nothing"] != "success":
        what = "Give at least one field to change besides the selector."
        raise Refusal(assumptions.text("binding.modify_nothing"), what, "COM-OPEN-062")


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
    """Change what the request carries and nothing else.

    AXE-MODIFY-101, AXE-MODIFY-102, AXE-MODIFY-103, AXE-MODIFY-104.
    """
    assumptions = world.assumptions
    check_tones(app, params, "AXE-BIND-030")
    binding = own_binding(world, app, params, MODIFY)
    if flag(params.get("recordFlag")) and not app.recording:
        fields.refuse_unless_granted(assumptions, "axe.recording_not_open", fields.RECORDING_NEEDS, "AXE-MODIFY-011")
    if int(params.get("displayNumMode", 0)) == fields.REAL_CALLER:
        fields.refuse_unless_granted(assumptions, "axe.display_real_caller", fields.DISPLAY_NEEDS, "AXE-OPEN-015")
    times = _new_times(assumptions, binding, params)
    fields.check_blocked(assumptions, binding.x)
    ignored = {"userData"} if assumptions["axe.modify_user_data"] == "ignore" else set()
    if params.get("recordHintTone") == "" and assumptions["axe.modify_empty_tone"] == "unchanged":
        ignored.add("recordHintTone")
    fields.set_fields(binding, {name: value for name, value in params.items() if name not in ignored})
    if "callbackTone" in params or "callbackNum" in params:
        tone_alone = bool(params.get("callbackTone")) and "callbackNum" not in params
        binding.tone_first = tone_alone and assumptions["axe.modify_tone_beside_number"] == "tone"
    _apply_times(world, binding, times)
    return {}


def _new_times(assumptions: Assumptions, binding: Extension, params: Params) -> NewTimes:
    """Return the times as they will be.

    AXE-LIFE-003, AXE-OPEN-004, AXE-OPEN-021, AXE-OPEN-036.

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
    """Set what queries show of the times after a modify.

    axe.query_times_after_modify.
    """
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
    """Check the times that a modify brings about; `bind` is in seconds.

    AXE-OPEN-004, AXE-OPEN-055.
    """
    if callback is None:
        fields.check_default_time(assumptions, bind)
        return
    choice = assumptions.text("axe.callback_longer_than_bind")
    if choice != "accept" and axe_times.too_long(axe_times.seconds(callback, unit), bind):
        raise Refusal(choice, fields.LONGER, "AXE-OPEN-004")


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


HANDLER: Final = Handler(
    _modify,
    narrow=narrow_selector,
    check=_check_modify,
    clears=frozenset({"callbackTone", "callbackNum", "recordHintTone"}),
)
