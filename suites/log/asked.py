"""What was expected of a recorded request in every choice, and what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.base.claims import fails_a_target

if TYPE_CHECKING:
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.oracle.types import Expected, Fault

__all__ = ["Asked"]


@dataclass(slots=True)
class Asked:
    """A request, what was expected of it in every choice, and what came."""

    exchange: Exchange
    name: str
    worlds: list[Any] | None

    @property
    def refused_by_all(self) -> Fault | None:
        """The surest reason to refuse it, where every choice has one."""
        if not self.worlds or not all(world.faults for world in self.worlds):
            return None
        common = set.intersection(*({fault.requirement for fault in world.faults} for world in self.worlds))
        faults = [fault for fault in self.worlds[0].faults if fault.requirement in common]
        faults.sort(key=lambda fault: not fails_a_target(fault.requirement))
        return faults[0] if faults else None

    @property
    def allowed_by_all(self) -> Expected | None:
        """What is expected, where no choice refuses it."""
        if not self.worlds or any(world.faults for world in self.worlds):
            return None
        found: Expected = self.worlds[0]
        return found

    @property
    def keys(self) -> set[str]:
        """The codes of all reasons to refuse it."""
        return {key for world in self.worlds or () for each in world.faults for key in each.keys}
