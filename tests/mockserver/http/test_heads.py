"""The head of an answer: what is on which line, in which order."""

from __future__ import annotations

import pytest

from privnum.mockserver.core.answers import Answer
from privnum.mockserver.http.heads import CLOSE, head_of

DATE = (b"date", b"Sun, 29 Nov 2026 20:38:11 GMT")
BEGIN = b"HTTP/1.1 200 OK\r\ndate: Sun, 29 Nov 2026 20:38:11 GMT\r\n"
JSON = b"content-type: application/json;charset=utf-8\r\n"


@pytest.mark.parametrize(
    ("closes", "keeps", "end"),
    [
        (False, False, b""),
        (False, True, b"connection: keep-alive\r\n"),
        (True, False, b"connection: close\r\n"),
        (True, True, b"connection: close\r\n"),
    ],
)
def test_common_headers_go_first_and_the_connection_last(closes: bool, keeps: bool, end: bytes) -> None:
    head = head_of(Answer(200, b"{}"), [DATE], closes=closes, keeps=keeps)
    assert head == BEGIN + JSON + b"content-length: 2\r\n" + end + b"\r\n"


def test_close_stands_once() -> None:
    answer = Answer(403, b"x" * 1000, (CLOSE,))
    assert (
        head_of(answer, [], closes=True)
        == b"HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 1000\r\n\r\n"
    )


def test_the_date_of_an_answer_is_that_of_its_second() -> None:
    answer, later = Answer(200, b""), (b"date", b"Sun, 29 Nov 2026 20:38:12 GMT")
    dates = [head_of(answer, [date], closes=False).split(b"\r\n")[1] for date in (DATE, later, DATE)]
    assert [date[-6:-4] for date in dates] == [b"11", b"12", b"11"]
