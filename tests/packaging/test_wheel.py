"""What is shipped is what stands in the repository: sdist, wheel, and an import from nothing but the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("contracts", "mockserver", "suites")
#: Files of the rooms that are not code and must travel too.
DATA = (".toml", ".json", ".md", ".html", ".css", ".js", ".svg")


def run(*command: str, cwd: Path) -> str:
    """Standard output of a command; its standard error is the failure message."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shipped_files(room: str) -> set[str]:
    """Every file of a room that git would know, as its path in the wheel."""
    found = set()
    for folder, _, names in os.walk(ROOT / room):
        for name in names:
            path = Path(folder, name)
            if "__pycache__" not in path.parts and (path.suffix == ".py" or path.suffix in DATA):
                found.add(f"privnum/{path.relative_to(ROOT).as_posix()}")
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_the_wheel_holds_every_file_of_each_room(wheel: Path, room: str) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert shipped_files(room) <= held


def test_the_wheel_holds_every_module_of_the_front_door(wheel: Path) -> None:
    """pyproject.toml names them one by one, so that a new one is easily forgotten."""
    held = set(zipfile.ZipFile(wheel).namelist())
    assert "privnum/py.typed" in held
    assert {f"privnum/{path.name}" for path in (ROOT / "src/privnum").glob("*.py")} <= held
    assert {f"privnum/openapi/{path.name}" for path in (ROOT / "src/privnum/openapi").glob("*.py")} <= held


def test_the_wheel_imports_by_itself(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import privnum.contracts, privnum.mockserver, privnum.openapi, privnum.suites\n"
        "print(privnum.contracts.__file__); print(len(privnum.contracts.operations()))"
    )
    place, operations = run(sys.executable, "-I", "-c", code, cwd=tmp_path).split()
    assert place.startswith(str(site))
    assert int(operations) > 0


def test_nothing_of_the_rooms_lies_at_the_top_of_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"privnum", next(name for name in tops if name.endswith(".dist-info"))}


def test_the_wheel_holds_every_file_of_the_package_itself(wheel: Path) -> None:
    """Each is named in pyproject.toml, where a new one is easily left out."""
    held = set(zipfile.ZipFile(wheel).namelist())
    home = ROOT / "src/privnum"
    own = {
        f"privnum/{Path(folder, name).relative_to(home).as_posix()}"
        for folder, _, names in os.walk(home)  # the rooms are links, which are not followed
        for name in names
        if "__pycache__" not in folder
    }
    assert own <= held, own - held
