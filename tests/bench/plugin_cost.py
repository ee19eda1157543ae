"""The pytest plugin: what it costs where nobody uses it, and what a world costs where somebody does."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_EMPTY = "def test_nothing():\n    pass\n"
#: A run that tells how much time of the processor it took behind the import of pytest: what else the machine does is no
#: part of the figure.
_TIMED = """
import sys, time
import pytest
loaded = time.process_time()
status = pytest.main(sys.argv[1:])
print(f"TIMED {(time.process_time() - loaded) * 1000}")
sys.exit(status)
"""
_WORLDS = """
import json
import time

import pytest

TIMES = []

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    began = time.perf_counter()
    result = yield
    TIMES.append((item.name, time.perf_counter() - began))
    return result

def pytest_sessionfinish():
    with open("times.json", "w") as file:
        json.dump(TIMES, file)
"""
_TESTS = """
import pytest

@pytest.mark.parametrize("turn", range(60))
def test_world(private_number, turn):
    pass

@pytest.mark.parametrize("turn", range(60))
def test_without(turn):
    pass
"""


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def unused_cost(rounds: int) -> dict[str, Any]:
    """Milliseconds that the plugin adds to a pytest run of one empty test: the median of differences, pair by pair."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_mine.py").write_text(_EMPTY, encoding="utf-8")
        added = []
        for turn in range(rounds + 1):
            pair = {}
            for plugin in (True, False) if turn % 2 else (False, True):
                more = ("-p", "privnum.plugin") if plugin else ()
                command = [sys.executable, "-c", _TIMED, "-q", "-p", "no:cacheprovider", *more, "test_mine.py"]
                done = subprocess.run(
                    command, cwd=folder, capture_output=True, text=True, check=True, env=_environment()
                )
                pair[plugin] = float(done.stdout.partition("TIMED ")[2].split()[0])
            added.append(pair[True] - pair[False])
    return {"added_ms": statistics.median(added[1:])}  # in the first pair modules are compiled


def used() -> dict[str, Any]:
    """Milliseconds of set-up and teardown of private_number after the first, beside a test without."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(_WORLDS, encoding="utf-8")
        Path(folder, "test_mine.py").write_text(_TESTS, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "privnum.plugin"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True, env=_environment())
        times: list[tuple[str, float]] = json.loads(Path(folder, "times.json").read_bytes())
    with_world = [seconds for name, seconds in times if name.startswith("test_world")]
    without = [seconds for name, seconds in times if name.startswith("test_without")]
    cost = statistics.median(with_world[1:]) - statistics.median(without)
    return {"set_up_and_teardown_ms": cost * 1000, "first_ms": with_world[0] * 1000}
