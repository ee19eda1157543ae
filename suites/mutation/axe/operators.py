"""Edits of AXE alone.

Where extensions are looked up, whom an operation takes for the one that is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.core.modes import Connect
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.suites.mutation.axe.server import SERVER, by_digits, named_bindings
from privnum.suites.mutation.model import Fields, operator
from privnum.suites.mutation.operators.code import together, wrap
from privnum.suites.mutation.operators.requests import check_by, serve_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params, Reject
    from privnum.mockserver.modes.axe.bindings import Extension
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Operator, Patch

__all__ = ["change_reach_of_a", "look_up_in", "route_by", "take_all_of_x", "take_first_of_x"]


@operator
def look_up_in(index: Callable[[Call, dict[str, Extension], int], dict[str, Extension]]) -> Patch:
    """Look extensions that are dialled up elsewhere.

    `index` gets the call, the right index and the time.
    """
    end_collection = CallEngine._end_collection

    def looking(engine: CallEngine, call: Call, now_ms: int) -> None:
        held = extensions_of(call.x)
        if held is None:
            end_collection(engine, call, now_ms)
            return
        right, held.by_digits = held.by_digits, index(call, by_digits(call.x), now_ms)
        try:
            end_collection(engine, call, now_ms)
        finally:
            held.by_digits = right

    return patch.object(CallEngine, "_end_collection", looking)


@operator
def route_by(route: Callable[[Callable[[XNumber, str], Decision], XNumber, str, int], Decision]) -> Patch:
    """Decide by `route` what becomes of a call.

    It gets the right way to decide, X, the caller and the time.
    """
    right = axe_calls.AXECalls.route

    def routing(mode: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        def decide(x: XNumber, caller: str) -> Decision:
            return right(mode, assumptions, x, caller, now_ms)

        return route(decide, x, caller, now_ms)

    return patch.object(axe_calls.AXECalls, "route", routing)


def change_reach_of_a(change: Callable[[Connect, Extension, str], Connect | Reject]) -> Operator:
    """Change what becomes of a caller who is to be put through to A."""

    def answer(right: Any, assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Connect | Reject:
        decision: Connect | Reject = right(assumptions, a, caller, cause)
        return change(decision, a, caller) if isinstance(decision, Connect) else decision

    return wrap(axe_calls, "_answer_to_n", answer)


# ── selectors ────────────────────────────────────────────────────────────────────────────────────────────────────────


def take_first_of_x(operation: str) -> Operator:
    """Take the first binding on X for that of virtualNum and extendNum."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" not in params and (found := named_bindings(world, params)):
            params["extendNum"] = found[0].digits
        fields: Fields = right(world, app, params)
        return fields

    return serve_by(operation, perform)


def take_all_of_x(operation: str) -> Operator:
    """Let X alone select every binding on it; a query shows the first."""
    right_check = SERVER.handler(operation).check

    def check(assumptions: Assumptions, params: Params) -> None:
        if right_check is not None and ("virtualNum" not in params or "extendNum" in params):
            right_check(assumptions, params)

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" in params or "extendNum" in params:
            fields: Fields = right(world, app, params)
            return fields
        answers = [
            right(world, app, params | {"subscriptionId": one.subscription_id}) for one in named_bindings(world, params)
        ]
        return answers[0] if answers else {}

    return together(check_by(operation, check), serve_by(operation, perform))
