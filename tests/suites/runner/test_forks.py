"""A run whose checks several forks of one process run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from privnum.suites.runner.forks import groups_of
from privnum.suites.runner.workers import can_fork

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not can_fork(), reason="no process can be forked here")

RULES = ("AXB-CALL-016", "AXE-CALL-016", "AX-EVENT-009", "AXB-BIND-001", "AX-OPEN-001", "AXB-CDR-001", "COM-OPEN-031")
MAIN = """
import os, sys, time
from privnum import cli
{before}
sys.exit(cli.main(["check", *sys.argv[1:]]))
"""
BUG = """
from privnum.suites.mutation.operators.calls import end_with
end_with("busy", 8101).apply().__enter__()
"""
"""A busy callee ends a call with a wrong cause."""
IN_CHECKS = """
from privnum.suites.runner import execute
run, parent = execute._try_check, os.getpid()
def _try_check(session, check, context, make):
    {what}
    return run(session, check, context, make)
execute._try_check = _try_check
"""


def command(*arguments: str, before: str = "") -> list[str]:
    return [sys.executable, "-c", MAIN.format(before=before), *arguments]


def run(folder: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    rules = [f"--rule={rule}" for rule in RULES]
    given = command(*arguments, *rules, "--quiet", before=before)
    return subprocess.run(given, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)


def rules_of(report: Path) -> Any:
    whole = json.loads(re.sub(r"check-\d+", "check", report.read_text(encoding="utf-8")))
    return {name: whole[name] for name in ("summary", "modes", "requirements", "choices", "next_steps")}


def item(name: str, module: str, *, rules: int = 1) -> pytest.Item:
    from privnum.suites.runner.definitions import MARK, Check

    function = SimpleNamespace(**{MARK: Check(("AXB-BIND-001",) * rules, (), disruptive=False)})
    return cast("pytest.Item", SimpleNamespace(name=name, module=SimpleNamespace(__name__=module), function=function))


def test_a_process_takes_a_machine_alone_and_a_few_checks_of_a_module() -> None:
    machines = [item(name, "axb.test_machine", rules=9) for name in "ab"]
    checks = [item(str(number), "axb.test_bind") for number in range(30)]
    groups = groups_of([*machines, *checks, item("z", "ax.test_bind")])
    assert [[one.name for one in group] for group in groups[:2]] == [["a"], ["b"]]
    assert [len(group) for group in groups[2:]] == [12, 12, 6, 1]
    assert [one for group in groups for one in group][2:-1] == checks


def test_failures_and_their_steps_are_those_of_one_process(tmp_path: Path) -> None:
    for jobs in ("1", "3"):
        done = run(tmp_path, f"--jobs={jobs}", f"--report-dir={jobs}", before=BUG)
        assert done.returncode == 1, done.stdout + done.stderr
    one, three = (rules_of(tmp_path / jobs / "report.json") for jobs in ("1", "3"))
    failed = {rule["id"] for rule in one["requirements"] if rule["verdict"] == "failed"}
    assert failed >= {"AXB-CALL-016", "AXE-CALL-016"}
    assert three == one


def test_a_process_that_dies_leaves_no_verdict(tmp_path: Path) -> None:
    dying = IN_CHECKS.format(what="os.getpid() == parent or os._exit(3)")
    done = run(tmp_path, "--jobs=2", "--report-dir=out", before=dying)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr == "privnum check: no verdict: a process ended before it has reported its checks\n"
    assert not list((tmp_path / "out").iterdir())


def test_a_fault_of_ours_in_a_process_is_one_line(tmp_path: Path) -> None:
    before = "from privnum.suites.runner.pytest_hooks import Hooks\nHooks.finish = (lambda finish: lambda self, **k: "
    before += "finish(self, **k) if os.getpid() == parent else 1 / 0)(Hooks.finish)\nparent = os.getpid()\n"
    done = run(tmp_path, "--jobs=2", "--report-dir=out", before=before)
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_who_stops_a_run_gets_a_report_of_what_was_checked(tmp_path: Path, name: str) -> None:
    """A terminal sends the signal to every process."""
    slow = IN_CHECKS.format(what="open('begun', 'a').close(); time.sleep(0.05)")
    given = command("--jobs=2", "--report-dir=out", "--quiet", before=slow)
    process = subprocess.Popen(given, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True)
    wait_for(tmp_path / "begun")
    time.sleep(1)
    os.killpg(process.pid, getattr(signal, name))
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 2, printed
    assert "The run was interrupted before its end" in printed
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["run"]["interrupted"]
    assert report["summary"]["passed"]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_no_process_outlives_the_one_that_reads(tmp_path: Path) -> None:
    slow = IN_CHECKS.format(what="print('x', end='', file=open('begun', 'a')); time.sleep(0.05)")
    given = command("--jobs=2", "--report-dir=out", "--quiet", before=slow)
    process = subprocess.Popen(given, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_for(tmp_path / "begun")
    process.kill()
    process.wait()
    sizes = [0]
    for _ in range(60):
        time.sleep(1)
        sizes.append((tmp_path / "begun").stat().st_size)
        if sizes[-1] == sizes[-2]:
            return
    pytest.fail(f"a fork goes on: {sizes}")
