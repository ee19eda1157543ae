"""Running clocks and settled answers, with injected time: no test sleeps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.control.edge import Edge
from privnum.mockserver.core.timestamps import LATEST_MS
from privnum.mockserver.http.clocks import Clocks
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.pushes.outcomes import Outcome
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import push_views

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

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


class CheckContext:
    """Clocks over a platform with one world, a settable edge time, and the timers that were set."""

    def __init__(self, **spec: Any) -> None:
        self.now = 1_700_000_000_000
        self.platform = Platform()
        self.world = self.platform.create_world({**WORLD, **spec})
        self.edge = Edge(self.platform, lambda: self.now)
        self.alarms: list[Alarm] = []
        self.sent: list[str] = []
        self.gate: asyncio.Event | None = None
        self.quick: set[str] = set()
        self.clocks = Clocks(self.edge, self.deliver, self.set_alarm, patience_seconds=0)

    async def deliver(self, push: Push) -> Outcome:
        self.sent.append(orjson.loads(push.body)["eventType"])
        if self.gate is not None and push.url not in self.quick:
            await self.gate.wait()
        return Outcome("200")

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
        await self.ring()

    async def ring(self) -> None:
        """Let the timers ring whose time has come."""
        due = [alarm for alarm in self.alarms if alarm.seconds <= 0 and not alarm.cancelled]
        for alarm in due:
            alarm.cancelled = True
            alarm.ring()
        await self.rest()

    @staticmethod
    async def rest() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def command(self, method: str, path: str, body: Any = None, *, status: int = 0, **how: Any) -> Any:
        sent = orjson.dumps(body) if body else b""
        answer = await self.clocks.command(method, f"/_privnum/worlds{path}", "", sent, **how)
        assert answer.status == status or (not status and answer.status < 300), answer
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
        context = CheckContext()
        context.clocks.start()
        assert context.armed == []  # nothing is due, so nothing is watched
        await context.pass_time(1.25)
        context.clocks.visit(context.world, context.now)
        assert context.world.now_ms == start_ms(context.world) + 1250
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:01.250Z"

    asyncio.run(run())


def test_a_timer_is_set_for_the_next_due_instant_and_not_again() -> None:
    async def run() -> None:
        context = CheckContext()
        context.bind(60)
        for _ in range(3):
            context.request()
        assert context.armed == [60.0]
        assert len(context.alarms) == 1
        await context.pass_time(59.999)
        assert len(context.world.bindings) == 1
        await context.pass_time(0.001)
        assert len(context.world.bindings) == 0
        assert context.armed == []

    asyncio.run(run())


def test_a_call_runs_through_in_real_time() -> None:
    async def run() -> None:
        context = CheckContext()
        context.bind(0)
        caller = {"caller": "+8613800000001", "called": X, "callee": {"hang_up_after": 10}}
        await context.command("POST", "/w/calls", caller)
        await context.rest()
        assert context.sent == ["callin", "callout"]
        for _ in range(30):
            await context.pass_time(0.5)
        assert context.sent == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]

    asyncio.run(run())


def test_a_running_world_waits_for_no_receiver() -> None:
    """Twenty calls are pushed to nobody who answers: messages are answered, bindings end, others get their pushes."""

    async def run() -> None:
        quick = {"mode": "AXB", "numbers": ["+8617000000009"], "event_url": "http://quick/", "fee_url": "http://quick/"}
        context = CheckContext(applications=[*WORLD["applications"], quick])
        context.quick.add("http://quick/")
        context.gate = asyncio.Event()
        context.bind(20)
        for _ in range(20):
            await context.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        await context.pass_time(22)
        context.request()
        assert len(context.world.bindings) == 0
        assert context.world.now_ms == start_ms(context.world) + 22_000
        await context.command("POST", "/w/calls", {"caller": "+8613800000009", "called": "+8617000000009"})
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:22Z"
        assert (await context.command("POST", "/w/clock", {"advance_seconds": 60}))["now"] == "2026-03-01T00:01:22Z"
        told = (await context.command("GET", "/w/pushes"))["pushes"]
        arrived = [push["body"]["eventType"] for push in told if push["url"] in context.quick and push["attempts"]]
        assert sorted(arrived) == ["callin", "disconnect", "fee"]
        assert {push["state"] for push in told if push["url"] not in context.quick} == {"pending"}
        context.gate.set()
        await context.rest()
        told = (await context.command("GET", "/w/pushes"))["pushes"]
        assert told[0]["attempts"][0]["at"] == "2026-03-01T00:00:00Z", "when it was sent"
        await context.clocks.stop()

    asyncio.run(run())


def test_a_push_that_failed_is_repeated_in_time_where_nobody_looks() -> None:
    async def run() -> None:
        context = CheckContext()
        failures = iter([Outcome("timeout"), Outcome("500")])

        async def deliver(push: Push) -> Outcome:
            await CheckContext.deliver(context, push)
            return next(failures, Outcome("200"))

        context.clocks = Clocks(context.edge, deliver, context.set_alarm)
        await context.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        await context.rest()
        for _ in range(8):
            await context.pass_time(60)
        callin = push_views(context.world)[0]
        assert [attempt["at"][14:19] for attempt in callin["attempts"]] == ["00:00", "01:00"]

    asyncio.run(run())


def test_a_receiver_in_the_loop_that_waits_is_named_at_once() -> None:
    """A frozen world's call waits for its pushes; a thread that runs an event loop learns that it may wait in vain."""

    async def run() -> None:
        context = CheckContext(clock={"mode": "frozen"})
        context.bind(0)
        context.gate = asyncio.Event()
        call = {"caller": "+8613800000001", "called": X}
        told = await context.command("POST", "/w/calls", call, status=409, waits_in_loop=True)
        assert "event loop" in told["error"]
        assert "world.acall" in told["error"]
        context.gate.set()
        await context.rest()
        assert [push["state"] for push in push_views(context.world)] == ["delivered"] * 2, "the push goes on"
        await context.command("POST", "/w/clock", {"advance_seconds": 60}, waits_in_loop=True)
        assert context.sent[-2:] == ["alerting", "answer"]

    asyncio.run(run())


def test_what_is_due_happens_before_a_request_is_answered() -> None:
    """A laptop has slept for an hour, and no timer has rung: ends of bindings come first, in order."""

    async def run() -> None:
        context = CheckContext()
        context.bind(600)
        context.request()
        context.now += 3_600_000  # the wall clock alone
        context.request()
        assert len(context.world.bindings) == 0
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T01:00:00Z"
        context.bind(600)
        context.request()
        context.now += 3_600_000
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T02:00:00Z"
        assert len(context.world.bindings) == 0
        context.bind(60)
        context.request()
        context.now -= 3_600_000  # set back: world time stands, and goes on when the wall clock has come up to it
        context.request()
        assert len(context.world.bindings) == 1
        assert context.world.now_ms == start_ms(context.world) + 2 * 3_600_000

    asyncio.run(run())


def test_a_timer_looks_at_the_wall_clock_every_minute() -> None:
    """What is due in a day is not a day late where the machine slept meanwhile, and nobody has looked."""

    async def run() -> None:
        context = CheckContext()
        context.bind(86_400)
        context.request()
        context.now += 86_400_000  # asleep
        assert context.armed == [60.0]
        await context.pass_time(60)
        assert len(context.world.bindings) == 0
        assert context.armed == []

    asyncio.run(run())


def test_at_the_end_of_time_no_timer_rings() -> None:
    """Nothing is due beyond it; the clock stands there, and what would be due later is never waited for."""

    async def run() -> None:
        context = CheckContext(clock={"mode": "running", "now": "9999-12-31T23:59:00Z"})
        context.bind(3600)
        context.request()
        assert context.armed == []
        await context.pass_time(7200)
        for _ in range(3):
            context.request()
            await context.ring()
        assert context.world.now_ms == LATEST_MS
        assert context.alarms == []
        context.gate = asyncio.Event()
        await context.command("POST", "/w/calls", {"caller": "+8613800000009", "called": X})
        assert context.armed == []
        await context.clocks.stop()

    asyncio.run(run())


def test_an_advance_shifts_a_running_clock_for_good() -> None:
    async def run() -> None:
        context = CheckContext()
        await context.pass_time(1)
        assert (await context.command("POST", "/w/clock", {"advance_seconds": 3600}))["now"] == "2026-03-01T01:00:01Z"
        await context.pass_time(1)
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T01:00:02Z"

    asyncio.run(run())


def test_a_frozen_world_stands_and_goes_on_where_it_stood() -> None:
    async def run() -> None:
        context = CheckContext()
        context.bind(60)
        await context.pass_time(1)
        assert (await context.command("POST", "/w/clock", {"mode": "frozen"}))["mode"] == "frozen"
        assert context.armed == []
        await context.pass_time(600)
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:01Z"
        await context.command("POST", "/w/clock", {"mode": "running"})
        assert context.armed == [59.0]
        await context.pass_time(1)
        assert (await context.command("GET", "/w/clock"))["now"] == "2026-03-01T00:00:02Z"

    asyncio.run(run())


def test_a_world_made_later_runs_too_and_a_dropped_one_no_more() -> None:
    async def run() -> None:
        context = CheckContext()
        await context.command("POST", "", {"id": "later", "clock": {"mode": "running", "now": "2030-01-01T00:00:00Z"}})
        await context.pass_time(2)
        assert (await context.command("GET", "/later/clock"))["now"] == "2030-01-01T00:00:02Z"
        context.bind(60)
        context.request()
        assert len(context.armed) == 1
        await context.command("DELETE", "/w")
        assert context.armed == []
        assert [world.id for world in context.edge.offsets] == ["later"]

    asyncio.run(run())


def test_an_advance_is_answered_when_every_push_has_its_outcome() -> None:
    async def run() -> None:
        context = CheckContext(clock={"mode": "frozen"})
        context.bind(0)
        context.gate = asyncio.Event()
        context.gate.set()
        await context.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        context.gate.clear()
        advance = asyncio.ensure_future(context.command("POST", "/w/clock", {"advance_seconds": 3}))
        await context.rest()
        assert context.sent[-1] == "alerting"
        assert not advance.done()
        context.gate.set()
        await advance
        assert {push["state"] for push in (await context.command("GET", "/w/pushes"))["pushes"]} == {"delivered"}

    asyncio.run(run())


def test_two_advances_at_once_follow_each_other() -> None:
    async def run() -> None:
        context = CheckContext(clock={"mode": "frozen"})
        context.bind(0)
        await context.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X})
        body = {"advance_seconds": 60}
        told = await asyncio.gather(*(context.command("POST", "/w/clock", body) for _ in range(3)))
        assert [clock["now"][14:19] for clock in told] == ["01:00", "02:00", "03:00"]

    asyncio.run(run())


def test_one_worlds_open_push_does_not_hold_up_another_world() -> None:
    async def run() -> None:
        context = CheckContext(clock={"mode": "frozen"})
        context.bind(0)
        context.gate = asyncio.Event()
        call = asyncio.ensure_future(context.command("POST", "/w/calls", {"caller": "+8613800000001", "called": X}))
        await context.rest()
        await context.command("POST", "", {"id": "other"})
        told = await context.command("POST", "/other/clock", {"advance_seconds": 86400})
        assert told["now"] == "2026-03-02T00:00:00Z"
        assert not call.done()
        await context.clocks.stop()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(run())
