"""Every way to have the server at hand goes the same round: bind, query, call, pushes, unbind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
import respx
from pytest_httpserver import HTTPServer as PytestServer

from privnum.mockserver.embed import httpserver as mounted
from privnum.mockserver.embed import respx_router
from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.customer import HttpCustomer
from privnum.mockserver.embed.direct import BASE_URL, DirectServer
from privnum.mockserver.embed.transport import AsyncPrivnumTransport, PrivnumTransport
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.pushes.outcomes import AttemptError
from tests.mockserver.support import AXB_PATH, A, B

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

X = "+8617000000001"
CUSTOMER = "http://customer.test/status"
KINDS = ["callin", "callout", "alerting", "answer", "disconnect", "fee"]

Send = Callable[[str, str, Any], tuple[int, Any]]


class Received:
    """A customer who takes down what he gets."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.kinds: list[str] = []

    def __call__(self, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        assert url.startswith("http")
        assert {"authorization", "content-type", "x-aksk"} <= {name.lower() for name, _ in headers}
        self.kinds.append(orjson.loads(body)["eventType"])
        return self.status, b""


def sign(world: dict[str, Any]) -> dict[str, str]:
    app = world["applications"][0]
    return signed_headers(AppHandle(app["mode"], app["app_key"], app["app_secret"], ()))


def round_trip(client: httpx.Client, url: str = CUSTOMER, received: Received | None = None) -> None:
    """Bind, query, call, advance, hang up, look at the pushes, unbind."""
    app = {"mode": "AXB", "numbers": [X], "event_url": url, "fee_url": url}
    world = client.post("/_privnum/worlds", json={"applications": [app]}).json()
    here = f"/_privnum/worlds/{world['id']}"
    api = world["url"] + AXB_PATH
    bound = client.post(api, json={"callerNum": A, "calleeNum": B, "relationNum": X}, headers=sign(world)).json()
    assert bound["resultcode"] == "0", bound
    found = client.get(api, params={"relationNum": X}, headers=sign(world)).json()
    assert found["relationNumList"][0]["subscriptionId"] == bound["subscriptionId"]
    call = client.post(f"{here}/calls", json={"caller": A, "called": X}).json()
    if received is not None:
        assert received.kinds == KINDS[:2]
    client.post(f"{here}/clock", json={"advance_seconds": 10})
    client.post(f"{here}/calls/{call['id']}/hang_up", json={"by": "callee"})
    if received is not None:
        assert received.kinds == KINDS
    pushes = client.get(f"{here}/pushes").json()["pushes"]
    assert [push["body"]["eventType"] for push in pushes] == KINDS
    assert {push["state"] for push in pushes} == {"delivered"}
    gone = client.delete(api, params={"subscriptionId": bound["subscriptionId"]}, headers=sign(world)).json()
    assert gone["resultcode"] == "0"
    assert client.delete(here).status_code == 204
    assert client.get(here).status_code == 404


# ── direct ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def direct(server: DirectServer, method: str, path: str, message: Any = None) -> Any:
    status, _, body = server.request(method, path, "", [], b"" if message is None else orjson.dumps(message))
    assert status < 300, body
    return orjson.loads(body) if body else None


def world_of(server: DirectServer, **spec: Any) -> tuple[str, dict[str, Any]]:
    app = {"mode": "AXB", "numbers": [X], "event_url": CUSTOMER, "fee_url": CUSTOMER}
    world = direct(server, "POST", "/_privnum/worlds", {"applications": [app], **spec})
    return f"/_privnum/worlds/{world['id']}", world


def send_bind(server: DirectServer, world: dict[str, Any]) -> Any:
    body = orjson.dumps({"callerNum": A, "calleeNum": B, "relationNum": X})
    return server.request("POST", f"/w/{world['id']}{AXB_PATH}", "", list(sign(world).items()), body)


def test_direct_delivers_before_it_answers() -> None:
    received = Received()
    server = DirectServer(customer=received)
    here, world = world_of(server)
    status, headers, body = send_bind(server, world)
    assert (status, orjson.loads(body)["resultcode"]) == (200, "0")
    assert ("content-type", "application/json;charset=utf-8") in headers
    call = direct(server, "POST", f"{here}/calls", {"caller": A, "called": X})
    assert received.kinds == KINDS[:2]
    direct(server, "POST", f"{here}/clock", {"advance_seconds": 10})
    direct(server, "POST", f"{here}/calls/{call['id']}/hang_up", {"by": "caller"})
    assert received.kinds == KINDS


def test_direct_sends_what_a_stop_call_makes_due() -> None:
    received = Received()
    server = DirectServer(customer=received)
    here, world = world_of(server)
    send_bind(server, world)
    call = direct(server, "POST", f"{here}/calls", {"caller": A, "called": X})
    body = orjson.dumps({"sessionid": call["session_id"], "signal": "call_stop"})
    path = f"/w/{world['id']}/rest/httpsessions/callStop/v2.0"
    assert server.request("POST", path, "", list(sign(world).items()), body)[0] == 200
    assert received.kinds == ["callin", "callout", "disconnect", "fee"]


def test_a_customer_may_send_requests_while_he_is_called_but_not_advance_time() -> None:
    """As programs do that unbind when a call ends; the clock stands still meanwhile."""
    answers: list[tuple[int, bytes]] = []

    def customer(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        if orjson.loads(body)["eventType"] == "disconnect":
            status, _, told = server.request(
                "DELETE", f"/w/{world['id']}{AXB_PATH}", "relationNum=%2B8617000000001", list(sign(world).items())
            )
            answers.append((status, told))
            status, _, told = server.request("POST", f"{here}/clock", body=b'{"advance_seconds":1}')
            answers.append((status, told))
        return 200, b""

    server = DirectServer(customer=customer)
    here, world = world_of(server)
    send_bind(server, world)
    direct(server, "POST", f"{here}/calls", {"caller": A, "called": X, "caller_hangs_up_after": 1})
    direct(server, "POST", f"{here}/clock", {"advance_seconds": 60})
    assert [status for status, _ in answers] == [200, 409]
    assert "stands still" in orjson.loads(answers[1][1])["error"]


@pytest.mark.parametrize(
    ("message", "where", "said"),
    [
        ("clock", "clock", "time stands still while a push"),
        ("snapshots", "snapshots", "no snapshot is made while a push"),
        ("restore", "snapshot", "no snapshot is put back while a push"),
    ],
)
def test_what_a_customer_cannot_do_while_he_is_called(message: str, where: str, said: str) -> None:
    answers = []

    def customer(_url: str, _headers: list[tuple[str, str]], _body: bytes) -> tuple[int, bytes]:
        answers.append(server.request("POST", f"{here}/{message}", body=b"{}"))
        return 200, b""

    server = DirectServer(customer=customer)
    here, world = world_of(server)
    send_bind(server, world)
    direct(server, "POST", f"{here}/calls", {"caller": A, "called": X})
    status, _, told = answers[0]
    assert (status, orjson.loads(told)["where"]) == (409, where)
    assert orjson.loads(told)["error"].startswith(said)


@pytest.mark.parametrize(
    ("customer", "outcome"),
    [
        (None, "refused"),
        (TimeoutError, "timeout"),
        (ConnectionRefusedError, "refused"),
        (ConnectionResetError, "reset"),
        (KeyError, "error"),
    ],
)
def test_what_a_customer_raises_is_an_outcome(customer: type[Exception] | None, outcome: str) -> None:
    def failing(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        assert customer is not None
        raise customer

    server = DirectServer(customer=failing if customer else None)
    here, _ = world_of(server)
    direct(server, "POST", f"{here}/calls", {"caller": A, "called": X})
    assert direct(server, "GET", f"{here}/pushes")["pushes"][0]["attempts"][0]["outcome"] == outcome


def test_direct_lets_running_clocks_follow_edge_time() -> None:
    now = 1_800_000_000_000
    server = DirectServer(edge_now_ms=lambda: now)
    here, _ = world_of(server, clock={"mode": "running", "now": "2026-03-01T00:00:00Z"})
    now += 90_000
    assert direct(server, "GET", f"{here}/clock")["now"] == "2026-03-01T00:01:30Z"


def test_edge_time_is_what_signatures_are_judged_by() -> None:
    """COM-AUTH-023: the injected clock is a month behind the client's."""
    server = DirectServer(edge_now_ms=lambda: time.time_ns() // 1_000_000 - 30 * 86_400_000)
    _, world = world_of(server)
    status, _, body = send_bind(server, world)
    assert (status, orjson.loads(body)["resultcode"]) == (401, "1010013")


def test_direct_keeps_the_size_limit() -> None:
    server = DirectServer(assumptions={"http.oversized": "413/1010002"})
    _, world = world_of(server)
    assert server.request("POST", AXB_PATH, "", list(sign(world).items()), b" " * (1 << 21))[0] == 413
    status, _, body = server.request("POST", "/_privnum/worlds", "", [], b" " * (1 << 21))
    assert (status, set(orjson.loads(body))) == (413, {"error", "where"})


# ── over httpx ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_transport() -> None:
    received = Received()
    with httpx.Client(transport=PrivnumTransport(customer=received), base_url=BASE_URL) as client:
        round_trip(client, received=received)


def test_transport_with_a_customer_over_http(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/status").respond_with_data(b"")
    with HttpCustomer() as customer:
        transport = PrivnumTransport(customer=customer)
        with httpx.Client(transport=transport, base_url=BASE_URL) as client:
            round_trip(client, httpserver.url_for("/status"))
        assert customer(httpserver.url_for("/nowhere"), [], b"")[0] == 500
        with pytest.raises(AttemptError, match="nobody listens at"):
            customer("http://127.0.0.1:9/", [], b"")
    assert [request.get_json()["eventType"] for request, _ in httpserver.log[:6]] == KINDS


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_async_transport(kind: str) -> None:
    received = Received()

    async def receive_later(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        return received(url, headers, body)

    async def run() -> None:
        transport = AsyncPrivnumTransport(customer=received if kind == "function" else receive_later)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            app = {"mode": "AXB", "numbers": [X], "event_url": CUSTOMER, "fee_url": CUSTOMER}
            world = (await client.post("/_privnum/worlds", json={"applications": [app]})).json()
            here = f"/_privnum/worlds/{world['id']}"
            users = {"callerNum": A, "calleeNum": B, "relationNum": X}
            bound = (await client.post(world["url"] + AXB_PATH, json=users, headers=sign(world))).json()
            assert bound["resultcode"] == "0"
            found = (await client.get(world["url"] + AXB_PATH, params={"relationNum": X}, headers=sign(world))).json()
            assert found["totalCount"] == 1
            call = (await client.post(f"{here}/calls", json={"caller": A, "called": X})).json()
            await client.post(f"{here}/clock", json={"advance_seconds": 10})
            await client.post(f"{here}/calls/{call['id']}/hang_up", json={"by": "caller"})
            assert received.kinds == KINDS

    asyncio.run(run())


def test_respx_router() -> None:
    received = Received()
    with respx.mock(assert_all_called=False) as router:
        server = respx_router.mount(router, DirectServer(customer=received))
        with httpx.Client(base_url=BASE_URL) as client:
            round_trip(client, received=received)
        assert server.platform.worlds == {}
        with pytest.raises(respx.models.AllMockedAssertionError):
            httpx.get("http://elsewhere.test/")


def test_pushes_do_not_meet_a_respx_router(httpserver: HTTPServer) -> None:
    """Nor is a push swallowed that a mock of the program would answer."""
    httpserver.expect_request("/status").respond_with_data(b"")
    with respx.mock(assert_all_called=False) as router, HttpCustomer() as customer:
        swallowing = router.post(httpserver.url_for("/status")).respond(500)
        respx_router.mount(router, DirectServer(customer=customer))
        with httpx.Client(base_url=BASE_URL) as client:
            round_trip(client, httpserver.url_for("/status"))
        assert not swallowing.called
    assert [request.get_json()["eventType"] for request, _ in httpserver.log] == KINDS


def test_pytest_httpserver(httpserver: HTTPServer) -> None:
    received = Received()
    httpserver.expect_request("/other").respond_with_data("of the test")
    mounted.mount(httpserver, DirectServer(customer=received))
    with httpx.Client(base_url=httpserver.url_for(""), trust_env=False) as client:
        round_trip(client, received=received)
        assert client.get("/other").text == "of the test"


@pytest.mark.parametrize("threaded", [True, False])
def test_pushes_to_the_httpserver_that_serves_the_stand_in(threaded: bool) -> None:
    """One that handles one request at a time cannot take a push while it answers: such an address is refused."""
    with PytestServer(threaded=threaded) as shared, HttpCustomer() as customer:
        shared.expect_request("/status").respond_with_data(b"")
        mounted.mount(shared, DirectServer(customer=customer))
        with httpx.Client(base_url=shared.url_for(""), trust_env=False) as client:
            if threaded:
                round_trip(client, shared.url_for("/status"))
                return
            app = {"mode": "AXB", "numbers": [X], "event_url": shared.url_for("/status")}
            told = client.post("/_privnum/worlds", json={"applications": [app]})
    assert (told.status_code, told.json()["where"]) == (400, "applications[0].event_url")
    assert "threaded=True" in told.json()["error"]


def test_the_async_transport_says_at_once_that_it_is_for_asyncio() -> None:
    """On trio there is no task of asyncio; this drives the coroutine as another library would."""
    transport = AsyncPrivnumTransport(customer=lambda url, headers, body: (200, b""))
    with pytest.raises(RuntimeError, match="asyncio only; on trio, let a LiveServer"):
        transport.handle_async_request(httpx.Request("GET", f"{BASE_URL}/_privnum/health")).send(None)


def test_a_running_world_keeps_up_while_a_customer_is_called() -> None:
    """What is due happens before a request of the customer's is answered, though his push is under way."""
    now = 1_800_000_000_000
    left: list[int] = []

    def customer(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        nonlocal now
        now += 60_000
        found = server.request("GET", f"/w/{world['id']}{AXB_PATH}", "relationNum=%2B8617000000001", signed)
        left.append(found[0])
        return 200, b""

    server = DirectServer(customer=customer, edge_now_ms=lambda: now)
    here, world = world_of(server, clock={"mode": "running", "now": "2026-03-01T00:00:00Z"})
    app = world["applications"][0]
    world_kept = server.platform.worlds[world["id"]]
    pair = Pair("s", world_kept.numbers[X], A, B, world_kept.now_ms)
    pair.duration = 30
    world_kept.bind(pair)
    signed = list(signed_headers(AppHandle("AXB", app["app_key"], app["app_secret"], ())).items())
    direct(server, "POST", f"{here}/calls", {"caller": "+8613800000009", "called": X})
    assert left
    assert len(world_kept.bindings) == 0
