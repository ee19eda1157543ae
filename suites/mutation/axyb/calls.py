"""Seeded bugs of calls that only AXYB can have.

Who sees what, and who is given a Y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axyb import bind as axyb_bind
from privnum.mockserver.modes.axyb import calls as axyb_calls
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation, roles_of
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axyb.server import bindings_on, relations_on
from privnum.suites.mutation.model import Bug, mode_operator
from privnum.suites.mutation.operators.bindings import on_expiry
from privnum.suites.mutation.operators.calls import change_connect
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.pushes import change_cdr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Fields, Operator, Patch, ServerMode

__all__ = ["BUGS"]

FROM_A = 1
"""direction of a call by A."""
SOON = 60
TO_A_ALONE = 2
"""callDirection by which B alone calls."""
A_SECOND = 1000


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


def _show_dialled(direction: int) -> Operator:
    """Show the number that was dialled, to calls of that direction."""

    def show_x(decision: Connect, x: XNumber, _caller: str) -> Decision:
        return decision._replace(shown=x.number) if decision.direction == direction else decision

    return change_connect(show_x)


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

    def make_relation(right: Any, *given: Any) -> Relation:
        relation: Relation = right(*given)
        relation.yb_duration = seconds
        return relation

    return wrap(axyb_bind, "Relation", make_relation)


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


# ── calls that reach nobody ──────────────────────────────────────────────────────────────────────────────────────────


def _take_for(role: str, other: str) -> Operator:
    """Take a caller of one role for one of another."""

    def situation(right: Any, assumptions: Assumptions, x: XNumber, caller: str) -> Any:
        found = right(assumptions, x, caller)
        return found._replace(role=other) if found.role == role else found

    return wrap(axyb_calls, "_situation", situation)


def _let_a_call(right: Any, assumptions: Assumptions, x: XNumber, caller: str, situation: Any) -> Any:
    """Put A through whatever the direction."""
    barred = situation.role == "A" and situation.ax.direction == TO_A_ALONE
    return "B" if barred else right(assumptions, x, caller, situation)


def _route_a_second_later(
    right: Any, calls: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int
) -> Decision:
    """Refuse the calls by a Y that is younger than a second."""
    decision: Decision = right(calls, assumptions, x, caller, now_ms)
    if not isinstance(decision, Connect):
        return decision
    users = {caller, decision.to}
    young = [
        relation
        for ax in bindings_on(x)
        for relation in ax.by_b.values()
        if {ax.a, relation.b} == users and now_ms - relation.subscribed_ms < A_SECOND
    ]
    return Reject(8030, 2) if young else decision


@mode_operator
def _keep_users_of_expired(mode: ServerMode) -> Patch:
    """Let nobody be bound as A whose binding has expired."""
    left: list[tuple[World, str]] = []

    def remember(world: World, binding: Any) -> None:
        left.extend((world, user) for user in (binding.a, getattr(binding, "b", binding.a)))

    def bind(right: Any, world: World, binding: Any) -> None:
        if isinstance(binding, AXBinding) and (world, binding.a) in left:
            raise Refusal("403/1016002")
        right(world, binding)

    return together(on_expiry(remember), wrap(World, "bind", bind)).apply(mode)


REFUSED = (
    Bug("own-number-unbound", "CALL-106", "One's own number counts as unbound.", _take_for("own", "stranger")),
    Bug("unbound-as-own", "CALL-107", "An unbound number counts as one's own.", _take_for("none", "own")),
    Bug("stranger-as-own", "CALL-108", "A Y counts as a stranger's own.", _take_for("stranger", "own")),
    Bug("a-calls-anyway", "CALL-110", "Direction 2 lets A call.", wrap(axyb_calls, "_outcome", _let_a_call)),
    Bug(
        "late-bind",
        "BIND-006",
        "A Y carries calls from a second after its bind.",
        wrap(axyb_calls.AXYBCalls, "route", _route_a_second_later),
    ),
    Bug("expired-users-bound", "LIFE-006", "Users of an expired binding cannot be an A.", _keep_users_of_expired()),
)


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _display_dialled(_call: Call, fee: Fields) -> None:
    if fee.get("fwdDisplayNum"):
        fee["fwdDisplayNum"] = fee["calleeNum"]


PUSHES = (Bug("cdr-displays-dialled", "CDR-005", "fwdDisplayNum is the number dialled.", change_cdr(_display_dialled)),)

BUGS = (*REACHED, *GIVEN, *REFUSED, *PUSHES)
