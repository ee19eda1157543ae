"""pytest-xdist spreads a run over processes: checks still have one stream of events, one verdict and one bound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.suites.runner import workers
from privnum.suites.runner.workers import group_of

if TYPE_CHECKING:
    from pathlib import Path

RULES = ["--privnum-rule=AXB-BIND-001", "--privnum-rule=AXB-BIND-005"]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=environment,
    )


def events_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_one_stream_and_one_verdict(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n" * 2, encoding="utf-8")
    spread = ("-n", "2", "--pyargs", "privnum.suites", "test_own.py")
    done = run(tmp_path, *spread, *RULES, "--privnum-events=events.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Conforms: no rule fails; 2 of 2 pass." in done.stdout, done.stdout
    events = events_of(tmp_path / "events.jsonl")
    kinds = [event["event"] for event in events]
    assert (kinds[0], kinds[-1], kinds.count("run_started")) == ("run_started", "run_finished", 1)
    report = subprocess.run(
        [sys.executable, "-m", "privnum.cli", "report", "events.jsonl", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (report.returncode, report.stdout) == (0, "Conforms: no rule fails; 2 of 2 pass.\n")


@pytest.mark.parametrize(
    ("dist", "group"),
    [
        ("load", "tests/test_a.py::Of::test_b[1]@g"),
        ("worksteal", "tests/test_a.py::Of::test_b[1]@g"),
        ("loadscope", "tests/test_a.py::Of"),
        ("loadfile", "tests/test_a.py"),
        ("loadgroup", "g"),
    ],
)
def test_other_tests_are_spread_as_asked(dist: str, group: str) -> None:
    root = workers.HOME.resolve().parent
    assert group_of(root, dist, "tests/test_a.py::Of::test_b[1]@g") == group
    ids = (
        "checks/axb/test_bind.py::test_it",
        "test_probes.py::test_it[x]",
        "suites/checks/common/test_push.py::test_it",
    )
    assert len({group_of(root, dist, nodeid) for nodeid in ids}) == 1
    assert group_of(root, dist, "tests/hostile/test_workers.py::test_it") != group_of(root, dist, ids[0])


def test_the_bound_is_that_of_the_whole_run(tmp_path: Path) -> None:
    """Two processes with a bound of ten each would send twenty."""
    with LiveServer() as server:
        (tmp_path / "target.toml").write_text(
            f'base_url = "{server.url}"\n[driver]\nkind = "http"\nurl = "{server.url}"\n', encoding="utf-8"
        )
        bound = ("--privnum-target", "target.toml", "--privnum-max-requests=10", "--privnum-events=events.jsonl")
        run(tmp_path, "-n", "2", "--pyargs", "privnum.suites", *RULES, *bound)
    (end,) = (event for event in events_of(tmp_path / "events.jsonl") if event["event"] == "run_finished")
    spent = end["spent"]
    assert isinstance(spent, dict)
    assert spent["requests"] == 10


def test_why_nothing_can_be_judged_is_told_once(tmp_path: Path) -> None:
    done = run(tmp_path, "-n", "2", "--pyargs", "privnum.suites", "--privnum-target", "none.toml")
    assert done.returncode == 2
    assert done.stdout.count("none.toml") >= 1
    assert done.stdout.rpartition(" privnum ")[2].count("none.toml") == 1, done.stdout


def test_checks_that_nobody_named_are_not_spread(tmp_path: Path) -> None:
    """Such as those of one's own, in one's own files."""
    check = 'from privnum.suites.runner.check import check\n\n@check("AXB-BIND-001")\ndef test_it(context):\n    pass\n'
    (tmp_path / "test_own.py").write_text(check, encoding="utf-8")
    done = run(tmp_path, "-n", "2", "test_own.py")
    assert done.returncode == 2
    assert "checks share a target and go to one worker" in done.stdout + done.stderr


def test_other_runs_are_spread_as_ever(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    done = run(tmp_path, "-n", "2", "test_own.py")
    assert done.returncode == 0, done.stdout
    assert "privnum" not in done.stdout


# ── one rule again ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_rule_is_judged_alone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "privnum.cli", "check", "--rule", "axb-bind-005", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "Conforms: no rule fails; 1 of 1 passes.\n", "")


def test_a_rule_that_there_is_not_is_told_with_what_is_like_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "privnum.cli", "check", "--rule", "AXB-BIND-999"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 2
    assert "AXB-BIND-999" in done.stderr
