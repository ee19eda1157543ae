"""Seeded bugs of stop call."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import change_params, change_schema, serve_by

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS", "OF_CALLS"]

STOP = "stop_call"
HUNG_UP_ON_INSTRUCTION = 8017


def _stop_nothing(*_: object) -> None:
    """Let the call go on."""


def _stop_but_asked(right: Any, world: World, call: Call) -> None:
    """Let a call that has no callee yet go on."""
    if call.state not in ("collecting", "asking"):
        right(world, call)


def _stop_untold(right: Any, world: World, call: Call) -> None:
    """Stop a call, and push no event of it."""
    with patch.object(Notifier, "event", lambda *_: None):
        right(world, call)


def _stop_without_point(_right: Any, world: World, call: Call) -> None:
    """Stop a call with a cause that its CDR does not have."""
    fee_info = Notifier._fee_info
    with patch.object(Notifier, "_fee_info", lambda *given: fee_info(*given) | {"ulFailReason": 0}):
        world.call_engine.end(call, HUNG_UP_ON_INSTRUCTION, world.now_ms)
        world.run_due()


def _stop_anything(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Succeed, whatever session is named."""
    with suppress(Refusal):
        right(world, app, params)
    return {}


def _make_optional(name: str) -> Operator:
    """Let a mandatory parameter be left out."""

    def require_others(schema: Fields) -> None:
        schema["required"] = [other for other in schema["required"] if other != name]

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params) if name in params else {}
        return fields

    return together(change_schema(STOP, require_others), serve_by(STOP, perform))


def _take_any_signal(params: Params) -> None:
    if "signal" in params:
        params["signal"] = "call_stop"


BUGS = (
    Bug(
        "stop-nothing",
        "COM-STOP-001",
        "Stop call succeeds and stops nothing.",
        replace(World, "stop_call", _stop_nothing),
    ),
    Bug(
        "stop-not-asked",
        "COM-OPEN-080",
        "Stop call of a call that has no callee yet succeeds and stops nothing.",
        wrap(World, "stop_call", _stop_but_asked),
    ),
    Bug("stop-anything", "COM-STOP-002", "Stop call of no running call succeeds.", serve_by(STOP, _stop_anything)),
    Bug("stop-no-session", "COM-STOP-003", "sessionid may be left out.", _make_optional("sessionid")),
    Bug("stop-no-signal", "COM-STOP-003", "signal may be left out.", _make_optional("signal")),
    Bug("stop-any-signal", "COM-STOP-003", "Any signal stops a call.", change_params(STOP, _take_any_signal)),
)

OF_CALLS = (
    Bug(
        "stop-untold", "EVENT-002", "A call that is stopped has no disconnect.", wrap(World, "stop_call", _stop_untold)
    ),
    Bug(
        "stop-untold-after-answer",
        "EVENT-001",
        "A call that is stopped after the answer has no disconnect.",
        wrap(World, "stop_call", _stop_untold),
    ),
    Bug(
        "stop-without-point",
        "CDR-008",
        "The CDR of a call that is stopped with 8017 has the release point 0.",
        wrap(World, "stop_call", _stop_without_point),
    ),
)
"""In every mode with calls."""
