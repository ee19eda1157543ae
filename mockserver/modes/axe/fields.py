"""AXE: what a bind and a modify have in common."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.parameters import check_user, check_user_data, flag

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension

__all__ = [
    "DISPLAY_NEEDS",
    "LONGER",
    "REAL_CALLER",
    "RECORDING_NEEDS",
    "check_blocked",
    "check_both_times",
    "check_common",
    "check_default_time",
    "refuse_unless_granted",
    "set_fields",
]


#: displayNumMode of an A who is to see the real caller.
REAL_CALLER: Final = 1


def check_common(assumptions: Assumptions, params: Params) -> None:
    """Check what a bind and a modify may carry alike."""
    check_user(assumptions, params, "callbackNum", "AXE-OPEN-033", "axe.service_callback_num")
    check_user_data(assumptions, params)


LONGER: Final = "callbackExpiredTime must not be longer than bindExpiredTime."


def check_both_times(params: Params, rule: str) -> None:
    """Check two times of one request, which have one unit.

    AXE-BIND-113, AXE-MODIFY-105.
    """
    callback, bind = params.get("callbackExpiredTime"), params.get("bindExpiredTime")
    if callback is not None and bind is not None and axe_times.too_long(int(callback), int(bind)):
        raise Refusal("403/1010002", LONGER, rule)


def check_default_time(assumptions: Assumptions, bind: int) -> None:
    """Compare a lifetime, in seconds, with the default of a record's.

    AXE-OPEN-055.
    """
    default = axe_times.seconds(assumptions.number("axe.callback_expired_default"), axe_times.HOURS)
    choice = assumptions.text("axe.callback_default_longer")
    if choice not in ("accept", "as_carried") and axe_times.too_long(default, bind):
        raise Refusal(choice, LONGER, "AXE-OPEN-055")


RECORDING_NEEDS: Final = "recordFlag needs recording to be on."


DISPLAY_NEEDS: Final = "displayNumMode must be 0."


def refuse_unless_granted(assumptions: Assumptions, code: str, what: str, rule: str) -> None:
    """Refuse with a code unless the assumption's choice lets it pass.

    The assumption may hold the code itself.
    """
    key = assumptions.text(code) if code in assumptions else code
    if key not in _PASSES:
        raise Refusal(key, what, rule)


#: Assumptions that are no result codes: the request passes.
_PASSES: Final = frozenset({"success", "accept", "ignore", "intercept"})


def set_fields(binding: Extension, params: Params) -> None:
    """Write what a bind or modify carries into the binding.

    What it does not carry stays (AXE-MODIFY-006).
    """
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


def check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    """Check that a binding on this X can be dissolved and changed.

    binding.blocked_x_changes.
    """
    if x.status in NO_CALLS:
        what = "The X of the binding is suspended or unavailable."
        refuse_unless_granted(assumptions, "binding.blocked_x_changes", what, "COM-OPEN-074")
