"""Hands requests on to other nodes, over connections that are kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

import httptools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "BETWEEN_NODES",
    "CLIENT",
    "ENDING",
    "FROM",
    "IDLE_SECONDS",
    "NODE",
    "NOT_MINE",
    "PIPED",
    "SCHEME",
    "NotSentError",
    "Passer",
    "Reply",
    "between_nodes",
    "open_link",
    "request_bytes",
]

#: Headers between nodes: a secret that nodes alone know, and whose request it was, how that came, and to which node.
NODE: Final = b"x-privnum-node"
CLIENT: Final = b"x-privnum-node-client"
SCHEME: Final = b"x-privnum-node-scheme"
FROM: Final = b"x-privnum-node-from"
#: And that others are behind it on the same connection, and wait for its answer.
PIPED: Final = b"x-privnum-node-piped"
#: Of an answer: the other node does not have the world; the connection ends in place of the answer.
NOT_MINE: Final = b"x-privnum-node-not-mine"
ENDING: Final = b"x-privnum-node-ending"
#: How the names of all of these begin.
BETWEEN_NODES: Final = b"x-privnum-node"

#: Seconds for which a connection that is not needed is kept: less than the other side keeps it.
IDLE_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 2.0
#: Headers that are those of a connection, and no part of a request.
_OF_CONNECTION: Final = frozenset({b"connection", b"keep-alive", b"upgrade", b"expect", b"transfer-encoding"})
_LENGTH: Final = b"content-length"
_OF_LENGTH: Final = frozenset({_LENGTH, b"transfer-encoding"})

_Protocol = TypeVar("_Protocol", bound=asyncio.Protocol)


class NotSentError(Exception):
    """A request did not get to the other node, which has done nothing of it."""


class Reply(NamedTuple):
    """What another node has answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """Return the value of a header, None where there is none."""
        return next((value for each, value in self.headers if each == name), None)


class _Link(asyncio.Protocol):
    """One connection to another node, with one request at a time."""

    def __init__(self) -> None:
        self.since = 0.0
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[Reply] | None = None
        self._begin("")

    def _begin(self, method: str) -> None:
        self._is_bodiless = method == "HEAD"
        self._parser: Any = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop has one of its own

    def connection_lost(self, _: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.closed = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(ConnectionResetError("the other node has closed the connection"))

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    async def ask(self, method: str, request: bytes) -> Reply:
        """Send a request and return the answer.

        Raises:
            OSError: the connection was closed before it was whole.
        """
        assert self._transport is not None
        self._begin(method)
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._reply

    def close(self) -> None:
        """Close it."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """An answer to HEAD has no body, whatever its length."""
        if self._is_bodiless:
            self.on_message_complete()
            self.close()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Hand over the answer."""
        if not self._parser.should_keep_alive():
            self.close()
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(Reply(self._parser.get_status_code(), self._headers, bytes(self._body)))


class Passer:
    """Connections to other nodes.

    Args:
        secret: that nodes know.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._idle: dict[str, list[_Link]] = {}
        self._busy: dict[str, set[_Link]] = {}

    async def ask(self, address: str, scope: dict[str, Any], body: bytes, node: int) -> Reply:
        """Hand a request to the node at an address; return its answer.

        Args:
            address: host and port.
            scope: of the request, as ASGI has it.
            body: all of it.
            node: the number of this node.

        Raises:
            NotSentError: nobody is there.
            OSError: the connection was closed before the answer was whole: nobody knows what became of the request.
        """
        link = self._kept_link(address) or await self._new_link(address)
        busy = self._busy.setdefault(address, set())
        busy.add(link)
        try:
            reply = await link.ask(scope["method"], self._request(scope, body, node))
        except asyncio.CancelledError:
            link.close()
            raise
        finally:
            busy.discard(link)
        if not link.closed:
            link.since = asyncio.get_running_loop().time()
            self._idle.setdefault(address, []).append(link)
        return reply

    def keep_only(self, addresses: Iterable[str]) -> None:
        """Close the connections to other addresses.

        Who waits for an answer there waits no more.
        """
        kept = set(addresses)
        for address in (self._idle.keys() | self._busy.keys()) - kept:
            for link in (*self._idle.pop(address, ()), *self._busy.pop(address, ())):
                link.close()

    def close(self) -> None:
        """Close every connection."""
        self.keep_only(())

    def _kept_link(self, address: str) -> _Link | None:
        links, now = self._idle.get(address, []), asyncio.get_running_loop().time()
        while links:
            link = links.pop()
            if not link.closed and now - link.since < IDLE_SECONDS:
                return link
            link.close()
        return None

    @staticmethod
    async def _new_link(address: str) -> _Link:
        try:
            return await open_link(address, _Link)
        except OSError as error:
            raise NotSentError(f"nobody is at {address}") from error

    def _request(self, scope: dict[str, Any], body: bytes, node: int) -> bytes:
        client, query = scope["client"], scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        between = between_nodes(self._secret, (client[0] if client else "").encode(), scope["scheme"].encode(), node)
        return request_bytes(scope["method"].encode(), target, scope["headers"], body, between)


async def open_link(address: str, make: Callable[[], _Protocol]) -> _Protocol:
    """Connect to another node.

    Raises:
        OSError: nobody is there.
    """
    host, _, port = address.rpartition(":")
    async with asyncio.timeout(_CONNECT_SECONDS):
        _, link = await asyncio.get_running_loop().create_connection(make, host.strip("[]"), int(port))
    return link


def between_nodes(secret: bytes, client: bytes, scheme: bytes, node: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers by which a node speaks for a client."""
    return (NODE, secret), (CLIENT, client), (SCHEME, scheme), (FROM, b"%d" % node)


def request_bytes(
    method: bytes,
    target: bytes,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    between: Iterable[tuple[bytes, bytes]],
) -> bytes:
    """Return a request as another node gets it.

    `between` are headers for nodes alone; what a client has sent by such names stays here.
    """
    lines = [b"%b %b HTTP/1.1\r\n" % (method, target)]
    has_body = bool(body)
    for name, value in headers:
        if name in _OF_CONNECTION or name == _LENGTH:
            has_body = has_body or name in _OF_LENGTH
        elif not name.startswith(BETWEEN_NODES):
            lines.append(b"%b: %b\r\n" % (name, value))
    if has_body:
        lines.append(b"content-length: %d\r\n" % len(body))
    lines += [b"%b: %b\r\n" % header for header in between]
    lines += (b"\r\n", body)
    return b"".join(lines)
