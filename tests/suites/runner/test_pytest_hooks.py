"""What the hooks of the suites do in a pytest run that is not started by `privnum check`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RECORDER = """
import signal

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    print("HANDLERS", *(getattr(signal.getsignal(getattr(signal, name)), "__name__", "default") for name in names))
    return (yield)
"""
OWN = """
import sys
sys.path.insert(0, ".")
import pytest
import recorder
from privnum import cli

run = pytest.main
pytest.main = lambda arguments, plugins: run([*arguments, "--capture=no"], plugins=[*plugins, recorder])
sys.exit(cli.main(["check", "--rule", "AXB-BIND-005", "--quiet"]))
"""
PART = """
def pytest_configure(config):
    config.workerinput = {"privnum_spread": True}
"""
"""A plugin by which a run takes itself for one of several processes."""
CHECK = ["--pyargs", "privnum.suites", "--privnum-rule", "AXB-BIND-005", "-q", "-s", "-p", "no:cacheprovider"]


@pytest.mark.parametrize(
    ("command", "handlers"),
    [
        (["-m", "pytest", *CHECK, "-p", "recorder"], "default_int_handler default default"),
        (["-c", OWN], "ask ask ask"),
    ],
    ids=["pytest", "privnum check"],
)
def test_signals_are_left_to_pytest_where_it_was_started(command: list[str], handlers: str, tmp_path: Path) -> None:
    """The host of a run may have handlers of its own; `privnum check` is the host of its run."""
    (tmp_path / "recorder.py").write_text(RECORDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert f"HANDLERS {handlers}" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("part", [False, True])
def test_what_failed_before_comes_first_in_each_of_several_processes(part: bool, tmp_path: Path) -> None:
    """Behind the probes, also where long checks would go before; the others keep their order."""
    (tmp_path / "part.py").write_text(PART, encoding="utf-8")
    rules = [f"--privnum-rule={rule}" for rule in ("AXB-STATE-001", "AXB-CALL-016", "AXB-BIND-005", "COM-OPEN-031")]
    command = [sys.executable, "-m", "pytest", "--pyargs", "privnum.suites", "-q", "--collect-only", *rules]
    command += ["-p", "no:cacheprovider", *(("-p", "part") if part else ())]
    usual, changed = (_collect_names([*command, *more], tmp_path) for more in ((), ("--privnum-first=AXB-CALL-016",)))
    behind = [test for test in changed if "test_probes" not in test]
    assert changed[0] == usual[0]
    assert "test_probes" in changed[0]
    assert "test_busy" in behind[0]
    first = [test for test in behind if "test_busy" in test or "test_endings" in test]
    assert [test for test in changed if test not in first] == [test for test in usual if test not in first]


def _collect_names(command: list[str], folder: Path) -> list[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]
