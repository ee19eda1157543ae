"""Strategies of every mode.

Places in small pools, so that things collide, and waits.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from privnum.suites.oracle.calls import CallPlan
from privnum.suites.target.tones import WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "FLAGS",
    "LEFT_OUT",
    "SOME",
    "USERS",
    "USER_DATA",
    "VOICES",
    "WITHOUT",
    "carried_fields",
    "choose_offered",
    "mostly_mobiles",
    "pairs_of_users",
    "places",
    "plans",
    "some",
    "waits",
    "with_announcement",
    "with_voice",
]

Fields = dict[str, Any]
Plan = TypeVar("Plan")

LEFT_OUT = object()
"""In a pool of values: the field is left out."""
USERS, MOBILES, SOME = 6, 4, 24
"""Users of an example, those of them that are surely mobiles, and a number to choose one of what is there."""
PAIRS = (*permutations(range(MOBILES), 2), *permutations(range(MOBILES), 2), *permutations(range(USERS), 2), (0, 0))
"""Fixed lines only receive calls, so most pairs are of mobiles."""


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
    CallPlan("unregistered"),
    CallPlan("unreachable", ring_after=5),
    CallPlan("silent"),
    CallPlan("silent", caller_hangs_up_after=40),
)


def places(count: int) -> st.SearchStrategy[int]:
    """A place in a pool of `count`."""
    return st.integers(0, count - 1)


def pairs_of_users() -> st.SearchStrategy[tuple[int, int]]:
    """Places of two users; now and then of one twice."""
    return st.sampled_from(PAIRS)


def mostly_mobiles() -> st.SearchStrategy[int]:
    """The place of a user.

    Fixed lines only receive calls, so most are mobiles.
    """
    return st.sampled_from((*range(MOBILES), *range(MOBILES), *range(MOBILES), *range(MOBILES, USERS)))


def waits() -> st.SearchStrategy[int]:
    """Seconds in which a call or a short binding goes on a little.

    Now and then hours, or years.
    """
    return st.sampled_from((1, 1, 2, 2, 3, 5, 5, 10, 10, 30, 60, 120, 3600, 86400, 1000 * 86400))


def carried_fields(pools: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[Fields]:
    """Fields of a request, each with a value of its pool, or left out."""
    drawn = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()})
    return drawn.map(lambda fields: {name: value for name, value in fields.items() if value is not LEFT_OUT})


def plans() -> st.SearchStrategy[CallPlan]:
    """What caller and callee do; no two of its times fall on one second."""
    return choose_offered(PLANS, lambda plan: plan.behaviour)


def choose_offered(plans: Sequence[Plan], behaviour: Callable[[Plan], object]) -> st.SearchStrategy[Plan]:
    """One of these plans.

    In a machine of a target without unregistered_callees one with another callee than such.
    """
    everyone = st.sampled_from(plans)
    registered = st.sampled_from([plan for plan in plans if behaviour(plan) != "unregistered"])
    return st.runner(default=None).flatmap(
        lambda machine: everyone if machine is None or "unregistered_callees" in machine.offers else registered
    )


def with_voice(fields: Fields) -> Fields:
    """The fields with their tones in preVoice."""
    voice = fields.pop("preVoice", None)
    return fields if voice is None else fields | {"preVoice": dict.fromkeys(voice, WAIT)}


def with_announcement(fields: Fields) -> Fields:
    """A recording with the tone that must go with it.

    A modify cannot carry one.
    """
    return fields | {"recordHintTone": WAIT} if fields.get("recordFlag") in ("true", True) else fields


some = places(SOME)
