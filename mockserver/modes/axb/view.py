"""AXB: a binding as a query shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.timestamps import stamp

if TYPE_CHECKING:
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.bindings import Pair

__all__ = ["shown"]

#: What holds where a bind or modify never set it (AXB-BIND-017, AXB-LIFE-002); other fields have no default.
_IN_FORCE: Final = (
    ("recordFlag", "false"),
    ("callDirection", 0),
    ("duration", 0),
    ("maxDuration", 0),
    ("privateSms", "true"),
)
_ZONES: Final[dict[str | int, int]] = {"utc": 0, "utc+8": 8 * 3_600_000}


def shown(assumptions: Assumptions, binding: Pair) -> dict[str, Any]:
    """Return a binding as a query shows it (AXB-QUERY-002, AXB-QUERY-003)."""
    tones = {}
    if binding.caller_tone is not None:
        tones["callerHintTone"] = binding.caller_tone
    if binding.callee_tone is not None:
        tones["calleeHintTone"] = binding.callee_tone
    fields: dict[str, Any] = {
        "subscriptionId": binding.subscription_id,
        "relationNum": binding.x.number,
        "callerNum": binding.a,
        "calleeNum": binding.b,
        "recordFlag": _word(binding.record),
        "recordHintTone": binding.record_tone,
        "subscribeTime": stamp(binding.subscribed_ms + _ZONES[assumptions["axb.subscribe_time_zone"]]),
        "callDirection": binding.direction,
        "duration": binding.duration,
        "maxDuration": binding.max_duration,
        "lastMinVoice": binding.last_minute_tone,
        "privateSms": _word(binding.private_sms),
        "preVoice": tones or None,
        "userData": binding.user_data,
    }
    if assumptions["axb.query_unset_fields"] == "defaults":
        for name, in_force in _IN_FORCE:
            if fields[name] is None:
                fields[name] = in_force
    return {name: value for name, value in fields.items() if value is not None}


def _word(flag: bool | None) -> str | None:
    return None if flag is None else "true" if flag else "false"
