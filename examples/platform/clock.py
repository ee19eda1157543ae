"""What time it is, and what is to be done when."""

from __future__ import annotations

import heapq
import itertools
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Clock"]


class Clock:
    """Real time in whole seconds, ahead by what it was advanced; it can be stopped. Work may be put off until later."""

    def __init__(self) -> None:
        self._ahead = 0
        self._stopped_at: int | None = None
        self._later: list[tuple[int, int, Callable[[], None]]] = []
        self._turns = itertools.count()

    @property
    def stopped(self) -> bool:
        """Whether it stands."""
        return self._stopped_at is not None

    def now(self) -> int:
        """Seconds since 1970."""
        return int(time.time()) + self._ahead if self._stopped_at is None else self._stopped_at

    def stop(self) -> None:
        """Let it stand."""
        self._stopped_at = self.now()

    def start(self) -> None:
        """Let it go on with real time from where it is."""
        if self._stopped_at is not None:
            self._ahead = self._stopped_at - int(time.time())
            self._stopped_at = None

    def at(self, second: int, work: Callable[[], None]) -> None:
        """Do that then."""
        heapq.heappush(self._later, (second, next(self._turns), work))

    def advance(self, seconds: int, settle: Callable[[], None]) -> None:
        """Go on by so many seconds, with a stop at each second at which there is work; `settle` follows each work."""
        running = not self.stopped
        self.stop()
        end = self.now() + seconds
        while self._later and self._later[0][0] <= end:
            second, _, work = heapq.heappop(self._later)
            self._stopped_at = max(second, self.now())
            work()
            settle()
        self._stopped_at = end
        if running:
            self.start()
