"""Bugs that are made of the rows of tables which only AX has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.mockserver.modes.ax import calls as ax_calls
from privnum.suites.mutation.ax.server import SERVER
from privnum.suites.mutation.tables import of_bind_faults, of_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["bugs"]

HARMLESS = frozenset({"1012012"})
"""Faults without which a bind is taken and does what it may do: it records nothing (AX-BIND-021)."""


def bugs() -> Iterator[Bug]:
    """All of them."""
    directions = of_mapping("cdr-direction", ax_calls._CDR_DIRECTION, lambda _: "CDR-004", None)
    return chain(of_bind_faults(SERVER, harmless=HARMLESS), directions)
