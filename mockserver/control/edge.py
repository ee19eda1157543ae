"""Where both planes meet the outside.

What every shell, on a socket or in process, does in the same way.
"""

from __future__ import annotations

import logging
import time
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import orjson

from privnum import __version__, contracts
from privnum.mockserver.control.plane import INTERNAL, Control, error_body
from privnum.mockserver.core import auth
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.core.assumptions import Assumptions
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.timestamps import LATEST_MS
from privnum.mockserver.journal import activity
from privnum.mockserver.journal.entries import LONGEST_BODY, RequestEntry, cut
from privnum.mockserver.journal.ring import Journal
from privnum.mockserver.pushes.addresses import is_control
from privnum.mockserver.pushes.pump import Pushing, bring_up
from privnum.mockserver.worlds.platform import DEFAULT_WORLD, Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from privnum.mockserver.control.messages import ControlAnswer
    from privnum.mockserver.worlds.world import World

__all__ = ["BODILESS", "MAX_BODY", "MAX_HEAD", "MAX_TARGET", "WAITS_IN_LOOP", "Edge", "wall_clock_ms"]

_log = logging.getLogger("privnum.edge")

#: Most bytes of a body, of a header block, and of the request target (COM-OPEN-005).
MAX_BODY: Final = 1 << 20
MAX_HEAD: Final = 1 << 15
MAX_TARGET: Final = 1 << 13

#: Header of a control message whose sender's thread runs an event loop that stands still until the answer comes.
WAITS_IN_LOOP: Final = b"x-privnum-waits-in-loop"

#: Header of each answer of a world that makes faults: it is no evidence of what a platform does.
FAULTY: Final = b"x-privnum-faults"

#: Methods whose body, if there is one, is not read (COM-ENV-008).
BODILESS: Final = frozenset({"GET", "DELETE", "HEAD"})

#: Last words of the paths of messages that wait for the pushes under way.
_OF_SETTLED_WORLDS: Final = frozenset({"clock", "snapshots", "restore"})

_JSON: Final = ((b"content-type", b"application/json;charset=utf-8"),)
_TEXT: Final = ((b"content-type", b"text/plain;charset=utf-8"),)
_CLOSE: Final = (b"connection", b"close")


def wall_clock_ms() -> int:
    """Return the real time in milliseconds since the Unix epoch.

    Edge time, unless another is injected.
    """
    return time.time_ns() // 1_000_000


class Edge:
    """A platform with its control plane and edge time.

    It keeps the offsets at which running worlds follow edge time.

    Args:
        platform: whose worlds are served. They may be made before or after.
        now_ms: edge time.
    """

    def __init__(self, platform: Platform, now_ms: Callable[[], int] = wall_clock_ms) -> None:
        self.platform = platform
        self.now_ms = now_ms
        #: Running worlds; world time is edge time, times the rate of the world's clock, + offset, in milliseconds.
        self.offsets: dict[World, int] = {}
        #: By which answers are timed, nanoseconds.
        self.ticks: Callable[[], int] = perf_counter_ns
        #: Called with what is to happen once all that has come in so far is kept; None: nothing is kept.
        self.when_kept: Callable[[Callable[[], None]], None] | None = None
        self._control = Control(platform, __version__)
        self._stop_call = contracts.operations()["common.stop_call"].path
        self._assumptions = Assumptions.of(platform.edition, platform.assumptions)
        platform.watch.now_ms, platform.watch.told = now_ms, activity.tell
        platform.watch.hears_requests = activity.hears_requests
        #: Of requests that are for no world: nothing is kept of them, but who listens is told.
        self._nowhere = Journal("-", 0, platform.watch)
        for world in platform.worlds.values():
            self.follow(world)

    # ── API plane ────────────────────────────────────────────────────────────────────────────────────────────────────

    def api(
        self, method: str, path: str, query: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, client: str
    ) -> Answer:
        """Answer a request of the API plane; arguments as in `Platform.handle`."""
        platform, edge_ms, began = self.platform, self.now_ms(), self.ticks()
        answer = platform.handle(method, path, query, headers, body, client=client, edge_now_ms=edge_ms)
        if platform.altered or answer.injected is not None:
            answer = self._altered_answer(method, path, answer)
        journal, world_ms = self._journal_of(platform.served, edge_ms)
        if journal.size or journal.wants_requests:
            journal.add(
                # As RequestEntry(…), in two thirds of its time.
                tuple.__new__(
                    RequestEntry,
                    (
                        edge_ms,
                        world_ms,
                        (self.ticks() - began) // 1000 / 1000,
                        client,
                        method,
                        path,
                        query,
                        headers,
                        body if len(body) <= LONGEST_BODY else cut(body),
                        len(body),
                        answer.status,
                        answer.headers,
                        cut(answer.body),
                        platform.asked_for,
                        platform.refused_by,
                        "" if answer.injected is None else answer.injected.label,
                    ),
                )
            )
        return answer

    def _journal_of(self, world: World | None, edge_ms: int) -> tuple[Journal, int]:
        """Return the journal that a request belongs to, and its time.

        A request to no world is nobody's, and has edge time.
        """
        return (self._nowhere, edge_ms) if world is None else (world.journal, world.now_ms)

    def _altered_answer(self, method: str, path: str, answer: Answer) -> Answer:
        """Return the answer in the form of the world that gives it.

        Its variations, the connection closed after it, a header that says that it makes faults.
        """
        world = self.platform.served
        assumptions = self._assumptions if world is None else world.assumptions
        if world is not None and world.variations is not None:
            answer = world.variations.answer(method, path.removeprefix(f"/w/{world.id}"), answer)
        if assumptions["http.connection"] == "close":
            answer = answer._replace(headers=(*answer.headers, _CLOSE))
        if world is not None and (world.faults.active or answer.injected is not None):
            answer = answer._replace(headers=(*answer.headers, (FAULTY, b"on")))
        return answer

    def pushes_expected(self, path: str) -> list[World]:
        """Return the worlds in which a request to this path makes pushes due.

        Stop call ends a call at once, so its pushes are due with the answer.
        """
        if not path.endswith(self._stop_call):
            return []
        world = self.platform.served
        return [] if world is None or not world.outbox.waiting else [world]

    def malformed_answer(self, target: str = "") -> Answer:
        """Return the answer to bytes that are no HTTP request (COM-ENV-011).

        `target` as far as it is known.
        """
        if is_control(_path_of(target)):
            return self._refused_and_closed(400, "these bytes are no HTTP/1.1 request")
        refusal = Refusal("403/1010002", "These bytes are no HTTP/1.1 request.", "COM-ENV-011")
        return self._note_refusal(target, (), Answer(400, refusal.body(), (*_JSON, _CLOSE)), refusal.rule)

    def oversized_answer(self, target: str, headers: Sequence[tuple[bytes, bytes]]) -> Answer:
        """Return the answer to a request beyond a limit (COM-OPEN-005).

        Target and headers as far as they are known.
        """
        limits = f"Limits in bytes: body {MAX_BODY}, header block {MAX_HEAD}, request target {MAX_TARGET}."
        if is_control(_path_of(target)):
            return self._refused_and_closed(413, f"the message is too large. {limits}")
        key = self._assumptions_of(target, headers).text("http.oversized")
        refusal = Refusal(key, limits, "COM-OPEN-005")
        answer = Answer(refusal.status, refusal.body(), (*_JSON, _CLOSE))
        return self._note_refusal(target, headers, answer, refusal.rule)

    def _note_refusal(self, target: str, headers: Sequence[tuple[bytes, bytes]], answer: Answer, rule: str) -> Answer:
        """Enter what became no request into the journal.

        That is the one of the world that it was for, as far as that is known.
        """
        edge_ms = self.now_ms()
        journal, world_ms = self._journal_of(self._world_of(target, headers), edge_ms)
        if journal.wants_requests:
            path, _, query = target.partition("?")
            entry = RequestEntry(
                edge_ms=edge_ms,
                world_ms=world_ms,
                ms=0.0,
                client="",
                method="-",
                path=path[:LONGEST_BODY],
                query=query[:LONGEST_BODY],
                headers=headers,
                body=b"",
                length=0,
                status=answer.status,
                answer_headers=answer.headers,
                answer=answer.body,
                operation="",
                rule=rule,
            )
            journal.add(entry)
        return answer

    def _assumptions_of(self, target: str, headers: Iterable[tuple[bytes, bytes]]) -> Assumptions:
        """Return the choices of the world that a request is for.

        Those of the server where there is no such world.
        """
        world = self._world_of(target, headers)
        return self._assumptions if world is None else world.assumptions

    def _world_of(self, target: str, headers: Iterable[tuple[bytes, bytes]]) -> World | None:
        """Return the world that a request is for.

        By prefix, by app_key, else the default world.
        """
        worlds = self.platform.worlds
        parts = target.split("/", 3)
        world = worlds.get(parts[2]) if len(parts) > 2 and parts[1] == "w" else None
        if world is None:
            keys = (auth.username_of(value) for name, value in headers if name in (b"x-aksk", b"x-wsse"))
            homes = (self.platform.home_of(key) for key in keys)
            world = next((home[0] for home in homes if home is not None), worlds.get(DEFAULT_WORLD))
        return world

    # ── control plane ────────────────────────────────────────────────────────────────────────────────────────────────

    def command(self, method: str, path: str, query: str, body: bytes) -> ControlAnswer:
        """Carry out a control message.

        The shell settles the world it names, then asks `answer_to` for the answer.
        """
        reply = self._control.handle(method, path, query, body)
        if reply.world is not None and reply.status < 300:
            self.follow(reply.world, reply.until_ms)
        if reply.dropped is not None:
            self.offsets.pop(reply.dropped, None)
        return reply

    @staticmethod
    def answer_to(reply: ControlAnswer) -> Answer:
        """Return the answer to a control message once its world has settled.

        Never raises.
        """
        try:
            view = reply.view()
            if isinstance(view, str):
                return Answer(reply.status, view.encode(), _TEXT)
            return Answer(reply.status, b"", ()) if view is None else Answer(reply.status, orjson.dumps(view), _JSON)
        except Exception:  # a bug of ours
            _log.exception("internal error while an answer of the control plane was written")
            return Edge.control_error(500, INTERNAL, "server")

    @classmethod
    def _refused_and_closed(cls, status: int, error: str) -> Answer:
        answer = cls.control_error(status, error, "request")
        return answer._replace(headers=(*answer.headers, _CLOSE))

    @staticmethod
    def control_error(status: int, error: str, where: str) -> Answer:
        """Return a control error that arises in a shell."""
        return Answer(status, orjson.dumps(error_body(error, where)), _JSON)

    def world_to_settle(self, method: str, path: str) -> World | None:
        """Return the world that is to have no push under way for a message.

        It sets the clock of the world, makes a snapshot or restores one.
        """
        parts = path.rstrip("/").split("/")
        if method != "POST" or len(parts) != 5 or parts[4] not in _OF_SETTLED_WORLDS:
            return None
        return self.platform.worlds.get(unquote(parts[3]))

    # ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_keeping(self) -> None:
        """Begin: called in the loop that serves, before anything comes in."""

    def end_keeping(self) -> None:
        """End: nothing comes in any more; pushes under way are given up next."""

    async def wait_until_kept(self) -> bool:
        """Wait until all that has come in so far is kept.

        Return False where it cannot be; where nothing is kept there is nothing to wait for.
        """
        return True

    def pushing(self, world: World) -> Pushing:
        """Return what sends the pushes of a world and lets its time pass."""
        return world

    # ── running clocks ───────────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, world: World, until_ms: int | None = None) -> None:
        """Let a running world's clock go on from `until_ms`.

        A new world's clock goes on from where it is; a frozen world is forgotten.
        """
        if world.clock_mode != "running":
            self.offsets.pop(world, None)
        elif until_ms is not None:
            self.offsets[world] = until_ms - world.clock_rate * self.now_ms()
        elif world not in self.offsets:
            self.offsets[world] = world.now_ms - world.clock_rate * self.now_ms()

    def catch_up(self, world: World, edge_ms: int) -> None:
        """Bring the clock of a running world up to edge time.

        What is due until then happens.
        """
        offset = self.offsets.get(world)
        if offset is not None:
            target = offset + world.clock_rate * edge_ms
            if target > world.now_ms:
                bring_up(world, target)

    def target_ms(self, world: World) -> int | None:
        """Return where a running world's clock should stand now.

        It stops at the end of time.
        """
        offset = self.offsets.get(world)
        return None if offset is None else min(offset + world.clock_rate * self.now_ms(), LATEST_MS)


def _path_of(target: str) -> str:
    """Return the path of a request target."""
    return target.partition("?")[0]
