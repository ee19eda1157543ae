"""Instants as text: UTC, whole seconds.

In the core an instant is an int, milliseconds since the Unix epoch.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

__all__ = ["LATEST_MS", "iso", "milliseconds", "parse_iso", "precise", "stamp"]

#: The last second that the four-digit year of the documents can name.
LATEST_MS = 253_402_300_799_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@lru_cache(maxsize=2048)
def _text(second: int, separator: str) -> str:
    second = min(max(second, 0), LATEST_MS // 1000)
    return (_EPOCH + timedelta(seconds=second)).isoformat(separator)[:19]


def stamp(ms: int) -> str:
    """Return `yyyy-MM-dd HH:mm:ss`, the form of times in messages.

    Events, CDRs and subscribeTime have it (EVENT-005).
    """
    return _text(ms // 1000, " ")


def iso(ms: int) -> str:
    """Return `yyyy-MM-ddTHH:mm:ssZ`, the form of Created (COM-PUSH-003)."""
    return _text(ms // 1000, "T") + "Z"


def milliseconds(ms: int) -> str:
    """Return `yyyy-MM-ddTHH:mm:ss.SSSZ`, the form of timeStamp of an SMS.

    AX-SMS-005.
    """
    return f"{_text(ms // 1000, 'T')}.{ms % 1000:03d}Z"


def precise(ms: int) -> str:
    """Return `iso`, with milliseconds where there are any.

    The form of the control plane.
    """
    text = iso(ms)
    return text if ms % 1000 == 0 else f"{text[:19]}.{ms % 1000:03d}Z"


@lru_cache(maxsize=64)
def parse_iso(text: str) -> int | None:
    """Return the instant of a text of the form `yyyy-MM-ddTHH:mm:ssZ`.

    None where `text` has another form.
    """
    if not _ISO.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    delta = moment - _EPOCH
    return (delta.days * 86400 + delta.seconds) * 1000
