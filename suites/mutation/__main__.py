"""Runs the suites with each seeded bug, and each edit of the data.

The bugs are in the server, the data are the contract's.

A bug is killed when the requirement that it breaks fails; where no source names that rule, when it differs. Profile
quick comes first; who survives it against a documented rule gets ci. Then every table and schema of the contract is
edited, cell by cell and keyword by keyword, for both sides: an edit is noticed when any rule fails or differs, or the
file no longer says what the sources print. The matrices are printed, and written to build/mutants.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.mutation import matrix
from privnum.suites.mutation.data import matrix as data_matrix
from privnum.suites.mutation.data.edits import compared_with_print, edits, task_of
from privnum.suites.mutation.registry import mutants
from privnum.suites.mutation.runner import Outcome, Task, raise_children
from privnum.suites.runner.shard import shard_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.mutation.data.model import Edit
    from privnum.suites.mutation.model import Mutant

__all__ = ["main"]

MATRIX = Path("build/mutants/matrix.json")
DATA_MATRIX = Path("build/mutants/data.json")
UNSOUND = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Return 1 where a bug of a documented rule survived.

    Or an edit that a source forbids.

    Status 2: the suites fail a server without a bug.
    """
    parser = argparse.ArgumentParser(prog="python -m privnum.suites.mutation", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="ids of mutants, of rules or of edits, * allowed; default: all"
    )
    parser.add_argument("--family", choices=("server", "data"), help="bugs of the server or edits of the data alone")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="no second chance with profile ci; no check for an edit that differs from what is printed",
    )
    parser.add_argument("--list", action="store_true", help="print them with their stories, and run nothing")
    parser.add_argument(
        "--shard", type=shard_option, metavar="I/N", help="the I-th of N parts alone, as machines of a CI run them"
    )
    parser.add_argument(
        "--join",
        nargs="+",
        type=Path,
        metavar="FOLDER",
        help="run nothing: join what the parts have written (each a copy of build/mutants), and print the matrices",
    )
    given = parser.parse_args(argv)
    if given.join:
        return join_parts(given.join)
    chosen = _chosen_mutants(given.names) if given.family != "data" else []
    edited = _edits(given.names) if given.family != "server" else []
    if not chosen and not edited:
        parser.error(f"no mutant is called, or breaks, {' or '.join(given.names)}; --list prints them")
    if given.shard is not None:
        chosen, edited = given.shard.slice_of(chosen), given.shard.slice_of(edited)
    return _print_list(chosen, edited) if given.list else _run(chosen, edited, quick=given.quick)


def join_parts(folders: Sequence[Path]) -> int:
    """Join the matrices of several parts; return the status of the whole.

    Raises SystemExit: a bug or an edit stands in two parts, or in none.
    """
    rows, data = _rows_of(folders, MATRIX.name, "mutants"), _rows_of(folders, DATA_MATRIX.name, "edits")
    for kind, found, known in (("bugs", rows, mutants()), ("edits", data, edits())):
        lacking = known.keys() - found.keys() if found else set()
        if lacking:
            raise SystemExit(f"{len(lacking)} {kind} are in no part, such as {min(lacking)}")
    if rows:
        _write(MATRIX, {"mutants": list(rows.values())})
        _say(*matrix.summary(list(rows.values())))
    if data:
        _write(DATA_MATRIX, {"edits": list(data.values())})
        _say(*data_matrix.summary(list(data.values())))
    return int(any(map(_is_grave, rows.values())) or any(map(_is_grave_edit, data.values())))


def _rows_of(folders: Sequence[Path], name: str, key: str) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for path in (folder / name for folder in folders):
        for row in orjson.loads(path.read_bytes())[key] if path.exists() else ():
            if row["id"] in rows:
                raise SystemExit(f"{path}: {row['id']} stands in another part, too")
            rows[row["id"]] = row
    return rows


def _is_grave(row: matrix.Row) -> bool:
    return row["basis"] == "documented" and not row["killed"]


def _is_grave_edit(row: data_matrix.Row) -> bool:
    return row["basis"] == "documented" and data_matrix.alive(row)


def _print_list(chosen: Sequence[Mutant], edited: Sequence[Edit]) -> int:
    for mutant in chosen:
        sys.stdout.write(f"{mutant.rule_id:17} {mutant.id}: {mutant.description}\n")
    for edit in edited:
        sys.stdout.write(f"{edit.basis:17} {edit.id}\n")
    return 0


def _run(chosen: Sequence[Mutant], edited: Sequence[Edit], *, quick: bool) -> int:
    modes = {mutant.mode for mutant in chosen} | {mode for edit in edited for mode in task_of(edit).modes}
    problem = _unsound(sorted(modes))
    if problem is not None:
        sys.stdout.write(f"{problem}\n")
        return UNSOUND
    status = _check_server(chosen, quick=quick) if chosen else 0
    return max(status, _check_data(edited, quick=quick) if edited else 0)


def _check_server(chosen: Sequence[Mutant], *, quick: bool) -> int:
    rows = _check(chosen, "quick", {})
    survivors = [mutant for mutant in chosen if mutant.must_die and not rows[mutant.id]["killed"]]
    if not quick:
        rows |= _check(survivors, "ci", rows)
    _write(MATRIX, {"mutants": list(rows.values())})
    _say("", *matrix.summary(list(rows.values())))
    return int(any(mutant.must_die and not rows[mutant.id]["killed"] for mutant in chosen))


def _check_data(edited: Sequence[Edit], *, quick: bool) -> int:
    rows: list[data_matrix.Row] = []

    def on_outcome(outcome: Outcome) -> None:
        rows.append(data_matrix.row(outcome))
        _say(data_matrix.line(rows[-1]))

    left = list(edited)
    if quick:
        left = []
        for edit in edited:
            outcome = compared_with_print(edit)
            if outcome.printed is None:
                left.append(edit)
            else:
                on_outcome(outcome)
    if left:
        raise_children([task_of(edit) for edit in left], on_outcome)
    _write(DATA_MATRIX, {"edits": rows})
    _say("", *data_matrix.summary(rows))
    return int(any(map(_is_grave_edit, rows)))


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _edits(names: Sequence[str]) -> list[Edit]:
    return [edit for edit in edits().values() if not names or any(fnmatch.fnmatchcase(edit.id, name) for name in names)]


def _chosen_mutants(names: Sequence[str]) -> list[Mutant]:
    def is_meant(mutant: Mutant) -> bool:
        return any(fnmatch.fnmatchcase(word, name) for name in names for word in (mutant.id, mutant.rule_id))

    return [mutant for mutant in mutants().values() if not names or is_meant(mutant)]


def _unsound(modes: Sequence[str]) -> str | None:
    """Why a killed bug would mean nothing.

    What fails although there is no bug.
    """
    outcomes: list[Outcome] = []
    raise_children([Task(mode, "quick") for mode in modes], outcomes.append)
    for outcome in outcomes:
        found = " ".join((*outcome.noticed, *outcome.errors)) or outcome.problem
        if found:
            return f"{outcome.task.mode} without a bug is not clean: {found}"
    sys.stdout.write(f"without a bug nothing fails ({', '.join(modes)})\n")
    return None


def _check(chosen: Sequence[Mutant], profile: str, earlier: dict[str, matrix.Row]) -> dict[str, matrix.Row]:
    rows: dict[str, matrix.Row] = {}

    def on_outcome(outcome: Outcome) -> None:
        mutant = outcome.task.mutant
        assert mutant is not None
        rows[mutant.id] = row = matrix.row(mutant, outcome, earlier.get(mutant.id))
        _say(matrix.line(row))

    if chosen:
        raise_children([Task(mutant.mode, profile, mutant) for mutant in chosen], on_outcome)
    return {mutant.id: rows[mutant.id] for mutant in chosen}


if __name__ == "__main__":
    sys.exit(main())
