"""Strategies for AXB.

Numbers out of integers, settings and plans out of small pools, so that things collide.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from privnum.suites.checks.state_machine.strategies import LEFT_OUT, carried_fields
from privnum.suites.oracle.calls import CallPlan
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.target.tones import WAIT

__all__ = ["bind_settings", "changes", "fixed_lines", "mobiles", "plans"]

Fields = dict[str, Any]

DIRECTIONS = (LEFT_OUT, LEFT_OUT, 0, 1, 2)
DURATIONS = (LEFT_OUT, LEFT_OUT, 0, 5, 60, 61, 3600)
LIMITS = (LEFT_OUT, LEFT_OUT, 0, 1, 1, 2)
FLAGS = (LEFT_OUT, LEFT_OUT, "true", "false", True, False)
USER_DATA = (LEFT_OUT, "order-1", "order-2")
VOICES = (LEFT_OUT, LEFT_OUT, ("callerHintTone",), ("calleeHintTone",), ("callerHintTone", "calleeHintTone"))
WITHOUT = (LEFT_OUT, LEFT_OUT, LEFT_OUT, LEFT_OUT)
"""Weight of leaving a field of a modify out."""

PLANS = (
    CallPlan(),
    CallPlan(),
    CallPlan(ring_after=3, answer_after=10),
    CallPlan(hang_up_after=7),
    CallPlan(hang_up_after=1),
    CallPlan(hang_up_after=100),
    CallPlan(ring_after=4, answer_after=20, hang_up_after=30),
    CallPlan(caller_hangs_up_after=1),
    CallPlan(caller_hangs_up_after=3),
    CallPlan(caller_hangs_up_after=9),
    CallPlan("busy"),
    CallPlan("reject"),
    CallPlan("no_answer"),
    CallPlan("no_answer", caller_hangs_up_after=10),
    CallPlan("powered_off"),
    CallPlan("out_of_service"),
    CallPlan("not_exist"),
    CallPlan("unreachable", ring_after=5),
    CallPlan("silent"),
    CallPlan("silent", caller_hangs_up_after=40),
)


def mobiles(prefix: str = "+86138") -> st.SearchStrategy[str]:
    """Mobile numbers that begin so."""
    width = 14 - len(prefix)
    return st.integers(0, 10**width - 1).map(lambda n: f"{prefix}{n:0{width}d}")


def fixed_lines() -> st.SearchStrategy[str]:
    """Fixed lines of every area, with 7 or 8 digits."""
    areas = st.sampled_from(sorted(AREA_CODES))
    local = st.integers(2_000_000, 9_999_999) | st.integers(20_000_000, 99_999_999)
    return st.builds(lambda area, number: f"+86{area[1:]}{number}", areas, local)


def plans() -> st.SearchStrategy[CallPlan]:
    """What caller and callee do; no two of its times fall on one second."""
    return st.sampled_from(PLANS)


def _with_voice(fields: Fields) -> Fields:
    """The fields with their tones in preVoice."""
    voice = fields.pop("preVoice", None)
    return fields if voice is None else fields | {"preVoice": dict.fromkeys(voice, WAIT)}


def _announced(fields: Fields) -> Fields:
    """A recording with the tone that must go with it.

    A modify cannot carry one.
    """
    return fields | {"recordHintTone": WAIT} if fields.get("recordFlag") in ("true", True) else fields


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
    return carried_fields(SETTINGS).map(_with_voice).map(_announced)


def changes() -> st.SearchStrategy[Fields]:
    """Settings of a modify, most of them left out."""
    return carried_fields({name: WITHOUT + pool for name, pool in SETTINGS.items()}).map(_with_voice)
