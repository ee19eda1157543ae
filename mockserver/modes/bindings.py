"""What bindings of several modes hold alike.

Who may call, how long a call may last, what is heard and recorded.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.modes.parameters import flag

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Params

__all__ = ["DirectedBinding"]


class DirectedBinding(Binding):
    """A binding with a call direction, a maxDuration in minutes, and tones.

    AX and AXB have such.
    """

    __slots__ = ("callee_tone", "caller_tone", "direction", "last_minute_tone", "max_duration", "private_sms")

    def __init__(self, subscription_id: str, x: XNumber, a: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.direction: int | None = None
        self.max_duration: int | None = None
        self.private_sms: bool | None = None
        self.last_minute_tone: str | None = None
        self.caller_tone: str | None = None
        self.callee_tone: str | None = None

    def set_fields(self, params: Params) -> None:
        """Write what a bind or modify carries into the binding.

        What it does not carry stays (MODIFY-006).
        """
        get = params.get
        if (direction := get("callDirection")) is not None:
            self.direction = int(direction)
        if (minutes := get("maxDuration")) is not None:
            self.max_duration = int(minutes)
        if (record := get("recordFlag")) is not None:
            self.record = flag(record)
        if (sms := get("privateSms")) is not None:
            self.private_sms = flag(sms)
        if (tone := get("recordHintTone")) is not None:
            self.record_tone = sys.intern(tone)
        if (tone := get("lastMinVoice")) is not None:
            self.last_minute_tone = sys.intern(tone) or None
        if (tones := get("preVoice")) is not None:
            if (tone := tones.get("callerHintTone")) is not None:
                self.caller_tone = tone or None
            if (tone := tones.get("calleeHintTone")) is not None:
                self.callee_tone = tone or None
        if (user_data := get("userData")) is not None:
            self.user_data = user_data
