"""The pump: sends what is due and moves a world's clock.

It goes from one due instant to the next, in two shells.

The time of a frozen world stands still while a push of the present instant is under way: every push of an instant gets
its outcome before the next instant begins. A running world's time waits for nobody (http/clocks.py). What a receiver's
answer makes due does not depend on when other receivers answer, so both shells come to the same state.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from privnum.mockserver.pushes.addresses import receiver_of
from privnum.mockserver.pushes.outcomes import ERROR, NO_TRIP, Outcome, Trip

if TYPE_CHECKING:
    from privnum.mockserver.pushes.outbox import Outbox
    from privnum.mockserver.pushes.push import Push

__all__ = ["AsyncDeliver", "Pushing", "Sender", "bring_up", "settle"]

Deliver = Callable[["Push"], Outcome]
AsyncDeliver = Callable[["Push"], Awaitable[Outcome]]

#: Pushes of one world to one receiver that are under way at once.
_AT_ONCE = 64
#: Instants after which a long advance lets other worlds have their turn.
_INSTANTS_PER_TURN = 32

_log = logging.getLogger("privnum.pump")


class Pushing(Protocol):
    """What sends pushes and has a clock: a world."""

    @property
    def now_ms(self) -> int:
        """Where its clock stands."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What its pushes are in."""
        ...

    def take_pushes(self) -> Sequence[Push]:
        """Return what is due now; it is under way then."""
        ...

    def record_outcome(
        self, push: Push, outcome: str, body: bytes = b"", detail: str = "", trip: Trip = NO_TRIP
    ) -> None:
        """Enter the outcome of an attempt."""
        ...

    def run_next_instant(self, limit_ms: int) -> bool:
        """Go on to the next instant at which something is due, or to the limit."""
        ...


def settle(world: Pushing, deliver: Deliver, until_ms: int | None = None) -> None:
    """Send every push that is due, one after the other.

    With `until_ms`, let world time pass to that instant.

    Raises:
        RuntimeError: `until_ms` was given while a push of this world is being delivered; time stands still then.
    """
    while True:
        while pushes := world.take_pushes():
            outcomes = [ERROR] * len(pushes)
            try:
                for i, push in enumerate(pushes):
                    outcomes[i] = _try_delivery(deliver, push)
            finally:
                for push, outcome in zip(pushes, outcomes, strict=True):
                    world.record_outcome(push, *outcome)
        if until_ms is None or not world.run_next_instant(until_ms):
            return


def bring_up(world: Pushing, until_ms: int) -> None:
    """Let a running world's time pass to an instant; send nothing.

    What is due until then happens, in order.
    """
    while world.run_next_instant(until_ms):
        pass


class Sender:
    """Sends the pushes of one world.

    To different receivers side by side, those of one call one after the other.

    Args:
        world: whose pushes.
        deliver: sends a push.
        before_outcome, after_outcome: called before and after the outcome of an attempt is entered.
    """

    def __init__(
        self,
        world: Pushing,
        deliver: AsyncDeliver,
        before_outcome: Callable[[], None] = lambda: None,
        after_outcome: Callable[[], None] = lambda: None,
    ) -> None:
        self._world = world
        self._deliver = deliver
        self._before_outcome = before_outcome
        self._after_outcome = after_outcome
        #: What waits by receiver; a push stands there with its second copy, if the world sends one.
        self._queues: dict[str, deque[list[Push]]] = {}
        self._workers: dict[str, set[asyncio.Task[None]]] = {}
        self._emptied = world.outbox.emptied
        self._changed = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way, and nothing is due."""
        return not self._workers and not self._world.outbox.waiting

    def send(self) -> None:
        """Send what is due; returns at once."""
        if self._world.outbox.emptied != self._emptied:
            self._emptied = self._world.outbox.emptied
            self._give_up()
        for _, copies in itertools.groupby(self._world.take_pushes(), key=lambda push: push.id):
            job = list(copies)
            receiver = receiver_of(job[0].url)
            self._queues.setdefault(receiver, deque()).append(job)
            workers = self._workers.setdefault(receiver, set())
            if len(workers) < _AT_ONCE:
                worker = asyncio.ensure_future(self._work(receiver))
                workers.add(worker)

    async def settle(self, until_ms: int | None = None) -> None:
        """Send every push that is due.

        With `until_ms`, let world time pass to that instant, with all that it brings.

        Each instant is over before the next begins. Gives way to other tasks every few instants.
        """
        instants = 0
        while True:
            self.send()
            while not self.idle:
                await self._next_change()
            if until_ms is None or not self._world.run_next_instant(until_ms):
                return
            instants += 1
            if instants % _INSTANTS_PER_TURN == 0:
                await asyncio.sleep(0)

    async def wait(self) -> None:
        """Send every due push, and wait until none is under way.

        Or until world time goes on.
        """
        self.send()
        now_ms = self._world.now_ms
        while not self.idle and self._world.now_ms == now_ms:
            await self._next_change()

    async def _next_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    async def stop(self) -> None:
        """Give up what is under way."""
        await asyncio.gather(*self._give_up(), return_exceptions=True)

    def _give_up(self) -> list[asyncio.Task[None]]:
        workers = [worker for workers in self._workers.values() for worker in workers]
        queues = list(self._queues.values())
        jobs = [job for queue in queues for job in queue]
        self._queues, self._workers = {}, {}
        for worker in workers:
            worker.cancel()
        for queue in queues:
            queue.clear()
        for job in jobs:
            self._enter(job, [ERROR] * len(job))
        self._changed.set()
        return workers

    async def _work(self, receiver: str) -> None:
        """Send what waits for a receiver, until nothing does."""
        workers = self._workers[receiver]
        queue = self._queues[receiver]
        try:
            while queue:
                job = queue.popleft()
                outcomes = [ERROR] * len(job)
                try:
                    if len(job) == 1:
                        outcomes = [await _delivered_async(self._deliver, job[0])]
                    else:
                        outcomes = await asyncio.gather(*(_delivered_async(self._deliver, push) for push in job))
                finally:
                    # Also when the task is cancelled: a push without an outcome would stop the world's clock for good.
                    self._enter(job, outcomes)
                self.send()
                self._after_outcome()
        finally:
            me = asyncio.current_task()
            assert me is not None
            workers.discard(me)
            if not workers and self._workers.get(receiver) is workers:
                del self._workers[receiver], self._queues[receiver]
            self._changed.set()

    def _enter(self, job: list[Push], outcomes: list[Outcome]) -> None:
        self._before_outcome()
        for push, outcome in zip(job, outcomes, strict=True):
            self._world.record_outcome(push, *outcome)


def _try_delivery(deliver: Deliver, push: Push) -> Outcome:
    try:
        return deliver(push)
    except Exception:
        _log.exception("delivery of %s failed", push.id)
        return ERROR


async def _delivered_async(deliver: AsyncDeliver, push: Push) -> Outcome:
    try:
        return await deliver(push)
    except Exception:
        _log.exception("delivery of %s failed", push.id)
        return ERROR
