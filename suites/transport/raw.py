"""Raw bytes to the target's port, for what no HTTP client would send."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from privnum.suites.base.answers import AnswerReader
from privnum.suites.base.claims import NoAnswer
from privnum.suites.transport.api import make_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.deadline import Deadline

__all__ = ["Bounds", "Wire"]

_LEAST = 0.001
"""Seconds; 0 would mean not to wait, and fail in a way of its own."""


T = TypeVar("T")


class Bounds(Protocol):
    """Bounds what is sent by the run's end, and by the target's silence.

    See driver.circuit_breaker.
    """

    @property
    def deadline(self) -> Deadline:
        """The end of the run."""
        ...

    def spend(self, send: Callable[[], T]) -> T:
        """Send what may rightly stay unanswered."""
        ...


class Wire:
    """A port to which anything can be sent.

    `timeout` in seconds, for a whole exchange; `clock` gives them.
    """

    def __init__(
        self,
        host: str,
        port: int,
        timeout: float = 5.0,
        *,
        watch: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host
        self.port = port
        self._timeout = timeout
        self._watch = watch
        self._clock = clock

    def exchange(self, data: bytes, answers: int = 1) -> list[Answer]:
        """Send the bytes on a new connection and read up to this many answers.

        Fewer, where the target hangs up before.

        What is no HTTP is no answer.
        Raises NoAnswer where it cannot be reached or falls silent without hanging up.
        """
        if self._watch is None:
            return self._exchange(data, answers, self._timeout)
        # What is no proper request may rightly stay unanswered: that says nothing of the target as a whole.
        bound = self._watch.deadline.bounded_seconds(self._timeout)
        return self._watch.spend(lambda: self._exchange(data, answers, bound))

    def _exchange(self, data: bytes, answers: int, seconds: float) -> list[Answer]:
        end = self._clock() + seconds
        try:
            with socket.create_connection((self.host, self.port), timeout=max(seconds, _LEAST)) as connection:
                connection.sendall(data)
                return self._read(connection, answers, end)
        except OSError as error:
            raise NoAnswer(f"no answer to {len(data)} raw bytes: {error or type(error).__name__}") from error

    def _read(self, connection: socket.socket, answers: int, end: float) -> list[Answer]:
        reader = AnswerReader()
        while len(reader.answers) < answers:
            connection.settimeout(max(end - self._clock(), _LEAST))
            more = connection.recv(65536)
            if not more:
                reader.end()
            if not (more and reader.feed(more)):
                break
        return [make_answer(*answer) for answer in reader.answers[:answers]]
