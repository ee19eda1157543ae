"""The verdicts of a pytest run, below pytest's own output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from privnum.suites.base.printing import printable
from privnum.suites.report import model, terminal
from privnum.suites.runner.joined_events import join, write_events
from privnum.suites.runner.pytest_hooks import WATCHER
from privnum.suites.runner.workers import EVENTS, ORDER, PROBLEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from _pytest.terminal import TerminalReporter

    from privnum.suites.runner.events import Event
    from privnum.suites.runner.pytest_hooks import Hooks

__all__ = ["Controller", "Summary"]

_OUTCOMES = {"passed": "passed", "failed": "failed", "skipped": "not_exercised"}
"""What pytest says of a check that a worker has run, in our words; errors among the failures."""


class Summary:
    """Hooks beside those of the run, whose events it reads at the end."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the verdicts; nothing where no run was started."""
        journal = self._hooks.journal
        if journal is None or self._hooks.session is None:
            return
        terminalreporter.section("privnum")
        for line in terminal.brief(model.build(journal.events)):
            terminalreporter.write_line(line)


class Controller:
    """Takes the events from the workers, and gives the verdict at the end.

    `expects` says whether checks were asked for; with `spread` each worker ran a part of them, else one ran all.
    """

    NAME: ClassVar[str] = "privnum-controller"

    def __init__(self, config: pytest.Config, *, expects: bool, spread: bool) -> None:
        self._config = config
        self._watcher: Any = config.pluginmanager.get_plugin(WATCHER)
        self._expects = expects
        self._spread = spread
        self._parts: list[list[Event]] = []
        self._order: list[str] = []
        self._problems: list[str] = []

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """A worker has found the tests, the same as every other."""
        if self._watcher is not None:
            self._watcher.on_collected(len(ids))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A worker has run a test."""
        if self._watcher is not None and report.when == "call":
            self._watcher.on_result(report.nodeid, _OUTCOMES[report.outcome])

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker has ended."""
        output = getattr(node, "workeroutput", {})
        if EVENTS in output:
            self._parts.append(orjson.loads(output[EVENTS]))
            self._order = orjson.loads(output[ORDER])
        elif self._spread and PROBLEM not in output:
            self._add_problem(f"no verdict: a worker ended before it has reported its checks ({error or 'no reason'})")
        if PROBLEM in output:
            self._add_problem(output[PROBLEM])

    def _add_problem(self, text: str) -> None:
        if text not in self._problems:
            self._problems.append(text)

    def pytest_sessionfinish(self) -> None:
        """Write the stream of all parts, and tell who watches the run."""
        if self._spread and not self._problems:
            self._write(self.events())
        if self._watcher is not None:
            for problem in self._problems:
                self._watcher.on_problem(problem)

    def _write(self, events: Sequence[Event]) -> None:
        path = self._config.getoption("--privnum-events")
        if path is None or not events:
            return
        problem = write_events(Path(path), events)
        if problem is not None:
            self._add_problem(problem)

    def events(self) -> list[Event]:
        """The stream of the run; none where no check was begun."""
        if self._spread:
            return join(self._parts, self._order)
        return next((part for part in self._parts if part), [])

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """The verdicts, below pytest's own output."""
        lines = list(self._lines())
        if lines:
            terminalreporter.section("privnum")
        for line in lines:
            terminalreporter.write_line(line)

    def _lines(self) -> list[str]:
        if self._problems:
            return [printable(problem) for problem in self._problems]
        if events := self.events():
            return list(terminal.brief(model.build(events)))
        return ["no verdict: no worker has reported how the checks came out"] if self._expects else []
