"""Judges the server with each of the seeded bugs in it, prints the kill matrix and writes build/mutants/matrix.json.

A bug is killed when the requirement that it breaks fails; where no source names that rule, when it differs. Profile
quick comes first; who survives it against a documented rule gets ci.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from privnum.suites.mutants import matrix
from privnum.suites.mutants.catalogue import mutants
from privnum.suites.mutants.nursery import Outcome, Task, raise_children

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.mutants.model import Mutant

__all__ = ["main"]

MATRIX = Path("build/mutants/matrix.json")
UNSOUND = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Status 1: a bug that breaks a documented rule was not killed. 2: the suites fail a server without a bug."""
    parser = argparse.ArgumentParser(prog="python -m privnum.suites.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="ids of mutants or of rules, * allowed; default: all")
    parser.add_argument("--quick", action="store_true", help="give survivors no second chance with profile ci")
    parser.add_argument("--list", action="store_true", help="print them with their stories, and run nothing")
    given = parser.parse_args(argv)
    chosen = _chosen(given.names)
    if not chosen:
        parser.error(f"no mutant is called, or breaks, {' or '.join(given.names)}; --list prints them")
    if given.list:
        for mutant in chosen:
            sys.stdout.write(f"{mutant.breaks:17} {mutant.id}: {mutant.story}\n")
        return 0
    problem = _unsound(sorted({mutant.mode for mutant in chosen}))
    if problem is not None:
        sys.stdout.write(f"{problem}\n")
        return UNSOUND
    rows = _judge(chosen, "quick", {})
    survivors = [mutant for mutant in chosen if mutant.must_die and not rows[mutant.id]["killed"]]
    if not given.quick:
        rows |= _judge(survivors, "ci", rows)
    MATRIX.parent.mkdir(parents=True, exist_ok=True)
    MATRIX.write_bytes(orjson.dumps({"mutants": list(rows.values())}, option=orjson.OPT_INDENT_2))
    for line in ("", *matrix.summary(list(rows.values()))):
        sys.stdout.write(f"{line}\n")
    return int(any(mutant.must_die and not rows[mutant.id]["killed"] for mutant in chosen))


def _chosen(names: Sequence[str]) -> list[Mutant]:
    def is_meant(mutant: Mutant) -> bool:
        return any(fnmatch.fnmatchcase(word, name) for name in names for word in (mutant.id, mutant.breaks))

    return [mutant for mutant in mutants().values() if not names or is_meant(mutant)]


def _unsound(modes: Sequence[str]) -> str | None:
    """Why a killed bug would mean nothing: what fails although there is no bug."""
    outcomes: list[Outcome] = []
    raise_children([Task(mode, "quick") for mode in modes], outcomes.append)
    for outcome in outcomes:
        found = " ".join((*outcome.noticed, *outcome.errors)) or outcome.problem
        if found:
            return f"{outcome.task.mode} without a bug is not clean: {found}"
    sys.stdout.write(f"without a bug nothing fails ({', '.join(modes)})\n")
    return None


def _judge(chosen: Sequence[Mutant], profile: str, earlier: dict[str, matrix.Row]) -> dict[str, matrix.Row]:
    rows: dict[str, matrix.Row] = {}

    def tell(outcome: Outcome) -> None:
        mutant = outcome.task.mutant
        assert mutant is not None
        rows[mutant.id] = row = matrix.row(mutant, outcome, earlier.get(mutant.id))
        sys.stdout.write(f"{matrix.line(row)}\n")
        sys.stdout.flush()

    if chosen:
        raise_children([Task(mutant.mode, profile, mutant) for mutant in chosen], tell)
    return {mutant.id: rows[mutant.id] for mutant in chosen}


if __name__ == "__main__":
    sys.exit(main())
