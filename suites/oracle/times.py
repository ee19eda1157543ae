"""Times as the platform writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from privnum.suites.oracle.calls import NEVER

__all__ = ["CHINA", "seconds", "time_text"]

CHINA = 8 * 3600
"""UTC+8 in seconds."""


def seconds(text: object) -> int | None:
    """Seconds since the epoch of a platform time, taken as UTC.

    `yyyy-MM-dd HH:mm:ss`; None if it has another form.
    """
    return _seconds(str(text))


@lru_cache(maxsize=4096)
def _seconds(text: str) -> int | None:
    """The same times come again and again, and strptime is slow."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def time_text(at: int | None) -> str:
    """The time as the platform writes it; "any" where none is expected."""
    return "any" if at is None or at == NEVER else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"
