"""AXB: the pairs of an X, and who stands in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.modes import Held
from privnum.mockserver.modes.bindings import DirectedBinding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Params

__all__ = ["Pair", "Pairs", "pair_of"]


class Pair(DirectedBinding):
    """A and B on an X."""

    __slots__ = ("b",)

    def __init__(self, subscription_id: str, x: XNumber, a: str, b: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.b = b

    def users(self) -> tuple[str, ...]:
        """Return A and B."""
        return self.a, self.b

    def set_fields(self, params: Params) -> None:
        """Write what a bind or modify carries into the pair, its lifetime too.

        AXB-LIFE-001.
        """
        super().set_fields(params)
        if (seconds := params.get("duration")) is not None:
            self.duration = int(seconds)

    def enter(self) -> None:
        """Enter a pair whose users stand nowhere else on its X."""
        held = self.x.held
        if not isinstance(held, Pairs):
            held = self.x.held = Pairs()
        held.by_id[self.subscription_id] = self
        held.by_user[self.a] = held.by_user[self.b] = self

    def leave(self) -> None:
        """Free the users (AXB-UNBIND-007)."""
        held = self.x.held
        if isinstance(held, Pairs):
            del held.by_id[self.subscription_id]
            held.by_user.pop(self.a, None)
            held.by_user.pop(self.b, None)
            if not held.by_id:
                self.x.held = None

    def rename(self, a: str, b: str) -> None:
        """Put other users into the pair and free the former ones.

        AXB-MODIFY-003, AXB-MODIFY-101.
        """
        held = self.x.held
        if isinstance(held, Pairs):
            held.by_user.pop(self.a, None)
            held.by_user.pop(self.b, None)
            held.by_user[a] = held.by_user[b] = self
        self.a, self.b = a, b


class Pairs(Held):
    """The pairs of one X.

    By subscriptionId in the order in which they were bound, and by the numbers of both users.
    """

    __slots__ = ("by_id", "by_user")

    def __init__(self) -> None:
        self.by_id: dict[str, Pair] = {}
        self.by_user: dict[str, Pair] = {}

    def __len__(self) -> int:
        return len(self.by_id)


def pair_of(x: XNumber, user: str) -> Pair | None:
    """Return the pair on an X in which `user` stands, in either role.

    AXB-BIND-102.
    """
    held = x.held
    return held.by_user.get(user) if isinstance(held, Pairs) else None
