"""What these tests need of the machine, and where it is."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

#: Set by CI: what is missing is a failure then.
REQUIRED = "PRIVNUM_REQUIRE_POSTGRES"


def server_programs() -> Path | None:
    """The folder of initdb and postgres: of the newest PostgreSQL of Debian, else that of the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: _number(folder.parent.name))
    found = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _number(version: str) -> float:
    return float(version) if version.replace(".", "", 1).isdigit() else 0.0


def nginx_program() -> str | None:
    """The path of nginx, which Debian keeps off the PATH of most users."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def missing_things() -> list[str]:
    """What is not installed here, each with what brings it."""
    there = {
        "no PostgreSQL (apt-get install postgresql)": server_programs() is not None,
        "no nginx (apt-get install nginx-light)": nginx_program() is not None,
        "no psycopg (pip install 'privnum[postgres]')": importlib.util.find_spec("psycopg") is not None,
        "no /proc, by which the processes of a cluster are found": Path("/proc/self/stat").exists(),
    }
    return [what for what, is_there in there.items() if not is_there]
