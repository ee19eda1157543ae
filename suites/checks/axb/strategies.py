"""Strategies for AXB.

Numbers out of integers, settings and plans out of small pools, so that things collide.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from privnum.suites.checks.state_machine.strategies import (
    FLAGS,
    LEFT_OUT,
    USER_DATA,
    VOICES,
    WITHOUT,
    carried_fields,
    with_announcement,
    with_voice,
)
from privnum.suites.printed.areas import AREA_CODES

__all__ = ["bind_settings", "changes", "fixed_lines", "mobiles"]

Fields = dict[str, Any]

DIRECTIONS = (LEFT_OUT, LEFT_OUT, 0, 1, 2)
DURATIONS = (LEFT_OUT, LEFT_OUT, 0, 5, 60, 61, 3600)
LIMITS = (LEFT_OUT, LEFT_OUT, 0, 1, 1, 2)


def mobiles(prefix: str = "+86138") -> st.SearchStrategy[str]:
    """Mobile numbers that begin so."""
    width = 14 - len(prefix)
    return st.integers(0, 10**width - 1).map(lambda n: f"{prefix}{n:0{width}d}")


def fixed_lines() -> st.SearchStrategy[str]:
    """Fixed lines of every area, with 7 or 8 digits."""
    areas = st.sampled_from(sorted(AREA_CODES))
    local = st.integers(2_000_000, 9_999_999) | st.integers(20_000_000, 99_999_999)
    return st.builds(lambda area, number: f"+86{area[1:]}{number}", areas, local)


SETTINGS: dict[str, tuple[Any, ...]] = {
    "callDirection": DIRECTIONS,
    "duration": DURATIONS,
    "maxDuration": LIMITS,
    "recordFlag": FLAGS,
    "privateSms": FLAGS,
    "userData": USER_DATA,
    "preVoice": VOICES,
}


def bind_settings() -> st.SearchStrategy[Fields]:
    """Settings of a bind, each left out now and then."""
    return carried_fields(SETTINGS).map(with_voice).map(with_announcement)


def changes() -> st.SearchStrategy[Fields]:
    """Settings of a modify, most of them left out."""
    return carried_fields({name: WITHOUT + pool for name, pool in SETTINGS.items()}).map(with_voice)
