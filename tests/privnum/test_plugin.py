"""The pytest plugin in the run of a project that has options and fixtures of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FIXTURES = ("target", "context", "bench", "world", "server", "driver", "session", "clock")
CONFTEST = """
import pytest

OPTIONS = ("--target", "--disruptive", "--yes-i-may-test-this", "--seed", "--mode", "--rule", "--profile", "--push-to")

def pytest_addoption(parser):
    for name in OPTIONS:
        parser.addoption(name, default="mine")

""" + "\n".join(f"@pytest.fixture\ndef {name}():\n    return 'mine'\n" for name in FIXTURES)
MINE = """
import sys

def test_mine(target, context, bench, world, server, driver, session, clock, pytestconfig):
    assert {target, context, bench, world, server, driver, session, clock} == {"mine"}
    assert pytestconfig.getoption("--target") == pytestconfig.getoption("--disruptive") == "mine"
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_projects_options_and_fixtures_are_its_own(tmp_path: Path) -> None:
    """Beside the checks as well: they take nothing of a project, whatever it calls its fixtures."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_mine.py").write_text(MINE)
    alone = run(tmp_path, "-W", "error", "-p", "no:asyncio")
    assert "1 passed" in alone.stdout, alone.stdout + alone.stderr
    rule = ("--privnum-rule=AXB-BIND-005", "--privnum-rule=AXE-QUERY-001")
    beside = run(tmp_path, "test_mine.py", "--pyargs", "privnum.suites", *rule)
    assert beside.returncode == 0, beside.stdout + beside.stderr
    assert int(beside.stdout.rpartition(" passed")[0].split()[-1]) > 2


def test_every_option_and_fixture_has_a_prefix(tmp_path: Path) -> None:
    """And no fixture is the suites': a check asks for none of ours."""
    text = run(tmp_path, "--fixtures", "-v").stdout
    blocks = dict(re.findall(r"fixtures defined from (\S+) -+\n(.*?)(?=\n-+ fixtures defined|\Z)", text, re.DOTALL))
    ours = set(re.findall(r"^(\w+)(?: \[.*\])? -- ", blocks["privnum.plugin"], re.MULTILINE))
    assert ours == {"async_private_number", "private_number", "private_number_server"}
    with_us, without = (_options(run(tmp_path, "--help", *more).stdout) for more in ((), ("-p", "no:privnum")))
    assert len(with_us - without) > 10
    assert {name for name in with_us - without if not name.startswith("--privnum-")} == set()


def _options(text: str) -> set[str]:
    return set(re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE))


UNUSED = """
import sys

LIBRARIES = ("respx", "httpx", "pytest_httpserver", "werkzeug", "hypothesis", "uvicorn", "asyncio", "jsonschema_rs")

def test_nothing_of_it_is_loaded():
    ours = {name for name in sys.modules if name.split(".")[0] == "privnum"}
    assert ours == {"privnum", "privnum.plugin"}
    assert not [name for name in LIBRARIES if name in sys.modules]
"""
USED = """
import sys

def test_of_other_libraries_nothing_is_loaded(private_number):
    private_number.call("+8613800000001", private_number.axb.numbers[0])
    others = ("respx", "httpx", "pytest_httpserver", "werkzeug", "hypothesis")
    assert not [name for name in others if name in sys.modules]
"""


def test_it_loads_no_library_that_a_test_may_patch(tmp_path: Path) -> None:
    """Unused it loads nothing; used, neither respx nor pytest-httpserver nor another HTTP library."""
    for name, text in (("test_unused.py", UNUSED), ("test_used.py", USED)):
        (tmp_path / name).write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "privnum.plugin", name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
        assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_checks_keep_their_order_where_a_plugin_shuffles_tests(tmp_path: Path) -> None:
    """A check that locks out comes last, whatever seed pytest-randomly has."""
    orders = set()
    for seed in ("1", "2"):
        events = f"{seed}.jsonl"
        rules = ("--privnum-rule=AXB-QUERY-004", "--privnum-rule=AXB-BIND-006", "--privnum-rule=AXB-QUERY-001")
        done = run(
            tmp_path, "--pyargs", "privnum.suites", *rules, f"--privnum-events={events}", f"--randomly-seed={seed}"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        told = [json.loads(line) for line in (tmp_path / events).read_text().splitlines()]
        orders.add(tuple(each["check"] for each in told if each["event"] == "check_started"))
    assert len(orders) == 1
    assert len(orders.pop()) == 3
