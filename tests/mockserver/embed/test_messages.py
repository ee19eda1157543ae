"""What a world's handle has beside calls: the status of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.handle import DriverError
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def world(live: LiveServer) -> Iterator[WorldHandle]:
    with live.world() as made:
        yield made


def test_a_number_that_changes_is_told_of(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    world.set_number(x, "10", "2")
    world.set_number(x, "5")
    assert world.number_statuses == [
        {"number": x, "status": "10", "cause": "2"},
        {"number": x, "status": "5"},
    ]
    with pytest.raises(DriverError):
        world.set_number("+8617099999999", "9")
