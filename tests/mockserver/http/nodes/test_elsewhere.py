"""Who follows one node hears of the worlds of all."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from privnum.mockserver.http.feed import Feed
from privnum.mockserver.http.nodes import elsewhere
from privnum.mockserver.http.nodes.elsewhere import Elsewhere
from tests.mockserver.http.nodes.test_nodes import WORLDS, bind, two_nodes
from tests.mockserver.http.test_feed import Follower

if TYPE_CHECKING:
    import pytest

    from tests.postgres.cluster import Cluster


def hear(follower: Follower, world: str, by: str) -> None:
    """Read on until something is heard of a world; "all", which a new stream begins with, says it too."""
    for _ in range(50):
        _, name, data = follower.event()
        if name == "all" or (data["world"] == world and by in data["by"]):
            return
    raise AssertionError(f"nothing in {world} by {by}")


def test_who_follows_a_node_hears_of_every_world(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two), Follower(one.told["url"]) as first, Follower(two.told["url"]) as second:
        for n, world in enumerate(WORLDS):
            bind((one, two)[n % 2], n)
            for follower in (first, second):
                hear(follower, world, "request")
        for node in (one, two):
            node.control("POST", "/worlds/w3/clock", {"advance_seconds": 1})
            for follower in (first, second):
                hear(follower, "w3", "control")
        two.end(signal.SIGKILL)
        for n, world in enumerate(WORLDS):
            assert bind(one, n).status == 403
            hear(first, world, "request")


def test_a_stream_that_ends_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also one that says nothing that makes sense, or nothing; and one that nobody wants any more is closed."""
    monkeypatch.setattr(elsewhere, "_AGAIN", 0.0)
    monkeypatch.setattr(elsewhere, "_SILENT", 0.2)
    event = b'id: 1\nevent: change\ndata: {"world":"far","by":["time"]}\n\n'
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (event[:20], event[20:])]
    refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    answers = [b"", b"what is this", refusal, refusal, head + b"".join(pieces)]
    asked: list[bytes] = []
    gone = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answers[len(asked) - 1])
        if len(asked) in (1, len(answers)):
            await reader.read()
        if len(asked) == len(answers):
            gone.set()
        writer.close()

    async def play() -> list[tuple[str, str]]:
        heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        feed = Feed({})
        monkeypatch.setattr(feed, "note_elsewhere", lambda world, by: heard.put_nowait((world, by)))
        others = Elsewhere(feed, b"secret of nodes", b"Bearer token")
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            others.keep_only([f"127.0.0.1:{server.sockets[0].getsockname()[1]}"])
            assert others._tasks == {}
            feed.wanted(True)
            first = await heard.get()
            feed.wanted(False)
            assert others._tasks == {}
            await gone.wait()
        return [first]

    assert asyncio.run(asyncio.wait_for(play(), 30)) == [("far", "time")]
    assert len(asked) == len(answers)
    assert all(b"authorization: Bearer token\r\n" in each and b"secret of nodes" in each for each in asked)
    (said,) = caplog.messages
    assert "status 401" in said
    assert "--control-token" in said
