"""What reports say in words.

Verdicts, sections and moments.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.profiles import PROFILES
from privnum.suites.report.model import LATTICE
from privnum.words import count_of, figure, join_words, language, retell, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.report.load import Run

__all__ = [
    "BASES",
    "LATTICE",
    "MARKS",
    "SHOWN",
    "WORDS",
    "again",
    "again_or_not",
    "by_reason",
    "duration",
    "harm_title",
    "moment",
    "out_of_scope",
    "sections",
    "spent_text",
    "tally",
    "target_name",
    "title",
    "title_as_run",
    "topic",
    "tried_text",
    "trouble",
    "worded_text",
]

Report = dict[str, Any]

WORDS = {
    "failed": "failed",
    "error": "error",
    "differs": "differs",
    "not_exercised": "not exercised",
    "passed": "passed",
}
SHOWN = ("passed", "failed", "error", "differs", "not_exercised")
"""Verdicts in the order in which people ask for them."""
_EMBEDDED = "embedded server"
"""The name of a target that nobody has named."""
MARKS = {"failed": "✕", "error": "!", "differs": "≠", "not_exercised": "–", "passed": "✓"}
BASES = {
    "documented": "an official page, FAQ or sample says so",
    "observed": "real clients or a captured push show it",
    "assumed": "the public record is silent or disagrees with itself; we chose",
}
_TOPICS = {
    "ANSWER": "Answers",
    "AUTH": "Signatures",
    "BATCH": "Many in one message",
    "BIND": "Bind",
    "BLOCK": "Verdicts on SMS",
    "CALL": "Calls",
    "CALLIN": "Verdicts on calls",
    "CDR": "CDRs",
    "ENV": "Answers",
    "EVENT": "Call events",
    "FORM": "Forms of a push",
    "LIFE": "Lifetime",
    "MODIFY": "Modify",
    "OPEN": "Open points",
    "ORDER": "Order",
    "PUSH": "Pushes",
    "QUERY": "Query",
    "REPEAT": "Again and late",
    "SIGN": "Signatures",
    "STATE": "States",
    "STOP": "Stop call",
    "TIME": "Time",
    "UNBIND": "Unbind",
}
DEFAULT_WAIT = 10.0
"""What --max-wait is unless it is said."""


def topic(id_: str) -> str:
    """The topic of a requirement in words: "Bind" of AXB-BIND-005."""
    word = id_.split("-")[1]
    return say(_TOPICS.get(word, word.capitalize()))


def title(rule: Report) -> str:
    """A rule in a few words; of an open point that is its question."""
    tables = contracts.in_language(language())
    described = tables.every_rule().get(rule["id"])
    assumption = tables.assumptions().get(described.assumption or "") if described else None
    if assumption:
        return assumption.text.removesuffix(".").removesuffix("。")
    return _in_words(rule, "title", described.title if described else "")


def title_as_run(rule: Mapping[str, Any]) -> str:
    """The title, as the report has it or in the language that is spoken."""
    return title(dict(rule)) if language() != "en" else str(rule["title"])


def target_name(report: Mapping[str, Any]) -> str:
    """What a report calls its target.

    By a name of the user's, or that of the embedded server.
    """
    target = report["target"]
    if target.get("name") == _EMBEDDED and not target.get("base_url"):
        return say("embedded server")
    return str(target.get("name") or say("a target without a name"))


def worded_text(rule: Report) -> str:
    """What a rule says, in the language that is spoken."""
    described = contracts.in_language(language()).every_rule().get(rule["id"])
    return _in_words(rule, "text", described.text if described else "")


def _in_words(rule: Report, field: str, own: str) -> str:
    """What the report has, in other words where it has those of the contract."""
    known = contracts.in_language("en").every_rule().get(rule["id"])
    return own if known is not None and getattr(known, field) == rule[field] else str(rule[field])


def sections(report: Report) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rules by mode and topic.

    Topics in the order of the contract, but open points last, rules by number.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    modes = list(dict.fromkeys(rule["mode"] for rule in report["requirements"]))
    ranked = sorted(report["requirements"], key=lambda rule: (modes.index(rule["mode"]), "-OPEN-" in rule["id"]))
    for rule in ranked:
        found.setdefault((rule["mode"], topic(rule["id"])), []).append(rule)
    return {place: sorted(rules, key=lambda rule: str(rule["id"])) for place, rules in found.items()}


def moment(time: str) -> str:
    """A time of the events as people write it, in UTC."""
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 1:
        return say("{time} ms", time=f"{seconds * 1000:.0f}")
    if seconds < 60:
        return say("{time} s", time=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    return say("{minutes} min {rest} s", minutes=minutes, rest=rest)


def tried_text(run: Mapping[str, Any]) -> list[str]:
    """How much the state machines have tried: 240 examples, 5,812 steps."""
    tried = run.get("tried")
    return [count_of(tried["examples"], "example"), count_of(tried["steps"], "step")] if tried else []


def tally(counts: Mapping[str, int], verdicts: Iterable[str]) -> str:
    """How many rules or checks have each verdict: 2 passed, 1 failed."""
    told = ((figure(counts[verdict]), say(WORDS[verdict])) for verdict in verdicts if counts[verdict])
    return join_words([say("{count} {verdict}", count=count, verdict=word) for count, word in told])


def out_of_scope(report: Mapping[str, Any]) -> str | None:
    """Which modes were not checked; None where all were."""
    modes = report.get("out_of_scope")
    if not modes:
        return None
    named = ", ".join(modes)
    return say("Out of scope, and in no count: {modes} (not asked for, or not there in the target)", modes=named)


def harm_title(rule: Mapping[str, Any]) -> str:
    """What the breach of a rule does at the worst, in a few words."""
    return contracts.in_language(language()).harms()[rule["harm"]].title


def again_or_not(rule: Mapping[str, Any]) -> str:
    """Whether a failure came again when it was looked for."""
    if rule["reproduced"] is None:
        return say("It was not repeated.")
    if rule["reproduced"]:
        return say("Yes: it failed again on a fresh start.")
    tries = count_of(rule.get("tries") or 1, "try", "tries")
    return say(
        "Seen once, not again in {tries} on a fresh start: timing or chance may play a part. It still is a failure.",
        tries=tries,
    )


_NAMED = re.compile(r"\b(?:GET|POST|PUT|DELETE|PATCH) /[^\s:]*+|\b[a-z]++\.[a-z_]++")
"""Requests and operations."""
_WORD = re.compile(r"\S++")
_DIGIT = re.compile(r"[0-9]")


def _without_particulars(reason: str) -> str:
    """A reason without requests, operations, ids, times and counts.

    Each word is read once, also a long one.
    """
    return _WORD.sub(lambda word: "#" if _DIGIT.search(word[0]) else word[0], _NAMED.sub("#", reason))


def by_reason(rules: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rules of one verdict by their reason, the largest group first.

    Errors that differ only in what they happened to are one: the first of them is shown.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        reason = rule["reason"] or "no reason is given"
        key = _without_particulars(reason) if rule["verdict"] == "error" else reason
        groups.setdefault(key, []).append(rule)
    found = [(group[0]["reason"] or "no reason is given", group) for group in groups.values()]
    return sorted(found, key=lambda each: -len(each[1]))


def trouble(run: Run) -> str | None:
    """What is to be said of a run that did not come to its end.

    None of one that did.
    """
    if run.ended == "finished":
        return None
    rest = say("What was checked until then is below; the other rules are not exercised.")
    stopped = run.report["run"].get("stopped")
    if stopped:
        return say("The run did not come to its end: {why}. {rest}", why=retell(stopped), rest=rest)
    if run.ended == "interrupted":
        return say("The run was interrupted before its end. {rest}", rest=rest)
    torn = say(", and its last line is broken") if run.torn else ""
    return say("The run was cut off: the file of its events has no end{torn}. {rest}", torn=torn, rest=rest)


def spent_text(report: Mapping[str, Any]) -> str | None:
    """What the run has sent; None where that was not counted."""
    cost = report["run"].get("spent")
    if cost is None:
        return None
    if "pushes" in cost:
        return count_of(cost["pushes"], "push", "pushes")
    return say(
        "{requests}, {binds} among them, and {calls}",
        requests=count_of(cost["requests"], "API request"),
        binds=count_of(cost["binds"], "bind"),
        calls=count_of(cost["calls"], "call"),
    )


def again(report: Report) -> str:
    """The command that makes the run once more."""
    target, run = report["target"], report["run"]
    if run.get("of") == "receiver":
        return _again_of_receiver(target, run)
    if run.get("of") == "log":
        return shlex.join(["privnum", "check-log", str(target.get("name"))])
    words = ["privnum", "check"]
    if target.get("base_url"):
        words += ["--target", "target.toml"]
    if run.get("profile"):
        words += ["--profile", str(run["profile"])]
    if run.get("seed") is not None:
        words += ["--seed", str(run["seed"])]
    if run.get("profile") in PROFILES and run.get("timeout") not in (None, PROFILES[run["profile"]].timeout):
        words += ["--timeout", f"{run['timeout']:g}"]
    if run.get("max_wait") not in (None, DEFAULT_WAIT):
        words += ["--max-wait", f"{run['max_wait']:g}"]
    for name, most in (run.get("limits") or {}).items():
        words += [f"--{'' if name == 'rate' else 'max-'}{name}", f"{most:g}"] if most is not None else []
    words += _choices_of(run)
    if run.get("disruptive") and target.get("base_url"):
        words.append("--disruptive")
    if run.get("concurrency"):
        words.append("--concurrency")
    return shlex.join(words)


def _choices_of(run: Mapping[str, Any]) -> list[str]:
    """Options for what is checked, and how worlds are made."""
    words: list[str] = []
    every = {rule.mode for rule in contracts.requirements().values()} - {"common"}
    checked = run.get("modes") or []
    if set(checked) != every:
        words += [word for mode in checked for word in ("--mode", str(mode))]
    if shard := run.get("shard"):
        words += ["--shard", f"{shard['number']}/{shard['of']}"]
    assumed = run.get("assumed")
    if isinstance(assumed, dict):
        words += [word for name, value in assumed.items() for word in ("--assume", f"{name}={value}")]
    varied = run.get("varied")
    if isinstance(varied, list):
        words += [word for name in varied for word in ("--vary", str(name))]
    return words


def _again_of_receiver(target: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """The same for a receiver; its secret is left to the environment."""
    words = ["privnum", "check-receiver"]
    for option, url in (target.get("addresses") or {}).items():
        words += [str(option), str(url)]
    words += ["--app-key", str(target.get("app_key"))]
    words += [word for rule in run.get("rules") or () for word in ("--rule", str(rule))]
    every = {callback.mode for callback in contracts.callbacks().values()} - {"common"}
    modes = run.get("modes") or ()
    words += [word for mode in modes if set(modes) != every for word in ("--mode", str(mode))]
    return shlex.join(words)
