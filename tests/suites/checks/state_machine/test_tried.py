"""How much a state machine has tried is counted, written down and printed."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base import profiles
from privnum.suites.checks.x.state_machine import XMachine
from privnum.suites.report import terminal
from privnum.suites.report.html import page as html
from privnum.suites.report.load import read_run
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.definitions import Check
from privnum.suites.runner.events import Journal
from privnum.suites.runner.execute import run_check
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED
from privnum.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Asked:
    """Machines that were made, and how often Hypothesis has looked whether all holds in one."""

    def __init__(self) -> None:
        self.machines = 0
        self.looks = 0

    def machine(self, context: CheckContext) -> XMachine:
        asked = self
        asked.machines += 1

        class Counted(XMachine):
            def check_invariants(self, *arguments: Any, **named: Any) -> None:
                asked.looks += 1
                super().check_invariants(*arguments, **named)

        return Counted(context.fresh())


@pytest.fixture
def small_profile() -> Iterator[None]:
    """An eighth of the profile quick."""
    profiles.load("quick")
    profiles.use(profiles.sample(profiles.active(), 8))
    yield
    profiles.load("quick")


def events_of(path: Path, asked: Asked) -> None:
    """A run of three checks, the second without a machine."""
    journal = Journal(path)
    session = Session(EMBEDDED, journal=journal)
    journal.run_started({"name": "embedded server"}, {"profile": "quick", "seed": 1, "modes": ["X"]})

    def any_history(context: CheckContext) -> None:
        profiles.run_machine(lambda: asked.machine(context))

    def plain(context: CheckContext) -> None:
        context.claim("X-STATE-001", True, "nothing was tried")

    for name, run in (("machine", any_history), ("plain", plain), ("again", any_history)):
        run_check(Check(("X-STATE-001",), (), disruptive=False), CheckContext(session, name), run)
    journal.run_finished(interrupted=False)


def test_examples_and_steps_are_counted_and_printed(
    tmp_path: Path, small_profile: None, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked()
    events_of(tmp_path / "events.jsonl", asked)
    run = read_run(tmp_path / "events.jsonl")
    examples, steps = asked.machines, asked.looks - asked.machines  # each is looked at before its first step, too
    assert examples >= 2 * 5
    assert steps > examples
    assert run.report["run"]["tried"] == {"examples": examples, "steps": steps}
    line = f"{examples:,} examples, {steps:,} steps"
    terminal.show(run.report, terminal.screen(sys.stdout))
    assert line in capsys.readouterr().out
    assert f"{examples:,} examples · {steps:,} steps" in re.sub(r"<[^>]+>", "", html.page(run))
    with speak("zh"):
        terminal.show(run.report, terminal.screen(sys.stdout))
    assert f"{examples}个例子，{steps}步" in capsys.readouterr().out


def test_a_check_without_a_machine_says_nothing_of_it(tmp_path: Path, small_profile: None) -> None:
    asked = Asked()
    events_of(tmp_path / "events.jsonl", asked)
    lines = (tmp_path / "events.jsonl").read_text("utf-8").splitlines()
    told = [('"check":"' in line and '"tried"' in line, line) for line in lines if '"check_finished"' in line]
    assert [said for said, _ in told] == [True, False, True]
