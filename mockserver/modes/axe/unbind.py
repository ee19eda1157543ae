"""AXE: unbind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.axe import fields
from privnum.mockserver.modes.axe.selectors import UNBIND, check_selector, narrow_selector, own_binding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER"]


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve one binding; calls in progress go on.

    AXE-UNBIND-001, AXE-UNBIND-101, AXE-CALL-009.
    """
    binding = own_binding(world, app, params, UNBIND)
    fields.check_blocked(world.assumptions, binding.x)
    world.unbind(binding)
    return {}


HANDLER: Final = Handler(_unbind, narrow=narrow_selector, check=check_selector(UNBIND))
