"""Strategies for AXE: settings, changes and plans of calls out of small pools, so that things collide."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from privnum.suites.target.tones import HINT, WAIT

__all__ = ["Entry", "behaviours", "bind_settings", "changes", "entries", "places", "times", "waits"]

Fields = dict[str, Any]
Entry = int | str
"""What a caller enters: a text as it stands, or the extension of a binding by its place among the live ones."""

LEFT_OUT = object()
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
    {"behaviour": "unreachable", "ring_after": 5},
    {"behaviour": "silent"},
)


def places(count: int) -> st.SearchStrategy[int]:
    """A place in a pool of `count`."""
    return st.integers(0, count - 1)


def behaviours() -> st.SearchStrategy[Fields]:
    """Parts of a plan: how long the caller takes and stays, and what the callee does."""
    return st.sampled_from(BEHAVIOURS)


def entries(extensions: tuple[str, ...]) -> st.SearchStrategy[list[Entry]]:
    """What a caller enters at each prompt: mostly the extension of a live binding."""
    live = st.integers(0, 11)
    texts = st.sampled_from((*extensions, "", "1", "12", extensions[0] + "42"))
    return st.lists(live | texts, max_size=3)


def waits() -> st.SearchStrategy[int]:
    """Seconds in which a call goes on a little; now and then hours, or years."""
    return st.sampled_from((1, 1, 2, 2, 3, 5, 10, 10, 30, 60, 120, 3600, 86400, 1000 * 86400))


def _without_gaps(fields: Fields) -> Fields:
    kept = {name: value for name, value in fields.items() if value is not LEFT_OUT}
    if kept.get("recordFlag") in ("true", True):
        kept.setdefault("recordHintTone", HINT)
    return kept


def bind_settings() -> st.SearchStrategy[Fields]:
    """Settings of a bind, each left out now and then."""
    fields = {
        "timeUnit": st.sampled_from(UNITS),
        "bindExpiredTime": st.sampled_from(LIVES),
        "callbackExpiredTime": st.sampled_from(CALLBACKS),
        "displayNumMode": st.sampled_from(MODES),
        "recordFlag": st.sampled_from(RECORDING),
        "callbackTone": st.sampled_from(TONES),
        "callbackNum": st.sampled_from(CALLBACK_NUMBERS),
        "userData": st.sampled_from(USER_DATA),
    }
    return st.fixed_dictionaries(fields).map(_without_gaps)


def times() -> st.SearchStrategy[Fields]:
    """The times of a modify, each left out now and then."""
    fields = {
        "timeUnit": st.sampled_from(UNITS),
        "bindExpiredTime": st.sampled_from(LIVES),
        "callbackExpiredTime": st.sampled_from((LEFT_OUT, LEFT_OUT, *CALLBACKS)),
    }
    return st.fixed_dictionaries(fields).map(_without_gaps)


def changes() -> st.SearchStrategy[Fields]:
    """Settings of a modify, most of them left out."""
    fields = {
        "timeUnit": st.sampled_from(WITHOUT + UNITS),
        "bindExpiredTime": st.sampled_from(WITHOUT + LIVES),
        "callbackExpiredTime": st.sampled_from(WITHOUT + CALLBACKS),
        "displayNumMode": st.sampled_from(WITHOUT + MODES),
        "recordFlag": st.sampled_from(WITHOUT + RECORDING),
        "callbackTone": st.sampled_from(WITHOUT + TONES + CLEARED),
        "callbackNum": st.sampled_from(WITHOUT + CALLBACK_NUMBERS + CLEARED),
        "userData": st.sampled_from(WITHOUT + USER_DATA),
    }
    return st.fixed_dictionaries(fields).map(_without_gaps)
