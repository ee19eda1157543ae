"""Seeded bugs of calls that only AXB can have.

Whom they reach, and a modify of A or B meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.modes import Connect
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.suites.mutation.axb.server import SERVER, pairs_on
from privnum.suites.mutation.calls.overlaps import RINGING, cut_in_states
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_modify
from privnum.suites.mutation.operators.calls import calls_of, change_connect, change_decision, drop_call_rows
from privnum.suites.mutation.operators.code import wrap
from privnum.suites.mutation.operators.pushes import change_cdr

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.mockserver.modes.axb.bindings import Pair
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


def _show_caller(side: str) -> Operator:
    """Show the callee the real number of A, or of B, who calls."""

    def show(decision: Connect, x: XNumber, caller: str) -> Decision:
        pair = pair_of(x, caller)
        return decision._replace(shown=caller) if getattr(pair, side, None) == caller else decision

    return change_connect(show)


def _stranger_to_first(decision: Decision, x: XNumber, caller: str) -> Decision:
    """Put anybody who has no binding through to the first B on X."""
    if not pairs_on(x) or pair_of(x, caller) or x.status in NO_CALLS or numbers.kind(caller) != "mobile":
        return decision
    pair = pairs_on(x)[0]
    return Connect(pair.b, x.number, 1, axb_calls._terms(pair))


def _partner_of_first(decision: Connect, x: XNumber, caller: str) -> Decision:
    """Put a caller through to a side of the pair that was bound first."""
    pair, first = pair_of(x, caller), pairs_on(x)[0]
    return decision if pair is None else decision._replace(to=first.b if caller == pair.a else first.a)


REACHED = (
    Bug("b-sees-a", "CALL-101", "B sees the number of A.", _show_caller("a")),
    Bug("a-sees-b", "CALL-102", "A sees the number of B.", _show_caller("b")),
    Bug("b-calls-anyway", "CALL-103", "Direction 1 lets B call.", drop_call_rows("AXB-CALL-103")),
    Bug("a-calls-anyway", "CALL-104", "Direction 2 lets A call.", drop_call_rows("AXB-CALL-104")),
    Bug("stranger-to-first", "CALL-105", "A stranger reaches the first B.", change_decision(_stranger_to_first)),
    Bug("partner-of-first", "CALL-106", "X knows one partner only.", change_connect(_partner_of_first)),
)


# ── a modify while a call runs ───────────────────────────────────────────────────────────────────────────────────────


def _move_ringing(world: World, pair: Pair, _params: Params) -> None:
    """Let a call that rings go on at the new callee."""
    for call in calls_of(world, pair):
        if call.state in RINGING:
            call.forwarded_to = pair.b if call.caller == pair.a else pair.a


def _callee_of_end(call: Call, fee: Fields) -> None:
    pair = SERVER.binding_now(call)
    if pair is not None and call.forwarded_to is not None and "fwdDstNum" in fee:
        fee["fwdDstNum"] = pair.b if call.direction == 1 else pair.a


def _caller_of_end(call: Call, fee: Fields) -> None:
    pair = SERVER.binding_now(call)
    if pair is not None and call.forwarded_to is not None:
        fee["callerNum"] = pair.a if call.direction == 1 else pair.b


def _direction_of_end(call: Call, fee: Fields) -> None:
    pair = SERVER.binding_now(call)
    if call.forwarded_to is not None:
        fee["direction"] = 2 if pair is None else 1 if call.caller == pair.a else 0 if call.caller == pair.b else 2


def _keep_terms() -> Operator:
    """Let calls go by what the binding said when it was first called."""
    kept: dict[str, Any] = {}

    def first(terms: Any, pair: Pair) -> Any:
        return kept.setdefault(pair.subscription_id, terms(pair))

    return wrap(axb_calls, "_terms", first)


def _sort_keys(_call: Call, fee: Fields) -> None:
    given = dict(sorted(fee.items()))
    fee.clear()
    fee.update(given)


MODIFIED = (
    Bug(
        "direction-ends-ringing",
        "CALL-101",
        "A modify of callDirection ends calls that ring.",
        after_modify(cut_in_states(*RINGING), "callDirection"),
    ),
    Bug(
        "user-ends-calls",
        "OPEN-050",
        "A new A or B ends calls.",
        after_modify(cut_in_states(*RINGING, "answered"), "callerNum", "calleeNum"),
    ),
    Bug(
        "ringing-moves",
        "OPEN-050",
        "A call that rings goes on at the new B.",
        after_modify(_move_ringing, "callerNum", "calleeNum"),
    ),
    Bug("cdr-callee-now", "CDR-005", "A CDR names the callee of the binding at the end.", change_cdr(_callee_of_end)),
    Bug("cdr-caller-now", "CDR-005", "A CDR names the A or B at the end.", change_cdr(_caller_of_end)),
    Bug("cdr-direction-now", "CDR-004", "direction is that of the end.", change_cdr(_direction_of_end)),
    Bug("terms-kept", "EVENT-010", "Calls go by the settings at the first call.", _keep_terms()),
    Bug("cdr-sorted", "CDR-101", "The keys of a CDR are sorted.", change_cdr(_sort_keys)),
)

BUGS = (*REACHED, *MODIFIED)
