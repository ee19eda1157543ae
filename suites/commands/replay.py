"""`privnum replay`: runs the script of a failure, says if it still fails."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from select import select
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.base.printing import printable
from privnum.suites.commands.parsers import replay_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.report.comparison import read_report
from privnum.suites.report.load import EventsError
from privnum.suites.report.text import title_as_run
from privnum.suites.runner.connect import live_server
from privnum.suites.safety.limits import refusal
from privnum.suites.target.config import Target, TargetError, load_target
from privnum.words import retell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

__all__ = ["HOLDS", "STILL_FAILS", "UNKNOWN", "replay_main"]

HOLDS, STILL_FAILS, UNKNOWN = 0, 1, 2
TOOLS: Final = ("bash", "curl", "jq", "openssl")
PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Variables that the script gets besides the secrets of its applications."""
_MOMENT: Final = 20.0
"""Seconds in which a script that is ended undoes what it did."""
_SIGNALS: Final = 40
"""How many signals to end it gets in this time, at most."""
_BASE: Final = re.compile(r"BASE=(\S+)(.*)")
_DRIVER: Final = re.compile(r"DRIVER=([^\s;]+)(?:; ID=(\S+))?(.*)")
_KEY: Final = re.compile(r"KEY(\d+)=(\S+); SECRET\1=\$\{SECRET\1:\?.*\}")
_TOLD: Final = {
    HOLDS: "what broke the rule does not come any more",
    STILL_FAILS: "it still fails",
    UNKNOWN: "nothing can be said; look at what came above",
}


class _CannotError(Exception):
    """The script cannot be run. The text is one line."""


def replay_main(argv: Sequence[str]) -> int:
    """Run the script of a failure.

    Status 0: what broke the rule does not come any more; 1: it still fails; 2: nothing can be said.
    """
    given = replay_parser().parse_args(argv)
    try:
        report = read_report(given.report).report
        rule = _failed_rule(report, given.rule.upper())
        with ExitStack() as stack:
            lines, secrets = _made_for(report, rule, given, stack)
            if given.printed:
                sys.stdout.writelines(f"{line}\n" for line in lines)
                return HOLDS
            status = _run(lines, secrets, given.timeout)
    except (EventsError, TargetError, _CannotError) as error:
        return refuse("replay", retell(str(error)))
    sys.stdout.write(f"{rule['id']} ({printable(title_as_run(rule))}): {retell(_TOLD[status])}\n")
    return status


def _failed_rule(report: Mapping[str, Any], id_: str) -> dict[str, Any]:
    """The rule of the report. Raises _CannotError where it has no script."""
    rules = {rule["id"]: rule for rule in report["requirements"]}
    rule: dict[str, Any] | None = rules.get(id_)
    if rule is None:
        raise _CannotError(str(contracts.UnknownName("rule of the report", id_, rules)))
    if not (rule["counterexample"] or {}).get("curl"):
        failed = ", ".join(one for one, told in rules.items() if (told["counterexample"] or {}).get("curl"))
        raise _CannotError(
            f"{id_} has no script in this report, its verdict is {rule['verdict'].replace('_', ' ')}; "
            f"there is one of {failed or 'no rule'}"
        )
    return rule


def _made_for(
    report: Mapping[str, Any], rule: Mapping[str, Any], given: argparse.Namespace, stack: ExitStack
) -> tuple[list[str], dict[str, str]]:
    """The script for where it is to run, and the secrets of its applications.

    Raises _CannotError.
    """
    lines = list(rule["counterexample"]["curl"])
    if "numbers are masked" in lines[0]:
        raise _CannotError("the numbers in this script are masked, as its target has real users; --print shows it")
    if any("=…" in line for line in lines):
        raise _CannotError(
            "the target of this report has a driver in Python, which no script reaches; --print shows it"
        )
    if given.target is not None:
        target = load_target(Path(given.target))
        problem = None if given.printed else refusal(target, permitted=given.permitted)
        if problem is not None:
            raise _CannotError(problem)
        return _on_target(lines, target)
    if report["target"].get("base_url") is None and not given.printed:
        server = live_server()
        stack.callback(server.stop)
        lines = [_DRIVER.sub(f"DRIVER={server.url}", line) if line.startswith("DRIVER=") else line for line in lines]
    elif not given.printed:
        _hold_to_its_host(lines, report["target"], permitted=given.permitted)
    return lines, {name: value for name, value in os.environ.items() if re.fullmatch(r"SECRET\d+", name)}


def _on_target(lines: Sequence[str], target: Target) -> tuple[list[str], dict[str, str]]:
    """The script for another target, and its secrets."""
    made, secrets = [], {}
    apps = {app.index: app for app in target.applications}
    for line in lines:
        if line.startswith("BASE="):
            if target.base_url is None:
                raise _CannotError(f"{target.name} has no base_url")
            made.append(f"BASE={_word(target.base_url)}")
        elif found := _DRIVER.match(line):
            if target.driver_url is None:
                raise _CannotError(f"this script needs a driver that is reached by HTTP, and {target.name} has none")
            made.append(
                f"DRIVER={_word(target.driver_url)}" + (f"; ID={_word(target.world or 'default')}" if found[2] else "")
            )
        elif found := _KEY.match(line):
            app = apps.get(int(found[1]))
            if app is None:
                raise _CannotError(f"this script needs application {found[1]}, and {target.name} has {len(apps)}")
            secrets[f"SECRET{found[1]}"] = app.secret
            made.append(f"KEY{found[1]}={_word(app.key)}; SECRET{found[1]}=${{SECRET{found[1]}:?}}")
        else:
            made.append(line)
    return made, secrets


def _word(text: str) -> str:
    """A value as one word of the script.

    Raises _CannotError for one that a shell reads otherwise.
    """
    if not re.fullmatch(r"[A-Za-z0-9_.:/@%+~-]+", text):
        raise _CannotError(f"a script cannot name {printable(text)!r}")
    return text


def _hold_to_its_host(lines: Sequence[str], target: Mapping[str, Any], *, permitted: bool) -> None:
    """Raise _CannotError unless the script goes where its report is from.

    And unless it may.
    """
    base, driver = str(target["base_url"]), target.get("driver")
    known = {urlsplit(str(url)).netloc for url in (base, driver) if url}
    for line in lines:
        found = _BASE.match(line) or _DRIVER.match(line)
        if found and urlsplit(found[1]).netloc not in known:
            raise _CannotError(
                f"the script goes to {printable(found[1])}, and the report is of {printable(base)}; "
                "name the target: --target FILE"
            )
    problem = refusal(Target(str(target.get("name")), base_url=base), permitted=permitted)
    if problem is not None:
        raise _CannotError(problem)
    for line in lines:
        if (key := _KEY.match(line)) and not os.environ.get(f"SECRET{key[1]}"):
            raise _CannotError(f"set SECRET{key[1]} to the app_secret of {key[2]}, or name the target: --target FILE")


def _run(lines: Sequence[str], secrets: Mapping[str, str], seconds: int) -> int:
    """Run the script to its end; one whose time is over undoes what it did.

    Raises _CannotError where there is no shell.
    """
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise _CannotError(f"not installed here: {', '.join(missing)}; the script needs them")
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | dict(secrets)
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".sh", delete=False) as file:
        file.write("\n".join(lines) + "\n")
    try:
        return _wait(["bash", file.name], environment, seconds)
    finally:
        Path(file.name).unlink()


def _wait(command: Sequence[str], environment: Mapping[str, str], seconds: int) -> int:
    """Wait for the script; return what its status says."""
    alive, held = os.pipe()
    with (
        os.fdopen(alive, "rb") as pipe,
        subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=(held,)
        ) as process,
    ):
        os.close(held)
        try:
            status = process.wait(seconds)
        except (KeyboardInterrupt, subprocess.TimeoutExpired) as error:
            _end(process, pipe)
            if isinstance(error, KeyboardInterrupt):
                raise
            raise _CannotError(f"the script did not end in {seconds} s; it was ended") from None
    return status if status in (HOLDS, STILL_FAILS) else UNKNOWN


def _end(process: subprocess.Popen[bytes], pipe: IO[bytes]) -> None:
    """End the script and each process of it; give them time to undo.

    The shell itself may be gone while a part of it still undoes: the pipe
    is at its end when the last process that holds it is. A shell passes
    over a signal that comes while it starts a command, so it gets another.
    """
    with suppress(ProcessLookupError):
        for _ in range(_SIGNALS):
            os.killpg(process.pid, signal.SIGTERM)
            if select([pipe], [], [], _MOMENT / _SIGNALS)[0]:
                return
        os.killpg(process.pid, signal.SIGKILL)
