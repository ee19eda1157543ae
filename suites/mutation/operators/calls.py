"""Edits of calls: whom they reach, when and why they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast
from unittest.mock import patch

from privnum.mockserver.calls import engine
from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.calls.participants import BEHAVIOURS
from privnum.mockserver.core.modes import Ask, Collect, Connect
from privnum.mockserver.modes import call_table
from privnum.suites.mutation.model import Operator, mode_operator, operator
from privnum.suites.mutation.operators.code import set_entry, set_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Decision, DigitsDecision, Reject
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = [
    "await_next_anew",
    "calls_of",
    "carry_calls_but_in",
    "change_connect",
    "change_decision",
    "count_limit_from",
    "cut_calls",
    "drop_call_rows",
    "end_with",
    "give_up_with",
    "wait_in_silence",
]

T = TypeVar("T", "Connect", "Reject", "Collect", "Decision")


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def change_decision(mode: ServerMode, change: Callable[[Decision, XNumber, str], Decision]) -> Patch:
    """Change what becomes of a call.

    `change` gets the right decision, X and the caller.

    Where the caller is asked for digits, it gets the decision on what was entered; where the customer is asked, that of
    his answer.
    """
    route = mode.calls.route  # type: ignore[attr-defined]

    def changed_decision(decision: Decision, x: XNumber, caller: str) -> Decision:
        if isinstance(decision, Ask):
            answered = decision.answered
            return decision._replace(
                answered=lambda body: cast("Connect | Reject", changed_decision(answered(body), x, caller))
            )
        if not isinstance(decision, Collect):
            return change(decision, x, caller)

        def decide_by_digits(entries: tuple[str, ...]) -> DigitsDecision:
            right = decision.entered(entries)
            return right._replace(then=changed_decision(right.then, x, caller))

        return decision._replace(entered=decide_by_digits)

    def routing(self: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        return changed_decision(route(self, assumptions, x, caller, now_ms), x, caller)

    return patch.object(mode.calls, "route", routing)


def change_connect(change: Callable[[Connect, XNumber, str], Decision]) -> Operator:
    """Change what becomes of a call that is to be put through."""

    def change_it(decision: Decision, x: XNumber, caller: str) -> Decision:
        return change(decision, x, caller) if isinstance(decision, Connect) else decision

    return change_decision(change_it)


@mode_operator
def drop_call_rows(mode: ServerMode, *rules: str) -> Patch:
    """Route calls by the table without the rows of these rules.

    Without rules: those that refuse a fixed line.
    """
    dropped = rules or mode.fixed_line_rows
    rows = tuple(row for row in mode.routing.CALL_TABLE if row.rule not in dropped)
    return patch.object(mode.routing, "CALL_TABLE", rows)


@operator
def carry_calls_but_in(*statuses: str) -> Patch:
    """Let an X carry calls in every status but these."""
    return patch.object(call_table, "NO_CALLS", frozenset(statuses))


# ── how it ends ──────────────────────────────────────────────────────────────────────────────────────────────────────


def end_with(behaviour: str, cause: int) -> Operator:
    """End a call that the callee does not take with another cause."""
    return set_row(BEHAVIOURS, behaviour, outcome=cause)


def wait_in_silence(seconds: int) -> Operator:
    """Wait so long for a network that says nothing."""
    return set_row(BEHAVIOURS, "silent", wait=seconds)


def give_up_with(state: str, cause: int) -> Operator:
    """End a call whose caller hangs up in that state with another cause."""
    return set_entry(engine._GAVE_UP, state, cause)


@operator
def count_limit_from(since: Callable[[Call], int | None]) -> Patch:
    """Count the limit of a call from another instant."""
    next_step = CallEngine._next_step

    def changed_step(calls: CallEngine, call: Call) -> tuple[int, int | str] | None:
        step, start = next_step(calls, call), since(call)
        if step is not None and step[1] == engine._TOO_LONG and start is not None and call.answered_ms is not None:
            return step[0] + start - call.answered_ms, step[1]
        return step

    return patch.object(CallEngine, "_next_step", changed_step)


# ── acts of an edit ──────────────────────────────────────────────────────────────────────────────────────────────────


def calls_of(world: World, binding: Binding) -> list[Call]:
    """The calls of a binding that run."""
    found = (world.call_engine.get(view["id"]) for view in world.call_engine.view())
    running = [call for call in found if call is not None and call.state != "ended" and call.terms is not None]
    return [call for call in running if call.terms and call.terms.subscription_id == binding.subscription_id]


def cut_calls(world: World, binding: Binding) -> None:
    """Hang up the calls of a binding."""
    for call in calls_of(world, binding):
        world.call_engine.end(call, 0, world.now_ms)


def await_next_anew(world: World, call: Call) -> None:
    """Work out anew what happens next on a call."""
    if call.waiting:
        world.timers.cancel(call)
        call.waiting = False
    world.call_engine._await_next(call)
