"""Connections of which a whole request has its time.

A target that sends a byte now and then ends no wait by it.
"""

from __future__ import annotations

import math
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["TimedBackend"]

_PIECE = 65536
"""Bytes that are written at a time."""


class TimedBackend(httpcore.NetworkBackend):
    """Opens connections whose reads and writes fail after `within` seconds.

    `clock` gives seconds of real time.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._inner = httpcore.SyncBackend()
        self._clock = clock
        self._mine = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What this thread does inside must be done in this many seconds."""
        self._mine.end = self._clock() + seconds
        self._mine.is_new = self._mine.came = self._mine.broke = False
        try:
            yield
        finally:
            self._mine.end = math.inf

    def left(self, timeout: float | None, late: type[Exception]) -> float | None:
        """`timeout`, or what is left if that is less; None: as long as it takes.

        Raises `late` if nothing is left.
        """
        left: float = getattr(self._mine, "end", math.inf) - self._clock()
        if left <= 0:
            raise late
        least = min(left, math.inf if timeout is None else timeout)
        return None if least == math.inf else least

    def was_closed_before(self) -> bool:
        """Whether this thread's last request met a closed connection.

        A used one, on which not a byte came back.
        """
        mine = self._mine
        return bool(mine.broke and not mine.came and not mine.is_new)

    def was_used(self) -> bool:
        """Whether this thread's last request went over a used connection.

        One that others had used.
        """
        return not self._mine.is_new

    def note(self, *, came: bool = False, broke: bool = False) -> None:
        """Take note of what this thread has read, or could not read or write."""
        self._mine.came = getattr(self._mine, "came", False) or came
        self._mine.broke = broke

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore."""
        left = self.left(timeout, httpcore.ConnectTimeout)
        self._mine.is_new = True
        return _Timed(self, self._inner.connect_tcp(host, port, left, local_address, socket_options))


class _Timed(httpcore.NetworkStream):
    def __init__(self, backend: TimedBackend, inner: httpcore.NetworkStream) -> None:
        self._backend = backend
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._backend.left(timeout, httpcore.ReadTimeout)
        try:
            data = self._inner.read(max_bytes, left)
        except httpcore.ReadError:
            self._backend.note(broke=True)
            raise
        self._backend.note(came=bool(data), broke=not data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left = self._backend.left(timeout, httpcore.WriteTimeout)
            try:
                self._inner.write(buffer[start : start + _PIECE], left)
            except httpcore.WriteError:
                self._backend.note(broke=True)
                raise

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _Timed(self._backend, self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
