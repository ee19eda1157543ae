"""Seeded bugs of AXB's calls: whom they reach, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb.bindings import Pair, pair_of
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.operators import pairs_by_id
from privnum.suites.mutation.calls import wrong_causes
from privnum.suites.mutation.operators import calls_unbind, cut_calls, unbind_cuts_calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Patch, Seed

__all__ = ["MUTANTS"]


def _without_rows(*rules: str) -> Seed:
    """Route calls by the table without some of its rows."""
    rows = tuple(row for row in axb_calls.CALL_TABLE if row.rule not in rules)
    return lambda: patch.object(axb_calls, "CALL_TABLE", rows)


def _routed(bend: Callable[[Decision, XNumber, str], Decision]) -> Patch:
    """Bend what becomes of a call; `bend` gets the right decision, X and the caller."""
    route = axb_calls.AXBCalls.route

    def bent(self: axb_calls.AXBCalls, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        return bend(route(self, assumptions, x, caller, now_ms), x, caller)

    return patch.object(axb_calls.AXBCalls, "route", bent)


def _caller_shown(side: str) -> Seed:
    """The callee sees the real number of A, or of B, who calls."""

    def bend(decision: Decision, x: XNumber, caller: str) -> Decision:
        pair = pair_of(x, caller)
        if isinstance(decision, Connect) and pair is not None and getattr(pair, side) == caller:
            return decision._replace(shown=caller)
        return decision

    return lambda: _routed(bend)


def _first_pair(x: XNumber) -> Pair | None:
    return next(iter(pairs_by_id(x).values()), None)


def _stranger_to_first(decision: Decision, x: XNumber, caller: str) -> Decision:
    """Whoever has no binding is put through to the first B on X."""
    pair = _first_pair(x)
    if pair is None or pair_of(x, caller) is not None or x.status in NO_CALLS or numbers.kind(caller) != "mobile":
        return decision
    return Connect(pair.b, x.number, 1, axb_calls._terms(pair))


def _partner_of_first(decision: Decision, x: XNumber, caller: str) -> Decision:
    """A caller reaches a side of the pair that was bound first."""
    pair, first = pair_of(x, caller), _first_pair(x)
    if not isinstance(decision, Connect) or pair is None or first is None:
        return decision
    return decision._replace(to=first.b if caller == pair.a else first.a)


def _no_line_rings(decision: Decision, _x: XNumber, _caller: str) -> Decision:
    if isinstance(decision, Connect) and numbers.kind(decision.to) == "fixed_line":
        return Reject(8023, decision.direction, decision.terms)
    return decision


def _day_at_most(decision: Decision, _x: XNumber, _caller: str) -> Decision:
    if isinstance(decision, Connect) and not decision.terms.max_duration:
        return decision._replace(terms=decision.terms._replace(max_duration=1440))
    return decision


def _expiring(then: Callable[[World, Pair], object]) -> Patch:
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        run(world, rank, thing)
        if isinstance(thing, Pair):
            then(world, thing)

    return patch.object(World, "_run", running)


def _renewed(world: World, pair: Pair) -> None:
    """What has expired is bound anew, without an end."""
    if pair_of(pair.x, pair.a) is None and pair_of(pair.x, pair.b) is None:
        world.bind(Pair(world.identity.subscription_id(), pair.x, pair.a, pair.b, world.now_ms))


def _limit_from_the_start() -> Patch:
    """MaxDuration counts from the start of the call instead of from the answer."""
    next_step = calls.CallEngine._next_step

    def early(engine: calls.CallEngine, call: Call) -> tuple[int, int | str] | None:
        step = next_step(engine, call)
        if step is not None and step[1] == calls._TOO_LONG and call.answered_ms is not None:
            return step[0] - (call.answered_ms - call.started_ms), step[1]
        return step

    return patch.object(calls.CallEngine, "_next_step", early)


def _closed(*status: str) -> Seed:
    return lambda: patch.object(axb_calls, "NO_CALLS", frozenset(status))


MUTANTS = (
    mutant("b-sees-a", "AXB-CALL-101", "B sees the number of A.", _caller_shown("a")),
    mutant("a-sees-b", "AXB-CALL-102", "A sees the number of B.", _caller_shown("b")),
    mutant("b-calls-anyway", "AXB-CALL-103", "Direction 1 lets B call.", _without_rows("AXB-CALL-103")),
    mutant("a-calls-anyway", "AXB-CALL-104", "Direction 2 lets A call.", _without_rows("AXB-CALL-104")),
    mutant("stranger-to-first", "AXB-CALL-105", "A stranger reaches the first B.", lambda: _routed(_stranger_to_first)),
    mutant("partner-of-first", "AXB-CALL-106", "X knows one partner only.", lambda: _routed(_partner_of_first)),
    mutant(
        "fixed-line-calls",
        "AXB-CALL-007",
        "A fixed line is put through like a mobile.",
        _without_rows("AXB-CALL-007", "AXB-OPEN-021"),
    ),
    mutant("no-line-rings", "AXB-CALL-008", "A fixed line cannot be called.", lambda: _routed(_no_line_rings)),
    mutant("unbind-cuts-calls", "AXB-CALL-009", "Unbind hangs up the calls of the binding.", unbind_cuts_calls),
    mutant("calls-unbind", "AXB-CALL-001", "A call that is over takes its binding with it.", calls_unbind),
    mutant("expiry-cuts-calls", "AXB-CALL-010", "Expiry hangs up its calls.", lambda: _expiring(cut_calls)),
    mutant("limit-from-start", "AXB-CALL-011", "maxDuration counts from the dialling.", _limit_from_the_start),
    mutant(
        "limit-cause",
        "AXB-CALL-011",
        "A call that lasts too long ends with cause 0.",
        lambda: patch.object(calls, "_TOO_LONG", 0),
    ),
    mutant("day-at-most", "AXB-CALL-012", "A call ends after a day.", lambda: _routed(_day_at_most)),
    *wrong_causes("AXB", mutant),
    mutant("unavailable-calls", "AXB-CALL-003", "An X of status 10 carries calls.", _closed("9")),
    mutant("suspended-calls", "AXB-CALL-003", "An X of status 9 carries calls.", _closed("10")),
    mutant("frozen-is-dead", "AXB-CALL-004", "A frozen X carries no calls.", _closed("9", "10", "11")),
    mutant(
        "frozen-tenant-calls",
        "AXB-CALL-002",
        "A frozen tenant has calls.",
        lambda: patch.object(axb_calls, "FROZEN", "never"),
    ),
    mutant("renewed", "AXB-STATE-001", "An expired binding is bound anew by itself.", lambda: _expiring(_renewed)),
)
