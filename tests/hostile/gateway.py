"""A gateway before a server: requests pass through, answers are framed otherwise than the server does."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import threading
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DROPS", "FRAMINGS", "Framing", "gateway"]

Framing = Literal[
    "closes",
    "says_close",
    "chunked",
    "early",
    "gzip",
    "deflate",
    "raw_deflate",
    "http10",
    "to_the_end",
    "drops",
    "drops_late",
]
FRAMINGS: Final[tuple[Framing, ...]] = (
    "closes",  # the connection, a little after each answer, and says nothing of it
    "says_close",
    "chunked",  # on a connection that stays open: the default of Spring Boot and Node
    "early",  # 100 and 103 before each answer
    "gzip",  # whatever Accept-Encoding says
    "deflate",
    "raw_deflate",  # without the head of RFC 1950
    "http10",  # HTTP/1.0 with Connection: keep-alive
    "to_the_end",  # neither length nor chunks: the answer ends with the connection
)
DROPS: Final[tuple[Framing, ...]] = (
    "drops",  # a connection that was kept, when anything but a GET comes on it
    "drops_late",  # the same, when that has been carried out
)
_LINGERS: Final = 0.003
"""Seconds between an answer and the end of its connection."""


async def _message(reader: asyncio.StreamReader) -> tuple[list[bytes], bytes]:
    """The lines of a head, and the body behind it."""
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    lengths = [int(line.partition(b":")[2]) for line in head if line.lower().startswith(b"content-length:")]
    return head, await reader.readexactly(lengths[0]) if lengths and lengths[0] else b""


def _without(lines: list[bytes], *names: bytes) -> list[bytes]:
    return [line for line in lines if not line.lower().startswith(names)]


def framed_answer(framing: Framing, head: list[bytes], body: bytes) -> bytes:
    """The bytes of an answer."""
    lines = _without(head, b"connection:", b"content-length:", b"keep-alive:")
    before = b""
    if b" 204 " in head[0]:  # has no body, in whatever framing
        framing = framing if framing in ("says_close", "http10") else "closes"
    match framing:
        case "early":
            before = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        case "gzip":
            body, lines = gzip.compress(body), [*lines, b"Content-Encoding: gzip"]
        case "deflate":
            body, lines = zlib.compress(body), [*lines, b"Content-Encoding: deflate"]
        case "raw_deflate":
            body, lines = zlib.compress(body, wbits=-15), [*lines, b"content-encoding:DEFLATE"]
        case "http10":
            lines = [b"HTTP/1.0" + lines[0][8:], *lines[1:], b"Connection: keep-alive"]
        case "says_close" | "to_the_end":
            lines = [*lines, b"Connection: close"]
    if framing == "chunked":
        pieces = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:3], body[3:]) if part)
        return b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n" + pieces + b"0\r\n\r\n"
    sizes = [] if framing == "to_the_end" else [b"Content-Length: %d" % len(body)]
    return before + b"\r\n".join([*lines, *sizes]) + b"\r\n\r\n" + body


async def _client(framing: Framing, upstream: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        for used in itertools.count():
            head, body = await _message(reader)
            dropped = framing if used and not head[0].startswith(b"GET ") else None
            if dropped == "drops":
                return
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", upstream)
            lines = [*_without(head, b"connection:"), b"Connection: close"]
            up_writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            answer = await _message(up_reader)
            up_writer.close()
            if dropped == "drops_late":
                return
            writer.write(framed_answer(framing, *answer))
            await writer.drain()
            if framing in ("closes", "says_close", "to_the_end"):
                await asyncio.sleep(_LINGERS if framing == "closes" else 0)
                return
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return
    finally:
        writer.close()


@contextmanager
def gateway(framing: Framing, upstream: int) -> Iterator[int]:
    """Run one before the server at a port of this machine; gives its own port."""
    loop = asyncio.new_event_loop()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(
            lambda reader, writer: _client(framing, upstream, reader, writer), "127.0.0.1", 0, limit=1 << 21
        )

    server = loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
