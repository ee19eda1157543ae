"""What a deadline bounds over real connections."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base.answers import TOO_LONG
from privnum.suites.base.claims import Unreachable
from privnum.suites.driver.circuit_breaker import Watch
from privnum.suites.runner.check import NoAnswer
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.deadline import Deadline
from privnum.suites.transport.raw import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.suites.base.answer import Answer

from tests.suites.transport.test_deadline import Clock


@pytest.fixture
def listener() -> Iterator[Callable[[bytes, int], str]]:
    """Starts a server that sends the bytes so many times to whoever connects, and then holds the connection."""
    closing = threading.Event()
    opened: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(server: socket.socket, data: bytes, times: int) -> None:
        with contextlib.suppress(OSError):
            while not closing.is_set():
                connection, _ = server.accept()
                opened.append(connection)
                connection.recv(65536)
                for _ in range(times):
                    connection.sendall(data)

    def start(data: bytes, times: int) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        opened.append(server)
        threads.append(threading.Thread(target=serve, args=(server, data, times), daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"

    yield start
    closing.set()
    for each in reversed(opened):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
    for thread in threads:
        thread.join(5)


def ask(url: str, **options: Any) -> Answer:
    transport = HttpTransport(url, **options)
    try:
        return transport.request("GET", "/rest", "", [], b"")
    finally:
        transport.close()


class Ticks(Clock):
    """A second passes with every look at the clock: a wait of one byte more is never the last."""

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_a_target_that_answers_byte_by_byte_is_not_waited_for(listener: Callable[[bytes, int], str]) -> None:
    url = listener(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b" " * 70000, 1)
    with pytest.raises(NoAnswer, match="no answer to GET /rest within 6 s"):
        ask(url, clock=Ticks(), timeout=6)


def test_a_control_message_is_waited_for_longer_where_pushes_hold_it_up(
    listener: Callable[[bytes, int], str],
) -> None:
    url = listener(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b" " * 70000, 1)
    with pytest.raises(NoAnswer, match="no answer to GET /rest within 9 s"):
        ask(url, clock=Ticks(), timeout=6, allowance=lambda: 3)


def test_a_target_that_never_answers_is_waited_for_until_the_deadline(listener: Callable[[bytes, int], str]) -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    clock.now += 59.95
    with pytest.raises(NoAnswer, match=r"within 0\.05 s"):
        ask(listener(b"", 1), deadline=deadline)


def test_an_answer_without_end_is_not_read_to_its_end(listener: Callable[[bytes, int], str]) -> None:
    piece = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
    url = listener(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + piece, 1)
    assert TOO_LONG > 65536
    with pytest.raises(NoAnswer, match="no answer"):
        ask(url, timeout=0.05)
    long = listener(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (TOO_LONG + 1), 1)
    with pytest.raises(NoAnswer, match=f"longer than {TOO_LONG} bytes"):
        ask(long)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["header", "chunks", "protocol", "status", "length"],
)
def test_what_is_no_http_is_no_answer(listener: Callable[[bytes, int], str], data: bytes) -> None:
    with pytest.raises(NoAnswer, match="no answer to GET /rest: "):
        ask(listener(data, 1))


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable):
        ask(f"http://127.0.0.1:{port}")


def test_raw_bytes_are_bounded_too(listener: Callable[[bytes, int], str]) -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    clock.now += 59.95
    port = int(listener(b"", 1).rpartition(":")[2])
    with pytest.raises(NoAnswer, match="no answer to 4 raw bytes"):
        Wire("127.0.0.1", port, watch=Watch(deadline)).exchange(b"what")
    garbled = int(listener("HTTP/1.1 200 OK\r\nContent-Length: ²\r\n\r\n".encode("latin-1"), 1).rpartition(":")[2])
    assert Wire("127.0.0.1", garbled).exchange(b"what") == []
