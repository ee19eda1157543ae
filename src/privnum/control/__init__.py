"""Commands that govern a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HELP", "MODULES", "VARIABLES"]

#: Variables of the environment that are for these commands or all of them, or that `privnum env` tells.
VARIABLES: Final = frozenset(
    f"PRIVNUM_{name}" for name in ("SERVER", "WORLD", "TOKEN", "STATE_DIR", "STARTED", "URL", "CONTROL_URL", "LANG")
)

#: Command to the module that has it.
MODULES: Final[Mapping[str, str]] = {
    "call": "calls",
    "sms": "sms",
    "clock": "clock",
    "bindings": "bindings",
    "pushes": "pushes",
    "trigger": "trigger",
    "number": "number",
    "fault": "faults",
    "journal": "journal",
    "worlds": "worlds",
    "snapshot": "snapshot",
    "restore": "restore",
    "reset": "reset",
    "start": "lifecycle",
    "wait": "lifecycle",
    "env": "lifecycle",
    "status": "lifecycle",
    "stop": "lifecycle",
}

HELP: Final = """\
  start        run the server in the background (--detach); wait, env, status, stop go with it

Of a server that runs (--server, --world, --token, or PRIVNUM_SERVER, PRIVNUM_WORLD, PRIVNUM_TOKEN):

  call         let somebody call an X; list, show and hang up calls
  sms          let somebody write to an X; list and show SMS
  clock        show world time; advance it, let it stand, run or jump
  bindings     list what is bound, in every mode
  pushes       list pushes; show one, send one again
  trigger      send a push without a call: a CDR, an event, a status, an SMS notice
  number       list X numbers; change the status of one
  fault        let things go wrong: make, list and clear faults (docs/faults.md)
  journal      list requests with their answers, and attempts to push
  worlds       list worlds; show, create and drop them
  snapshot     keep all that a world is; list and drop snapshots
  restore      put a world back to a snapshot
  reset        empty a world of bindings, calls, SMS and pushes
"""
