"""Many runs of the suites, each in a process of its own, as many at once as there are cores."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Job", "Outcome", "run"]

#: Seconds after which a run is given up; a mutant may hang a check.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Job:
    """A run of `privnum check`, by way of `module` and with these arguments before its own."""

    name: str
    module: str
    arguments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its report if it wrote one, its exit status, what it printed, its seconds."""

    job: Job
    report: dict[str, Any] | None
    status: int
    output: str
    seconds: float

    def ids(self, *verdicts: str, basis: str | None = None) -> list[str]:
        """Ids of the requirements with one of these verdicts, of one basis or of any."""
        rules = (self.report or {}).get("requirements", ())
        return [r["id"] for r in rules if r["verdict"] in verdicts and basis in (None, r["basis"])]


def run(jobs: Sequence[Job], tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Run the jobs; `tell` hears of each as it ends. The outcomes come in the order of the jobs."""
    outcomes = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for outcome in pool.map(_run, jobs):
            tell(outcome)
            outcomes.append(outcome)
    return outcomes


def _run(job: Job) -> Outcome:
    begin = perf_counter()
    with tempfile.TemporaryDirectory(prefix="privnum-") as folder:
        command = [sys.executable, "-m", job.module, *job.arguments, "--report-dir", folder, "--quiet"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
            status, output = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            status, output = -1, f"no end within {PATIENCE} s"
        path = Path(folder, "report.json")
        report = orjson.loads(path.read_bytes()) if path.exists() else None
    return Outcome(job, report, status, output, perf_counter() - begin)
