"""The verdicts of a pytest run, below pytest's own output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from privnum.suites.base.printing import printable
from privnum.suites.report import model, terminal
from privnum.suites.runner.workers import EVENTS, PROBLEM

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from privnum.suites.runner.events import Event
    from privnum.suites.runner.pytest_hooks import Hooks

__all__ = ["Controller", "Summary"]


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
    """Takes the events from the worker, and gives the verdict at the end.

    The worker ran the checks.

    `expects` tells whether checks were asked for.
    """

    NAME: ClassVar[str] = "privnum-controller"

    def __init__(self, *, expects: bool) -> None:
        self._expects = expects
        self._events: list[Event] | None = None
        self._problems: list[str] = []

    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended."""
        output = getattr(node, "workeroutput", {})
        if EVENTS in output:
            self._events = orjson.loads(output[EVENTS])
        if output.get(PROBLEM) not in (None, *self._problems):
            self._problems.append(output[PROBLEM])

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
        if self._events is not None:
            return list(terminal.brief(model.build(self._events)))
        return ["no verdict: no worker has reported how the checks came out"] if self._expects else []
