"""Strategies for AXE.

Settings, changes and plans of calls out of small pools, so that things collide.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from privnum.suites.checks.state_machine.strategies import LEFT_OUT, carried_fields, choose_offered
from privnum.suites.target.tones import HINT, WAIT

__all__ = ["Entry", "behaviours", "bind_settings", "changes", "entries", "times"]

Fields = dict[str, Any]
Entry = int | str
"""What a caller enters: a text as it stands, or the extension of a binding by its place among the live ones."""

UNITS = (LEFT_OUT, LEFT_OUT, "0", "1", "1", 1)
LIVES = (LEFT_OUT, LEFT_OUT, 0, 0, 1, 2, 5, 100)
CALLBACKS = (LEFT_OUT, 0, 1, 1, 1, 2, 24)
MODES = (LEFT_OUT,) * 6 + ("0", 0, "1")
RECORDING = (LEFT_OUT, LEFT_OUT, "true", "false", True, False)
TONES = (LEFT_OUT, LEFT_OUT, LEFT_OUT, WAIT, HINT)
CALLBACK_NUMBERS = (LEFT_OUT, LEFT_OUT, LEFT_OUT, 0, 1)
"""Places of a mobile and of a fixed line among the numbers of others."""
USER_DATA = (LEFT_OUT, "order-1", "order-2")
CLEARED = ("", "")
WITHOUT = (LEFT_OUT,) * 6
"""Weight of leaving a field of a modify out."""

BEHAVIOURS: tuple[Fields, ...] = (
    {},
    {"hang_up_after": 7},
    {"hang_up_after": 1},
    {"ring_after": 0, "answer_after": 0, "hang_up_after": 5},
    {"ring_after": 4, "answer_after": 20, "hang_up_after": 30},
    {"caller_hangs_up_after": 1},
    {"caller_hangs_up_after": 3},
    {"caller_hangs_up_after": 5},
    {"caller_hangs_up_after": 13},
    {"digits_after": 5, "hang_up_after": 3},
    {"digits_after": 9},
    {"digits_after": 11},
    {"behaviour": "busy"},
    {"behaviour": "reject"},
    {"behaviour": "no_answer"},
    {"behaviour": "powered_off"},
    {"behaviour": "unregistered"},
    {"behaviour": "unreachable", "ring_after": 5},
    {"behaviour": "silent"},
)


def behaviours() -> st.SearchStrategy[Fields]:
    """Parts of a plan.

    How long the caller takes and stays, and what the callee does.
    """
    return choose_offered(BEHAVIOURS, lambda plan: plan.get("behaviour"))


def entries(extensions: tuple[str, ...]) -> st.SearchStrategy[list[Entry]]:
    """What a caller enters at each prompt.

    Mostly the extension of a live binding.
    """
    live = st.integers(0, 11)
    texts = st.sampled_from((*extensions, "", "1", "12", extensions[0] + "42"))
    return st.lists(live | texts, max_size=3)


def _with_announcement(fields: Fields) -> Fields:
    """A recording with a tone that announces it."""
    return {"recordHintTone": HINT} | fields if fields.get("recordFlag") in ("true", True) else fields


SETTINGS: dict[str, tuple[Any, ...]] = {
    "timeUnit": UNITS,
    "bindExpiredTime": LIVES,
    "callbackExpiredTime": CALLBACKS,
    "displayNumMode": MODES,
    "recordFlag": RECORDING,
    "callbackTone": TONES,
    "callbackNum": CALLBACK_NUMBERS,
    "userData": USER_DATA,
}
TIMES = {"timeUnit": UNITS, "bindExpiredTime": LIVES, "callbackExpiredTime": (LEFT_OUT, LEFT_OUT, *CALLBACKS)}


def bind_settings() -> st.SearchStrategy[Fields]:
    """Settings of a bind, each left out now and then."""
    return carried_fields(SETTINGS).map(_with_announcement)


def times() -> st.SearchStrategy[Fields]:
    """The times of a modify, each left out now and then."""
    return carried_fields(TIMES)


def changes() -> st.SearchStrategy[Fields]:
    """Settings of a modify, most of them left out.

    What a binding has beside the flags can be cleared.
    """
    pools = {name: WITHOUT + pool for name, pool in SETTINGS.items()}
    pools |= {name: pools[name] + CLEARED for name in ("callbackTone", "callbackNum")}
    return carried_fields(pools).map(_with_announcement)
