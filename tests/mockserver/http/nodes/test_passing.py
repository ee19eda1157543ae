"""Requests to another node: each gets its answer, and nobody waits for a node that is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.http.nodes.passing import (
    BETWEEN_NODES,
    CLIENT,
    FROM,
    NODE,
    PIPED,
    SCHEME,
    NotSentError,
    Passer,
    Reply,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SCOPE: dict[str, Any] = {
    "method": "POST",
    "raw_path": b"/rest/x",
    "query_string": b"a=1",
    "headers": [(b"host", b"lab"), (b"connection", b"close"), (b"content-length", b"99"), (b"x-aksk", b"token")],
    "client": ("10.0.0.9", 4711),
    "scheme": "https",
}


class Other:
    """The other node: it keeps what comes, and answers what a test says, or nothing."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.connections = 0
        self.ends = False
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.has_come = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
                self.came.append(head + await reader.readexactly(int(length or 0)))
                self.has_come.set()
                writer.write(await self.answers.get())
                if self.ends:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def play(work: Callable[[Passer, Other, str], Awaitable[None]]) -> None:
    async def run() -> None:
        other, passer = Other(), Passer(b"secret")
        server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            async with asyncio.timeout(20):
                await work(passer, other, f"{host}:{port}")
        finally:
            passer.close()
            server.close()

    asyncio.run(run())


def test_a_request_goes_as_it_came_and_its_connection_is_used_again() -> None:
    async def work(passer: Passer, other: Other, address: str) -> None:
        for body in (b"one", b"three"):
            other.answers.put_nowait(b"HTTP/1.1 201 Created\r\nX-A: b\r\ncontent-length: 2\r\n\r\nok")
            assert await passer.ask(address, SCOPE, body, 2) == Reply(
                201, [(b"x-a", b"b"), (b"content-length", b"2")], b"ok"
            )
        assert other.connections == 1
        head, _, body = other.came[1].partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        assert (first, body) == (b"POST /rest/x?a=1 HTTP/1.1", b"three")
        assert lines[:3] == [b"host: lab", b"x-aksk: token", b"content-length: 5"]
        assert {NODE + b": secret", CLIENT + b": 10.0.0.9"} <= set(lines)

    play(work)


def test_what_a_client_says_in_the_name_of_a_node_goes_to_none() -> None:
    """Else it would be taken for what the node says, or the secret for a header of the client."""

    async def work(passer: Passer, other: Other, address: str) -> None:
        other.answers.put_nowait(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        spoken = [(NODE, b"guess"), (CLIENT, b"10.9.9.9"), (FROM, b"9"), (PIPED, b"1")]
        await passer.ask(address, {**SCOPE, "headers": [*spoken, *SCOPE["headers"]]}, b"one", 2)
        lines = other.came[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert [line for line in lines if line.startswith(BETWEEN_NODES)] == [
            NODE + b": secret",
            CLIENT + b": 10.0.0.9",
            SCHEME + b": https",
            FROM + b": 2",
        ]

    play(work)


def test_an_answer_to_head_has_no_body() -> None:
    async def work(passer: Passer, other: Other, address: str) -> None:
        other.answers.put_nowait(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n")
        reply = await passer.ask(address, {**SCOPE, "method": "HEAD"}, b"", 2)
        assert (reply.status, reply.body, reply.header(b"content-length")) == (200, b"", b"2")

    play(work)


def test_where_nobody_is_nothing_was_sent() -> None:
    async def work(passer: Passer, _: Other, __: str) -> None:
        with pytest.raises(NotSentError):
            await passer.ask("127.0.0.1:1", SCOPE, b"", 2)

    play(work)


def test_who_waits_for_a_node_that_is_gone_waits_no_more() -> None:
    async def work(passer: Passer, other: Other, address: str) -> None:
        asked = asyncio.ensure_future(passer.ask(address, SCOPE, b"one", 2))
        await other.has_come.wait()
        passer.keep_only([address, "10.0.0.1:80"])
        await asyncio.sleep(0)
        assert not asked.done()
        passer.keep_only(["10.0.0.1:80"])
        with pytest.raises(ConnectionResetError):
            await asked

    play(work)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b"garbage\r\n\r\n"])
def test_an_answer_that_does_not_become_whole_is_none(answer: bytes) -> None:
    async def work(passer: Passer, other: Other, address: str) -> None:
        other.answers.put_nowait(answer)
        other.ends = True
        with pytest.raises(ConnectionResetError):
            await passer.ask(address, SCOPE, b"one", 2)

    play(work)
