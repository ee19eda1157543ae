"""Draws of a world: the same from the same seed, whatever draws them."""

from __future__ import annotations

import random

import pytest

from privnum.mockserver.core.ids import Ids


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 1000, 2**31, 2**40 + 1])
def test_below_draws_as_the_standard_library_does(limit: int) -> None:
    """Names that a seed gave before stay: the draw is that of random.Random.randrange."""
    ids, plain = Ids("a seed"), random.Random("a seed")
    plain.getrandbits(12)  # where calls begin to count
    assert [ids.below(limit) for _ in range(200)] == [plain.randrange(limit) for _ in range(200)]


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_is_below_nothing(limit: int) -> None:
    with pytest.raises(ValueError, match=f"nothing is below {limit}"):
        Ids("a seed").below(limit)
