"""The pump: both shells come to the same state, in order, and one world never stalls another."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.pushes.outcomes import Outcome
from privnum.mockserver.pushes.pump import Sender, settle
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import push_views

if TYPE_CHECKING:
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

X = [f"+8617000000{i:03}" for i in range(200)]
DAY = 86_400_000


def world_with(platform: Platform, calls: int = 0, **spec: Any) -> World:
    """A world whose pushes go to http://c/; `calls` strangers call one X each, and are refused."""
    app = {"mode": "AXB", "numbers": X, "event_url": "http://c/e", "fee_url": "http://c/f"}
    world = platform.create_world({"applications": [app], **spec})
    for i in range(calls):
        world.place_call({"caller": "+8613800000001", "called": X[i]})
    return world


def push_rows(world: World) -> list[tuple[str, str, list[str]]]:
    """Every push with its state and outcomes."""
    return [(push["id"], push["state"], [a["outcome"] for a in push["attempts"]]) for push in push_views(world)]


def test_sync_pump_repeats_failed_pushes_until_given_up() -> None:
    """COM-PUSH-004: seven attempts in 300 minutes of world time, at once in real time."""
    world = world_with(Platform(), calls=1)
    urls: list[str] = []

    def deliver(push: Push) -> Outcome:
        urls.append(push.url)
        return Outcome("500")

    settle(world, deliver)
    assert urls
    settle(world, deliver, world.now_ms + DAY)
    assert len(urls) == 7 * 3  # callin, disconnect, CDR
    assert {state for _, state, _ in push_rows(world)} == {"given_up"}


def test_a_failing_deliverer_leaves_no_push_open() -> None:
    """Time would stand still for ever."""
    world = world_with(Platform(), calls=2)

    def deliver(push: Push) -> Outcome:
        raise ZeroDivisionError

    settle(world, deliver, world.now_ms + 1)
    assert {outcome for _, _, outcomes in push_rows(world) for outcome in outcomes} == {"error"}

    class Stop(BaseException):
        pass

    def raise_stop(push: Push) -> Outcome:
        raise Stop

    other = world_with(Platform(), calls=2)
    with pytest.raises(Stop):
        settle(other, raise_stop)
    assert not other.outbox.exchanging


def test_a_customer_who_asks_for_time_while_he_is_called_gets_an_error() -> None:
    world = world_with(Platform(), calls=1)
    errors: list[RuntimeError] = []

    def deliver(push: Push) -> Outcome:
        with pytest.raises(RuntimeError, match="time stands still") as caught:
            settle(world, deliver, world.now_ms + 1000)
        errors.append(caught.value)
        return Outcome("200")

    settle(world, deliver)
    assert errors
    assert {state for _, state, _ in push_rows(world)} == {"delivered"}


def test_both_shells_come_to_the_same_state() -> None:
    """Outcomes enter in the order of the outbox, whatever order they arrive in."""

    def outcome(push: Push) -> Outcome:
        return Outcome("200") if (int(push.id.removeprefix("push-")) + push.attempt) % 3 else Outcome("503")

    slow_first = iter(range(100_000, 0, -1))

    async def deliver(push: Push) -> Outcome:
        for _ in range(next(slow_first) % 50):  # later ones come back sooner
            await asyncio.sleep(0)
        return outcome(push)

    one = world_with(Platform(), calls=100)
    two = world_with(Platform(), calls=100)
    settle(one, outcome, one.now_ms + DAY)
    asyncio.run(Sender(two, deliver).settle(two.now_ms + DAY))
    assert push_rows(one) == push_rows(two)
    assert one.now_ms == two.now_ms


def test_what_is_drawn_does_not_depend_on_who_answers_first() -> None:
    """Nonces, ids and the order of repeats are the same whether the first or the last receiver is slow."""

    def run(slow: int) -> list[object]:
        world = world_with(Platform(), calls=20)
        sent: list[tuple[str, int, str]] = []

        async def deliver(push: Push) -> Outcome:
            sent.append((push.id, push.attempt, push.nonce))
            for _ in range(abs(slow - int(push.id.removeprefix("push-")))):
                await asyncio.sleep(0)
            return Outcome("503")

        asyncio.run(Sender(world, deliver).settle(world.now_ms + DAY))
        repeats = [id_ for id_, attempt, _ in sent if attempt == 2][:20]  # of each call the first
        return [sorted(sent), repeats, push_rows(world), world.identity.subscription_id()]

    assert run(0) == run(100)


def test_one_receivers_slowness_is_no_other_receivers() -> None:
    """A hundred calls' pushes go nowhere; the events of another application's call all arrive meanwhile."""
    apps = [
        {"mode": "AXB", "numbers": X, "event_url": "http://slow/e", "fee_url": "http://slow/f"},
        {"mode": "AXB", "numbers": ["+8617000000999"], "event_url": "http://quick/e", "fee_url": "http://quick/f"},
    ]
    world = Platform().create_world({"applications": apps, "assumptions": {"cdr.merge_seconds": 0}})
    for x in [*X[:100], "+8617000000999"]:
        world.place_call({"caller": "+8613800000001", "called": x})
    arrived: list[str] = []

    async def run() -> None:
        answers = asyncio.Event()

        async def deliver(push: Push) -> Outcome:
            if "slow" in push.url:
                await answers.wait()
            else:
                arrived.append(push.kind)
            return Outcome("200")

        settling = asyncio.ensure_future(Sender(world, deliver).settle())
        for _ in range(20):
            await asyncio.sleep(0)
        assert arrived.count("call_event") == 2
        assert not settling.done()
        answers.set()
        await settling

    asyncio.run(run())
    assert {state for _, state, _ in push_rows(world)} == {"delivered"}


def test_attempts_of_before_a_reset_hold_up_nothing() -> None:
    world = world_with(Platform(), calls=100)

    async def run() -> None:
        begun: list[str] = []

        async def deliver(push: Push) -> Outcome:
            begun.append(push.id)
            if len(begun) <= 64:
                await asyncio.Event().wait()
            return Outcome("200")

        sender = Sender(world, deliver)
        waiting = asyncio.ensure_future(sender.settle())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(begun) == 64
        world.reset()
        world.place_call({"caller": "+8613800000001", "called": X[0]})
        await sender.settle()
        await waiting
        await sender.stop()

    asyncio.run(run())
    assert {state for _, state, _ in push_rows(world)} == {"delivered"}


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
        return Outcome("200")

    asyncio.run(Sender(world, deliver).settle())
    assert most == 64
    assert {state for _, state, _ in push_rows(world)} == {"delivered"}


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
        await Sender(world, lambda push: asyncio.sleep(0, Outcome("200"))).settle(world.now_ms + DAY)
        task.cancel()

    asyncio.run(run())
    assert len(seen) > 100
    assert max(before - after for before, after in itertools.pairwise(seen)) < 100


def test_a_stopped_sender_leaves_no_push_open() -> None:
    world = world_with(Platform(), calls=2)

    async def never(push: Push) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> None:
        sender = Sender(world, never)
        sender.send()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert world.outbox.exchanging
        await sender.stop()
        assert not world.outbox.exchanging

    asyncio.run(run())
    assert not world.outbox.exchanging
    settle(world, lambda push: Outcome("200"), world.now_ms + 60_000)
    assert {state for _, state, _ in push_rows(world)} == {"delivered"}
