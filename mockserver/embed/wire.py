"""What a handle sends, over sockets and httptools.

Libraries for HTTP are what tests patch in the whole process.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import selectors
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httptools
import orjson

from privnum.mockserver.control.edge import WAITS_IN_LOOP
from privnum.mockserver.embed.errors import DriverError, tells_all
from privnum.mockserver.pushes.addresses import CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["WAIT_SECONDS", "Asking", "Wire", "blocks_event_loop"]

__tracebackhide__ = tells_all

#: How long an answer may take: longer than pushes are waited for, even where many receivers are slow at once.
WAIT_SECONDS: Final = 600.0

#: Seconds after which a kept-alive connection is not used again.
_STALE: Final = 60.0
_CHUNK: Final = 1 << 16
_CREATED: Final = 201
_NO_CONTENT: Final = 204
#: Most bytes of an answer that is no JSON which an error shows.
_SHOWN: Final = 500
#: Beyond this, numbers are not written out: Python itself refuses to write some thousand digits.
_LONGEST_WHOLE: Final = 10**40
_JSON: Final = {"Content-Type": "application/json"}


def blocks_event_loop() -> bool:
    """Return whether an event loop that may answer pushes waits for us.

    This is so where this thread runs or holds a loop of asyncio.

    It is the loop that this thread runs, or one that it keeps between two runs and that has a server: so pytest-asyncio
    calls a sync fixture behind an async one.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _keeps_server()
    return True


def _keeps_server() -> bool:
    """Return whether this thread's loop, at rest, has a listening socket.

    uvloop does not say so.
    """
    try:
        if sys.version_info >= (3, 14):
            loop = asyncio.get_event_loop()
        else:  # there the public function would make a loop, or warn
            loop = vars(getattr(asyncio.get_event_loop_policy(), "_local", None)).get("_loop")
    except (RuntimeError, TypeError):
        return False
    selector = getattr(loop, "_selector", None)
    watched = list((selector.get_map() or {}).values()) if isinstance(selector, selectors.BaseSelector) else []
    return any(_listens(key.fd) for key in watched)


def _listens(number: int) -> bool:
    try:
        with socket.socket(fileno=os.dup(number)) as copy:
            return bool(copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:  # a pipe, or closed
        return False


class Asking(ABC):
    """A way to ask a server: over a wire, or in process."""

    @abstractmethod
    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""

    def waits_in_loop(self) -> bool:
        """Return whether an event loop stands still until an answer comes."""
        return False

    def close(self) -> None:  # noqa: B027 - few hold something
        """Let go of what it holds."""

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        """Send a request.

        Return status and what its answer says, None if it has no body.

        Raises:
            DriverError: the answer is no JSON.
        """
        status, content = self.send(method, target, headers, body)
        try:
            return status, orjson.loads(content) if content else None
        except ValueError:
            text = content[:_SHOWN].decode(errors="backslashreplace")
            raise DriverError(status, f"the answer to {method} {target} is no JSON: {text!r}", "answer") from None

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a control message; return the answer, None if it has no body.

        Raises:
            DriverError: it was refused.
        """
        sent = b"" if body is None else _encode_message(body)
        headers = {**_JSON, WAITS_IN_LOOP.decode(): "1"} if self.waits_in_loop() else _JSON
        status, reply = self.ask(method, CONTROL + path, headers, sent)
        if status <= _CREATED or (status == _NO_CONTENT and reply is None):
            return reply
        if not isinstance(reply, dict) or not reply.keys() >= {"error", "where"}:
            raise DriverError(status, f"the answer to {method} {CONTROL}{path} is {reply!r}", "answer")
        raise DriverError(status, reply["error"], reply["where"])


class Wire(Asking):
    """Connections that are kept alive, one for each thread.

    So a handler of pushes may use the world that calls it.

    A process that was forked opens connections of its own: on an inherited one it would read its parent's answers.
    """

    def __init__(self, url: str, wait_seconds: float = WAIT_SECONDS) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        self._address = parts.hostname or "", parts.port or 80
        self._wait_seconds = wait_seconds
        self._mine = threading.local()
        self._all: list[_Connection] = []

    def _connection(self) -> _Connection:
        connection: _Connection | None = getattr(self._mine, "connection", None)
        if connection is None or connection.process_id != os.getpid():
            connection = self._mine.connection = _Connection(self._address, self._wait_seconds)
            self._all.append(connection)
        return connection

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body.

        Raises:
            ConnectionError: the server is not there, or went away.
            TimeoutError: there was no answer.
        """
        fields = {"Host": self._host, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return self._connection().exchange("\r\n".join(lines).encode("latin-1") + body)

    def waits_in_loop(self) -> bool:
        """See Asking."""
        return blocks_event_loop()

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._all:
            connection.close()


def _encode_message(message: Mapping[str, Any]) -> bytes:
    """Return a control message as JSON. What JSON cannot say is sent as text.

    The server says what would be right.

    Raises:
        TypeError: a part of it is no JSON at all.
    """
    try:
        return orjson.dumps(_sayable(message))
    except orjson.JSONEncodeError:  # a number of more than 64 bits, half a character, or no JSON
        return json.dumps(_sayable(message)).encode()


def _sayable(value: Any) -> Any:
    """Return a value with numbers that JSON cannot hold turned into texts.

    Numbers with too many digits are such, too.
    """
    if isinstance(value, dict):
        return {name: _sayable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sayable(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if type(value) is int and abs(value) > _LONGEST_WHOLE:
        return f"a number of {value.bit_length()} bits"
    return value


class _Connection:
    """A connection to the server, opened when it is needed."""

    def __init__(self, address: tuple[str, int], wait_seconds: float) -> None:
        self.process_id = os.getpid()
        self._address = address
        self._wait_seconds = wait_seconds
        self._socket: socket.socket | None = None
        self._used = 0.0

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return status and body of the answer.

        Raises:
            ConnectionError: the server is not there, or went away.
            TimeoutError: there was no answer.
        """
        if time.monotonic() - self._used > _STALE:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=self._wait_seconds)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer = _Answer()
        try:
            self._socket.sendall(request)
            while not answer.whole:
                data = self._socket.recv(_CHUNK)
                if not data:
                    raise ConnectionResetError("the server closed the connection before it answered")
                answer.feed(data)
        except TimeoutError:
            self.close()
            where = f"http://{self._address[0]}:{self._address[1]}"
            raise TimeoutError(f"the server at {where} has not answered for {self._wait_seconds:g} s") from None
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
    """An answer of our server as far as it has come.

    It always states its length.
    """

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
