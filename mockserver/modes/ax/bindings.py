"""AX: the binding of an X, its temporary callee, and which X an A has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.mockserver.core.modes import Held
from privnum.mockserver.modes.bindings import DirectedBinding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params

__all__ = ["AXBinding", "Callee", "Holders", "binding_on", "bindings_of"]


class Callee(NamedTuple):
    """Whom A reaches by his next call to X, and until when (AX-CALLEE-110)."""

    number: str
    until_ms: int
    user_data: str | None


class AXBinding(DirectedBinding, Held):
    """A on an X, which he has alone.

    So it is what the mode keeps of the X, too.

    `power` is turnFlag, "on" or "off"; `display` is calleeNumDisplay.
    """

    __slots__ = ("callee", "display", "power")

    def __init__(self, subscription_id: str, x: XNumber, a: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.callee: Callee | None = None
        self.display: int | None = None
        self.power: str | None = None

    def set_fields(self, params: Params) -> None:
        """Set what a bind or modify carries and only AX has (AX-MODIFY-006)."""
        super().set_fields(params)
        if (display := params.get("calleeNumDisplay")) is not None:
            self.display = int(display)
        if (power := params.get("turnFlag")) is not None:
            self.power = power

    def __len__(self) -> int:
        return 1

    def enter(self) -> None:
        """Take an X that carries no binding."""
        self.x.held = self
        self.x.app.take(self.x)
        Holders.of(self.x.app).add(self)

    def leave(self) -> None:
        """Free X and A (AX-UNBIND-007)."""
        self.x.held = None
        self.x.app.give_back(self.x)
        Holders.of(self.x.app).remove(self)

    def rename(self, a: str) -> None:
        """Give X to another A and free the former one (AX-MODIFY-003)."""
        holders = Holders.of(self.x.app)
        holders.remove(self)
        self.a = a
        holders.add(self)

    def reaches(self, now_ms: int) -> str | None:
        """Return the temporary callee, while his time is not over."""
        callee = self.callee_at(now_ms)
        return None if callee is None else callee.number

    def callee_at(self, now_ms: int) -> Callee | None:
        """Return the temporary callee, if one is set and his time is not over.

        A is never his own (AX-CALLEE-107).
        """
        callee = self.callee
        if callee is None or callee.until_ms <= now_ms or callee.number == self.a:
            return None
        return callee


class Holders(Held):
    """The bindings of an application by A, in the order of their binds.

    Most A have one X: a million of them shall not cost a million tuples.
    """

    __slots__ = ("_by_user",)

    def __init__(self) -> None:
        self._by_user: dict[str, AXBinding | tuple[AXBinding, ...]] = {}

    @classmethod
    def of(cls, app: Application) -> Holders:
        """Return those of an application; made when the first is wanted."""
        held = app.held
        if not isinstance(held, Holders):
            held = app.held = cls()
        return held

    def __len__(self) -> int:
        return sum(len(held) for held in self._by_user.values())

    def of_user(self, a: str) -> tuple[AXBinding, ...]:
        """Return the bindings of an A."""
        held = self._by_user.get(a)
        if held is None:
            return ()
        return held if isinstance(held, tuple) else (held,)

    def add(self, binding: AXBinding) -> None:
        """Enter a binding under its A."""
        held = self.of_user(binding.a)
        self._by_user[binding.a] = (*held, binding) if held else binding

    def remove(self, binding: AXBinding) -> None:
        """Strike a binding out."""
        left = tuple(one for one in self.of_user(binding.a) if one is not binding)
        if left:
            self._by_user[binding.a] = left if len(left) > 1 else left[0]
        else:
            del self._by_user[binding.a]


def binding_on(x: XNumber) -> AXBinding | None:
    """Return the binding that an X carries."""
    held = x.held
    return held if held is not None and isinstance(held, AXBinding) else None


def bindings_of(app: Application, a: str) -> tuple[AXBinding, ...]:
    """Return the bindings of an A in an application.

    AX-BIND-032, AX-QUERY-101.
    """
    held = app.held
    return held.of_user(a) if held is not None and isinstance(held, Holders) else ()
