"""Parts of answers that several modes share: times and flags of a binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.timestamps import stamp

if TYPE_CHECKING:
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["flag_text", "subscribe_time"]

_ZONES: Final[dict[str | int, int]] = {"utc": 0, "utc+8": 8 * 3_600_000}


def subscribe_time(assumptions: Assumptions, subscribed_ms: int) -> str:
    """Return subscribeTime of a query (binding.subscribe_time_zone)."""
    return stamp(subscribed_ms + _ZONES[assumptions["binding.subscribe_time_zone"]])


def flag_text(flag: bool | None) -> str | None:
    """Return a flag as answers write it; None where it was never set."""
    return None if flag is None else "true" if flag else "false"
