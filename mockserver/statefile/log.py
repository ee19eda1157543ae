"""The log: writes inputs into the file, many together.

Now and then all worlds are written too, as an image, so that no start has more to carry out again than came in since.
On systems that can fork a copy of the process writes it, while this one goes on.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.statefile.commits import GroupCommit
from privnum.mockserver.statefile.copies import CAN_FORK, begin_copy, write_image
from privnum.mockserver.statefile.file import Batch, StateError
from privnum.mockserver.statefile.inputs import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.statefile.copies import Copy
    from privnum.mockserver.statefile.file import StateFile

__all__ = ["EVERY", "InputLog"]

_log = logging.getLogger("privnum.state")

#: Inputs behind which another image is made: they are carried out again in a few seconds.
EVERY: Final = 50_000
#: Inputs for which it is worth while to make an image at the end.
_AT_THE_END: Final = 2_000


class InputLog(GroupCommit[tuple[Any, ...]]):
    """The writer of a state file.

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
        super().__init__("privnum-state", failed)
        self._file = file
        self._last = last
        self._behind_image = behind_image
        self._image = image
        self._every = EVERY if every is None else every
        self._imaging = False

    def stop(self) -> None:
        """Write what is left, and close the file: the end."""
        self._jobs.put(None)
        self._thread.join()
        if not self._broken:
            try:
                if self._batch:
                    self._job_of(self._take_batch())()
                if self._behind_image >= _AT_THE_END:
                    self._put_image(self._last, self._image(), _do_now)
            except StateError as error:
                self._break(str(error))
        self._file.close()
        waited = () if self._broken else (*(self._under_way or ()), *self._waiting)
        self._under_way, self._waiting = None, []
        for then in waited:
            then()

    def _write(self, entries: list[tuple[Any, ...]]) -> None:
        """Let the thread write entries."""
        self._let_thread_do(self._job_of(entries), self._go_on)

    def _job_of(self, entries: list[tuple[Any, ...]]) -> Callable[[], None]:
        """Return what writes entries."""
        first, self._last = self._last + 1, self._last + len(entries)
        self._behind_image += len(entries)
        batch = Batch(first, self._last, pack(entries))
        return lambda: self._file.append(batch)

    def _go_on(self) -> None:
        """Let go on what waited for the batch, and make an image where one is due."""
        super()._go_on()
        if self._behind_image >= self._every and not self._imaging:
            self._begin_image()

    # ── images ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin_image(self) -> None:
        """Make an image of the worlds as they are.

        It is behind all that has been handed over, which is all that came in.
        """
        self._imaging, self._behind_image = True, 0
        last = self._last
        if not CAN_FORK:
            self._put_image(last, iter([b"".join(self._image())]), self._let_thread_do)
            return
        thread = threading.Thread(
            target=self._take_over, args=(last, begin_copy(self._image)), name="privnum-image", daemon=True
        )
        thread.start()

    def _take_over(self, last: int, copy: Copy) -> None:
        """Hand what the copy of the process writes to the writer, in a thread."""
        self._put_image(last, copy.pieces(), self._let_thread_do, copy.ended_well)

    def _put_image(
        self,
        last: int,
        content: Iterator[bytes],
        put: Callable[[Callable[[], None]], None],
        is_whole: Callable[[], bool] = lambda: True,
    ) -> None:
        write_image(self._file, last, content, put, is_whole, self._end_image)

    def _end_image(self, is_whole: bool) -> None:
        if not is_whole:
            _log.error("the worlds could not be written into the state file; it is tried again later")
        self._imaging = False


def _do_now(job: Callable[[], None]) -> None:
    job()
