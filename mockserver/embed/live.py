"""The stand-in server on loopback, in a background thread of this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.mockserver.control.edge import Edge
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.seeds import draw
from privnum.mockserver.embed.threads import need_threads
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.listener import address_of, listen
from privnum.mockserver.http.posting import PushRules
from privnum.mockserver.http.serve import Server
from privnum.mockserver.pushes.addresses import CONTROL, PushTargets
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

__all__ = ["LiveServer"]


class LiveServer:
    """A real server on a free port of 127.0.0.1.

    Pushes leave it as they leave `privnum serve`: over sockets of its own, which no mock of an HTTP library touches.

        with LiveServer() as server, server.world() as world:
            my_client = Client(world.url, world.axb.app_key, world.axb.app_secret)

    Args:
        edition, assumptions: of worlds that name none.
        seed: of worlds that name none; None: it is drawn, so that no two servers give the same ids.
        push_timeout: seconds that a receiver of pushes has to answer; None: as the world's choices say.
        push_ca: a file of certificates that are trusted too where pushes go to https.
        push_to: hosts to which pushes may go, besides this machine; "any": all.

    Raises:
        ContractError: unknown edition or assumption, or a value that is no choice.
        RuntimeError: gevent or eventlet has replaced threads.
    """

    def __init__(
        self,
        *,
        edition: str = contracts.DEFAULT_EDITION,
        assumptions: Mapping[str, str | int] | None = None,
        seed: int | None = None,
        push_timeout: float | None = None,
        push_ca: str | None = None,
        push_to: Iterable[str] = (),
    ) -> None:
        need_threads("LiveServer")
        #: By which its worlds draw ids, keys and nonces.
        self.seed = draw() if seed is None else seed
        platform = Platform(edition=edition, assumptions=assumptions, seed=self.seed)
        listeners = listen("127.0.0.1", 0)
        platform.base_url = address_of(listeners)
        targets = PushTargets(push_to)
        targets.belongs_to_us(platform.base_url)
        rules = PushRules(timeout_seconds=push_timeout, ca_file=push_ca, targets=targets)
        self.url = platform.base_url
        self.control_url = self.url + CONTROL
        self._server = Server(App(Edge(platform), rules=rules), listeners)
        self._thread = threading.Thread(target=self._server.run_until_stopped, name="privnum", daemon=True)

    def start(self) -> Self:
        """Begin to serve.

        Requests that come while the server is starting are answered when it is up.
        """
        self._thread.start()
        return self

    def hurry(self) -> None:
        """Wait for no receiver of pushes any longer: the run is being ended.

        Its open pushes fail, so that worlds that wait for them can be dropped.
        """
        self._server.hurry()

    def stop(self) -> None:
        """Answer what is under way and end."""
        self._server.stop()
        self._thread.join()

    def world(self, **spec: Any) -> WorldHandle:
        """Make a world by `spec`, the control message driver/world.create.

        It gets an application of every mode where `spec` has none.
        """
        return WorldHandle(self.url, spec)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
