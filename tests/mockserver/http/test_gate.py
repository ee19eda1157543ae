"""Who may send control messages: no web page, and from other machines only those who know the token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer as PytestServer

from privnum.mockserver.embed import httpserver as mounted
from privnum.mockserver.http.gate import Gate
from privnum.suites.driver.protocol import Driver
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.deadline import Deadline
from tests.mockserver.http.test_command import run, serving
from tests.mockserver.support import BIND, Told, Wire

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.live import LiveServer

WORLD = b'{"id":"strange"}'


def send(url: str, method: str, path: str, body: bytes = b"", /, **headers: str) -> Told:
    fields = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with Wire(url) as wire:
        head = f"{method} {path} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        return wire.send(head.encode() + body).read()


#: What a page in a browser can send, and the status that refuses it.
FROM_A_PAGE: list[tuple[dict[str, str], int]] = [
    ({"Content_Type": "text/plain"}, 415),
    ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
    ({"Content_Type": "text/plain; application/json"}, 415),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
    ({"Origin": "http://evil.example", "Content_Type": "application/json"}, 403),
    ({"Host": "evil.example"}, 403),
    ({"Host": "evil.example:8080"}, 403),
    ({"Host": "127.0.0.1.evil.example"}, 403),
    ({"Host": "localhost@evil.example"}, 403),
    ({"Host": ""}, 403),
]


@pytest.fixture(params=["a server of its own", "a server of pytest-httpserver"])
def door(request: pytest.FixtureRequest, live: LiveServer) -> str:
    """Return the address of a server by each way in over a network."""
    if request.param == "a server of its own":
        return live.url
    shared: HTTPServer = request.getfixturevalue("httpserver")
    mounted.mount(shared)
    return shared.url_for("").rstrip("/")


@pytest.mark.parametrize(("headers", "status"), FROM_A_PAGE)
def test_what_a_web_page_sends_is_refused_and_changes_nothing(door: str, headers: dict[str, str], status: int) -> None:
    for method, path in (("POST", "/_privnum/worlds"), ("GET", "/_privnum/worlds")):
        if method == "GET" and status == 415:
            continue
        told = send(door, method, path, WORLD if method == "POST" else b"", **headers)
        assert told.status == status
        assert set(told.json) == {"error", "where"}
    worlds = send(door, "GET", "/_privnum/worlds").json["worlds"]
    assert {"id": "strange"} not in worlds


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "a.localhost", "[::1]:80", "10.1.2.3", "privnum"]
)
@pytest.mark.parametrize("type_", ["application/json", "Application/JSON; charset=utf-8"])
def test_a_program_on_this_machine_may_send_control_messages(door: str, host: str, type_: str) -> None:
    assert send(door, "POST", "/_privnum/worlds", WORLD, Host=host, Content_Type=type_).status == 201
    assert send(door, "DELETE", "/_privnum/worlds/strange", Host=host).status == 204


def test_the_api_asks_for_signatures_and_for_nothing_else(door: str) -> None:
    told = send(door, "POST", BIND, b"{}", Host="evil.example", Origin="http://evil.example", Content_Type="text/plain")
    assert told.json["resultcode"] == "1023006"


def test_a_server_of_pytest_httpserver_has_a_token_where_one_is_named(httpserver: HTTPServer) -> None:
    mounted.mount(httpserver, control_token="open-sesame")
    url = httpserver.url_for("")
    for login in ({}, {"Authorization": "Bearer wrong"}):
        assert send(url, "POST", "/_privnum/worlds", WORLD, **login).status == 401
    assert send(url, "GET", "/_privnum/health").status == 200
    assert send(url, "POST", "/_privnum/worlds", WORLD, Authorization="Bearer open-sesame").status == 201


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "lab.example"])
def test_a_server_of_pytest_httpserver_that_others_can_reach_needs_a_token(host: str) -> None:
    shared = PytestServer(host=host)  # it is not started
    with pytest.raises(ValueError, match="name a control_token"):
        mounted.mount(shared)


def test_a_server_that_others_can_reach_needs_a_token_for_its_control_plane() -> None:
    with serving("--port", "0", "--json", "--host", "0.0.0.0") as (process, line):
        told = json.loads(line)
        url, token = told["url"], told["control_token"]
        assert len(token) >= 24
        for path in ("/_privnum/worlds/default", "/_privnum/worlds", "/_privnum/capabilities"):
            for login in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": token}):
                refused = send(url, "GET", path, **login)
                assert refused.status == 401
                assert "secret" not in refused.body.decode()
        login = {"Authorization": f"Bearer {token}"}
        assert send(url, "GET", "/_privnum/health").status == 200
        assert send(url, "POST", "/_privnum/worlds/default/reset", **login).status == 200
        # the address of a world is the one that was asked
        world = send(url, "GET", "/_privnum/worlds/default", Host="privnum.lab.example:1234", **login).json
        assert world["url"] == "http://privnum.lab.example:1234/w/default"
        odd = send(url, "GET", "/_privnum/worlds/default", Host='a"b/c', **login)
        assert odd.status == 400 or odd.json["url"].startswith(url)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert err.count("\n") == 1
        assert "other machines" in err


def test_a_token_and_a_public_address_can_be_given() -> None:
    options = ["--control-token", "open-sesame", "--public-url", "https://privnum.lab.example/"]
    with serving("--port", "0", "--json", *options) as (_, line):
        told = json.loads(line)
        assert (told["url"], told["control_token"]) == ("https://privnum.lab.example", "open-sesame")


def test_a_public_name_is_a_name_of_the_server() -> None:
    gate = Gate(public_url="https://privnum.lab.example:8443")
    for host, status in (("privnum.lab.example", None), ("privnum.lab.example:1", None), ("evil.example", 403)):
        refused = gate.refusal("GET", "/_privnum/worlds", [(b"host", host.encode())])
        assert (refused and refused.status) == status


@pytest.mark.parametrize(
    ("args", "word"),
    [(["--public-url", "ftp://x"], "--public-url"), (["--control-token", "a b"], "--control-token")],
)
def test_an_address_or_token_that_cannot_be_is_told(args: list[str], word: str) -> None:
    done = run("serve", "--port", "0", *args)
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_suites_send_the_token_of_a_driver() -> None:
    with serving("--port", "0", "--json", "--control-token", "open-sesame") as (_, line):
        transport = HttpTransport(json.loads(line)["url"], deadline=Deadline(60))
        try:
            assert Driver(transport, token="open-sesame").send("capabilities")["product"] == "privnum"
            assert Driver(transport).exchange("capabilities").status == 401
        finally:
            transport.close()
