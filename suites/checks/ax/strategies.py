"""Strategies for AX.

Settings, changes and temporary callees out of small pools, so that things collide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["bind_settings", "callee_settings", "changes"]

Fields = dict[str, Any]

CHANGEABLE: dict[str, tuple[Any, ...]] = {
    "callDirection": (LEFT_OUT, LEFT_OUT, 0, 1, 2),
    "maxDuration": (LEFT_OUT, LEFT_OUT, 0, 1, 1, 2),
    "recordFlag": FLAGS,
    "privateSms": FLAGS,
    "userData": USER_DATA,
    "turnFlag": (LEFT_OUT, LEFT_OUT, LEFT_OUT, "on", "off"),
}
SETTINGS = CHANGEABLE | {"preVoice": VOICES, "calleeNumDisplay": (LEFT_OUT, LEFT_OUT, LEFT_OUT, "0", 0, "1")}
CALLEES: dict[str, tuple[Any, ...]] = {
    "duration": (LEFT_OUT, LEFT_OUT, 1, 5, 30, 61, 3600, 259200),
    "userData": (LEFT_OUT, "call-1", "call-2"),
}


def bind_settings() -> st.SearchStrategy[Fields]:
    """Settings of a bind, each left out now and then."""
    return carried_fields(SETTINGS).map(with_voice).map(with_announcement)


def changes() -> st.SearchStrategy[Fields]:
    """Settings of a modify, most of them left out."""
    return carried_fields({name: WITHOUT + pool for name, pool in CHANGEABLE.items()})


def callee_settings() -> st.SearchStrategy[Fields]:
    """How long a temporary callee holds, and his userData."""
    return carried_fields(CALLEES)
