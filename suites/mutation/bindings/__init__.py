"""Seeded bugs of bind, unbind, modify and query.

Each once for every mode that has the case.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.bindings import bind, changes, lifetimes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug, ServerMode

__all__ = ["bugs"]


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return chain(bind.bugs(mode), lifetimes.bugs(mode), changes.bugs(mode))
