"""A recording is got in every way to have the server at hand."""

from __future__ import annotations

import asyncio
import io
import urllib.request
import wave
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import respx

from privnum.mockserver.embed import httpserver as mounted
from privnum.mockserver.embed import respx_router
from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.direct import BASE_URL, DirectServer
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.embed.transport import AsyncPrivnumTransport, PrivnumTransport
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.gate import Gate
from tests.mockserver.support import AXB_PATH, A, B

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_httpserver import HTTPServer

X = "+8617000000001"
RECORD = "/rest/provision/voice/record/v1.0"
APP = {"mode": "AXB", "numbers": [X], "fee_url": "inbox:"}
WORLD = {"applications": [APP], "assumptions": {"recording.coding": "pcm"}}
USERS = {"callerNum": A, "calleeNum": B, "relationNum": X, "recordFlag": "true", "recordHintTone": "hint.wav"}
CALL = {"caller": A, "called": X, "callee": {"hang_up_after": 7}}


def sign(world: Mapping[str, Any]) -> dict[str, str]:
    app = world["applications"][0]
    return signed_headers(AppHandle(app["mode"], app["app_key"], app["app_secret"], ()))


def recording_query(pushes: Any) -> dict[str, str]:
    """Return the query for the recording of the call that was pushed last."""
    fee = pushes["pushes"][-1]["body"]["feeLst"][0]
    return {"fileName": fee["recordObjectName"], "recordDomain": fee["recordDomain"]}


def lasts_seven_seconds(answer: httpx.Response, begin: str) -> None:
    """Claim that a client came from one redirect to a file that can be played."""
    assert [each.status_code for each in (*answer.history, answer)] == [301, 200]
    assert str(answer.url).startswith(f"{begin}/w/")
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == 7


def round_trip(client: httpx.Client, begin: str) -> None:
    """Call, and follow from the CDR to the file with the headers of before."""
    world = client.post("/_privnum/worlds", json=WORLD).json()
    here = f"/_privnum/worlds/{world['id']}"
    assert client.post(world["url"] + AXB_PATH, json=USERS, headers=sign(world)).json()["resultcode"] == "0"
    client.post(f"{here}/calls", json=CALL)
    client.post(f"{here}/clock", json={"advance_seconds": 100})
    query = recording_query(client.get(f"{here}/pushes").json())
    answer = client.get(world["url"] + RECORD, params=query, headers=sign(world), follow_redirects=True)
    lasts_seven_seconds(answer, begin)
    assert client.get(answer.url).content == answer.content
    client.post(f"{here}/clock", json={"advance_seconds": 7 * 86_400})
    assert client.get(answer.url).status_code == 404


def test_transport() -> None:
    with httpx.Client(transport=PrivnumTransport(), base_url=BASE_URL) as client:
        round_trip(client, BASE_URL)


def test_respx_router() -> None:
    with respx.mock(assert_all_called=False) as router:
        respx_router.mount(router, DirectServer())
        with httpx.Client(base_url=BASE_URL) as client:
            round_trip(client, BASE_URL)


def test_pytest_httpserver(httpserver: HTTPServer) -> None:
    mounted.mount(httpserver)
    with httpx.Client(base_url=httpserver.url_for(""), trust_env=False) as client:
        round_trip(client, httpserver.url_for("").rstrip("/"))


def test_live_server() -> None:
    with LiveServer() as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        round_trip(client, server.url)


def test_async_transport() -> None:
    async def run() -> None:
        async with httpx.AsyncClient(transport=AsyncPrivnumTransport(), base_url=BASE_URL) as client:
            world = (await client.post("/_privnum/worlds", json=WORLD)).json()
            here = f"/_privnum/worlds/{world['id']}"
            await client.post(world["url"] + AXB_PATH, json=USERS, headers=sign(world))
            await client.post(f"{here}/calls", json=CALL)
            await client.post(f"{here}/clock", json={"advance_seconds": 100})
            query = recording_query((await client.get(f"{here}/pushes")).json())
            url = world["url"] + RECORD
            answer = await client.get(url, params=query, headers=sign(world), follow_redirects=True)
            lasts_seven_seconds(answer, BASE_URL)

    asyncio.run(run())


def test_the_standard_library_follows_with_the_signature() -> None:
    """urllib sends on the headers of before; a handle needs no headers."""
    with LiveServer() as server, WorldHandle(server.url, WORLD) as world:
        world.request("axb.bind", body=USERS)
        world.call(A, X, hang_up_after=7)
        world.advance(100)
        query = {
            name: world.cdrs[0][field]
            for name, field in (("fileName", "recordObjectName"), ("recordDomain", "recordDomain"))
        }
        address = world.request("common.recording", query=query)["location"]
        request = urllib.request.Request(f"{world.url}{RECORD}?{urlencode(query)}", headers=signed_headers(world.axb))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as followed, opener.open(address) as plain:
            assert followed.url == address
            assert followed.headers["Content-Type"] == "audio/x-wav"
            assert followed.read() == plain.read()


def test_a_server_with_many_addresses_names_the_one_that_was_asked() -> None:
    """Else a container would send its clients to an address of its own."""
    transport = AsyncPrivnumTransport()
    platform = transport.platform
    app = App(transport._served.edge, gate=Gate("token", None, follows_host=True))
    assert platform.asked_url({b"host": b"stand-in:8080"}) == "http://stand-in:8080"
    assert platform.asked_url({b"host": b"no host\r\n"}) == platform.asked_url({}) == BASE_URL
    del app
