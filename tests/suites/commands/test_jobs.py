"""A run in several processes says of each rule what one process says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RULES = ("AXB-CALL-016", "AXE-CALL-016", "AX-EVENT-009", "AXB-BIND-001", "AX-OPEN-001", "AXB-CDR-001", "COM-OPEN-031")
BUG = """
from privnum.suites.mutation.operators.calls import end_with

end_with("busy", 8101).apply().__enter__()
"""
"""A plugin by which a busy callee ends a call with a wrong cause, in every process that loads it."""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["PYTHONPATH"] = str(folder)
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False, env=environment
    )


def rules_of(report: Path) -> Any:
    """What a report says of each rule, and of the choices; not when, nor in which world."""
    text = re.sub(r"check-\d+", "check", report.read_text(encoding="utf-8"))
    whole = json.loads(text)
    return {name: whole[name] for name in ("summary", "modes", "requirements", "choices", "next_steps")}


def test_the_report_is_that_of_one_process(tmp_path: Path) -> None:
    asked = [f"--rule={rule}" for rule in RULES] + ["--assume=stop_call.release_cause=8017"]
    for jobs in ("1", "2"):
        done = run(tmp_path, "privnum.cli", "check", *asked, "--quiet", f"--jobs={jobs}", f"--report-dir={jobs}")
        assert done.returncode == 0, done.stdout + done.stderr
    assert rules_of(tmp_path / "2" / "report.json") == rules_of(tmp_path / "1" / "report.json")


def test_so_are_failures_with_their_steps(tmp_path: Path) -> None:
    (tmp_path / "bug.py").write_text(BUG, encoding="utf-8")
    for jobs in ("0", "2"):
        spread = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "bug", "-n", jobs, "--pyargs", "privnum.suites")
        done = run(tmp_path, *spread, f"--privnum-events={jobs}.jsonl", *(f"--privnum-rule={rule}" for rule in RULES))
        assert done.returncode == 1, done.stdout + done.stderr
        told = run(tmp_path, "privnum.cli", "report", f"{jobs}.jsonl", "--quiet", f"--out={jobs}")
        assert told.returncode == 0, told.stdout + told.stderr
    one, two = (rules_of(tmp_path / jobs / "report.json") for jobs in ("0", "2"))
    assert {rule["id"] for rule in one["requirements"] if rule["verdict"] == "failed"} >= {
        "AXB-CALL-016",
        "AXE-CALL-016",
    }
    assert two == one


@pytest.mark.parametrize("bound", ["--max-calls=5", "--rate=1000"])
def test_a_bound_is_that_of_one_process(tmp_path: Path, bound: str) -> None:
    done = run(tmp_path, "privnum.cli", "check", "--rule=AXB-BIND-001", "--quiet", "--jobs=2", bound)
    assert "--jobs: one process, since" in done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("jobs", ["0", "-1", "17", "many", ""])
def test_a_number_of_processes_that_there_is_not(tmp_path: Path, jobs: str) -> None:
    done = run(tmp_path, "privnum.cli", "check", f"--jobs={jobs}")
    assert done.returncode == 2
    assert "is no number of processes; write auto, or 1 to 16" in done.stderr


def test_a_process_that_dies_leaves_no_verdict(tmp_path: Path) -> None:
    """Nor a report that looks like one."""
    dying = "import os\n\n\ndef pytest_runtest_teardown(item):\n    os._exit(3)\n"
    (tmp_path / "dying.py").write_text(dying, encoding="utf-8")
    spread = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "dying", "-n", "2", "--max-worker-restart=0")
    rules = [f"--privnum-rule={rule}" for rule in RULES]
    done = run(tmp_path, *spread, "--pyargs", "privnum.suites", "--privnum-events=events.jsonl", *rules)
    assert done.returncode != 0
    assert "no verdict: a worker ended before it has reported its checks" in done.stdout, done.stdout
    assert not (tmp_path / "events.jsonl").exists()
