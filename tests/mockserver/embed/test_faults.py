"""Faults in a test: the handle, the journal, and transports that put nothing on a wire."""

from __future__ import annotations

import asyncio
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx
from pytest_httpserver import HTTPServer as PytestServer

from privnum.mockserver.embed import httpserver as mounted
from privnum.mockserver.embed import respx_router
from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.direct import BASE_URL, DirectServer
from privnum.mockserver.embed.errors import DriverError, PushNotAccepted, RequestRefused
from privnum.mockserver.embed.transport import AsyncPrivnumTransport, PrivnumTransport
from tests.hostile.growth import lines_run
from tests.mockserver.support import AXB_PATH, A, B

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

X = "+8617000000001"
BODY = {"callerNum": A, "calleeNum": B, "relationNum": X}
ENDINGS = [
    ({"fault": "dropped"}, httpx.RemoteProtocolError),
    ({"fault": "half_sent"}, httpx.RemoteProtocolError),
    ({"fault": "reset"}, httpx.ReadError),
    ({"delay_ms": 60_000}, httpx.ReadTimeout),
]
IDS = ["dropped", "half_sent", "reset", "late"]


# ── the handle ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_holds_within_its_block(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    with world.fault(operation="axb.bind", code="403/1012010", times=2) as fault:
        for _ in range(2):
            with pytest.raises(RequestRefused, match="1012010"):
                world.bind(A, B, x)
        assert world.bind(A, B, x)["resultcode"] == "0"
        assert fault.hits == 2
    assert world.faults() == []
    with pytest.raises(LookupError, match="was ended"):
        _ = fault.hits


def test_faults_make_these_and_no_others(world: WorldHandle) -> None:
    world.fault(operation="any", status=500)
    found = world.faults({"operation": "axb.bind", "code": "1012010"}, {"push": "cdr", "fault": "dropped"})
    assert [(each["id"], each["fault"]) for each in found] == [(2, "code"), (3, "dropped")]
    assert world.faults() == found
    world.clear_faults()
    assert world.faults() == []


def test_a_reset_ends_every_fault(world: WorldHandle) -> None:
    with world.fault(operation="any", status=500):
        world.reset()
        assert world.faults() == []
        assert world.request("axb.bind", body={**BODY, "relationNum": world.axb.numbers[0]})["resultcode"] == "0"


def test_a_word_that_is_none_is_refused_with_the_nearest(world: WorldHandle) -> None:
    with pytest.raises(DriverError, match=r"did you mean axb\.bind"):
        world.fault(operation="axb.bin", status=500)
    with pytest.raises(DriverError, match="did you mean dropped"):
        world.fault("droped", push="cdr")
    assert world.faults() == []


def test_a_world_may_begin_with_faults(live: LiveServer) -> None:
    with live.world(faults=[{"operation": "axb.bind", "status": 502, "times": 1}]) as world:
        assert world.request("axb.bind", body={**BODY, "relationNum": world.axb.numbers[0]}) is None
    with pytest.raises(DriverError, match=r"did you mean axb\.bind") as refused:
        live.world(id="faulty", faults=[{"operation": "axb.bnd", "status": 502}])
    assert refused.value.where == "faults[0].operation"
    live.world(id="faulty").close()


def statuses(live: LiveServer, seed: int) -> list[Any]:
    with live.world(id="drawn", seed=seed, faults=[{"operation": "any", "status": 500, "probability": 0.5}]) as world:
        return [world.request("axb.query", query={"relationNum": world.axb.numbers[0]}) for _ in range(40)]


def test_the_same_seed_strikes_the_same_requests(live: LiveServer) -> None:
    first = statuses(live, 5)
    assert statuses(live, 5) == first
    assert statuses(live, 6) != first
    assert 5 < sum(answer is None for answer in first) < 35


def test_other_worlds_are_left_alone(world: WorldHandle, live: LiveServer) -> None:
    with live.world() as other, other.fault(operation="any", status=500):
        assert world.bind(A, B, world.axb.numbers[0])["resultcode"] == "0"


def lines_of_a_day(*faults: dict[str, Any]) -> int:
    """Return the lines that a query and a call with its pushes take, after others by which faults were used up."""
    server = DirectServer()
    world = server.world(id="w", faults=list(faults))
    a, x = A, world.axb.numbers[0]

    def live_a_day() -> None:
        world.request("axb.query", query={"relationNum": x})
        world.call(a, x)  # nothing is bound: it ends at once
        world.advance(60)

    for _ in range(3):
        live_a_day()
    assert not server.platform.faulty
    return min(lines_run(live_a_day) for _ in range(5))  # what is worked out once a second counts in some


def test_faults_that_are_used_up_cost_nothing() -> None:
    """Neither requests nor pushes, whatever the fault did to them."""
    used_up = [
        *({"operation": "any", "status": status, "times": 1} for status in (502, 503)),
        *({"push": "any", "fault": fault, "times": 1} for fault in ("reordered", "duplicated", "cut_off", "dropped")),
    ]
    lines_of_a_day()  # texts of these instants are remembered from here on
    assert lines_of_a_day(*used_up) == lines_of_a_day()


# ── the journal ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_journal_says_what_was_injected(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    with world.fault(operation="axb.bind", code="1012010", delay_ms=1, times=1):
        world.request("axb.bind", body={**BODY, "relationNum": x})
        world.bind(A, B, x)
    with world.fault("dropped", operation="axb.query"), pytest.raises(ConnectionResetError):
        world.request("axb.query", query={"relationNum": x})
    found = [(entry.fault, entry.accepted, entry.view["status"]) for entry in world.journal(kind="request")]
    assert found == [("code 403/1012010 1 ms", False, 403), (None, True, 200), ("dropped", False, 0)]


def test_a_push_that_a_fault_spoils_warns_of_nothing(world: WorldHandle) -> None:
    """The test has asked for it; the journal says so."""
    x = world.axb.numbers[0]
    world.bind(A, B, x)
    with warnings.catch_warnings(), world.fault("dropped", push="cdr"):
        warnings.simplefilter("error", PushNotAccepted)
        world.hang_up(world.call(A, x))
        world.advance(60)
    assert world.cdrs == [fee for push in world.pushes if push.kind == "cdr" for fee in push.body["feeLst"]]
    assert [push.state for push in world.pushes if push.kind == "cdr"] == ["given_up"]
    assert [(entry.fault, entry.accepted) for entry in world.journal(kind="cdr")] == [("dropped", False)]


# ── in process ───────────────────────────────────────────────────────────────────────────────────────────────────────


def prepare(client: httpx.Client, fault: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Make a world with a fault; return address and headers of a bind."""
    spec = {"applications": [{"mode": "AXB", "numbers": [X]}], "faults": [{"operation": "axb.bind", **fault}]}
    world = client.post("/_privnum/worlds", json=spec).json()
    app = world["applications"][0]
    return world["url"] + AXB_PATH, signed_headers(AppHandle("AXB", app["app_key"], app["app_secret"], ()))


@pytest.mark.parametrize(("fault", "error"), ENDINGS, ids=IDS)
def test_a_transport_raises_what_httpx_raises_on_the_wire(fault: dict[str, Any], error: type[Exception]) -> None:
    slept: list[float] = []
    server = DirectServer(sleep=slept.append)
    with httpx.Client(transport=PrivnumTransport(server), base_url=BASE_URL) as client:
        url, headers = prepare(client, fault)
        with pytest.raises(error, match="injected fault"):
            client.post(url, json=BODY, headers=headers)
    assert slept == ([5.0] if "delay_ms" in fault else [])


def test_a_transport_lets_time_pass() -> None:
    slept: list[float] = []
    with httpx.Client(transport=PrivnumTransport(DirectServer(sleep=slept.append)), base_url=BASE_URL) as client:
        url, headers = prepare(client, {"delay_ms": 250})
        assert client.post(url, json=BODY, headers=headers).json()["resultcode"] == "0"
    assert slept == [0.25]


@pytest.mark.parametrize(("fault", "error"), ENDINGS, ids=IDS)
def test_an_async_transport_does_too(fault: dict[str, Any], error: type[Exception]) -> None:
    async def post() -> None:
        async with httpx.AsyncClient(transport=AsyncPrivnumTransport(), base_url=BASE_URL) as client:
            spec = {"applications": [{"mode": "AXB", "numbers": [X]}], "faults": [{"operation": "axb.bind", **fault}]}
            world = (await client.post("/_privnum/worlds", json=spec)).json()
            app = world["applications"][0]
            headers = signed_headers(AppHandle("AXB", app["app_key"], app["app_secret"], ()))
            await client.post(
                world["url"] + AXB_PATH, json=BODY, headers=headers, timeout=0.02 if "delay_ms" in fault else 5
            )

    with pytest.raises(error, match="injected fault"):
        asyncio.run(post())


@pytest.mark.parametrize(("fault", "error"), ENDINGS, ids=IDS)
def test_respx_does_too(fault: dict[str, Any], error: type[Exception]) -> None:
    with respx.mock(assert_all_called=False) as router:
        respx_router.mount(router, DirectServer(sleep=lambda _: None))
        with httpx.Client(base_url=BASE_URL) as client:
            url, headers = prepare(client, fault)
            with pytest.raises(error, match="injected fault"):
                client.post(url, json=BODY, headers=headers)


@pytest.fixture
def httpserver_of_ours() -> Iterator[PytestServer]:
    with PytestServer(threaded=True) as server:
        yield server


@pytest.mark.parametrize(("fault", "error"), ENDINGS[:3], ids=IDS[:3])
def test_a_mounted_server_does_it_on_the_wire(
    httpserver_of_ours: PytestServer, fault: dict[str, Any], error: type[Exception]
) -> None:
    mounted.mount(httpserver_of_ours)
    with httpx.Client(base_url=httpserver_of_ours.url_for(""), trust_env=False) as client:
        url, headers = prepare(client, fault)
        with pytest.raises(error):
            client.post(url, json=BODY, headers=headers)
        assert client.get("/_privnum/health").json()["faults"] == 1


def test_a_late_answer_bounds_no_other_in_time() -> None:
    """The customer of a call takes some turns of the loop to answer; the fault is of other requests."""

    async def take(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        for _ in range(20):
            await asyncio.sleep(0)
        return 200, b""

    async def place_call() -> int:
        transport = AsyncPrivnumTransport(customer=take)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            app = {"mode": "AXB", "numbers": [X], "event_url": "http://c/status"}
            faults = [{"operation": "axb.bind", "delay_ms": 60_000}]
            await client.post("/_privnum/worlds", json={"id": "w", "applications": [app], "faults": faults})
            call = {"caller": A, "called": X}
            told = await client.post("/_privnum/worlds/w/calls", json=call, timeout=httpx.Timeout(5, read=0))
            return told.status_code

    assert asyncio.run(place_call()) == 201
