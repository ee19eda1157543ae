"""Seeded bugs of calls, events and CDRs.

Each once for every mode that has the case.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.calls import cdrs, ends, events, overlaps
from privnum.suites.mutation.common import stop_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug, ServerMode

__all__ = ["bugs"]


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    of_events = chain(events.BUGS, events.of_kinds(mode))
    return chain(ends.BUGS, of_events, cdrs.BUGS, cdrs.of_fields(), overlaps.bugs(mode), stop_call.OF_CALLS)
