"""Runs the suites on the embedded server in every form that is allowed.

No documented rule may fail under any of them.

`python -m privnum.suites.selftest.false_alarms`: every variation by itself, and combinations in which every other
choice at every assumption comes several times, with others beside it; `--each` runs each choice by itself, too. A
documented rule that fails under one of them is a fault of the suites.
"""

from __future__ import annotations

import argparse
import random
import shlex
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.runner.shard import shard_option
from privnum.suites.selftest.fork_pool import Job, Outcome, run
from privnum.suites.selftest.forms import ROWS, Row, join_parts, summary, write_rows
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["main"]

_OVER_A_PORT = "--over-a-port"
_HERE = "privnum.suites.selftest.false_alarms"
_ONLY_ON_THE_WIRE = ("http.connection",)
"""Assumptions of which a server without a port shows nothing."""
_MODES = tuple(MODES)
_ODDS_OF_A_VARIATION = 0.4
_ODDS_OF_A_CHOICE = 0.5
_LEAST = 3
"""Combinations in which each choice comes, at the least."""
_TARGET = """\
name = "stand-in over a port"
base_url = "{url}"
[driver]
kind = "http"
url = "{url}"
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Check every form.

    Status 1 if a documented rule failed under one, or something could not be checked.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [_OVER_A_PORT]:
        return _check_over_a_port(arguments[1:])
    parser = argparse.ArgumentParser(prog=f"python -m {_HERE}", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="forms, or beginnings of their names")
    parser.add_argument("--each", action="store_true", help="run each choice by itself, too, five times as long")
    parser.add_argument("--profile", choices=("quick", "ci", "thorough"), default="quick")
    parser.add_argument("--random", type=int, default=24, metavar="N", help="combinations (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the random ones (default: %(default)s)")
    parser.add_argument(
        "--shard", type=shard_option, metavar="I/N", help="the I-th of N parts alone, as machines of a CI run them"
    )
    parser.add_argument(
        "--join",
        nargs="+",
        type=Path,
        metavar="FOLDER",
        help=f"run nothing: join what the parts have written (each a copy of {ROWS.parent}), and sum it up",
    )
    given = parser.parse_args(arguments)
    if given.join:
        rows = join_parts(given.join)
        return _end(rows, sum(row.seconds for row in rows))
    jobs = list(_jobs(given.profile, given.random, given.seed))
    jobs += _each_choice(given.profile, all_of_them=given.each or bool(given.names))
    jobs = [job for job in jobs if _is_wanted(job, given.names)]
    if not jobs:
        parser.error(f"no form's name begins with {' or '.join(given.names)}")
    wanted = [job.name for job in jobs]
    if given.shard is not None:
        jobs = list(given.shard.slice_of(jobs))
    begin = perf_counter()
    rows = [_row_of(outcome) for outcome in run(jobs, _report)]
    write_rows(rows, wanted)
    return _end(rows, perf_counter() - begin)


def _is_wanted(job: Job, beginnings: Sequence[str]) -> bool:
    return not beginnings or job.name.startswith(tuple(beginnings))


# ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _jobs(profile: str, count: int, seed: int) -> Iterator[Job]:
    yield _job("plain", [], profile)
    for id_ in contracts.variations():
        yield _job(id_, ["--vary", id_], profile)
    for number, options in enumerate(_combinations(count, seed), start=1):
        # The first one goes over a port, where pushes are under way at the same time.
        yield _job(f"random-{seed}-{number}", options, profile, port=number == 1)


def _each_choice(profile: str, *, all_of_them: bool) -> Iterator[Job]:
    """A form for each choice, or for those that combinations do not show."""
    for id_, assumption in contracts.assumptions().items():
        if all_of_them or id_ in _ONLY_ON_THE_WIRE:
            for choice in assumption.choices:
                options = ["--assume", f"{id_}={choice}", *_modes_of(id_)]
                yield _job(f"{id_}={choice}", options, profile, port=id_ in _ONLY_ON_THE_WIRE)


def _job(name: str, options: Sequence[str], profile: str, *, port: bool = False) -> Job:
    words = [*options, "--profile", profile]
    return Job(name, _HERE, [_OVER_A_PORT, *words]) if port else Job(name, "privnum.cli", ["check", *words])


def _modes_of(assumption: str) -> list[str]:
    """An assumption of one mode says nothing of the others."""
    mode = assumption.partition(".")[0].upper()
    return ["--mode", mode] if mode in _MODES else []


def _combinations(count: int, seed: int) -> Iterator[list[str]]:
    """Options for variations and choices, drawn at random.

    At most one variation of each group. Of an assumption's choices the one goes first that came least often so far, so
    that each comes several times, and in other company each time.
    """
    came: Counter[tuple[str, contracts.Value]] = Counter()
    for number in range(1, count + 1):
        draw = random.Random(f"{seed}/{number}")
        options: list[str] = []
        groups: set[str] = set()
        for variation in draw.sample(list(contracts.variations().values()), len(contracts.variations())):
            if draw.random() < _ODDS_OF_A_VARIATION and variation.group not in groups:
                groups |= {variation.group} - {None} if variation.group else set()
                options += ["--vary", variation.id]
        for id_, assumption in contracts.assumptions().items():
            still_owed = sum(max(0, _LEAST - came[id_, choice]) for choice in assumption.choices)
            if draw.random() < _ODDS_OF_A_CHOICE or still_owed > count - number:
                least = min(came[id_, choice] for choice in assumption.choices)
                choice = draw.choice([choice for choice in assumption.choices if came[id_, choice] == least])
                came[id_, choice] += 1
                options += ["--assume", f"{id_}={choice}"]
        yield options


def _check_over_a_port(arguments: Sequence[str]) -> int:
    """`privnum check` of a stand-in that listens on loopback, in this process."""
    from privnum.mockserver.embed.live import LiveServer
    from privnum.suites.commands.check import check_main

    with tempfile.TemporaryDirectory(prefix="privnum-") as folder, LiveServer(seed=0) as server:
        target = Path(folder, "target.toml")
        target.write_text(_TARGET.format(url=server.url))
        return check_main(["--target", str(target), *arguments])


# ── what came of them ────────────────────────────────────────────────────────────────────────────────────────────────


def _faults(outcome: Outcome) -> list[str]:
    """What is wrong with a run.

    It was not checked, documented rules failed, or something ended in an error.
    """
    if outcome.report is None:
        return [f"NOT CHECKED (status {outcome.status}): {outcome.output.strip()[-400:]}"]
    failed, errors = outcome.ids("failed"), outcome.ids("error")
    return [f"FAILED {' '.join(failed)}"] * bool(failed) + [f"ERROR {' '.join(errors)}"] * bool(errors)


def _report(outcome: Outcome) -> None:
    differs, untried = outcome.ids("differs"), outcome.ids("not_exercised")
    summary = "; ".join(
        [f"differs: {' '.join(differs) or 'nothing'}"] + [f"not exercised: {' '.join(untried)}"] * bool(untried)
    )
    faults = _faults(outcome)
    sys.stdout.write(f"{outcome.job.name:48} {outcome.seconds:5.1f} s  {'; '.join(faults) or summary}\n")
    if faults or outcome.job.name.startswith("random-"):
        sys.stdout.write(f"    again: {_again(outcome.job)}\n")
    sys.stdout.flush()


def _again(job: Job) -> str:
    """The command that checks this form alone."""
    command = ["python", "-m", _HERE] if job.module == _HERE else ["privnum"]
    return shlex.join([*command, *job.arguments])


def _row_of(outcome: Outcome) -> Row:
    verdicts = len(outcome.ids("passed", "differs", "failed", "error"))
    return Row(outcome.job.name, outcome.seconds, verdicts, _faults(outcome), _again(outcome.job))


def _end(rows: Sequence[Row], seconds: float) -> int:
    """Sum up; return the status."""
    sys.stdout.write("\n" + "".join(f"{line}\n" for line in summary(rows)) + f"{seconds:.0f} s\n")
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
