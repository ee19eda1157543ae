"""Raw bytes to the target's port, for what no HTTP client would send."""

from __future__ import annotations

import re
import socket

from privnum.suites.client import Answer
from privnum.suites.ledger import NoAnswer
from privnum.suites.transport import make_answer

__all__ = ["Wire"]

_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")


class Wire:
    """A port to which anything can be sent. `timeout` in seconds, for each read."""

    def __init__(self, host: str, port: int, timeout: float = 5.0) -> None:
        self.host = host
        self.port = port
        self._timeout = timeout

    def exchange(self, data: bytes, answers: int = 1) -> list[Answer]:
        """Send the bytes on a new connection and read up to so many answers; fewer, where the target hangs up before.

        Raises NoAnswer where it cannot be reached or falls silent without hanging up.
        """
        try:
            with socket.create_connection((self.host, self.port), timeout=self._timeout) as connection:
                connection.sendall(data)
                return self._read(connection, answers)
        except OSError as error:
            raise NoAnswer(f"no answer to {len(data)} raw bytes: {error or type(error).__name__}") from error

    def _read(self, connection: socket.socket, answers: int) -> list[Answer]:
        buffer, found = b"", list[Answer]()
        while len(found) < answers:
            taken = _take(buffer, ended=False)
            if taken is None:
                more = connection.recv(65536)
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
    length = next((int(value) for name, value in headers if name.lower() == "content-length" and value.isdigit()), None)
    end = len(buffer) if length is None else head.end() + length
    if end > len(buffer) or (length is None and not ended):
        return None
    return make_answer(int(head[1]), headers, buffer[head.end() : end]), end
