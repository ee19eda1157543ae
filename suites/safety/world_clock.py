"""The clock of a given world.

A run moves it by hours and years, and puts it back where it would be without the run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from privnum.suites.driver.protocol import Driver, DriverError, moment

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WorldClock"]

_MOVED: Final = timedelta(seconds=5)
"""A clock that is off by less was not moved: it takes as long to ask."""


class WorldClock:
    """How the clock of `world` went when the run began.

    `elapsed` gives seconds of real time.
    """

    def __init__(self, driver: Driver, world: str, elapsed: Callable[[], float]) -> None:
        self._driver = driver
        self._world = world
        self._elapsed = elapsed
        reply = driver.send("clock.get", world=world)
        self._running = reply["mode"] == "running"
        self._then, self._at = moment(reply["now"]), elapsed()

    def put_back(self) -> bool:
        """Put the clock back, if it was moved.

        False where the driver refuses that. Raises NoAnswer.
        """
        gone = self._elapsed() - self._at if self._running else 0.0
        wanted = self._then + timedelta(seconds=gone)
        try:
            if abs(moment(self._driver.send("clock.get", world=self._world)["now"]) - wanted) >= _MOVED:
                self._driver.send("clock.set", {"now": _text(wanted)}, world=self._world)
        except DriverError:
            return False
        return True


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
