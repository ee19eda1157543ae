"""Where pytest-xdist spreads a run over several processes.

Checks of a target go to one of them, those of the embedded server to all; other tests as ever.

Checks share a target: its X numbers, its bindings file, the bounds of the run and what the probes have found out. So
there is one session, in one worker, and one event stream, which the controller is handed at the end. The embedded
server has nothing that outlives a check: there each worker has a server and a session of its own, and the controller
joins their streams (joined_events.py).
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from privnum.suites.runner.events import Event

__all__ = [
    "EVENTS",
    "ORDER",
    "PROBLEM",
    "can_fork",
    "group_of",
    "hand_over",
    "hand_over_problem",
    "longest_first",
    "make_scheduler",
]

HOME = Path(__file__).parent.parent
EVENTS, ORDER, PROBLEM = "privnum_events", "privnum_order", "privnum_problem"
"""Under which a worker hands its events, the order of all checks, or why there are none, to the controller."""


def can_fork() -> bool:
    """Whether a process can be forked here, with all that it has loaded.

    Then `privnum check` does without pytest-xdist.
    """
    return sys.platform == "linux"


def make_scheduler(config: pytest.Config, log: Any, *, spread: bool) -> Any:
    """One that gives all checks to one worker, or to all with `spread`.

    Other tests are spread as `--dist` says.
    """
    from xdist.scheduler import LoadScopeScheduling

    if spread:
        config.option.loadscopereorder = False  # they are in their order: see longest_first
    scheduler: Any = LoadScopeScheduling(config, log)
    scheduler._split_scope = partial(group_of, config.rootpath, config.getvalue("dist"), spread=spread)
    return scheduler


def longest_first(
    items: Sequence[pytest.Item], module: Callable[[pytest.Item], str], weight: Callable[[pytest.Item], float]
) -> list[pytest.Item]:
    """The checks in the order in which workers shall take them.

    By weight, then modules with many checks first: what is long must not come last, when the others are idle.
    """
    sizes = Counter(map(module, items))
    return sorted(items, key=lambda item: (-weight(item), -sizes[module(item)], module(item)))


def group_of(root: Path, dist: str, nodeid: str, *, spread: bool = False) -> str:
    """The group of a test, which goes to one worker.

    The controller knows no more of a test than its id.
    """
    file, _, rest = nodeid.partition("::")
    if _is_ours(root, file):
        return file if spread else str(HOME)
    match dist:
        case "loadscope":
            return nodeid.rpartition("::")[0]
        case "loadfile":
            return file
        case "loadgroup" if "@" in rest:
            return rest.rpartition("@")[2]
    return nodeid


@cache
def _is_ours(root: Path, file: str) -> bool:
    """Whether a file has checks of ours; it is asked for each test.

    Behind --pyargs ids begin somewhere within the package.
    """
    place = root / file
    if place.exists():
        return place.resolve().is_relative_to(HOME.resolve())
    return any(path.endswith(f"/{file}") for path in _our_files())


@cache
def _our_files() -> tuple[str, ...]:
    return tuple(path.as_posix() for home in {HOME, HOME.resolve()} for path in home.rglob("test_*.py"))


def hand_over(config: pytest.Config, events: Sequence[Event], order: Sequence[str]) -> None:
    """Give the controller the events of a run that has ended, in a worker."""
    _output(config)[EVENTS] = orjson.dumps(events).decode()
    _output(config)[ORDER] = orjson.dumps(order).decode()


def hand_over_problem(config: pytest.Config, problem: str) -> None:
    """Report to the controller why nothing could be checked, in a worker."""
    _output(config)[PROBLEM] = problem


def _output(config: pytest.Config) -> dict[str, Any]:
    output: dict[str, Any] = vars(config)["workeroutput"]
    return output
