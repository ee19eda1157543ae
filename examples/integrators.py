"""Runs the tests of the example integrators: programs in FastAPI, Node and Java that use privnum.

`python -m examples.integrators [NAME…]`, or `make examples`. Status 1 if one failed. An example whose language is not
on this machine is skipped, and the reason is printed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["INTEGRATORS", "Integrator", "main"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Integrator:
    """An example, in a folder of its name.

    `programs` are those that it needs, `commands` those that test it, given a folder for what they build.
    """

    name: str
    programs: tuple[str, ...]
    commands: Callable[[Path], Sequence[Sequence[str]]]

    def missing(self) -> list[str]:
        """Return the programs that are not on this machine."""
        return [program for program in self.programs if shutil.which(program) is None]

    def passes(self) -> bool:
        """Run its tests, which print what they find; return whether all passed."""
        # `privnum` is the one of this environment
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        settings = {**os.environ, "PATH": path}
        with tempfile.TemporaryDirectory() as build:
            for command in self.commands(Path(build)):
                if subprocess.run(command, cwd=FOLDER / self.name, env=settings, check=False).returncode:
                    return False
        return True


def _fastapi(_: Path) -> Sequence[Sequence[str]]:
    return [[sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]]


def _node(_: Path) -> Sequence[Sequence[str]]:
    return [["node", "--test"]]


def _java(build: Path) -> Sequence[Sequence[str]]:
    sources = [path.name for path in sorted((FOLDER / "java").glob("*.java"))]
    return [
        ["javac", "-Xlint:all,-try", "-Werror", "-d", str(build), *sources],
        ["java", "-cp", str(build), "RidesTest"],
    ]


INTEGRATORS = (
    Integrator("fastapi", (), _fastapi),
    Integrator("node", ("node",), _node),
    Integrator("java", ("javac", "java"), _java),
)


def main(names: Sequence[str]) -> int:
    """Run the named examples, or all; return the exit status."""
    known = [each.name for each in INTEGRATORS]
    for name in names:
        if name not in known:
            sys.stderr.write(f"examples.integrators: {name!r} is no example; there are {', '.join(known)}\n")
            return 2
    outcomes = {each.name: _outcome(each) for each in INTEGRATORS if not names or each.name in names}
    for name, outcome in outcomes.items():
        sys.stdout.write(f"examples/{name}: {outcome}\n")
    return 1 if "failed" in outcomes.values() else 0


def _outcome(integrator: Integrator) -> str:
    missing = integrator.missing()
    if missing:
        return f"skipped: {' and '.join(missing)} not on the PATH"
    sys.stdout.write(f"examples/{integrator.name}\n")
    sys.stdout.flush()
    return "passed" if integrator.passes() else "failed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
