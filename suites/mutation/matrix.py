"""The kill matrix: which rules noticed which bug; as data, and in print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.suites.mutation.model import Mutant
    from privnum.suites.mutation.runner import Outcome

__all__ = ["Row", "line", "row", "summary"]

Row = dict[str, Any]

_ALSO = 4
"""Other rules that noticed a bug, as many as a line names."""


def row(mutant: Mutant, outcome: Outcome, earlier: Row | None = None) -> Row:
    """The row of a mutant.

    `earlier` is that of an easier profile, which it has survived.
    """
    seen = dict.fromkeys((*(earlier["killed_by"] if earlier else ()), *outcome.noticed))
    return {
        "id": mutant.id,
        "rule_id": mutant.rule_id,
        "basis": mutant.rule.basis,
        "made": mutant.made,
        "description": mutant.description,
        "profile": outcome.task.profile,
        "killed": outcome.killed,
        "killed_by": list(seen),
        "seconds": round(outcome.seconds + (earlier["seconds"] if earlier else 0), 2),
        "errors": list(outcome.errors),
        "problem": outcome.problem,
    }


def line(row: Row) -> str:
    """A row in one line."""
    others = [id_ for id_ in row["killed_by"] if id_ != row["rule_id"]]
    if row["killed"]:
        named = " ".join(others[:_ALSO]) + (f" and {len(others) - _ALSO} more" if len(others) > _ALSO else "")
        what = f"killed{', also by ' if others else ''}{named}"
    elif row["problem"]:
        what = "NOT CHECKED: " + " ".join(row["problem"].split())[-200:]
    else:
        nobody = "nobody" if row["basis"] == "documented" else "no check of that rule"
        errors = f"; an error ended {' '.join(row['errors'][:_ALSO])}" if row["errors"] else ""
        what = f"survived; noticed by {' '.join(others) or nobody}{errors}"
    return f"{row['rule_id']:17} {row['id']:42} {row['profile']:5} {row['seconds']:5.1f} s  {what}"


def summary(rows: Sequence[Row]) -> Iterable[str]:
    """The matrix: kills by mode and topic, then each survivor.

    And why it matters.
    """
    yield f"{'rules':16} {'documented':>12} {'others':>12}   killed of all"
    for topic, found in _by_topic(rows).items():
        documented = [row for row in found if row["basis"] == "documented"]
        others = [row for row in found if row["basis"] != "documented"]
        yield f"{topic:16} {_score(documented):>12} {_score(others):>12}"
    documented = [row for row in rows if row["basis"] == "documented"]
    others = [row for row in rows if row["basis"] != "documented"]
    yield f"{'all':16} {_score(documented):>12} {_score(others):>12}"
    grave, light = "survived, though a source names the rule", "survived; the rule is ours"
    for title, group in ((grave, documented), (light, others)):
        alive = [row for row in group if not row["killed"]]
        if alive:
            yield ""
            yield f"{title}:"
            for row in alive:
                yield f"  {row['rule_id']:17} {row['id']}: {row['description']} {_why(row)}"


def _by_topic(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Rows by the first two parts of the rule, in the contract's order.

    It is the rule that they break.
    """
    order = {id_: number for number, id_ in enumerate(contracts.requirements())}
    topics: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: order[row["rule_id"]]):
        topics.setdefault(row["rule_id"].rpartition("-")[0], []).append(row)
    return topics


def _score(rows: Sequence[Row]) -> str:
    return f"{sum(row['killed'] for row in rows)} of {len(rows)}" if rows else "·"


def _why(row: Row) -> str:
    if row["problem"]:
        return f"(not checked: {' '.join(row['problem'].split())[-200:]})"
    others = " ".join(row["killed_by"])
    return f"(noticed by {others} only)" if others else "(nobody noticed)"
