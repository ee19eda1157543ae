"""A message counts once, and what an ended call is told by is waited for, in world time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.callbacks.completion import PATIENCE, in_full
from privnum.suites.runner.context import Bench
from privnum.suites.runner.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.driver.protocol import CallView

ORDER = ["callin", "callout", "alerting", "answer", "disconnect"]


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A bench on an embedded server with the variations that the test names."""
    session = Session(world_variations=request.param)
    bench = Bench(session, "arrivals").open()
    yield bench
    bench.close()
    session.close()


def ended(bench: Bench) -> CallView:
    """A call that has ended at this moment."""
    a, b = bench.user(), bench.user()
    bench.bind(a, b, bench.x())
    call = bench.call(a, bench.x(), ring_after=1, answer_after=1, hang_up_after=1)
    bench.advance(3)
    return bench.look(call)


def kinds(bench: Bench, call: CallView, *, at_once: bool = False) -> list[str]:
    return [push.event_type for push in bench.events(call, at_once=at_once)]


@pytest.mark.parametrize("bench", [["pushes.duplicated"]], indirect=True)
def test_a_message_that_comes_twice_counts_once(bench: Bench) -> None:
    call = ended(bench)
    assert kinds(bench, call) == ORDER
    assert len(bench.cdrs(call)) == 1
    assert len(bench.pushes()) == 2 * len(bench.messages()) == 2 * (len(ORDER) + 1)


@pytest.mark.parametrize("bench", [[]], indirect=True)
def test_a_repeat_counts_once_and_another_message_of_the_kind_does_not(bench: Bench) -> None:
    bench.receiver.fail(1, kind="cdr")
    first = ended(bench)
    second = bench.call(first.caller, first.x, behaviour="busy")
    bench.advance(70)
    assert len(bench.cdrs(first)) == len(bench.cdrs(second)) == 1
    assert [push.kind for push in bench.pushes()].count("cdr") == 3


@pytest.mark.parametrize("shows", [True, False], ids=["by the driver's word", "without it"])
@pytest.mark.parametrize("bench", [["pushes.late"], ["pushes.events_in_any_order"]], indirect=True)
def test_late_pushes_of_an_ended_call_are_waited_for(bench: Bench, shows: bool) -> None:
    if not shows:
        bench.session.capabilities -= {"pushes"}
    call = ended(bench)
    assert len(kinds(bench, call, at_once=True)) < len(ORDER)
    assert not in_full(bench, call, ORDER)
    before = bench.now()
    assert sorted(kinds(bench, call)) == sorted(ORDER)
    assert len(bench.cdrs(call)) == 1
    assert in_full(bench, call, ORDER)
    assert 0 < (bench.now() - before).total_seconds() <= 2 * PATIENCE


@pytest.mark.parametrize("bench", [["pushes.late"]], indirect=True)
def test_nothing_is_waited_for_while_a_call_goes_on(bench: Bench) -> None:
    a, b = bench.user(), bench.user()
    bench.bind(a, b, bench.x())
    call = bench.call(a, bench.x())
    before = bench.now()
    bench.events(call)
    assert not bench.cdrs(call)
    assert bench.now() == before


@pytest.mark.parametrize("bench", [[]], indirect=True)
def test_a_push_that_fails_is_not_waited_for(bench: Bench) -> None:
    bench.receiver.answer(500)
    call = ended(bench)
    before = bench.now()
    assert kinds(bench, call) == ORDER
    assert bench.now() == before
