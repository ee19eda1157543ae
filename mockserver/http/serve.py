"""The server: uvicorn on its sockets, with the protocol of this package.

It stops without losing what is under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from privnum.mockserver.http.protocol import WireProtocol

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Iterator, Sequence

    from privnum.mockserver.http.asgi import App
    from privnum.mockserver.http.holding import HoldingProtocol

__all__ = ["Server", "run"]

#: Seconds of idleness after which a kept-alive connection is closed; long, so that no client's pool is surprised.
_KEEP_ALIVE: Final = 120
#: Seconds that requests under way get when the server is stopped.
_GRACE: Final = 5
#: Collections of a generation after which the next older one is collected too.
_NEVER: Final = 2**31 - 1
#: Worlds that may be dropped before their remains, which hold on to each other, are collected.
_DROPS_PER_COLLECTION: Final = 200


class Server(uvicorn.Server):
    """Serves an application on listening sockets until it is stopped.

    Args:
        app: what to serve.
        listeners: where.
        secure: where too, for HTTPS, and by which certificate.
        on_ready: called when the first request can be answered.
    """

    def __init__(
        self,
        app: App,
        listeners: Sequence[socket.socket],
        on_ready: Callable[[], None] | None = None,
        secure: tuple[Sequence[socket.socket], ssl.SSLContext] | None = None,
    ) -> None:
        config = uvicorn.Config(
            cast("Any", app),
            http=WireProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
        )
        super().__init__(config)
        self._app = app
        self._listeners = list(listeners)
        self._secure = secure
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    def run_until_stopped(self) -> None:
        """Serve in a loop of its own: uvloop where it is installed.

        A signal counts before the loop runs, too: a handler that raises in its midst would leave it waiting for ever.
        """
        with self.capture_signals():
            self.run(sockets=self._listeners)

    def use_protocol(self, protocol: type[WireProtocol]) -> None:
        """Have connections of another class; before it runs."""
        self.config.http = protocol

    def stop(self) -> None:
        """Answer what is under way and end; may be called from any thread."""
        self.should_exit = True
        if self._loop is not None:
            # A loop that has ended meanwhile needs no notice.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopped.set)

    def give_up(self) -> None:
        """End, and wait for nothing: no answer can be given any more."""
        self.force_exit = True
        self.stop()

    def drop_held(self) -> None:
        """Close the connections on which answers wait that can never go out."""
        for connection in tuple(self.server_state.connections):
            cast("HoldingProtocol", connection).drop_held()

    def hurry(self) -> None:
        """Wait for no receiver any longer; may be called from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._app.hurry, 0.0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        self._loop = asyncio.get_running_loop()
        self._app.start()
        await super().startup(sockets)
        if self._secure is not None:
            await self._listen_securely(*self._secure)
        if self._on_ready is not None:
            self._on_ready()

    async def _listen_securely(self, listeners: Sequence[socket.socket], context: ssl.SSLContext) -> None:
        """Accept connections of HTTPS; uvicorn has HTTP or HTTPS alone."""

        def protocol() -> asyncio.Protocol:
            make = cast("type[WireProtocol]", self.config.http_protocol_class)
            return make(self.config, self.server_state, self.lifespan.state)

        loop = asyncio.get_running_loop()
        for listener in listeners:
            server = await loop.create_server(protocol, sock=listener, ssl=context, backlog=self.config.backlog)
            self.servers.append(server)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, finish what is under way, then end deliveries."""
        self._app.hurry()
        await super().shutdown(sockets)
        for connection in tuple(self.server_state.connections):  # what comes in from now on would not be kept
            cast("HoldingProtocol", connection).transport.close()
        await self._app.stop()

    async def main_loop(self) -> None:
        """Keep the Date header right, once a second, until stopped."""
        while not self.should_exit:
            date = formatdate(usegmt=True).encode()
            self.server_state.default_headers = [(b"date", date)]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), 1)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM.

        Unlike uvicorn, do not raise them again, so that the process ends with 0.
        """
        try:
            former = {name: signal.signal(name, self._handle_signal) for name in HANDLED_SIGNALS}
        except ValueError:  # not in the main thread, which alone has signals
            yield
            return
        try:
            yield
        finally:
            for name, handler in former.items():
                signal.signal(name, handler)

    def _handle_signal(self, *_: object) -> None:
        self.force_exit = self.should_exit
        self.stop()


def run(
    app: App,
    listeners: Sequence[socket.socket],
    secure: tuple[Sequence[socket.socket], ssl.SSLContext] | None = None,
    begins: Callable[[Server], object] = lambda _: None,
) -> None:
    """Serve until SIGINT or SIGTERM, in a process that does nothing else.

    `begins` gets the server.
    """
    collector = _Collector()
    app.dropped, app.emptied = collector.count_drop, collector.release_memory
    server = Server(app, listeners, _quiet_collector, secure)
    begins(server)
    server.run_until_stopped()


def _quiet_collector() -> None:
    """Let the collector look at young objects only.

    Bindings are many and live long; a collection of the older generations would walk over all of them, which is a
    pause of a tenth of a second with a million. What start-up has made is set aside for good, the youngest generation
    is small enough to be walked in a millisecond, and what outlives it is freed by its reference count. Dropped worlds,
    the one thing here that is not, are collected by _Collector.
    """
    gc.freeze()
    gc.set_threshold(5_000, _NEVER, _NEVER)
    gc.enable()


class _Collector:
    """Collects dropped worlds, and gives their memory back.

    They are the one thing here that reference counts do not free.
    """

    def __init__(self) -> None:
        self._drops = 0

    def count_drop(self) -> None:
        """Count a dropped world."""
        self._drops += 1
        if self._drops % _DROPS_PER_COLLECTION == 0:
            gc.collect()
            _give_back()

    @staticmethod
    def release_memory() -> None:
        """A world was emptied: what it held is free now."""
        _give_back()


def _give_back() -> None:
    """Hand free memory back to the system, which takes about 1 ms.

    The C library (glibc) keeps it until it is asked.
    """
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
