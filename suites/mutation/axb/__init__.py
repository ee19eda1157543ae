"""Every seeded bug of AXB: those that it alone can have."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.axb import bind, calls, changes, queries, sms, tables
from privnum.suites.mutation.axb.server import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["SERVER", "bugs"]


def bugs() -> Iterator[Bug]:
    """All of them, by hand and of tables."""
    return chain((*bind.BUGS, *changes.BUGS, *queries.BUGS, *calls.BUGS, *sms.BUGS), tables.bugs())
