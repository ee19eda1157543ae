"""Running clocks and settled answers, with injected time: no test sleeps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.bindings import Pair
from privnum.mockserver.edge import Edge
from privnum.mockserver.http.clocks import Clocks
from privnum.mockserver.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.outbox import Push
    from privnum.mockserver.pump import Outcome
    from privnum.mockserver.world import World

X = "+8617000000001"
WORLD = {
    "id": "w",
    "clock": {"mode": "running", "now": "2026-03-01T00:00:00Z"},
    "applications": [{"mode": "AXB", "numbers": [X], "event_url": "http://c/e", "fee_url": "http://c/f"}],
}


class Alarm:
    """A timer that rings when the test says so."""

    def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
        self.seconds = seconds
        self.ring = ring
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Bench:
    """Clocks over a platform with one world, a settable edge time, and the timers that were set."""

    def __init__(self, **spec: Any) -> None:
        self.now = 1_700_000_000_000
        self.platform = Platform()
        self.world = self.platform.create_world({**WORLD, **spec})
        self.edge = Edge(self.platform, lambda: self.now)
        self.alarms: list[Alarm] = []
        self.sent: list[str] = []
        self.gate: asyncio.Event | None = None
        self.clocks = Clocks(self.edge, self.deliver, self.set_alarm)

    async def deliver(self, push: Push) -> Outcome:
        self.sent.append(orjson.loads(push.body)["eventType"])
        if self.gate is not None:
            await self.gate.wait()
        return "200", b""

    def set_alarm(self, seconds: float, ring: Callable[[], None]) -> Alarm:
        self.alarms.append(Alarm(seconds, ring))
        return self.alarms[-1]

    @property
    def armed(self) -> list[float]:
        return [alarm.seconds for alarm in self.alarms if not alarm.cancelled]

    async def pass_time(self, seconds: float) -> None:
        """Let real time pass; the timers that are due by then ring."""
        self.now += int(seconds * 1000)
        for alarm in self.alarms:
            alarm.seconds -= seconds
        due = [alarm for alarm in self.alarms if alarm.seconds <= 0 and not alarm.cancelled]
        for alarm in due:
            alarm.cancelled = True
            alarm.ring()
        await self.rest()

    @staticmethod
    async def rest() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def command(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.clocks.command(method, f"/_privnum/worlds{path}", "", orjson.dumps(body) if body else b"")
        assert answer.status < 300, answer
        return orjson.loads(answer.body) if answer.body else None

    def request(self) -> None:
        self.clocks.visit(self.world, self.now)
        self.clocks.after("/rest")

    def bind(self, seconds: int) -> None:
        binding = Pair("s", self.world.numbers[X], "+8613800000001", "+8613900000002", self.world.now_ms)
        binding.duration = seconds
        self.world.bind(binding)


def start_ms(world: World) -> int:
    return 1_772_323_200_000  # 2026-03-01T00:00:00Z


def test_a_running_world_follows_edge_time_at_its_offset() -> None:
    async def run() -> None:
        bench = Bench()
        bench.clocks.start()
        assert bench.armed == []  # nothing is due, so nothing is watched
        await bench.pass_time(1.25)
        bench.clocks.visit(bench.world, bench.now)
        assert bench.world.now_ms == start_ms(bench.world) + 1250
        assert (await bench.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:01.250Z"

    asyncio.run(run())


def test_a_timer_is_set_for_the_next_due_instant_and_not_again() -> None:
    async def run() -> None:
        bench = Bench()
        bench.bind(60)
        for _ in range(3):
            bench.request()
        assert bench.armed == [60.0]
        assert len(bench.alarms) == 1
        await bench.pass_time(59.999)
        assert len(bench.world.bindings) == 1
        await bench.pass_time(0.001)
        assert len(bench.world.bindings) == 0
        assert bench.armed == []

    asyncio.run(run())


def test_a_call_runs_through_in_real_time() -> None:
    async def run() -> None:
        bench = Bench()
        bench.bind(0)
        caller = {"caller": "+8613800000001", "called": X, "callee": {"hang_up_after": 10}}
        await bench.command("POST", "/w/calls", caller)
        assert bench.sent == ["callin", "callout"]
        for _ in range(30):
            await bench.pass_time(0.5)
        assert bench.sent == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]

    asyncio.run(run())


def test_world_time_stands_still_while_a_push_is_under_way_and_catches_up() -> None:
    async def run() -> None:
        bench = Bench()
        bench.bind(2)
        bench.gate = asyncio.Event()
        call = asyncio.ensure_future(bench.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X}))
        await bench.rest()
        await bench.pass_time(5)
        bench.clocks.visit(bench.world, bench.now)
        assert bench.world.now_ms == start_ms(bench.world)
        assert len(bench.world.bindings) == 1
        assert not call.done()
        bench.gate.set()
        await call
        await bench.pass_time(0)
        assert bench.world.now_ms == start_ms(bench.world) + 5000
        assert len(bench.world.bindings) == 0

    asyncio.run(run())


def test_an_advance_shifts_a_running_clock_for_good() -> None:
    async def run() -> None:
        bench = Bench()
        await bench.pass_time(1)
        assert (await bench.command("POST", "/w/clock", {"advance_seconds": 3600}))["now"] == "2026-03-01T01:00:01Z"
        await bench.pass_time(1)
        assert (await bench.command("GET", "/w/clock"))["now"] == "2026-03-01T01:00:02Z"

    asyncio.run(run())


def test_a_frozen_world_stands_and_goes_on_where_it_stood() -> None:
    async def run() -> None:
        bench = Bench()
        bench.bind(60)
        await bench.pass_time(1)
        assert (await bench.command("POST", "/w/clock", {"mode": "frozen"}))["mode"] == "frozen"
        assert bench.armed == []
        await bench.pass_time(600)
        assert (await bench.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:01Z"
        await bench.command("POST", "/w/clock", {"mode": "running"})
        assert bench.armed == [59.0]
        await bench.pass_time(1)
        assert (await bench.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:02Z"

    asyncio.run(run())


def test_a_world_made_later_runs_too_and_a_dropped_one_no_more() -> None:
    async def run() -> None:
        bench = Bench()
        await bench.command("POST", "", {"id": "later", "clock": {"mode": "running", "now": "2030-01-01T00:00:00Z"}})
        await bench.pass_time(2)
        assert (await bench.command("GET", "/later/clock"))["now"] == "2030-01-01T00:00:02Z"
        bench.bind(60)
        bench.request()
        assert len(bench.armed) == 1
        await bench.command("DELETE", "/w")
        assert bench.armed == []
        assert [world.id for world in bench.edge.offsets] == ["later"]

    asyncio.run(run())


def test_an_advance_is_answered_when_every_push_has_its_outcome() -> None:
    async def run() -> None:
        bench = Bench(clock={"mode": "frozen"})
        bench.bind(0)
        bench.gate = asyncio.Event()
        bench.gate.set()
        await bench.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        bench.gate.clear()
        advance = asyncio.ensure_future(bench.command("POST", "/w/clock", {"advance_seconds": 3}))
        await bench.rest()
        assert bench.sent[-1] == "alerting"
        assert not advance.done()
        bench.gate.set()
        await advance
        assert {push["state"] for push in (await bench.command("GET", "/w/pushes"))["pushes"]} == {"delivered"}

    asyncio.run(run())


def test_two_advances_at_once_follow_each_other() -> None:
    async def run() -> None:
        bench = Bench(clock={"mode": "frozen"})
        bench.bind(0)
        await bench.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        body = {"advance_seconds": 60}
        told = await asyncio.gather(*(bench.command("POST", "/w/clock", body) for _ in range(3)))
        assert [clock["now"][14:19] for clock in told] == ["01:00", "02:00", "03:00"]

    asyncio.run(run())


def test_one_worlds_open_push_does_not_hold_up_another_world() -> None:
    async def run() -> None:
        bench = Bench(clock={"mode": "frozen"})
        bench.bind(0)
        bench.gate = asyncio.Event()
        call = asyncio.ensure_future(bench.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X}))
        await bench.rest()
        await bench.command("POST", "", {"id": "other"})
        told = await bench.command("POST", "/other/clock", {"advance_seconds": 86400})
        assert told["now"] == "2026-03-02T00:00:00Z"
        assert not call.done()
        await bench.clocks.stop()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(run())
