"""Bindings of two users on an X, and the indexes by which they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privnum.mockserver.applications import XNumber

__all__ = ["Binding", "Bindings"]


class Binding:
    """A and B on an X. What was never set is None; times are milliseconds of world time, 0 = never.

    `duration` is in seconds, `max_duration` in minutes.
    """

    __slots__ = (
        "a",
        "b",
        "callee_tone",
        "caller_tone",
        "direction",
        "duration",
        "expires_ms",
        "generation",
        "last_minute_tone",
        "max_duration",
        "private_sms",
        "record",
        "record_tone",
        "subscribed_ms",
        "subscription_id",
        "user_data",
        "x",
    )

    def __init__(self, subscription_id: str, x: XNumber, a: str, b: str, now_ms: int) -> None:
        self.subscription_id = subscription_id
        self.x = x
        self.a = a
        self.b = b
        self.subscribed_ms = now_ms
        self.expires_ms = 0
        self.generation = 0
        self.direction: int | None = None
        self.duration: int | None = None
        self.max_duration: int | None = None
        self.record: bool | None = None
        self.private_sms: bool | None = None
        self.record_tone: str | None = None
        self.last_minute_tone: str | None = None
        self.caller_tone: str | None = None
        self.callee_tone: str | None = None
        self.user_data: str | None = None


class Bindings:
    """Every binding of a world: by subscriptionId here, by X and user in each X. All lookups are O(1)."""

    __slots__ = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[str, Binding] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, subscription_id: str) -> Binding | None:
        """Return the binding of a subscriptionId, whatever application it belongs to."""
        return self._by_id.get(subscription_id)

    def add(self, binding: Binding) -> None:
        """Enter a binding whose users stand nowhere else on its X."""
        x = binding.x
        if x.pairs is None or x.users is None:
            x.pairs, x.users = {}, {}
        self._by_id[binding.subscription_id] = binding
        x.pairs[binding.subscription_id] = binding
        x.users[binding.a] = x.users[binding.b] = binding

    def remove(self, binding: Binding) -> None:
        """Strike a binding out and free its users (AXB-UNBIND-007)."""
        x = binding.x
        del self._by_id[binding.subscription_id]
        if x.pairs is not None and x.users is not None:
            del x.pairs[binding.subscription_id]
            x.users.pop(binding.a, None)
            x.users.pop(binding.b, None)
            if not x.pairs:
                x.pairs = x.users = None

    def rename(self, binding: Binding, a: str, b: str) -> None:
        """Put other users into a binding and free the former ones (AXB-MODIFY-003, AXB-MODIFY-004)."""
        users = binding.x.users
        if users is not None:
            users.pop(binding.a, None)
            users.pop(binding.b, None)
            users[a] = users[b] = binding
        binding.a, binding.b = a, b

    def clear(self) -> None:
        """Strike out everything."""
        for binding in self._by_id.values():
            binding.x.pairs = binding.x.users = None
            binding.generation += 1
        self._by_id.clear()
