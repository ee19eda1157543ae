"""Bugs that are made of the rows of tables which only AXB has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.suites.mutation.axb.server import SERVER
from privnum.suites.mutation.tables import of_bind_faults, of_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["bugs"]


def bugs() -> Iterator[Bug]:
    """All of them."""
    directions = of_mapping("cdr-direction", axb_calls._CDR_DIRECTION, lambda _: "CDR-004", None)
    return chain(of_bind_faults(SERVER), directions)
