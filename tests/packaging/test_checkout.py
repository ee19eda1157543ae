"""A checkout whose symbolic links git has written as text files, as Git for Windows does by itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("contracts", "mockserver", "suites")


def copy_rooms(folder: Path, *without_link: str) -> Path:
    """A copy of the package with its links, some of them as text files."""
    source, package = ROOT / "src" / "privnum", folder / "src" / "privnum"
    package.mkdir(parents=True)
    for file in source.glob("*.py"):
        shutil.copy(file, package)
    for room in ROOMS:
        if room in without_link:
            (package / room).write_text(f"../../{room}", encoding="utf-8")
        else:
            (package / room).symlink_to(ROOT / room)
    return package.parent


@pytest.mark.parametrize("rooms", [ROOMS, ("suites",)])
@pytest.mark.parametrize("what", ["privnum.cli", "privnum.mockserver.embed.live", "privnum.plugin"])
def test_links_that_are_text_files_are_named_in_one_line(tmp_path: Path, rooms: tuple[str, ...], what: str) -> None:
    """With how to get them, whatever is imported."""
    command = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(copy_rooms(tmp_path, *rooms))!r}); import {what}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: this checkout has text files in place of the symbolic links")
    assert f"src/privnum/{{{','.join(rooms)}}}" in last
    assert "core.symlinks true" in last
    assert "without --editable" in last


def test_links_that_are_there_are_no_matter(tmp_path: Path) -> None:
    folder = str(copy_rooms(tmp_path))
    code = f"import sys; sys.path.insert(0, {folder!r}); import privnum.contracts as c; print(c.__file__)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_an_installation_looks_at_it_first() -> None:
    """`make install` ends with the line, not with a first command that fails."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\n$(STAMP):")[2].partition("\n\n")[0]
    assert "import privnum" in recipe
