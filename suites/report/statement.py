"""The verdict of a run in one sentence, with the one sum of a report.

Every other count of rules in a report is this sum, or a part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.words import figure, retell, say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONFORMS", "FAILS", "Statement", "is_seen_once", "statement"]

CONFORMS: Final = "Conforms"
CONFORMS_IN_PART: Final = "Conforms as far as it was tried"
FAILS: Final = "Does not conform"
OPEN: Final = "No verdict"

_UNTRIED: Final = 10
"""Where more than one in this many rules was not exercised, the verdict says that it is of a part."""


class Statement(NamedTuple):
    """The verdict, English, and a sentence in the language that is spoken."""

    verdict: str
    sentence: str

    @property
    def line(self) -> str:
        """Both in one line."""
        return say("{verdict}: {sentence}", verdict=say(self.verdict), sentence=self.sentence)


def statement(report: Mapping[str, Any]) -> Statement:
    """Say how a run came out: "7 rules fail; 1,047 of 1,058 pass; …".

    The figures add up to the rules that are in scope.
    """
    verdict, why = _verdict(report)
    parts = [*([why] if why else []), _failing(report), *_others(report["summary"])]
    return Statement(verdict, say("{parts}.", parts=say("; ").join(parts)))


def _verdict(report: Mapping[str, Any]) -> tuple[str, str]:
    """The verdict, and why there is none."""
    counts, run = report["summary"], report["run"]
    if counts["failed"]:
        return FAILS, ""
    if not counts["passed"] + counts["differs"]:
        return OPEN, say("nothing could be tried")
    if run.get("interrupted"):
        return OPEN, retell(run.get("stopped") or f"the run was {run.get('ended', 'interrupted')}")
    if counts["error"]:
        return OPEN, say("something went wrong")
    return (CONFORMS if counts["not_exercised"] * _UNTRIED <= counts["rules"] else CONFORMS_IN_PART), ""


def _failing(report: Mapping[str, Any]) -> str:
    count = report["summary"]["failed"]
    if not count:
        return say("no rule fails")
    told = say("1 rule fails") if count == 1 else say("{count} rules fail", count=figure(count))
    once = sum(map(is_seen_once, report["requirements"]))
    return told + (say(" ({once} of them seen once, not again)", once=once) if once else "")


def _others(counts: Mapping[str, int]) -> list[str]:
    """What the other rules did; a verdict that no rule has is left out."""
    passed, rules, differ, broke, untried = (
        figure(counts[word]) for word in ("passed", "rules", "differs", "error", "not_exercised")
    )
    text = say(
        "{passed} of {rules} pass" if passed != "1" else "{passed} of {rules} passes", passed=passed, rules=rules
    )
    others = [
        say("{count} differ without a fault" if differ != "1" else "{count} differs without a fault", count=differ),
        say("{count} ended in an error", count=broke),
        say("{count} not exercised", count=untried),
    ]
    return [text, *(one for one, count in zip(others, (differ, broke, untried), strict=True) if count != "0")]


def is_seen_once(rule: Mapping[str, Any]) -> bool:
    """Whether it is a failure that was looked for again, and did not come."""
    return rule["verdict"] == "failed" and rule.get("reproduced") is False
