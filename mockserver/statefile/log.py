"""The log: writes inputs into the file, many together.

A thread of its own does it, for those of a turn of the loop at once. What waits for an input goes on when the commit
that has it is done: a group commit. Now and then all worlds are written too, as an image, so that no start has more to
carry out again than came in since. On systems that can fork a copy of the process writes it, while this one goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import threading
import warnings
from hashlib import blake2b
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.statefile.file import CHUNK, Batch, StateError
from privnum.mockserver.statefile.inputs import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.statefile.file import StateFile

__all__ = ["EVERY", "InputLog"]

_log = logging.getLogger("privnum.state")

#: Inputs behind which another image is made: they are carried out again in a few seconds.
EVERY: Final = 50_000
#: Inputs for which it is worth while to make an image at the end.
_AT_THE_END: Final = 2_000
#: Pieces of an image that may wait to be written.
_PIECES: Final = 4
_CAN_FORK: Final = hasattr(os, "fork")


class InputLog:
    """The writer of a state file. All but `stop` returns at once.

    Args:
        file: what is written.
        last: number of the last input in it.
        behind_image: how many of these the newest image does not have.
        image: returns the bytes of all worlds as they are.
        failed: called, in the loop, with what went wrong where the file cannot be written any more.
        every: inputs behind which an image is made; None: EVERY.
    """

    def __init__(
        self,
        file: StateFile,
        last: int,
        behind_image: int,
        image: Callable[[], Iterator[bytes]],
        failed: Callable[[str], None],
        every: int | None = None,
    ) -> None:
        self._file = file
        self._last = last
        self._behind_image = behind_image
        self._image = image
        self._failed = failed
        self._every = EVERY if every is None else every
        self._loop: asyncio.AbstractEventLoop | None = None
        #: What came in since the last batch was handed over; what waits for it; what waits for the one under way.
        self._batch: list[tuple[Any, ...]] = []
        self._waiting: list[Callable[[], None]] = []
        self._under_way: list[Callable[[], None]] | None = None
        self._futures: set[asyncio.Future[None]] = set()
        self._scheduled = self._broken = self._imaging = False
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="privnum-state", daemon=True)

    def start(self) -> None:
        """Begin to write, for the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def add(self, entry: tuple[Any, ...]) -> None:
        """Keep an input."""
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

    def stop(self) -> None:
        """Write what is left, and close the file: the end."""
        self._jobs.put(None)
        self._thread.join()
        if not self._broken:
            try:
                if self._batch:
                    self._file.append(self._next_batch())
                if self._behind_image >= _AT_THE_END:
                    self._put_image(self._last, self._image(), _do)
            except StateError as error:
                self._break(str(error))
        self._file.close()
        waited = () if self._broken else (*(self._under_way or ()), *self._waiting)
        self._under_way, self._waiting = None, []
        for then in waited:
            then()

    # ── in the loop ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _next_batch(self) -> Batch:
        """Return what came in as a batch, and begin another."""
        entries, self._batch = self._batch, []
        first, self._last = self._last + 1, self._last + len(entries)
        self._behind_image += len(entries)
        return Batch(first, self._last, pack(entries))

    def _hand_over(self) -> None:
        """Let the thread write what came in, unless it writes."""
        self._scheduled = False
        if self._under_way is None and self._batch and not self._broken:
            self._under_way, self._waiting = self._waiting, []
            batch = self._next_batch()
            self._jobs.put(lambda: self._write(batch))

    def _write(self, batch: Batch) -> None:
        """In the thread: write a batch, and tell the loop."""
        self._file.append(batch)
        self._tell(self._go_on)

    def _go_on(self) -> None:
        """Let go on what waited for the batch."""
        waited, self._under_way = self._under_way or (), None
        for then in waited:
            try:
                then()
            except Exception:  # a connection that is no more; the others go on
                _log.exception("an answer could not be sent")
        if self._behind_image + len(self._batch) >= self._every and not self._imaging:
            self._hand_over()
            self._begin_image()
        else:
            self._hand_over()

    def _break(self, why: str) -> None:
        self._broken = True
        for each in tuple(self._futures):
            _set(each)
        self._failed(why)

    def _tell(self, what: Callable[[], None]) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what)

    # ── images ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin_image(self) -> None:
        """Make an image of the worlds as they are.

        It is behind all that has been handed over.
        """
        self._imaging, self._behind_image = True, 0
        last = self._last
        if not _CAN_FORK:
            self._put_image(last, iter([b"".join(self._image())]), self._jobs.put)
            return
        reader, writer = os.pipe()
        with warnings.catch_warnings():  # newer Pythons warn of threads: the copy has none, and waits for none
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            _write_and_exit(writer, self._image)
        os.close(writer)
        thread = threading.Thread(target=self._take_over, args=(last, reader, child), name="privnum-image", daemon=True)
        thread.start()

    def _take_over(self, last: int, reader: int, child: int) -> None:
        """Hand what the copy of the process writes to the writer, in a thread."""
        with os.fdopen(reader, "rb") as pipe:
            self._put_image(last, iter(lambda: pipe.read(CHUNK), b""), self._jobs.put, lambda: _ended_well(child))

    def _put_image(
        self,
        last: int,
        content: Iterator[bytes],
        put: Callable[[Callable[[], None]], None],
        is_whole: Callable[[], bool] = lambda: True,
    ) -> None:
        """Write an image piece by piece, so that inputs are written in between."""
        room, digest, size = threading.Semaphore(_PIECES), blake2b(b"%d " % last, digest_size=16), 0
        for place, piece in enumerate(_of_one_size(content)):
            digest.update(piece)
            size += len(piece)
            room.acquire()

            def write(place: int = place, piece: bytes = piece) -> None:
                self._file.put_chunk(last, place, piece)
                room.release()

            put(write)
        whole = is_whole()

        def finish() -> None:
            if whole:
                self._file.finish_image(last, size, digest.digest())
            else:
                _log.error("the worlds could not be written into the state file; it is tried again later")
            self._imaging = False

        put(finish)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                job()
        except StateError as error:
            why = str(error)
            self._tell(lambda: self._break(why))


def _of_one_size(content: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of the size of a row."""
    rest = bytearray()
    for piece in content:
        rest += piece
        while len(rest) >= CHUNK:
            yield bytes(rest[:CHUNK])
            del rest[:CHUNK]
    yield bytes(rest)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _do(job: Callable[[], None]) -> None:
    job()


def _write_and_exit(writer: int, image: Callable[[], Iterator[bytes]]) -> None:
    """Write the image, in the copy of the process, and end that.

    Nothing else of the process runs on in it.
    """
    status = 1
    try:
        gc.disable()
        # Connections that the server closes would stay open here.
        os.closerange(3, writer)
        os.closerange(writer + 1, os.sysconf("SC_OPEN_MAX"))
        with os.fdopen(writer, "wb") as pipe:
            for piece in image():
                pipe.write(piece)
        status = 0
    finally:
        os._exit(status)


def _ended_well(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0
