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
