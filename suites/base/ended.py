"""Ends of a run that are no verdict.

What cannot be written down any more, and signals that ask for an end.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from privnum.ends import STOPS, handled_signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

__all__ = ["RunEnded", "ended_in_order", "until_answered", "write_all"]


class RunEnded(KeyboardInterrupt):
    """The run cannot go on; the text, one line, says why.

    It passes wherever somebody who stops the run passes.
    """


def write_all(file: int, data: bytes) -> None:
    """Write every byte at once: the system may take a part of them.

    Raises OSError.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


class _Stop:
    """Who asked for an end, while a request of the main thread is on its way.

    Its answer is worth the wait: without it nobody knows what was bound. Who asks a second time does not wait.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.asked: str | None = None

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        name = signal.Signals(number).name
        if self.depth and self.asked is None:
            self.asked = name
            return
        self.asked = None
        raise KeyboardInterrupt(name)


_STOP = _Stop()


@contextmanager
def ended_in_order(names: Sequence[str] = STOPS) -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP end the run, or signals of these names.

    What was done is undone, and a report written.
    """
    with handled_signals(_STOP.ask, names):
        yield


@contextmanager
def until_answered() -> Iterator[None]:
    """A request is on its way.

    Who asks for an end gets it when the answer is there. Raises KeyboardInterrupt then.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STOP.depth += 1
    try:
        yield
    finally:
        _STOP.depth -= 1
        if not _STOP.depth and _STOP.asked is not None:
            name, _STOP.asked = _STOP.asked, None
            raise KeyboardInterrupt(name)
