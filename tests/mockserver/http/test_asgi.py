"""What the application tells the server that runs it."""

from __future__ import annotations

import asyncio

from privnum.mockserver.control.edge import Edge
from privnum.mockserver.http.asgi import App
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.http.test_feed import Caller


def test_a_dropped_world_is_counted_and_nothing_else_that_is_dropped() -> None:
    async def play() -> None:
        app = App(Edge(Platform()))
        app.edge.platform.create_world({"id": "w"})
        dropped: list[str] = []
        caller = Caller(app)
        caller.reads.set()
        for method, path in (
            ("POST", "/_privnum/worlds/w/snapshots"),
            ("DELETE", "/_privnum/worlds/w/snapshots/snapshot-1"),
            ("DELETE", "/_privnum/worlds/w"),
        ):
            app.dropped = lambda path=path: dropped.append(path)
            await caller.ask(method, path)
            assert (await caller.got.get())["status"] in (201, 204)
            await caller.got.get()
        assert dropped == ["/_privnum/worlds/w"]

    asyncio.run(play())
