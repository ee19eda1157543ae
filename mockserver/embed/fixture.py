"""What stands behind the pytest fixture `private_number`; the plugin loads it when a test asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

__all__ = ["private_number"]

#: One server per process, so one per worker of pytest-xdist.
_SERVER = pytest.StashKey["LiveServer"]()


def private_number(request: pytest.FixtureRequest) -> Iterator[WorldHandle]:
    """Yield a stand-in for the PrivateNumber platform, in a world of this test's own.

    Its clock stands still until the test advances it. Indirect parametrisation gives the world other properties:
    `@pytest.mark.parametrize("private_number", [{"assumptions": {"axb.a_equals_b": "1012010"}}], indirect=True)`.
    """
    with _server(request.config).world(**getattr(request, "param", {})) as world:
        yield world


def _server(config: pytest.Config) -> LiveServer:
    server = config.stash.get(_SERVER, None)
    if server is None:
        from privnum.mockserver.embed.live import LiveServer

        server = config.stash[_SERVER] = LiveServer(push_to=config.getoption("privnum_push_to")).start()
        config.add_cleanup(server.stop)
    return server
