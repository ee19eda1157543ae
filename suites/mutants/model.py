"""A seeded bug: what it gets wrong, which rule it breaks, and how it is put into the server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

__all__ = ["Mutant", "Seed"]

Seed = Callable[[], AbstractContextManager[object]]
"""Puts the bug into the server of this process for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One plausible mistake.

    Attributes:
        id: its name, mode first.
        breaks: the requirement that must notice it.
        story: the mistake, in one sentence, as its author would tell it.
        seed: makes the mistake.
        mode: whose checks are run.

    """

    id: str
    breaks: str
    story: str
    seed: Seed
    mode: str = "AXB"
