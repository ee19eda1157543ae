"""The last entries of a world, and a count of those that were dropped."""

from __future__ import annotations

from collections import deque
from itertools import count, islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.journal.entries import Entry

__all__ = ["KEPT", "Journal", "Watch"]

#: Entries that a world keeps unless it is told otherwise: 2 MB where they are usual ones (make bench).
KEPT: Final = 1_000


class Watch:
    """What the journals of a server share.

    `now_ms` is edge time. `told` gets every entry of every world, with the world's id; None where nobody listens.
    `hears_requests` says whether it makes anything of requests now.
    """

    __slots__ = ("hears_requests", "now_ms", "told")

    def __init__(self) -> None:
        self.now_ms: Callable[[], int] = lambda: 0
        self.told: Callable[[str, Entry], None] | None = None
        self.hears_requests: Callable[[], bool] = lambda: False


class Journal:
    """The entries of one world, oldest first.

    An entry has a number, from 1 on, that no other one gets, also after a reset.

    Args:
        world_id: whose they are.
        size: this many are kept; 0: none.
        watch: what the journals of the server share.
    """

    __slots__ = ("_entries", "_first", "made", "size", "watch", "watchers", "world_id")

    def __init__(self, world_id: str, size: int = KEPT, watch: Watch | None = None) -> None:
        self.world_id = world_id
        self.size = size
        self.watch = watch or Watch()
        self.made = 0
        #: Called with each new entry and its number: who waits for one.
        self.watchers: list[Callable[[int, Entry], None]] = []
        self.clear()

    def clear(self) -> None:
        """Forget the entries, and the count of those that were dropped."""
        self._entries: deque[Entry] = deque(maxlen=self.size)
        self._first = self.made

    def contents(self) -> tuple[list[Entry], int, int]:
        """Return the entries, and the counts by which they are numbered."""
        return list(self._entries), self._first, self.made

    def put_back(self, entries: list[Entry], first: int, made: int) -> None:
        """Be as `contents` has it."""
        self._entries = deque(entries, maxlen=self.size)
        self._first, self.made = first, made

    @property
    def wants_requests(self) -> bool:
        """Whether anybody keeps, waits for or reads entries of requests.

        Where nobody does none is made: each request would pay for it.
        """
        return self.size > 0 or bool(self.watchers) or self.watch.hears_requests()

    @property
    def wants_pushes(self) -> bool:
        """Whether anybody keeps or reads entries of pushes."""
        return self.size > 0 or self.watch.told is not None

    @property
    def kept(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    @property
    def dropped(self) -> int:
        """How many entries since the last reset are kept no more."""
        return self.made - self._first - len(self._entries)

    def add(self, entry: Entry) -> None:
        """Enter what has just happened; the oldest one makes room for it."""
        self._entries.append(entry)
        self.made += 1
        if self.watchers:
            for watcher in tuple(self.watchers):
                watcher(self.made, entry)
        if self.watch.told is not None:
            self.watch.told(self.world_id, entry)

    def behind(self, since: int) -> Iterator[tuple[int, Entry]]:
        """The entries behind a number, each with its own."""
        oldest = self.made - len(self._entries) + 1
        skipped = max(since + 1 - oldest, 0)
        return enumerate(islice(self._entries, skipped, None), oldest + skipped)

    def newest(self, since: int) -> Iterator[tuple[int, Entry]]:
        """The entries behind a number, each with its own, the newest first."""
        wanted = max(self.made - since, 0)
        return zip(count(self.made, -1), islice(reversed(self._entries), wanted), strict=False)

    def count_missed(self, since: int) -> int:
        """Return how many entries behind a number are kept no more."""
        return max(self.made - len(self._entries) - since, 0)
