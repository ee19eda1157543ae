"""The modes that the server has, and how each serves its operations and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.modes import common
from privnum.mockserver.modes.axb import mode as axb
from privnum.mockserver.modes.axe import mode as axe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.core.modes import CallMode, Handler

__all__ = ["call_modes", "handlers"]


def handlers() -> Mapping[str, Handler]:
    """Return how each operation is served, by operation id."""
    return {**common.HANDLERS, **axb.HANDLERS, **axe.HANDLERS}


def call_modes() -> Mapping[str, CallMode]:
    """Return the modes whose X can be called, by name."""
    return {"AXB": axb.AXB, "AXE": axe.AXE}
