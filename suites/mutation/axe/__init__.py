"""Every seeded bug of AXE: those that it alone can have."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.axe import bind, callbacks, calls, changes, extensions, tables
from privnum.suites.mutation.axe.server import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["SERVER", "bugs"]


def bugs() -> Iterator[Bug]:
    """All of them, by hand and of tables."""
    return chain((*bind.BUGS, *changes.BUGS, *calls.BUGS, *callbacks.BUGS, *extensions.BUGS), tables.bugs())
