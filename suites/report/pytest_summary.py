"""The verdicts of a pytest run, below pytest's own output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.report import model, terminal

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from privnum.suites.runner.pytest_hooks import Hooks

__all__ = ["Summary"]


class Summary:
    """Registered beside the hooks of the run, whose events it reads at the end."""

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
