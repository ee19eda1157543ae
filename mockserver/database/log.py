"""The log of a node: writes the inputs of all its worlds, many together.

What came in meanwhile, of whatever worlds, is one statement and one commit. The loop sends it itself, where the thread
has nothing else to do. All that is written is written in its order.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from privnum.mockserver.database.futures import fail, resolve
from privnum.mockserver.statefile.commits import GroupCommit
from privnum.mockserver.statefile.copies import CAN_FORK, begin_copy, write_image
from privnum.mockserver.statefile.file import Batch, StateError
from privnum.mockserver.statefile.inputs import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.database.appending import LoopAppender
    from privnum.mockserver.database.store import Store
    from privnum.mockserver.statefile.copies import Copy

__all__ = ["NodeLog", "WorldLog"]

_log = logging.getLogger("privnum.state")
_T = TypeVar("_T")

#: Inputs of a world behind which another image is made, where that is small: they are carried out in a second.
EVERY: Final = 10_000
#: At most so many, for large ones: for each thousand bytes of the image one more.
_MOST: Final = 50_000
_BYTES_PER_INPUT: Final = 1_000
#: Inputs for which it is worth while to make an image before others have the world.
_AT_THE_END: Final = 2_000
#: Bytes of an image that this process makes itself, in a moment; a copy of it makes larger ones.
_SMALL: Final = 2_000_000
#: Why something is not written behind what could not be.
_BROKEN: Final = "nothing can be written any more"


class WorldLog:
    """The inputs of one world in the log of its node.

    Args:
        log: of the node.
        world: its id.
        last: number of the last input that is kept.
        behind_image: how many of these the newest image does not have.
        image: returns the bytes of the world as it is.
        size: of the newest image.
    """

    def __init__(
        self,
        log: NodeLog,
        world: str,
        last: int,
        behind_image: int,
        image: Callable[[], Iterator[bytes]],
        size: int,
    ) -> None:
        self.world = world
        self.last = last
        self.behind_image = behind_image
        self.image = image
        self.size = size
        #: Whether an image of it is being made; whether nothing of it is written any more.
        self.imaging = self.ended = False
        self._log = log

    @property
    def is_due(self) -> bool:
        """Whether it is time for an image."""
        every = min(max(EVERY, self.size // _BYTES_PER_INPUT), max(EVERY, _MOST))
        return self.behind_image >= every and not self.imaging and not self.ended

    def start(self) -> None:
        """Begin: the log of the node has begun."""

    def add(self, entry: tuple[Any, ...]) -> None:
        """Keep an input."""
        self._log.add((self, entry))

    def when_kept(self, then: Callable[[], None]) -> None:
        """Call something once all that came in so far is kept."""
        self._log.when_kept(then)

    async def wait_until_kept(self) -> bool:
        """Wait for that, and until it is sure that the world is still here.

        Return False where it is not.
        """
        return await self._log.confirm()

    def stop(self) -> None:
        """End: the log of the node goes on."""

    async def finish(self) -> None:
        """Write what is left of a world that ends here.

        And an image where that is worth while: before its pushes are given up, which is no outcome, and is not kept.
        """
        while await self._log.wait_until_kept() and self._log.has_more(self):
            pass  # what came in before this went on is in the world, and its number is not
        if self.behind_image >= _AT_THE_END and not self.imaging:
            self._log.begin_image(self)
        while self.imaging:
            await self._log.run(lambda _: None)

    # What an image is written to, in the thread.

    def put_chunk(self, last: int, place: int, content: bytes) -> None:
        """Keep a piece of an image."""
        if not self.ended:
            self._log.store.put_chunk(self.world, last, place, content)

    def finish_image(self, last: int, size: int, digest: bytes) -> None:
        """Let an image count."""
        if not self.ended:
            self._log.store.finish_image(self.world, last, size, digest)
            self.size = size


class NodeLog(GroupCommit[tuple[WorldLog | None, tuple[Any, ...]]]):
    """The writer of a node.

    Args:
        store: what is written by the thread.
        appender: what is written by the loop.
        failed: called, in the loop, with what went wrong where nothing can be written any more.
    """

    def __init__(self, store: Store, appender: LoopAppender, failed: Callable[[str], None]) -> None:
        super().__init__("privnum-state", failed)
        self.store = store
        self._appender = appender
        self._due: set[WorldLog] = set()
        self._runs: set[asyncio.Future[Any]] = set()

    def start(self) -> None:
        """Begin to write, for the loop that runs."""
        super().start()
        self._appender.start(self._go_on, self._break)

    def has_more(self, log: WorldLog) -> bool:
        """Whether something of a world has come in that has not been handed over."""
        return any(each is log for each, _ in self._batch)

    async def confirm(self) -> bool:
        """Wait until all is kept, and the worlds are surely still of this node.

        Return False where it has not.
        """
        if not self._batch:
            self.add((None, ()))
        return await self.wait_until_kept()

    async def run(self, job: Callable[[Store], _T]) -> _T:
        """Write something else behind all that was handed over.

        Return what comes of it.

        Raises:
            StateError: nothing can be written any more.
            Exception: what else the job raises.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()

        def work() -> None:
            try:
                result = job(self.store)
            except StateError as error:
                self._call_in_loop(partial(fail, done, error))
                raise
            except Exception as error:
                self._call_in_loop(partial(fail, done, error))
            else:
                self._call_in_loop(partial(resolve, done, result))

        if self._broken:
            raise StateError(_BROKEN)
        self._runs.add(done)
        done.add_done_callback(self._runs.discard)
        self._let_thread_do(work)
        return await done

    def abandon(self) -> None:
        """Write no more: nothing that waits goes on."""
        if not self._broken:
            self._failed = lambda _: None
            self._break("")

    def begin_image(self, log: WorldLog) -> None:
        """Make an image of a world as it is.

        All that came in of it has been handed over.
        """
        log.imaging, log.behind_image = True, 0
        last = log.last
        if log.size <= _SMALL or not CAN_FORK:
            write_image(log, last, iter([b"".join(log.image())]), self._let_thread_do, lambda: True, self._ender(log))
            return
        try:
            copy = begin_copy(log.image)
        except OSError:  # no memory, or too many processes
            self._ender(log)(False)
            return
        threading.Thread(target=self._take_over, args=(log, last, copy), name="privnum-image", daemon=True).start()

    # ── in the loop ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _write(self, entries: list[tuple[WorldLog | None, tuple[Any, ...]]]) -> None:
        """Begin to write inputs, behind all that the thread has to do."""
        batches = self._batches_of(entries)
        has_thread_jobs = self._jobs.unfinished_tasks > 0
        if not batches or has_thread_jobs or not self._appender.send(batches):
            self._let_thread_do(lambda: self.store.append(batches), self._go_on)

    def _batches_of(self, entries: list[tuple[WorldLog | None, tuple[Any, ...]]]) -> list[tuple[str, Batch]]:
        by_world: dict[WorldLog, list[tuple[Any, ...]]] = {}
        for log, entry in entries:
            if log is not None and not log.ended:
                by_world.setdefault(log, []).append(entry)
        batches = []
        for log, each in by_world.items():
            first, log.last = log.last + 1, log.last + len(each)
            log.behind_image += len(each)
            batches.append((log.world, Batch(first, log.last, pack(each))))
            if log.is_due:
                self._due.add(log)
        return batches

    def _go_on(self) -> None:
        super()._go_on()
        due, self._due = self._due, set()
        for log in due:
            if log.is_due:
                self.begin_image(log)

    def _take_over(self, log: WorldLog, last: int, copy: Copy) -> None:
        """Hand what the copy of the process writes to the writer, in a thread."""
        write_image(log, last, copy.pieces(), self._let_thread_do, copy.ended_well, self._ender(log))

    @staticmethod
    def _ender(log: WorldLog) -> Callable[[bool], None]:
        def end(is_whole: bool) -> None:
            if not is_whole:
                _log.error("world %s could not be written into the database; it is tried again later", log.world)
            log.imaging = False

        return end

    def _break(self, why: str) -> None:
        if self._broken:
            return
        super()._break(why)
        self._appender.close()
        self._jobs.put(None)
        for done in tuple(self._runs):
            fail(done, StateError(why or _BROKEN))

    def stop(self) -> None:
        """End, behind all that was handed over."""
        self._appender.finish()
        self._jobs.put(None)
        self._thread.join()

    def _do(self, job: Callable[[], None]) -> None:
        """Do a job when what the loop has sent is kept."""
        with self._appender.busy:
            if self._broken:  # what it is behind may not be kept
                raise StateError(_BROKEN)
            job()

    def _work(self) -> None:
        try:
            super()._work()
        finally:
            self.store.close()
