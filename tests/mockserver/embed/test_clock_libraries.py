"""A program's tests may stop the process's clock, or move it: by freezegun in Python, by time-machine below it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import freezegun
import pytest
import time_machine

from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle

    #: Moves a clock by so many seconds.
    Tick: TypeAlias = Callable[[int], object]
    Stopped: TypeAlias = Callable[[], AbstractContextManager[Tick]]

#: Of the clocks below, as a whole second.
BEGIN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1000)


@contextmanager
def frozen_clock(*, real_asyncio: bool = False) -> Iterator[Tick]:
    with freezegun.freeze_time(BEGIN, real_asyncio=real_asyncio) as clock:
        yield lambda seconds: clock.tick(timedelta(seconds=seconds))


@contextmanager
def travelled_clock() -> Iterator[Tick]:
    with time_machine.travel(BEGIN, tick=False) as clock:
        yield clock.shift


CLOCKS: dict[str, Stopped] = {
    "freezegun": frozen_clock,
    "freezegun, asyncio real": lambda: frozen_clock(real_asyncio=True),
    "time-machine": travelled_clock,
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("stopped", CLOCKS.values(), ids=CLOCKS.keys())
def test_a_running_world_follows_the_ticks(stopped: Stopped, live: LiveServer) -> None:
    """What is due by then has happened, in order, at the next look: no timer rings while the clock stands."""
    with stopped() as tick, live.world(clock={"mode": "running"}) as world:
        x, before = world.axb.numbers[0], world.now
        assert world.bind(A, B, x, duration=600)["resultcode"] == "0"
        call = world.call(A, x, caller_hangs_up_after=20)
        tick(3600)
        assert world.now - before == timedelta(hours=1)
        assert world.look(call).state == "ended"
        gone = world.request("axb.query", query={"relationNum": x})
        assert gone["resultcode"] == "1012007"
        assert world.bind(A, B, x)["resultcode"] == "0"
        assert [event["eventType"] for event in world.events][-1] == "disconnect"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("stopped", CLOCKS.values(), ids=CLOCKS.keys())
def test_a_server_that_is_made_while_the_clock_stands_pushes_and_signs(
    stopped: Stopped, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/").respond_with_data("")
    with stopped() as tick, LiveServer() as server, server.world() as world:
        world.send_pushes_to(httpserver.url_for("/"))
        x = world.axb.numbers[0]
        assert world.bind(A, B, x)["resultcode"] == "0"
        world.call(A, x, caller_hangs_up_after=20)
        tick(86_400)
        assert world.query(relationNum=x)["resultcode"] == "0"
        world.advance(60)
        assert {push.outcomes for push in world.pushes} == {("200",)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("stopped", CLOCKS.values(), ids=CLOCKS.keys())
def test_a_frozen_world_stands_whatever_the_clock_does(stopped: Stopped, world: WorldHandle) -> None:
    before = world.now
    with stopped() as tick:
        tick(-86_400)
        tick(10 * 86_400)
        assert world.now == before
        world.advance(5)
    assert world.now - before == timedelta(seconds=5)
