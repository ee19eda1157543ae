"""Any history of one world with the same users in several modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis.stateful import invariant

from privnum.suites.checks.ax.state_machine import AxRules
from privnum.suites.checks.axb.state_machine import AxbRules
from privnum.suites.checks.axe.state_machine import AxeRules
from privnum.suites.checks.axyb.state_machine import AxybRules
from privnum.suites.checks.state_machine.machine import WorldMachine
from privnum.suites.checks.x.state_machine import XRules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MIXED_MODES", "MixedRules", "mixed_machine"]

MIXED_MODES: Final[Mapping[str, type[WorldMachine]]] = {
    "AXB": AxbRules,
    "AXE": AxeRules,
    "AX": AxRules,
    "AXYB": AxybRules,
    "X": XRules,
}
"""The rules of each mode that can be mixed with others."""


class MixedRules(WorldMachine):
    """What must hold in a world with an application of each mode.

    Each is out of bounds for the others.
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


def mixed_machine(modes: Iterable[str]) -> type[MixedRules]:
    """A machine with the rules of these modes.

    It has one world, and the same users in each mode.
    """
    return type("MixedMachine", (MixedRules, *(MIXED_MODES[mode] for mode in modes)), {})
