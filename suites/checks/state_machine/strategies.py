"""Strategies of every mode.

Places in small pools, so that things collide, and waits.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import strategies as st

__all__ = ["LEFT_OUT", "SOME", "USERS", "carried_fields", "pairs_of_users", "places", "some", "waits"]

Fields = dict[str, Any]

LEFT_OUT = object()
"""In a pool of values: the field is left out."""
USERS, MOBILES, SOME = 6, 4, 24
"""Users of an example, those of them that are surely mobiles, and a number to choose one of what is there."""
PAIRS = (*permutations(range(MOBILES), 2), *permutations(range(MOBILES), 2), *permutations(range(USERS), 2), (0, 0))
"""Fixed lines only receive calls, so most pairs are of mobiles."""


def places(count: int) -> st.SearchStrategy[int]:
    """A place in a pool of `count`."""
    return st.integers(0, count - 1)


def pairs_of_users() -> st.SearchStrategy[tuple[int, int]]:
    """Places of two users; now and then of one twice."""
    return st.sampled_from(PAIRS)


def waits() -> st.SearchStrategy[int]:
    """Seconds in which a call or a short binding goes on a little.

    Now and then hours, or years.
    """
    return st.sampled_from((1, 1, 2, 2, 3, 5, 5, 10, 10, 30, 60, 120, 3600, 86400, 1000 * 86400))


def carried_fields(pools: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[Fields]:
    """Fields of a request, each with a value of its pool, or left out."""
    drawn = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()})
    return drawn.map(lambda fields: {name: value for name, value in fields.items() if value is not LEFT_OUT})


some = places(SOME)
