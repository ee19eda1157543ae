"""Only modes of which there is an application are checked, unless somebody says which."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.suites.report.model import LATTICE
from privnum.suites.target.config import App, TargetError
from privnum.suites.target.modes import MODES
from tests.suites.platforms import AXB, AXE, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DRIVEN = '[driver]\nkind = "http"\nurl = "{url}"\n'
AN_APPLICATION = '[[applications]]\nmode = "{mode}"\napp_key = "k"\napp_secret = "s"\nnumbers = ["+8617000000001"]\n'


@pytest.fixture
def server() -> Iterator[LiveServer]:
    with LiveServer() as there:
        yield there


def report_of(folder: Path, text: str, *arguments: str) -> dict[str, Any]:
    """The report of a run that ends after a few seconds: which rules are in question is known by then."""
    target = folder / "target.toml"
    target.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "privnum.cli", "check", "--target", str(target), "--timeout", "5", *arguments]
    command += ["--report-dir", str(folder)]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize("mode", ["AXB", "AXE"])
def test_rules_of_other_modes_are_in_no_sum_and_in_no_list(server: LiveServer, tmp_path: Path, mode: str) -> None:
    app = {"mode": mode, "app_key": "k", "app_secret": "s", "numbers": [{"number": "+8617000000001"}]}
    with server.world(applications=[app]) as world:
        report = report_of(tmp_path, f'base_url = "{world.url}"\n' + AN_APPLICATION.format(mode=mode))
    assert report["run"]["modes"] == [mode]
    assert report["modes"].keys() == {mode, "common"}
    assert {rule["mode"] for rule in report["requirements"]} == {mode, "common"}
    assert sum(report["summary"][verdict] for verdict in LATTICE) == len(report["requirements"])


@pytest.mark.parametrize("arguments", [(), ("--mode", "AXE")], ids=["by default", "as asked"])
def test_worlds_are_judged_in_the_modes_of_their_applications(
    server: LiveServer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    text = f'base_url = "{server.url}"\n' + DRIVEN.format(url=server.url)
    assert report_of(tmp_path, text, *arguments)["run"]["modes"] == (["AXE"] if arguments else sorted(MODES))


def test_a_mode_that_is_asked_for_is_judged_though_there_is_no_application() -> None:
    """Its rules are not exercised, and the report says what would let them be checked."""
    platform = Platform(AXB)
    target = replace(platform.target(driver=False), modes=("AXB", "AXE"))
    assert platform.session_on(target).scope == ("AXB", "AXE")


@pytest.mark.parametrize(("apps", "scope"), [((AXB,), ("AXB",)), ((AXE,), ("AXE",)), ((AXE, AXB), ("AXB", "AXE"))])
def test_the_scope_is_the_modes_of_the_applications(apps: tuple[App, ...], scope: tuple[str, ...]) -> None:
    assert Platform(*apps).session(driver=False).scope == scope


def test_applications_of_modes_without_rules_only_are_refused() -> None:
    with pytest.raises(TargetError, match=f"of mode AXZ, and there are rules of {', '.join(MODES)} only"):
        Platform().session(driver=False, apps=(replace(AXB, mode="AXZ"),))


def test_a_run_of_one_mode_mixes_it_with_no_other(tmp_path: Path) -> None:
    """The state machine of several modes would bind in applications that nobody asked for."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-rs", "-p", "no:cacheprovider", "--privnum-mode", "AX"]
    command += ["--pyargs", "privnum.suites.checks.mixed"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert "it needs applications of several modes" in done.stdout, done.stdout
