"""AXB: what a bind and a modify have in common."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.parameters import flag

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axb.bindings import Pair

__all__ = ["USERS", "check_blocked", "check_not_x", "set_fields"]


USERS: Final = ("callerNum", "calleeNum")


def check_not_x(assumptions: Assumptions, x: str, *users: str) -> None:
    """Check that the users are not the X itself (AXB-OPEN-003)."""
    choice = assumptions.text("axb.a_equals_x")
    if x in users and choice != "accept":
        raise Refusal(choice, "callerNum and calleeNum must not be the X number itself.", "AXB-OPEN-003")


def set_fields(binding: Pair, params: Params) -> None:
    """Write what a bind or modify carries into the binding; what it does not carry stays (AXB-MODIFY-006)."""
    get = params.get
    if (direction := get("callDirection")) is not None:
        binding.direction = int(direction)
    if (seconds := get("duration")) is not None:
        binding.duration = int(seconds)
    if (minutes := get("maxDuration")) is not None:
        binding.max_duration = int(minutes)
    if (record := get("recordFlag")) is not None:
        binding.record = flag(record)
    if (sms := get("privateSms")) is not None:
        binding.private_sms = flag(sms)
    if (tone := get("recordHintTone")) is not None:
        binding.record_tone = sys.intern(tone)
    if (tone := get("lastMinVoice")) is not None:
        binding.last_minute_tone = sys.intern(tone) or None
    if (tones := get("preVoice")) is not None:
        if (tone := tones.get("callerHintTone")) is not None:
            binding.caller_tone = tone or None
        if (tone := tones.get("calleeHintTone")) is not None:
            binding.callee_tone = tone or None
    if (user_data := get("userData")) is not None:
        binding.user_data = user_data


def check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    """Check that a binding on this X can be dissolved and changed (binding.blocked_x_changes)."""
    choice = assumptions.text("binding.blocked_x_changes")
    if x.status in NO_CALLS and choice != "success":
        raise Refusal(choice, "The X of the binding is suspended or unavailable.", "AXB-OPEN-027")
