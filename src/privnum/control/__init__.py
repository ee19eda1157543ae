"""Commands that govern a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "VARIABLES", "Command"]

#: Variables of the environment that are for these commands or all of them, or that `privnum env` prints.
VARIABLES: Final = frozenset(
    f"PRIVNUM_{name}" for name in ("SERVER", "WORLD", "TOKEN", "STATE_DIR", "STARTED", "URL", "CONTROL_URL", "LANG")
)


class Command(NamedTuple):
    """A command: the module that has it, and what it does, for the overview."""

    module: str
    title: str
    #: It starts, finds or ends a server, and sends no message about a world.
    keeps: bool = False


#: In the order of the overview.
COMMANDS: Final[Mapping[str, Command]] = {
    "start": Command("lifecycle", "run the server in the background (--detach)", keeps=True),
    "wait": Command("lifecycle", "wait until a server answers", keeps=True),
    "env": Command("lifecycle", "print where the started server is, its keys and numbers, for a shell", keeps=True),
    "status": Command("lifecycle", "say whether the started server runs and answers", keeps=True),
    "stop": Command("lifecycle", "end the started server", keeps=True),
    "call": Command("calls", "let somebody call an X; list, show and hang up calls"),
    "sms": Command("sms", "let somebody write to an X; list and show SMS"),
    "clock": Command("clock", "show world time; advance it, let it stand, run or jump"),
    "bindings": Command("bindings", "list what is bound, in every mode"),
    "pushes": Command("pushes", "list pushes; show one, send one again"),
    "trigger": Command("trigger", "send a push without a call: a CDR, an event, a status, an SMS notice"),
    "number": Command("number", "list X numbers; change the status of one"),
    "fault": Command("faults", "let things go wrong: make, list and clear faults (docs/faults.md)"),
    "journal": Command("journal", "list requests with their answers, and attempts to push"),
    "worlds": Command("worlds", "list worlds; show, create and drop them"),
    "snapshot": Command("snapshot", "keep all that a world is; list and drop snapshots"),
    "restore": Command("restore", "put a world back to a snapshot"),
    "reset": Command("reset", "empty a world of bindings, calls, SMS and pushes"),
}
