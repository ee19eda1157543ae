"""A group commit: what comes in is written together.

One batch is written at a time; what came in meanwhile is the next one. What waits for an entry goes on when the batch
that has it is written. Who writes, and where to, says a class of its own; a thread does what takes long.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from abc import ABC, abstractmethod
from queue import Queue
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GroupCommit", "Keeps"]

_log = logging.getLogger("privnum.state")

_Entry = TypeVar("_Entry")


class Keeps(Protocol):
    """Where an edge puts its inputs."""

    def start(self) -> None:
        """Begin, for the loop that runs."""
        ...

    def add(self, entry: tuple[Any, ...]) -> None:
        """Keep an input."""
        ...

    def when_kept(self, then: Callable[[], None]) -> None:
        """Call something once all that came in so far is kept."""
        ...

    async def wait_until_kept(self) -> bool:
        """Wait for that; return False where it cannot be."""
        ...

    def stop(self) -> None:
        """Keep what is left: the end."""
        ...


class GroupCommit(ABC, Generic[_Entry]):
    """Entries that are written many at once. All but `stop` returns at once.

    Args:
        name: of the thread.
        failed: called, in the loop, with what went wrong where nothing can be written any more.
    """

    def __init__(self, name: str, failed: Callable[[str], None]) -> None:
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None
        #: What came in since the last batch was handed over; what waits for it; what waits for the one under way.
        self._batch: list[_Entry] = []
        self._waiting: list[Callable[[], None]] = []
        self._under_way: list[Callable[[], None]] | None = None
        self._futures: set[asyncio.Future[None]] = set()
        self._scheduled = self._broken = False
        self._jobs: Queue[tuple[Callable[[], None], Callable[[], None] | None] | None] = Queue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    @abstractmethod
    def _write(self, entries: list[_Entry]) -> None:
        """Begin to write entries; when it is done, `_go_on` is called."""

    @abstractmethod
    def stop(self) -> None:
        """End, behind all that was handed over."""

    def start(self) -> None:
        """Begin to write, for the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def add(self, entry: _Entry) -> None:
        """Keep an entry."""
        self._batch.append(entry)
        if not self._scheduled and self._under_way is None:
            assert self._loop is not None
            self._scheduled = True
            self._loop.call_soon(self._hand_over)

    def when_kept(self, then: Callable[[], None]) -> None:
        """Call something once all that came in so far is kept.

        What is asked first is called first.
        """
        if self._batch:
            self._waiting.append(then)
        elif self._under_way is not None:
            self._under_way.append(then)
        elif not self._broken:
            then()

    async def wait_until_kept(self) -> bool:
        """Wait until all that came in so far is kept.

        Return False where it cannot be.
        """
        if (self._batch or self._under_way is not None) and not self._broken:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._futures.add(done)
            done.add_done_callback(self._futures.discard)
            self.when_kept(lambda: _set(done))
            await done
        return not self._broken

    # ── in the loop ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _take_batch(self) -> list[_Entry]:
        entries, self._batch = self._batch, []
        return entries

    def _hand_over(self) -> None:
        """Write what came in, unless something is being written."""
        self._scheduled = False
        if self._under_way is None and self._batch and not self._broken:
            self._under_way, self._waiting = self._waiting, []
            self._write(self._take_batch())

    def _let_thread_do(self, job: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Let the thread do a job behind all others.

        The job raises StateError where nothing can be written any more. `then` is called in the loop when it is done.
        """
        self._jobs.put((job, then))

    def _go_on(self) -> None:
        """Let go on what waited for the batch."""
        waited, self._under_way = self._under_way or (), None
        for then in waited:
            try:
                then()
            except Exception:  # a connection that is no more; the others go on
                _log.exception("an answer could not be sent")
        self._hand_over()

    def _break(self, why: str) -> None:
        self._broken = True
        for each in tuple(self._futures):
            _set(each)
        self._failed(why)

    def _call_in_loop(self, what: Callable[[], None]) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            while (next_one := self._jobs.get()) is not None:
                job, then = next_one
                self._do(job)
                self._jobs.task_done()
                if then is not None:
                    self._call_in_loop(then)
        except StateError as error:
            why = str(error)
            self._call_in_loop(lambda: self._break(why))

    def _do(self, job: Callable[[], None]) -> None:
        """Do a job."""
        job()


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
