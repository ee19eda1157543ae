"""What pages show: their blocks, the files among them, and their sessions run in a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: The first line of a block that is to be saved under this name.
_NAME = re.compile(r"(?:<\?php\n)?(?:#|//|--) ([\w./-]+\.\w+)\n")


class Session(NamedTuple):
    """Lines that are typed, and lines that come back."""

    commands: list[str]
    shown: list[str]


def page(name: str) -> str:
    """Return the text of a page, named from the root of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """Return the blocks of a kind (console, python, …) in their order."""
    return [block for found, block in _BLOCK.findall(text) if found == kind]


def files(text: str) -> dict[str, str]:
    """Return the blocks that say in their first line under which name they are saved."""
    return {name[1]: block for _, block in _BLOCK.findall(text) if (name := _NAME.match(block))}


def session(text: str, but: Sequence[str] = ()) -> Session:
    """Return the session of a page, without commands that begin with one of `but`."""
    lines = [line for block in blocks(text, "console") for line in block.splitlines()]
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    shown = [line for line in lines if not line.startswith("$ ")]
    return Session([each for each in commands if not each.startswith(tuple(but))], shown)


def environment() -> dict[str, str]:
    """Return an environment with the `privnum` of these tests, without settings for it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PRIVNUM_", "PYTEST_"))}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    return env


def run_in_shell(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder; servers that it has started and left are stopped."""
    env = environment() | more
    try:
        return subprocess.run(
            ["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )
    finally:
        for started in folder.glob("*/started.json"):
            stop = ["privnum", "stop", "--state-dir", str(started.parent)]
            subprocess.run(stop, cwd=folder, env=env, capture_output=True, timeout=60, check=False)


def write_files(text: str, folder: Path) -> None:
    """Save what a page says to save."""
    for name, content in files(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def steady(printed: str) -> list[str]:
    """Return printed lines as a page has them: port, process and seconds are others each time."""
    for found, shown in (
        (r"(?<=127[.]0[.]0[.]1:)\d+", "8080"),
        (r"pid \d+", "pid 4711"),
        (r"(?<=passed in )[\d.]+s", "0.50s"),
    ):
        printed = re.sub(found, shown, printed)
    return printed.splitlines()
