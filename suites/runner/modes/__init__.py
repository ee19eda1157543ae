"""What is a mode's own in a check's context: one class for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.runner.modes.ax import AxContext
from privnum.suites.runner.modes.axb import AxbContext
from privnum.suites.runner.modes.axe import AxeContext
from privnum.suites.runner.modes.axyb import AxybContext
from privnum.suites.runner.modes.x import XContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.runner.mode_context import ModeContext

__all__ = ["MODE_CONTEXTS", "AxContext", "AxbContext", "AxeContext", "AxybContext", "XContext"]

MODE_CONTEXTS: Final[Mapping[str, type[ModeContext]]] = {
    kind.name: kind for kind in (AxbContext, AxeContext, AxContext, AxybContext, XContext)
}
