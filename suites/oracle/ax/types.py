"""The words of the AX oracle.

An A on his X, the temporary callee, what a request must bring.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from privnum.suites.oracle.types import Binding, Expected, Surroundings

__all__ = ["AxBinding", "AxExpected", "AxSurroundings", "TemporaryCallee"]


@dataclass(slots=True)
class AxSurroundings(Surroundings):
    """What is there beside the bindings."""

    x_per_a: int = 5

    @property
    def capacity(self) -> int:
        """See Surroundings: an X has one A."""
        return 1


@dataclass(slots=True)
class TemporaryCallee:
    """Whom A reaches by his next call to X, until a second."""

    number: str
    ends_at: int
    requirement: str
    """The rule by which A reaches him."""
    lifetime: str
    """The rule by which he is gone afterwards."""
    user_data: str = ""
    is_open: bool = False
    """Whether something happened after which he may hold or not."""


@dataclass(slots=True)
class AxBinding(Binding):
    """A live A-X."""

    a: str
    _: KW_ONLY
    bound_at: int
    callee: TemporaryCallee | None = None
    without_callee: str = "AX-CALL-103"
    """The rule by which A reaches nobody while there is no callee."""
    carried: frozenset[str] = frozenset()
    """What the last modify carried."""

    @property
    def keys(self) -> frozenset[str]:
        """See Binding: the whole X is taken."""
        return frozenset((self.x,))

    @property
    def direction(self) -> int:
        """Direction in force: 0 all call, 1 A alone, 2 the others alone."""
        return int(str(self.fields.get("callDirection", 0)))

    @property
    def limit_minutes(self) -> int:
        """The limit (maxDuration) in force; 0 is no limit."""
        return int(str(self.fields.get("maxDuration", 0)))


@dataclass(frozen=True, slots=True)
class AxExpected(Expected):
    """What one AX request must bring."""

    bindings: tuple[AxBinding, ...] = ()
    """What a query shows, an unbind dissolves, a modify changes, or whose callee is set."""
