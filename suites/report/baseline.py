"""Known failures: a file that accepts them, and what is otherwise now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.suites.report.text import WORDS, title_as_run
from privnum.toml_files import read_toml
from privnum.words import retell, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SAID", "Change", "Known", "changes", "known_failures", "read_baseline", "toml_of"]

Report = Mapping[str, Any]

_PAGE: Final = "docs/reports.md"
_BAD: Final = ("failed", "error")
_HEAD: Final = """\
# Failures that are known, each with the reason for which it is accepted. `privnum check --baseline FILE` ends with 0 as
# long as exactly these rules fail, and with 1 for any change, better or worse.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A failure that is accepted; `reason` is "" where nobody has said why."""

    rule: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that came out otherwise than the baseline says.

    `was` and `now` are verdicts; `was` is "" where the baseline does not list it.
    """

    rule: str
    was: str
    now: str
    text: str

    @property
    def is_worse(self) -> bool:
        """Whether the rule fails, and did not."""
        return not self.was


def read_baseline(path: Path, *, waiting: bool = False) -> tuple[Known, ...]:
    """Return the known failures of a file.

    With `waiting` also those whose reason nobody has written yet.

    Raises:
        FileError: it cannot be read, does not fit its schema, names a rule that there is not or one twice,
            or has no reason.
    """
    file = read_toml(path, "report/baseline", _PAGE)
    rules = {**contracts.requirements(), **contracts.receiver_requirements()}
    found: dict[str, Known] = {}
    for index, entry in enumerate(file.table.get("known", ())):
        id_ = entry["rule"]
        if id_ not in rules:
            raise file.error(f"known[{index}].rule", str(contracts.UnknownName("rule", id_, rules)))
        if id_ in found:
            raise file.error(f"known[{index}].rule", f"{id_} stands twice; leave one of them")
        if not (waiting or entry["reason"].strip()):
            raise file.error(f"known[{index}].reason", f"the reason for which {id_} may fail is empty; write it")
        found[id_] = Known(id_, entry.get("verdict", "failed"), entry["reason"])
    return tuple(found.values())


def known_failures(report: Report, before: tuple[Known, ...] = ()) -> tuple[Known, ...]:
    """Return what fails in a report, with the reasons of a baseline before.

    What the report has not tried stays as it was.
    """
    reasons = {each.rule: each.reason for each in before}
    verdicts = {rule["id"]: rule["verdict"] for rule in report["requirements"]}
    kept = [each for each in before if verdicts.get(each.rule, "not_exercised") == "not_exercised"]
    found = [Known(id_, verdict, reasons.get(id_, "")) for id_, verdict in verdicts.items() if verdict in _BAD]
    return tuple(sorted([*kept, *found], key=lambda each: each.rule))


def changes(baseline: tuple[Known, ...], report: Report) -> list[Change]:
    """Return what came out otherwise than a baseline says, the worse first.

    Rules that were not asked for (another mode, another part of the run), or not come to before the run was
    interrupted, are no change.
    """
    return sorted(_changes(baseline, report), key=lambda each: (not each.is_worse, each.rule))


def _changes(baseline: tuple[Known, ...], report: Report) -> Iterator[Change]:
    known = {each.rule: each for each in baseline}
    in_part = "shard" in report["run"] or report["run"]["interrupted"]
    for rule in report["requirements"]:
        id_, now, before = rule["id"], rule["verdict"], known.get(rule["id"])
        what = {"rule": id_, "title": title_as_run(rule), "found": say(SAID[now])}
        if before is None and now in _BAD:
            reason = retell(str(rule["reason"]))
            text = say("{rule} ({title}) {found}, and is not in the baseline: {reason}", **what, reason=reason)
            yield Change(id_, "", now, text)
        elif before is not None and now != before.verdict and not (in_part and now == "not_exercised"):
            was = say(WORDS[before.verdict])
            text = say("{rule} ({title}) {found}; the baseline has it as {was}", **what, was=was)
            yield Change(id_, before.verdict, now, text)


SAID: Final = {
    "failed": "failed",
    "error": "could not be checked",
    "differs": "differs, which is no fault",
    "not_exercised": "was not exercised",
    "passed": "passed",
}
"""What is said of a rule with each verdict."""


def toml_of(known: tuple[Known, ...]) -> str:
    """Return the text of a baseline.

    A failure without a reason has an empty one, which no check takes.
    """
    entries = [
        f'\n[[known]]\nrule = "{each.rule}"\nverdict = "{each.verdict}"\nreason = {_toml_string(each.reason)}\n'
        for each in known
    ]
    return _HEAD + "".join(entries)


def _toml_string(text: str) -> str:
    """Return a text as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in escaped) + '"'
