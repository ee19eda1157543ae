"""The commands of a page, run one after the other: none may fail."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tests.docs.shown import run_in_shell

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence
    from pathlib import Path

#: Commands that a test does not run, by their beginning, with the reason.
NOT_RUN = {
    "make ": "runs everything; the targets are looked for in the Makefile",
    "pip ": "installs",
    "python -m pip ": "installs",
    "pytest ": "checks a target of the reader's",
    "privnum check --target ": "checks a target of the reader's",
    "privnum check-driver ": "tries a driver of the reader's",
    "privnum coverage ": "needs a run of every check",
}
#: What a line begins with that says that a command failed.
FAILED = "a command of the page failed: "


def is_run(command: str) -> bool:
    return not command.startswith(tuple(NOT_RUN))


def script_of(commands: Sequence[str]) -> str:
    """Return a script of the commands, each with a line where it fails.

    A server goes into the background on a free port, and ends at once but for the first.
    """
    lines, servers = [], 0
    for command in filter(is_run, commands):
        line = command
        if line.startswith("privnum serve"):
            servers += 1
            tls = " --tls-port 0" if "--tls" in line else ""
            start = line.replace("privnum serve", f"privnum start --detach --port 0 --state-dir state{servers}")
            line = f"{start}{tls}" if servers == 1 else f"{start}{tls} && privnum stop --state-dir state{servers}"
        lines.append(f"{line.partition(' # ')[0]}\ntest $? = 0 || echo {shlex.quote(FAILED + command)}")
        if servers == 1 and "start --detach" in line:
            lines.append('export PRIVNUM_STATE_DIR=state1; P=$(privnum env | sed -n "s/.*URL=.*:\\([0-9]*\\)$/\\1/p")')
    if servers:
        lines.append(f"privnum stop >stopped || echo '{FAILED}privnum stop'")
    return "\n".join(lines).replace("localhost:8080", "localhost:$P")


def run_in_order(commands: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the commands, but for those that no test runs; fail where one does."""
    done = run_in_shell(script_of(commands), folder)
    assert FAILED not in done.stdout, done.stdout + done.stderr
    assert done.stderr == ""
    return done
