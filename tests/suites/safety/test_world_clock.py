"""A run leaves the clock of a given world where it would be without the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.driver.protocol import Driver, moment
from privnum.suites.runner.context import CheckContext
from privnum.suites.transport.api import make_answer
from tests.suites.platforms import Platform

if TYPE_CHECKING:
    from datetime import datetime

    from privnum.suites.base.answer import Answer

YEARS = 10 * 365 * 86400


def now_of(platform: Platform) -> datetime:
    return moment(platform.driver.send("clock.get", world="there")["now"])


@pytest.mark.parametrize("mode", ["running", "frozen"])
def test_the_clock_is_put_back_after_the_run(mode: str) -> None:
    platform = Platform(clock=mode)
    began = now_of(platform)
    session = platform.session(clock=lambda: platform.slept, sleep=platform.sleep)
    context = CheckContext(session, "it").open()
    context.advance(YEARS)
    platform.sleep(30)
    context.close()
    assert (now_of(platform) - began).total_seconds() >= YEARS
    session.close()
    assert (now_of(platform) - began).total_seconds() == (30 if mode == "running" else 0)
    platform.sleep(7)
    assert (now_of(platform) - began).total_seconds() == (37 if mode == "running" else 0)


class PutsNoClock(Driver):
    """A driver that takes no `now`."""

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        if operation == "clock.set" and "now" in body:
            return make_answer(400, [], b'{"error": "now is not known here", "where": "now"}')
        return super().exchange(operation, body, query=query, **places)


def test_a_driver_that_cannot_put_it_back_leaves_it_ahead() -> None:
    platform = Platform()
    platform.driver = PutsNoClock(platform.transport)
    began = now_of(platform)
    session = platform.session(clock=lambda: platform.slept, sleep=platform.sleep)
    CheckContext(session, "it").open().advance(YEARS)
    session.close()
    assert (now_of(platform) - began).total_seconds() >= YEARS


def test_what_is_due_stays_due_when_the_clock_is_put_back() -> None:
    """Nothing happens by putting it; a binding ends when its time comes again."""
    platform = Platform(clock="frozen")
    context = CheckContext(platform.session(), "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    start = now_of(platform)
    context.axb.bind(a, b, x, duration=100)
    context.advance(50)
    text = start.isoformat().replace("+00:00", "Z")
    platform.driver.send("clock.set", {"now": text, "advance_seconds": 99}, world="there")
    assert (now_of(platform) - start).total_seconds() == 99
    assert context.axb.query(relationNum=x).ok
    platform.driver.send("clock.set", {"advance_seconds": 1}, world="there")
    assert context.axb.query(relationNum=x).code == "1012007"
