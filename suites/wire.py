"""Raw bytes to the target's port, for what no HTTP client would send."""

from __future__ import annotations

import re
import socket
import time
from typing import TYPE_CHECKING

from privnum.suites.client import Answer
from privnum.suites.ledger import NoAnswer
from privnum.suites.transport import TOO_LONG, make_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.watch import Watch

__all__ = ["Wire"]

_LEAST = 0.001
"""Seconds; 0 would mean not to wait, and fail in a way of its own."""
_LENGTH = re.compile(r"[0-9]{1,12}")
_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")


class Wire:
    """A port to which anything can be sent. `timeout` in seconds, for a whole exchange; `clock` gives them."""

    def __init__(
        self,
        host: str,
        port: int,
        timeout: float = 5.0,
        *,
        watch: Watch | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host
        self.port = port
        self._timeout = timeout
        self._watch = watch
        self._clock = clock

    def exchange(self, data: bytes, answers: int = 1) -> list[Answer]:
        """Send the bytes on a new connection and read up to so many answers; fewer, where the target hangs up before.

        Raises NoAnswer where it cannot be reached or falls silent without hanging up.
        """
        if self._watch is None:
            return self._exchange(data, answers, self._timeout)
        # What is no proper request may rightly stay unanswered: that says nothing of the target as a whole.
        bound = self._watch.deadline.bound(self._timeout)
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
        buffer, found = b"", list[Answer]()
        while len(found) < answers:
            taken = _take(buffer, ended=False)
            if taken is None:
                connection.settimeout(max(end - self._clock(), _LEAST))
                more = connection.recv(65536) if len(buffer) < TOO_LONG else b""
                if not more:
                    last = _take(buffer, ended=True)
                    return found if last is None else [*found, last[0]]
                buffer += more
                continue
            answer, size = taken
            found.append(answer)
            buffer = buffer[size:]
        return found


def _take(buffer: bytes, *, ended: bool) -> tuple[Answer, int] | None:
    """The answer at the front of the buffer and its size; None while it is not whole. `ended`: nothing more comes."""
    head = _HEAD.match(buffer)
    if head is None:
        return None
    lines = head[2].decode("latin-1").splitlines()
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = next(
        (int(value) for name, value in headers if name.lower() == "content-length" and _LENGTH.fullmatch(value)), None
    )
    end = len(buffer) if length is None else head.end() + length
    if end > len(buffer) or (length is None and not ended):
        return None
    return make_answer(int(head[1]), headers, buffer[head.end() : end]), end
