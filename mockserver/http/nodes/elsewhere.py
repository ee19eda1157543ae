"""What happens at other nodes, for those who follow this one live."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final, cast

import httptools
import orjson

from privnum.mockserver.http.feed import EVENTS, OWN
from privnum.mockserver.http.nodes.passing import NODE, open_link, request_bytes

if TYPE_CHECKING:
    from collections.abc import Collection

    from privnum.mockserver.http.feed import Feed

__all__ = ["Elsewhere"]

_log = logging.getLogger("privnum.nodes")

#: Seconds behind which a stream that has ended is asked for again.
_AGAIN: Final = 1.0
#: Seconds without a sign behind which a stream is taken for lost: one on which nothing happens has a sign every 15.
_SILENT: Final = 40.0
_OK: Final = 200
_REFUSED: Final = (
    "the node at %s does not say what happens there (HTTP status %d), and who follows this node does not hear of it; "
    "where that is 401, give the same --control-token to all nodes, or none"
)


class Elsewhere:
    """Follows the other nodes, while somebody follows this one.

    Args:
        feed: of this node.
        secret: that nodes know.
        authorization: of control messages, None where none is needed.
    """

    def __init__(self, feed: Feed, secret: bytes, authorization: bytes | None) -> None:
        login = [] if authorization is None else [(b"authorization", authorization)]
        self._request = request_bytes(b"GET", EVENTS.encode(), [(OWN, b"1"), *login], b"", [(NODE, secret)])
        self._feed = feed
        self._is_wanted = False
        self._addresses: frozenset[str] = frozenset()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        feed.wanted = self._want

    def keep_only(self, addresses: Collection[str]) -> None:
        """Follow these nodes and no others."""
        self._addresses = frozenset(addresses)
        self._update()

    def _want(self, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self._update()

    def _update(self) -> None:
        """Begin and end streams, so that there are those that are wanted."""
        wanted = self._addresses if self._is_wanted else frozenset()
        for address in self._tasks.keys() - wanted:
            self._tasks.pop(address).cancel()
        for address in wanted - self._tasks.keys():
            self._tasks[address] = asyncio.ensure_future(self._follow(address))

    async def _follow(self, address: str) -> None:
        """Hear what happens at a node, and anew whenever the stream has ended."""
        status = _OK
        while True:
            with contextlib.suppress(OSError):  # nobody is there
                stream = await open_link(address, lambda: _Stream(self._feed))
                try:
                    stream.transport.write(self._request)
                    while await stream.goes_on(_SILENT):
                        pass
                finally:
                    stream.transport.abort()
                if stream.status not in (_OK, status):
                    _log.warning(_REFUSED, address, stream.status)
                status = stream.status
            await asyncio.sleep(_AGAIN)


class _Stream(asyncio.Protocol):
    """The events of another node."""

    def __init__(self, feed: Feed) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Of the answer, that of a good one until it has come.
        self.status = _OK
        self.transport: asyncio.Transport
        self._feed = feed
        self._parser: Any = httptools.HttpResponseParser(self)
        self._rest = b""
        self._came = False

    async def goes_on(self, seconds: float) -> bool:
        """Wait so long, or until it ends.

        Return whether anything has come meanwhile, and it has not ended.
        """
        self._came = False
        await asyncio.wait((self.ended,), timeout=seconds)
        return self._came and not self.ended.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop has one of its own

    def connection_lost(self, _: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._came = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.abort()

    # What the parser calls.

    def on_headers_complete(self) -> None:
        """Note whether the other node takes the request."""
        self.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Say what is whole."""
        if self.status != _OK:
            return
        *whole, self._rest = (self._rest + body).split(b"\n\n")
        for event in whole:
            self._say(dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line))

    def _say(self, event: dict[bytes, bytes]) -> None:
        if event.get(b"event") == b"change":
            data = orjson.loads(event[b"data"])
            for by in data["by"]:
                self._feed.note_elsewhere(data["world"], by)
        elif event.get(b"event") == b"all":
            self._feed.miss_elsewhere()

    def on_message_complete(self) -> None:
        """End: the other node refuses, or is being stopped."""
        self.transport.abort()
