"""How bindings are found, mode by mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.safety.modes import ax, axb, axe, axyb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.safety.search import Search

__all__ = ["SEARCHES"]

SEARCHES: Final[Mapping[str, Search]] = {
    "ax": ax.SEARCH,
    "axb": axb.SEARCH,
    "axe": axe.SEARCH,
    "axyb": axyb.SEARCH,
}
"""By mode, as operations name it."""
