"""Checks that go on side by side: each in a thread of its own, of which one runs at a time while all others wait.

A check does not see this: it goes on until it lets time pass (Session.wait), and whoever is due next takes its turn.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.context import CheckContext

__all__ = ["Cancelled", "CheckFiber"]


class Cancelled(BaseException):
    """The run was interrupted; the check has to undo what it did."""


class CheckFiber(threading.Thread):
    """One check under way. It runs from one `go_on` to its next wait, or to its end.

    `context` is that of its check; `due` is when it wants to go on, in seconds of the session's clock; `error` is
    what ended it, None if nothing did.
    """

    def __init__(self, context: CheckContext, run: Callable[[], None]) -> None:
        super().__init__(name=context.name, daemon=True)
        self.context = context
        self._do = run
        self._turn = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self._running = False
        self._halted = False
        self.due = 0.0
        self.over = False
        self.error: BaseException | None = None

    def run(self) -> None:
        """See Thread."""
        try:
            self._do()
        except BaseException as error:  # whoever asks for the check gets it
            self.error = error
        self.over = True
        self._back.release()

    def go_on(self) -> None:
        """Let it run to its next wait, or to its end."""
        self._running = True
        if self.ident is None:
            self.start()
        else:
            self._turn.release()
        self._back.acquire()
        self._running = False

    def wait_until(self, due: float) -> None:
        """Called by the check: let the others go on until then. Raises Halted where the run is interrupted."""
        self.due = due
        if not self._halted:
            self._back.release()
            self._turn.acquire()
        if self._halted:
            raise Cancelled

    def halt(self) -> None:
        """Let it undo what it did, and end."""
        if self._running:  # it was interrupted whoever waited for it
            self._back.acquire()
            self._running = False
        self._halted = True
        if not self.over and self.ident is not None:
            self.go_on()
