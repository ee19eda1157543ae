"""What the checks claim, and the exceptions that end a check.

Stopped              a check cannot go on
├── Violation        the target broke a documented must: verdict failed
├── SetUpFailed      a step on which the check stands was refused, which its rule is not about: verdict error
├── DriverError      the driver refused, or talks nonsense (driver.py): verdict error
├── NotExercised     the target or its driver lacks something: verdict not_exercised, with the reason
│   └── TimeOver     the run's time was over
└── NoAnswer         no answer came (cut off, timed out, not the platform's): verdict error
    ├── Dropped      a connection that was kept had ended: the check is tried once more
    └── Unreachable  there was not even a connection

Only a Violation is an Exception: Hypothesis looks for the shortest history of it. The others pass through Hypothesis,
and through every `except Exception`, at once; to repeat them would cost a time-out each.
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from unittest import SkipTest

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.trace import Step

__all__ = [
    "Dropped",
    "Ledger",
    "NoAnswer",
    "NotExercised",
    "SetUpFailed",
    "Stopped",
    "TimeOver",
    "Unreachable",
    "Violation",
    "fails_a_target",
]


C = TypeVar("C", bound=tuple[str, bool, str])

_LONG = 1000
"""Signs of a message that are kept."""


class Stopped(BaseException):
    """A check cannot go on."""


class NotExercised(Stopped, SkipTest):
    """The rule cannot be tried on this target; the text says why.

    `lacks` are the words of what is missing (equipment.py), none where nothing would help. As a SkipTest it ends a run
    of Hypothesis at once: there is nothing to shrink.
    """

    def __init__(self, text: str, *lacks: str) -> None:
        self.lacks = lacks
        super().__init__(text)


class TimeOver(NotExercised):
    """The run's time (`--timeout`) was over."""


class SetUpFailed(Stopped):
    """A step on which the check stands did not succeed.

    The text says which, and what came instead.

    It is not the fault of the rule that the check is about, and whether the rule of the step is broken is for the
    checks of that rule to say.
    """


class NoAnswer(Stopped):
    """The target gave no answer.

    The text says to what, and what happened instead.
    """


class Dropped(NoAnswer):
    """A reused connection ended before a byte of the answer came.

    Nobody knows whether the request was carried out, so it is not sent again: a second bind would be refused with a
    code that breaks a rule. What stands on it begins again, on connections of its own.
    """


class Unreachable(NoAnswer):
    """Nobody listens at the target's address."""


class Violation(Stopped, Exception):
    """The target broke a documented must.

    `requirement` is its id, `message` what was found (masked), `evidence` whatever the check had in its hands,
    `steps` the history up to here, `replayed` whether Hypothesis has run it again by itself.
    """

    def __init__(self, requirement: str, message: str, evidence: dict[str, Any], steps: list[Step]) -> None:
        self.requirement = requirement
        self.message = _report_text(message)
        self.evidence = evidence
        self.steps = steps
        self.replayed = _within_hypothesis()
        super().__init__(f"{requirement}: {self.message}")


def _within_hypothesis() -> bool:
    hypothesis = sys.modules.get("hypothesis")
    return hypothesis is not None and bool(hypothesis.currently_in_test_context())


def _report_text(message: str) -> str:
    """The text as reports have it.

    Masked, and not as long as a target may make it.
    """
    masked = contracts.mask(message[: 2 * _LONG])  # first, as half a number is not recognised
    return masked[:_LONG] + " …" * (len(masked) > _LONG)


@cache
def _kind_of(requirement: str) -> type[Violation]:
    """A class for each rule.

    Hypothesis shrinks within one class, and so keeps to the rule that it found broken.
    """
    return type("Violation", (Violation,), {"__module__": __name__, "__doc__": f"{requirement} is broken."})


def _rule(requirement: str) -> contracts.Requirement:
    rules = contracts.every_rule()
    if requirement not in rules:
        raise contracts.UnknownName("requirement", requirement, rules)
    return rules[requirement]


def fails_a_target(requirement: str) -> bool:
    """Whether a target that breaks it fails: it is a must, and documented."""
    rule = _rule(requirement)
    return rule.level == "must" and rule.basis == "documented"


class Ledger:
    """The claims of one check, over all of its contexts.

    passed   requirement -> how often it was claimed and held
    differs  requirement -> what was found otherwise, each text once
    broken   requirement, a documented must -> how often it was seen broken; `violation` is the last of these
    seen     item of the contract (suites/coverage) -> the rule that was claimed of the exchange that shows it

    `examples` are the histories that a state machine has tried, the steps of all of them `steps`.
    """

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self.differs: dict[str, list[str]] = {}
        self.broken: Counter[str] = Counter()
        self.seen: dict[str, str] = {}
        self.violation: Violation | None = None
        self.examples = 0
        self.steps = 0

    def claim(self, requirement: str, ok: bool, message: str, evidence: dict[str, Any], steps: list[Step]) -> None:
        """Record a claim. Raises Violation where it is a broken documented must.

        Anything else broken `differs`.

        Raises UnknownName for a requirement that the contract does not have.
        """
        if ok:
            self.record_pass(requirement)
            return
        if fails_a_target(requirement):
            self.broken[requirement] += 1
            self.violation = _kind_of(requirement)(requirement, message, evidence, list(steps))
            raise self.violation
        self.record_difference(requirement, message)

    def record_pass(self, requirement: str) -> None:
        """Record a claim that holds. Raises as `claim` does."""
        if requirement not in self.passed:
            _rule(requirement)
        self.passed[requirement] += 1

    def record_all(self, claims: Iterable[C]) -> list[C]:
        """Record the claims that hold; those that do not. Raises as `claim` does."""
        passed, broken = self.passed, []
        for claim in claims:
            requirement, ok = claim[0], claim[1]
            if not ok:
                broken.append(claim)
            elif requirement in passed:
                passed[requirement] += 1
            else:
                self.record_pass(requirement)
        return broken

    def record_difference(self, requirement: str, message: str) -> None:
        """Record that the target does it otherwise, which fails nobody."""
        texts = self.differs.setdefault(requirement, [])
        text = _report_text(message)
        if text not in texts and len(texts) < 5:
            texts.append(text)

    @property
    def claimed(self) -> set[str]:
        """Requirements of which something was claimed."""
        found = {*self.passed, *self.differs}
        return found | {self.violation.requirement} if self.violation else found
