"""What HTTP leaves to a target is neither a fault nor an error: each framing is checked as the plain one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.suites.base.answers import TOO_LONG, AnswerReader, decoded_body
from privnum.suites.base.claims import Dropped
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.raw import Wire
from tests.hostile.gateway import DROPS, FRAMINGS, Framing, framed_answer, gateway

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEALTH = b"GET /_privnum/health HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = [b"HTTP/1.1 200 OK", b"Content-Type: application/json"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with LiveServer() as server:
        yield int(str(server.url).rsplit(":", 1)[1])


@pytest.mark.parametrize("framing", FRAMINGS)
def test_requests_and_raw_bytes_are_answered_through_every_framing(framing: Framing, port: int) -> None:
    with gateway(framing, port) as outer:
        transport = HttpTransport(f"http://127.0.0.1:{outer}", timeout=5)
        try:
            for method in ("GET", "POST", "GET", "DELETE", "POST", "PUT", "GET"):
                answer = transport.request(method, "/_privnum/health", "", [], b"")
                assert answer.body is not None, answer
                assert answer.status in (200, 404, 405)
        finally:
            transport.close()
        (raw,) = Wire("127.0.0.1", outer).exchange(HEALTH)
        assert (raw.status, (raw.body or {}).get("status")) == (200, "ok")


@pytest.mark.parametrize("framing", FRAMINGS)
def test_an_answer_is_read_out_of_every_cut_of_its_bytes(framing: Framing) -> None:
    body = b'{"resultcode":"0"}'
    whole = framed_answer(framing, HEAD, body)
    for cut in range(1, len(whole)):
        reader = AnswerReader()
        assert reader.feed(whole[:cut])
        assert reader.feed(whole[cut:])
        reader.end()
        ((status, headers, content),) = reader.answers
        assert (status, decoded_body(headers, content)) == (200, body)


@pytest.mark.parametrize("framing", ["closes", "chunked", "gzip", *DROPS])
def test_a_target_is_judged_through_a_gateway_as_without(framing: Framing, port: int, tmp_path: Path) -> None:
    with gateway(framing, port) as outer:
        (tmp_path / "target.toml").write_text(
            f'base_url = "http://127.0.0.1:{outer}"\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:{outer}"\n',
            encoding="utf-8",
        )
        command = ["check", "--target", "target.toml", "--mode", "AXB", "--max-requests", "250", "--quiet"]
        done = subprocess.run(
            [sys.executable, "-m", "privnum.cli", *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    report = json.loads((tmp_path / "build" / "conformance" / "report.json").read_bytes())
    assert report["summary"]["passed"] > 30


# ── connections that are closed without a word ───────────────────────────────────────────────────────────────────────


class _Server:
    """Answers so many requests on each connection, and hangs up on the next without reading its answer out."""

    def __init__(self, each: int) -> None:
        self.each = each
        self.methods: list[str] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                for _ in range(self.each):
                    if not (came := connection.recv(65536)):
                        break
                    self.methods.append(came.split()[0].decode())
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                else:
                    connection.recv(65536)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@contextmanager
def hanging_up(each: int, *, keeps: bool = True) -> Iterator[tuple[_Server, HttpTransport]]:
    server = _Server(each)
    transport = HttpTransport(f"http://127.0.0.1:{server.port}", timeout=5, keeps=keeps)
    try:
        yield server, transport
    finally:
        transport.close()
        server.close()


def test_a_get_on_a_closed_connection_is_sent_again_and_each_has_its_own_from_then_on() -> None:
    with hanging_up(2) as (server, transport):
        for _ in range(5):
            assert transport.request("GET", "/", "", [], b"").status == 200
        assert server.methods == ["GET"] * 5
        assert server.connections == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_have_been_carried_out_is_not_sent_again(method: str) -> None:
    with hanging_up(2) as (server, transport):
        for _ in range(2):
            assert transport.request("GET", "/", "", [], b"").status == 200
        with pytest.raises(Dropped, match="on a connection that had been kept"):
            transport.request(method, "/", "", [], b"")
        for _ in range(2):
            assert transport.request(method, "/", "", [], b"").status == 200
        assert (server.methods, server.connections) == (["GET", "GET", method, method], 3)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_where_none_may_be_lost_no_connection_is_kept(method: str) -> None:
    with hanging_up(2, keeps=False) as (server, transport):
        for each in ("GET", "GET", method, method):
            assert transport.request(each, "/", "", [], b"").status == 200
        assert server.connections == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_target_that_always_hangs_up_loses_nothing(method: str) -> None:
    """Until a GET was answered on a used connection, nothing else is sent on one."""
    with hanging_up(1) as (server, transport):
        for each in (method, "GET", method, "GET", method, method, "GET"):
            assert transport.request(each, "/", "", [], b"").status == 200
        assert len(server.methods) == 7


# ── codings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coding_that_is_unknown_broken_or_too_long_is_left() -> None:
    import gzip

    packed = gzip.compress(b"{}")
    assert decoded_body([("content-encoding", "br")], b"{}") == b"{}"
    assert decoded_body([("Content-Encoding", "gzip")], packed[:-5]) == packed[:-5]
    assert decoded_body([("Content-Encoding", "gzip")], b"{}") == b"{}"
    assert decoded_body([("Content-Encoding", "identity, gzip , x-gzip")], gzip.compress(packed)) == b"{}"
    bomb = gzip.compress(b" " * (TOO_LONG + 1))
    assert decoded_body([("Content-Encoding", "gzip")], bomb) == bomb


def test_what_is_no_http_is_no_answer() -> None:
    for junk in (b"220 mail\r\n", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"):
        assert not AnswerReader().feed(junk)
    reader = AnswerReader()
    assert not reader.feed(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (TOO_LONG + 1))
