"""Clocks that run at a rate, and clocks that jump to what is due next; time is injected."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.http.clocks import Clocks
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.pushes.outcomes import Outcome
from tests.mockserver.http.test_clocks import CheckContext, X

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from privnum.mockserver.pushes.push import Push


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test of pytest of a coroutine function."""

    @functools.wraps(test)
    def run(**given: Any) -> None:
        asyncio.run(test(**given))

    return run


@in_a_loop
async def test_a_clock_runs_at_a_rate() -> None:
    context = CheckContext(clock={"mode": "running", "now": "2026-03-01T00:00:00Z", "rate": 60})
    context.now += 10_000
    answer = orjson.loads((await context.clocks.command("GET", "/_privnum/worlds/w/clock", "", b"")).body)
    assert answer == {"mode": "running", "now": "2026-03-01T00:10:00Z", "rate": 60}
    await context.clocks.command("POST", "/_privnum/worlds/w/clock", "", b'{"mode":"running","rate":2}')
    context.now += 10_000
    answer = orjson.loads((await context.clocks.command("GET", "/_privnum/worlds/w/clock", "", b"")).body)
    assert answer == {"mode": "running", "now": "2026-03-01T00:10:20Z", "rate": 2}


@in_a_loop
async def test_what_is_due_comes_sooner_by_the_rate() -> None:
    context = CheckContext(clock={"mode": "running", "now": "2026-03-01T00:00:00Z", "rate": 60})
    call = orjson.dumps({"caller": "+8613800000001", "called": X, "caller_hangs_up_after": 120})
    context.world.bind(Pair("s", context.world.numbers[X], "+8613800000001", "+8613900000002", context.world.now_ms))
    await context.clocks.command("POST", "/_privnum/worlds/w/calls", "", call)
    assert context.armed == [pytest.approx(2 / 60)]


@pytest.mark.parametrize("message", [{"rate": 60}, {"mode": "jumping", "rate": 2}, {"mode": "frozen", "rate": 1}])
@in_a_loop
async def test_a_rate_is_of_a_running_clock_alone(message: dict[str, Any]) -> None:
    context = CheckContext(clock={"mode": "frozen"})
    answer = await context.clocks.command("POST", "/_privnum/worlds/w/clock", "", orjson.dumps(message))
    assert answer.status == 400
    assert b"a rate is for a running clock" in answer.body
    assert context.world.clock_view() == {"mode": "frozen", "now": "2026-03-01T00:00:00Z"}


@in_a_loop
async def test_a_jumping_clock_goes_through_a_call_and_stops_before_the_end_of_a_binding() -> None:
    context = CheckContext(clock={"mode": "jumping", "now": "2026-03-01T00:00:00Z"})
    context.clocks = Clocks(context.edge, context.deliver, context.set_alarm)
    pair = Pair("s", context.world.numbers[X], "+8613800000001", "+8613900000002", context.world.now_ms)
    pair.duration = 86_400
    context.world.bind(pair)
    call = orjson.dumps({"caller": "+8613800000001", "called": X, "caller_hangs_up_after": 3600})
    answer = orjson.loads((await context.clocks.command("POST", "/_privnum/worlds/w/calls", "", call)).body)
    assert (answer["state"], answer["ended_at"], answer["release_cause_text"] != "") == (
        "ended", "2026-03-01T01:00:00Z", True,
    )  # fmt: skip
    assert context.sent == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
    assert context.world.bindings.get("s") is pair
    assert context.world.clock_view()["now"] < "2026-03-01T01:10:00Z"
    assert context.armed == []


@in_a_loop
async def test_a_jumping_clock_waits_for_an_answer_to_a_push_and_repeats_one_that_failed() -> None:
    context = CheckContext(clock={"mode": "jumping", "now": "2026-03-01T00:00:00Z"})
    outcomes = iter(["500", "500"])

    async def deliver(push: Push) -> Outcome:
        context.sent.append(str(context.world.clock_view()["now"]))
        return Outcome(next(outcomes, "200"))

    context.clocks = Clocks(context.edge, deliver, context.set_alarm)
    status = orjson.dumps({"status": "9"})
    await context.clocks.command("PATCH", f"/_privnum/worlds/w/numbers/%2B{X[1:]}", "", status)
    assert context.sent == ["2026-03-01T00:00:00Z", "2026-03-01T00:01:00Z", "2026-03-01T00:04:00Z"]


@in_a_loop
async def test_a_jumping_clock_that_was_dropped_goes_no_further() -> None:
    context = CheckContext(clock={"mode": "jumping", "now": "2026-03-01T00:00:00Z"})
    context.gate = asyncio.Event()
    status = orjson.dumps({"status": "9"})
    await context.clocks.command("PATCH", f"/_privnum/worlds/w/numbers/%2B{X[1:]}", "", status)
    await context.clocks.command("DELETE", "/_privnum/worlds/w", "", b"")
    await context.rest()
    assert not context.clocks._tasks


@in_a_loop
async def test_what_is_due_comes_sooner_when_the_clock_is_set_nearer_to_it_or_faster() -> None:
    """The timer is set anew, though the same thing is due at the same time of the world."""
    context = CheckContext()
    context.bind(50)
    await context.command("POST", "/w/clock", {"advance_seconds": 10})
    assert context.armed == [40]
    await context.command("POST", "/w/clock", {"mode": "running", "rate": 4})
    assert context.armed == [10]
