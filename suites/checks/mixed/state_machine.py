"""Any history of a world in which the same users are bound in several modes."""

from __future__ import annotations

from privnum.suites.checks.axb.state_machine import AxbRules
from privnum.suites.checks.axe.state_machine import AxeRules

__all__ = ["MIXED_MODES", "MixedMachine"]

MIXED_MODES = ("AXB", "AXE")


class MixedMachine(AxbRules, AxeRules):
    """A world with an application of each mode: each is out of bounds for the others, and the users are the same."""
