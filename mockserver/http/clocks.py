"""The clocks of a server's worlds: settles one world at a time, and lets running worlds keep up with real time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from privnum.mockserver.pump import settle_async

if TYPE_CHECKING:
    from privnum.mockserver.edge import Edge
    from privnum.mockserver.platform import Answer
    from privnum.mockserver.pump import AsyncDeliver
    from privnum.mockserver.world import World

__all__ = ["Clocks"]

_log = logging.getLogger("privnum.clocks")


class _Timer(Protocol):
    def cancel(self) -> None: ...


#: Calls a function after so many seconds; `loop.call_later` unless another is injected.
CallLater = Callable[[float, Callable[[], None]], _Timer]


class _Pace:
    """One world's turn: whoever settles it holds the lock. `armed_ms` is the instant for which its timer is set."""

    __slots__ = ("armed_ms", "lock", "timer", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self.lock = asyncio.Lock()
        self.timer: _Timer | None = None
        self.armed_ms: int | None = None

    def disarm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = self.armed_ms = None


def _bring_up(pace: _Pace, target_ms: int) -> None:
    """Let a running world's clock come up to an instant, as far as nothing is due before."""
    world = pace.world
    if target_ms > world.now_ms and not pace.lock.locked():
        due = world.next_due()
        if due is None or due > target_ms:
            world.run_next_instant(target_ms)


class Clocks:
    """Moves world time of every world of an edge.

    A running world has one timer, set for its next due instant; between such instants its clock is brought forward
    by whoever looks. Nothing polls. A control message is answered when its world has settled; one that comes out of the
    very push that it has to wait for (from a customer's handler, say) waits until that attempt is capped.

    Args:
        edge: whose worlds they are.
        deliver: sends a push.
        call_later: a timer; by default that of the running loop.
    """

    def __init__(self, edge: Edge, deliver: AsyncDeliver, call_later: CallLater | None = None) -> None:
        self._edge = edge
        self._deliver = deliver
        self._call_later = call_later
        self._paces: dict[str, _Pace] = {}
        #: Of the world that the request under way is for, where it runs.
        self._visited: _Pace | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Set the timers of the worlds that run already."""
        for world in self._edge.offsets:
            self._arm(self._pace(world))

    async def stop(self) -> None:
        """Give up what is under way."""
        for pace in self._paces.values():
            pace.disarm()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ── API plane ────────────────────────────────────────────────────────────────────────────────────────────────────

    def visit(self, world: World, now_ms: int) -> None:
        """Bring the clock of the world that a request is for up to now, edge time; `after` must follow the request."""
        offset = self._edge.offsets.get(world)
        if offset is None:
            self._visited = None
        else:
            pace = self._visited = self._pace(world)
            _bring_up(pace, offset + now_ms)

    def after(self, path: str) -> None:
        """Send what an API request has made due, and set its world's timer anew; returns at once."""
        for world in self._edge.stirred(path):
            self._spawn(self._settle(self._pace(world)))
        pace, self._visited = self._visited, None
        if pace is not None and pace.world.next_due() != pace.armed_ms:
            self._arm(pace)

    # ── control plane ────────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Carry out a control message and answer it when its world has settled."""
        edge = self._edge
        for running in edge.offsets:
            _bring_up(self._pace(running), edge.target_ms(running) or 0)
        world = edge.clock_to_set(method, path)
        if world is not None:
            pace = self._pace(world)
            async with pace.lock:
                await settle_async(world, self._deliver, edge.target_ms(world))
                reply = edge.command(method, path, query, body)
                if reply.world is not None:
                    await settle_async(world, self._deliver, reply.until_ms)
            self._arm(pace)
            return edge.told(reply)
        reply = edge.command(method, path, query, body)
        if reply.world is not None:
            await self._settle(self._pace(reply.world))
        elif method == "DELETE":
            self._forget_dropped()
        return edge.told(reply)

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pace(self, world: World) -> _Pace:
        pace = self._paces.get(world.id)
        if pace is None or pace.world is not world:
            pace = self._paces[world.id] = _Pace(world)
        return pace

    def _forget_dropped(self) -> None:
        worlds = self._edge.platform.worlds
        for name in [name for name, pace in self._paces.items() if worlds.get(name) is not pace.world]:
            self._paces.pop(name).disarm()

    async def _settle(self, pace: _Pace) -> None:
        async with pace.lock:
            await settle_async(pace.world, self._deliver, self._edge.target_ms(pace.world))
        self._arm(pace)

    def _arm(self, pace: _Pace) -> None:
        """Set the timer of a running world for its next due instant."""
        target = self._edge.target_ms(pace.world)
        due = None if target is None else pace.world.next_due()
        if target is None or due is None:
            pace.disarm()
        elif due != pace.armed_ms and not pace.lock.locked():  # who holds the lock arms it afterwards
            pace.disarm()
            pace.armed_ms = due
            call_later = self._call_later or asyncio.get_running_loop().call_later
            pace.timer = call_later(max(due - target, 0) / 1000, lambda: self._ring(pace))

    def _ring(self, pace: _Pace) -> None:
        pace.disarm()
        self._spawn(self._settle(pace))

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a world could not be settled", exc_info=error)
