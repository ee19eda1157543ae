"""Answers read out of a stream of bytes.

In any way in which HTTP/1.1 lets a target frame them.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import httptools

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["TOO_LONG", "AnswerReader", "RawAnswer", "decoded_body"]

TOO_LONG: Final = 4 * 1024 * 1024
"""Bytes of an answer that are too many; the longest that the contract knows has a hundredth of it."""
_FINAL: Final = 200
_SIZES: Final = (b"content-length", b"transfer-encoding")
_WBITS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}

RawAnswer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers, body."""


class AnswerReader:
    """Takes bytes in as they come; `answers` are the whole ones so far.

    Interim answers (1xx) are passed over.
    """

    def __init__(self) -> None:
        self.answers: list[RawAnswer] = []
        self._parser = httptools.HttpResponseParser(self)
        self._begin()

    def _begin(self) -> None:
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._is_sized = False

    def feed(self, data: bytes) -> bool:
        """Take bytes in; whether what came so far is HTTP/1.1, and not too long."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return False
        return len(self._body) <= TOO_LONG

    def end(self) -> None:
        """The connection has ended, and with it an answer that stated no length."""
        if self._status and not self._is_sized:
            self.on_message_complete()

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))
        self._is_sized |= name.lower() in _SIZES

    def on_headers_complete(self) -> None:
        """Note the status."""
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, up to a little more than is allowed."""
        if len(self._body) <= TOO_LONG:
            self._body += body

    def on_message_complete(self) -> None:
        """Keep the answer."""
        if self._status >= _FINAL:
            self.answers.append((self._status, self._headers, bytes(self._body)))
        self._begin()


def decoded_body(headers: Iterable[tuple[str, str]], content: bytes) -> bytes:
    """The body without gzip and deflate.

    As it came where it is neither, broken, or longer than is read of an answer.

    Nobody asked for a coding (Accept-Encoding: identity), but proxies put them on all the same.
    """
    named = ",".join(value for name, value in headers if name.lower() == "content-encoding").lower()
    plain = content
    for coding in reversed([word.strip() for word in named.split(",") if word.strip()]):
        if coding == "identity":
            continue
        found = _without_coding(coding, plain)
        if found is None:
            return content
        plain = found
    return plain


def _without_coding(coding: str, content: bytes) -> bytes | None:
    """The content without one coding.

    Some send deflate without the head that RFC 9110 asks for.
    """
    ways: Sequence[int] = (_WBITS[coding], -zlib.MAX_WBITS) if coding == "deflate" else (_WBITS.get(coding, 0),)
    for way in ways if ways[0] else ():
        inflater = zlib.decompressobj(way)
        try:
            plain = inflater.decompress(content, TOO_LONG)
        except zlib.error:
            continue
        if inflater.eof:
            return plain
    return None
