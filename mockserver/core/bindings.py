"""Bindings of every mode, and the index by which they are found.

What is on one X alone is the mode's own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from privnum.mockserver.core.assumptions import end_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.history import Page

__all__ = ["Binding", "Bindings"]


class Binding(ABC):
    """A and what else belongs to him on an X.

    What was never set is None; times are milliseconds, 0 = never.

    `duration` is the lifetime in force in seconds; None and 0 are for ever.
    """

    __slots__ = (
        "a",
        "duration",
        "expires_ms",
        "generation",
        "record",
        "record_tone",
        "subscribed_ms",
        "subscription_id",
        "user_data",
        "x",
    )

    def __init__(self, subscription_id: str, x: XNumber, a: str, now_ms: int) -> None:
        self.subscription_id = subscription_id
        self.x = x
        self.a = a
        self.subscribed_ms = now_ms
        self.expires_ms = 0
        self.generation = 0
        self.duration: int | None = None
        self.record: bool | None = None
        self.record_tone: str | None = None
        self.user_data: str | None = None

    def end_ms(self, assumptions: Assumptions) -> int:
        """Return when the binding ends by itself, 0 = never."""
        return end_of(assumptions, self.subscribed_ms, self.duration) if self.duration else 0

    def users(self) -> tuple[str, ...]:
        """Return who stands in it, A first."""
        return (self.a,)

    def numbers(self) -> tuple[str, ...]:
        """Return the private numbers that it is about, its own first."""
        return (self.x.number,)

    def ids(self) -> tuple[str, ...]:
        """Return the subscriptionIds by which it is known, its own first."""
        return (self.subscription_id,)

    def reaches(self, now_ms: int) -> str | None:  # noqa: ARG002  # most modes keep nobody
        """Return whom A reaches where that is no part of the binding."""
        return None

    def mentions(self, text: str) -> bool:
        """Whether a number, a user or an id of it has this text."""
        return any(text in word for words in (self.numbers(), self.users(), self.ids()) for word in words)

    @abstractmethod
    def enter(self) -> None:
        """Take the place on X that the binding needs; it is free."""

    @abstractmethod
    def leave(self) -> None:
        """Give the place on X free again."""


class Bindings:
    """Every binding of a world by subscriptionId. All lookups are O(1)."""

    __slots__ = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[str, Binding] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, subscription_id: str) -> Binding | None:
        """Return the binding of a subscriptionId, of whatever application."""
        return self._by_id.get(subscription_id)

    def add(self, binding: Binding) -> None:
        """Enter a binding; its place on its X is free."""
        self._by_id[binding.subscription_id] = binding
        binding.enter()

    def remove(self, binding: Binding) -> None:
        """Strike a binding out and free its place."""
        del self._by_id[binding.subscription_id]
        binding.leave()

    def page(self, page: Page, fits: Callable[[Binding], bool]) -> tuple[list[Binding], bool]:
        """Return those that fit, in the order of the binds, and if more do."""
        return page.of(self._by_id, fits)

    def clear(self) -> None:
        """Strike out everything."""
        for binding in self._by_id.values():
            binding.x.forget()
            binding.generation += 1
        self._by_id.clear()
