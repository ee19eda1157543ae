"""The process belongs to who uses the stand-in: his forks, file system, event loops, and the scopes of his tests."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.customer import HttpCustomer
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.embed.wire import Wire
from tests.mockserver.embed.test_wire import answer
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle

FORK = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None


def in_children(count: int, work: Callable[[], object]) -> list[object]:
    """What forked processes return that do the work at the same time."""
    assert FORK is not None

    def run(end: Connection) -> None:
        end.send(work())

    pipes = [FORK.Pipe(duplex=False) for _ in range(count)]
    children = [FORK.Process(target=run, args=(end,), daemon=True) for _, end in pipes]
    for child in children:
        child.start()
    try:
        return [result.recv() if result.poll(60) else "no answer" for result, _ in pipes]
    finally:
        for child in children:
            child.kill()
            child.join()


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif(FORK is None, reason="this system has no fork")
def test_forked_processes_do_not_read_each_others_answers(world: WorldHandle) -> None:
    """The connection that is open at the fork stays the parent's."""
    world.bind(A, B, world.axb.numbers[0])

    def ask() -> object:
        asked = [x for _ in range(30) for x in world.axb.numbers[:2]]
        return {world.request("axb.query", query={"relationNum": x})["resultcode"] + x for x in asked}

    right = ask()
    assert in_children(4, ask) == [right] * 4
    assert ask() == right


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif(FORK is None, reason="this system has no fork")
def test_workers_that_a_server_forks_use_a_handle_made_before(world: WorldHandle) -> None:
    """As gunicorn does it with preload: os.fork, and a worker goes on from there; the stand-in is in the master."""
    x = world.axb.numbers[0]
    assert world.bind(A, B, x)["resultcode"] == "0"
    pipes, workers = [], []
    for _ in range(3):
        reading, writing = os.pipe()
        worker = os.fork()
        if worker == 0:
            told = "nothing"
            try:
                told = world.query(relationNum=x)["resultcode"] + world.call(A, x, caller_hangs_up_after=1).state
                world.advance(1)
            finally:
                os.write(writing, told.encode())
                os._exit(0)
        os.close(writing)
        pipes.append(reading)
        workers.append(worker)
    for reading, worker in zip(pipes, workers, strict=True):
        with os.fdopen(reading, "rb") as pipe:
            assert pipe.read() == b"0forwarded"
        assert os.waitpid(worker, 0) == (worker, 0)
    assert len(world.cdrs) == 3


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif(FORK is None, reason="this system has no fork")
def test_a_forked_process_sends_pushes_in_a_thread_of_its_own(httpserver: HTTPServer) -> None:
    """The thread of the parent is not there."""
    httpserver.expect_request("/").respond_with_data("")
    with HttpCustomer() as customer:
        assert customer(httpserver.url_for("/"), [], b"")[0] == 200
        assert in_children(1, lambda: customer(httpserver.url_for("/"), [], b"")[0]) == [200]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_answer_that_does_not_come_is_an_error(listener: socket.socket) -> None:
    with pytest.raises(TimeoutError, match=r"http://127\.0\.0\.1:\d+ has not answered for 0\.05 s"):
        Wire(url_of(listener), wait_seconds=0.05).control("GET", "/health")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (500, b"Internal Server Error", "is no JSON: 'Internal Server Error' (HTTP 500, answer)"),
        (200, b"\xff<html>", r"is no JSON: '\\xff<html>' (HTTP 200, answer)"),
        (502, b"", "is None (HTTP 502, answer)"),
        (404, b'["lost"]', "is ['lost'] (HTTP 404, answer)"),
    ],
)
def test_an_answer_that_is_none_of_the_server_is_shown(
    listener: socket.socket, status: int, body: bytes, told: str
) -> None:
    """With its status, not as a fault of a JSON parser."""

    def reply() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + body)

    thread = threading.Thread(target=reply)
    thread.start()
    with pytest.raises(DriverError) as caught:
        Wire(url_of(listener), wait_seconds=30).control("GET", "/health")
    thread.join()
    assert told in str(caught.value)
    assert caught.value.status == status


def test_a_reset_empties_the_world(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    for _ in range(2):
        assert world.bind(A, B, x)["resultcode"] == "0"
        world.call(A, x, caller_hangs_up_after=1)
        world.advance(60)
        assert [event["eventType"] for event in world.events] == ["callin", "callout", "disconnect"]
        assert len(world.cdrs) == 1
        world.reset()
        assert world.pushes == []


@pytest.mark.parametrize("looked", [False, True])
def test_a_reset_by_another_is_seen(world: WorldHandle, looked: bool) -> None:
    """Pushes of before do not stay among those that a handle has seen."""
    x = world.axb.numbers[0]
    world.call(A, x)
    world.advance(60)
    before = world.pushes if looked else []
    control = Wire(world.url.partition("/w/")[0])
    control.control("POST", f"/worlds/{world.id}/reset")
    if looked:
        assert before
        assert world.pushes == []
    for _ in range(3):
        world.call(B, x)
    world.advance(60)
    assert {event["statusInfo"]["caller"] for event in world.events} == {B}
    assert len(world.cdrs) == 3
    control.close()


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
def test_pushes_are_fetched_once(world: WorldHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again only those that may still change, and the last that may not; a body that is changed is a copy."""
    x = world.axb.numbers[0]
    fetched: list[int] = []
    control = Wire.control

    def counting(self: Wire, method: str, path: str, body: dict[str, object] | None = None) -> object:
        told = control(self, method, path, body)
        if "/pushes" in path:
            fetched.append(len(told["pushes"]))
        return told

    monkeypatch.setattr(Wire, "control", counting)
    for _ in range(5):
        world.call(A, x)
    world.advance(60)
    first = world.pushes
    first[0].body.clear()
    assert world.pushes[1:] == first[1:]
    assert world.pushes[0].body
    world.send_pushes_to("http://127.0.0.1:9/")
    world.call(A, x)
    world.advance(1)
    pending = [push for push in world.pushes if push.state == "pending"]
    assert pending
    world.advance(2 * 86400)
    assert {push.state for push in world.pushes[len(first) :]} == {"given_up"}
    assert len(world.pushes) == len(first) + len(pending)
    assert fetched == [len(first), 1, 1, 1 + len(pending), 1 + len(pending), 1]


TESTS = '''
import io
import pathlib
import threading

import pytest
from hypothesis import given, settings, strategies as st

A, B = "+8613800000001", "+8613900000002"


@pytest.fixture
def hidden(monkeypatch):
    """As pyfakefs does: no file that is there is seen."""
    def refuse(path, *args, **kwargs):
        raise FileNotFoundError(path)
    monkeypatch.setattr(io, "open", refuse)
    for name in ("read_bytes", "read_text", "open"):
        monkeypatch.setattr(pathlib.Path, name, refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("os.scandir", refuse)
    monkeypatch.setattr("os.listdir", refuse)


def test_files_are_hidden_first(hidden, private_number):
    x = private_number.axb.numbers[0]
    assert private_number.bind(A, B, x)["resultcode"] == "0"
    private_number.call(A, x)
    assert "calleeNum" in private_number.request("axb.bind", body={"callerNum": A, "calleeNum": ""})["resultdesc"]


def test_files_are_hidden_later(private_number, hidden):
    x = private_number.axb.numbers[0]
    assert private_number.bind(A, B, x)["resultcode"] == "0"
    private_number.call(A, x)


@settings(max_examples=5, deadline=None)
@given(minutes=st.integers(1, 99))
def test_a_world_for_each_example(private_number_server, minutes):
    with private_number_server.world() as world:
        assert world.bind(A, B, world.axb.numbers[0], maxDuration=minutes)["resultcode"] == "0"


@pytest.fixture(scope="module")
def world(private_number_server):
    with private_number_server.world() as made:
        yield made


@settings(max_examples=5, deadline=None)
@given(minutes=st.integers(1, 99))
def test_a_reset_for_each_example(world, minutes):
    world.reset()
    assert world.bind(A, B, world.axb.numbers[0], maxDuration=minutes)["resultcode"] == "0"


def test_one_server(private_number, world):
    assert private_number.url.partition("/w/")[0] == world.url.partition("/w/")[0]
    assert sum(thread.name == "privnum" for thread in threading.enumerate()) == 1
'''


def test_hidden_files_and_wider_scopes(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert "5 passed" in done.stdout, done.stdout + done.stderr


def test_a_loop_that_is_between_two_runs_is_named_at_once(world: WorldHandle) -> None:
    """As where a sync fixture places a call and an async one has started the receiver (pytest-asyncio, anyio)."""
    with asyncio.Runner() as runner:
        server = runner.run(asyncio.start_server(answer, "127.0.0.1", 0))
        world.send_pushes_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        with pytest.raises(DriverError, match="keeps one with a server"):
            world.call(A, world.axb.numbers[0])
        runner.run(world.aadvance(60))
        server.close()
    assert [push.outcomes for push in world.pushes][:1] == [("200",)]


@pytest.mark.parametrize("make", [LiveServer, HttpCustomer])
def test_where_threads_are_none_it_says_so_at_once(make: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """As after gevent's monkey.patch_all(), where who waits for the server would wait for ever."""

    def start_new_thread() -> None: ...

    start_new_thread.__module__ = "gevent.thread"
    monkeypatch.setattr("_thread.start_new_thread", start_new_thread)
    with pytest.raises(RuntimeError, match="gevent has replaced threads here: start `privnum serve`"):
        make()


def test_a_loop_without_a_server_hinders_nobody(world: WorldHandle) -> None:
    with asyncio.Runner() as runner:
        runner.get_loop()
        assert world.call(A, world.axb.numbers[0]).state == "ended"


def test_a_call_that_a_reset_has_dropped_is_named_with_what_is_there(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    call = world.call(A, x)
    assert world.look(call.id) == world.look(call)
    world.reset()
    for ask in (world.look, world.hang_up):
        for gone in (call, call.id, "../calls"):
            with pytest.raises(DriverError, match="it has none, place one first") as caught:
                ask(gone)
            assert (caught.value.status, caught.value.where) == (404, "call")
    latest = world.call(A, x)
    with pytest.raises(DriverError, match=f"its latest is '{latest.id}'"):
        world.hang_up(call)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (float("nan"), '"nan"'),
        (float("1e400"), '"inf"'),
        (-1, "-1"),
        (1.5, "1.5"),
        (10**400, '"a number of 1329 bits"'),
        (10**20, "1e+20"),
        ("5", '"5"'),
        (None, "null"),
    ],
)
def test_seconds_that_cannot_be_are_shown_with_what_would_be_right(
    seconds: Any, shown: str, world: WorldHandle
) -> None:
    before = world.now
    with pytest.raises(DriverError, match="advance_seconds must be a whole number from 0 to 315576000, not") as caught:
        world.advance(seconds)
    assert f"not {shown}." in str(caught.value)
    assert world.now == before


def test_a_number_that_json_does_not_have_is_sent_to_no_api(world: WorldHandle) -> None:
    """Written as null it would be another request."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        world.bind(A, B, world.axb.numbers[0], maxDuration=float("nan"))
