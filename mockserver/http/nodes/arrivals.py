"""Where the requests of a world come in."""

from __future__ import annotations

from typing import Final

__all__ = ["ENOUGH", "Arrivals"]

#: Requests passed on by one node behind which it is looked at where they come in.
ENOUGH: Final = 1000
#: A world goes to another node where so many times as many come to that as to all others.
_TIMES: Final = 9


class Arrivals:
    """Counts the requests of a world by the node that they came to."""

    __slots__ = ("_passed", "here")

    def __init__(self) -> None:
        #: Those that came to the node that has the world.
        self.here = 0
        self._passed: dict[int, int] = {}

    def note_passed(self, node: int) -> bool:
        """Count one that another node has passed on.

        Return whether the world should rather be there.
        """
        count = self._passed[node] = self._passed.get(node, 0) + 1
        if count < ENOUGH:
            return False
        others = self.here + sum(self._passed.values()) - count
        self.here = 0
        self._passed.clear()
        return count >= _TIMES * others
