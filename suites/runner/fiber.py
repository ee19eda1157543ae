"""Checks that go on side by side.

Each in a thread of its own, of which one runs at a time while all others wait.

A check does not see this: it goes on until it lets time pass (Session.wait), and what is due next takes its turn.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.context import CheckContext

__all__ = ["HALT_SECONDS", "Cancelled", "CheckFiber"]

HALT_SECONDS = 60.0
"""Longest wait for a check that is to undo what it did; what it has not undone by then is in the cleanup journal."""

_MOMENT = 1.0
"""Seconds in which a thread that was started has begun; the signal may have come before it was."""


class Cancelled(BaseException):
    """The run was interrupted; the check has to undo what it did."""


class CheckFiber(threading.Thread):
    """One check under way.

    It runs from one `go_on` to its next wait, or to its end.

    `context` is that of its check; `due` is when it wants to go on, in seconds of the session's clock; `error` is
    what ended it, None if nothing did.
    """

    def __init__(self, context: CheckContext, run: Callable[[], None]) -> None:
        super().__init__(name=context.name, daemon=True)
        self.context = context
        self._do = run
        self._turn = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self._halted = False
        self._asked = False
        self._begun = threading.Event()
        self._ended = threading.Event()
        self.due = 0.0
        self.over = False
        self.error: BaseException | None = None

    def run(self) -> None:
        """See Thread."""
        self._begun.set()
        try:
            self._do()
        except BaseException as error:  # anybody who asks for the check gets it
            self.error = error
        self.over = True
        self._ended.set()
        self._back.release()

    def go_on(self) -> None:
        """Let it run to its next wait, or to its end."""
        if self._asked:
            self._turn.release()
        else:
            self._asked = True
            self.start()
        self._back.acquire()

    def wait_until(self, due: float) -> None:
        """Called by the check: let the others go on until then.

        Raises Halted where the run is interrupted.
        """
        self.due = due
        if not self._halted:
            self._back.release()
            self._turn.acquire()
        if self._halted:
            raise Cancelled

    def halt(self) -> None:
        """Let it undo what it did, and end.

        It is left behind where that takes too long.

        A signal may have interrupted `go_on` anywhere, so that nobody knows whether the check runs or waits for its
        turn: it gets a turn in any case, and only its end is waited for.
        """
        self._halted = True
        if self._asked and not self.over and self._begun.wait(_MOMENT):
            self._turn.release()
            self._ended.wait(HALT_SECONDS)
