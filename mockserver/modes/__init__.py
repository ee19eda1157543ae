"""What the core asks of a mode, and the modes there are. A mode knows nothing of HTTP, events or CDRs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.applications import Application, XNumber
    from privnum.mockserver.readings import Readings
    from privnum.mockserver.world import World

__all__ = ["CallMode", "Connect", "Handler", "Params", "Reject", "Terms", "call_modes", "handlers"]

#: Parameters of a request: known names only, nothing that means absent, integers as int.
Params = dict[str, Any]


class Handler(NamedTuple):
    """How a mode serves an operation.

    `narrow` takes out what another parameter overrules, before anything is judged. `check` judges the parameters
    alone. `perform` judges them against the state, changes it, and returns the fields of the answer behind resultcode
    and resultdesc. They raise Refusal, `perform` before it changes anything.
    `fault` is the code of a parameter that does not fit its schema, or the assumption that holds the code.
    """

    perform: Callable[[World, Application, Params], dict[str, Any]]
    narrow: Callable[[Params], None] | None = None
    check: Callable[[Readings, Params], None] | None = None
    fault: str = "403/1010002"
    longest_text: int = 256


class Terms(NamedTuple):
    """What a call takes over from its binding; the binding may change or go while the call goes on (AXB-CALL-009)."""

    subscription_id: str
    user_data: str | None = None
    max_duration: int = 0
    record: bool = False


class Connect(NamedTuple):
    """Routing decision: forward the call to `to`, who sees `shown`. `direction` is that of the CDR."""

    to: str
    shown: str
    direction: int
    terms: Terms


class Reject(NamedTuple):
    """Routing decision: end the call with a release cause. `terms` are those of the caller's binding, if he has one."""

    cause: int
    direction: int
    terms: Terms | None = None


class CallMode(Protocol):
    """A mode whose X can be called."""

    #: serviceType of its CDRs (AXB-CDR-009).
    service_type: str

    def route(self, readings: Readings, x: XNumber, caller: str) -> Connect | Reject:
        """Decide what becomes of a call from `caller` to `x`."""
        ...


def handlers() -> Mapping[str, Handler]:
    """Return how each operation is served, by operation id."""
    from privnum.mockserver.modes import axb, common

    return {**common.HANDLERS, **axb.HANDLERS}


def call_modes() -> Mapping[str, CallMode]:
    """Return the modes whose X can be called, by name."""
    from privnum.mockserver.modes import axb

    return {"AXB": axb.AXB}
