"""A live server for all tests, and a world of it for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle


@pytest.fixture(scope="session")
def live() -> Iterator[LiveServer]:
    with LiveServer(seed=0) as server:
        yield server


@pytest.fixture
def world(live: LiveServer) -> Iterator[WorldHandle]:
    with live.world() as made:
        yield made
