"""The words of the AXE oracle.

Bindings with their times, call-back records, what a request must bring.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

from privnum.suites.oracle.types import Binding, Expected, Surroundings

__all__ = ["FOREVER", "AxeBinding", "AxeExpected", "AxeSurroundings", "Record", "Shown", "Span"]

FOREVER = 1 << 40
"""Later than any second of a test."""
UNIT_SECONDS = {"0": 3600, "1": 60}


Shown = tuple[int | None, str | None]
"""bindExpiredTime and timeUnit in a query answer."""


class Span(NamedTuple):
    """A time as it was given: an amount of hours (unit "0") or minutes ("1").

    An amount of 0 is no end.
    """

    amount: int
    unit: str

    @property
    def seconds(self) -> int:
        """The time in seconds."""
        return self.amount * UNIT_SECONDS[self.unit]


@dataclass(slots=True)
class AxeSurroundings(Surroundings):
    """What the bindings depend on, with the application's AXE settings."""

    digits: int = 4
    repeats: int = 0
    no_record: dict[str, str] | None = None

    @property
    def capacity(self) -> int:
        """See Surroundings: an X has 9, 99, 999 or 9999 extensions."""
        return int("9" * self.digits)


@dataclass(slots=True)
class Record:
    """Whom A reaches by calling X.

    It surely lives before `sure_until`, and surely not after `gone_from`.
    """

    callers: frozenset[str]
    """The latest caller; several where they came in one second."""
    written_at: int
    sure_until: int
    gone_from: int


@dataclass(slots=True)
class AxeBinding(Binding):
    """A live A-X-E."""

    a: str
    extension: str
    _: KW_ONLY
    bound_at: int
    life: Span
    bind_unit: str | None
    """timeUnit of the bind, if it was carried."""
    bind_time: int | None
    """bindExpiredTime of the bind, if it was carried."""
    callback: Span | None
    """callbackExpiredTime in force, if it was ever carried."""
    record: Record | None = None
    carried: frozenset[str] = frozenset()
    """What modifies carried so far."""
    last: frozenset[str] = field(default_factory=frozenset)
    """What the last modify carried."""
    tone_alone: bool = False
    """Whether callbackTone was carried by a modify, and no callbackNum since."""
    shown_now: set[Shown] = field(default_factory=set)
    """What a query that shows the times in force may show as bindExpiredTime and timeUnit."""
    shown_where_carried: set[Shown] = field(default_factory=set)
    """What one may show that keeps to those of the bind where it carried what a modify carries."""

    @property
    def unit(self) -> str:
        """The unit of the bind: hours unless it was carried."""
        return self.bind_unit or "0"

    @property
    def shown_at_bind(self) -> Shown:
        """What the bind carried as bindExpiredTime and timeUnit."""
        return self.bind_time, self.bind_unit

    @property
    def keys(self) -> frozenset[str]:
        """See Binding."""
        return frozenset((self.a, self.extension))


@dataclass(frozen=True, slots=True)
class AxeExpected(Expected):
    """What one AXE request must bring."""

    binding: AxeBinding | None = None
    """The binding that a query shows, an unbind dissolves, a modify changes."""
    extension: str | None = None
    """The extension that a bind must give; None: the platform picks one."""
