"""The heads of answers, as bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.mockserver.core.answers import Answer, Headers

__all__ = ["CLOSE", "head_of", "head_without_offer"]

CLOSE: Final = (b"connection", b"close")
_KEEP_ALIVE: Final = (b"connection", b"keep-alive")


def head_of(answer: Answer, common: Iterable[tuple[bytes, bytes]], *, closes: bool, keeps: bool = False) -> bytes:
    """Return the head of an answer; `common` headers go first.

    `closes` says that the connection ends, `keeps` to a client of HTTP/1.0 that it stays, which that asked for.
    """
    first = tuple(common)
    head = b"%b%d\r\n" % (_beginning(answer.status, first, answer.headers), len(answer.body))
    if closes and CLOSE not in answer.headers and CLOSE not in first:
        return head + _lines(CLOSE) + b"\r\n"
    return head + (_lines(_KEEP_ALIVE) if keeps and not closes else b"") + b"\r\n"


@lru_cache(maxsize=256)
def _beginning(status: int, common: Headers, headers: Headers) -> bytes:
    """Return a head up to the number of its content-length.

    Most answers of a second have the same.
    """
    return b"%b%bcontent-length: " % (STATUS_LINE[status], _lines(*common, *headers))


def _lines(*headers: tuple[bytes, bytes]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def head_without_offer(method: bytes, target: bytes, version: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a request as if it had not offered another protocol."""
    closes = any(name == b"connection" and b"close" in value.lower() for name, value in headers)
    kept = [header for header in headers if header[0] not in (b"connection", b"upgrade")]
    kept.append((b"connection", b"close" if closes else b"keep-alive"))
    lines = [b"%b: %b\r\n" % header for header in kept]
    return b"".join((b"%b %b HTTP/%b\r\n" % (method, target, version), *lines, b"\r\n"))
