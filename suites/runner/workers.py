"""Where pytest-xdist spreads a run over several processes: all checks go to one of them, other tests as ever.

Checks share a target: its X numbers, its bindings file, the bounds of the run and what the probes have found out. So
there is one session, in one worker, and one event stream, which the controller is handed at the end.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import orjson

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter

    from privnum.suites.runner.events import Event

__all__ = ["Controller", "group_of", "hand_over", "hand_over_problem", "make_scheduler"]

HOME = Path(__file__).parent.parent
_EVENTS, _PROBLEM = "privnum_events", "privnum_problem"


def make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One that gives all checks to one worker, and spreads other tests as `--dist` says."""
    from xdist.scheduler import LoadScopeScheduling

    scheduler: Any = LoadScopeScheduling(config, log)
    scheduler._split_scope = partial(group_of, config.rootpath, config.getvalue("dist"))
    return scheduler


def group_of(root: Path, dist: str, nodeid: str) -> str:
    """The group of a test, which goes to one worker; the controller knows no more of a test than its id."""
    file, _, rest = nodeid.partition("::")
    if _is_ours(root, file):
        return str(HOME)
    match dist:
        case "loadscope":
            return nodeid.rpartition("::")[0]
        case "loadfile":
            return file
        case "loadgroup" if "@" in rest:
            return rest.rpartition("@")[2]
    return nodeid


def _is_ours(root: Path, file: str) -> bool:
    """Whether a file has checks of ours. Behind --pyargs ids begin somewhere within the package."""
    place = root / file
    if place.exists():
        return place.resolve().is_relative_to(HOME.resolve())
    return any(path.endswith(f"/{file}") for path in _our_files())


@cache
def _our_files() -> tuple[str, ...]:
    return tuple(path.as_posix() for home in {HOME, HOME.resolve()} for path in home.rglob("test_*.py"))


class Controller:
    """Takes the events over from the worker that ran the checks, and tells the verdict at the end.

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
        if _EVENTS in output:
            self._events = orjson.loads(output[_EVENTS])
        if output.get(_PROBLEM) not in (None, *self._problems):
            self._problems.append(output[_PROBLEM])

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """The verdicts, below pytest's own output."""
        lines = list(self._lines())
        if lines:
            terminalreporter.section("privnum")
        for line in lines:
            terminalreporter.write_line(line)

    def _lines(self) -> list[str]:
        from privnum.suites.report import model, terminal
        from privnum.suites.report.printing import printable

        if self._problems:
            return [printable(problem) for problem in self._problems]
        if self._events is not None:
            return list(terminal.brief(model.build(self._events)))
        return ["no verdict: no worker has told how the checks came out"] if self._expects else []


def hand_over(config: pytest.Config, events: list[Event]) -> None:
    """Give the controller the events of a run that has ended, in a worker."""
    _output(config)[_EVENTS] = orjson.dumps(events).decode()


def hand_over_problem(config: pytest.Config, problem: str) -> None:
    """Tell the controller why nothing could be judged, in a worker."""
    _output(config)[_PROBLEM] = problem


def _output(config: pytest.Config) -> dict[str, Any]:
    output: dict[str, Any] = vars(config)["workeroutput"]
    return output
