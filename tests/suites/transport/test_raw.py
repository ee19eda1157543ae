"""Raw bytes to a port, and answers out of a stream of bytes."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from privnum.suites.base.claims import NoAnswer
from privnum.suites.transport.raw import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def port(*pieces: bytes, hang_up: bool = True) -> Iterator[Wire]:
    """A server that reads something, sends the pieces one by one, and hangs up or keeps still."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
                if not hang_up:
                    done.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Wire("127.0.0.1", server.getsockname()[1], timeout=0.2)
        done.set()
        thread.join()


def test_one_answer() -> None:
    with port(OK, hang_up=False) as wire:
        (answer,) = wire.exchange(b"nonsense\r\n\r\n")
    assert (answer.status, answer.body, answer.header("content-length")) == (200, {}, "2")


def test_several_answers_in_odd_pieces() -> None:
    whole = OK * 3
    with port(*(whole[i : i + 7] for i in range(0, len(whole), 7)), hang_up=False) as wire:
        assert [answer.status for answer in wire.exchange(b"x", answers=3)] == [200, 200, 200]


def test_an_answer_that_ends_with_the_connection() -> None:
    with port(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", b'{"resultcode":"1"}') as wire:
        (answer,) = wire.exchange(b"x", answers=2)
    assert answer.key == "400/1"


def test_hanging_up_without_a_word() -> None:
    with port() as wire:
        assert wire.exchange(b"x") == []


def test_silence_and_nobody_there() -> None:
    with port(hang_up=False) as wire, pytest.raises(NoAnswer, match="1 raw bytes"):
        wire.exchange(b"x")
    with pytest.raises(NoAnswer):
        Wire("127.0.0.1", 9).exchange(b"x")
