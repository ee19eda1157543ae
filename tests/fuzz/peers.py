"""Hostile peers: targets that the suites ask, customers that the server pushes to, and pushes that the suites take."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from typing import Final, Self

from hypothesis import strategies as st

from privnum.mockserver.http.posting import Poster, PushRules
from privnum.mockserver.pushes.outcomes import RESULTS
from privnum.suites.base.claims import NoAnswer
from privnum.suites.base.printing import printable
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.target.config import App
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.raw import Wire
from tests.hostile.gateway import FRAMINGS, framed_answer
from tests.mockserver.worlds.test_pipeline import token_values

__all__ = ["Customer", "Target", "answers", "hear", "pushes"]

#: Seconds of real time that bound an exchange. Each ends long before, as the peer always hangs up.
_MOST_SECONDS: Final = 5.0
#: Words of answers, right and wrong.
_WORDS: Final = [
    *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 204 No Content\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    *(b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n", b"HTTP/2 200\r\n"),
    *(b"HTTP/1.1 500 \r\n", b"HTTP/1.1 999 \x1b[2J\r\n", b"HTTP/1.1 302 Found\r\nLocation: http://x/\x1b]0;t\x07\r\n"),
    *(b"Content-Length: 2\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: -1\r\n"),
    *(b"Content-Length: 2\r\nContent-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"),
    *(b"Transfer-Encoding: gzip, chunked\r\n", b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"\r\n", b"\n"),
    *(b"2\r\n{}\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b"{}", b'{"resultcode":"0"}', b"[" * 9000),
    *(b"x: " + b"y" * 9000, b"\xff\xfe", b"\x00", b"\x1f\x8b\x08\x00", b'{"error":"\\u001b[2J\\u202e +8613800000021"}'),
]
_HEAD: Final = [b"HTTP/1.1 200 OK", b"Content-Type: application/json"]


def _bent_bytes(whole: bytes, cut: int, put: bytes) -> bytes:
    """The bytes, cut off somewhere and with others put there."""
    place = cut % (len(whole) + 1)
    return whole[:place] + put + whole[place + len(put) :]


_status_lines = [word for word in _WORDS if word.startswith(b"HTTP/1.") and word.count(b"\r\n") == 1]
_fields = [word for word in _WORDS if word.endswith(b"\r\n") and b": " in word and not word.startswith(b"HTTP")]
answers = (
    st.builds(
        lambda status, fields, body: b"".join((status, *fields, b"\r\n", *body)),
        st.sampled_from(_status_lines),
        st.lists(st.sampled_from(_fields), max_size=3),
        st.lists(st.sampled_from(_WORDS), max_size=3),
    )
    | st.lists(st.sampled_from(_WORDS) | st.binary(max_size=12), max_size=10).map(b"".join)
    | st.builds(
        _bent_bytes,
        st.sampled_from([framed_answer(framing, _HEAD, b'{"resultcode":"0"}') for framing in FRAMINGS]),
        st.integers(0, 1000),
        st.binary(max_size=4),
    )
    | st.binary(max_size=200)
)


class _Peer:
    """Answers every connection with the same bytes, and hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_MOST_SECONDS)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(self.answer)
                except OSError:
                    continue


class Target(_Peer):
    """What a target answers ends in an answer or in none: in no other exception, and in nothing raw on a screen."""

    def __enter__(self) -> Self:
        self._transport = HttpTransport(self.url, timeout=_MOST_SECONDS)
        self._wire = Wire("127.0.0.1", self.port, timeout=_MOST_SECONDS)
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        self._transport.close()
        super().__exit__(*_)

    def ask(self, answer: bytes) -> int:
        """Have everybody ask who reads answers; return the status that the client took, 0 for none."""
        self.answer = answer
        status, told = 0, list[str]()
        try:
            came = self._transport.request("POST", "/x", "", [], b"{}")
            status = came.status
            told.append(came.summary)
        except NoAnswer as error:
            told.append(str(error))
        try:
            Driver(self._transport).send("capabilities")
        except (NoAnswer, DriverError) as error:
            told.append(str(error))
        try:
            told += [each.summary for each in self._wire.exchange(b"GET / HTTP/1.1\r\n\r\n", answers=2)]
        except NoAnswer as error:
            told.append(str(error))
        for text in map(printable, told):
            assert all(sign.isprintable() or sign == "\t" for sign in text), repr(text)
            assert "13800000021" not in text
        return status


class Customer(_Peer):
    """What a customer answers to a push ends in one of the outcomes that there are, and never in a fault of ours."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._poster = Poster(PushRules())
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        self._loop.close()
        super().__exit__(*_)

    def push(self, answer: bytes) -> int:
        """Push to it; return the status of its answer, 0 for none."""
        self.answer = answer
        outcome = self._loop.run_until_complete(self._poster.post(f"{self.url}/push", [], b"{}", _MOST_SECONDS))
        assert outcome.result.isdigit() or outcome.result in RESULTS.keys() - {"error", "timeout"}, outcome
        return int(outcome.result) if outcome.result.isdigit() else 0


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["callin", "fee", "s-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["eventType", "statusInfo", "feeLst", "sessionId", "app_key"]) | st.text(max_size=4), inner
        )
    ),
    max_leaves=8,
)
pushes = st.tuples(
    st.sampled_from(["POST", "GET", "PUT"]),
    st.sampled_from(["/push/t/events", "/push/t/fee", "/push/gone/fee", "/"]) | st.text(max_size=12),
    st.dictionaries(
        st.sampled_from(["authorization", "x-aksk", "x-wsse", "content-type"]),
        token_values.map(lambda value: value.decode("latin-1")) | st.text(max_size=30),
    ),
    _json.map(lambda message: json.dumps(message).encode()) | st.binary(max_size=60),
)


def hear(push: tuple[str, str, dict[str, str], bytes]) -> int:
    """Have the suites take a push; return the status of their answer."""
    receiver = EmbeddedReceiver()
    box = receiver.open_box("t")
    box.apps = {"k": App("k", "s", "AXB")}
    reply = receiver.take(*push)
    for problem in (problem for each in box.pushes for problem in each.problems):
        assert "\n" not in printable(problem)
    return reply.status
