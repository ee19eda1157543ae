"""The words of the AXYB oracle.

An A on X with the Y of each B, and what a request must bring.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

from privnum.suites.oracle.types import Binding, Expected, Surroundings

__all__ = ["AxybBinding", "AxybExpected", "AxybSurroundings", "Relation"]


@dataclass(slots=True)
class AxybSurroundings(Surroundings):
    """What is there beside the bindings."""

    x_per_a: int = 5
    bindings_per_y: int = 1000

    @property
    def capacity(self) -> int:
        """See Surroundings: an X has one A."""
        return 1


@dataclass(slots=True)
class Relation:
    """The Y of one B in a binding."""

    y: str
    b: str
    _: KW_ONLY
    subscription_id: str
    """The id by which pushes name it."""
    bound_at: int
    ends_at: int | None
    """None: when the binding ends."""
    lifetime: str
    """The rule by which it ends before the binding."""
    fields: dict[str, object] = field(default_factory=dict)
    """What was set at the bind of B; empty for a Y that a caller was given."""
    ended_by: str = ""
    """The rule by which it went, once it is gone."""


@dataclass(slots=True)
class AxybBinding(Binding):
    """A live A-X, with the Y of those who are bound to it."""

    a: str
    _: KW_ONLY
    bound_at: int
    relations: list[Relation] = field(default_factory=list)
    """In the order in which they came."""

    @property
    def keys(self) -> frozenset[str]:
        """See Binding: the whole X is taken."""
        return frozenset((self.x,))

    @property
    def direction(self) -> int:
        """Direction in force: 0 both, 1 A alone calls, 2 the others alone."""
        return int(str(self.fields.get("callDirection", 0)))

    def of_user(self, b: str) -> Relation | None:
        """The relation of that B."""
        return next((each for each in self.relations if each.b == b), None)

    def of_number(self, y: str) -> Relation | None:
        """The relation of that Y, which is in a binding once."""
        return next((each for each in self.relations if each.y == y), None)

    def yb_seconds(self, fields: dict[str, object]) -> int:
        """How long a Y lives that is bound with `fields`.

        0: as long as the binding.
        """
        carried = fields.get("ybDuration", self.fields.get("ybDuration", 0))
        return int(str(carried))


@dataclass(frozen=True, slots=True)
class AxybExpected(Expected):
    """What one AXYB request must bring."""

    binding: AxybBinding | None = None
    """To whom a B is bound, what a query shows, what an unbind dissolves or changes."""
    relations: tuple[Relation, ...] | None = None
    """Those that an unbind dissolves, or a query shows; None: the whole binding."""
    again: Relation | None = None
    """The relation that a second bind of its B changes."""
