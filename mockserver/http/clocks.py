"""The clocks of a server's worlds.

Lets running worlds keep up with real time, and sends what falls due.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import unquote

from privnum.mockserver.core.timestamps import LATEST_MS
from privnum.mockserver.http.delivery import PATIENCE_SECONDS
from privnum.mockserver.http.waiting import Waiters
from privnum.mockserver.pushes.pump import Sender, bring_up

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from privnum.mockserver.control.edge import Edge
    from privnum.mockserver.control.messages import ControlAnswer
    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.pushes.pump import AsyncDeliver
    from privnum.mockserver.worlds.world import World

__all__ = ["Clocks"]

_log = logging.getLogger("privnum.clocks")

#: Seconds after which a timer looks at the wall clock again: a laptop may have slept, a clock may have been set.
_LONGEST_SLEEP: Final = 60.0
_PUSHES: Final = "/pushes"
_IN_LOOP: Final = (
    "the receiver of a push has not answered for {seconds:g} s, and the thread that waits for it runs an event loop or "
    "keeps one with a server: a receiver in that loop cannot answer; take the fixture async_private_number and await "
    "its methods (or world.acall, ahang_up, aadvance), or call from another thread"
)


class _Timer(Protocol):
    def cancel(self) -> None: ...


#: Calls a function after this many seconds; `loop.call_later` unless another is injected.
CallLater = Callable[[float, Callable[[], None]], _Timer]


class _Pace:
    """One world: who moves its clock step by step holds the lock.

    `armed_ms` is what its timer is set for.
    """

    __slots__ = ("_edge", "armed_ms", "jump", "lock", "pushing", "sender", "timer", "world")

    def __init__(self, world: World, deliver: AsyncDeliver, edge: Edge, arm: Callable[[_Pace], None]) -> None:
        self.world = world
        self.pushing = edge.pushing(world)
        self._edge = edge
        self.lock = asyncio.Lock()
        self.timer: _Timer | None = None
        self.armed_ms: int | None = None
        #: Moves a jumping clock on.
        self.jump: asyncio.Task[None] | None = None
        self.sender = Sender(self.pushing, deliver, self.come_up, lambda: arm(self))

    def come_up(self) -> None:
        """Let a running world's time pass up to now.

        Not while somebody moves it step by step.
        """
        target = self._edge.target_ms(self.world)
        if target is not None and not self.lock.locked():
            bring_up(self.pushing, target)

    def disarm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = self.armed_ms = None


class Clocks:
    """Moves world time of every world of an edge.

    A running world has one timer, set for its next due instant; between such instants its clock is brought forward
    by who looks, and what was due by then happens first, in order. Nothing polls. Its time waits for no receiver,
    nor do control messages to it, but for a moment those that set its clock. A frozen world stands still until
    each push of the instant has its outcome, and answers then; so what a test sees does not depend on speed. A jumping
    world is like a frozen one that goes on by itself to what is due next, until nothing is; control messages wait for
    that, but for a moment.

    Args:
        edge: whose worlds they are.
        deliver: sends a push.
        call_later: a timer; by default that of the running loop.
        patience_seconds: how long a running clock that is set, and who only looks at pushes, waits for receivers.
    """

    def __init__(
        self,
        edge: Edge,
        deliver: AsyncDeliver,
        call_later: CallLater | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._edge = edge
        self._deliver = deliver
        self._call_later = call_later
        self._patience_seconds = patience_seconds
        #: Called when time has passed in a world, and something with it.
        self.moved: Callable[[World], None] = lambda _: None
        self._paces: dict[str, _Pace] = {}
        #: Of the world that the request under way is for, where it runs.
        self._visited: _Pace | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiters = Waiters()

    def start(self) -> None:
        """Let the worlds go on: send what is ready, set their timers."""
        for world in self._edge.platform.worlds.values():
            self._send(self._pace(world))

    @property
    def idle(self) -> bool:
        """Whether no push is under way or due, and no clock is moved step by step."""
        return all(pace.sender.idle and not pace.lock.locked() for pace in self._paces.values())

    def hurry(self) -> None:
        """Let nobody wait for a journal any longer: the server is being stopped."""
        self._waiters.release()

    async def stop(self) -> None:
        """Give up what is under way."""
        for pace in self._paces.values():
            pace.disarm()
        for task in self._tasks:
            task.cancel()
        senders = [pace.sender.stop() for pace in self._paces.values()]
        await asyncio.gather(*self._tasks, *senders, return_exceptions=True)

    # ── API plane ────────────────────────────────────────────────────────────────────────────────────────────────────

    def visit(self, world: World, now_ms: int) -> None:
        """Bring the clock of the world that a request is for up to now, edge time.

        `after` must follow the request.
        """
        if world in self._edge.offsets:
            pace = self._paces.get(world.id)
            self._visited = pace if pace is not None and pace.world is world else self._pace(world)
            self._edge.catch_up(world, now_ms)
        else:
            self._visited = self._pace(world) if world.clock_mode == "jumping" else None

    def after(self, path: str) -> None:
        """Send what an API request has made due, and set its world's timer anew.

        Returns at once.
        """
        for world in self._edge.pushes_expected(path):
            self._send(self._pace(world))
        pace, self._visited = self._visited, None
        if pace is not None and pace.world.next_due() != pace.armed_ms:
            self._send(pace)

    # ── control plane ────────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, method: str, path: str, query: str, body: bytes, *, waits_in_loop: bool = False) -> Answer:
        """Carry out a control message.

        Answer it when its world has settled, or at once where its clock runs.

        `waits_in_loop` says that the thread that waits for the answer runs an event loop. If the receiver of a push
        runs in it, it cannot answer meanwhile; so where one is slow, such a message is answered with an error.
        """
        edge = self._edge
        self._look(path)
        world = edge.world_to_settle(method, path)
        if world is not None:
            settled = self._when_settled(self._pace(world), (method, path, query, body))
            return await self._unless_stuck(world, settled, waits_in_loop)
        reply = edge.command(method, path, query, body)
        if reply.wait is not None:
            await self._waiters.wait(reply.wait)
        if reply.dropped is not None:
            await self._forget(reply.dropped)
        if reply.world is None:
            return edge.answer_to(reply)
        pace = self._pace(reply.world)
        makes_pushes = reply.world.outbox.waiting
        self._send(pace)
        if await self._while_jumping(pace):
            return edge.answer_to(reply)
        if path.endswith(_PUSHES):
            await self._wait_a_moment(pace.sender.settle())
        elif makes_pushes and reply.world not in edge.offsets:
            return await self._unless_stuck(reply.world, self._when_sent(pace, reply), waits_in_loop)
        return edge.answer_to(reply)

    @staticmethod
    async def _when_sent(pace: _Pace, reply: ControlAnswer) -> ControlAnswer:
        await pace.sender.wait()
        return reply

    def _look(self, path: str) -> None:
        """Bring up the clock of the running world that a message names."""
        parts = path.split("/", 4)
        world = self._edge.platform.worlds.get(unquote(parts[3])) if len(parts) > 3 else None
        if world is not None and (target := self._edge.target_ms(world)) is not None:
            due, pace = world.next_due(), self._pace(world)
            bring_up(pace.pushing, target)
            self._send(pace)
            if due is not None and due <= target:
                self.moved(world)

    async def _when_settled(self, pace: _Pace, message: tuple[str, str, str, bytes]) -> ControlAnswer:
        """Carry out a message that sets a clock, or makes or restores a snapshot.

        No push is under way then, unless the clock runs and a receiver is slow.
        """
        edge, world = self._edge, pace.world
        async with pace.lock:
            await self._settle(pace, edge.target_ms(world))
            reply = edge.command(*message)
            if reply.world is not None:
                await self._settle(pace, reply.until_ms)
        pace.disarm()  # what is due next may be due as before, and yet be sooner in real time
        self._send(pace)
        await self._while_jumping(pace)
        return reply

    async def _while_jumping(self, pace: _Pace) -> bool:
        """Wait for a jumping clock, but not for long; whether it is one."""
        if pace.jump is None or pace.jump.done():
            return False
        await self._wait_a_moment(asyncio.shield(pace.jump))
        return True

    async def _settle(self, pace: _Pace, until_ms: int | None) -> None:
        """Move a clock step by step, each instant with the outcomes of its pushes.

        A running one waits for a moment.
        """
        if pace.world not in self._edge.offsets:
            await pace.sender.settle(until_ms)
        elif not await self._wait_a_moment(pace.sender.settle(until_ms)) and until_ms is not None:
            bring_up(pace.pushing, until_ms)

    async def _wait_a_moment(self, work: Awaitable[None]) -> bool:
        """Wait for something, but not for long; return whether it was done."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                await work
        except TimeoutError:
            return False
        return True

    async def _unless_stuck(
        self, world: World, work: Coroutine[None, None, ControlAnswer], waits_in_loop: bool
    ) -> Answer:
        """Wait for a reply.

        Refuse to where the receivers that it waits for are slow, and may wait for the reply.
        """
        if not waits_in_loop:
            return self._edge.answer_to(await work)
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # it goes on behind a refusal
        task.add_done_callback(self._finish_task)
        while not task.done():
            over = world.outbox.attempts_over
            await asyncio.wait((task,), timeout=self._patience_seconds)
            if not task.done() and world.outbox.exchanging and world.outbox.attempts_over == over:
                return self._edge.control_error(409, _IN_LOOP.format(seconds=self._patience_seconds), "event_url")
        return self._edge.answer_to(task.result())

    def _finish_task(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a world could not be settled", exc_info=error)

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pace(self, world: World) -> _Pace:
        pace = self._paces.get(world.id)
        if pace is None or pace.world is not world:
            pace = self._paces[world.id] = _Pace(world, self._deliver, self._edge, self._arm)
        return pace

    async def _forget(self, world: World) -> None:
        pace = self._paces.get(world.id)
        if pace is not None and pace.world is world:
            del self._paces[world.id]
            pace.disarm()
            await pace.sender.stop()

    def _send(self, pace: _Pace) -> None:
        """Send what is due; set a running world's timer for what is due next.

        A jumping world is set going.
        """
        pace.sender.send()
        self._arm(pace)
        if pace.world.clock_mode != "jumping" or pace.lock.locked() or not (pace.jump is None or pace.jump.done()):
            return
        if not pace.sender.idle or pace.world.next_jump() is not None:
            pace.jump = asyncio.ensure_future(self._jump(pace))
            self._tasks.add(pace.jump)
            pace.jump.add_done_callback(self._finish_task)

    async def _jump(self, pace: _Pace) -> None:
        """Go on to what is due next, until nothing is, one thing after the other."""
        world = pace.world
        async with pace.lock:
            await pace.sender.settle()
            while world.clock_mode == "jumping" and self._paces.get(world.id) is pace:
                due = world.next_jump()
                if due is None:
                    return
                await pace.sender.settle(due)
                self.moved(world)

    def _arm(self, pace: _Pace) -> None:
        target = self._edge.target_ms(pace.world)
        due = None if target is None else pace.world.next_due()
        if target is None or due is None or due > LATEST_MS:  # beyond the end of time nothing happens
            pace.disarm()
        elif due != pace.armed_ms:
            pace.disarm()
            pace.armed_ms = due
            call_later = self._call_later or asyncio.get_running_loop().call_later
            wait = max(due - target, 0) / 1000 / pace.world.clock_rate
            pace.timer = call_later(min(wait, _LONGEST_SLEEP), lambda: self._ring(pace))

    def _ring(self, pace: _Pace) -> None:
        pace.disarm()
        if not pace.lock.locked():  # who holds it arms the timer afterwards
            pace.come_up()
            self._send(pace)
            self.moved(pace.world)
