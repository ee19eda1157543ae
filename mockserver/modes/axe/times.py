"""The times of AXE.

Hours and minutes, what holds where nothing was carried, how long a call-back record lasts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.assumptions import end_of
from privnum.mockserver.modes.axe.bindings import LastCall

if TYPE_CHECKING:
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension

__all__ = ["HOURS", "bind_time", "callback_time", "record", "seconds", "too_long", "unit_of", "written_default"]

#: timeUnit of hours, which holds where none is carried (AXE-LIFE-101).
HOURS: Final = 0
_SECONDS: Final = (3600, 60)


def unit_of(params: Params) -> int | None:
    """Return the timeUnit that a request carries: 0 hours, 1 minutes."""
    unit = params.get("timeUnit")
    return None if unit is None else int(unit)


def seconds(time: int, unit: int) -> int:
    """Return a time in seconds (AXE-LIFE-101)."""
    return time * _SECONDS[unit]


def default_time(assumptions: Assumptions, name: str, unit: int) -> int:
    """Return a default of the register, which is in hours, in a unit.

    AXE-OPEN-001, AXE-OPEN-002.
    """
    return assumptions.number(name) * _SECONDS[HOURS] // _SECONDS[unit]


def bind_time(assumptions: Assumptions, extension: Extension) -> int:
    """Return bindExpiredTime as bound, or the default in its unit.

    Queries show it (AXE-OPEN-020).
    """
    if extension.shown_time is not None:
        return extension.shown_time
    return default_time(assumptions, "axe.bind_expired_default", extension.shown_unit or HOURS)


def callback_time(assumptions: Assumptions, extension: Extension) -> int:
    """Return callbackExpiredTime in force.

    As it was carried, or the default in the unit of the bind.
    """
    if extension.callback_time is not None:
        return extension.callback_time
    return default_time(assumptions, "axe.callback_expired_default", extension.unit or HOURS)


def written_default(assumptions: Assumptions, extension: Extension) -> int | None:
    """Return the default of callbackExpiredTime as a bind writes it down.

    Not longer than its own (AXE-OPEN-055).
    """
    default, bind = callback_time(assumptions, extension), bind_time(assumptions, extension)
    return (min(default, bind) if bind else default) or None


def callback_seconds(assumptions: Assumptions, extension: Extension) -> int | None:
    """Return how long a record lasts.

    None not at all, 0 as long as the binding (AXE-OPEN-003).
    """
    if extension.callback_time is None:
        lasts = seconds(assumptions.number("axe.callback_expired_default"), HOURS)
    else:
        lasts = seconds(extension.callback_time, extension.callback_unit)
    return None if lasts == 0 and assumptions["axe.callback_expired_zero"] == "no_record" else lasts


def record(assumptions: Assumptions, extension: Extension, caller: str, written_ms: int) -> LastCall | None:
    """Return the call-back record of a call put through at an instant.

    AXE-CALLBACK-108.
    """
    lasts = callback_seconds(assumptions, extension)
    if lasts is None:
        return None
    return LastCall(caller, written_ms, end_of(assumptions, written_ms, lasts) if lasts else 0)


def too_long(callback: int | None, bind: int) -> bool:
    """Return whether a record would outlive its binding.

    Both in one unit, 0 = no end of its own.
    """
    return bool(bind and callback and callback > bind)
