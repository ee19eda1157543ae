"""Which requests the protocol answers by itself: no task is made for them, and their answers go out together."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from privnum import contracts
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.http.heads import CLOSE
from privnum.mockserver.http.protocol import WireProtocol
from privnum.mockserver.http.rounds import Round

OPERATIONS = contracts.operations()


class _Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def get_extra_info(self, name: str, default: object = None) -> object:
        return ("127.0.0.1", 9) if name in ("peername", "sockname") else default

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        """Nothing is open."""

    def can_write_eof(self) -> bool:
        return False


class _App:
    """Answers with what it was asked."""

    faulty: frozenset[object] = frozenset()
    goes_round = None
    when_kept = None

    def __init__(self) -> None:
        self.tasks = 0
        self.round = Round()

    def api(self, method: str, path: str, query: str, headers: list[Any], body: bytes, *_: str) -> Answer:
        return Answer(200, json.dumps([method, path, query, body.decode(), len(headers)]).encode())

    def malformed_answer(self, _: str) -> Answer:
        return Answer(400, b"")

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        self.tasks += 1


def protocol_of(app: _App, transport: _Transport) -> WireProtocol:
    """A connection."""
    config = Config(app, http=WireProtocol, ws="none", lifespan="off", interface="asgi3", log_config=None)
    config.load()
    protocol = WireProtocol(config, ServerState(), {}, asyncio.get_running_loop())
    protocol.connection_made(transport)  # type: ignore[arg-type]
    return protocol


def send_pieces(*pieces: bytes) -> tuple[list[bytes], int]:
    """Send pieces; return what was written in one round of the loop, and how many tasks were begun."""

    async def run() -> tuple[list[bytes], int]:
        app, transport = _App(), _Transport()
        protocol = protocol_of(app, transport)
        for piece in pieces:
            protocol.data_received(piece)
        await asyncio.sleep(0)
        written = list(transport.written)
        protocol.connection_lost(None)
        return written, app.tasks

    return asyncio.run(run())


def request(method: str, target: str, fields: str = "", body: str = "") -> bytes:
    """A request as bytes."""
    return f"{method} {target} HTTP/1.1\r\nHost: x\r\n{fields}\r\n{body}".encode()


def request_seen(answer: bytes) -> list[Any]:
    """What the application was asked."""
    told: list[Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return told


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_is_answered_straight(operation: contracts.Operation) -> None:
    with_body = operation.body is not None
    fields, body = ("Content-Length: 7\r\n", '{"a":1}') if with_body else ("", "")
    written, tasks = send_pieces(request(operation.method, f"{operation.path}?b=2", fields, body))
    assert [request_seen(answer) for answer in written] == [
        [operation.method, operation.path, "b=2", body, 1 + with_body]
    ]
    assert tasks == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("cut", [True, False])
def test_a_body_in_chunks_is_answered_straight_when_it_is_whole(method: str, cut: bool) -> None:
    whole = request(method, "/rest", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    pieces = [whole[i : i + 1] for i in range(len(whole))] if cut else [whole]
    assert send_pieces(*pieces[:-1])[0] == []
    written, tasks = send_pieces(*pieces)
    assert [request_seen(answer) for answer in written] == [[method, "/rest", "", "abcde", 2]]
    assert tasks == 0


@pytest.mark.parametrize(
    "goes_round",
    [
        request("GET", "/_privnum/health"),
        request("DELETE", "/rest", "Content-Length: 2\r\n"),
        request("GET", "/rest", "Transfer-Encoding: chunked\r\n"),
        request("POST", "/rest", "Expect: 100-Continue\r\nContent-Length: 2\r\n", "{}"),
        request("GET", "//rest"),
        request("GET", "http://x/rest"),
    ],
)
def test_what_may_have_to_wait_goes_round_by_asgi(goes_round: bytes) -> None:
    written, tasks = send_pieces(goes_round)
    assert tasks == 1
    assert not any(b" 200 OK" in answer for answer in written)


def test_requests_at_once_are_answered_in_one_go() -> None:
    both = request("PUT", "/a", "Content-Length: 1\r\n", "1") + request("GET", "/b?c")
    written, tasks = send_pieces(both)
    assert [request_seen(answer)[:4] for answer in written] == [["PUT", "/a", "", "1"], ["GET", "/b", "c", ""]]
    assert tasks == 0


@pytest.mark.parametrize("fields", ["Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"])
def test_the_headers_of_one_request_say_nothing_of_the_next(fields: str) -> None:
    """A GET behind a request with a body has none."""
    body = "1" if "Length" in fields else "1\r\n1\r\n0\r\n\r\n"
    written, tasks = send_pieces(request("POST", "/a", fields, body), request("GET", "/b"))
    assert [request_seen(answer)[0] for answer in written] == ["POST", "GET"]
    assert tasks == 0


@pytest.mark.parametrize(("connections", "written_at_once"), [(1, 0), (3, 0), (31, 0), (32, 32), (40, 32)])
def test_answers_of_one_round_go_out_together(connections: int, written_at_once: int) -> None:
    async def run() -> None:
        app, transport = _App(), _Transport()
        protocols = [protocol_of(app, transport) for _ in range(connections)]
        for number, protocol in enumerate(protocols):
            protocol.data_received(request("GET", f"/{number}"))
        assert len(transport.written) == written_at_once
        await asyncio.sleep(0)
        assert [request_seen(answer)[1] for answer in transport.written] == [f"/{n}" for n in range(connections)]

    asyncio.run(run())


def test_a_refusal_is_behind_the_answers_ahead_of_it() -> None:
    async def run() -> None:
        app, transport = _App(), _Transport()
        protocol_of(app, transport).data_received(request("GET", "/first") + b"no HTTP\r\n\r\n")
        await asyncio.sleep(0)
        assert [answer.split()[1] for answer in transport.written] == [b"200", b"400"]

    asyncio.run(run())


def test_an_answer_that_cannot_be_sent_keeps_no_other_back(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(_Transport):
        def write(self, data: bytes) -> None:
            raise OSError("no more")

    async def run() -> None:
        app, transport = _App(), _Transport()
        for each in (Broken(), transport):
            protocol_of(app, each).data_received(request("GET", "/b"))
        await asyncio.sleep(0)
        assert len(transport.written) == 1

    asyncio.run(run())
    assert "an answer could not be sent" in caplog.text


@pytest.mark.parametrize("version", ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"])
def test_nothing_is_done_behind_a_request_that_ends_the_connection(version: str) -> None:
    last = f"GET /last {version}\r\nHost: x\r\n\r\n".encode()
    for pieces in ([last + request("GET", "/behind")], [last, request("GET", "/behind")]):
        written, tasks = send_pieces(*pieces)
        assert [request_seen(answer)[1] for answer in written] == ["/last"]
        assert tasks == 0


def test_nothing_is_done_behind_an_answer_that_ends_the_connection() -> None:
    class Closing(_App):
        def api(self, *asked: Any) -> Answer:
            return super().api(*asked)._replace(headers=(CLOSE,))

    async def run(pieces: list[bytes]) -> None:
        app, transport = Closing(), _Transport()
        protocol = protocol_of(app, transport)
        for piece in pieces:
            protocol.data_received(piece)
        await asyncio.sleep(0)
        assert [request_seen(answer)[1] for answer in transport.written] == ["/last"]
        assert app.tasks == 0

    behind = request("GET", "/behind") + request("GET", "/_privnum/health")
    for pieces in ([request("GET", "/last") + behind], [request("GET", "/last"), behind]):
        asyncio.run(run(pieces))
