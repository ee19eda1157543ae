"""privnum installed from its wheel: the commands work in a folder that knows no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment with the wheel.

    The packages that it needs are lent by this environment through a .pth file, whose own .pth files (with the
    checkout in one of them) are not read then.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    places = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    folder = Path(places["scripts"])
    command = [sys.executable, "-m", "pip", "--python", str(folder / "python"), "install"]
    options = ["--no-index", "--no-deps", "--no-compile"]
    done = subprocess.run([*command, *options, str(wheel)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    Path(places["purelib"], "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def environment() -> dict[str, str]:
    """Without what would lead to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(folder: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / arguments[0], *arguments[1:]],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_is_imported_is_what_was_installed(bin_folder: Path, tmp_path: Path) -> None:
    code = "import privnum.contracts, privnum.suites; print(privnum.__file__, privnum.suites.__file__)"
    done = run(bin_folder, "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for place in done.stdout.split():
        assert place.startswith(str(bin_folder.parent))


def test_it_serves(bin_folder: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [bin_folder / "privnum", "serve", "--json", "--port", "0"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["control_url"]
            with urllib.request.urlopen(f"{url}/health", timeout=30) as answer:
                assert json.load(answer)["status"] == "ok"
        finally:
            process.terminate()
    assert process.returncode == 0


def test_it_checks_one_rule_of_a_mode(bin_folder: Path, tmp_path: Path) -> None:
    options = ("--mode", "X", "--rule", "X-CALL-003", "--quiet")
    done = run(bin_folder, "privnum", "check", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "build" / "conformance" / "report.json").read_bytes())
    verdicts = {rule["id"]: rule["verdict"] for rule in report["requirements"]}
    assert verdicts["X-CALL-003"] == "passed"


def test_the_plugin_of_pytest_is_found(bin_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it(private_number):\n"
        "    assert private_number.axb.bind('+8613800000001', '+8613900000002')['resultcode'] == '0'\n",
        encoding="utf-8",
    )
    done = run(bin_folder, "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sdist_has_what_people_read_first(wheel: Path) -> None:
    (sdist,) = wheel.parent.glob("*.tar.gz")
    names = subprocess.run(["tar", "tzf", str(sdist)], capture_output=True, text=True, check=True).stdout.split()
    files = {name.partition("/")[2] for name in names}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "docs/security.md"} <= files
