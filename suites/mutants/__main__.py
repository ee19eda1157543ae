"""Runs the checks against each seeded bug, prints the kill matrix and writes build/mutants/matrix.json."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.suites.mutants.catalogue import mutants
from privnum.suites.parallel import Job, Outcome, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.mutants.model import Mutant

__all__ = ["main"]

_SEEDED = "--seeded"
MATRIX = Path("build/mutants/matrix.json")


def main(argv: Sequence[str] | None = None) -> int:
    """Judge every mutant; status 1 if one was not killed by the requirement that it breaks."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [_SEEDED]:
        return _check_seeded(arguments[1], arguments[2:])
    parser = argparse.ArgumentParser(prog="python -m privnum.suites.mutants", description=__doc__)
    parser.add_argument("mutants", nargs="*", metavar="ID", help=f"any of: {', '.join(mutants())}; default: all")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.mutants if name not in mutants()]
    if unknown:
        parser.error(f"there is no mutant {unknown[0]!r}")
    chosen = [mutants()[name] for name in given.mutants or mutants()]
    rows = _judge(chosen, "quick")
    survivors = [mutants()[row["id"]] for row in rows if not row["killed"]]
    if survivors:
        better = {row["id"]: row for row in _judge(survivors, "ci")}
        rows = [better.get(row["id"], row) for row in rows]
    MATRIX.parent.mkdir(parents=True, exist_ok=True)
    MATRIX.write_bytes(orjson.dumps({"mutants": rows}, option=orjson.OPT_INDENT_2))
    alive = [row["id"] for row in rows if not row["killed"]]
    sys.stdout.write(
        f"{len(rows)} mutants, {len(rows) - len(alive)} killed{': alive ' * bool(alive)}{', '.join(alive)}\n"
    )
    return 1 if alive else 0


def _judge(chosen: Sequence[Mutant], profile: str) -> list[dict[str, Any]]:
    jobs = [
        Job(m.id, "privnum.suites.mutants", [_SEEDED, m.id, "--mode", m.mode, "--profile", profile]) for m in chosen
    ]
    rows: list[dict[str, Any]] = []

    def tell(outcome: Outcome) -> None:
        rows.append(_row(mutants()[outcome.job.name], outcome, profile))
        row = rows[-1]
        sys.stdout.write(f"{row['id']:28} {row['breaks']:16} {row['seconds']:5.1f} s  {row['note']}\n")
        sys.stdout.flush()

    run(jobs, tell)
    return rows


def _job(mutant: Mutant, profile: str) -> Job:
    arguments = [_SEEDED, mutant.id, "--mode", mutant.mode, "--profile", profile]
    return Job(mutant.id, "privnum.suites.mutants", arguments)


def _row(mutant: Mutant, outcome: Outcome, profile: str) -> dict[str, Any]:
    killed_by = outcome.ids("failed")
    killed = mutant.breaks in killed_by
    if outcome.report is None:
        note = f"NOT JUDGED (status {outcome.status}): {outcome.output.strip()[-300:]}"
    elif killed:
        also = [id_ for id_ in killed_by if id_ != mutant.breaks]
        note = f"killed{', also by ' * bool(also)}{' '.join(also)}"
    else:
        note = f"NOT KILLED by its rule; failed: {' '.join(killed_by) or 'nothing'}"
    return {
        "id": mutant.id,
        "breaks": mutant.breaks,
        "basis": contracts.requirements()[mutant.breaks].basis,
        "profile": profile,
        "killed": killed,
        "killed_by": killed_by,
        "seconds": round(outcome.seconds, 1),
        "story": mutant.story,
        "note": note,
    }


def _check_seeded(name: str, arguments: Sequence[str]) -> int:
    """`privnum check` of an embedded server with the bug in it."""
    from privnum.suites import profiles
    from privnum.suites.cli import check_main

    profiles.leave_unshrunk()
    with mutants()[name].seed():
        return check_main(arguments)


if __name__ == "__main__":
    sys.exit(main())
