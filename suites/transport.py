"""How requests reach the API: over HTTP, or into the embedded server by a plain call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from privnum.suites.client import Answer, Headers, json_object
from privnum.suites.ledger import NoAnswer, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from privnum.suites.deadline import Deadline

__all__ = ["TIMEOUT", "TOO_LONG", "EmbeddedTransport", "HttpTransport", "Transport", "make_answer"]

TIMEOUT = 10.0
"""Seconds after which a request counts as unanswered, from the first byte that is sent to the last that comes."""
TOO_LONG = 4 * 1024 * 1024
"""Bytes of an answer that are too many; the longest that the contract knows has a hundredth of it."""


class Transport(Protocol):
    """Sends one request, byte for byte as it is told; paths are absolute."""

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """The answer. Raises NoAnswer if none comes."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def make_answer(status: int, headers: Iterable[tuple[str, str]], content: bytes, seconds: float = 0.0) -> Answer:
    """The answer, with the JSON object in its body if there is one."""
    return Answer(status, tuple(headers), content, json_object(content), seconds)


class HttpTransport:
    """Over a pool of connections; no proxy is used, no redirect followed, nothing sent twice.

    `base_url` gives scheme, host and port. A whole request has `timeout` seconds, less where the `deadline` of the run
    is nearer. `clock` is a real-time clock in seconds.
    """

    def __init__(
        self,
        base_url: str,
        clock: Callable[[], float] = time.perf_counter,
        *,
        timeout: float = TIMEOUT,
        deadline: Deadline | None = None,
    ) -> None:
        import httpcore

        from privnum.suites.sockets import TimedBackend

        self._backend = TimedBackend(clock)
        url = httpcore.URL(base_url)
        self._url = (url.scheme, url.host, url.port)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context() if url.scheme == b"https" else None,
            max_connections=20,
            keepalive_expiry=5.0,
            network_backend=self._backend,
        )
        self._timeout = timeout
        self._deadline = deadline
        self._clock = clock

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport; path and query go into the request line as they are."""
        import httpcore

        scheme, host, port = self._url
        url = httpcore.URL(scheme=scheme, host=host, port=port, target=f"{path}?{query}" if query else path)
        raw = [(name.encode("latin-1"), value.encode()) for name, value in (*_COMMON, *headers)]
        content = body if body or method in _WITH_BODY else None
        seconds = self._timeout if self._deadline is None else self._deadline.bound(self._timeout)
        started = self._clock()
        try:
            with (
                self._backend.within(seconds),
                self._pool.stream(method, url, headers=raw, content=content) as response,
            ):
                came = _read(response.iter_stream())
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise Unreachable(f"no answer to {method} {path}: {_told(error)}") from error
        except httpcore.TimeoutException as error:
            raise NoAnswer(f"no answer to {method} {path} within {seconds:.3g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NoAnswer(f"no answer to {method} {path}: {_told(error)}") from error
        if len(came) > TOO_LONG:
            raise NoAnswer(f"the answer to {method} {path} is longer than {TOO_LONG} bytes; the rest was not read")
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]
        return make_answer(response.status, fields, came, self._clock() - started)

    def close(self) -> None:
        """See Transport."""
        self._pool.close()


_COMMON = (("Accept", "*/*"), ("User-Agent", "privnum-suites"))
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods of which an empty body is told too."""


def _told(error: Exception) -> str:
    return f"{error or type(error).__name__}"[:200]


def _read(parts: Iterable[bytes]) -> bytes:
    """The body, or a little more than is allowed of it."""
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > TOO_LONG:
            break
    return bytes(content)


class EmbeddedTransport:
    """Into a server in this process; `send` is its method `request`."""

    def __init__(self, send: Callable[[str, str, str, Headers, bytes], tuple[int, Headers, bytes]]) -> None:
        self._send = send

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport."""
        raw = [(name, value.encode().decode("latin-1")) for name, value in headers]
        status, fields, content = self._send(method, path, query, raw, body)
        return make_answer(status, fields, content)

    def close(self) -> None:
        """Nothing to let go of."""
