"""Faults as a client sees them on the wire: bare sockets, nothing in between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.support import A, B, Wire, axb_bind_body, request_bytes

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle

CODES = [key for key in contracts.result_codes() if key != "200/0"]


def test_without_a_fault_no_answer_says_anything_of_it(world: WorldHandle, live: LiveServer) -> None:
    with Wire(live.url) as wire:
        told = wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))).read()
    assert (told.status, told.json["resultcode"]) == (200, "0")
    assert "x-privnum-faults" not in told.headers


@pytest.mark.parametrize("key", CODES)
def test_every_result_code_comes_with_its_status_and_text(world: WorldHandle, live: LiveServer, key: str) -> None:
    x, code = world.axb.numbers[0], contracts.result_codes()[key]
    with world.fault(operation="axb.bind", code=key, times=2), Wire(live.url) as wire:
        for _ in range(2):
            told = wire.send(request_bytes(world, body=axb_bind_body(x))).read()
            assert (told.status, told.json) == (code.http, {"resultcode": code.code, "resultdesc": code.text})
            assert told.headers["x-privnum-faults"] == "on"
        told = wire.send(request_bytes(world, body=axb_bind_body(x))).read()
        assert told.json["resultcode"] == "0"


@pytest.mark.parametrize(
    ("operation", "word", "key"),
    [
        ("axb.bind", "empty_pool", "403/1012008"),
        ("axb.bind", "flow_control", "403/1010010"),
        ("axb.bind", "locked_out", "403/1020176"),
        ("ax.bind", "empty_pool", "403/1011002"),
    ],
)
def test_what_a_platform_does_has_words_of_its_own(world: WorldHandle, operation: str, word: str, key: str) -> None:
    with world.fault(word, operation=operation):
        app = world.axb if operation.startswith("axb") else world.ax
        answer = world.request(operation, body={}, app=app)
    assert answer["resultcode"] == key[4:]


def test_a_status_comes_without_a_body(world: WorldHandle, live: LiveServer) -> None:
    with world.fault(operation="any", status=503), Wire(live.url) as wire:
        told = wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))).read()
    assert (told.status, told.body) == (503, b"")


def bindings(world: WorldHandle) -> int:
    return len(world.request("axb.query", query={"relationNum": world.axb.numbers[0]}).get("relationNumList", ()))


@pytest.mark.parametrize(("carried_out", "bound"), [(None, 0), (False, 0), (True, 1)])
def test_a_dropped_connection_ends_without_a_byte(
    world: WorldHandle, live: LiveServer, carried_out: bool | None, bound: int
) -> None:
    with world.fault("dropped", operation="axb.bind", carried_out=carried_out), Wire(live.url) as wire:
        assert wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))).at_end()
    assert bindings(world) == bound


@pytest.mark.parametrize(("carried_out", "bound"), [(None, 1), (False, 0)])
def test_a_reset_is_one(world: WorldHandle, live: LiveServer, carried_out: bool | None, bound: int) -> None:
    with world.fault("reset", operation="axb.bind", carried_out=carried_out), Wire(live.url) as wire:
        wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0])))
        with pytest.raises(ConnectionResetError):
            wire.at_end()
    assert bindings(world) == bound


def test_half_an_answer_tells_the_whole_length(world: WorldHandle, live: LiveServer) -> None:
    with world.fault("half_sent", operation="axb.bind"), Wire(live.url) as wire:
        told = wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))).read_head()
        assert told.status == 200
        wire.at_end()
        half = wire._rest
    length = int(told.headers["content-length"])
    assert half.startswith(b'{"resultcode":"0"')
    assert len(half) == length // 2
    assert bindings(world) == 1


def test_a_late_answer_keeps_its_turn_in_a_pipeline(world: WorldHandle, live: LiveServer) -> None:
    """The answer to the request behind does not overtake it."""
    x, y = world.axb.numbers[:2]
    first, second = request_bytes(world, body=axb_bind_body(x)), request_bytes(world, body=axb_bind_body(y, B, A))
    with world.fault(operation="axb.bind", delay_ms=40, times=1), Wire(live.url) as wire:
        begin = time.monotonic()
        told = [wire.send(first + second).read(), wire.read()]
    assert time.monotonic() - begin >= 0.04
    assert [each.json["relationNum"] for each in told] == [x, y]


def test_a_late_answer_holds_up_nobody_else() -> None:
    """Nor the server when it is stopped: a minute of delay ends with it."""
    with LiveServer() as server, Wire(server.url) as wire, Wire(server.url) as quick:
        other = server.world()
        other.fault(operation="axb.bind", delay_ms=60_000)
        wire.send(request_bytes(other, body=axb_bind_body(other.axb.numbers[0])))
        other.journal(operation="axb.bind", wait=5)
        told = quick.send(request_bytes(other, "GET", "/rest/nothing")).read()
        assert told.status == 404
        other._wire.close()
        server.stop()
        assert wire.read().json["resultcode"] == "0"


def test_a_request_that_came_in_pieces_is_struck_too(world: WorldHandle, live: LiveServer) -> None:
    """Its head came before the fault was asked for."""
    sent = request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))
    with Wire(live.url) as wire:
        wire.send(sent[:-10])
        with world.fault(operation="axb.bind", status=502):
            assert wire.send(sent[-10:]).read().status == 502


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("dropped", httpx.RemoteProtocolError),
        ("half_sent", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        (None, httpx.ReadTimeout),
    ],
)
def test_what_httpx_makes_of_it(world: WorldHandle, word: str | None, error: type[Exception]) -> None:
    """The errors that the transports in process raise too (tests/mockserver/embed/test_faults.py)."""
    late = 60_000 if word is None else None
    body = axb_bind_body(world.axb.numbers[0])
    with world.fault(word, operation="axb.bind", delay_ms=late), pytest.raises(error):
        httpx.post(
            world.url + "/rest/caas/relationnumber/partners/v1.0",
            content=body,
            headers=world.headers(),
            timeout=httpx.Timeout(5, read=0.05 if late else 5),
            trust_env=False,
        )
