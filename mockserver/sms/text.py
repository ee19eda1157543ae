"""In how many parts the text of an SMS is sent."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["parts"]


class _Limit(NamedTuple):
    """Characters of a whole SMS, and of each part of a longer one."""

    whole: int
    part: int


_ENGLISH: Final = _Limit(160, 154)
_CHINESE: Final = _Limit(70, 67)


def parts(text: str) -> int:
    """Return how many SMS a text is (AX-SMS-006)."""
    limit = _ENGLISH if text.isascii() else _CHINESE
    return 1 if len(text) <= limit.whole else (len(text) + limit.part - 1) // limit.part
