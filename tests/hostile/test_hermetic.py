"""A run is the same in whatever folder it is started, and with whatever variables of pytest, Hypothesis or Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.driver.protocol import DriverError
from privnum.suites.driver.python import DriverPlace, ObjectDriver, load_driver

if TYPE_CHECKING:
    from pathlib import Path

_CONFTEST_BROKEN = "import a_package_of_the_project\n"
_CONFTEST_NOSY = """
import pytest

@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("no network")))
    raise RuntimeError("a fixture of the user's ran")

def pytest_collection_modifyitems(items):
    items.clear()
"""
_SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\nfilterwarnings = error\n",
    "tox.ini": "[pytest]\naddopts = -k nothing\n",
    "setup.cfg": "[tool:pytest]\naddopts = -k nothing\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-k nothing"\n',
}
_VARIABLES = {
    "PYTEST_ADDOPTS": "-k nothing -p no:terminal -n 2",
    "PYTEST_PLUGINS": "a_plugin_that_is_not_there",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "",
    "PYTHONWARNINGS": "error",
    "HYPOTHESIS_STORAGE_DIRECTORY": "storage",
    "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1",
    "CI": "true",
    "http_proxy": "http://127.0.0.1:9",
    "COLUMNS": "20",
}


def check(folder: Path, **variables: str) -> Any:
    """Check one rule; the report, without its times."""
    done = subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "privnum.cli",
            "check",
            "--rule",
            "AXB-BIND-005",
            "--quiet",
            "--report-dir",
            "out",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **variables},
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    report = json.loads((folder / "out" / "report.json").read_bytes())
    return {name: report[name] for name in ("target", "summary", "requirements", "choices")}


def test_no_plugin_of_hypothesis_is_loaded(tmp_path: Path) -> None:
    """Packages that have nothing to do with the run bring some: trio, for one."""
    info = tmp_path / "nosy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nosy\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[hypothesis]\nnosy = nosy\n", encoding="utf-8")
    (tmp_path / "nosy.py").write_text("raise SystemExit('a plugin of another package was loaded')\n", encoding="utf-8")
    assert check(tmp_path, PYTHONPATH=str(tmp_path))["summary"]["passed"] == 1


@pytest.mark.parametrize("conftest", [_CONFTEST_BROKEN, _CONFTEST_NOSY], ids=["broken", "nosy"])
def test_nothing_of_a_folder_reaches_the_run(tmp_path: Path, conftest: str) -> None:
    """Neither its conftest.py, nor that of a folder above, nor settings, nor modules named as ours or as others'."""
    folder = tmp_path / "project" / "within"
    folder.mkdir(parents=True)
    for place in (folder, folder.parent):
        (place / "conftest.py").write_text(conftest, encoding="utf-8")
        for name, text in _SETTINGS.items():
            (place / name).write_text(text, encoding="utf-8")
    for module in ("contracts", "suites", "mockserver", "orjson", "rich", "tomllib"):
        (folder / f"{module}.py").write_text("raise RuntimeError('a module of the user')\n", encoding="utf-8")
    found = {path.name for path in folder.iterdir()}
    check(folder)
    assert {path.name for path in folder.iterdir()} == found | {"out"}


def test_no_variable_reaches_the_run(tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()
    assert check(plain) == check(other, **_VARIABLES)
    assert [path.name for path in other.iterdir()] == ["out"]


def test_a_driver_in_python_that_ends_the_process_is_told_as_one_that_fails() -> None:
    """Its status would be taken for a verdict."""

    class Ends:
        def perform(self, *_: object) -> object:
            sys.exit(1)

    with pytest.raises(DriverError, match="perform raised SystemExit: 1"):
        ObjectDriver(Ends()).send("capabilities")
    with pytest.raises(DriverError, match="raised SystemExit: 1"):
        load_driver(DriverPlace(object="tests.hostile.test_hermetic:end"))


def end() -> None:
    sys.exit(1)
