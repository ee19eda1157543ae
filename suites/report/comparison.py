"""Reports side by side, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from privnum import contracts
from privnum.suites.report.load import EventsError, read_run
from privnum.suites.report.model import LATTICE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Difference", "Named", "differences", "read_report", "row_of", "rows"]

Report = Mapping[str, Any]
Kind = Literal["worse", "better", "no longer checked", "now checked", "changed", "new rule", "gone rule"]

_BAD: Final = ("failed", "error")


@dataclass(frozen=True, slots=True)
class Named:
    """A report with the name that a column has.

    `is_given` says whether the name is the user's; else it is that of the target or the folder.
    """

    name: str
    report: Report
    path: Path
    is_given: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that two reports say different things of.

    `before` and `after` are verdicts, "" where a report has no such rule.
    """

    rule: str
    title: str
    kind: Kind
    before: str
    after: str
    reason: str | None


def read_report(text: str) -> Named:
    """Return the report that an argument names: NAME=PATH, or PATH.

    The path is that of a report.json, an events.jsonl or their folder. Raises EventsError.
    """
    name, equals, rest = text.partition("=")
    path = Path(rest if equals and not Path(text).exists() else text)
    given = name if equals and not Path(text).exists() else ""
    if (path / "report.json").exists():
        path /= "report.json"
    report = _json_report(path) if path.suffix == ".json" else read_run(path).report
    return Named(given or _name_of(path, report), report, path, bool(given))


def _json_report(path: Path) -> Report:
    try:
        report = orjson.loads(path.read_bytes())
    except OSError as error:
        raise EventsError(f"{path}: cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise EventsError(f"{path}: is no JSON: {error}") from None
    problem = contracts.validator("report/report").first_problem(report)
    if problem is not None:
        raise EventsError(f"{path}: is no report: {problem.message}")
    found: Report = report
    return found


def _name_of(path: Path, report: Report) -> str:
    """Return what tells reports apart: the target, or else the folder."""
    return str(report["target"].get("name") or path.parent.name or path.stem)


def rows(reports: Sequence[Report], *, everything: bool) -> list[str]:
    """Return the ids of the rules of a table, as the first report has them.

    Without `everything` those alone that the reports say different things of.
    """
    ids = dict.fromkeys(rule["id"] for report in reports for rule in report["requirements"])
    return [id_ for id_ in ids if everything or len(set(row_of(reports, id_))) > 1]


def row_of(reports: Sequence[Report], rule: str) -> list[str]:
    """Return the verdicts of a rule; "" where a report has no such rule."""
    return [_verdicts(report).get(rule, "") for report in reports]


def _verdicts(report: Report) -> dict[str, str]:
    return {rule["id"]: rule["verdict"] for rule in report["requirements"]}


def differences(before: Report, after: Report) -> list[Difference]:
    """Return what changed from one report to the next, the worst first."""
    old = {rule["id"]: rule for rule in before["requirements"]}
    new = {rule["id"]: rule for rule in after["requirements"]}
    found = [
        _difference(id_, old.get(id_), new.get(id_))
        for id_ in {**old, **new}
        if old.get(id_, {}).get("verdict") != new.get(id_, {}).get("verdict")
    ]
    return sorted(found, key=lambda each: (_ORDER.index(each.kind), each.rule))


_ORDER: Final[tuple[Kind, ...]] = (
    "worse",
    "no longer checked",
    "gone rule",
    "changed",
    "better",
    "now checked",
    "new rule",
)


def _difference(id_: str, old: Report | None, new: Report | None) -> Difference:
    was, now = (rule["verdict"] if rule else "" for rule in (old, new))
    rule = new or old or {}
    return Difference(id_, rule["title"], _kind_of(was, now), was, now, rule["reason"] if new else None)


def _kind_of(was: str, now: str) -> Kind:
    """Return what a change means; a rule that fails is worse in any case."""
    if now in _BAD and was not in _BAD:
        return "worse"
    if not (was and now):
        return "gone rule" if was else "new rule"
    if "not_exercised" in (was, now):
        return "no longer checked" if now == "not_exercised" else "now checked"
    if was in _BAD and now not in _BAD:
        return "better"
    return "worse" if LATTICE.index(now) < LATTICE.index(was) and now in _BAD else "changed"
