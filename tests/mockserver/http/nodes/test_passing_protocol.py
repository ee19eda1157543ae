"""A connection whose requests another node answers: what goes out, in which order, and what where nothing comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from privnum.mockserver.core.answers import Answer
from privnum.mockserver.http.nodes.passing import NOT_MINE
from privnum.mockserver.http.nodes.protocol import PassingProtocol, Request
from privnum.mockserver.http.rounds import Round

if TYPE_CHECKING:
    from collections.abc import Callable

    Then = Callable[[bytes | None], None]

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
ELSEWHERE = b"HTTP/1.1 421 Misdirected Request\r\n%b: 1\r\ncontent-length: 0\r\n\r\n" % NOT_MINE


class _Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return ("10.0.0.9", 9) if name in ("peername", "sockname") else default

    def is_closing(self) -> bool:
        return self.closed

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """Nothing is read."""

    resume_reading = pause_reading


class _Node:
    """Has the worlds of /here; another node has the rest."""

    faulty: frozenset[object] = frozenset()
    is_piped = False

    def __init__(self) -> None:
        self.round = Round()
        self.passed: list[tuple[Request, Then]] = []
        self.kept: list[Callable[[], None]] = []
        self.keeps = False
        self.is_reachable = True
        self.tasks: list[str] = []

    @property
    def when_kept(self) -> Callable[[Callable[[], None]], None] | None:
        return self.kept.append if self.keeps else None

    def goes_round(self, target: bytes, _: object) -> bool:
        return not target.startswith(b"/here")

    def pass_on(self, request: Request, then: Then) -> bool:
        self.passed.append((request, then))
        return self.is_reachable

    def api(self, _: str, path: str, *__: object) -> Answer:
        return Answer(200, path.encode())

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.tasks.append(f"{scope['method']} {scope['path']} {scope['query_string'].decode()} {body.decode()}")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"task"})


class _Rig:
    def __init__(self) -> None:
        self.node, self.transport = _Node(), _Transport()
        config = Config(
            self.node,
            http=PassingProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
        )
        config.load()
        self.protocol = PassingProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        self.protocol.connection_made(self.transport)  # type: ignore[arg-type]

    def receive(self, data: bytes) -> None:
        self.protocol.data_received(data)

    def answer(self, answer: bytes | None, number: int = 0) -> None:
        self.node.passed[number][1](answer)

    @property
    def bodies(self) -> list[bytes]:
        bodies = [each.rpartition(b"\r\n")[2] for each in self.transport.written]
        return [body for body in bodies if body]  # a task sends the head by itself


def request(target: str, method: str = "POST", fields: str = "", version: str = "1.1") -> bytes:
    body = "abc" if method in ("POST", "PUT") else ""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/{version}\r\nHost: x\r\n{fields}{length}\r\n{body}".encode()


def play(work: Callable[[_Rig], Any]) -> None:
    async def run() -> None:
        rig = _Rig()
        await work(rig)
        rig.protocol.connection_lost(None)

    asyncio.run(run())


async def some_rounds() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_the_other_node_has_answered_goes_out_as_it_came() -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there?a=1"))
        asked = rig.node.passed[0][0]
        assert asked[:2] == (b"POST", b"/there?a=1")
        assert asked[3:] == (b"abc", b"10.0.0.9", b"http")
        rig.answer(OK)
        assert rig.transport.written == [OK]
        assert not rig.node.tasks
        rig.receive(request("/here"))
        await some_rounds()
        assert rig.bodies == [b"ok", b"/here"]

    play(work)


def test_what_is_pipelined_behind_it_waits_for_it() -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there") + request("/here/1") + request("/there/2"))
        await some_rounds()
        assert not rig.transport.written
        rig.answer(OK)
        await some_rounds()
        assert rig.bodies == [b"ok", b"task", b"task"]
        assert rig.node.tasks == ["POST /here/1  abc", "POST /there/2  abc"]

    play(work)


def test_it_is_not_ahead_of_an_answer_that_is_held() -> None:
    async def work(rig: _Rig) -> None:
        rig.node.keeps = True
        rig.receive(request("/here") + request("/there"))
        rig.answer(OK)
        assert not rig.transport.written
        for let_go in rig.node.kept:
            let_go()
        assert rig.bodies == [b"/here", b"ok"]

    play(work)


@pytest.mark.parametrize("answer", [ELSEWHERE, None])
def test_a_query_that_has_no_answer_is_asked_anew(answer: bytes | None) -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there?a=1", "GET"))
        rig.answer(answer)
        await some_rounds()
        assert rig.node.tasks == ["GET /there a=1 "]
        assert rig.bodies == [b"task"]

    play(work)


def test_a_bind_that_was_not_begun_is_asked_anew() -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there"))
        rig.answer(ELSEWHERE)
        await some_rounds()
        assert rig.node.tasks == ["POST /there  abc"]

    play(work)


def test_of_a_bind_that_may_have_been_done_nothing_is_said() -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there"))
        rig.answer(None)
        assert (rig.transport.closed, rig.transport.written, rig.node.tasks) == (True, [], [])

    play(work)


@pytest.mark.parametrize("cut", [0, 10, len(request("/here/1")) - 1, len(request("/here/1"))])
@pytest.mark.parametrize(("method", "answer"), [("POST", ELSEWHERE), ("GET", ELSEWHERE), ("GET", None)])
def test_what_is_asked_anew_has_its_turn_whatever_is_behind_it(cut: int, method: str, answer: bytes | None) -> None:
    async def work(rig: _Rig) -> None:
        behind = request("/here/1") + request("/here/2", "PUT")
        rig.receive(request("/there", method) + behind[:cut])
        rig.answer(answer)
        rig.receive(behind[cut:])
        await some_rounds()
        await some_rounds()
        asked = [f"{method} /there  {'abc' if method == 'POST' else ''}", "POST /here/1  abc", "PUT /here/2  abc"]
        assert (rig.node.tasks, rig.bodies, rig.transport.closed) == (asked, [b"task"] * 3, False)

    play(work)


@pytest.mark.parametrize(
    "alone",
    [
        request("/there", "HEAD"),
        request("/there", "OPTIONS"),
        request("/there", version="1.0"),
        request("/there", fields="Connection: close\r\n"),
        request("/there", fields=f"X: {'y' * 20_000}\r\n"),
    ],
)
def test_some_requests_go_by_themselves(alone: bytes) -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(alone)
        await some_rounds()
        assert not rig.node.passed
        assert len(rig.node.tasks) == 1

    play(work)


def test_where_there_is_no_way_yet_it_goes_by_itself() -> None:
    async def work(rig: _Rig) -> None:
        rig.node.is_reachable = False
        rig.receive(request("/there"))
        await some_rounds()
        assert rig.bodies == [b"task"]

    play(work)


def test_an_answer_behind_the_last_word_of_the_client_ends_the_connection() -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there"))
        rig.protocol.eof_received()
        assert not rig.transport.closed
        rig.answer(OK)
        assert (rig.transport.written, rig.transport.closed) == ([OK], True)

    play(work)


def test_it_is_waited_for_behind_an_answer_that_is_held() -> None:
    """Also where the client has stopped sending, or the server stops."""

    async def work(rig: _Rig, end: Callable[[], object]) -> None:
        rig.node.keeps = True
        rig.receive(request("/here") + request("/there"))
        end()
        rig.node.kept.pop()()
        assert (rig.bodies, rig.transport.closed) == ([b"/here"], False)
        rig.answer(OK)
        assert (rig.bodies, rig.transport.closed) == ([b"/here", b"ok"], True)

    play(lambda rig: work(rig, rig.protocol.eof_received))
    play(lambda rig: work(rig, rig.protocol.shutdown))


@pytest.mark.parametrize("is_stopped", [True, False])
def test_what_is_asked_anew_ends_the_connection_where_nothing_follows(is_stopped: bool) -> None:
    async def work(rig: _Rig) -> None:
        rig.receive(request("/there"))
        (rig.protocol.shutdown if is_stopped else rig.protocol.eof_received)()
        rig.answer(ELSEWHERE)
        await some_rounds()
        assert (rig.bodies, rig.transport.closed) == ([b"task"], True)

    play(work)


def test_answers_to_a_node_are_joined() -> None:
    async def work(rig: _Rig) -> None:
        rig.node.is_piped = True
        rig.receive(request("/here/1") + request("/here/2"))
        await some_rounds()
        assert len(rig.transport.written) == 1
        assert rig.transport.written[0].count(b"HTTP/1.1 200 OK") == 2

    play(work)


@pytest.mark.parametrize("is_piped", [True, False])
def test_a_request_of_a_pipe_never_goes_by_a_task_however_slowly_answers_are_read(is_piped: bool) -> None:
    """By a task a fault could strike, and the request would be asked anew though it was carried out."""

    async def work(rig: _Rig) -> None:
        rig.node.is_piped = is_piped
        rig.receive(request("/here/1"))
        await some_rounds()
        rig.protocol.pause_writing()
        rig.receive(request("/here/2"))
        await some_rounds()
        rig.protocol.resume_writing()
        await some_rounds()
        assert rig.bodies == [b"/here/1", b"/here/2" if is_piped else b"task"]

    play(work)
