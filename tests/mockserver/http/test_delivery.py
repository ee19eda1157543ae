"""Delivery of pushes over HTTP: what counts as which outcome, and what a person reads of it."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.http.delivery import HttpDelivery
from privnum.mockserver.http.posting import LONGEST_ANSWER, PushRules
from privnum.mockserver.pushes.addresses import PushTargets
from privnum.mockserver.pushes.outcomes import RESULTS
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_httpserver import HTTPServer

    from privnum.mockserver.pushes.outcomes import Outcome
    from privnum.mockserver.pushes.push import Push

NOW = 1_772_323_200_000
#: A certificate of its own for localhost, and its key: made up, good for nothing else.
CERTIFICATE = str(Path(__file__).with_name("localhost.pem"))


def push_to(url: str, **assumptions: int) -> Push:
    app = {"mode": "AXB", "app_key": "key", "app_secret": "secret", "numbers": ["+8617000000001"], "event_url": url}
    assumptions = {name.replace("__", "."): value for name, value in assumptions.items()}
    world = Platform().create_world({"applications": [app], "assumptions": assumptions})
    world.place_call({"caller": "+8613800000001", "called": "+8617000000001"})
    return world.take_pushes()[0]


class Ended(NamedTuple):
    """How an attempt ended."""

    result: str
    body: bytes
    detail: str


def deliver(url: str, rules: PushRules | None = None, patience: float = 60) -> Ended:

    async def run() -> Outcome:
        return await HttpDelivery(lambda: NOW, rules, patience)(push_to(url))

    return Ended(*asyncio.run(run())[:3])


@contextmanager
def receiver(
    answer: Callable[[socket.socket], None], context: ssl.SSLContext | None = None, first: int = 1 << 16
) -> Iterator[int]:
    """Yield the port of a customer's server that does this to each connection once it has read of a request."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) if context else connection as made:
                    made.recv(first)
                    answer(made)
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def says(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(parts))


def test_a_push_is_a_signed_post_of_json(httpserver: HTTPServer) -> None:
    """COM-PUSH-001, COM-PUSH-002: path and query of the address, the documented headers, nothing compressed."""
    httpserver.expect_request("/status", query_string="a=%2B1").respond_with_data(b"fine", status=202)
    assert deliver(httpserver.url_for("/status?a=%2B1")) == ("202", b"fine", "answered HTTP 202")
    request, _ = httpserver.log[0]
    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert request.headers["Authorization"] == 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
    assert 'Created="2026-03-01T00:00:00Z"' in request.headers["X-AKSK"]
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.get_json()["eventType"] == "callin"


@pytest.mark.parametrize("status", [204, 301, 307, 404, 500])
def test_any_status_is_an_outcome_and_no_redirect_is_followed(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/").respond_with_data(b"", status=status, headers={"Location": "/elsewhere"})
    assert deliver(httpserver.url_for("/")) == (str(status), b"", f"answered HTTP {status}")
    assert len(httpserver.log) == 1


def test_a_long_answer_is_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"a" * (4 * LONGEST_ANSWER))
    status, body, _ = deliver(httpserver.url_for("/"))
    assert (status, len(body)) == ("200", LONGEST_ANSWER)


def test_nobody_there_is_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        outcome = deliver(f"http://127.0.0.1:{port}/")
    assert outcome == ("refused", b"", f"nobody listens at 127.0.0.1 port {port}")


def test_a_host_without_an_address_is_refused() -> None:
    outcome = deliver("http://nowhere.invalid/", PushRules(targets=PushTargets(["any"])))
    assert outcome == ("refused", b"", "no connection to nowhere.invalid: no address is known for nowhere.invalid")


OK = b"HTTP/1.1 200 OK\r\n"
EMPTY_GZIP = gzip.compress(b"", mtime=0)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ((OK, b"Content-Length: 2\r\n\r\nok"), b"ok"),
        ((OK, b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), b"ok"),
        ((OK, b"\r\nok"), b"ok"),
        ((b"HTTP/1.0 200 OK\r\n\r\nok",), b"ok"),
        ((b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",), b""),
        ((b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",), b"ok"),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", OK, b"Content-Length: 2\r\n\r\nok"), b"ok"),
        ((b"HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nLink: </a>\r\n\r\n", OK, b"\r\nok"), b"ok"),
        ((OK, b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n", EMPTY_GZIP), EMPTY_GZIP),
        ((OK, b"Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\x1f\x00\r\n0\r\n\r\n"), b"\x1f\x00"),
        ((OK, b"Transfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nX: y\r\n\r\n"), b"ok"),
        ((b"HTTP/1.1 102 Processing\r\n\r\n" * 3, OK, b"Content-Length: 2\r\n\r\nok"), b"ok"),
        ((OK, b"Content-Length: 2\r\n\r\nok", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), b"ok"),
    ],
)
def test_an_answer_may_end_as_http_lets_it(answer: tuple[bytes, ...], body: bytes) -> None:
    """By its length, in chunks, with the connection; after interim answers; what comes behind it does not count.

    A push asks for no compression; a body that is compressed all the same is kept as it came, and its status counts.
    """
    with receiver(says(*answer)) as port:
        assert deliver(f"http://127.0.0.1:{port}/") == ("200", body, "answered HTTP 200")


@pytest.mark.parametrize(
    ("answer", "result", "detail"),
    [
        (b"", "reset", "the other side closed the connection before it answered"),
        (OK + b"Content-Length: 9\r\n\r\nhalf", "reset", "closed the connection in the middle of its answer"),
        (OK + b"Content-", "reset", "closed the connection in the middle of its answer"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "reset", "closed the connection in the middle"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "reset", "closed the connection in the middle"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "reset", "closed the connection in the middle of its answer"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok", "bad_answer", "the answer is no HTTP/1.1"),
        (b"garbage\r\n\r\n", "bad_answer", "the answer is no HTTP/1.1"),
        (b"HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", "bad_answer", "nobody offered"),
        (OK + b"A: " + b"a" * (1 << 16), "bad_answer", "more than 32768 bytes came before the answer's body"),
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 3000, "bad_answer", "more than 32768 bytes came before"),
    ],
)
def test_what_is_no_whole_answer_has_a_word_and_a_line(answer: bytes, result: str, detail: str) -> None:
    with receiver(says(answer)) as port:
        outcome = deliver(f"http://127.0.0.1:{port}/")
    assert (outcome.result, outcome.body) == (result, b"")
    assert result in RESULTS
    assert detail in outcome.detail


def test_an_answer_that_comes_before_the_push_was_read_counts_though_the_other_side_closes() -> None:
    """It has read a few bytes, answers, and ends its side of the connection."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(OK + b"Connection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass

    with receiver(answer, first=1) as port:
        assert deliver(f"http://127.0.0.1:{port}/") == ("200", b"", "answered HTTP 200")


@pytest.mark.parametrize("answer", [b"", OK + b"Content-Length: 10\r\n\r\nhalf"])
def test_no_answer_in_time_is_a_timeout(answer: bytes) -> None:
    """Silence, and an answer that never ends: the bound is on the whole attempt."""
    over = threading.Event()

    def hold(connection: socket.socket) -> None:
        connection.sendall(answer)
        over.wait(10)

    with receiver(hold) as port:
        outcome = deliver(f"http://127.0.0.1:{port}/", PushRules(timeout_seconds=0.05))
        over.set()
    assert outcome == ("timeout", b"", "no whole answer within 0.05 s")


def test_the_time_for_an_answer_is_the_worlds() -> None:
    """COM-OPEN-048: 0 seconds are over before anybody can answer; --push-timeout goes before."""
    with receiver(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as port:
        push = push_to(f"http://127.0.0.1:{port}/", push__timeout_seconds=0)
        assert push.timeout_seconds == 0
        assert asyncio.run(HttpDelivery(lambda: NOW)(push)).result == "timeout"
        longer = HttpDelivery(lambda: NOW, PushRules(timeout_seconds=60))
        assert asyncio.run(longer(push)).result == "200"


def test_a_line_says_who_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    over = threading.Event()

    def hold(_: socket.socket) -> None:
        over.wait(10)

    with receiver(hold) as port, caplog.at_level(logging.WARNING, "privnum.delivery"):
        url = f"http://127.0.0.1:{port}/?token=secret"
        deliver(url, PushRules(timeout_seconds=0.1), patience=0.01)
        over.set()
    (waiting,) = (record.getMessage() for record in caplog.records)
    assert waiting == (
        f"waiting for http://127.0.0.1:{port}, which has not answered 1 push; each attempt ends after 0.1 s "
        "(--push-timeout)"
    )


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:0x/", "http://[::", "x"])
def test_to_an_address_that_cannot_be_nothing_is_sent(url: str) -> None:
    outcome = deliver(url)
    assert outcome.result == "refused"
    assert outcome.detail.startswith("not sent: ")


def test_each_push_has_a_connection_of_its_own() -> None:
    """A server may close at any time what it says it keeps: "short connections", says the page."""
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(OK + b"Connection: keep-alive\r\nContent-Length: 0\r\n\r\n")
        heard.append(connection.recv(1))

    with receiver(answer) as port:

        async def run() -> list[Outcome]:
            delivery = HttpDelivery(lambda: NOW)
            return [await delivery(push_to(f"http://127.0.0.1:{port}/")) for _ in range(3)]

        assert [outcome.result for outcome in asyncio.run(run())] == ["200"] * 3
    assert heard == [b""] * 3


# ── https ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def secure() -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with receiver(says(OK, b"Content-Length: 2\r\n\r\nok"), context) as port:
        yield port


def test_a_certificate_of_an_own_ca_is_trusted_where_it_is_named(secure: int) -> None:
    rules = PushRules(ca_file=CERTIFICATE)
    assert deliver(f"https://localhost:{secure}/", rules) == ("200", b"ok", "answered HTTP 200")


def test_a_certificate_that_is_not_trusted_is_an_outcome_with_its_reason(secure: int) -> None:
    outcome = deliver(f"https://localhost:{secure}/")
    assert outcome.result == "certificate"
    assert outcome.detail.startswith("certificate: self")
    assert "name its CA with --push-ca FILE" in outcome.detail


def test_a_certificate_of_another_host_is_not_trusted(secure: int) -> None:
    outcome = deliver(f"https://other.localhost:{secure}/", PushRules(ca_file=CERTIFICATE))
    assert outcome.result == "certificate"
    assert "push to a name that it has, or have other.localhost put into it" in outcome.detail


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
@pytest.mark.parametrize(("ca", "result"), [(CERTIFICATE, "200"), (None, "certificate")])
def test_a_server_pushes_to_https(secure: int, ca: str | None, result: str) -> None:
    with LiveServer(push_ca=ca) as server, server.world() as world:
        world.send_pushes_to(f"https://localhost:{secure}/")
        world.call("+8613800000001", world.axb.numbers[0])
        assert {push.outcomes for push in world.pushes if push.kind == "call_event"} == {(result,)}


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
def test_a_certificate_that_is_not_trusted_is_tried_again_as_every_failure(secure: int) -> None:
    """By the same schedule as an answer of HTTP 500."""

    def attempts(server: LiveServer, url: str) -> list[list[int]]:
        with server.world() as world:
            world.send_pushes_to(url)
            world.call("+8613800000001", world.axb.numbers[0], caller_hangs_up_after=5)
            seen = []
            for _ in range(8):
                seen.append([len(push.outcomes) for push in world.pushes])
                world.advance(45)
            return seen

    failing = receiver(says(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"))
    with LiveServer() as server, failing as port:
        untrusted = attempts(server, f"https://localhost:{secure}/")
        assert untrusted == attempts(server, f"http://127.0.0.1:{port}/")
    assert max(untrusted[-1]) > 2


def test_localhost_is_both_loopback_addresses() -> None:
    """Whatever the system resolves it to."""
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:  # no IPv6 here: then the other one
        listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1 << 16)
            connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert deliver(f"http://localhost:{listener.getsockname()[1]}/").result == "200"
        thread.join()


def test_a_receiver_without_tls_is_no_secure_one() -> None:
    with receiver(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        outcome = deliver(f"https://localhost:{port}/")
    assert outcome.result == "tls"
    assert outcome.detail.startswith("TLS failed: ")


def test_proxies_of_the_environment_are_not_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    httpserver.expect_request("/").respond_with_data(b"")
    assert deliver(httpserver.url_for("/")).result == "200"
