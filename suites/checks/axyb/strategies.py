"""Strategies for AXYB.

Areas, settings of both binds out of small pools, so that things collide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from privnum.suites.checks.state_machine.strategies import FLAGS, LEFT_OUT, USER_DATA, carried_fields, with_announcement
from privnum.suites.target.tones import HINT, WAIT

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["places_of_a", "places_of_b", "settings_of_a", "settings_of_b"]

Fields = dict[str, Any]

OF_A: dict[str, tuple[Any, ...]] = {
    "callDirection": (LEFT_OUT, LEFT_OUT, 0, 1, 2),
    "duration": (LEFT_OUT, LEFT_OUT, 0, 0, 0, 60, 3600, "3600"),
    "ybDuration": (LEFT_OUT, LEFT_OUT, 0, 60, 100, 7776000),
    "recordFlag": FLAGS,
    "preVoiceX": (LEFT_OUT, LEFT_OUT, WAIT, HINT),
    "userData": USER_DATA,
}
OF_B: dict[str, tuple[Any, ...]] = {
    "ybDuration": (LEFT_OUT, LEFT_OUT, 0, 60, 99, "120"),
    "preVoiceY": (LEFT_OUT, LEFT_OUT, WAIT, HINT),
    "userData": (LEFT_OUT, LEFT_OUT, "b-1", "b-2"),
}
NEAR, FAR = ("0755", "0755", "0755", "020", "010"), ("0512", "0757", "755")
"""Areas in which there are numbers, and others; the last is written without its 0."""
MATCHES = (LEFT_OUT, LEFT_OUT, "0", "1")


def settings_of_a() -> SearchStrategy[Fields]:
    """Settings of a bind of A, each left out now and then."""
    return carried_fields(OF_A).map(with_announcement)


def settings_of_b() -> SearchStrategy[Fields]:
    """Settings of a bind of B, each left out now and then."""
    return carried_fields(OF_B)


def places_of_a() -> SearchStrategy[Fields]:
    """Where the X of an A is looked for."""
    return carried_fields({"areaCode": NEAR + NEAR + FAR + (LEFT_OUT,), "areaMatchMode": MATCHES})


def places_of_b() -> SearchStrategy[Fields]:
    """Where the Y of a B is looked for: mostly anywhere."""
    anywhere: SearchStrategy[Fields] = st.just({})
    return anywhere | anywhere | carried_fields({"areaCode": NEAR + FAR, "areaMatchMode": MATCHES})
