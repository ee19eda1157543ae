"""How requests reach the API: over HTTP, or into the embedded server by a plain call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from privnum.suites.client import Answer, Headers
from privnum.suites.ledger import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import httpx

__all__ = ["EmbeddedTransport", "HttpTransport", "Transport", "make_answer"]

TIMEOUT = 10.0
"""Seconds after which a request counts as unanswered."""


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
    try:
        parsed: Any = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        parsed = None
    return Answer(status, tuple(headers), content, parsed if isinstance(parsed, dict) else None, seconds)


class HttpTransport:
    """Over a pool of connections; proxies of the environment are not used.

    `base_url` gives scheme, host and port; `clock` is a real-time clock in seconds.
    """

    def __init__(self, base_url: str, clock: Callable[[], float] = time.perf_counter) -> None:
        import httpx

        self._client = httpx.Client(
            trust_env=False,
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=20),
            headers={"User-Agent": "privnum-suites"},
        )
        url = httpx.URL(base_url)
        self._origin = url.copy_with(raw_path=b"/")
        self._clock = clock

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport; path and query go into the request line as they are."""
        import httpx

        target = f"{path}?{query}" if query else path
        started = self._clock()
        try:
            response = self._client.request(
                method,
                self._origin,
                headers=[(name.encode("latin-1"), value.encode()) for name, value in headers],
                content=body or None,
                extensions={"target": target.encode()},
            )
        except httpx.HTTPError as error:
            raise NoAnswer(f"no answer to {method} {path}: {error or type(error).__name__}") from error
        return make_answer(response.status_code, _headers(response), response.content, self._clock() - started)

    def close(self) -> None:
        """See Transport."""
        self._client.close()


def _headers(response: httpx.Response) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]


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
