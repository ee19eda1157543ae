"""What waits in a log until nothing more can come of it."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HOLD", "Waiting"]

K = TypeVar("K")

HOLD: Final = 12 * 3600
"""Seconds for which more may come: the last repeat of a push is sent less than eleven hours after the first."""


class Waiting(Generic[K]):
    """Things by their keys, each with when something last came of it."""

    def __init__(self) -> None:
        self._last: dict[K, float] = {}
        self._times: list[tuple[float, int, K]] = []
        self._count = 0

    def touch(self, key: K, at: float) -> None:
        """Something came of a thing."""
        self._last[key] = max(at, self._last.get(key, at))
        self._count += 1
        heappush(self._times, (at, self._count, key))

    def over(self, now: float) -> Iterator[K]:
        """Take out the things of which nothing more will come."""
        while self._times and self._times[0][0] + HOLD < now:
            at, _, key = heappop(self._times)
            if self._last.get(key) == at:
                del self._last[key]
                yield key
