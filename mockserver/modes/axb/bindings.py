"""AXB: the pairs of an X, and who stands in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.core.modes import Held

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber

__all__ = ["Pair", "Pairs", "pair_of"]


class Pair(Binding):
    """A and B on an X (AXB). `max_duration` is in minutes."""

    __slots__ = (
        "b",
        "callee_tone",
        "caller_tone",
        "direction",
        "last_minute_tone",
        "max_duration",
        "private_sms",
    )

    def __init__(self, subscription_id: str, x: XNumber, a: str, b: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.b = b
        self.direction: int | None = None
        self.max_duration: int | None = None
        self.private_sms: bool | None = None
        self.last_minute_tone: str | None = None
        self.caller_tone: str | None = None
        self.callee_tone: str | None = None

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
        """Put other users into the pair and free the former ones (AXB-MODIFY-003, AXB-MODIFY-101)."""
        held = self.x.held
        if isinstance(held, Pairs):
            held.by_user.pop(self.a, None)
            held.by_user.pop(self.b, None)
            held.by_user[a] = held.by_user[b] = self
        self.a, self.b = a, b


class Pairs(Held):
    """The pairs of one X: by subscriptionId in the order in which they were bound, and by the numbers of both users."""

    __slots__ = ("by_id", "by_user")

    def __init__(self) -> None:
        self.by_id: dict[str, Pair] = {}
        self.by_user: dict[str, Pair] = {}

    def __len__(self) -> int:
        return len(self.by_id)


def pair_of(x: XNumber, user: str) -> Pair | None:
    """Return the pair on an X in which `user` stands, in either role (AXB-BIND-102)."""
    held = x.held
    return held.by_user.get(user) if isinstance(held, Pairs) else None
