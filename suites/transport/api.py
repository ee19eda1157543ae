"""How requests reach the API.

Over HTTP, or into the embedded server by a plain call.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from privnum.suites.base.answer import Answer, json_object
from privnum.suites.base.answers import TOO_LONG, decoded_body
from privnum.suites.base.claims import Dropped, NoAnswer, Unreachable
from privnum.suites.transport.tls import CERTIFICATE_FAILED, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import httpcore

    from privnum.suites.transport.client import Headers
    from privnum.suites.transport.deadline import Deadline

__all__ = ["TIMEOUT", "EmbeddedTransport", "HttpTransport", "Transport", "make_answer"]

TIMEOUT = 10.0
"""Seconds after which a request counts as unanswered, from the first byte that is sent to the last that comes."""
IDLE = 1.0
"""Seconds after which a connection is not used again; servers close theirs after 2 s (gunicorn), 5 s (Node) or more."""


class Transport(Protocol):
    """Sends one request, byte for byte as it is given; paths are absolute."""

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """The answer. Raises NoAnswer if none comes."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def make_answer(status: int, headers: Iterable[tuple[str, str]], content: bytes, seconds: float = 0.0) -> Answer:
    """The answer without gzip or deflate, with its body's JSON object."""
    fields = tuple(headers)
    plain = decoded_body(fields, content)
    return Answer(status, fields, plain, json_object(plain), seconds)


class HttpTransport:
    """Over a pool of connections; no proxy is used, no redirect followed.

    Where the target closes a connection without saying so, each later request has a connection of its own. A GET that
    was sent on one that it had closed is sent again. Nothing else is sent twice, as it may have been carried out
    (Dropped), nor on a used connection before the target has answered a GET on one.

    `base_url` gives scheme, host and port. A whole request has `timeout` seconds, less where the `deadline` of the run
    is nearer, and more by what `allowance` says when it is sent. `clock` is a real-time clock in seconds. Without
    `keeps` each request has its own connection, for few requests of which none may be lost. `ca_file` has certificates
    that are trusted beside those of public authorities.
    """

    def __init__(
        self,
        base_url: str,
        clock: Callable[[], float] = time.perf_counter,
        *,
        timeout: float = TIMEOUT,
        deadline: Deadline | None = None,
        allowance: Callable[[], float] = lambda: 0.0,
        keeps: bool = True,
        ca_file: str | None = None,
    ) -> None:
        import httpcore

        from privnum.suites.transport.timed_socket import TimedBackend

        self._backend = TimedBackend(clock)
        url = httpcore.URL(base_url)
        self._url = (url.scheme, url.host, url.port)
        self._tls = tls_context(ca_file) if url.scheme == b"https" else None
        self._idle: int | None = None if keeps else 0
        """Connections that are kept for later; None: as many as there are."""
        self._pool = self._make_pool()
        self._has_kept = False
        """Whether the target has answered on a used connection."""
        self._timeout = timeout
        self._allowance = allowance
        self._deadline = deadline
        self._clock = clock

    def _make_pool(self) -> httpcore.ConnectionPool:
        import httpcore

        return httpcore.ConnectionPool(
            ssl_context=self._tls,
            max_connections=20,
            max_keepalive_connections=self._idle,
            keepalive_expiry=IDLE,
            network_backend=self._backend,
        )

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport; path and query go into the request line as they are."""
        if method != "GET" and not self._has_kept and self._idle is None:
            self._renew_pool()
        try:
            return self._request(method, path, query, headers, body)
        except NoAnswer as error:
            if not self._backend.was_closed_before():
                raise
            self._idle = 0
            self._renew_pool()
            if method != "GET":
                raise Dropped(f"{error}, on a connection that had been kept") from error
        return self._request(method, path, query, headers, body)

    def _renew_pool(self) -> None:
        """Use no connection again."""
        self._pool.close()
        self._pool = self._make_pool()

    def _request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        import httpcore

        scheme, host, port = self._url
        url = httpcore.URL(scheme=scheme, host=host, port=port, target=f"{path}?{query}" if query else path)
        raw = [(name.encode("latin-1"), value.encode()) for name, value in (*_COMMON, *headers)]
        content = body if body or method in _WITH_BODY else None
        seconds = self._left(self._timeout + self._allowance())
        started = self._clock()
        try:
            with (
                self._backend.within(seconds),
                self._pool.stream(method, url, headers=raw, content=content) as response,
            ):
                came = _read(response.iter_stream())
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise Unreachable(f"no answer to {method} {path}: {_error_text(error)}") from error
        except httpcore.TimeoutException as error:
            raise NoAnswer(f"no answer to {method} {path} within {seconds:.3g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NoAnswer(f"no answer to {method} {path}: {_error_text(error)}") from error
        self._has_kept = self._has_kept or self._backend.was_used()
        if len(came) > TOO_LONG:
            raise NoAnswer(f"the answer to {method} {path} is longer than {TOO_LONG} bytes; the rest was not read")
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]
        return make_answer(response.status, fields, came, self._clock() - started)

    def _left(self, seconds: float) -> float:
        """The seconds given, or what the run has left if that is less."""
        return seconds if self._deadline is None else self._deadline.bounded_seconds(seconds)

    def close(self) -> None:
        """See Transport."""
        self._pool.close()


_COMMON = (("Accept", "*/*"), ("Accept-Encoding", "identity"), ("User-Agent", "privnum-suites"))
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods of which an empty body is sent too."""


def _error_text(error: Exception) -> str:
    text = f"{error or type(error).__name__}"[:200]
    return f"{text}; --ca FILE names a CA to trust" if CERTIFICATE_FAILED in text else text


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
