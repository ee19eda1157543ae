"""Calls on a target that places them and has no clock: checks go on at once, and none begins that takes too long."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.checks import assertions as laws
from privnum.suites.checks.axb import scenarios as axb_laws
from privnum.suites.runner.check import check_of
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.fiber import Cancelled, CheckFiber
from privnum.suites.safety.limits import Guard, Limits
from privnum.suites.target.number_pool import Occupied, Pool
from tests.suites.gallery import parameters_of
from tests.suites.platforms import Platform
from tests.suites.runner.test_scheduler import Clockless, of_word, run_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from privnum.suites.runner.session import Session

EVENTS = "privnum.suites.checks.calls.test_events"
CDRS = "privnum.suites.checks.calls.test_cdrs"
CAUSES = "privnum.suites.checks.calls.test_causes"


def waiting(module: str, mode: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every check of the module that waits, of one mode where it is of several, with each set of its parameters."""
    for name, function in vars(importlib.import_module(module)).items():
        check = check_of(function)
        if check is None or not check.waits:
            continue
        for given in parameters_of(function):
            if given.get("mode", mode) == mode:
                words = "-".join(str(value) for word, value in given.items() if word != "mode")
                yield f"{name}[{words}]" if words else name, function, given


def without_clock(platform: Platform, **options: Any) -> Session:
    platform.driver = Clockless(platform.transport)
    return platform.session(clock=lambda: platform.slept, sleep=platform.sleep, **options)


@pytest.mark.parametrize(
    ("module", "passed"), [(EVENTS, 25), (CDRS, 16), (CAUSES, 11)], ids=["events", "CDRs", "causes"]
)
def test_checks_with_calls_go_on_at_once(module: str, passed: int) -> None:
    platform = Platform()
    outcomes = run_all(without_clock(platform, max_wait=40), module, partial(waiting, mode="AXB"))
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert len(of_word(outcomes, "passed")) >= passed
    untried = [outcomes[name] for name in of_word(outcomes, "not_exercised")]
    assert all("--max-wait is 40" in outcome or "tones" in outcome for outcome in untried)
    assert platform.slept < 3 * 40


def test_no_call_is_placed_for_a_check_that_would_take_too_long() -> None:
    platform = Platform()
    session = without_clock(platform, max_wait=1)
    outcomes = run_all(session, CDRS, partial(waiting, mode="AXB"))
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert of_word(outcomes, "not_exercised") == outcomes.keys() - of_word(outcomes, "passed")
    calls = session.driver.send("calls.list", world="there")["calls"]
    assert all(call["forwarded_to"] is None for call in calls)


def test_no_more_calls_are_placed_than_may_be() -> None:
    platform = Platform()
    guard = Guard(platform.target(driver=True), Limits(calls=10))
    outcomes = run_all(without_clock(platform, max_wait=40, guard=guard), EVENTS, partial(waiting, mode="AXB"))
    assert guard.spent.calls == 10
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert any("--max-calls" in outcome for outcome in outcomes.values())


def test_few_users_call_one_after_the_other() -> None:
    platform = Platform()
    few = {"mobile": Pool(prefix="+861380000000", width=1, count=8)}
    session = without_clock(platform, max_wait=40, pools=few)
    outcomes = run_all(session, EVENTS, partial(waiting, mode="AXB"))
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert len(of_word(outcomes, "passed")) >= 25
    assert session.leased == set()


@pytest.mark.parametrize("lost", ["alerting", "disconnect", "fee"])
def test_a_push_that_does_not_come_is_missed(lost: str) -> None:
    platform = Platform()
    take = platform.receiver.take

    def forgetful(method: str, path: str, headers: Any, raw: bytes) -> Any:
        if orjson.loads(raw)["eventType"] == lost:
            return take("POST", "/push/nobody/events", {}, b"{}")
        return take(method, path, headers, raw)

    platform.receiver.take = forgetful  # type: ignore[method-assign]
    outcomes = run_all(
        without_clock(platform, max_wait=40), CDRS if lost == "fee" else EVENTS, partial(waiting, mode="AXB")
    )
    failed = of_word(outcomes, "failed")
    assert (
        "test_every_call_has_one_cdr[answer]" if lost == "fee" else "test_events_of_an_answered_call[caller]"
    ) in failed


def test_pushes_of_several_checks_go_to_each_its_own() -> None:
    platform = Platform()
    session = without_clock(platform, max_wait=40)
    host = CheckContext(session, "the first").open()
    one, other = (CheckContext(session, name, host=host.receiver).open() for name in ("one", "other"))
    calls = []
    for context in (one, other):
        pair = axb_laws.bind_users(context)
        calls.append(laws.completed_call(context, pair.a, pair.x, hang_up_after=1))
    for context, call in zip((one, other), calls, strict=True):
        about_calls = {push.session_ids for push in context.messages() if push.kind != "number_status"}
        assert about_calls == {frozenset({call.session_id})}
        assert [push.event_type for push in context.events(call)] == laws_order()
        assert len(context.cdrs(call)) == 1
    with pytest.raises(Occupied):
        one.receiver.answer(500)
    with pytest.raises(Occupied):
        one.set_application(one.axb.app, recording=False)
    for context in (one, other, host):
        context.close()
    session.close()


def laws_order() -> list[str]:
    return ["callin", "callout", "alerting", "answer", "disconnect"]


def test_an_interrupted_course_undoes_what_it_did() -> None:
    platform = Platform()
    session = without_clock(platform, max_wait=40)
    context = CheckContext(session, "it")
    undone: list[str] = []

    def go() -> None:
        try:
            context.open()
            session.wait(5)
        finally:
            undone.append(context.name)
            context.close()

    course = CheckFiber(context, go)
    course.go_on()
    assert (course.due, course.over, undone) == (5, False, [])
    course.halt()
    assert (course.over, undone) == (True, ["it"])
    assert isinstance(course.error, Cancelled)
    session.close()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("lines", range(5))
def test_a_course_ends_wherever_a_signal_interrupts_the_wait_for_it(turn: int, lines: int) -> None:
    """As Ctrl-C does it: between any two lines of `go_on`, when the check has begun and when it waits for its turn."""
    undone: list[str] = []
    session = without_clock(Platform(), max_wait=40)

    def go() -> None:
        try:
            session.wait(5)
            session.wait(5)
        finally:
            undone.append("it")

    course = CheckFiber(CheckContext(session, "it"), go)
    for _ in range(turn - 1):
        course.go_on()
    left = iter(range(lines, -1, -1))

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code is not CheckFiber.go_on.__code__:
            return None
        if event == "line" and next(left) == 0:
            raise KeyboardInterrupt
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        course.go_on()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(former)
    course.halt()
    assert course.ident is None or (course.over, undone) == (True, ["it"])
    session.close()
