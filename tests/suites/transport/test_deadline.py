"""The end of a run, and a target that no longer answers; time is a list of numbers here."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis.stateful import RuleBasedStateMachine, rule

from privnum.suites.base import profiles
from privnum.suites.driver.circuit_breaker import IN_A_ROW, PAUSE, Watch
from privnum.suites.report import model
from privnum.suites.report.text import again
from privnum.suites.runner.check import NoAnswer, NotExercised, check
from privnum.suites.transport.deadline import GRACE, Deadline
from tests.suites import miniatures as mini
from tests.suites.runner.test_check import once, run_alone, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.transport.client import Headers


class Clock:
    """Real time as a test wants it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Slow(mini.Honest):
    """Takes so many seconds for each answer."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        self._clock.now += self._seconds
        return super().request(method, path, query, headers, body)


# ── the end of a run ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_deadline_bounds_every_wait() -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    assert (deadline.bounded_seconds(10), deadline.begin()) == (10, None)
    clock.now += 55
    assert deadline.bounded_seconds(10) == 5
    clock.now += 5
    assert deadline.bounded_seconds(10) == 0
    assert deadline.begin() == "the run's time (--timeout 60 s) was over before it was tried"
    with pytest.raises(NotExercised, match="over before the check had ended"):
        deadline.check()
    with deadline.undoing():
        deadline.check()
        assert deadline.bounded_seconds(10) == GRACE
        clock.now += GRACE
        with pytest.raises(NotExercised):
            deadline.check()


def test_without_an_end_nothing_is_bounded() -> None:
    deadline = Deadline()
    deadline.check()
    assert (deadline.bounded_seconds(10), deadline.begin(), deadline.cut_short) == (10, None, None)


def test_what_a_run_has_no_time_for_is_not_exercised_and_undone() -> None:
    """A check that has begun stops where it is; what it bound is unbound within the grace; later ones do not begin."""
    clock = Clock()
    platform = Slow(clock, 1)
    session = mini.session_with(platform, deadline=Deadline(2.5, clock))

    @check("AXB-BIND-007")
    def later(context: CheckContext) -> None:
        context.axb.bind(context.user(), context.user(), context.axb.x())

    run_alone(session, once)
    requests = platform.requests
    run_alone(session, later, "the next")
    found = verdicts(session)
    assert found["AXB-BIND-005"]["verdict"] == "not_exercised"
    assert found["AXB-BIND-005"]["reason"] == "the run's time (--timeout 2.5 s) was over before the check had ended"
    assert found["AXB-BIND-007"]["reason"] == "the run's time (--timeout 2.5 s) was over before it was tried"
    assert platform.bindings == {}
    assert platform.requests == requests, "the next check sent nothing"
    assert session.deadline.cut_short == "the run's time (--timeout 2.5 s) was over"


def test_a_run_that_was_cut_short_is_no_conclusion() -> None:
    session = mini.session_with(mini.Honest())
    run_alone(session, once)
    session.journal.run_finished(interrupted=True, reason="the run's time (--timeout 2 s) was over")
    report = model.build(session.journal.events)
    assert report["run"]["stopped"] == "the run's time (--timeout 2 s) was over"
    assert model.exit_code(report) == 2


def test_the_command_that_makes_the_run_again_has_its_time_where_that_was_asked_for() -> None:
    run = {"profile": "quick", "seed": 1, "modes": ["AXB"], "timeout": 60.0}
    assert "--timeout 60" in again({"target": {}, "run": run})
    assert "--timeout" not in again({"target": {}, "run": run | {"timeout": profiles.PROFILES["quick"].timeout}})


def test_a_broken_rule_counts_though_the_time_is_over_before_it_was_tried_again() -> None:
    clock = Clock()

    class Ends(mini.ForgetsPairs):
        def bind(self, body: dict[str, Any]) -> Answer:
            clock.now += 1
            return super().bind(body)

    session = mini.session_with(Ends(), deadline=Deadline(2, clock))
    run_alone(session, once)
    failed = verdicts(session)["AXB-BIND-005"]
    assert (failed["verdict"], failed["reproduced"], failed["tries"]) == ("failed", None, None)


# ── state machines ───────────────────────────────────────────────────────────────────────────────────────────────────


def machine(context: CheckContext, step: Callable[[CheckContext], None]) -> type[RuleBasedStateMachine]:
    class Steps(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.context = context.fresh()

        @rule()
        def step(self) -> None:
            step(self.context)

    return Steps


def bind(context: CheckContext) -> None:
    context.axb.bind(context.user(), context.user(), context.axb.x())


def test_a_state_machine_stops_at_the_end_of_the_run() -> None:
    profiles.load("quick")
    clock = Clock()
    platform = Slow(clock, 1)

    @check("AXB-BIND-001")
    def any_history(context: CheckContext) -> None:
        profiles.run_machine(machine(context, bind))

    session = mini.session_with(platform, deadline=Deadline(10, clock))
    run_alone(session, any_history)
    rule = verdicts(session)["AXB-BIND-001"]
    assert (rule["verdict"], rule["reason"]) == (
        "not_exercised",
        "the run's time (--timeout 10 s) was over before the check had ended",
    )
    assert clock.now <= 1010 + GRACE + 1, "nothing was shrunk, nothing repeated"


def test_no_answer_stops_a_state_machine_at_once() -> None:
    profiles.load("quick")
    platform = mini.Silent()

    @check("AXB-BIND-001")
    def any_history(context: CheckContext) -> None:
        profiles.run_machine(machine(context, bind))

    session = mini.session_with(platform)
    run_alone(session, any_history)
    assert verdicts(session)["AXB-BIND-001"]["verdict"] == "error"
    told = "two by the survey, one by the machine, one that looks for what it may have bound: it was not tried again"
    assert platform.asked == 4, told


def test_a_history_that_was_stopped_is_not_judged_in_the_end() -> None:
    """Whether the last bind was made nobody knows; that the target shows it breaks no rule."""
    profiles.load("quick")

    class Hangs(mini.Honest):
        def bind(self, body: dict[str, Any]) -> Answer:
            super().bind(body)
            raise NoAnswer("no answer: it hangs")

    platform = Hangs()

    class Looks(RuleBasedStateMachine):
        def __init__(self, context: CheckContext) -> None:
            super().__init__()
            self.context = context

        @rule()
        def step(self) -> None:
            bind(self.context)

        def teardown(self) -> None:
            self.context.claim("AXB-BIND-001", not platform.bindings, "a binding is there that nobody has made")

    @check("AXB-BIND-001")
    def any_history(context: CheckContext) -> None:
        profiles.run_machine(lambda: Looks(context.fresh()))

    session = mini.session_with(platform)
    run_alone(session, any_history)
    found = verdicts(session)["AXB-BIND-001"]
    assert (found["verdict"], found["reason"]) == ("error", "no answer: it hangs")


def test_a_broken_rule_counts_though_the_target_falls_silent_while_its_history_is_shortened() -> None:
    profiles.load("quick")

    class Falls(mini.NumericCode):
        def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
            if self.requests > 5:
                raise NoAnswer("no answer: gone")
            return super().request(method, path, query, headers, body)

    @check("AXB-BIND-001")
    def any_history(context: CheckContext) -> None:
        profiles.run_machine(machine(context, bind))

    session = mini.session_with(Falls())
    run_alone(session, any_history)
    failed = verdicts(session)["COM-ENV-001"]
    assert (failed["verdict"], failed["reproduced"]) == ("failed", True)


# ── a target that is gone ────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_no_longer_answers_is_tried_once_more_and_then_left_alone() -> None:
    paused: list[float] = []
    tried: list[int] = []
    watch = Watch(Deadline(), paused.append)

    def falls_silent() -> None:
        tried.append(len(tried))
        raise NoAnswer("no answer to GET /rest: connection reset")

    for _ in range(IN_A_ROW + 1):
        with pytest.raises(NoAnswer, match="GET /rest"):
            watch.ask(falls_silent)
    with pytest.raises(NoAnswer, match=r"no answer to the last 6 requests \(the last: GET /rest"):
        watch.ask(falls_silent)
    with pytest.raises(NoAnswer, match="the last 6 requests"):
        watch.spend(falls_silent)
    assert len(tried) == IN_A_ROW + 1
    assert paused == [PAUSE], "a server that fell over had time to come up again"


def test_an_answer_in_between_begins_the_count_anew() -> None:
    watch = Watch(Deadline(), lambda seconds: None)

    def silent() -> None:
        raise NoAnswer("nothing")

    for _ in range(3):
        for _ in range(IN_A_ROW):
            with contextlib.suppress(NoAnswer):
                watch.ask(silent)
        assert watch.ask(lambda: "here") == "here"
    assert watch.gone is None


def test_what_is_no_proper_request_does_not_count() -> None:
    watch = Watch(Deadline(), lambda seconds: None)

    def silent() -> None:
        raise NoAnswer("nothing")

    for _ in range(2 * IN_A_ROW):
        with contextlib.suppress(NoAnswer):
            watch.spend(silent)
    assert watch.gone is None


def test_a_request_that_the_end_of_the_run_cut_short_is_nobodys_fault() -> None:
    clock = Clock()
    watch = Watch(Deadline(5, clock), lambda seconds: None)

    def hangs() -> None:
        clock.now += 5
        raise NoAnswer("no answer within 5 s")

    with pytest.raises(NotExercised, match="--timeout 5 s"):
        watch.ask(hangs)


def test_a_target_that_is_gone_makes_errors_of_what_is_left() -> None:
    platform = mini.Silent()
    session = mini.session_with(platform, watch=Watch(Deadline(), lambda seconds: None))
    for number in range(20):
        run_alone(session, once, f"check {number}")
    found = verdicts(session)["AXB-BIND-005"]
    assert found["verdict"] == "error"
    # each of the first three: a bind, and one request that looks for what came of it
    assert [c["reason"].startswith("no answer to the last 6 requests") for c in found["checks"]].count(True) == 17
    assert platform.asked == 1 + IN_A_ROW + 1
