"""Many requests on one connection to another node: each gets its answer, whatever the pieces, or hears of the loss."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.http.nodes import pipes as module
from privnum.mockserver.http.nodes.pipes import Pipe, Pipes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ANSWERS = [
    b"HTTP/1.1 200 OK\r\ndate: x\r\ncontent-type: a\r\ncontent-length: 3\r\n\r\none",
    b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nx: y\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n" + b"\r\n\r\ncontent-length: 9\r\n\r\n".ljust(30),
]


class Other:
    """The other node: keeps what comes, and answers what a test says."""

    def __init__(self) -> None:
        self.reads: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.has_come = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while data := await reader.read(1 << 16):
            self.reads.append(data)
            self.has_come.set()


def play(work: Callable[[Pipes, Other, str], Awaitable[None]]) -> None:
    async def run() -> None:
        other, pipes = Other(), Pipes()
        server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            async with asyncio.timeout(20):
                await work(pipes, other, f"{host}:{port}")
        finally:
            pipes.close()
            for writer in other.writers:
                writer.close()
            server.close()

    asyncio.run(run())


async def pipe_to(pipes: Pipes, address: str) -> Pipe:
    """The connection, once it is there."""
    while (pipe := pipes.get(address)) is None:
        await asyncio.sleep(0)
    return pipe


async def ask_some(pipe: Pipe, other: Other, got: list[bytes | None], count: int = 3) -> asyncio.StreamWriter:
    """Ask, wait until it has come, and return where to answer."""
    for number in range(count):
        pipe.ask(b"request %d|" % number, got.append)
    await other.has_come.wait()
    return other.writers[-1]


@pytest.mark.parametrize("size", [1, 7, 45, 1000])
def test_each_request_gets_its_answer_whatever_the_pieces(size: int) -> None:
    async def work(pipes: Pipes, other: Other, address: str) -> None:
        got: list[bytes | None] = []
        writer = await ask_some(await pipe_to(pipes, address), other, got)
        sent = b"".join(ANSWERS)
        for begin in range(0, len(sent), size):
            writer.write(sent[begin : begin + size])
            await writer.drain()
            await asyncio.sleep(0)
        while len(got) < len(ANSWERS):
            await asyncio.sleep(0)
        assert got == ANSWERS
        assert other.reads == [b"request 0|request 1|request 2|"]

    play(work)


def test_who_waits_on_a_connection_that_is_lost_gets_nothing() -> None:
    async def work(pipes: Pipes, other: Other, address: str) -> None:
        got: list[bytes | None] = []
        pipe = await pipe_to(pipes, address)
        writer = await ask_some(pipe, other, got)
        writer.write(ANSWERS[0] + ANSWERS[1][:20])
        writer.close()
        while len(got) < len(ANSWERS):
            await asyncio.sleep(0)
        assert got == [ANSWERS[0], None, None]
        assert pipes.get(address) is None
        assert await pipe_to(pipes, address) is not pipe

    play(work)


def test_a_connection_to_a_node_that_is_gone_is_closed() -> None:
    async def work(pipes: Pipes, other: Other, address: str) -> None:
        got: list[bytes | None] = []
        await ask_some(await pipe_to(pipes, address), other, got, 1)
        pipes.keep_only([])
        while not got:
            await asyncio.sleep(0)
        assert got == [None]

    play(work)


def test_a_connection_that_was_idle_for_long_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side may be closing it."""

    async def work(pipes: Pipes, _: Other, address: str) -> None:
        pipe = await pipe_to(pipes, address)
        assert pipes.get(address) is pipe
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.0)
        assert pipes.get(address) is None
        assert pipe.closed

    play(work)


def test_nobody_there_is_no_way() -> None:
    async def work(pipes: Pipes, _: Other, address: str) -> None:
        nowhere = address.rpartition(":")[0] + ":1"
        for _attempt in range(3):
            assert pipes.get(nowhere) is None
            await asyncio.sleep(0.01)

    play(work)
