"""`privnum check-receiver`: whether a customer's server takes every push."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.ends import report_problem
from privnum.suites.base.ended import RunEnded, ended_in_order
from privnum.suites.commands.check import OutputError, write_report
from privnum.suites.commands.check_receiver.knocking import knock
from privnum.suites.commands.check_receiver.options import OPTIONS, VARIABLE, receiver_parser
from privnum.suites.commands.check_receiver.run import chosen_checks, run
from privnum.suites.commands.check_receiver.settings import SHORTEST, Settings, refusal
from privnum.suites.commands.refusing import refuse
from privnum.suites.commands.report import make_room, not_written
from privnum.suites.report import terminal
from privnum.suites.report.load import EventsError
from privnum.suites.runner.events import Journal
from privnum.suites.target.config import TargetError
from privnum.suites.target.modes import MODES
from privnum.suites.transport.deadline import Deadline
from privnum.suites.transport.tls import ca_fault

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from privnum.suites.commands.check_receiver.options import Kind

__all__ = ["check_receiver_main"]

_NAME: Final = "privnum check-receiver"
_LONGEST: Final = 30.0
"""Seconds after which no answer is waited for: the longest choice of push.timeout_seconds."""


def check_receiver_main(argv: Sequence[str]) -> int:
    """Check a receiver and write the report.

    Status 1: a documented must is broken; with --strict any rule. 2: bad usage, nobody answers, an interrupted run, or
    nothing that could be tried. 0: none of these.
    """
    given = receiver_parser().parse_args(argv)
    try:
        with ended_in_order():
            return _check(given, _settings(given))
    except (TargetError, contracts.ContractError, EventsError, OutputError, RunEnded) as error:
        return refuse("check-receiver", str(error))


def _check(given: argparse.Namespace, settings: Settings) -> int:
    knock(settings)
    if settings.hides_nothing:
        report_problem(
            _NAME, f"a secret of less than {SHORTEST} signs is not looked for in answers: a report may show it"
        )
    console = terminal.screen(sys.stdout)
    folder = Path(given.report_dir)
    events = folder / "events.jsonl"
    try:
        make_room(folder)
        _run(given, settings, Journal(events), console)
        status = write_report(events, folder, console, quiet=given.quiet)
        differs = json.loads((folder / "report.json").read_bytes())["summary"]["differs"]
    except OSError as error:
        raise TargetError(not_written(folder, error)) from None
    return 1 if given.strict and status == 0 and differs else status


def _run(given: argparse.Namespace, settings: Settings, journal: Journal, console: Console) -> None:
    """Run the checks, and show on a terminal how far they are."""
    progress = terminal.Progress(console)
    progress.on_collected(len(chosen_checks(settings)))
    if not given.quiet:
        journal.listen(progress.on_event)
    try:
        run(settings, journal, Deadline(given.timeout))
    finally:
        progress.stop()


def _settings(given: argparse.Namespace) -> Settings:
    """What the options say. Raises TargetError for what cannot be."""
    urls: Mapping[Kind, str] = {kind: getattr(given, kind) for kind in OPTIONS if getattr(given, kind) is not None}
    if not urls:
        raise TargetError(f"no address is given; name one or more of {', '.join(OPTIONS.values())}")
    problem = refusal(urls, permitted=given.permitted)
    if problem is not None:
        raise TargetError(problem)
    secret = given.app_secret or os.environ.get(VARIABLE)
    if not (given.app_key and secret):
        raise TargetError(f"--app-key and --app-secret (or ${VARIABLE}) are missing: with them pushes are signed")
    _hold("driver/application.create", {"mode": "AXB", "app_key": given.app_key, "app_secret": secret})
    if given.ca is not None and (fault := ca_fault(given.ca)) is not None:
        raise TargetError(f"--ca: {fault}")
    for mode in given.mode:
        if mode not in MODES:
            raise TargetError(f"--mode: there is no mode {mode!r}; there are: {', '.join(MODES)}")
    for rule in given.rule:
        if rule not in contracts.receiver_requirements():
            raise contracts.UnknownName("rule of a receiver", rule, contracts.receiver_requirements())
    values = contracts.assumption_values()
    within = float(values["push.timeout_seconds"]) if given.answer_within is None else given.answer_within
    asked = float(values["x.answer_seconds"]) if given.answer_within is None else given.answer_within
    return Settings(
        urls=urls,
        key=given.app_key,
        secret=secret,
        modes=tuple(mode for mode in MODES if mode in given.mode or not given.mode),
        seed=secrets.randbelow(10**9) * 1000 if given.seed is None else given.seed,
        within=within,
        asked_within=asked,
        longest=max(_LONGEST, within + 1),
        rules=tuple(given.rule) or None,
        ca_file=given.ca,
    )


def _hold(schema: str, message: Mapping[str, str]) -> None:
    problem = contracts.validator(schema).first_problem(message)
    if problem is not None:
        option = f"--{problem.parameter.replace('_', '-')}"
        raise TargetError(f"{option} must be {problem.expected}")
