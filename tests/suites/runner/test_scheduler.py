"""Without a clock to advance, checks wait in real time, all at once, and claim only what is certain. Nobody sleeps."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.base.claims import NotExercised
from privnum.suites.checks import assertions as laws
from privnum.suites.checks.axb import scenarios as axb_laws
from privnum.suites.checks.axe import scenarios as axe_laws
from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.check import check_of
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.scheduler import Moment
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import make_answer
from tests.suites.platforms import Platform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session
    from privnum.suites.transport.client import Headers

Find = Callable[[str], "Iterator[tuple[str, Any, dict[str, Any]]]"]
CHECKS = "privnum.suites.checks"
AXB, AXE = "AXB", "AXE"


class Through:
    """A transport that a test bends: it takes seconds, or forgets fields of a bind."""

    def __init__(self, platform: Platform, *, seconds: float = 0.0, forgets: str = "") -> None:
        self._platform = platform
        self._seconds = seconds
        self._forgets = forgets

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        self._platform.sleep(self._seconds / 2)
        if body and self._forgets:
            fields = orjson.loads(body)
            fields.pop(self._forgets, None)
            body = orjson.dumps(fields)
        answer = self._platform.transport.request(method, path, query, headers, body)
        self._platform.sleep(self._seconds / 2)
        return answer

    def close(self) -> None:
        """Nothing to let go of."""


def timed_checks(mode: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every check of lifetimes of that mode that waits, with each set of its parameters."""
    for module in (f"{CHECKS}.bindings.test_lifetime", f"{CHECKS}.{mode.lower()}.test_lifetime"):
        for name, function in vars(importlib.import_module(module)).items():
            check = check_of(function)
            if check is not None and check.timed:
                for place, values in enumerate(parameters(function, mode)):
                    yield f"{name}[{place}]", function, values


def parameters(function: Any, mode: str) -> Iterator[dict[str, Any]]:
    """Every set of parameters of a check; of one of all modes, those of that mode."""
    each: list[list[dict[str, Any]]] = []
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "parametrize":
            names, values = mark.args[:2]
            names = (names,) if isinstance(names, str) else names
            sets = [(value,) if len(names) == 1 else value for value in values]
            each.append([dict(zip(names, one, strict=True)) for one in sets])
    for combined in product(*each):
        values = {name: value for one in combined for name, value in one.items()}
        if values.get("mode", mode) == mode:
            yield values


def run_with(function: Callable[..., Any], values: Mapping[str, Any], context: CheckContext) -> Any:
    return function(context=context, **values)


def run_all(session: Session, mode: str, find: Find = timed_checks) -> dict[str, str]:
    """The outcome of each check of the module that `find` gives; all are planned before."""
    found = list(find(mode))
    for name, function, values in found:
        check = check_of(function)
        assert check is not None
        session.timetable.plan(name, check.of(values.get("mode")), partial(run_with, function.__wrapped__, values))
    for name, function, values in found:
        with suppress(pytest.skip.Exception, pytest.fail.Exception):
            function(context=CheckContext(session, name), **values)
    events = [event for event in session.journal.events if event["event"] == "check_finished"]
    return {event["check"]: f"{event['outcome']}: {event['reason']}" for event in events}


def of_word(outcomes: dict[str, str], word: str) -> set[str]:
    return {name for name, outcome in outcomes.items() if outcome.startswith(word)}


def bare(platform: Platform, **options: Any) -> Session:
    return platform.session(driver=False, clock=lambda: platform.slept, sleep=platform.sleep, **options)


@pytest.mark.parametrize(
    ("mode", "longest", "passed"),
    [
        (
            AXB,
            10,
            {
                "test_a_lifetime_ends_the_binding[0]",
                "test_each_binding_has_its_own_end[0]",
                "test_modify_of_something_else_leaves_the_countdown[0]",
                "test_expiry_frees_the_numbers[0]",
            },
        ),
        (
            AXE,
            70,
            {
                "test_hours_and_minutes[2]",
                "test_each_binding_has_its_own_end[0]",
                "test_modify_in_minutes[0]",
                "test_modify_of_something_else_leaves_the_end[0]",
                "test_expiry_frees_a_and_the_extension[0]",
            },
        ),
    ],
    ids=["AXB", "AXE"],
)
def test_waits_overlap(mode: str, longest: int, passed: set[str]) -> None:
    platform = Platform()
    outcomes = run_all(bare(platform, max_wait=longest), mode)
    assert passed <= of_word(outcomes, "passed")
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert platform.slept <= longest
    untried = {outcomes[name] for name in of_word(outcomes, "not_exercised")}
    assert untried
    assert all(f"--max-wait is {longest}" in outcome for outcome in untried)


def test_nothing_is_waited_for_without_being_asked() -> None:
    platform = Platform()
    outcomes = run_all(bare(platform), AXB)
    assert of_word(outcomes, "not_exercised") == outcomes.keys()
    assert platform.slept == 0


def test_few_users_wait_one_after_the_other() -> None:
    platform = Platform()
    few = {"mobile": Pool(prefix="+861380000000", width=1, count=4)}
    session = bare(platform, max_wait=10, pools=few)
    outcomes = run_all(session, AXB)
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert len(of_word(outcomes, "passed")) >= 8
    assert platform.slept > 10
    assert session.leased == set()


def test_a_binding_that_does_not_end_is_found() -> None:
    platform = Platform()
    session = bare(platform, max_wait=10)
    session.transport = Through(platform, forgets="duration")
    outcomes = run_all(session, AXB)
    assert "test_a_lifetime_ends_the_binding[0]" in of_word(outcomes, "failed")
    assert "test_expiry_frees_the_numbers[0]" in of_word(outcomes, "failed")


def test_what_a_slow_target_answers_too_late_is_not_claimed() -> None:
    platform = Platform()
    session = bare(platform, max_wait=30)
    session.transport = Through(platform, seconds=3)
    outcomes = run_all(session, AXB)
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert "too late" in outcomes["test_a_lifetime_ends_the_binding[0]"]


def test_what_is_certain_of_a_moment() -> None:
    platform = Platform()
    context = CheckContext(bare(platform), "it").open()
    with Moment(context) as made:
        platform.sleep(2)
    assert made.until(10) == pytest.approx(10)
    platform.sleep(4)
    assert made.until(10) == pytest.approx(6)
    made.certain(7.1)
    with pytest.raises(Exception, match="too late"):
        made.certain(6.9)
    platform.sleep(20)
    assert made.until(10) == 0


class Clockless(Driver):
    """A driver that places calls and has no clock: time passes by itself."""

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        assert not operation.startswith("clock")
        answer = super().exchange(operation, body, query=query, **places)
        if operation != "capabilities":
            return answer
        told = orjson.loads(answer.content)
        told["capabilities"].remove("clock")
        return make_answer(200, [], orjson.dumps(told))


def calling() -> tuple[Platform, CheckContext]:
    """A context whose calls go on in real time, of which ten seconds may be waited for."""
    platform = Platform()
    platform.driver = Clockless(platform.transport)
    session = platform.session(max_wait=10, clock=lambda: platform.slept, sleep=platform.sleep)
    return platform, CheckContext(session, "it").open()


def test_a_call_is_watched_in_real_time() -> None:
    platform, context = calling()
    axe_laws.claim_reaches(context, "AXE-CALL-101", axe_laws.bind_users(context))
    assert 2 <= platform.slept < 3
    pair = axb_laws.bind_users(context)
    call = laws.completed_call(context, pair.a, pair.x, hang_up_after=1)
    assert (call.state, call.release_cause is None) == ("ended", False)
    assert 8 <= platform.slept < 10
    assert [push.event_type for push in context.events(call)][-1] == "disconnect"


def test_what_takes_too_long_or_needs_a_clock_is_not_exercised() -> None:
    platform, context = calling()
    pair = axb_laws.bind_users(context)
    with pytest.raises(NotExercised, match="--max-wait is 10") as told:
        laws.completed_call(context, pair.a, pair.x)
    assert told.value.lacks == ("max_wait:200",)
    assert 10 <= platform.slept < 11
    with pytest.raises(NotExercised, match="a clock") as told:
        context.advance(3600)
    assert told.value.lacks == ("max_wait:3600",)
