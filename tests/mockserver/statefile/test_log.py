"""The log: what waits for inputs goes on when they are in the file, in order, and never where they are not."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

from privnum.mockserver.statefile.file import Batch, Image, Meta, StateError, StateFile, reading
from privnum.mockserver.statefile.inputs import unpack
from privnum.mockserver.statefile.log import InputLog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path
    from typing import Any


def take(world: str) -> tuple[str, int, str]:
    return "take", 1, world


def nothing() -> Iterator[bytes]:
    yield b"nothing"


class SlowFile(StateFile):
    """Writes when it is let; it cannot where `full`."""

    def __init__(self, path: Path, last: int) -> None:
        super().__init__(path, last)
        self.may_write = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.full = False

    def append(self, batch: Batch) -> None:
        self.begun.release()
        assert self.may_write.acquire(timeout=20)
        if self.full:
            raise StateError("the disk is full")
        super().append(batch)


def new_file(tmp_path: Path) -> Path:
    path = tmp_path / "a"
    StateFile.make(path, Meta.now({}), Image(0, b"")).close()
    return path


def batches_in(path: Path) -> list[list[str]]:
    with reading(path) as reader:
        return [[each.world for each in unpack(batch.content)] for batch in reader.batches(reader.image().last)]  # type: ignore[union-attr]


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def run_in_time() -> None:
        async with asyncio.timeout(20):
            await work()

    asyncio.run(run_in_time())


def fails(why: str) -> None:
    raise AssertionError(why)


def test_those_of_one_commit_go_on_together_and_the_others_wait(tmp_path: Path) -> None:
    path = new_file(tmp_path)
    file = SlowFile(path, 0)
    seen: list[str] = []

    async def work() -> None:
        log = InputLog(file, 0, 0, nothing, fails)
        log.start()
        log.when_kept(partial(seen.append, "nothing to wait for"))
        for world in ("a", "b"):
            log.add(take(world))
            log.when_kept(partial(seen.append, world))
        await asyncio.to_thread(file.begun.acquire)
        log.add(take("c"))
        log.when_kept(partial(seen.append, "c"))
        assert seen == ["nothing to wait for"]
        file.may_write.release()
        await asyncio.to_thread(file.begun.acquire)
        assert seen == ["nothing to wait for", "a", "b"]
        file.may_write.release()
        await log.wait_until_kept()
        assert seen == ["nothing to wait for", "a", "b", "c"]
        await log.wait_until_kept()  # at once: there is nothing
        log.stop()

    run(work)
    assert batches_in(path) == [["a", "b"], ["c"]]


def test_what_cannot_be_written_lets_nobody_go_on(tmp_path: Path) -> None:
    path = new_file(tmp_path)
    file = SlowFile(path, 0)
    seen: list[str] = []

    async def work() -> None:
        failed = asyncio.get_running_loop().create_future()
        log = InputLog(file, 0, 0, nothing, failed.set_result)
        log.start()
        file.full = True
        log.add(take("a"))
        log.when_kept(partial(seen.append, "a"))
        waiting = asyncio.ensure_future(log.wait_until_kept())
        await asyncio.sleep(0)
        file.may_write.release()
        assert await failed == "the disk is full"
        log.add(take("b"))
        log.when_kept(partial(seen.append, "b"))
        assert await waiting is False
        assert await log.wait_until_kept() is False
        log.stop()

    run(work)
    assert seen == []
    assert batches_in(path) == []


def test_the_end_writes_what_is_left(tmp_path: Path) -> None:
    path = new_file(tmp_path)
    seen: list[str] = []

    async def work() -> None:
        log = InputLog(StateFile(path, 0), 0, 0, nothing, fails)
        log.start()
        log.add(take("a"))
        log.when_kept(partial(seen.append, "a"))
        log.stop()
        assert seen == ["a"]

    run(work)
    assert batches_in(path) == [["a"]]


def test_an_image_takes_the_place_of_what_is_older(tmp_path: Path) -> None:
    """It is that of the moment at which it is made, in a copy of the process; later inputs stay behind it."""
    path = new_file(tmp_path)
    state: list[bytes] = []

    async def work() -> None:
        log = InputLog(StateFile(path, 0), 0, 0, lambda: iter(state), fails, every=3)
        log.start()
        for world in ("a", "b", "c", "d"):
            state.append(world.encode() * 700_000)
            log.add(take(world))
            await log.wait_until_kept()
        while log._imaging:
            await asyncio.sleep(0)
        log.stop()

    run(work)
    with reading(path) as reader:
        image = reader.image()
        assert (image.last, image.content) == (3, b"".join(state[:3]))
    assert batches_in(path) == [["d"]]


def test_an_image_that_did_not_become_whole_does_not_count(tmp_path: Path) -> None:
    path = new_file(tmp_path)

    def breaks() -> Iterator[bytes]:
        yield b"x" * 3_000_000
        raise SystemExit

    async def work() -> None:
        log = InputLog(StateFile(path, 0), 0, 0, breaks, fails, every=1)
        log.start()
        log.add(take("a"))
        await log.wait_until_kept()
        while log._imaging:
            await asyncio.sleep(0)
        log.stop()

    run(work)
    with reading(path) as reader:
        assert reader.image().last == 0
    assert batches_in(path) == [["a"]]
