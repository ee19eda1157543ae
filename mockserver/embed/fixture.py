"""What is behind the pytest fixtures.

The plugin loads it when a test that asks for one was collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from privnum.mockserver.embed.handle import WorldHandle

__all__ = ["get_ready", "private_number", "private_number_server"]


def get_ready() -> None:
    """Read what the server needs of its package.

    A test may replace the file system before it asks for the server.

    Its modules have been imported with this one.
    """
    contracts.read_files()


def private_number_server(config: pytest.Config) -> Iterator[LiveServer]:
    """Yield a server: one for a process, so one for a worker of pytest-xdist."""
    with LiveServer(push_to=config.getoption("privnum_push_to")) as server:
        yield server


def private_number(server: LiveServer, spec: dict[str, object]) -> Iterator[WorldHandle]:
    """Yield a world of a test's own.

    Its clock stands still until the test advances it.
    """
    with server.world(**spec) as world:
        yield world
