"""Every seeded bug of AXYB: those that it alone can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.mutation.axyb import bind, calls, changes
from privnum.suites.mutation.axyb.server import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["SERVER", "bugs"]


def bugs() -> Iterator[Bug]:
    """All of them."""
    return iter((*bind.BUGS, *changes.BUGS, *calls.BUGS))
