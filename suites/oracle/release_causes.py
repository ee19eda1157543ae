"""What ulFailReason of a CDR may be beside the disconnect's cause.

The two tables have rows of their own.

Nothing says that a CDR repeats the cause; each table names the end of a call in its own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["fits", "points_of"]

_POINTS: Mapping[int, frozenset[int]] = {
    7501: frozenset((7501, 8009)),  # 8009: the caller hung up before the call was answered
    7502: frozenset((7502, 8004, 8009)),  # 8004: a user hung up while it rang
    7503: frozenset((7503, 7504)),  # 7503 reads "callee hung up" here, 7504 "refused"
    7504: frozenset((7503, 7504)),
    7516: frozenset((7516, 8009)),
    8035: frozenset((8035, 8101, 8003)),  # here "the callee did not answer", as 8101; 8003: ringing timed out
    8101: frozenset((8035, 8101, 8003)),
}
_UNREAD = frozenset((8032, 8103, 8104, 8105))
"""Causes behind the row at which the page of release points is cut, and 8032, which is in the table of causes alone.

Nothing says which point such an end has: any but 0 will do.
"""


def points_of(cause: int) -> frozenset[int]:
    """The rows of the table of release points that say the same as a cause.

    None: they are not public.
    """
    return frozenset() if cause in _UNREAD else _POINTS.get(cause, frozenset((cause,)))


def fits(reason: object, causes: Iterable[int]) -> bool:
    """Whether a ulFailReason fits a call that ended with these causes.

    With one of them; 0 need not be named.
    """
    for cause in causes:
        points = points_of(cause)
        if reason is None and cause == 0:
            return True
        if type(reason) is int and (reason in points if points else reason != 0):
            return True
    return False
