"""A seeded bug: what it gets wrong, which rule it breaks, and how it is put into the server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from privnum import contracts

if TYPE_CHECKING:
    from privnum.contracts import Requirement

__all__ = ["Mutant", "Patch", "Seed"]

Patch = AbstractContextManager[object]
"""Has the bug in the server of this process for as long as it is entered."""

Seed = Callable[[], Patch]
"""Makes the bug."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One plausible mistake.

    Attributes:
        id: its name, mode first.
        breaks: the requirement that must notice it.
        story: the mistake, in one sentence, as its author would tell it.
        seed: makes the mistake.
        mode: whose checks are run.
        made: by hand, or from a row of one of the server's tables.

    """

    id: str
    breaks: str
    description: str
    seed: Seed
    mode: str = "AXB"
    made: Literal["hand", "table"] = "hand"

    @property
    def rule(self) -> Requirement:
        """The requirement that it breaks."""
        return contracts.requirements()[self.breaks]

    @property
    def must_die(self) -> bool:
        """Whether a source names the rule: if nobody notices, the suites have a hole."""
        return self.rule.basis == "documented"
