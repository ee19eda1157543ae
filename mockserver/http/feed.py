"""Who follows a server live, by server-sent events.

An event says in which world something has happened, and by what; who wants to know more asks for it. So an event is
small, two of them are one, and a follower who is slow or gone costs nobody anything: what waits for him is bounded by
the number of worlds. Where nobody follows, nothing is noted.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from privnum.mockserver.journal.entries import Entry
    from privnum.mockserver.journal.ring import Journal
    from privnum.mockserver.worlds.world import World

__all__ = ["EVENTS", "OWN", "Feed"]

#: The address of the stream.
EVENTS: Final = "/_privnum/events"
#: A header of who follows what happens at this server alone, and not at other nodes of its state.
OWN: Final = b"x-privnum-own-events"
#: Followers at one time.
_MOST: Final = 32
#: Worlds with something to say; beyond that a follower is sent "all".
_MOST_WORLDS: Final = 200
#: Seconds for which what happens is gathered into one event.
_GATHERS: Final = 0.04
#: Seconds after which a silent stream says that it is there.
_BEAT: Final = 15.0
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
]


class _Follower:
    """What has happened that a follower has not been sent."""

    def __init__(self, *, own_only: bool) -> None:
        self.own_only = own_only
        self.woken = asyncio.Event()
        self.misses_something = False
        self._worlds: dict[str, set[str]] = {}

    def note(self, world_id: str, by: str) -> None:
        self._worlds.setdefault(world_id, set()).add(by)
        if len(self._worlds) > _MOST_WORLDS:
            self.misses_something = True
        self.woken.set()

    def miss(self) -> None:
        """Be sent "all" next."""
        self.misses_something = True
        self.woken.set()

    def take(self, id_: str) -> bytes:
        """Return the events for what waits, which is nothing then."""
        worlds, self._worlds = self._worlds, {}
        misses, self.misses_something = self.misses_something, False
        self.woken.clear()
        if misses:
            return _event("all", id_, {})
        return b"".join(_event("change", id_, {"world": each, "by": sorted(by)}) for each, by in worlds.items())


class Feed:
    """The followers of a server.

    Args:
        worlds: of the server.
        beat: seconds after which a silent stream says that it is there.
    """

    def __init__(self, worlds: Mapping[str, World], beat: float = _BEAT) -> None:
        self._worlds = worlds
        self._beat = beat
        self._followers: set[_Follower] = set()
        self._watched: dict[Journal, Callable[[int, Entry], None]] = {}
        self._ended = asyncio.Event()
        #: What no other server calls its events.
        self._name = secrets.token_hex(4)
        #: Things noted while somebody followed, and how often there was a first follower.
        self._noted = self._began = 0
        #: Called with whether anybody wants to hear what happens at other nodes, when that is new.
        self.wanted: Callable[[bool], None] = lambda _: None

    @property
    def followed(self) -> bool:
        """Whether anybody follows."""
        return bool(self._followers)

    def note(self, world_id: str, by: str) -> None:
        """Say that something has happened in a world.

        `by` is "request", "push", "control" (a control message) or "time".
        """
        if self._followers:
            self._noted += 1
            for follower in self._followers:
                follower.note(world_id, by)

    def note_elsewhere(self, world_id: str, by: str) -> None:
        """Say that something has happened at another node; see `note`."""
        for follower in self._followers:
            if not follower.own_only:
                self._noted += 1
                follower.note(world_id, by)

    def miss_elsewhere(self) -> None:
        """Say that nobody knows what has happened at another node."""
        for follower in self._followers:
            if not follower.own_only:
                self._noted += 1
                follower.miss()

    def note_command(self, method: str, path: str, body: bytes) -> None:
        """Say that a control message was carried out; `body` is the answer to it."""
        if not self._followers or method == "GET":
            return
        parts = path.rstrip("/").split("/")
        world_id = parts[3] if len(parts) > 3 else str(orjson.loads(body).get("id", ""))
        self._watch()
        self.note(world_id, "control")

    def end(self) -> None:
        """Let all of them go: the server is being stopped."""
        self._ended.set()

    async def serve(
        self,
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
        last_id: str = "",
        *,
        own_only: bool = False,
    ) -> bool:
        """Send a follower what happens until he goes.

        Who begins, and who has missed something since the event of `last_id`, is sent "all" first. `own_only`: he does
        not hear of other nodes. Return False where there are too many followers; nothing has been sent then.
        """
        if sum(each.own_only is own_only for each in self._followers) >= _MOST:  # other nodes take no place of a client
            return False
        follower = _Follower(own_only=own_only)
        self._enter(follower)
        follower.misses_something = last_id != self._id
        follower.woken.set()
        sending = asyncio.ensure_future(self._send_all(follower, send))
        gone = asyncio.ensure_future(_until_gone(receive))
        ended = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait((sending, gone, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leave(follower)
            for task in (sending, gone, ended):
                task.cancel()
            await asyncio.gather(sending, gone, ended, return_exceptions=True)
        if self._ended.is_set():
            await send({"type": "http.response.body", "body": b""})
        return True

    async def _send_all(self, follower: _Follower, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        while True:
            try:
                async with asyncio.timeout(self._beat):
                    await follower.woken.wait()
                await asyncio.sleep(_GATHERS)
                body = follower.take(self._id)
            except TimeoutError:
                body = b":\n\n"
            await send({"type": "http.response.body", "body": body, "more_body": True})

    @property
    def _id(self) -> str:
        """What the latest event is called.

        A name from before a time without followers is never the same, as nothing was noted then; nor is one of
        another server at this address.
        """
        return f"{self._name}-{self._began}-{self._noted}"

    def _enter(self, follower: _Follower) -> None:
        if not self._followers:
            self._began += 1
        was_wanted = self._is_wanted
        self._followers.add(follower)
        self._watch()
        if self._is_wanted and not was_wanted:
            self.wanted(True)

    @property
    def _is_wanted(self) -> bool:
        return not all(follower.own_only for follower in self._followers)

    def _leave(self, follower: _Follower) -> None:
        was_wanted = self._is_wanted
        self._followers.discard(follower)
        if was_wanted and not self._is_wanted:
            self.wanted(False)
        if not self._followers:
            for journal, watcher in self._watched.items():
                journal.watchers.remove(watcher)
            self._watched.clear()

    def _watch(self) -> None:
        """Look on at the journal of every world that there is, and of no other."""
        there = {world.journal for world in self._worlds.values()}
        for journal in self._watched.keys() - there:
            journal.watchers.remove(self._watched.pop(journal))
        for journal in there - self._watched.keys():
            watcher = self._watched[journal] = self._watcher(journal.world_id)
            journal.watchers.append(watcher)

    def _watcher(self, world_id: str) -> Callable[[int, Entry], None]:
        def look(_: int, entry: Entry) -> None:
            self.note(world_id, "request" if entry.kind == "request" else "push")

        return look


async def _until_gone(receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(name: str, id_: str, data: dict[str, Any]) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (id_.encode(), name.encode(), orjson.dumps(data))
