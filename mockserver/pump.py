"""The pump: moves a world's clock from one due instant to the next and sends what is due, in two shells.

World time stands still while an exchange of the present instant is open. Every push of an instant gets its outcome
(an answer, a refusal, a cap) before the next instant begins, and outcomes enter in the order of the outbox, whatever
order they arrived in. So both shells come to the same state.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privnum.mockserver.outbox import Push
    from privnum.mockserver.world import World

__all__ = ["AsyncDeliver", "Deliver", "Outcome", "settle", "settle_async"]

#: How an attempt ended, and the body of the customer's answer: the HTTP status as text, "timeout", "refused", "error".
Outcome = tuple[str, bytes]
Deliver = Callable[["Push"], Outcome]
AsyncDeliver = Callable[["Push"], Awaitable[Outcome]]

#: An attempt that was given up for a reason on our side.
_ERROR: Outcome = ("error", b"")
#: Pushes of one world that are under way at once.
_AT_ONCE = 64
#: Instants after which a long advance lets other worlds have their turn.
_INSTANTS_PER_TURN = 32

_log = logging.getLogger("privnum.pump")


def settle(world: World, deliver: Deliver, until_ms: int | None = None) -> None:
    """Send every push that is due, one after the other; with `until_ms`, let world time pass to that instant.

    Raises:
        RuntimeError: `until_ms` was given while a push of this world is being delivered; time stands still then.
    """
    while True:
        while pushes := world.take_pushes():
            outcomes = [_ERROR] * len(pushes)
            try:
                for i, push in enumerate(pushes):
                    outcomes[i] = _delivered(deliver, push)
            finally:
                _record(world, pushes, outcomes)
        if until_ms is None or not world.run_next_instant(until_ms):
            return


async def settle_async(world: World, deliver: AsyncDeliver, until_ms: int | None = None) -> None:
    """Send every push that is due, those of an instant at once; with `until_ms`, let world time pass to that instant.

    Gives way to other tasks every few instants. One caller at a time for each world.
    """
    instants = 0
    while True:
        while pushes := world.take_pushes():
            await _exchange(world, pushes, deliver)
        if until_ms is None or not world.run_next_instant(until_ms):
            return
        instants += 1
        if instants % _INSTANTS_PER_TURN == 0:
            await asyncio.sleep(0)


async def _exchange(world: World, pushes: Sequence[Push], deliver: AsyncDeliver) -> None:
    outcomes = [_ERROR] * len(pushes)
    waiting = iter(enumerate(pushes))

    async def work() -> None:
        for i, push in waiting:
            outcomes[i] = await _delivered_async(deliver, push)

    try:
        await asyncio.gather(*(work() for _ in range(min(_AT_ONCE, len(pushes)))))
    finally:
        # Also when the task is cancelled: a push without an outcome would stop the world's clock for good.
        _record(world, pushes, outcomes)


def _record(world: World, pushes: Sequence[Push], outcomes: Sequence[Outcome]) -> None:
    for push, (outcome, body) in zip(pushes, outcomes, strict=True):
        world.record_outcome(push, outcome, body)


def _delivered(deliver: Deliver, push: Push) -> Outcome:
    try:
        return deliver(push)
    except Exception:
        _log.exception("delivery of %s failed", push.id)
        return _ERROR


async def _delivered_async(deliver: AsyncDeliver, push: Push) -> Outcome:
    try:
        return await deliver(push)
    except Exception:
        _log.exception("delivery of %s failed", push.id)
        return _ERROR
