"""The commands of a page, run one after the other: none may fail.

Servers go into the background on free ports, and a check of every rule becomes one of a few.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from tests.docs.shown import ROOT, run_in_shell

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")

NOT_RUN: Final = {
    "make ": "runs everything; the targets are looked for in the Makefile",
    "pip ": "installs; tests/packaging does so from a wheel",
    "python -m pip ": "installs a tool and builds; tests/packaging does so",
}
"""Commands that a test does not run, by their beginning, with the reason."""
INSTEAD: Final = {"make conformance": "privnum check --jobs auto"}
"""What is run for a command that NOT_RUN has: what its target in the Makefile does."""
FEW_RULES: Final = "COM-AUTH-010"
"""Rules in the place of all: a command that names its own keeps them."""
WITH_FEW_RULES: Final = {
    r"privnum check(?= |$)": FEW_RULES,
    r"privnum check-receiver ": "--rule RECEIVER-FORM-001",
    r"pytest --pyargs privnum[.]suites(?= |$)": f"--privnum-rule {FEW_RULES} -p no:asyncio",
}
STATUS: Final = {
    "privnum coverage ": (1, "so few rules leave something uncovered"),
    "privnum diff ": (1, "the later report is of a platform that fails another rule"),
}
"""Commands that end with another status than 0, by their beginning, with the reason."""
FAILED: Final = "a command of the page failed: "
"""What a line begins with that says that a command failed."""
_RULE: Final = re.compile(r"\b[A-Z]+-[A-Z0-9]+\b|\b[0-9]{7}\b")
"""What names rules: an id or a part of one, or a code."""


class Before(NamedTuple):
    """What a reader has done before, or has in another place than the page.

    `instead` is run for a command that begins so, `behind` after one; `texts` are put for those of the page.
    """

    first: Sequence[str] = ()
    instead: Mapping[str, str] = {}
    behind: Mapping[str, str] = {}
    texts: Mapping[str, str] = {}


NOTHING: Final = Before()


def is_run(command: str) -> bool:
    return command.startswith(tuple(INSTEAD)) or not command.startswith(tuple(NOT_RUN))


def few_rules_of(command: str) -> str:
    """The command, with few rules where it would check every one."""
    for beginning, words in WITH_FEW_RULES.items():
        if re.match(beginning, command) and not _RULE.search(command):
            return f"{command} {words}"
    return command


def script_of(commands: Sequence[str], before: Before = NOTHING) -> str:
    """Return a script of the commands, each with a line where it ends otherwise than it should.

    A server goes into the background on a free port, and ends at once but for the first.
    """
    lines, servers = list(before.first), 0
    for command in filter(is_run, commands):
        line = command.partition(" # ")[0].rstrip()
        line = _value_of(before.instead, line) or INSTEAD.get(line, line)
        status = (_value_of(STATUS, line) or (0, ""))[0]
        if line.startswith("privnum serve"):
            servers += 1
            line = _in_background(line, servers)
        lines.append(f"{few_rules_of(line)}\ntest $? = {status} || echo {shlex.quote(FAILED + command)}")
        if servers == 1 and "start --detach" in line:
            lines.append('export PRIVNUM_STATE_DIR=state1; P=$(privnum env | sed -n "s/.*URL=.*:\\([0-9]*\\)$/\\1/p")')
        if (more := _value_of(before.behind, command)) is not None:
            lines.append(more)
    if servers:
        lines.append(f"privnum stop >stopped || echo '{FAILED}privnum stop'")
    script = "\n".join(lines).replace("localhost:8080", "localhost:$P")
    for shown, real in before.texts.items():
        script = script.replace(shown, real)
    return script


def _in_background(line: str, number: int) -> str:
    """The command that starts the server in the place of the one that stays with it."""
    tls = " --tls-port 0" if "--tls" in line else ""
    line = re.sub(r" --port \d+", "", line)
    start = line.replace("privnum serve", f"privnum start --detach --port 0 --state-dir state{number}")
    return f"{start}{tls}" if number == 1 else f"{start}{tls} && privnum stop --state-dir state{number}"


def _value_of(table: Mapping[str, T], command: str) -> T | None:
    return next((value for beginning, value in table.items() if command.startswith(beginning)), None)


def run_in_order(
    commands: Sequence[str], folder: Path, before: Before = NOTHING, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the commands, but for those that no test runs; fail where one does."""
    done = run_in_shell(script_of(commands, before), folder, PYTHONPATH=str(ROOT), **variables)
    assert FAILED not in done.stdout, done.stdout + done.stderr
    assert done.stderr == "", done.stderr
    return done
