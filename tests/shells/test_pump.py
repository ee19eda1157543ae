"""The pump: both shells come to the same state, in order, and one world never stalls another."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.bindings import Pair
from privnum.mockserver.platform import Platform
from privnum.mockserver.pump import Outcome, settle, settle_async
from privnum.mockserver.world import World

if TYPE_CHECKING:
    from privnum.mockserver.outbox import Push

X = [f"+8617000000{i:03}" for i in range(200)]
DAY = 86_400_000


def world_with(platform: Platform, calls: int = 0, **spec: Any) -> World:
    """A world whose pushes go to http://c/; `calls` strangers call one X each, and are refused."""
    app = {"mode": "AXB", "numbers": X, "event_url": "http://c/e", "fee_url": "http://c/f"}
    world = platform.create_world({"applications": [app], **spec})
    for i in range(calls):
        world.place_call({"caller": "+8613800000001", "called": X[i]})
    return world


def told(world: World) -> list[tuple[str, str, list[str]]]:
    """Every push with its state and outcomes."""
    return [(push["id"], push["state"], [a["outcome"] for a in push["attempts"]]) for push in world.outbox.view()]


def test_sync_pump_repeats_failed_pushes_until_given_up() -> None:
    """COM-PUSH-004: seven attempts in 300 minutes of world time, at once in real time."""
    world = world_with(Platform(), calls=1)
    urls: list[str] = []

    def deliver(push: Push) -> Outcome:
        urls.append(push.url)
        return "500", b""

    settle(world, deliver)
    assert urls
    settle(world, deliver, world.now_ms + DAY)
    assert len(urls) == 7 * 3  # callin, disconnect, CDR
    assert {state for _, state, _ in told(world)} == {"given_up"}


def test_a_failing_deliverer_leaves_no_push_open() -> None:
    """Time would stand still for ever."""
    world = world_with(Platform(), calls=2)

    def deliver(push: Push) -> Outcome:
        raise ZeroDivisionError

    settle(world, deliver, world.now_ms + 1)
    assert {outcome for _, _, outcomes in told(world) for outcome in outcomes} == {"error"}

    class Stop(BaseException):
        pass

    def interrupted(push: Push) -> Outcome:
        raise Stop

    other = world_with(Platform(), calls=2)
    with pytest.raises(Stop):
        settle(other, interrupted)
    assert not other.outbox.exchanging


def test_a_customer_who_asks_for_time_while_he_is_called_gets_an_error() -> None:
    world = world_with(Platform(), calls=1)
    errors: list[RuntimeError] = []

    def deliver(push: Push) -> Outcome:
        with pytest.raises(RuntimeError, match="time stands still") as caught:
            settle(world, deliver, world.now_ms + 1000)
        errors.append(caught.value)
        return "200", b""

    settle(world, deliver)
    assert errors
    assert {state for _, state, _ in told(world)} == {"delivered"}


def test_both_shells_come_to_the_same_state() -> None:
    """Outcomes enter in the order of the outbox, whatever order they arrive in."""

    def outcome(push: Push) -> Outcome:
        return ("200", b"") if (int(push.id.removeprefix("push-")) + push.attempt) % 3 else ("503", b"")

    slow_first = iter(range(100_000, 0, -1))

    async def deliver(push: Push) -> Outcome:
        for _ in range(next(slow_first) % 50):  # later ones come back sooner
            await asyncio.sleep(0)
        return outcome(push)

    one = world_with(Platform(), calls=100)
    two = world_with(Platform(), calls=100)
    settle(one, outcome, one.now_ms + DAY)
    asyncio.run(settle_async(two, deliver, two.now_ms + DAY))
    assert told(one) == told(two)
    assert one.now_ms == two.now_ms


def test_outcomes_enter_in_outbox_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones sent are answered last, and entered first."""
    world = world_with(Platform(), calls=3)
    answered: list[str] = []
    entered: list[str] = []
    batch: list[str] = []
    record = World.record_outcome

    def recording(of: World, push: Push, outcome: str, body: bytes = b"") -> None:
        batch[:] = batch or answered
        entered.append(push.id)
        record(of, push, outcome, body)

    async def deliver(push: Push) -> Outcome:
        for _ in range(100 - int(push.id.removeprefix("push-"))):
            await asyncio.sleep(0)
        answered.append(push.id)
        return "200", b""

    monkeypatch.setattr(World, "record_outcome", recording)
    asyncio.run(settle_async(world, deliver))
    assert len(batch) > 2
    assert entered[: len(batch)] == batch[::-1]


def test_pushes_of_an_instant_are_sent_at_once_within_a_bound() -> None:
    world = world_with(Platform(), calls=200)
    under_way = most = 0

    async def deliver(push: Push) -> Outcome:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        return "200", b""

    asyncio.run(settle_async(world, deliver))
    assert most == 64
    assert {state for _, state, _ in told(world)} == {"delivered"}


def test_a_long_advance_lets_others_have_their_turn() -> None:
    """A binding expires every second for an hour and a half; another task runs all the while."""
    world = world_with(Platform())
    x = world.numbers[X[0]]
    for i in range(5000):
        binding = Pair(f"s{i}", x, f"+86138{i:08}", f"+86139{i:08}", world.now_ms)
        binding.duration = i + 1
        world.bind(binding)
    seen: list[int] = []

    async def other() -> None:
        while True:
            seen.append(len(world.bindings))
            await asyncio.sleep(0)

    async def run() -> None:
        task = asyncio.ensure_future(other())
        await settle_async(world, lambda push: asyncio.sleep(0, ("200", b"")), world.now_ms + DAY)
        task.cancel()

    asyncio.run(run())
    assert len(seen) > 100
    assert max(before - after for before, after in itertools.pairwise(seen)) < 100


def test_a_cancelled_pump_leaves_no_push_open() -> None:
    world = world_with(Platform(), calls=2)

    async def never(push: Push) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> None:
        task = asyncio.ensure_future(settle_async(world, never))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert world.outbox.exchanging
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert not world.outbox.exchanging
    settle(world, lambda push: ("200", b""), world.now_ms + 60_000)
    assert {state for _, state, _ in told(world)} == {"delivered"}
