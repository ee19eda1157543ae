"""AXB: what the server keeps of the pairs of an X, for mutants that look or reach into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.modes.axb.bindings import Pairs

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.modes.axb.bindings import Pair

__all__ = ["pairs_by_id", "pairs_by_user"]


def pairs_by_id(x: XNumber) -> dict[str, Pair]:
    """Return the pairs of an X by subscriptionId; empty before the first bind."""
    return x.held.by_id if isinstance(x.held, Pairs) else {}


def pairs_by_user(x: XNumber) -> dict[str, Pair]:
    """Return the pairs of an X by the numbers of both users; empty before the first bind."""
    return x.held.by_user if isinstance(x.held, Pairs) else {}
