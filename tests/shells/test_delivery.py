"""Delivery of pushes over HTTP: what counts as which outcome."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from privnum.mockserver.http.delivery import LONGEST_ANSWER, HttpDelivery
from privnum.mockserver.platform import Platform

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from privnum.mockserver.outbox import Push
    from privnum.mockserver.pump import Outcome

NOW = 1_772_323_200_000


def push_to(url: str, **assumptions: int) -> Push:
    app = {"mode": "AXB", "app_key": "key", "app_secret": "secret", "numbers": ["+8617000000001"], "event_url": url}
    readings = {name.replace("__", "."): value for name, value in assumptions.items()}
    world = Platform().create_world({"applications": [app], "assumptions": readings})
    world.place_call({"caller": "+8613800000001", "called": "+8617000000001"})
    return world.take_pushes()[0]


def deliver(url: str, cap_seconds: float = 5) -> Outcome:
    async def run() -> Outcome:
        delivery = HttpDelivery(lambda: NOW, cap_seconds)
        try:
            return await delivery(push_to(url))
        finally:
            await delivery.close()

    return asyncio.run(run())


def test_a_push_is_a_signed_post_of_json(httpserver: HTTPServer) -> None:
    """COM-PUSH-001, COM-PUSH-002: path and query of the address, the documented headers, nothing compressed."""
    httpserver.expect_request("/status", query_string="a=%2B1").respond_with_data(b"fine", status=202)
    assert deliver(httpserver.url_for("/status?a=%2B1")) == ("202", b"fine")
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
    assert deliver(httpserver.url_for("/")) == (str(status), b"")
    assert len(httpserver.log) == 1


def test_a_long_answer_is_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"a" * (4 * LONGEST_ANSWER))
    status, body = deliver(httpserver.url_for("/"))
    assert (status, len(body)) == ("200", LONGEST_ANSWER)


def test_nobody_there_is_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert deliver(f"http://127.0.0.1:{free.getsockname()[1]}/") == ("refused", b"")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
def test_no_answer_in_time_is_a_timeout(answer: bytes) -> None:
    """Silence, and an answer that never ends: the cap is on the whole attempt."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        async def run() -> Outcome:
            delivery = HttpDelivery(lambda: NOW, cap_seconds=0.05)
            await delivery.open()

            async def serve() -> None:
                connection, _ = await asyncio.get_running_loop().sock_accept(listener)
                held.append(connection)
                await asyncio.get_running_loop().sock_sendall(connection, answer)

            held: list[socket.socket] = []
            listener.setblocking(False)
            serving = asyncio.ensure_future(serve())
            outcome = await delivery(push_to(url))
            await serving
            await delivery.close()
            held[0].close()
            return outcome

        assert asyncio.run(run()) == ("timeout", b"")


def test_the_time_for_an_answer_is_the_worlds() -> None:
    """COM-OPEN-048: 0 seconds are over before anybody can answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        push = push_to(f"http://127.0.0.1:{listener.getsockname()[1]}/", push__timeout_seconds=0)
        assert push.timeout_seconds == 0

        async def run() -> Outcome:
            delivery = HttpDelivery(lambda: NOW)
            try:
                return await delivery(push)
            finally:
                await delivery.close()

        assert asyncio.run(run()) == ("timeout", b"")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:0x/"])
def test_an_address_that_cannot_be_is_an_error(url: str) -> None:
    assert deliver(url) == ("error", b"")


def test_an_answer_that_is_no_http_is_an_error(httpserver: HTTPServer) -> None:
    def garbage(request: Request) -> Response:
        request.environ["werkzeug.socket"].sendall(b"garbage\r\n\r\n")
        return Response()

    httpserver.expect_request("/").respond_with_handler(garbage)
    assert deliver(httpserver.url_for("/")) == ("error", b"")


def test_proxies_of_the_environment_are_not_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    httpserver.expect_request("/").respond_with_data(b"")
    assert deliver(httpserver.url_for("/")) == ("200", b"")


def test_numbers_in_addresses_are_masked_in_logs(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free, caplog.at_level(logging.INFO, "privnum.delivery"):
        free.bind(("127.0.0.1", 0))
        deliver(f"http://127.0.0.1:{free.getsockname()[1]}/for/+8613800000021")
    assert "+86138****0021" in caplog.text
    assert "13800000021" not in caplog.text
