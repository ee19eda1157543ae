"""Where pytest-xdist spreads a run over several processes.

All checks go to one of them, other tests as ever.

Checks share a target: its X numbers, its bindings file, the bounds of the run and what the probes have found out. So
there is one session, in one worker, and one event stream, which the controller is handed at the end.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import pytest

    from privnum.suites.runner.events import Event

__all__ = ["EVENTS", "PROBLEM", "group_of", "hand_over", "hand_over_problem", "make_scheduler"]

HOME = Path(__file__).parent.parent
EVENTS, PROBLEM = "privnum_events", "privnum_problem"
"""Under which a worker hands its events, or why there are none, to the controller."""


def make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One that gives all checks to one worker.

    Other tests are spread as `--dist` says.
    """
    from xdist.scheduler import LoadScopeScheduling

    scheduler: Any = LoadScopeScheduling(config, log)
    scheduler._split_scope = partial(group_of, config.rootpath, config.getvalue("dist"))
    return scheduler


def group_of(root: Path, dist: str, nodeid: str) -> str:
    """The group of a test, which goes to one worker.

    The controller knows no more of a test than its id.
    """
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
    """Whether a file has checks of ours.

    Behind --pyargs ids begin somewhere within the package.
    """
    place = root / file
    if place.exists():
        return place.resolve().is_relative_to(HOME.resolve())
    return any(path.endswith(f"/{file}") for path in _our_files())


@cache
def _our_files() -> tuple[str, ...]:
    return tuple(path.as_posix() for home in {HOME, HOME.resolve()} for path in home.rglob("test_*.py"))


def hand_over(config: pytest.Config, events: list[Event]) -> None:
    """Give the controller the events of a run that has ended, in a worker."""
    _output(config)[EVENTS] = orjson.dumps(events).decode()


def hand_over_problem(config: pytest.Config, problem: str) -> None:
    """Tell the controller why nothing could be checked, in a worker."""
    _output(config)[PROBLEM] = problem


def _output(config: pytest.Config) -> dict[str, Any]:
    output: dict[str, Any] = vars(config)["workeroutput"]
    return output
