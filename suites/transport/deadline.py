"""The time that a run has (`--timeout`)."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from privnum.suites.base.claims import TimeOver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["GRACE", "Deadline"]

GRACE = 5.0
"""Seconds behind the end, in all, in which what was done may still be undone."""


class Deadline:
    """Counts down from `seconds` of real time; None: there is no end.

    `clock` gives seconds and never goes back.
    """

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = math.inf if seconds is None else clock() + seconds
        self._undoing = False
        self.cut_short: str | None = None
        """Why something was not tried any more; None while all was."""

    @property
    def _over(self) -> str:
        return f"the run's time (--timeout {self.seconds or 0:g} s) was over"

    def begin(self) -> str | None:
        """Why no check may begin any more; None if it may."""
        if self._clock() < self._end:
            return None
        self.cut_short = self._over
        return f"{self._over} before it was tried"

    def left(self) -> float:
        """Seconds until the end.

        While something is undone, until the end of the grace. Never below 0.
        """
        return max(0.0, self._end + self._undoing * GRACE - self._clock())

    def bounded_seconds(self, seconds: float) -> float:
        """The seconds given, or what is left if that is less."""
        return min(seconds, self.left())

    def check(self) -> None:
        """Raise TimeOver unless there is time left."""
        if self._clock() >= self._end + self._undoing * GRACE:
            self.cut_short = self._over
            raise TimeOver(f"{self._over} before the check had ended")

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """While something is undone, the grace counts too."""
        before, self._undoing = self._undoing, True
        try:
            yield
        finally:
            self._undoing = before
