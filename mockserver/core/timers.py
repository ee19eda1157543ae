"""What is due when.

One heap for a world's expiries, call timelines, CDR windows and re-pushes.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Protocol

__all__ = ["Due", "Timers"]

_RANK_BITS = 48


class Due(Protocol):
    """Something the timers holds.

    Its entries count while `generation` is what it was when they were made.
    """

    generation: int


class Timers:
    """Things by instant.

    At one instant by rank, then in the order in which they were added.

    Cancelling is lazy: the entry stays in the heap until it surfaces, or until half of the heap is dead. The first one
    is never dead, so that to ask what is due changes nothing: what a world has become does not depend on who has asked.
    """

    __slots__ = ("_dead", "_heap", "_order")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._heap: list[tuple[int, int, Due, int]] = []
        self._order = 0
        self._dead = 0

    def __len__(self) -> int:
        return len(self._heap) - self._dead

    def add(self, due_ms: int, rank: int, thing: Due) -> None:
        """Make `thing` due at `due_ms`; lower ranks come first within an instant."""
        self._order += 1
        heappush(self._heap, (due_ms, rank << _RANK_BITS | self._order, thing, thing.generation))

    def cancel(self, thing: Due) -> None:
        """Take back the one entry that `thing` has."""
        thing.generation += 1
        self._dead += 1
        if self._dead > 64 and self._dead * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].generation == entry[3]]
            heapify(self._heap)
            self._dead = 0
        self._drop_dead()

    def next_due(self) -> int | None:
        """Return the earliest instant at which anything is due."""
        return self._heap[0][0] if self._heap else None

    def _drop_dead(self) -> None:
        """Take out what was cancelled and has surfaced."""
        heap = self._heap
        while heap and heap[0][2].generation != heap[0][3]:
            heappop(heap)
            self._dead -= 1

    def next_due_but(self, rank: int) -> int | None:
        """Return the earliest instant at which a thing of another rank is due.

        It looks at all of them; None where there is none.
        """
        alive = (entry for entry in self._heap if entry[2].generation == entry[3])
        return min((entry[0] for entry in alive if entry[1] >> _RANK_BITS != rank), default=None)

    def pop(self, now_ms: int) -> tuple[int, Due] | None:
        """Take out the first thing that is due by `now_ms`, with its rank."""
        self._drop_dead()
        if not self._heap or self._heap[0][0] > now_ms:
            return None
        _, order, thing, _ = heappop(self._heap)
        self._drop_dead()
        return order >> _RANK_BITS, thing
