"""A failure that does not come again is a failure, and every report says that it was seen once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from rich.console import Console

from privnum.suites.base import profiles
from privnum.suites.report import junit, model, terminal
from privnum.suites.report.html import page as html
from privnum.suites.report.load import read_run
from privnum.suites.runner.check import check
from privnum.suites.runner.events import Journal
from privnum.suites.runner.execute import TRIES
from tests.suites import miniatures as mini
from tests.suites.runner.test_check import once, run_alone, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from privnum.suites.report.load import Run
    from privnum.suites.runner.context import CheckContext


class ForgetsSometimes(mini.Honest):
    """Binds a pair twice the first time that it is asked, and again at so many times later."""

    def __init__(self, *times: int) -> None:
        super().__init__()
        self._times = {1, *times}
        self._asked = 0

    def is_taken(self, triple: tuple[str, str, str]) -> bool:
        if not super().is_taken(triple):
            return False
        self._asked += 1
        return self._asked not in self._times


@pytest.mark.parametrize(
    ("times", "reproduced", "tries"), [((), False, TRIES), ((2,), True, 1), ((4,), True, 3), ((5,), False, TRIES)]
)
def test_a_failure_is_looked_for_on_three_fresh_starts(times: tuple[int, ...], reproduced: bool, tries: int) -> None:
    session = mini.session_with(ForgetsSometimes(*times))
    run_alone(session, once)
    failed = verdicts(session)["AXB-BIND-005"]
    assert (failed["verdict"], failed["reproduced"], failed["tries"]) == ("failed", reproduced, tries)


def test_what_came_again_once_is_not_looked_for_by_other_checks() -> None:
    """A target that breaks a rule in each check costs no more fresh starts than one; the sure one is reported."""
    platform = mini.ForgetsPairs()
    session = mini.session_with(platform)
    run_alone(session, once, "first")
    before = platform.requests
    run_alone(session, once, "second")
    assert platform.requests - before == 4, "two binds, two unbinds"
    finished = [event for event in session.journal.events if event["event"] == "check_finished"]
    assert [(event["reproduced"], event["tries"]) for event in finished] == [(True, 1), (None, None)]
    assert verdicts(session)["AXB-BIND-005"]["reproduced"] is True


def test_of_several_checks_the_one_tells_whose_failure_came_again() -> None:
    session = mini.session_with(ForgetsSometimes(2 + TRIES, 3 + TRIES))
    run_alone(session, once, "first")
    run_alone(session, once, "second")
    failed = verdicts(session)["AXB-BIND-005"]
    assert (failed["reproduced"], failed["tries"]) == (True, 1)


def machine(context: CheckContext) -> RuleBasedStateMachine:
    class Binds(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.context = context.fresh()
            self.a, self.b = self.context.user(), self.context.user()
            self.bound = False

        @rule(swap=st.booleans())
        def bind(self, swap: bool) -> None:
            pair = (self.a, self.b)
            answer = self.context.axb.bind(*pair, self.context.axb.x())
            self.context.claim("AXB-BIND-005", answer.ok != self.bound, f"bind: {answer.key}")
            self.bound = True

    return Binds()


def test_what_hypothesis_calls_flaky_was_seen_once() -> None:
    profiles.load("quick")

    @check("AXB-BIND-005")
    def any_history(context: CheckContext) -> None:
        profiles.run_machine(lambda: machine(context))

    session = mini.session_with(ForgetsSometimes())
    run_alone(session, any_history)
    failed = verdicts(session)["AXB-BIND-005"]
    assert (failed["verdict"], failed["reproduced"], failed["tries"]) == ("failed", False, 1)
    assert failed["counterexample"]["steps"][-1].startswith("broken: ")


# ── what the reports say ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run with one failure that was seen once."""
    journal = Journal(tmp_path / "events.jsonl")
    session = mini.session_with(ForgetsSometimes(), journal=journal)
    run_alone(session, once)
    journal.run_finished(interrupted=False)
    return read_run(tmp_path / "events.jsonl")


SENTENCE = "Seen once, not again in 3 tries on a fresh start"


def test_the_page_says_so(run: Run) -> None:
    page = html.page(run)
    assert "1 rule fails (1 of them seen once, not again); " in page
    assert '<span class="once">seen once, not again</span>' in page
    assert SENTENCE in page


def test_the_screen_says_so(run: Run) -> None:
    screen = io.StringIO()
    terminal.show(run.report, Console(file=screen, width=200))
    assert f"again  {SENTENCE}" in screen.getvalue()
    (line,) = [line for line in terminal.brief(run.report) if line.startswith("failed")]
    assert line.endswith("(seen once, not again in 3 tries)")


def test_junit_says_so(run: Run) -> None:
    failure: Any = Xml.fromstring(junit.document(run)).find(".//failure")
    assert failure.get("message").endswith("(seen once, not again)")
    assert SENTENCE in failure.text


def test_it_fails_the_target_all_the_same(run: Run) -> None:
    assert model.exit_code(run.report) == 1


def test_errors_that_differ_only_in_what_they_happened_to_are_told_once() -> None:
    from privnum.suites.report.text import by_reason

    rules = [
        {"id": f"AXB-CALL-00{n}", "verdict": "error", "reason": f"the driver fails: world check-{n} has no call {n}"}
        for n in range(1, 4)
    ]
    assert [(reason, len(group)) for reason, group in by_reason(rules)] == [(rules[0]["reason"], 3)]
    away = [
        {"id": "COM-ENV-005", "verdict": "error", "reason": f"no answer of the platform to {what}: HTTP 503"}
        for what in ("axb.bind", "common.stop_call", "GET /rest/caas/nothing/v1.0")
    ]
    other = {"id": "COM-ENV-006", "verdict": "error", "reason": "no answer to GET /rest: reset"}
    assert [len(group) for _, group in by_reason([other, *away])] == [3, 1]
    untried = [rule | {"verdict": "not_exercised"} for rule in rules]
    assert len(by_reason(untried)) == 3
