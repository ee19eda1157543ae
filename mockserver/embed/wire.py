"""What a handle sends, over sockets and httptools: libraries for HTTP are what tests patch in the whole process."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httptools
import orjson

from privnum.mockserver.edge import CONTROL, WAITS_IN_LOOP

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DriverError", "Wire", "runs_event_loop"]

#: Seconds after which a kept-alive connection is not used again.
_STALE: Final = 60.0
_CHUNK: Final = 1 << 16
_CREATED: Final = 201
_JSON: Final = {"Content-Type": "application/json"}


class DriverError(Exception):
    """The control plane refused a message; `where` is the field or path at fault."""

    def __init__(self, status: int, error: str, where: str) -> None:
        super().__init__(f"{error} (HTTP {status}, {where})")
        self.status = status
        self.where = where


def runs_event_loop() -> bool:
    """Return whether this thread runs an event loop of asyncio, which stands still while somebody waits in it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Wire:
    """Kept-alive connections, one for each thread, so that a handler of pushes may use the world that calls it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        self._address = parts.hostname or "", parts.port or 80
        self._mine = threading.local()
        self._all: list[_Connection] = []

    def _connection(self) -> _Connection:
        connection: _Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = _Connection(self._address)
            self._all.append(connection)
        return connection

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        fields = {"Host": self._host, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return self._connection().exchange("\r\n".join(lines).encode("latin-1") + body)

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a control message; return the answer, None if it has no body.

        Raises:
            DriverError: it was refused.
        """
        sent = b"" if body is None else orjson.dumps(body)
        headers = {**_JSON, WAITS_IN_LOOP.decode(): "1"} if runs_event_loop() else _JSON
        status, content = self.send(method, CONTROL + path, headers, sent)
        told = orjson.loads(content) if content else None
        if status > _CREATED and told is not None:
            raise DriverError(status, told["error"], told["where"])
        return told

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._all:
            connection.close()


class _Connection:
    """A connection to the server, opened when it is needed."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._used = 0.0

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return status and body of the answer.

        Raises:
            ConnectionError: the server is not there, or went away.
        """
        if time.monotonic() - self._used > _STALE:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(self._address)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer = _Answer()
        try:
            self._socket.sendall(request)
            while not answer.whole:
                data = self._socket.recv(_CHUNK)
                if not data:
                    raise ConnectionResetError("the server closed the connection before it answered")
                answer.feed(data)
        except BaseException:
            self.close()  # what else comes on it would answer another question
            raise
        self._used = time.monotonic()
        if not answer.keeps_alive:
            self.close()
        return answer.status, bytes(answer.body)

    def close(self) -> None:
        """Close the connection; the next exchange opens one again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class _Answer:
    """An answer of our server as far as it has come; it always tells its length."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.whole = False
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Take in what has come."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body; the parser calls it."""
        self.body += body

    def on_message_complete(self) -> None:
        """Note that the answer is whole; the parser calls it."""
        self.whole = True
        self.status: int = self._parser.get_status_code()
        self.keeps_alive: bool = self._parser.should_keep_alive()
