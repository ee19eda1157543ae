"""What a target has for a run: modes, applications, equipment.

And why a check cannot run on it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.target.capabilities import equipment, lack_of
from privnum.suites.target.modes import BINDING_MODES, MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.runner.assumptions import Findings
    from privnum.suites.runner.definitions import Check
    from privnum.suites.safety.limits import Guard
    from privnum.suites.target.config import App, Target

__all__ = ["CHECKED", "CONCURRENCY", "NOT_ASKED", "Inventory"]

CHECKED = tuple(MODES)
"""Modes that there are checks for."""
CONCURRENCY = "concurrency"
NOT_ASKED = "it sends many requests at once; ask for it with --concurrency"


class Inventory(ABC):
    """What a session knows of its target.

    A session fills it in when it connects.
    """

    target: Target
    guard: Guard
    disruptive: bool
    capabilities: frozenset[str]
    findings: Findings

    def __init__(self) -> None:
        self._apps: tuple[App, ...] = ()
        self._words: dict[str, dict[str, str | None]] = {}
        self._available: frozenset[str] | None = None
        self.concurrency = False
        """Whether many requests at once are asked for."""

    @property
    @abstractmethod
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The choice at every assumption."""

    @property
    def plain_mode(self) -> str:
        """The mode on which rules of all modes are tried.

        AXB, if it is checked and there is an application of it. One in which nothing is bound comes last.
        """
        there = {app.mode for app in self._apps}
        checked = [mode for mode in CHECKED if mode in (self.target.modes or CHECKED)]
        checked.sort(key=lambda mode: mode not in BINDING_MODES)
        return next((mode for mode in checked if mode in there), checked[0] if checked else CHECKED[0])

    @property
    def scope(self) -> tuple[str, ...]:
        """The modes to check.

        Those that target.toml names, else those of the applications.
        """
        there = {app.mode for app in self._apps}
        return self.target.modes or tuple(mode for mode in CHECKED if mode in there)

    @property
    def apps(self) -> tuple[App, ...]:
        """The applications that checks get."""
        return self._apps

    @property
    def words(self) -> dict[str, str | None]:
        """Every word of equipment, with the reason where it is missing.

        Applications are those of the plain mode.
        """
        return self.words_of(self.plain_mode)

    def words_of(self, mode: str) -> dict[str, str | None]:
        """The words, with those of applications for the applications of `mode`."""
        assumptions = self.assumptions
        if mode not in self._words:
            known = self.findings.known
            words = equipment(self.target, self.capabilities, self._apps, known, assumptions, mode)
            self._words[mode] = words | {CONCURRENCY: None if self.concurrency else NOT_ASKED}
        return self._words[mode]

    @property
    def available(self) -> frozenset[str]:
        """Words of equipment that are there."""
        words = self.words
        if self._available is None:
            self._available = frozenset(word for word, reason in words.items() if reason is None)
        return self._available

    def forget(self) -> None:
        """The words are to be worked out anew: the target is known better."""
        self._words = {}
        self._available = None

    def missing(self, check: Check) -> str | None:
        """Why the check cannot run; None if it can.

        Raises UnknownName for a need that nobody knows.
        """
        if check.disruptive and not (self.target.loopback or self.disruptive):
            return "it may lock out, exhaust or flood the target; ask for it with --disruptive"
        used_up = self.guard.used_up(calls="calls" in check.needs)
        if used_up is not None:
            return used_up
        without = self._without(check)
        if without is not None:
            return f"there is no {without} application"
        words = self.words_of(next(iter(check.modes - {"common"}), self.plain_mode)) if check.needs else {}
        for need in check.needs:
            if need not in words:
                raise contracts.UnknownName("need", need, words)
            if words[need] is not None and not _waits(check, need):
                return words[need]
        return None

    def _without(self, check: Check) -> str | None:
        """The mode that the check is about, where no application is of it."""
        modes = check.modes - {"common"}
        there = {app.mode for app in self._apps}
        return None if not modes or modes & there else min(modes)

    def lacking(self, check: Check) -> tuple[str, ...]:
        """Every word of what the check needs and is not there.

        "disruptive" where it must be asked for.
        """
        words = self.words_of(next(iter(check.modes - {"common"}), self.plain_mode))
        known = self.findings.known
        lacks = [lack_of(need, known) for need in check.needs if words.get(need) and not _waits(check, need)]
        asked = not check.disruptive or self.target.loopback or self.disruptive
        lacks[:0] = ["application"] * (self._without(check) is not None)
        return (*lacks, *(() if asked else ("disruptive",)))


def _waits(check: Check, need: str) -> bool:
    """Whether real time will do for that need."""
    return check.waits and need == "clock"
