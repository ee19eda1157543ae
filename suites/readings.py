"""Switches each assumption of the embedded server to each of its other readings, one at a time, and judges it.

No documented rule may fail: a target is never failed for a legitimate choice. `python -m privnum.suites.readings`.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.parallel import Job, Outcome, run

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Judge every reading; status 1 if a documented rule failed under one, or a run could not be judged."""
    parser = argparse.ArgumentParser(prog="python -m privnum.suites.readings", description=__doc__)
    parser.add_argument("assumptions", nargs="*", metavar="ID", help="assumptions, or beginnings of ids; default: all")
    parser.add_argument("--profile", choices=("quick", "ci", "thorough"), default="quick")
    given = parser.parse_args(argv)
    jobs = _jobs(given.assumptions, given.profile)
    if not jobs:
        parser.error(f"no assumption begins with {' or '.join(given.assumptions)}")
    outcomes = run(jobs, _tell)
    bad = [outcome for outcome in outcomes if _faults(outcome)]
    sys.stdout.write(f"{len(outcomes)} readings judged, {len(bad)} with a fault\n")
    return 1 if bad else 0


def _jobs(beginnings: Sequence[str], profile: str) -> list[Job]:
    return [
        Job(f"{id_}={reading}", "privnum.cli", ["check", "--assume", f"{id_}={reading}", "--profile", profile])
        for id_, assumption in contracts.assumptions().items()
        if not beginnings or id_.startswith(tuple(beginnings))
        for reading in assumption.readings
    ]


def _tell(outcome: Outcome) -> None:
    differs = outcome.ids("differs")
    told = f"differs: {' '.join(differs) or 'nothing'}"
    sys.stdout.write(f"{outcome.job.name:48} {outcome.seconds:5.1f} s  {'; '.join(_faults(outcome)) or told}\n")
    sys.stdout.flush()


def _faults(outcome: Outcome) -> list[str]:
    """What is wrong with a run: it was not judged, documented rules failed, or something ended in an error."""
    if outcome.report is None:
        return [f"NOT JUDGED (status {outcome.status}): {outcome.output.strip()[-400:]}"]
    failed, errors = outcome.ids("failed"), outcome.ids("error")
    return [f"FAILED {' '.join(failed)}"] * bool(failed) + [f"ERROR {' '.join(errors)}"] * bool(errors)


if __name__ == "__main__":
    sys.exit(main())
