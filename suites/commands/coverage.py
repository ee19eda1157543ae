"""`privnum coverage`: what of the contract a run has exercised."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.ends import printed_to_anybody, report_problem
from privnum.suites.base.printing import printable
from privnum.suites.commands.parsers import coverage_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.report.coverage_text import lines
from privnum.suites.report.load import EventsError, Run, read_run
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

__all__ = ["coverage_main", "verdict"]

INCOMPLETE = 1
NO_VERDICT = 2


def coverage_main(argv: Sequence[str]) -> int:
    """Print the coverage of a run; the exit status.

    Status 0: it is complete. 1: something is uncovered, or a reserved item was seen. 2: no verdict, or bad usage.
    """
    given = coverage_parser().parse_args(argv)
    path = Path(given.events)
    try:
        run = read_run(path)
    except (EventsError, contracts.ContractError) as error:
        again = "" if path.exists() else "; privnum check writes it (privnum check --help)"
        return refuse("coverage", f"{error}{again}")
    if run.coverage is None:
        problem = f"{path} does not say what was seen: it is of an older version; run privnum check again"
        return refuse("coverage", problem)
    with printed_to_anybody():
        if given.json:
            sys.stdout.write(json.dumps(run.coverage.as_json()) + "\n")
        else:
            sys.stdout.writelines(f"{printable(line)}\n" for line in lines(run.coverage, everything=given.all))
    part = _part(run.report["run"])
    if part and not run.coverage.is_complete:
        report_problem("privnum coverage", f"{part}; what is uncovered may be what was left out")
    status = verdict(run)
    if status == NO_VERDICT:
        return refuse("coverage", f"the run was {run.ended}: what is uncovered may only not have been tried yet")
    return status


def verdict(run: Run) -> int:
    """The exit status that a run's coverage has.

    A run that did not come to its end says nothing about what it has not seen.
    """
    if run.coverage is None:
        return NO_VERDICT
    if run.coverage.is_complete:
        return 0
    return INCOMPLETE if run.coverage.refuted or run.ended == "finished" else NO_VERDICT


def _part(run: Mapping[str, Any]) -> str:
    """Of what the run was, where it was not of everything; else an empty text."""
    rules, modes = run.get("rules"), run.get("modes")
    of = [] if rules is None else [f"{len(rules)} rule{'s' if len(rules) != 1 else ''} alone"]
    if modes is not None and set(modes) != set(MODES):
        of.append(f"mode {' and '.join(sorted(modes))} alone")
    return f"the run was of {', in '.join(of)}" if of else ""
