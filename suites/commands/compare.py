"""Reports beside each other: `privnum compare`, `diff` and `badge`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import line_up
from privnum.ends import printed_to_anybody, report_problem
from privnum.options import OptionParser, add_language
from privnum.suites.base.printing import printable
from privnum.suites.commands.refusing import refuse
from privnum.suites.report import badge
from privnum.suites.report.comparison import Named, differences, read_report, row_of, rows
from privnum.suites.report.load import EventsError
from privnum.suites.report.model import LATTICE, gives_no_verdict
from privnum.suites.report.text import WORDS
from privnum.words import count_of, figure, retell, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["badge_main", "compare_main", "diff_main"]

_REPORT: Final = "a report.json, an events.jsonl, or the folder that has them"


def compare_main(argv: Sequence[str]) -> int:
    """Print reports side by side.

    Status 0: the table is printed; 2: bad usage.
    """
    parser = _parser(
        "compare",
        "Print reports side by side: the rules that they say different things of.",
        "privnum compare a=build/a b=build/b",
    )
    parser.add_argument("reports", nargs="+", metavar="[NAME=]REPORT", help=f"{_REPORT}; NAME heads its column")
    parser.add_argument("--all", action="store_true", help="print every rule, also where all agree")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    add_language(parser)
    return _with_reports("compare", parser.parse_args(argv), _compare)


def diff_main(argv: Sequence[str]) -> int:
    """Print what changed.

    Status 0: nothing is worse; 1: a rule fails that did not; 2: bad usage, or the run after gives no verdict.
    """
    parser = _parser(
        "diff",
        "Print what changed from one report to the next, the worst first.",
        "privnum diff before/report.json build/conformance",
        "status: 0 nothing is worse; 1 a rule fails that did not; 2 the run after gives no verdict, or bad usage",
    )
    parser.add_argument("reports", nargs=2, metavar="REPORT", help=f"the one before, and the one after: {_REPORT}")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    add_language(parser)
    return _with_reports("diff", parser.parse_args(argv), _diff)


def badge_main(argv: Sequence[str]) -> int:
    """Write the badge of a report. Status 0: it is written; 2: bad usage."""
    parser = _parser(
        "badge",
        "Write a badge for a README: an SVG picture of how a run came out.",
        "privnum badge build/conformance --output badge.svg",
    )
    parser.add_argument("reports", nargs=1, metavar="REPORT", help=_REPORT)
    parser.add_argument("--output", metavar="FILE", help="write into this file (default: standard output)")
    add_language(parser)
    return _with_reports("badge", parser.parse_args(argv), _badge)


def _parser(
    name: str, description: str, example: str, status: str = "status: 0 it is printed; 2 bad usage"
) -> OptionParser:
    return OptionParser(
        prog=f"privnum {name}", description=description, epilog=status, examples=(example,), allow_abbrev=False
    )


def _with_reports(name: str, given: argparse.Namespace, work: Callable[[argparse.Namespace, list[Named]], int]) -> int:
    try:
        return work(given, list(map(read_report, given.reports)))
    except EventsError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.filename} cannot be written: {error.strerror}"
    return refuse(name, problem)


def _compare(given: argparse.Namespace, named: list[Named]) -> int:
    problem = _problem_of(named)
    if problem is not None:
        return refuse("compare", problem)
    reports, names = [each.report for each in named], [each.name for each in named]
    if len(set(names)) < len(names):  # two runs of one target
        names = [each.name if each.is_given else str(each.path) for each in named]
    found = rows(reports, everything=given.all)
    if given.json:
        table = {id_: row_of(reports, id_) for id_ in found}
        _print_json({"reports": names, "summaries": [each["summary"] for each in reports], "rules": table})
        return 0
    titles = {rule["id"]: rule["title"] for report in reports for rule in report["requirements"]}
    lines = [[say("rule"), *names, ""]]
    lines += [[id_, *map(_verdict_text, row_of(reports, id_)), retell(titles[id_])] for id_ in found]
    lines += [[_verdict_text(word), *(figure(report["summary"][word]) for report in reports), ""] for word in LATTICE]
    _print_lines(line_up(lines))
    if not found:
        _print_lines([say("the reports say the same of every rule")])
    return 0


def _problem_of(named: Sequence[Named]) -> str | None:
    """What keeps these reports from being compared."""
    if len(named) == 1:
        return "one report has nothing beside it; name two or more, as in privnum compare a=build/a b=build/b"
    twice = next((each.path for each in named if sum(each.path.samefile(other.path) for other in named) > 1), None)
    if twice is not None:
        return f"{twice} stands twice; name different reports"
    counts = Counter(each.name for each in named if each.is_given)
    alike = next((name for name, count in counts.items() if count > 1), None)
    if alike is not None:
        return f"two reports are named {alike!r}; give each a name of its own, as in a=build/a b=build/b"
    return None


def _diff(given: argparse.Namespace, named: list[Named]) -> int:
    found = differences(named[0].report, named[1].report)
    worse = sum(each.kind == "worse" for each in found)
    if given.json:
        _print_json({"worse": worse, "changes": [asdict(each) for each in found]})
        return _status_of(worse, named[1])
    for each in found:
        reason = f": {retell(each.reason)}" if each.kind == "worse" and each.reason else ""
        verdicts = say(
            "{before} before, {after} now", before=_verdict_text(each.before), after=_verdict_text(each.after)
        )
        _print_lines([f"{say(each.kind)}: {each.rule} ({retell(each.title)}), {verdicts}{reason}"])
    sum_ = say("{changes}, {worse} of them worse", changes=count_of(len(found), "change"), worse=figure(worse))
    _print_lines([sum_ if found else say("nothing changed")])
    return _status_of(worse, named[1])


def _verdict_text(verdict: str) -> str:
    """A verdict as people read it; a stroke where a report has none."""
    return say(WORDS[verdict]) if verdict else "-"


def _status_of(worse: int, after: Named) -> int:
    """Return 1: something is worse; 2: the run after gives no verdict; 0."""
    if worse:
        return 1
    if gives_no_verdict(after.report):
        report_problem("privnum diff", "the run after was cut off, or has tried nothing: it gives no verdict")
        return 2
    return 0


def _badge(given: argparse.Namespace, named: list[Named]) -> int:
    picture = badge.svg(named[0].report)
    if given.output is None:
        with printed_to_anybody():
            sys.stdout.write(picture)
    else:
        Path(given.output).write_text(picture, encoding="utf-8")
    return 0


def _print_lines(lines: Iterable[str]) -> None:
    with printed_to_anybody():
        sys.stdout.writelines(f"{printable(line.rstrip())}\n" for line in lines)


def _print_json(value: Any) -> None:
    with printed_to_anybody():
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
