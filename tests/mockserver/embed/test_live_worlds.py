"""Worlds of a live server, by their handles."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from privnum import RequestRefused
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.worlds.platform import Platform
from tests.hostile.growth import lines_run
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle

from tests.mockserver.embed.test_handle import round_trip

KINDS = ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
X = "+8617000000001"


def test_live_server(live: LiveServer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/status").respond_with_data(b"")
    with httpx.Client(base_url=live.url, trust_env=False) as client:
        round_trip(client, httpserver.url_for("/status"))
    assert [request.get_json()["eventType"] for request, _ in httpserver.log] == KINDS


def test_live_server_sends_what_a_stop_call_makes_due(world: WorldHandle) -> None:
    """The stop call is answered at once; whoever asks for the pushes next sees them sent."""
    x = world.axb.numbers[0]
    world.bind(A, B, x)
    call = world.call(A, x)
    assert (
        world.request("common.stop_call", body={"sessionid": call.session_id, "signal": "call_stop"})["resultcode"]
        == "0"
    )
    assert [event["eventType"] for event in world.events] == ["callin", "callout", "disconnect"]
    assert {push.state for push in world.pushes} == {"delivered"}


def test_a_handler_may_unbind_while_it_is_called(world: WorldHandle, httpserver: HTTPServer) -> None:
    """Over the wire: the customer's server sends a request before it answers the push."""
    from werkzeug import Request, Response

    x = world.axb.numbers[0]
    results: list[str] = []

    def handler(request: Request) -> Response:
        if request.get_json()["eventType"] == "disconnect":
            results.append(world.unbind(relationNum=x)["resultcode"])
        return Response(status=200)

    httpserver.expect_request("/status").respond_with_handler(handler)
    world.send_pushes_to(httpserver.url_for("/status"))
    world.bind(A, B, x)
    world.call(A, x, caller_hangs_up_after=8)
    world.advance(60)
    assert results == ["0"]
    assert {push.outcomes for push in world.pushes} == {("200",)}


def test_live_servers_end_with_their_threads() -> None:
    before = set(threading.enumerate())
    with LiveServer(assumptions={"axb.a_equals_b": "1012010"}) as server, server.world() as world:
        users = {"callerNum": A, "calleeNum": A, "relationNum": world.axb.numbers[0]}
        assert world.request("axb.bind", body=users)["resultcode"] == "1012010"
    assert set(threading.enumerate()) <= before


def test_a_live_server_that_is_stopped_at_once_ends() -> None:
    for _ in range(3):
        LiveServer().start().stop()


def test_a_refused_control_message_raises(world: WorldHandle) -> None:
    with pytest.raises(DriverError, match="asks for no digits") as caught:
        world.call(A, world.axb.numbers[0], digits="1")
    assert (caught.value.status, caught.value.where) == (400, "digits")


def test_worlds_are_apart(live: LiveServer) -> None:
    with live.world() as one, live.world() as other:
        one.bind(A, B, X)
        with pytest.raises(RequestRefused, match="1012007"):
            other.query(relationNum=X)
        one.advance(86_400)
        assert (one.now - other.now).total_seconds() == 86_400


def test_making_and_dropping_a_world_costs_the_same_beside_many() -> None:
    """So that every test can have its own; make bench has how much it costs."""

    def lines(others: int) -> int:
        platform = Platform()
        for _ in range(others):
            platform.create_world(SPEC)
        platform.drop_world(platform.create_world(SPEC).id)  # what is read once is read
        return lines_run(lambda: platform.drop_world(platform.create_world(SPEC).id))

    assert lines(300) <= lines(1) + 10


SPEC = {"applications": [{"mode": "AXB", "numbers": ["+8617000000001"], "event_url": "inbox:"}]}
