"""What is over in a world and still kept for who looks.

The last ones, and a count of those that were dropped.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KEPT", "Dropped", "Kept", "Page", "lost_text"]


class Findable(Protocol):
    """Something in which a text can be looked for."""

    def mentions(self, text: str) -> bool:
        """Whether a number, an id or another text is in it."""
        ...


_T = TypeVar("_T")

#: Ended calls, SMS and settled pushes, each, that a world keeps unless it is set otherwise: 20 MB (make bench).
KEPT: Final = 10_000

#: How many "calls", "pushes" and "sms" the worlds of a server have dropped.
Dropped = Counter[str]


def lost_text(what: str, keep: int) -> str:
    """Say why a call, SMS or push that was there is there no more."""
    return (f"the last {keep} are kept; " if keep else "") + f"a reset drops every {what}"


class Kept:
    """The ids of what is over, oldest first.

    Args:
        what: "calls", "pushes" or "sms".
        most: this many are kept; 0: all.
        everywhere: the counts of the whole server, counted up too.
    """

    __slots__ = ("_everywhere", "_ids", "_most", "dropped", "what")

    def __init__(self, what: str, most: int = KEPT, everywhere: Dropped | None = None) -> None:
        self.what = what
        self._most = most
        self._everywhere = everywhere
        self.clear()

    def clear(self) -> None:
        """Forget them, and the count."""
        self._ids: deque[str] = deque()
        self.dropped = 0

    def add(self, id_: str) -> str | None:
        """Enter what has just ended.

        Return the id of what is to be dropped for it, if anything.
        """
        self._ids.append(id_)
        if not self._most or len(self._ids) <= self._most:
            return None
        self.dropped += 1
        if self._everywhere is not None:
            self._everywhere[self.what] += 1
        return self._ids.popleft()


class Page(NamedTuple):
    """Which of many to list.

    Those behind the one of id `after` (None: from the first), `limit` at most (None: all), or the `last` ones, this
    many. With `find` those alone in which that text is: see `finds`.
    """

    after: str | None = None
    limit: int | None = None
    last: int | None = None
    find: str | None = None

    def of(self, things: dict[str, _T], fits: Callable[[_T], bool]) -> tuple[list[_T], bool]:
        """Return the wanted `things`, by id and in order, and if there are more.

        What was named by `after` and is dropped meanwhile was older than all that are kept.
        """
        if self.last is not None:
            return self._newest(things, fits, self.last), False
        rest = iter(things.values())
        if self.after is not None and self.after in things:
            last = things[self.after]
            next(each for each in rest if each is last)
        wanted = (each for each in rest if fits(each))
        found = list(wanted if self.limit is None else islice(wanted, self.limit))
        return found, next(wanted, None) is not None

    def _newest(self, things: dict[str, _T], fits: Callable[[_T], bool], most: int) -> list[_T]:
        """Return the last of the wanted `things`; only what is looked at costs."""
        border = None if self.after is None else things.get(self.after)
        newer = takewhile(lambda each: each is not border, reversed(things.values()))
        found = list(islice((each for each in newer if fits(each)), most))
        return found[::-1]

    def finds(self, thing: Findable) -> bool:
        """Return whether the text that is looked for, if any, is in a thing."""
        return self.find is None or thing.mentions(self.find)
