"""What a person reads.

Progress while the checks run, and the report on a screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from privnum.suites.base.printing import printable, visible
from privnum.suites.report.model import LATTICE, by_harm, exit_code
from privnum.suites.report.statement import is_seen_once, statement
from privnum.suites.report.text import (
    WORDS,
    again_or_not,
    by_reason,
    harm_title,
    out_of_scope,
    spent_text,
    tally,
    target_name,
    title_as_run,
    tried_text,
    worded_text,
)
from privnum.words import count_of, figure, join_words, retell, say
from privnum.words.layout import pad_text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from rich.console import Console

__all__ = ["Progress", "brief", "print_report", "screen", "show"]

_STYLES = {"passed": "green", "failed": "bold red", "error": "red", "differs": "yellow", "not_exercised": "dim"}
_SHOWN = 10
"""Failures that are shown in full; more than a screen of them nobody reads."""

_STEPS = 12
"""Ways to check more that are shown."""

_CUT = "The run was interrupted before its end; what was checked until then is below."

Report = Mapping[str, Any]


def brief(report: Report) -> Iterator[str]:
    """A few plain lines: the counts, and what failed or went wrong."""
    yield printable(statement(report).line)
    if report["run"].get("interrupted"):
        yield say(_CUT)
    for rule in [*by_harm(_of(report, "failed")), *_of(report, "error", "differs")]:
        named = f"{say(WORDS[rule['verdict']])} {rule['id']} ({title_as_run(rule)}): "
        yield printable(f"{named}{_reason(rule)}{_once(rule)}")


def screen(file: TextIO) -> Console:
    """A console that prints text as it is.

    Raises BrokenPipeError where its reader goes away.
    """
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich's own way would end the process, with a status that means a broken rule

    return Screen(file=file, highlight=False, markup=False, emoji=False)


def print_report(report: Report, console: Console, folder: Path, *, quiet: bool) -> None:
    """Print the report, or in a few lines what of it went wrong."""
    if not quiet:
        show(report, console, folder)
        return
    for line in brief(report):
        _print(console, line)


def _of(report: Report, *verdicts: str) -> list[dict[str, Any]]:
    return [rule for verdict in verdicts for rule in report["requirements"] if rule["verdict"] == verdict]


def show(report: Report, console: Console, folder: Path | None = None) -> None:
    """Print the report; `folder` is where its files are."""
    _head(report, console)
    _table(report, console)
    _failures(report, console)
    _errors(report, console)
    _differences(report, console)
    _not_exercised(report, console)
    _next_steps(report, console)
    _last_word(report, console, folder)


def _print(console: Console, text: str, style: str | None = None) -> None:
    """A line: no markup or command to the terminal is read out of it."""
    _print_command(console, printable(text), style)


def _print_command(console: Console, text: str, style: str | None = None) -> None:
    """A line that is to be copied.

    Not broken, and with the numbers that it has.
    """
    console.print(visible(text), style=style, markup=False, highlight=False, soft_wrap=True)


def _head(report: Report, console: Console) -> None:
    target, run = report["target"], report["run"]
    _conclusion(report, console)
    where = target.get("base_url") or say("in this process")
    name = say("{name} ({where})", name=target_name(report), where=where)
    _print(console, name, "bold")
    facts = [f"{say(name)} {run.get(name)}" for name in ("edition", "profile", "seed") if name in run]
    facts += [say("{time} s", time=f"{run['seconds']:.1f}")] if "seconds" in run else []
    _print(console, join_words(facts + tried_text(run)), "dim")
    if run.get("interrupted"):
        _print(console, say(_CUT), "bold")


def _conclusion(report: Report, console: Console) -> None:
    """The one statement, the first line and among the last."""
    _print(console, statement(report).line, "bold green" if exit_code(report) == 0 else "bold red")


def _table(report: Report, console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(say("mode"))
    for verdict in LATTICE:
        table.add_column(say(WORDS[verdict]), justify="right", style=_STYLES[verdict])
    table.add_column(say("rules"), justify="right")
    rows = [*report["modes"].items()]
    for mode, counts in [*rows, ("all", report["summary"])] if len(rows) > 1 else rows:
        cells = (counts[verdict] for verdict in (*LATTICE, "rules"))
        table.add_row(say(mode), *(figure(count) if count else "·" for count in cells))
    console.print(table)
    if (line := out_of_scope(report)) is not None:
        _print(console, line, "dim")


def _failures(report: Report, console: Console) -> None:
    failed = by_harm(_of(report, "failed"))
    for rule in failed[:_SHOWN]:
        _print(console, "")
        _print(console, f"{say('FAILED')} {rule['id']} {title_as_run(rule)}", _STYLES["failed"])
        _print_fact(console, "harm", harm_title(rule))
        _print_fact(console, "rule", worded_text(rule))
        pages = say("{sources}; privnum rules {id} shows the pages", sources=", ".join(rule["source"]), id=rule["id"])
        _print_fact(console, "source", pages)
        _print_fact(console, "check", _decisive(rule))
        _print_fact(console, "found", _reason(rule))
        if rule["reproduced"] is not True:
            _print_fact(console, "again", again_or_not(rule))
        example = rule["counterexample"] or {"steps": [], "curl": []}
        for number, step in enumerate(example["steps"], start=1):
            _print(console, f"  {number:>3}  {step}")
        if example.get("curl"):
            _print(console, f"  {say('the same for a shell:')}", "dim")
            for line in example["curl"]:
                _print_command(console, f"    {line}", "dim")
    for rule in failed[_SHOWN:]:
        named = f"{say('FAILED')} {rule['id']} {title_as_run(rule)} ({harm_title(rule)})"
        found = f"{named}: {_reason(rule)}{_once(rule)}"
        _print(console, found, _STYLES["failed"])


def _print_fact(console: Console, label: str, text: str) -> None:
    _print(console, f"  {pad_text(say(label), 6)} {text}")


def _reason(rule: Mapping[str, Any]) -> str:
    return retell(str(rule["reason"]))


def _once(rule: Mapping[str, Any]) -> str:
    """For a failure that is shown in one line."""
    if not is_seen_once(rule):
        return ""
    return say(" (seen once, not again in {tries})", tries=count_of(rule.get("tries") or 1, "try", "tries"))


def _decisive(rule: Mapping[str, Any]) -> str:
    return next((check["id"] for check in rule["checks"] if check["verdict"] == rule["verdict"]), "")


def _errors(report: Report, console: Console) -> None:
    for reason, rules in by_reason(_of(report, "error")):
        _print(console, "")
        _print(console, f"{say('ERROR')} {retell(reason)}", _STYLES["error"])
        _print(console, f"  {_listed_rules(rules)}")


def _differences(report: Report, console: Console) -> None:
    differing = _of(report, "differs")
    if differing:
        _print(console, "")
        _print(console, say("DIFFERS (no fault: nothing documented is broken)"), _STYLES["differs"])
    for rule in differing:
        _print(console, f"  {rule['id']} {_reason(rule)}")


def _not_exercised(report: Report, console: Console) -> None:
    groups = by_reason(_of(report, "not_exercised"))
    if groups:
        _print(console, "")
        _print(console, say("NOT EXERCISED"), _STYLES["not_exercised"])
    for reason, rules in groups:
        named = say("{reason}: {why}", reason=retell(reason), why=_listed_rules(rules))
        _print(console, f"  {named}", _STYLES["not_exercised"])


def _next_steps(report: Report, console: Console) -> None:
    """The cheapest few; report.json and report.html have them all."""
    steps = report["next_steps"]
    if steps:
        _print(console, "")
        _print(console, say("TO CHECK MORE"), "bold")
    for step in steps[:_STEPS]:
        count = len(step["requirements"])
        told = "{count} rule: {text}" if count == 1 else "{count} rules: {text}"
        _print(console, f"  {say(told, count=f'{figure(count):>3}', text=retell(step['text']))}")
    if len(steps) > _STEPS:
        more = count_of(len(steps) - _STEPS, "more way")
        _print(console, say("  and {more}, in the report", more=more), "dim")


def _listed_rules(rules: list[dict[str, Any]], shown: int = 8) -> str:
    ids = [rule["id"] for rule in rules]
    more = len(ids) - shown
    return ", ".join(ids[:shown]) + (say(" and {more} more", more=figure(more)) if more > 0 else "")


def _last_word(report: Report, console: Console, folder: Path | None) -> None:
    _print(console, "")
    if (line := spent_text(report)) is not None:
        _print(console, say("sent to the target: {what}", what=line))
    _conclusion(report, console)
    if _of(report, "failed", "error"):
        _print(console, say("one rule again: the same command with --rule ID"), "dim")
    if folder is not None:
        _print(console, say("report: {page} (and report.json, junit.xml)", page=folder / "report.html"), "dim")


class Progress:
    """Follows the events.

    One line that changes on a terminal, nothing elsewhere.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts: Counter[str] = Counter()
        self._total = 0
        self._current = ""
        self._status: Any = None
        self.problems: list[str] = []

    def on_collected(self, total: int) -> None:
        """The number of checks that will run."""
        self._total = total

    def on_problem(self, text: str) -> None:
        """Nothing can be checked; why."""
        self.problems.append(text)

    def on_event(self, event: Mapping[str, Any]) -> None:
        """A line of the event stream."""
        match event["event"]:
            case "run_started":
                self._show_addresses(event["target"])
                return
            case "check_started":
                self._current = event["check"]
            case "check_finished":
                self._counts[event["outcome"]] += 1
            case "run_finished":
                self.stop()
                return
            case _:
                return
        if self._console.is_terminal:
            self._draw()

    def on_result(self, check: str, outcome: str) -> None:
        """A check that another process has run: its events come at the end."""
        self._current = check
        self._counts[outcome] += 1
        if self._console.is_terminal:
            self._draw()

    def _show_addresses(self, target: Mapping[str, Any]) -> None:
        """Where somebody has to have the platform push."""
        if target.get("pushes_to"):
            events, cdrs = target["pushes_to"]
            told = say("expects call events at {events}, CDRs at {cdrs}", events=events, cdrs=cdrs)
            _print(self._console, told, "dim")

    def _draw(self) -> None:
        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        done = sum(self._counts.values())
        summary = tally(self._counts, self._counts)
        from rich.text import Text

        self._status.update(
            Text(
                f"{figure(done)}/{count_of(self._total, 'check')} ({summary or say('none yet')})  {self._current}",
                overflow="ellipsis",
                no_wrap=True,
            )
        )

    def stop(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
