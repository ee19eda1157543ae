"""The modes that the server has."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.mockserver.modes import common
from privnum.mockserver.modes.ax.mode import AX
from privnum.mockserver.modes.axb.mode import AXB
from privnum.mockserver.modes.axe.mode import AXE
from privnum.mockserver.modes.axyb.mode import AXYB
from privnum.mockserver.modes.x.mode import X

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.core.modes import Handler, Mode

__all__ = ["handlers", "modes"]

_MODES: Mapping[str, Mode] = MappingProxyType({mode.name: mode for mode in (AXB, AXE, AX, AXYB, X)})


def modes() -> Mapping[str, Mode]:
    """Return the modes by name."""
    return _MODES


def handlers() -> Mapping[str, Handler]:
    """Return how each operation is served, by operation id."""
    return dict(common.HANDLERS) | {id_: handler for mode in _MODES.values() for id_, handler in mode.handlers.items()}
