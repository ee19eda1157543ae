"""The verdict of every requirement, from the events of a run.

The one place that knows how outcomes are weighed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from privnum import contracts
from privnum.suites.report import next_steps as remedies
from privnum.suites.report.evidence import evidence
from privnum.suites.report.open_points import open_points
from privnum.suites.report.statement import statement
from privnum.words import speak

__all__ = ["LATTICE", "build", "by_harm", "exit_code", "gives_no_verdict", "worst"]

LATTICE = ("failed", "error", "differs", "not_exercised", "passed")
"""Verdicts, the worst first."""
_RANK = {verdict: rank for rank, verdict in enumerate(LATTICE)}

Event = Mapping[str, Any]
Report = dict[str, Any]


def by_harm(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules of a report by what their breach does, the worst first."""
    order = list(contracts.harms())
    return [dict(rule) for rule in sorted(rules, key=lambda rule: order.index(rule["harm"]))]


def worst(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts; not_exercised if there is none."""
    return min(verdicts, key=_RANK.__getitem__, default="not_exercised")


@dataclass(slots=True)
class _Check:
    """What the events say of one check."""

    id: str
    requirements: tuple[str, ...]
    claims: dict[str, tuple[str, str]] = field(default_factory=dict)
    finished: Event | None = None

    def say(self, requirement: str, outcome: str, message: str) -> None:
        held = self.claims.get(requirement)
        if held is None or _RANK[outcome] < _RANK[held[0]]:
            self.claims[requirement] = (outcome, message)

    def verdict(self, requirement: str) -> tuple[str, str | None]:
        """The check's verdict on a requirement, and the reason.

        One that it cites or made a claim about.
        """
        claimed = self.claims.get(requirement)
        if claimed is not None and claimed[0] == "failed":
            return claimed
        if requirement in self.requirements:
            if self.finished is None:
                return "not_exercised", "the run was interrupted before the check had ended"
            if self.finished["outcome"] in ("error", "not_exercised"):
                found = self.finished["outcome"], self.finished.get("reason")
                return min(found, claimed or found, key=lambda word: _RANK[word[0]])
        if claimed is not None:
            return claimed[0], None if claimed[0] == "passed" else claimed[1]
        reason = self.finished.get("reason") if self.finished else None
        return "not_exercised", reason or "the check ended without a claim about it"

    @property
    def lacks(self) -> list[str]:
        """What it needs and did not have."""
        return list((self.finished or {}).get("lacks") or ())


def build(events: Iterable[Event]) -> Report:
    """The report of a run. The same events give the same report."""
    target: dict[str, Any] = {}
    run: dict[str, Any] = {}
    checks: dict[str, _Check] = {}
    probes: list[Event] = []
    finished = False
    for event in events:
        match event["event"]:
            case "run_started":
                target, run = dict(event["target"]), {"time": event["time"], **event["run"]}
                if "shard" in run:  # the names of all checks are for who joins the parts
                    run["shard"] = {name: run["shard"][name] for name in ("number", "of")}
            case "check_started":
                checks[event["check"]] = _Check(event["check"], tuple(event["requirements"]))
            case "claim":
                checks[event["check"]].say(event["requirement"], event["outcome"], event["message"])
            case "check_finished":
                checks[event["check"]].finished = event
                _add_tried(run, event)
            case "probe":
                probes.append(event)
            case "run_finished":
                finished = not event["interrupted"]
                run["ended"] = "finished" if finished else "interrupted"
                run["seconds"] = _between(run["time"], event["time"])
                run["stopped"] = event.get("reason")
                run |= {"spent": event["spent"]} if "spent" in event else {}
    run["interrupted"] = not finished
    run.setdefault("ended", "cut off")
    silent = _unchecked_reason(run, finished)
    concerned = _by_rule(checks.values())
    rules = [_requirement(rule, concerned.get(rule.id, ()), silent) for rule in _rules(run)]
    return _report(target, run, rules, [{k: v for k, v in probe.items() if k != "event"} for probe in probes])


def _add_tried(run: Report, event: Event) -> None:
    """Add what the state machine of a check has tried to that of the run."""
    for name, count in event.get("tried", {}).items():
        run.setdefault("tried", Counter())[name] += count


def _report(target: Report, run: Report, rules: list[Report], choices: list[Report]) -> Report:
    """The parts of a report, from the rules with their verdicts."""
    modes = dict.fromkeys(rule["mode"] for rule in rules)
    report: Report = {
        "target": target,
        "run": run,
        "summary": _summary(rules),
        "modes": {mode: _summary(rule for rule in rules if rule["mode"] == mode) for mode in modes},
        "out_of_scope": _modes_out_of_scope(run),
        "failures": [rule["id"] for rule in by_harm(rule for rule in rules if rule["verdict"] == "failed")],
        "requirements": rules,
        "next_steps": remedies.next_steps(rules),
        "choices": choices,
    }
    report["open_points"] = open_points(report)
    with speak("en"):  # programs read it
        said = statement(report)
    report["summary"] = {"verdict": said.verdict, "statement": said.sentence, **report["summary"]}
    return report


def _between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _rules(run: Mapping[str, Any]) -> list[contracts.Requirement]:
    """The requirements in question.

    Those of the modes that were checked, or those that alone were asked for.
    """
    modes, rules = run.get("modes"), run.get("rules")
    if run.get("of") == "receiver":
        found = list(contracts.receiver_requirements().values())
    else:
        found = [r for r in contracts.requirements().values() if modes is None or r.mode in modes or r.mode == "common"]
    return [r for r in found if rules is None or r.id in rules]


def _modes_out_of_scope(run: Mapping[str, Any]) -> list[str]:
    """Modes that were not checked, of a run of single rules, too.

    No count has a rule of theirs.
    """
    modes = run.get("modes")
    if modes is None or run.get("of") == "receiver":
        return []
    every = dict.fromkeys(rule.mode for rule in contracts.requirements().values())
    return [mode for mode in every if mode not in ("common", *modes)]


def _by_rule(checks: Iterable[_Check]) -> dict[str, list[_Check]]:
    """The checks that concern each rule, in their order."""
    found: dict[str, list[_Check]] = {}
    for check in checks:
        for rule in dict.fromkeys((*check.requirements, *check.claims)):
            found.setdefault(rule, []).append(check)
    return found


def _requirement(rule: contracts.Requirement, concerned: Iterable[_Check], silent: str) -> dict[str, Any]:
    found = [(*check.verdict(rule.id), check) for check in concerned]
    left_out = _left_out(rule, found)
    verdict = worst(word for word, _, check in found if check.id not in left_out)
    of_verdict = sorted((each for each in found if each[0] == verdict), key=_surest)
    decisive = next(((reason, check) for _, reason, check in of_verdict), None)
    reason, check = decisive or (_nobody_can(rule) or silent, None)
    if verdict == "passed" and left_out:
        why = next(reason for _, reason, check in found if check.id in left_out)
        reason = f"{len(left_out)} of {len(found)} checks, which look closer than the rule asks, could not run: {why}"
    failed = check.finished if check is not None and verdict == "failed" else None
    return {
        "id": rule.id,
        "mode": rule.mode,
        "level": rule.level,
        "basis": rule.basis,
        "harm": rule.harm,
        "source": list(rule.source),
        "text": rule.text,
        "title": rule.title,
        "verdict": verdict,
        "reproduced": failed.get("reproduced") if failed else None,
        "tries": failed.get("tries") if failed else None,
        "checks": [
            {"id": check.id, "verdict": word, "reason": reason, "lacks": check.lacks} for word, reason, check in found
        ],
        "evidence": evidence(rule, verdict),
        "reason": reason,
        "counterexample": failed.get("counterexample") if failed else None,
    }


def _surest(found: tuple[str, str | None, _Check]) -> int:
    """The check whose failure came again, of several that failed a rule."""
    return (True, None, False).index((found[2].finished or {}).get("reproduced"))


def _left_out(rule: contracts.Requirement, found: Iterable[tuple[str, str | None, _Check]]) -> set[str]:
    """Checks that could not run and do not matter.

    Others of the rule checked it with all that it needs itself.
    """
    if not any(word in {"passed", "differs"} and rule.id in check.requirements for word, _, check in found):
        return set()
    return {
        check.id for word, _, check in found if word == "not_exercised" and remedies.closer(check.lacks, rule.needs)
    }


def _nobody_can(rule: contracts.Requirement) -> str | None:
    """Why no check can say a word about a requirement, where none can."""
    if rule.assumption and contracts.assumptions()[rule.assumption].settled == "declared":
        return "no probe can find it out; it is declared"
    return None


def _unchecked_reason(run: Mapping[str, Any], finished: bool) -> str:
    """Why nobody said a word about a requirement in this run."""
    if not finished:
        return "the run ended before it was checked"
    if run.get("of") == "log":
        return "nothing in the log shows it"
    if "shard" in run:
        return f"another part of the run checks it; this is part {run['shard']['number']} of {run['shard']['of']}"
    return "no check"


def _summary(rules: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(rule["verdict"] for rule in rules)
    return {"rules": counts.total(), **{verdict: counts[verdict] for verdict in LATTICE}}


def exit_code(report: Mapping[str, Any]) -> int:
    """1 if a documented must is broken.

    Else 2 for an error, a run that was cut or exercised nothing; else 0.
    """
    if report["summary"]["failed"]:
        return 1
    return 2 if report["summary"]["error"] or gives_no_verdict(report) else 0


def gives_no_verdict(report: Mapping[str, Any]) -> bool:
    """Whether a run was cut, or has tried nothing.

    A part of a run may have nothing to try: its other parts have.
    """
    if report["run"]["interrupted"]:
        return True
    return "shard" not in report["run"] and not any(report["summary"][word] for word in ("passed", "failed", "differs"))
