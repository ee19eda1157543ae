"""Any history of a world with the same users in several modes."""

from __future__ import annotations

from hypothesis.stateful import invariant

from privnum.suites.checks.axb.state_machine import AxbRules
from privnum.suites.checks.axe.state_machine import AxeRules

__all__ = ["MIXED_MODES", "MixedMachine"]

MIXED_MODES = ("AXB", "AXE")


class MixedMachine(AxbRules, AxeRules):
    """A world with an application of each mode.

    Each is out of bounds for the others, and the users are the same.
    """

    @invariant()
    def shows_nothing_of_other_modes(self) -> None:
        """A query by the id of a binding of another mode, in turn, finds nothing."""
        ours, theirs = self.neighbours[self.steps % len(self.neighbours)]
        subs = [*theirs.oracle.bindings]
        if subs and self.goes_on:
            done = ours.last_rule
            ours.ask("query", subs[self.steps // len(self.neighbours) % len(subs)])
            ours.last_rule = done
