"""The words of the AXB oracle.

Bindings of two users, what a request must bring.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from privnum.suites.oracle.types import Binding, Expected, Surroundings

__all__ = ["AxbBinding", "AxbExpected", "AxbSurroundings"]


@dataclass(slots=True)
class AxbSurroundings(Surroundings):
    """What the bindings depend on."""

    pairs_per_x: int = 5000

    @property
    def capacity(self) -> int:
        """See Surroundings."""
        return self.pairs_per_x


@dataclass(slots=True)
class AxbBinding(Binding):
    """A live A-X-B."""

    a: str
    b: str
    _: KW_ONLY
    changed_at: int
    carried: frozenset[str] = frozenset()
    """What the last modify carried."""
    stale_times: frozenset[int] = frozenset()
    """Times that subscribeTime may show beside `changed_at`: a modify that changed nothing is no clear modify."""

    @property
    def users(self) -> frozenset[str]:
        """A and B."""
        return frozenset((self.a, self.b))

    @property
    def keys(self) -> frozenset[str]:
        """See Binding."""
        return self.users

    @property
    def direction(self) -> int:
        """Direction in force: 0 both, 1 A calls, 2 B calls."""
        return int(str(self.fields.get("callDirection", 0)))

    @property
    def limit_minutes(self) -> int:
        """The limit (maxDuration) in force; 0 is no limit."""
        return int(str(self.fields.get("maxDuration", 0)))

    def partner(self, user: str) -> str:
        """The other side of `user`."""
        return self.b if user == self.a else self.a


@dataclass(frozen=True, slots=True)
class AxbExpected(Expected):
    """What one AXB request must bring."""

    bindings: tuple[AxbBinding, ...] = ()
    """What a query shows, or an unbind dissolves."""
