"""Who may send control messages: no web page, and from other machines only those who know the token."""

from __future__ import annotations

import json
import socket
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer as PytestServer

from privnum.mockserver.embed import httpserver as mounted
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.http.gate import Gate
from privnum.suites.driver.protocol import Driver
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.deadline import Deadline
from tests.mockserver.http.test_command import run, serving
from tests.mockserver.support import AXB_PATH, Told, Wire

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
    told = send(
        door, "POST", AXB_PATH, b"{}", Host="evil.example", Origin="http://evil.example", Content_Type="text/plain"
    )
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


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no second address of loopback")
def test_it_listens_on_loopback_alone_unless_it_is_told_otherwise() -> None:
    """127.0.0.2 is an address of this machine too: who listens on all of them is there."""
    for options, is_there in (((), False), (("--host", "0.0.0.0"), True)):
        with serving("--port", "0", "--json", *options) as (_, line), socket.socket() as client:
            port = urlsplit(json.loads(line)["url"]).port
            assert port is not None
            assert (client.connect_ex(("127.0.0.2", port)) == 0) is is_there


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


def test_a_server_behind_a_public_address_needs_a_token_too() -> None:
    """A proxy on this machine brings everybody to loopback."""
    with serving("--port", "0", "--json", "--public-url", "https://privnum.lab.example") as (process, line):
        told = json.loads(line)
        assert told["url"] == "https://privnum.lab.example"
        assert len(told["control_token"]) >= 24
        assert process.stderr is not None
        assert "other machines" in process.stderr.readline()


@pytest.mark.parametrize("url", ["http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"])
def test_a_public_address_that_is_loopback_needs_none(url: str) -> None:
    with serving("--port", "0", "--json", "--public-url", url) as (_, line):
        assert "control_token" not in json.loads(line)


def test_a_server_of_this_machine_names_the_address_that_was_asked() -> None:
    """Through a tunnel or a forwarded port no other one works."""
    with serving("--port", "0", "--json") as (_, line):
        url = json.loads(line)["url"]
        for host in ("localhost:9999", "127.0.0.1:9999", "devbox:80", "[::1]:9999"):
            assert send(url, "GET", "/_privnum/worlds/default", Host=host).json["url"] == f"http://{host}/w/default"
        assert send(url, "GET", "/_privnum/worlds/default", Host="evil.example").status == 403


def test_a_key_opens_its_own_world_alone(live: LiveServer) -> None:
    with live.world() as mine, live.world() as other:
        assert mine.axb.app_secret != other.axb.app_secret
        query = f"{AXB_PATH}?subscriptionId=none"
        seen = [send(live.url, "GET", urlsplit(w.url).path + query, **mine.headers(mine.axb)) for w in (mine, other)]
        assert [told.json["resultcode"] for told in seen] == ["1012007", "1010003"]  # no binding; no such application


def test_what_a_proxy_says_of_a_client_is_believed_of_nobody(live: LiveServer) -> None:
    """Anyone can write these headers: neither the allow list nor an address follows them."""
    app = {"mode": "AXB", "numbers": [{"number": "+8617000000001"}], "allow_list": ["192.0.2.1"]}
    with WorldHandle(live.url, {"applications": [app]}) as world:
        path = urlsplit(world.url).path + AXB_PATH
        forged = {"X_Forwarded_For": "192.0.2.1", "Forwarded": "for=192.0.2.1", "X_Real_IP": "192.0.2.1"}
        told = send(live.url, "POST", path, b"{}", **forged, **world.headers())
        assert told.json["resultcode"] == "1020166"
        names = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}
        told = send(live.url, "GET", f"/_privnum/worlds/{world.id}", **names)
        assert told.json["url"] == world.url


def test_the_token_and_secrets_are_in_no_line_of_the_log() -> None:
    with serving("--port", "0", "--json", "--host", "0.0.0.0", "--control-token", "open-sesame") as (process, line):
        told = json.loads(line)
        login = {"Authorization": "Bearer open-sesame"}
        send(told["url"], "POST", "/_privnum/worlds", b'{"applications":[{"mode":"AXB","app_secret":"hush"}]}', **login)
        send(told["url"], "POST", "/_privnum/worlds", b'{"applications":[{"mode":"?","app_secret":"hush"}]}', **login)
        process.terminate()
        written = "".join(process.communicate(timeout=30))
    for secret in ("open-sesame", "hush", *(app["app_secret"] for app in told["applications"])):
        assert secret not in written


def test_a_token_in_the_environment_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line of a process can be seen by every user of its machine."""
    monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "open-sesame")
    with serving("--port", "0", "--json") as (_, line):
        told = json.loads(line)
        assert told["control_token"] == "open-sesame"
        assert send(told["url"], "GET", "/_privnum/worlds").status == 401


def test_a_public_name_is_a_name_of_the_server() -> None:
    gate = Gate(public_url="https://privnum.lab.example:8443")
    for host, status in (("privnum.lab.example", None), ("privnum.lab.example:1", None), ("evil.example", 403)):
        refused = gate.refusal("GET", "/_privnum/worlds", [(b"host", host.encode())])
        assert (refused and refused.status) == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://privnum.lab.example", None),
        ("http://privnum.lab.example", 403),
        ("https://privnum.lab.example:8443", 403),
        ("https://privnum.lab.example.evil.example", 403),
        ("://", 403),
        ("null", 403),
    ],
)
def test_the_page_of_the_public_address_is_our_own(origin: str, status: int | None) -> None:
    """Also behind a proxy that asks by another name than it was asked by."""
    headers = [(b"host", b"127.0.0.1:8080"), (b"origin", origin.encode())]
    refused = Gate(public_url="https://privnum.lab.example/").refusal("GET", "/_privnum/worlds", headers)
    assert (refused and refused.status) == status
    assert Gate().refusal("GET", "/_privnum/worlds", headers) is not None


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--public-url", "ftp://x"], "--public-url"),
        (["--public-url", "https://"], "names no host"),
        (["--public-url", "https://me:pw@lab.example"], "//****@lab.example"),
        (["--public-url", "https://lab.example/?a=b"], "query"),
        (["--public-url", "inbox:"], "for pushes"),
        (["--control-token", "a b"], "--control-token"),
    ],
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
