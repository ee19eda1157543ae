"""The words of the AXE oracle: bindings with their times, call-back records, what a request must bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from privnum.suites.oracle.types import Expected, Surroundings

__all__ = ["FOREVER", "AxeBinding", "AxeExpected", "AxeSurroundings", "Record", "Span"]

FOREVER = 1 << 40
"""Later than any second of a test."""
UNIT_SECONDS = {"0": 3600, "1": 60}


class Span(NamedTuple):
    """A time as it was given: an amount of hours (unit "0") or minutes ("1"); an amount of 0 is no end."""

    amount: int
    unit: str

    @property
    def seconds(self) -> int:
        """The time in seconds."""
        return self.amount * UNIT_SECONDS[self.unit]


@dataclass(slots=True)
class AxeSurroundings(Surroundings):
    """What there is beside the bindings, with the application's AXE settings."""

    digits: int = 4
    repeats: int = 0
    no_record: dict[str, str] | None = None

    @property
    def capacity(self) -> int:
        """How many extensions an X has: 9, 99, 999 or 9999."""
        return int("9" * self.digits)


@dataclass(slots=True)
class Record:
    """Whom A reaches by calling X. It surely lives before `sure_until`, and surely not after `gone_from`."""

    callers: frozenset[str]
    """The latest caller; several where they came in one second."""
    written_at: int
    sure_until: int
    gone_from: int


@dataclass(slots=True)
class AxeBinding:
    """A live A-X-E. Times of the clock are whole seconds since the epoch; `fields` holds only what was set."""

    subscription_id: str
    x: str
    a: str
    extension: str
    bound_at: int
    expires_at: int | None
    life: Span
    unit: str
    """timeUnit of the bind; hours unless it was carried."""
    bind_life: Span | None
    """bindExpiredTime of the bind, if it was carried."""
    callback: Span | None
    """callbackExpiredTime in force, if it was ever carried."""
    fields: dict[str, object]
    lifetime: str = "AXE-LIFE-001"
    """Requirement that rules its end."""
    record: Record | None = None
    carried: frozenset[str] = frozenset()
    """What modifies carried so far."""
    last: frozenset[str] = field(default_factory=frozenset)
    """What the last modify carried."""
    tone_alone: bool = False
    """Whether callbackTone was carried by a modify, and no callbackNum since."""

    def text(self, name: str) -> str:
        """A text setting in force; empty where it was not set, or cleared."""
        return str(self.fields.get(name) or "")


@dataclass(frozen=True, slots=True)
class AxeExpected(Expected):
    """What one AXE request must bring."""

    binding: AxeBinding | None = None
    """The binding that a query shows, an unbind dissolves, a modify changes."""
    extension: str | None = None
    """The extension that a bind must give; None: the platform picks one."""
