"""Tables that say what becomes of a call.

The first row that fits its situation counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from privnum.mockserver.core.applications import FROZEN, NO_CALLS

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber

__all__ = ["ANY", "first_fit", "state_of"]

#: Fits every situation.
ANY = None

_Row = TypeVar("_Row", bound=tuple[Any, ...])


def state_of(x: XNumber) -> str:
    """Return whether an X carries calls.

    "open", "closed" (status 9 or 10) or "frozen" (its tenant is).
    """
    if x.app.status == FROZEN:
        return "frozen"
    return "closed" if x.status in NO_CALLS else "open"


def first_fit(table: tuple[_Row, ...], situation: tuple[object, ...]) -> _Row:
    """Return the first row that fits the situation; None fits everything."""
    return next(
        row
        for row in table
        if all(wanted is ANY or wanted == given for wanted, given in zip(row, situation, strict=False))
    )
