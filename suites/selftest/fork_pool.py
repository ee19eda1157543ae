"""Runs of the suites, each in a fork of this process.

As many at once as there are cores.

What every run needs is imported and compiled once, before the first fork.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pkgutil
import sys
import tempfile
import traceback
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.context import ForkProcess

__all__ = ["Job", "Outcome", "run"]

#: Seconds after which a run is given up; a mutant may hang a check.
PATIENCE = 900

_WARM = (
    "hypothesis.stateful",
    "privnum.cli",
    "privnum.suites.commands.check",
    "privnum.suites.transport.raw",
    "rich.console",
    "privnum.mockserver.embed.direct",
    "privnum.suites.runner.pytest_hooks",
)
_PACKAGES = ("privnum.suites.checks", "privnum.suites.probes", "privnum.suites.report")


@dataclass(frozen=True, slots=True)
class Job:
    """A run of `privnum check`: `main` of `module` with these arguments."""

    name: str
    module: str
    arguments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Its report if it wrote one, its exit status, what it printed, its seconds.
    """

    job: Job
    report: dict[str, Any] | None
    status: int
    output: str
    seconds: float

    def ids(self, *verdicts: str, basis: str | None = None) -> list[str]:
        """Ids of the requirements with one of these verdicts.

        Of one basis or of any.
        """
        rules = (self.report or {}).get("requirements", ())
        return [r["id"] for r in rules if r["verdict"] in verdicts and basis in (None, r["basis"])]


def run(jobs: Sequence[Job], on_outcome: Callable[[Outcome], None]) -> list[Outcome]:
    """Run the jobs; `on_outcome` hears of each as it ends.

    The outcomes come in the order of the jobs.
    """
    _warm_up()
    outcomes: dict[int, Outcome] = {}
    waiting = iter(enumerate(jobs))
    running: list[_Run] = []
    with tempfile.TemporaryDirectory(prefix="privnum-") as folder:
        try:
            while len(outcomes) < len(jobs):
                _fill(running, waiting, Path(folder))
                for each in _wait_for_ended(running):
                    running.remove(each)
                    outcomes[each.place] = each.outcome()
                    on_outcome(outcomes[each.place])
        finally:
            for each in running:
                each.process.kill()
                each.process.join()
    return [outcomes[place] for place in range(len(jobs))]


class _Run:
    """A fork that is under way."""

    def __init__(self, place: int, job: Job, folder: Path) -> None:
        self.place = place
        self.job = job
        self.folder = folder / str(place)
        self.folder.mkdir()
        self.begin = perf_counter()
        fork = multiprocessing.get_context("fork")
        self.process: ForkProcess = fork.Process(target=_child, args=(job, self.folder), daemon=True)
        self.process.start()

    @property
    def late(self) -> bool:
        """Whether it has had its time."""
        return perf_counter() - self.begin > PATIENCE

    def outcome(self) -> Outcome:
        """How it ended; one that is late is ended."""
        late = self.process.is_alive()
        if late:
            self.process.kill()
        self.process.join()
        status = self.process.exitcode
        output = (self.folder / "output").read_text(errors="replace") if (self.folder / "output").exists() else ""
        path = self.folder / "report.json"
        report = orjson.loads(path.read_bytes()) if path.exists() else None
        if late:
            status, output = -1, f"no end within {PATIENCE} s"
        return Outcome(self.job, report, -1 if status is None else status, output, perf_counter() - self.begin)


def _fill(running: list[_Run], waiting: Iterator[tuple[int, Job]], folder: Path) -> None:
    while len(running) < (os.cpu_count() or 1) and (following := next(waiting, None)) is not None:
        running.append(_Run(*following, folder))


def _wait_for_ended(running: list[_Run]) -> list[_Run]:
    """Wait until one has ended, or is late."""
    left = min(PATIENCE + 0.1 - (perf_counter() - each.begin) for each in running)
    wait([each.process.sentinel for each in running], max(left, 0))
    return [each for each in running if each.late or not each.process.is_alive()]


def _child(job: Job, folder: Path) -> None:
    """What a fork does: everything it prints goes into a file."""
    output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    try:
        main = importlib.import_module(job.module).main
        status = main([*job.arguments, "--report-dir", str(folder), "--quiet"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 2
    except BaseException:
        traceback.print_exc()
        status = 2
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _warm_up() -> None:
    """Import the checks and the server, and compile the schemas."""
    for name in _WARM:
        importlib.import_module(name)
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name in contracts.schema_names():
        if not name.endswith("types"):
            contracts.validator(name).is_valid({})
