"""AXYB: the bindings of A on an X, and the Y of each B.

What each private number carries is counted here, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.assumptions import end_of
from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.core.modes import Held

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["AXBinding", "Relation", "Roles", "numbers_in_use", "roles_of"]


class AXBinding(Binding):
    """A and his X, with the Y of each B. What was never set is None.

    `set_duration` is the duration that the bind carried, `yb_duration` its ybDuration, which counts for each B whose
    own bind carries none. `relations` are by Y in the order in which they were bound, `by_b` by the numbers of B.
    """

    __slots__ = ("by_b", "direction", "relations", "set_duration", "tone_x", "yb_duration")

    def __init__(self, subscription_id: str, x: XNumber, a: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.direction: int | None = None
        self.set_duration: int | None = None
        self.yb_duration: int | None = None
        self.tone_x: str | None = None
        self.relations: dict[str, Relation] = {}
        self.by_b: dict[str, Relation] = {}

    def enter(self) -> None:
        """Take the X, which is no other A's (AXYB-BIND-031)."""
        _roles_for(self.x).binding = self
        in_use = _in_use_for(self.x.app)
        in_use.of_a[self.a] = in_use.of_a.get(self.a, 0) + 1
        self.x.app.take(self.x)

    def leave(self) -> None:
        """Free the X; the world ends the relations by themselves (AXYB-LIFE-104)."""
        roles = roles_of(self.x)
        if roles is not None:
            roles.binding = None
            _drop_if_empty(self.x, roles)
        of_a = _in_use_for(self.x.app).of_a
        self.x.app.give_back(self.x)
        left = of_a[self.a] - 1
        if left:
            of_a[self.a] = left
        else:
            del of_a[self.a]


class Relation(Binding):
    """B and his Y within a binding of A; `x` is the Y.

    What its own bind did not set is None.

    Its `subscription_id` is its own; requests and pushes name it by that of A's binding, unless the world has chosen
    otherwise (axyb.second_subscription_id).
    """

    __slots__ = ("ax", "b", "tone_y", "yb_duration")

    def __init__(self, own_id: str, y: XNumber, ax: AXBinding, b: str, now_ms: int) -> None:
        super().__init__(own_id, y, ax.a, now_ms)
        self.ax = ax
        self.b = b
        self.yb_duration: int | None = None
        self.tone_y: str | None = None

    def users(self) -> tuple[str, ...]:
        """Return A and B."""
        return self.a, self.b

    def numbers(self) -> tuple[str, ...]:
        """Return Y and X."""
        return self.x.number, self.ax.x.number

    def ids(self) -> tuple[str, ...]:
        """Return its own id, and that of A's binding."""
        return self.subscription_id, self.ax.subscription_id

    def shown_id(self, assumptions: Assumptions) -> str:
        """Return the subscriptionId by which the customer knows it.

        AXYB-OPEN-008.
        """
        own = assumptions["axyb.second_subscription_id"] == "own"
        return self.subscription_id if own else self.ax.subscription_id

    def lifetime(self) -> int | None:
        """Return ybDuration in force: that of B's bind, else that of A's.

        AXYB-LIFE-103.
        """
        return self.ax.yb_duration if self.yb_duration is None else self.yb_duration

    def end_ms(self, assumptions: Assumptions) -> int:
        """Return when it ends.

        By its ybDuration, and with the binding at the latest (AXYB-LIFE-102, AXYB-LIFE-104).
        """
        lasts = self.lifetime()
        own = end_of(assumptions, self.subscribed_ms, lasts) if lasts else 0
        whole = self.ax.expires_ms
        return min(own, whole) if own and whole else own or whole

    def enter(self) -> None:
        """Take the place of this A, and of this B, on the Y."""
        self.ax.relations[self.x.number] = self.ax.by_b[self.b] = self
        _roles_for(self.x).add(self)
        _in_use_for(self.x.app).as_y.setdefault(self.x.number, self.x)

    def leave(self) -> None:
        """Free the place on the Y (AXYB-UNBIND-101)."""
        self.ax.relations.pop(self.x.number, None)
        self.ax.by_b.pop(self.b, None)
        roles = roles_of(self.x)
        if roles is not None:
            roles.remove(self)
            if not roles.relations:
                _in_use_for(self.x.app).as_y.pop(self.x.number, None)
            _drop_if_empty(self.x, roles)


class Roles(Held):
    """What one private number is: the X of a binding, and the Y of relations.

    Attributes:
        binding: the binding of A whose X it is.
        by_a: the relations whose Y it is, by the A who sees it; several where he has several X
            (axyb.y_for_other_x_of_a), in the order in which they were bound.
        b: how often each B has it.
        relations: how many relations there are.
    """

    __slots__ = ("b", "binding", "by_a", "relations")

    def __init__(self) -> None:
        self.binding: AXBinding | None = None
        self.by_a: dict[str, list[Relation]] = {}
        self.b: dict[str, int] = {}
        self.relations = 0

    def __len__(self) -> int:
        return self.relations + (self.binding is not None)

    def add(self, relation: Relation) -> None:
        """Enter a relation."""
        self.by_a.setdefault(relation.a, []).append(relation)
        self.b[relation.b] = self.b.get(relation.b, 0) + 1
        self.relations += 1

    def remove(self, relation: Relation) -> None:
        """Strike a relation out."""
        of_a = self.by_a[relation.a]
        of_a.remove(relation)
        if not of_a:
            del self.by_a[relation.a]
        self.b[relation.b] -= 1
        if not self.b[relation.b]:
            del self.b[relation.b]
        self.relations -= 1


class NumbersInUse(Held):
    """What an application's bindings take of its numbers.

    How many X each A has, and which numbers are a Y.
    """

    __slots__ = ("as_y", "of_a")

    def __init__(self) -> None:
        self.of_a: dict[str, int] = {}
        self.as_y: dict[str, XNumber] = {}

    def __len__(self) -> int:
        return sum(self.of_a.values())


def roles_of(number: XNumber) -> Roles | None:
    """Return what a private number is, None where it is bound to nobody."""
    held = number.held  # mostly None, which isinstance would be slow to find out: Held is an ABC
    return held if held is not None and isinstance(held, Roles) else None


def _roles_for(number: XNumber) -> Roles:
    """Return what a private number is, to enter something."""
    roles = roles_of(number)
    if roles is None:
        roles = number.held = Roles()
    return roles


def numbers_in_use(app: Application) -> NumbersInUse | None:
    """Return how an application's numbers are used; None before any bind.

    Return what an application's bindings take of its numbers, None before the first bind.
    """
    held = app.held
    return held if held is not None and isinstance(held, NumbersInUse) else None


def _in_use_for(app: Application) -> NumbersInUse:
    """Return the same, to enter something."""
    in_use = numbers_in_use(app)
    if in_use is None:
        in_use = app.held = NumbersInUse()
    return in_use


def _drop_if_empty(number: XNumber, roles: Roles) -> None:
    if roles.binding is None and not roles.relations:
        number.held = None
