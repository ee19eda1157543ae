"""What a log shows of each rule, written as events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.suites.base.claims import fails_a_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.suites.runner.events import Journal

__all__ = ["MOST_SHOWN", "Breach", "Findings"]

MOST_SHOWN: Final = 20
"""Breaches of one rule that a report shows; the count says how many there are."""
_LONGEST: Final = 600
"""Characters of a message that are kept."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One place that breaks a rule: the numbers of the entries, what is there."""

    lines: tuple[int, ...]
    message: str


@dataclass
class Findings:
    """The claims made about a log.

    `unit` is what the number of an entry counts. Texts are masked.
    """

    unit: str = "line"
    passed: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[Breach]] = field(default_factory=dict)
    split: dict[str, list[str]] = field(default_factory=dict)
    """Servers of each application whose requests went to more than one."""
    _known: set[tuple[str, Breach]] = field(default_factory=set)

    def claim(self, rule: str, ok: bool, message: str, *lines: int) -> None:
        """Claim a rule of entries. Raises UnknownName for one that there is not."""
        if ok:
            self.passed[rule] += 1
            return
        if rule not in contracts.requirements():
            raise contracts.UnknownName("requirement", rule, contracts.requirements())
        breach = Breach(tuple(dict.fromkeys(lines)), contracts.mask(message)[:_LONGEST])
        if (rule, breach) not in self._known:
            self._known.add((rule, breach))
            self.broken.setdefault(rule, []).append(breach)

    def claim_all(self, claims: Iterable[tuple[str, bool, str]], *lines: int) -> None:
        """Claim each."""
        for rule, ok, message in claims:
            self.claim(rule, ok, message, *lines)

    def keep_only(self, rules: Sequence[str]) -> None:
        """Keep what is about these rules; of none: all."""
        if rules:
            self.passed = Counter({rule: count for rule, count in self.passed.items() if rule in rules})
            self.broken = {rule: found for rule, found in self.broken.items() if rule in rules}

    @property
    def shown_lines(self) -> set[int]:
        """The entries that a report shows."""
        return {line for found in self.failed.values() for breach in found[:MOST_SHOWN] for line in breach.lines}

    @property
    def failed(self) -> dict[str, list[Breach]]:
        """The breaches of documented musts, by rule, in the order of the contract."""
        return self._breaches(fails=True)

    @property
    def differs(self) -> dict[str, list[Breach]]:
        """What is otherwise than in rules that fail nobody."""
        return self._breaches(fails=False)

    def _breaches(self, *, fails: bool) -> dict[str, list[Breach]]:
        order = {id_: place for place, id_ in enumerate(contracts.requirements())}
        return {
            rule: self.broken[rule]
            for rule in sorted(self.broken, key=order.__getitem__)
            if fails_a_target(rule) == fails
        }

    def place(self, lines: Iterable[int]) -> str:
        """Where something stands: "line 3", "lines 3, 7"."""
        numbers = list(lines)
        words = {"line": "lines", "entry": "entries"}
        return f"{self.unit if len(numbers) == 1 else words[self.unit]} {', '.join(map(str, numbers))}"

    def write(self, journal: Journal, steps: Mapping[int, str]) -> None:
        """Write an event stream of a check for each rule.

        `steps` says in a line what each entry is.
        """
        for rule in [id_ for id_ in contracts.requirements() if id_ in self.passed or id_ in self.broken]:
            self._write_rule(journal, rule, steps)

    def _write_rule(self, journal: Journal, rule: str, steps: Mapping[int, str]) -> None:
        check, breaches = f"log.{rule}", self.broken.get(rule, [])
        outcome = "passed" if not breaches else "failed" if fails_a_target(rule) else "differs"
        journal.check_started(check, [rule])
        held = self.passed[rule]
        text = f"held {held} time{'s' * (held != 1)}" if not breaches else self._text(breaches)
        journal.write("claim", check=check, requirement=rule, outcome=outcome, message=text)
        journal.check_finished(
            check,
            outcome,
            reason=None,
            reproduced=None,
            counterexample=self._evidence(breaches, steps) if outcome == "failed" else None,
            seconds=0.0,
        )

    def _text(self, breaches: list[Breach]) -> str:
        first = f"{self.place(breaches[0].lines)}: {breaches[0].message}"
        more = len(breaches) - 1
        return f"{first} (and {more} more)" if more else first

    def _evidence(self, breaches: list[Breach], steps: Mapping[int, str]) -> dict[str, Any]:
        shown: list[str] = []
        for breach in breaches[:MOST_SHOWN]:
            shown += [f"{self.place([line])}: {steps.get(line, '')}" for line in breach.lines]
            shown.append(f"found: {breach.message}")
        return {"steps": shown}
