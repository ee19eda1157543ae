"""Seeded bugs of calls that only AXYB can have.

Who sees what, and who is given a Y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axyb import bind as axyb_bind
from privnum.mockserver.modes.axyb import calls as axyb_calls
from privnum.mockserver.modes.axyb.bindings import Relation, roles_of
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axyb.server import relations_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.calls import change_connect
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.pushes import change_cdr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Connect, Decision
    from privnum.mockserver.modes.axyb.bindings import AXBinding
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

FROM_A = 1
"""direction of a call by A."""
SOON = 60


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


def _show_dialled(direction: int) -> Operator:
    """Show the number that was dialled, to calls of that direction."""

    def shown(decision: Connect, x: XNumber, _caller: str) -> Decision:
        return decision._replace(shown=x.number) if decision.direction == direction else decision

    return change_connect(shown)


def _first_b(decision: Connect, x: XNumber, _caller: str) -> Decision:
    """Let A reach the first B of his binding, whatever the Y."""
    if decision.direction != FROM_A:
        return decision
    ax = next(relation.ax for relation in relations_on(x) if relation.b == decision.to)
    return decision._replace(to=next(iter(ax.by_b)))


def _b_of_first_a(decision: Connect, x: XNumber, _caller: str) -> Decision:
    """Let a caller who dials a Y reach the B of the A who had it first."""
    return decision._replace(to=relations_on(x)[0].b) if decision.direction == FROM_A else decision


REACHED = (
    Bug("a-sees-x", "CALL-101", "A sees X when B calls.", _show_dialled(0)),
    Bug("b-sees-y", "CALL-102", "B sees Y when A calls.", _show_dialled(FROM_A)),
    Bug("first-b", "CALL-111", "A reaches the first B by every Y.", change_connect(_first_b)),
    Bug("first-a", "CALL-112", "A shared Y reaches the B of its first A.", change_connect(_b_of_first_a)),
)


# ── callers who are given a Y ────────────────────────────────────────────────────────────────────────────────────────


def _nobody(*_: object) -> None:
    """Give nobody a Y."""


def _whoever_calls(right: Any, assumptions: Assumptions, x: XNumber, caller: str) -> AXBinding | None:
    """Give a Y to a caller who may not call, too."""
    roles = roles_of(x)
    ax = None if roles is None else roles.binding
    if ax is not None and ax.direction == 1 and caller != ax.a and caller not in ax.by_b:
        return ax
    found: AXBinding | None = right(assumptions, x, caller)
    return found


def _give_anew(place: Any, world: World, message: Mapping[str, Any]) -> Any:
    """Give a caller of X another Y with every call."""
    x, caller = world.numbers.get(message["called"]), message["caller"]
    roles = None if x is None else roles_of(x)
    former = None if roles is None or roles.binding is None else roles.binding.by_b.get(caller)
    if former is not None:
        free = (y for y in former.x.app.numbers if roles_of(y) is None)
        y = next(free, former.x)
        world.unbind(former)
        world.bind(Relation(world.identity.subscription_id(), y, former.ax, caller, world.now_ms))
    return place(world, message)


def _given_for(seconds: int) -> Operator:
    """Give a Y for this many seconds, 0: for as long as the binding."""

    def made(right: Any, *given: Any) -> Relation:
        relation: Relation = right(*given)
        relation.yb_duration = seconds
        return relation

    return wrap(axyb_bind, "Relation", made)


GIVEN = (
    Bug("no-y-given", "CALL-103", "A caller without a Y is refused.", replace(axyb_bind, "needing_y", _nobody)),
    Bug("y-each-call", "CALL-103", "A caller has another Y each time.", wrap(World, "place_call", _give_anew)),
    Bug("no-y-cause", "CALL-104", "Where no Y is left the cause is 8030.", replace(axyb_calls, "_NO_Y", 8030)),
    Bug("given-for-ever", "CALL-105", "A given Y has no end of its own.", _given_for(0)),
    Bug("given-for-a-minute", "CALL-105", "A given Y lasts a minute.", _given_for(SOON)),
    Bug(
        "y-for-barred",
        "CALL-109",
        "A caller whom the direction bars is given a Y.",
        wrap(axyb_bind, "needing_y", _whoever_calls),
    ),
)


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _display_dialled(_call: Call, fee: Fields) -> None:
    if fee.get("fwdDisplayNum"):
        fee["fwdDisplayNum"] = fee["calleeNum"]


PUSHES = (Bug("cdr-displays-dialled", "CDR-005", "fwdDisplayNum is the number dialled.", change_cdr(_display_dialled)),)

BUGS = (*REACHED, *GIVEN, *PUSHES)
