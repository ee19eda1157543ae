"""What one check found of each rule, as lines of the event stream."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.claims import fails_a_target
from privnum.suites.base.printing import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.commands.check_receiver.sending import Sent
    from privnum.suites.runner.events import Journal

__all__ = ["Findings"]

_TOLD = 5
"""Texts of one rule that are told."""


class Findings:
    """The claims of one check.

    Unlike those about a platform a check goes on behind a broken rule: pushes do not stand on each other.
    """

    def __init__(self) -> None:
        self.held: Counter[str] = Counter()
        self.broken: dict[str, list[tuple[str, str]]] = {}
        """By rule, of which push something was found, and what."""
        self._steps: dict[str, list[str]] = {}

    def claim(self, rule: str, ok: bool, text: str, *sent: Sent) -> None:
        """Claim a rule.

        `text` says what was found where it does not hold, `sent` are the pushes that show it.
        """
        if ok:
            self.held[rule] += 1
            return
        name = sent[-1].message.name if sent else ""
        subject = name if text.startswith(name) else ""
        self.broken.setdefault(rule, []).append((subject, contracts.mask(text.removeprefix(subject))))
        if rule not in self._steps:
            steps = [contracts.mask(each.step) for each in sent]
            self._steps[rule] = [*steps, f"broken: {contracts.mask(text)}"]

    def write(self, journal: Journal, check: str) -> tuple[str, dict[str, Any] | None]:
        """Write the claims.

        Return the check's outcome, and what shows the first documented rule that is broken.
        """
        for rule, count in self.held.items():
            if rule not in self.broken:
                self._line(journal, check, rule, "passed", f"held {count} time{'s' * (count != 1)}")
        failed = [rule for rule in self.broken if fails_a_target(rule)]
        for rule, texts in self.broken.items():
            outcome = "failed" if rule in failed else "differs"
            self._line(journal, check, rule, outcome, _together(texts))
        return ("failed", {"steps": self._steps[failed[0]]}) if failed else ("passed", None)

    def _line(self, journal: Journal, check: str, rule: str, outcome: str, message: str) -> None:
        journal.write("claim", check=check, requirement=rule, outcome=outcome, message=message)


def _together(found: Sequence[tuple[str, str]]) -> str:
    """The first few findings in one text, and how many pushes show each."""
    same: dict[str, list[str]] = {}
    for subject, text in found:
        same.setdefault(text, []).append(subject)
    told = [f"{subjects[0]}{text}{_others(len(subjects) - 1)}" for text, subjects in same.items()]
    more = len(told) - _TOLD
    return " | ".join(told[:_TOLD]) + (f" | and {more} more" if more > 0 else "")


def _others(count: int) -> str:
    return f" (and so {plural(count, 'push', 'pushes')} more)" if count else ""
