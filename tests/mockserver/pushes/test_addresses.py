"""Where pushes may go: one rule for every door, never our own control plane, credentials shown nowhere."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.http.posting import Poster, PushRules
from privnum.mockserver.pushes.addresses import PushTargets, fault_of, masked_address
from tests.mockserver.http.test_command import get, run, serving
from tests.mockserver.support import A

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.pushes.outcomes import Outcome

BAD = [
    "ftp://127.0.0.1/",
    "HTTP://127.0.0.1/",
    "http://",
    "http:///p",
    "http://[::",
    "http://[::1/",
    "http://a b/",
    "http://127.0.0.1/a b",
    "http://127.0.0.1:9000/events\n",
    "http://127.0.0.1:9000/events\nx",
    "http://127.0.0.1/状态",
    "http://127.0.0.1:99999/e",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:9x/",
    "http://.example/",
    "http://a..b/",
    "http://a%20b/",
    f"http://{'a' * 64}.example/",
    "http://user:pw@127.0.0.1/",
    "http://user@127.0.0.1/",
    "inbox:x",
]
GOOD = [
    "inbox:",
    "http://127.0.0.1:9000/events",
    "http://[::1]:9000/",
    "https://localhost",
    "http://localhost:65535/a?token=%20b",
    "http://app.localhost/",
    "http://127.0.0.1:9000/for/+8613800000001",
]


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_address_is_refused_at_both_doors(world: WorldHandle, url: str) -> None:
    done = run("serve", "--port", "0", "--event-url", url)
    assert done.returncode == 2
    assert done.stderr.startswith("privnum serve: argument --event-url: ")
    assert done.stderr.count("\n") == 1
    assert "pw" not in done.stderr
    with pytest.raises(DriverError) as caught:
        world.send_pushes_to(url)
    assert (caught.value.status, caught.value.where) == (400, "event_url")
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "https://", "http:///p"])
def test_an_address_without_a_host_is_told_just_that(url: str) -> None:
    assert fault_of(url) == "it names no host"


@pytest.mark.parametrize("url", GOOD)
def test_what_is_an_address_is_taken_at_both_doors(world: WorldHandle, url: str) -> None:
    assert fault_of(url) is None
    world.send_pushes_to(url)


def test_a_refused_address_changes_nothing(world: WorldHandle) -> None:
    """Nor does the other address of the message."""
    before = world._control("GET", "")
    for message in (
        {"fee_url": "inbox:", "event_url": "http://203.0.113.1/"},
        {"event_url": "inbox:", "fee_url": "http://x:99999/"},
    ):
        with pytest.raises(DriverError):
            world._control("PATCH", f"/applications/{world.axb.app_key}", {"recording": False, **message})
    assert world._control("GET", "") == before


@pytest.mark.parametrize("host", ["203.0.113.1", "intranet.example", "10.0.0.7", "127.1", "0.0.0.0", "2130706433"])
def test_pushes_go_to_this_machine_unless_a_host_is_named(world: WorldHandle, host: str) -> None:
    with pytest.raises(DriverError, match=f"--push-to {host}"):
        world.send_pushes_to(f"http://{host}/")
    with LiveServer(push_to=[host]) as server, server.world() as other:
        other.send_pushes_to(f"http://{host}/")
    assert PushTargets(["any"]).fault(f"http://{host}/") is None
    assert PushTargets([host]).fault("http://another.example/") is not None


def test_the_hosts_of_the_command_are_named_by_it() -> None:
    with serving("--port", "0", "--json", "--event-url", "http://app.example:9000/e", "--push-to", "b.example"):
        pass
    targets = PushTargets()
    targets.allow_hosts_of("http://app.example:9000/e", "inbox:")
    assert targets.fault("http://app.example/fee") is None
    assert targets.fault("http://b.example/") is not None


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
def test_no_push_goes_to_our_own_control_plane(live: LiveServer, world: WorldHandle) -> None:
    """At the doors by its address, and by what the connection leads to where a name hides it."""
    port = live.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "127.0.0.2", "[::ffff:127.0.0.1]"):
        with pytest.raises(DriverError, match="own control plane"):
            world.send_pushes_to(f"http://{host}:{port}/_privnum/worlds/{world.id}/reset")
    with LiveServer(push_to=["any"]) as server, server.world() as victim, server.world() as other:
        victim.call(A, victim.axb.numbers[0])
        server._server._app.edge.platform.push_targets = None  # a door that was left open
        other.send_pushes_to(f"{server.control_url}/worlds/{victim.id}/reset")
        other.call(A, other.axb.numbers[0])
        assert {push.outcomes for push in other.pushes if push.kind == "call_event"} == {("refused",)}
        assert "own control plane" in other.pushes[0].details[0]
        assert victim.pushes


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://user:pw@host/a?token=x#y", "http://****@host/a?****"),
        ("http://host/a?token=x", "http://host/a?****"),
        ("http://host/+8613800000021", "http://host/+86138****0021"),
        ("http://u:p@x@[::", "http://****@[::"),
        ("inbox:", "inbox:"),
    ],
)
def test_credentials_in_addresses_are_shown_nowhere(url: str, told: str) -> None:
    assert masked_address(url) == told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--push-timeout", "0"], "is not a number from 0.001 to 3600"),
        (["--push-timeout", "nan"], "is not a number from 0.001 to 3600"),
        (["--push-timeout", "1e9"], "is not a number from 0.001 to 3600"),
        (["--push-ca", "/nowhere/ca.pem"], "cannot use --push-ca /nowhere/ca.pem: No such file"),
        (["--push-ca", __file__], "name a file with certificates in PEM"),
    ],
)
def test_options_of_pushes_that_cannot_be_are_refused(options: list[str], told: str) -> None:
    done = run("serve", "--port", "0", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_name_that_leads_to_our_own_control_plane_is_refused_where_it_is_reached(
    live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that was named may resolve to this machine; the connection shows it."""
    targets = PushTargets(["any"])
    targets.belongs_to_us(live.url)

    async def resolve_to_loopback(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> Outcome:
        poster = Poster(PushRules(targets=targets))
        monkeypatch.setattr(poster, "_addresses", resolve_to_loopback)
        return await poster.post(f"http://hidden.example:{urlsplit(live.url).port}/_privnum/worlds", [], b"{}", 5)

    assert asyncio.run(run())[:3] == ("refused", b"", "not sent: it is this server's own control plane")


def loopbacks() -> list[str]:
    """The loopback addresses of this machine."""
    found = ["127.0.0.1"]
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return found
    return [*found, "[::1]"]


@pytest.mark.parametrize("options", [[], ["--host", "localhost"], ["--host", "::"]])
def test_a_name_or_wildcard_listens_on_every_address(options: list[str]) -> None:
    """Node and others take localhost for ::1 where the system names that first."""
    with serving("--port", "0", "--json", *options) as (_, line):
        port = line.partition('"url":"http://127.0.0.1:')[2].partition('"')[0]
        for host in loopbacks():
            assert get(f"http://{host}:{port}/_privnum/health")["status"] == "ok"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("HTTP://host/", "its scheme has capitals; write http:// or https:// in small letters"),
        ("http://host/a b", "its sign 14 is a blank; write it as %20"),
        ("http://host/a\r\nX: y", "its sign 14 is a line end; write it as %0D"),
        ("http://host/\u00e9", "its sign 13 is U+00E9, which is not printable ASCII; write it as %C3%A9"),
    ],
)
def test_the_one_sign_that_is_wrong_is_told(url: str, told: str) -> None:
    assert fault_of(url) == told
