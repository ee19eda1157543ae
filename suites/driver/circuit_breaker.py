"""The circuit breaker of a run, for every request.

No more of them when its time is over, or when nobody is there to answer.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from privnum import contracts
from privnum.suites.base.claims import NoAnswer
from privnum.suites.base.ended import RunEnded
from privnum.suites.driver.protocol import Driver

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.api import Transport
    from privnum.suites.transport.client import Headers
    from privnum.suites.transport.deadline import Deadline

__all__ = ["IN_A_ROW", "NO_EVIDENCE", "PAUSE", "Watch", "WatchedDriver", "WatchedTransport"]

IN_A_ROW = 5
"""Requests in a row that may get no answer; one more is tried, and then none."""
NO_EVIDENCE = "what it answers meanwhile is no evidence; end them first: privnum fault clear (docs/faults.md)"
_FAULTY = "X-Privnum-Faults"
PAUSE = 2.0
"""Seconds before the last try: time for a server that fell over to come up again."""

T = TypeVar("T")


class Watch:
    """Lets one request through at a time, and counts unanswered ones.

    Those in a row.

    `pause` waits this many seconds of real time.
    """

    def __init__(self, deadline: Deadline, pause: Callable[[float], None] = time.sleep) -> None:
        self.deadline = deadline
        self._pause = pause
        self._missed = 0
        self.gone: str | None = None
        """Why nothing more is sent; None while things are sent."""

    def ask(self, send: Callable[[], T]) -> T:
        """Send, and give what came.

        Raises NoAnswer where nothing comes, or nothing is sent any more, TimeOver.
        """
        self.deadline.check()
        if self.gone is not None:
            raise NoAnswer(self.gone)
        if self._missed == IN_A_ROW:
            self._pause(self.deadline.bounded_seconds(PAUSE))
        try:
            came = send()
        except NoAnswer as error:
            self.deadline.check()  # a request that was cut short by the end of the run is nobody's fault
            self._miss(error)
            raise
        self._missed = 0
        return came

    def spend(self, send: Callable[[], T]) -> T:
        """As `ask`, for what may rightly stay unanswered: it does not count."""
        self.deadline.check()
        if self.gone is not None:
            raise NoAnswer(self.gone)
        try:
            return send()
        except NoAnswer:
            self.deadline.check()
            raise

    def _miss(self, error: NoAnswer) -> None:
        self._missed += 1
        if self._missed > IN_A_ROW:
            last = str(error).removeprefix("no answer to ")
            self.gone = contracts.mask(f"no answer to the last {self._missed} requests (the last: {last})")


class WatchedTransport:
    """A transport with somebody who watches it.

    An answer of a server that was told to make faults is no evidence, and ends the run (driver.toml, rule faults).
    """

    def __init__(self, inner: Transport, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport and Watch.ask."""
        answer = self._watch.ask(lambda: self._inner.request(method, path, query, headers, body))
        if answer.header(_FAULTY) is not None:
            raise RunEnded(f"the target makes faults (header {_FAULTY}): {NO_EVIDENCE}")
        return answer

    def close(self) -> None:
        """See Transport."""
        self._inner.close()


class WatchedDriver(Driver):
    """A driver behind the circuit breaker."""

    def __init__(self, inner: Driver, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """See Driver and Watch.ask."""
        return self._watch.ask(lambda: self._inner.exchange(operation, body, query=query, **places))

    def close(self) -> None:
        """See Driver."""
        self._inner.close()
