"""What the loop sends is kept as what the thread writes is, in one order with it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("psycopg")

from privnum.mockserver.database import log as log_module
from privnum.mockserver.database.appending import DEPOSED, LoopAppender
from privnum.mockserver.database.log import NodeLog, WorldLog
from privnum.mockserver.database.reading import read_world
from privnum.mockserver.database.session import Database
from privnum.mockserver.database.store import Made, Store
from privnum.mockserver.database.tables import open_tables
from privnum.mockserver.database.watch import Watcher
from privnum.mockserver.statefile.file import Batch, StateError
from privnum.mockserver.statefile.inputs import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.database.session import Connection

WORLD = "a"
_CUT_ALL = """
SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


class Node:
    """A node with one world, and what its appender has said."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.connections: list[Connection] = [self.database.connect() for _ in range(3)]
        watching, writing, self.appending = self.connections
        with self.database.connect() as connection:
            open_tables(connection, self.database, {"seed": 7}, lambda _: None)
        self.watcher = Watcher(watching, self.database, "10.0.0.1:80")
        self.store = Store(writing, self.database, self.watcher.node)
        self.store.make_world(Made(WORLD, {}, b"image"))
        self.appender = LoopAppender(self.appending, self.database, self.watcher.node)
        self.said: asyncio.Queue[str] = asyncio.Queue()

    def start(self) -> None:
        self.appender.start(lambda: self.said.put_nowait("kept"), self._fail)

    def _fail(self, why: str) -> None:
        self.appender.close()
        self.said.put_nowait(why)

    def contents(self) -> list[bytes]:
        with self.database.connect() as connection:
            return [batch.content for batch in read_world(connection, self.database, WORLD).batches(0)]

    def execute(self, statement: str, *values: Any) -> None:
        with self.database.connect() as connection:
            connection.execute(statement.encode(), values)


@contextmanager
def new_node(url: str) -> Iterator[Node]:
    node = Node(url)
    try:
        yield node
    finally:
        for each in node.connections:
            each.close()


def test_a_batch_is_kept_and_then_the_next_one(url: str) -> None:
    contents = [b"one", bytes(range(256)) * 40_000, b"three"]  # the second one does not go out at once

    async def send(node: Node) -> list[str]:
        node.start()
        said = []
        for place, content in enumerate(contents, 1):
            batch = Batch(place, place, content)
            assert node.appender.send([(WORLD, batch)])
            assert node.appender.busy.locked()
            assert not node.appender.send([(WORLD, batch)])  # one at a time
            said.append(await asyncio.wait_for(node.said.get(), 60))
            assert not node.appender.busy.locked()
        return said

    with new_node(url) as node:
        assert asyncio.run(send(node)) == ["kept"] * 3
        assert node.contents() == contents


def test_what_is_under_way_at_the_end_is_kept(url: str) -> None:
    async def send(node: Node) -> None:
        node.start()
        assert node.appender.send([(WORLD, Batch(1, 1, b"one"))])
        node.appender.finish()

    with new_node(url) as node:
        asyncio.run(send(node))
        assert node.contents() == [b"one"]
        assert not node.appender.busy.locked()


def test_nothing_is_sent_before_the_start_or_while_the_thread_writes(url: str) -> None:
    async def send(node: Node) -> None:
        batches = [(WORLD, Batch(1, 1, b"one"))]
        assert not node.appender.send(batches)
        node.start()
        with node.appender.busy:
            assert not node.appender.send(batches)

    with new_node(url) as node:
        asyncio.run(send(node))
        assert node.contents() == []


def test_where_the_loop_hears_no_sockets_the_thread_keeps_all(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of Windows does not."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    async def write(node: Node) -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", refuse)
        log, world, _ = _log_of(node)
        world.add(("time", 1, WORLD, 1))
        assert await log.wait_until_kept()
        assert not node.appender.send([(WORLD, Batch(2, 2, b"two"))])
        log.stop()

    with new_node(url) as node:
        asyncio.run(write(node))
        assert len(node.contents()) == 1


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        ("DELETE FROM privnum_nodes", DEPOSED),
        ("UPDATE privnum_worlds SET node = NULL", DEPOSED),
        ("DROP TABLE privnum_inputs", "does not exist"),
        (_CUT_ALL, "cannot be used"),
    ],
)
def test_what_cannot_be_kept_is_said(url: str, happens: str, why: str) -> None:
    async def send(node: Node) -> str:
        node.start()
        node.execute(happens)
        node.appender.send([(WORLD, Batch(1, 1, b"one"))])
        return await asyncio.wait_for(node.said.get(), 60)

    with new_node(url) as node:
        assert why in asyncio.run(send(node))


def test_a_cut_connection_is_noticed_without_anything_to_send(url: str) -> None:
    async def wait(node: Node) -> str:
        node.start()
        node.execute("SELECT pg_terminate_backend(%s)", node.appending.info.backend_pid)
        return await asyncio.wait_for(node.said.get(), 60)

    with new_node(url) as node:
        assert "cannot be used" in asyncio.run(wait(node))


# ── with the log of a node ───────────────────────────────────────────────────────────────────────────────────────────


def _log_of(node: Node) -> tuple[NodeLog, WorldLog, list[str]]:
    lost: list[str] = []
    log = NodeLog(node.store, node.appender, lost.append)
    log.start()
    return log, WorldLog(log, WORLD, 0, 0, lambda: iter([b"image"]), 5), lost


def test_what_the_loop_and_the_thread_write_has_one_order(url: str) -> None:
    """A job of the thread finds what the loop has sent before it, and the loop sends nothing ahead of a job."""

    async def write(node: Node) -> list[tuple[int, int]]:
        log, world, lost = _log_of(node)
        seen: list[tuple[int, int]] = []

        def look() -> int:
            return sum(len(unpack(content)) for content in node.contents())

        for number in range(60):
            if number % 3 == 0:
                await log.wait_until_kept()
            world.add(("time", number, WORLD, number))
            if number % 3 == 0:
                await asyncio.sleep(0)  # it is handed over
                assert node.appender.busy.locked()
                asked = asyncio.ensure_future(log.run(lambda _: look()))
                await asyncio.sleep(0)
                world.add(("time", number, WORLD, number))
                seen.append((number, await asked))
        assert await log.wait_until_kept()
        log.stop()
        assert lost == []
        return seen

    with new_node(url) as node:
        seen = asyncio.run(write(node))
        inputs = [each for content in node.contents() for each in unpack(content)]
        assert [each[1] for each in inputs] == sorted([*range(60), *range(0, 60, 3)])
        assert seen == [(number, number + number // 3 + 1) for number in range(0, 60, 3)]


def test_behind_what_could_not_be_kept_nothing_is_written(url: str) -> None:
    async def write(node: Node) -> list[str]:
        log, world, lost = _log_of(node)
        node.execute("UPDATE privnum_worlds SET node = NULL")
        world.add(("time", 1, WORLD, 1))
        await asyncio.sleep(0)
        assert node.appender.busy.locked()  # the loop has sent it
        with pytest.raises(StateError):
            await log.run(lambda store: store.put_keys(WORLD, {"key": b"{}"}))
        assert not await log.wait_until_kept()
        log._thread.join()
        return lost

    with new_node(url) as node:
        assert asyncio.run(write(node)) == [DEPOSED]
        with node.database.connect() as connection:
            assert connection.execute("SELECT count(*) FROM privnum_keys").fetchone() == (0,)


def _soon(what: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(what)


def test_an_image_at_the_end_has_the_inputs_that_its_number_says(url: str) -> None:
    """Also where one comes in between the last commit and the image: a timer rings, or a receiver answers."""

    async def write(node: Node) -> list[str]:
        log, world, lost = _log_of(node)
        added: list[int] = []
        world.image = lambda: iter([b"%d" % len(added)])

        def add() -> None:
            added.append(len(added))
            world.add(("time", 1, WORLD, 1))

        for _ in range(2_000):
            add()
        log.when_kept(lambda: _soon(add))
        await world.finish()
        log.stop()
        return lost

    with new_node(url) as node:
        assert asyncio.run(write(node)) == []
        with node.database.connect() as connection:
            assert read_world(connection, node.database, WORLD).image() == (2_001, b"2001")


def test_a_world_ends_though_no_copy_of_the_process_can_be_made(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(log_module, "begin_copy", fail)

    async def write(node: Node) -> list[str]:
        log, world, lost = _log_of(node)
        world.size = 10_000_000
        for number in range(2_000):
            world.add(("time", number, WORLD, number))
        await asyncio.wait_for(world.finish(), 60)
        log.stop()
        return lost

    with new_node(url) as node:
        assert asyncio.run(write(node)) == []
        assert sum(len(unpack(content)) for content in node.contents()) == 2_000
