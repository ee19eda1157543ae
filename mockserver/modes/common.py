"""Operations that every mode has: stop call, and where a recording is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler, Params
from privnum.mockserver.core.recordings import DOMAIN, FILES

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLERS"]

#: States of a call that has only one leg.
_WITHOUT_CALLEE: Final = frozenset({"collecting", "asking"})


def _stop_call(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Release both legs of a running call of the application.

    COM-STOP-001, COM-STOP-002, COM-OPEN-080.
    """
    refused = world.assumptions.text("stop_call.ended_call")
    call = world.call_engine.by_session(params["sessionid"])
    if call is None or call.x.app is not app or call.state == "ended":
        what = "sessionid names no running call of this application."
        raise Refusal(refused, what, "COM-STOP-002")
    if call.state in _WITHOUT_CALLEE and world.assumptions["stop_call.without_callee"] == "refuse":
        raise Refusal(refused, "The call of sessionid has no callee yet.", "COM-OPEN-080")
    world.stop_call(call)
    return {}


def _recording(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Return where the recording is that a CDR names (COM-RECORD-001)."""
    if not app.recording:
        raise Refusal("403/1012012", "Asking for a recording needs recording to be on.", "COM-RECORD-005")
    name = params["fileName"]
    recording = world.notifier.recordings.find(name, world.now_ms)
    if recording is None or recording.app is not app:
        what = "fileName names no recording of this application that is there; 7 days after its CDR it is gone."
        raise Refusal("403/1012007", what, "COM-RECORD-004")
    if params["recordDomain"] != DOMAIN and world.assumptions["recording.other_domain"] != "accept":
        what = "recordDomain is not that of the CDR."
        raise Refusal(world.assumptions.text("recording.other_domain"), what, "COM-OPEN-050")
    return {"location": f"/w/{world.id}{FILES}{world.identity.recording_token(name)}/{name}"}


#: Its resultdesc is shorter than that of the others, and its own table has the code of a bad parameter (COM-STOP-003).
_STOP_CALL: Final = Handler(_stop_call, fault="stop_call.bad_parameter", longest_text=128)
_RECORDING: Final = Handler(_recording, flow_fault="recording.flow_control", redirects=True)
HANDLERS: Final = {"common.stop_call": _STOP_CALL, "common.recording": _RECORDING}
