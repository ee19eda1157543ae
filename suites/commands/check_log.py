"""`privnum check-log`: recorded traffic, held against the contract."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from privnum import __version__, contracts
from privnum.ends import printed_to_anybody
from privnum.suites.base.claims import fails_a_target
from privnum.suites.base.printing import printable
from privnum.suites.commands.log_options import SECRETS_VARIABLE, check_log_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.commands.report import make_room, not_written, write_reports
from privnum.suites.log.applications import Applications, named_secret
from privnum.suites.log.examine import describe, examine
from privnum.suites.log.reading import LogError, read_log
from privnum.suites.report import model
from privnum.suites.report.load import EventsError
from privnum.suites.report.text import title, worded_text
from privnum.suites.runner.events import Journal
from privnum.suites.target.modes import MODES
from privnum.words import count_of, figure, join_words, retell, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.log.findings import Breach, Findings
    from privnum.suites.log.reading import Log

__all__ = ["check_log_main", "given_secrets"]

_NO_VERDICT: Final = 2
_SHOWN: Final = 5
"""Breaches of one rule that are printed; the report has more."""
_UNREAD_SHOWN: Final = 5


def check_log_main(argv: Sequence[str]) -> int:
    """Hold a log against the contract and print what breaks it.

    Status 0: no documented rule is broken; 1: one is; 2: bad usage, no log, or no verdict.
    """
    given = check_log_parser().parse_args(argv)
    try:
        return _check(given)
    except (contracts.ContractError, LogError, EventsError) as error:
        return refuse("check-log", str(error))
    except OSError as error:
        return refuse("check-log", not_written(Path(given.report_dir or "."), error))


def given_secrets(words: Sequence[str]) -> dict[str, str]:
    """The secrets by app_key, of options and of the environment.

    Raises ContractError for one that is none.
    """
    return dict(map(named_secret, [*os.environ.get(SECRETS_VARIABLE, "").split(), *words]))


def _check(given: argparse.Namespace) -> int:
    if given.mode is not None and given.mode not in MODES:
        raise contracts.UnknownName("mode", given.mode, MODES)
    for rule in given.rule:
        if rule not in contracts.requirements():
            raise contracts.UnknownName("requirement", rule, contracts.requirements())
    known = _choices(given.assume)
    applications = Applications(given_secrets(given.app_secret), given.mode)
    log = read_log(Path(given.file))
    findings = examine(log, applications, known, alone=given.incomplete)
    findings.keep_only(given.rule)
    report = _report(given, log, findings, applications.modes, known)
    status = model.exit_code(report)
    if status == 0 and log.unread:
        status = _NO_VERDICT
    with printed_to_anybody():
        for line in _summary_lines(given, log, findings, report, status):
            sys.stdout.write(f"{printable(line)}\n")
    return status


def _choices(pairs: Sequence[str]) -> dict[str, contracts.Value]:
    """The choices of --assume. Raises ContractError."""
    given = dict(contracts.split_choice(pair) for pair in pairs)
    legal = contracts.assumption_values(overrides=given)
    return {name: legal[name] for name in given}


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _report(
    given: argparse.Namespace,
    log: Log,
    findings: Findings,
    modes: Sequence[str],
    known: Mapping[str, contracts.Value],
) -> dict[str, Any]:
    """The report, written to the folder where one is named."""
    with TemporaryDirectory() as temporary:
        folder = Path(given.report_dir or temporary)
        make_room(folder)
        journal = Journal(folder / "events.jsonl")
        target = {"name": Path(given.file).name, "base_url": None}
        journal.run_started(target, _facts(given, log, modes, known))
        findings.write(journal, _steps(log, findings))
        journal.run_finished(interrupted=False)
        return write_reports(folder / "events.jsonl", folder)


def _steps(log: Log, findings: Findings) -> dict[int, str]:
    """What the entries are that the report shows."""
    shown = findings.shown_lines
    return (
        {exchange.line: describe(exchange) for exchange in log.exchanges() if exchange.line in shown} if shown else {}
    )


def _facts(
    given: argparse.Namespace, log: Log, modes: Sequence[str], known: Mapping[str, contracts.Value]
) -> dict[str, Any]:
    return {
        "of": "log",
        "edition": contracts.DEFAULT_EDITION,
        "modes": list(modes),
        "rules": list(given.rule) or None,
        "assumed": dict(known),
        "incomplete": given.incomplete,
        "entries": log.requests + log.pushes,
        "unread": len(log.unread),
        "privnum": __version__,
    }


# ── what is printed ──────────────────────────────────────────────────────────────────────────────────────────────────


def _summary_lines(
    given: argparse.Namespace, log: Log, findings: Findings, report: Mapping[str, Any], status: int
) -> Iterator[str]:
    """The verdict in one line, then the breaches, then what differs."""
    yield _verdict(given, log, findings, report, status)
    yield from _unread_lines(log)
    for servers in findings.split.values():
        yield say(
            "one application's requests went to {servers}: nothing is concluded from one about another; "
            "give each server a file of its own",
            servers=join_words([contracts.mask(server) for server in servers]),
        )
    if given.quiet:
        return
    for rule, breaches in findings.failed.items():
        yield ""
        yield from _rule_lines(rule, breaches, findings)
    if findings.differs:
        yield ""
        yield say("DIFFERS (no fault: nothing documented is broken)")
    for rule, breaches in findings.differs.items():
        first = breaches[0]
        yield f"  {rule} {_place(findings, first)}: {retell(first.message)}"
    if given.report_dir is not None:
        yield say("report: {page} (and report.json, junit.xml)", page=Path(given.report_dir) / "report.html")


def _verdict(given: argparse.Namespace, log: Log, findings: Findings, report: Mapping[str, Any], status: int) -> str:
    what = say(
        "{requests} and {pushes}",
        requests=count_of(log.requests, "request"),
        pushes=count_of(log.pushes, "push", "pushes"),
    )
    held = sum(rule["verdict"] == "passed" and fails_a_target(rule["id"]) for rule in report["requirements"])
    counts = [count_of(len(findings.failed), "documented rule is broken", "documented rules are broken")]
    counts.append(say("{count} held", count=figure(held)))
    if log.unread:
        counts.append(say("{lines} cannot be read", lines=log.told_unread))
    if log.others:
        counts.append(say("{entries} of something else", entries=count_of(log.others, "entry", "entries")))
    told = say("{file}: {what}: {counts}", file=Path(given.file).name, what=what, counts=join_words(counts))
    return told if status != _NO_VERDICT else say("{told}; no verdict", told=told)


def _unread_lines(log: Log) -> Iterator[str]:
    for line, reason in log.unread[:_UNREAD_SHOWN]:
        if log.unit == "line":
            yield say("line {line} cannot be read: {why}", line=line, why=retell(reason))
        else:
            yield say("entry {line} cannot be read: {why}", line=line, why=retell(reason))
    more = len(log.unread) - _UNREAD_SHOWN
    if more > 0:
        yield say("and {count} more", count=figure(more))


def _rule_lines(rule: str, breaches: Sequence[Breach], findings: Findings) -> Iterator[str]:
    row = contracts.requirements()[rule]
    described = {"id": rule, "title": row.title, "text": row.text}
    yield f"{say('FAILED')} {rule} {title(described)}"
    for breach in breaches[:_SHOWN]:
        yield f"  {_place(findings, breach)}: {retell(breach.message)}"
    if len(breaches) > _SHOWN:
        yield f"  {say('and {count} more', count=figure(len(breaches) - _SHOWN))}"
    yield f"  {say('right:')} {worded_text(described)}"
    pages = say("{sources}; privnum rules {id} shows the pages", sources=", ".join(row.source), id=rule)
    yield f"  {say('source')} {pages}"


def _place(findings: Findings, breach: Breach) -> str:
    """The numbers of the entries, in the language that is spoken."""
    numbers = ", ".join(map(str, breach.lines))
    one = len(breach.lines) == 1
    if findings.unit == "line":
        return say("line {numbers}", numbers=numbers) if one else say("lines {numbers}", numbers=numbers)
    return say("entry {numbers}", numbers=numbers) if one else say("entries {numbers}", numbers=numbers)
