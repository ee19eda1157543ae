"""Server-sent events: who follows a server hears of what happens, and costs nobody anything."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pytest

from privnum.mockserver.control.edge import Edge
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.http import feed
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.feed import EVENTS, Feed
from privnum.mockserver.worlds.platform import Platform
from tests.hostile.growth import lines_run
from tests.mockserver.http.test_command import serving
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle


class Follower:
    """One who follows, on a socket of his own."""

    def __init__(self, url: str, **headers: str) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=10)
        fields = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.socket.sendall(f"GET {EVENTS} HTTP/1.1\r\n{lines}\r\n".encode())
        self.got = b""

    def head(self) -> bytes:
        return self.read_until(b"\r\n\r\n")

    def read_until(self, text: bytes) -> bytes:
        """Read up to a text and no further; what follows is read next."""
        while text not in self.got:
            data = self.socket.recv(65536)
            assert data, f"the stream ended before {text!r}: {self.got!r}"
            self.got += data
        read, _, self.got = self.got.partition(text)
        return read

    def event(self) -> tuple[str, str, dict[str, Any]]:
        """Return the next event: id, name and data."""
        lines = self.read_until(b"\n\n").decode().splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        return fields["id"], fields["event"], json.loads(fields["data"])

    def until(self, world: str, by: str) -> None:
        """Read on until something has happened in a world by that."""
        for _ in range(50):
            data = self.event()[2]
            if data.get("world") == world and by in data["by"]:
                return
        raise AssertionError(f"nothing in {world} by {by}")

    def __enter__(self) -> Self:
        self.head()
        #: The event that it begins with.
        self.first = self.event()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


@pytest.fixture
def own_server() -> Iterator[LiveServer]:
    with LiveServer(seed=0) as server:
        yield server


def test_who_begins_is_sent_all_and_then_what_happens(live: LiveServer, world: WorldHandle) -> None:
    with Follower(live.url) as follower:
        assert follower.first[1:] == ("all", {})
        world.axb.bind(A, B, world.axb.numbers[0], duration=60)
        follower.until(world.id, "request")
        world.call(A, world.axb.numbers[0])
        follower.until(world.id, "push")
        world.advance(60)
        follower.until(world.id, "control")
        with live.world(id="new-one") as other:
            follower.until("new-one", "control")
            other.axb.bind(A, B, other.axb.numbers[0])
            follower.until("new-one", "request")
        follower.until("new-one", "control")


def test_time_that_passes_by_itself_is_heard_of(live: LiveServer) -> None:
    with live.world(clock={"mode": "running", "rate": 3600}) as world, Follower(live.url) as follower:
        world.axb.bind(A, B, world.axb.numbers[0], duration=1800)
        follower.until(world.id, "time")
        assert world.bindings() == []


def test_a_jumping_clock_is_heard_of(live: LiveServer) -> None:
    with live.world(clock={"mode": "jumping"}) as world, Follower(live.url) as follower:
        world.axb.bind(A, B, world.axb.numbers[0])
        world.call(A, world.axb.numbers[0], hang_up_after=600)
        follower.until(world.id, "time")


def test_who_comes_back_is_sent_what_he_has_missed(live: LiveServer, world: WorldHandle) -> None:
    with Follower(live.url):
        with Follower(live.url) as goes:
            world.advance(1)
            goes.until(world.id, "control")
            world.advance(1)
            last = goes.event()[0]
            back = Follower(live.url, Last_Event_ID=last)
            back.head()
            world.advance(1)
            assert back.event()[1] == "change"
            back.socket.close()
        with Follower(live.url, Last_Event_ID=last) as late:
            assert late.first[1] == "all"


def test_a_name_from_before_nobody_followed_counts_no_more(own_server: LiveServer) -> None:
    """Nothing was noted meanwhile, so much may have been missed."""
    with Follower(own_server.url) as follower:
        last = follower.first[0]
    with own_server.world(), Follower(own_server.url, Last_Event_ID=last) as back:
        assert back.first[1] == "all"


def test_many_follow_but_not_too_many(own_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_MOST", 2)
    with Follower(own_server.url), Follower(own_server.url):
        third = Follower(own_server.url)
        assert b" 409 " in third.head()
        assert b"close a page" in third.read_until(b"}")
        third.socket.close()


def test_other_nodes_and_clients_take_no_place_of_each_other(
    own_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_MOST", 1)
    own = {"X_Privnum_Own_Events": "1"}
    with Follower(own_server.url), Follower(own_server.url, **own):
        for headers in ({}, own):
            refused = Follower(own_server.url, **headers)
            assert b" 409 " in refused.head()
            refused.socket.close()


def test_who_has_gone_holds_no_place(own_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nothing happens that he would be sent."""
    monkeypatch.setattr(feed, "_MOST", 1)
    left, leave = threading.Event(), Feed._leave

    def note(feed_: Feed, follower: Any) -> None:
        leave(feed_, follower)
        left.set()

    monkeypatch.setattr(Feed, "_leave", note)
    for _ in range(3):
        left.clear()
        with Follower(own_server.url):
            refused = Follower(own_server.url)
            assert b" 409 " in refused.head()
            refused.socket.close()
        assert left.wait(30), "the server has not noticed that he is gone"


class Caller:
    """Sends requests to an application without a server; what it is sent is taken when he reads."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.reads = asyncio.Event()
        self.got: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]

    def follow(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.ask("GET", EVENTS, stays=True))

    async def ask(self, method: str, path: str, body: bytes = b"", *, stays: bool = False) -> None:
        sent = [{"type": "http.request", "body": body}]

        async def receive() -> dict[str, Any]:
            if not sent and stays:
                await asyncio.Event().wait()
            return sent.pop() if sent else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            await self.reads.wait()
            await self.got.put(message)

        scope = {"type": "http", "method": method, "scheme": "http", "raw_path": path.encode(), "query_string": b""}
        await self.app({**scope, "headers": self.headers, "client": ("127.0.0.1", 1)}, receive, send)


def test_a_follower_who_does_not_read_holds_nobody_up() -> None:
    """Neither messages nor other followers; and what waits for him stays small."""

    async def play() -> None:
        app = App(Edge(Platform()))
        app.edge.platform.create_world({"id": "w"})
        idle, reader, sender = Caller(app), Caller(app), Caller(app)
        reader.reads.set()
        sender.reads.set()
        tasks = [idle.follow(), reader.follow()]
        while len(app._feed._followers) < 2 or reader.got.qsize() < 2:
            await asyncio.sleep(0)
        for _ in range(300):
            await sender.ask("POST", "/_privnum/worlds/w/clock", b'{"advance_seconds":1}')
            assert (await sender.got.get())["status"] == 200
            await sender.got.get()
        while b'"control"' not in (await reader.got.get()).get("body", b""):
            pass
        assert idle.got.empty()
        assert max(len(follower._worlds) for follower in app._feed._followers) <= 1
        idle.reads.set()
        while b"event: all" not in (await idle.got.get()).get("body", b""):  # one for all that he has missed
            pass
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(asyncio.wait_for(play(), 20))


def test_what_happens_at_other_nodes_goes_to_who_wants_it() -> None:
    """Not to other nodes, who would hand it back; they are asked while somebody is there who wants it."""

    async def play() -> None:
        app, wanted = App(Edge(Platform())), list[bool]()
        app._feed.wanted = wanted.append
        person, node = Caller(app), Caller(app)
        node.headers.append((feed.OWN, b"1"))
        tasks = []
        for each in (node, person):
            each.reads.set()
            tasks.append(each.follow())
            while each.got.qsize() < 2:
                await asyncio.sleep(0)
        assert wanted == [True]
        app._feed.note_elsewhere("far", "request")
        app._feed.note("near", "request")
        for _ in range(2):
            await person.got.get()
            await node.got.get()
        heard = [(await each.got.get())["body"] for each in (person, node)]
        assert [b'"near"' in body for body in heard] == [True, True]
        assert [b'"far"' in body for body in heard] == [True, False]
        app._feed.miss_elsewhere()
        app._feed.note("near", "push")
        heard = [(await each.got.get())["body"] for each in (person, node)]
        assert [b"event: all" in body for body in heard] == [True, False]
        tasks[1].cancel()
        await asyncio.gather(tasks[1], return_exceptions=True)
        assert wanted == [True, False]
        tasks[0].cancel()
        await asyncio.gather(tasks[0], return_exceptions=True)
        assert wanted == [True, False]

    asyncio.run(asyncio.wait_for(play(), 20))


def test_a_stopped_server_lets_its_followers_go() -> None:
    with LiveServer(seed=0) as server:
        follower = Follower(server.url)
        follower.head()
        follower.event()
    while data := follower.socket.recv(65536):
        follower.got += data
    assert follower.got.endswith(b"0\r\n\r\n")
    follower.socket.close()


def test_the_gate_of_the_control_plane_is_that_of_the_stream() -> None:
    with serving("--port", "0", "--json", "--control-token", "open-sesame") as (_, line):
        url = json.loads(line)["url"]
        for headers, status in (
            ({}, b" 401 "),
            ({"Authorization": "Bearer wrong"}, b" 401 "),
            ({"Authorization": "Bearer open-sesame", "Origin": "http://evil.example"}, b" 403 "),
            ({"Authorization": "Bearer open-sesame"}, b" 200 "),
        ):
            follower = Follower(url, **headers)
            assert status in follower.head().splitlines()[0]
            follower.socket.close()


def test_a_page_of_another_name_cannot_follow(live: LiveServer) -> None:
    follower = Follower(live.url, Host="evil.example")
    assert b" 403 " in follower.head()
    follower.socket.close()


def test_what_waits_is_bounded_by_the_worlds() -> None:
    follower = feed._Follower(own_only=False)
    for _ in range(3):
        for number in range(feed._MOST_WORLDS):
            follower.note(f"w{number}", "request")
    assert follower.take("1").count(b"event: change") == feed._MOST_WORLDS
    for number in range(feed._MOST_WORLDS + 1):
        follower.note(f"w{number}", "request")
    assert follower.take("2") == b"id: 2\nevent: all\ndata: {}\n\n"
    assert follower.take("3") == b""


def test_nothing_is_noted_where_nobody_follows() -> None:
    """No journal is looked on at, nothing is counted, and a control message costs a few lines."""
    app = App(Edge(Platform()))
    world = app.edge.platform.create_world({"id": "w"})
    app._feed.note("w", "request")
    assert (app._feed._noted, world.journal.watchers) == (0, [])
    assert lines_run(lambda: app._feed.note_command("POST", "/_privnum/worlds/w/clock", b"{}")) < 10


def test_the_journals_are_let_go_with_the_last_follower() -> None:
    platform = Platform()
    world = platform.create_world({"id": "w"})
    listening = Feed(platform.worlds)
    first, second = feed._Follower(own_only=False), feed._Follower(own_only=False)
    listening._enter(first)
    listening._enter(second)
    assert len(world.journal.watchers) == 1
    platform.drop_world("w")
    other = platform.create_world({"id": "w"})
    listening.note_command("DELETE", "/_privnum/worlds/w", b"")
    assert (len(world.journal.watchers), len(other.journal.watchers)) == (0, 1)
    listening._leave(first)
    assert len(other.journal.watchers) == 1
    listening._leave(second)
    assert other.journal.watchers == []
