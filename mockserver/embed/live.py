"""The stand-in server on loopback, in a background thread of this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.mockserver.edge import CONTROL, Edge
from privnum.mockserver.http.listener import address_of, listen
from privnum.mockserver.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.handle import WorldHandle

__all__ = ["LiveServer"]


class LiveServer:
    """A real server on a free port of 127.0.0.1.

        with LiveServer() as server, server.world() as world:
            my_client = Client(world.url, world.axb.app_key, world.axb.app_secret)

    Args:
        edition, assumptions, seed: of worlds that name none.

    Raises:
        ContractError: unknown edition or assumption, or a value that is no reading.
    """

    def __init__(
        self,
        *,
        edition: str = contracts.DEFAULT_EDITION,
        assumptions: Mapping[str, str | int] | None = None,
        seed: int = 0,
    ) -> None:
        from privnum.mockserver.http.asgi import App
        from privnum.mockserver.http.serve import Server

        platform = Platform(edition=edition, assumptions=assumptions, seed=seed)
        listener = listen("127.0.0.1", 0)
        platform.base_url = address_of(listener)
        self.url = platform.base_url
        self.control_url = self.url + CONTROL
        self._server = Server(App(Edge(platform)), listener)
        self._thread = threading.Thread(target=self._server.run_until_stopped, name="privnum", daemon=True)

    def start(self) -> Self:
        """Begin to serve. Requests that come while the server is starting are answered when it is up."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer what is under way and end."""
        self._server.stop()
        self._thread.join()

    def world(self, **spec: Any) -> WorldHandle:
        """Make a world, with an AXB application if `spec`, the control message (driver/world.create), has none."""
        from privnum.mockserver.embed.handle import WorldHandle

        return WorldHandle(self.url, spec)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
