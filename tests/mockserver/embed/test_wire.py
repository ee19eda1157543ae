"""What the stand-in sends is its own: no mock of the process touches it, and nobody who waits blocks who answers."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
import respx

from privnum.mockserver.embed.customer import HttpCustomer
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import DriverError
from tests.mockserver.rig import push_views
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

CALLS = ["callin", "callout", "alerting", "answer"]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def received() -> Iterator[tuple[str, list[str]]]:
    """The address of a push handler in another thread, and the paths of what came."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/p", paths
        server.shutdown()
    thread.join()


def talk(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    world.bind(A, B, x)
    world.call(A, x)
    world.advance(10)


def test_pushes_pass_by_respx(world: WorldHandle, received: tuple[str, list[str]]) -> None:
    url, paths = received
    world.send_pushes_to(url)
    with respx.mock(assert_all_called=False) as other:
        swallowing = other.route().respond(503)
        talk(world)
    assert [push.outcomes for push in world.pushes] == [("200",)] * 4
    assert paths == ["/p"] * 4
    assert not swallowing.called


def test_neither_pushes_nor_the_handle_use_what_tests_patch(
    live: LiveServer, received: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """respx and pytest-httpx patch httpx and httpcore, vcrpy patches http.client as well."""

    def fail_if_called(*_: object, **__: object) -> Any:
        raise AssertionError("this library is patched by a test")

    for owner, name in (
        (httpx.HTTPTransport, "handle_request"),
        (httpx.AsyncHTTPTransport, "handle_async_request"),
        (httpcore.ConnectionPool, "handle_request"),
        (httpcore.AsyncConnectionPool, "handle_async_request"),
        (http.client.HTTPConnection, "__init__"),
        (http.client.HTTPConnection, "request"),
    ):
        monkeypatch.setattr(owner, name, fail_if_called)
    url, paths = received
    with live.world() as world, HttpCustomer() as customer:
        world.send_pushes_to(url)
        talk(world)
        assert [push.outcomes for push in world.pushes] == [("200",)] * 4
        assert customer(url, [], b"")[0] == 200
    assert len(paths) == 5


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
    writer.write(OK)
    await writer.drain()
    writer.close()


def test_a_handler_in_the_tests_own_event_loop_is_awaited(world: WorldHandle) -> None:
    async def run() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            x = world.axb.numbers[0]
            world.send_pushes_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            world.bind(A, B, x)
            call = await world.acall(A, x, hang_up_after=60)
            await world.aadvance(20)
            assert (await world.ahang_up(call, "callee")).state == "ended"

    asyncio.run(run())
    assert [event["eventType"] for event in world.events] == [*CALLS, "disconnect"]
    assert {push.outcomes for push in world.pushes if push.kind == "call_event"} == {("200",)}


def test_who_blocks_the_loop_of_his_handler_is_told_at_once(world: WorldHandle) -> None:
    """Not after a time-out for each push; and when the loop is free again, the handler gets them."""

    async def run() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            x = world.axb.numbers[0]
            world.send_pushes_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            world.bind(A, B, x)
            with pytest.raises(DriverError, match="runs an event loop") as caught:
                world.call(A, x)
            assert caught.value.where == "event_url"
            await world.aadvance(10)

    asyncio.run(run())
    assert [push.outcomes for push in world.pushes] == [("200",)] * 4


def test_in_process_the_time_out_says_that_the_waiting_thread_runs_an_event_loop() -> None:
    async def run() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            app = {"mode": "AXB", "numbers": ["+8617000000001"], "event_url": url}
            with HttpCustomer(0.05) as customer:
                stand_in = DirectServer(customer=customer)
                world = stand_in.platform.create_world({"id": "w", "applications": [app]})
                body = b'{"caller":"+8613800000001","called":"+8617000000001"}'
                stand_in.request("POST", "/_privnum/worlds/w/calls", body=body)
            attempt = push_views(world)[0]["attempts"][0]
            assert attempt["outcome"] == "timeout"
            assert "runs an event loop" in attempt["detail"]

    asyncio.run(run())
