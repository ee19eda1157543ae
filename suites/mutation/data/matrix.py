"""The kill matrix of the family of data: by file, who noticed its edits.

Then every edit that nobody noticed.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from privnum.suites.mutation.runner import Outcome

__all__ = ["Row", "alive", "line", "row", "summary"]

Row = dict[str, Any]

_NO_RUN = "every run, which cannot begin"
"""In place of a rule: the suites do not get as far as a check."""
_ALSO = 4
"""Rules that noticed an edit, as many as a line names."""


def row(outcome: Outcome) -> Row:
    """The row of an edit."""
    edit = outcome.task.edit
    assert edit is not None
    no_run = outcome.problem is not None and "outcomes.Exit" in outcome.problem
    return {
        "id": edit.id,
        "file": edit.file,
        "keyword": edit.keyword,
        "story": edit.description,
        "basis": edit.basis,
        "why": edit.why,
        "noticed_by": [_NO_RUN] if no_run else list(outcome.noticed),
        "errors": list(outcome.errors),
        "printed": outcome.printed,
        "seconds": round(outcome.seconds, 2),
        "problem": None if no_run else outcome.problem,
    }


def alive(row: Row) -> bool:
    """Whether nobody noticed."""
    return not (row["noticed_by"] or row["printed"])


def line(row: Row) -> str:
    """A row in one line."""
    if row["problem"]:
        what = "NOT CHECKED: " + " ".join(row["problem"].split())[-200:]
    elif row["noticed_by"]:
        what = f"noticed by {' '.join(row['noticed_by'][:_ALSO])}"
    elif row["printed"]:
        what = "noticed beside what is printed"
    else:
        what = f"nobody noticed; {row['basis']}{': ' if row['why'] else ''}{row['why']}"
    return f"{row['id']:90} {row['seconds']:5.1f} s  {what}"


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """By file and in all.

    Edits whose value a source settles, who noticed them, and the others.
    """
    yield f"{'file':34} {'settled':>8} {'by checks':>10} {'as printed':>11} {'nobody':>7} {'others':>9} {'noticed':>8}"
    for file, found in groupby(sorted(rows, key=lambda row: str(row["file"])), key=lambda row: row["file"]):
        yield _figures(file, list(found))
    yield _figures("all", rows)
    settled = [row for row in rows if row["basis"] == "documented" and alive(row)]
    if settled:
        yield ""
        yield "nobody noticed, though a source settles the value:"
        yield from (f"  {row['id']} {_problem(row)}".rstrip() for row in settled)
    others = [row for row in rows if row["basis"] != "documented" and alive(row)]
    if others:
        yield ""
        yield "nobody noticed; no source settles the value:"
        yield from _by_reason(others)


def _figures(name: str, rows: Sequence[Row]) -> str:
    settled = [row for row in rows if row["basis"] == "documented"]
    others = [row for row in rows if row["basis"] != "documented"]
    checks = sum(bool(row["noticed_by"]) for row in settled)
    printed = sum(bool(row["printed"]) and not row["noticed_by"] for row in settled)
    nobody = sum(alive(row) for row in settled)
    noticed = sum(not alive(row) for row in others)
    return f"{name:34} {len(settled):8} {checks:10} {printed:11} {nobody:7} {len(others):9} {noticed:8}"


def _by_reason(rows: Sequence[Row]) -> Iterator[str]:
    """Each reason once, with the places that it holds for."""

    def reason(row: Row) -> tuple[str, str, str]:
        return row["file"], row["basis"], row["why"]

    for (file, basis, why), found in groupby(sorted(rows, key=reason), key=reason):
        remark = f"{basis}: {why}" if why else basis
        yield f"  {file} ({remark})"
        yield from (f"    {row['story']}" for row in found)


def _problem(row: Row) -> str:
    return f"(not checked: {' '.join(row['problem'].split())[-200:]})" if row["problem"] else ""
