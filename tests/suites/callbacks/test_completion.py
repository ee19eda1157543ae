"""A message counts once, and the pushes of an ended call are waited for, in world time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.callbacks.completion import PATIENCE, is_complete
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.driver.protocol import CallView

ORDER = ["callin", "callout", "alerting", "answer", "disconnect"]


@pytest.fixture
def context(request: pytest.FixtureRequest) -> Iterator[CheckContext]:
    """A context on an embedded server with the variations that the test names."""
    session = Session(world_variations=request.param)
    context = CheckContext(session, "arrivals").open()
    yield context
    context.close()
    session.close()


def ended_call(context: CheckContext) -> CallView:
    """A call that has ended at this moment."""
    a, b = context.user(), context.user()
    context.axb.bind(a, b, context.axb.x())
    call = context.call(a, context.axb.x(), ring_after=1, answer_after=1, hang_up_after=1)
    context.advance(3)
    return context.look(call)


def kinds(context: CheckContext, call: CallView, *, at_once: bool = False) -> list[str]:
    return [push.event_type for push in context.events(call, at_once=at_once)]


@pytest.mark.parametrize("context", [["pushes.duplicated"]], indirect=True)
def test_a_message_that_comes_twice_counts_once(context: CheckContext) -> None:
    call = ended_call(context)
    assert kinds(context, call) == ORDER
    assert len(context.cdrs(call)) == 1
    assert len(context.pushes()) == 2 * len(context.messages()) == 2 * (len(ORDER) + 1)


@pytest.mark.parametrize("context", [[]], indirect=True)
def test_a_repeat_counts_once_and_another_message_of_the_kind_does_not(context: CheckContext) -> None:
    context.receiver.fail(1, kind="cdr")
    first = ended_call(context)
    second = context.call(first.caller, first.x, behaviour="busy")
    context.advance(70)
    assert len(context.cdrs(first)) == len(context.cdrs(second)) == 1
    assert [push.kind for push in context.pushes()].count("cdr") == 3


@pytest.mark.parametrize("shows", [True, False], ids=["by the driver's word", "without it"])
@pytest.mark.parametrize("context", [["pushes.late"], ["pushes.events_in_any_order"]], indirect=True)
def test_late_pushes_of_an_ended_call_are_waited_for(context: CheckContext, shows: bool) -> None:
    if not shows:
        context.session.capabilities -= {"pushes"}
    call = ended_call(context)
    assert len(kinds(context, call, at_once=True)) < len(ORDER)
    assert not is_complete(context, call, ORDER)
    before = context.now()
    assert sorted(kinds(context, call)) == sorted(ORDER)
    assert len(context.cdrs(call)) == 1
    assert is_complete(context, call, ORDER)
    assert 0 < (context.now() - before).total_seconds() <= 2 * PATIENCE


@pytest.mark.parametrize("context", [["pushes.late"]], indirect=True)
def test_nothing_is_waited_for_while_a_call_goes_on(context: CheckContext) -> None:
    a, b = context.user(), context.user()
    context.axb.bind(a, b, context.axb.x())
    call = context.call(a, context.axb.x())
    before = context.now()
    context.events(call)
    assert not context.cdrs(call)
    assert context.now() == before


@pytest.mark.parametrize("context", [[]], indirect=True)
def test_a_push_that_fails_is_not_waited_for(context: CheckContext) -> None:
    context.receiver.answer(500)
    call = ended_call(context)
    before = context.now()
    assert kinds(context, call) == ORDER
    assert context.now() == before
