"""Operations that every mode has: stop call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler, Params

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLERS"]


def _stop_call(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Release both legs of a running call of the application.

    COM-STOP-001, COM-STOP-002.
    """
    call = world.call_engine.by_session(params["sessionid"])
    if call is None or call.x.app is not app or call.state == "ended":
        what = "sessionid names no running call of this application."
        raise Refusal(world.assumptions.text("stop_call.ended_call"), what, "COM-STOP-002")
    world.stop_call(call)
    return {}


#: Its resultdesc is shorter than that of the others, and its own table has the code of a bad parameter (COM-STOP-003).
HANDLERS: Final = {"common.stop_call": Handler(_stop_call, fault="stop_call.bad_parameter", longest_text=128)}
