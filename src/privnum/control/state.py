"""What `privnum start` notes, so that later commands find the server.

A process is the one that was started if its number and the time of its start are the same: numbers come round again.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

__all__ = ["add_option", "began", "forget", "is_alive", "keep", "lock", "log_of", "read"]

FOLDER: Final = "PRIVNUM_STATE_DIR"
_USUAL: Final = ".privnum"
_FILE: Final = "state.json"
_LOCK: Final = "lock"
#: Fields of /proc/PID/stat behind the name of the program: the state is the first, the start the twentieth.
_STATE, _START = 0, 19


def add_option(parser: argparse._ActionsContainer) -> None:
    """Add the option that names the folder."""
    parser.add_argument(
        "--state-dir",
        metavar="DIR",
        default=os.environ.get(FOLDER) or _USUAL,
        help=f"folder in which privnum start notes its server (default: ${FOLDER}, else {_USUAL})",
    )


@contextmanager
def lock(folder: Path) -> Iterator[bool]:
    """Whether the folder is ours meanwhile; one start at a time has it.

    The system takes the lock back when its process ends, however it ends.
    """
    import fcntl

    number = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        yield False
        return
    try:
        yield True
    finally:
        os.close(number)


def read(folder: Path) -> dict[str, Any] | None:
    """Return what was noted of a server; None where nothing can be read."""
    try:
        noted = json.loads((folder / _FILE).read_bytes())
    except (OSError, ValueError):
        return None
    good = isinstance(noted, dict) and isinstance(noted.get("pid"), int) and isinstance(noted.get("url"), str)
    return noted if good else None


def keep(folder: Path, noted: dict[str, Any]) -> None:
    """Note a server. Only the owner can read it: it has secrets."""
    new = folder / f"{_FILE}.new"
    new.unlink(missing_ok=True)
    number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump(noted, file)
    new.replace(folder / _FILE)


def forget(folder: Path) -> None:
    """Take the note away."""
    (folder / _FILE).unlink(missing_ok=True)


def log_of(folder: Path) -> Path:
    """Return the file with what the server says on stderr."""
    return folder / "privnum.log"


def is_alive(noted: dict[str, Any]) -> bool:
    """Whether the very process that was started still runs."""
    now = began(noted["pid"])
    return now is not None and now == noted.get("began")


def began(pid: int) -> str | None:
    """Return when a process was started, in the words of the system.

    None where there is no such process.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return _began_by_ps(pid)
    # A process that has ended and that nobody has asked for its status is none.
    return None if fields[_STATE] in "ZX" else fields[_START]


def _began_by_ps(pid: int) -> str | None:
    """The same where there is no /proc, as on macOS."""
    if Path("/proc/self").exists():
        return None
    try:
        done = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
