"""Questions to a database, one after the other in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from privnum.mockserver.database.futures import fail, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Asker"]

_Subject = TypeVar("_Subject")
_T = TypeVar("_T")


class Asker(Generic[_Subject]):
    """A thread that alone uses something.

    Args:
        subject: what it uses.
        close: called with it, in the thread, at the end.
    """

    def __init__(self, subject: _Subject, close: Callable[[_Subject], object]) -> None:
        self._subject = subject
        self._close = close
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._work, name="privnum-asker", daemon=True).start()

    async def ask(self, question: Callable[[_Subject], _T]) -> _T:
        """Return what a question comes to; raises what it raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()

        def work() -> None:
            try:
                found = question(self._subject)
            except BaseException as error:
                _call(loop, partial(fail, answer, error))
            else:
                _call(loop, partial(resolve, answer, found))

        self._jobs.put(work)
        return await answer

    def stop(self) -> None:
        """End, behind what was asked."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        self._close(self._subject)


def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], object]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(what)
