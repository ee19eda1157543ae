"""Seeded bugs of calls that only AX can have.

Whom they reach, and what is pushed of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.ax import calls as ax_calls
from privnum.mockserver.modes.ax.bindings import AXBinding, binding_on
from privnum.suites.mutation.ax.server import named_binding
from privnum.suites.mutation.calls.overlaps import RINGING, cut_in_states
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_modify
from privnum.suites.mutation.operators.calls import (
    calls_of,
    change_connect,
    change_decision,
    drop_call_rows,
)
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import serve_by

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.mockserver.modes.ax.bindings import Callee
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]


def _is_a(x: XNumber, caller: str) -> bool:
    binding = binding_on(x)
    return binding is not None and binding.a == caller


def _show_caller(*, of_a: bool) -> Operator:
    """Show the callee the real number of A who calls, or of others."""

    def show(decision: Connect, x: XNumber, caller: str) -> Decision:
        return decision._replace(shown=caller) if _is_a(x, caller) == of_a else decision

    return change_connect(show)


def _a_to_himself(decision: Decision, x: XNumber, caller: str) -> Decision:
    """Let A without a callee reach himself."""
    if isinstance(decision, Reject) and decision.cause == 8013 and _is_a(x, caller):
        return Connect(caller, x.number, 1, decision.terms) if decision.terms else decision
    return decision


def _former_a(right: Any, self: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
    """Let a call to X reach the A who had it first."""
    decision: Decision = right(self, assumptions, x, caller, now_ms)
    binding = binding_on(x)
    if binding is None:
        return decision
    first = _FIRST.setdefault(id(x), (x, binding.a))[1]
    return decision._replace(to=first) if isinstance(decision, Connect) and decision.to == binding.a else decision


_FIRST: dict[int, tuple[XNumber, str]] = {}
"""X and the A who had it first; X is kept, so that no other has its id."""


def _no_line(decision: Connect, x: XNumber, _caller: str) -> Decision:
    binding = binding_on(x)
    at_home = binding is not None and decision.to == binding.a
    return Reject(8023, 0) if at_home and numbers.kind(decision.to) == "fixed_line" else decision


def _without_callee(right: Any, assumptions: Assumptions, binding: AXBinding, _callee: Callee | None) -> Any:
    return right(assumptions, binding, None)


def _with_callee(right: Any, assumptions: Assumptions, binding: AXBinding, _callee: Callee | None) -> Any:
    """Push userData of the callee with whatever call."""
    return right(assumptions, binding, binding.callee)


def _move_ringing(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Let a call of A's that runs go on at the new callee."""
    fields: Fields = right(world, app, params)
    binding = named_binding(world, params)
    for call in () if binding is None else calls_of(world, binding):
        if call.caller == (None if binding is None else binding.a):
            call.forwarded_to = params["calleeNum"]
    return fields


def _service_a(decision: Decision, x: XNumber, caller: str) -> Decision:
    """Put a call through to A who has a 400 or 95 number."""
    binding = binding_on(x)
    if not isinstance(decision, Reject) or decision.cause != 8100 or decision.terms is None or binding is None:
        return decision
    is_as_a = caller != binding.a and numbers.kind(binding.a) == "service"
    return Connect(binding.a, x.number, 0, decision.terms) if is_as_a else decision


BUGS = (
    Bug(
        "service-numbers-called",
        "BIND-027",
        "400 and 95 numbers can be bound, and are called.",
        together(
            replace(parameters, "_BINDABLE", (*parameters._BINDABLE, "service")),
            change_decision(_service_a),
        ),
    ),
    Bug("caller-shown", "CALL-101", "A sees the real caller.", _show_caller(of_a=False)),
    Bug("a-shown", "CALL-102", "The temporary callee sees A.", _show_caller(of_a=True)),
    Bug("callee-moves", "CALL-102", "A new callee gets the call that runs.", serve_by("set_callee", _move_ringing)),
    Bug("a-calls-himself", "CALL-103", "A without a callee reaches himself.", change_decision(_a_to_himself)),
    Bug("others-call-anyway", "CALL-104", "Direction 1 lets others call.", drop_call_rows("AX-CALL-104")),
    Bug("a-calls-anyway", "CALL-105", "Direction 2 lets A call.", drop_call_rows("AX-CALL-105")),
    Bug(
        "unbound-is-stranger",
        "CALL-106",
        "An X without a binding has the cause of AXB.",
        change_decision(
            lambda decision, _x, _caller: (
                decision._replace(cause=8014) if isinstance(decision, Reject) and decision.cause == 8018 else decision
            )
        ),
    ),
    Bug(
        "former-a-reached", "CALL-107", "X leads to the A who had it first.", wrap(ax_calls.AXCalls, "route", _former_a)
    ),
    Bug("lines-unreached", "CALL-008", "A on a fixed line is not called.", change_connect(_no_line)),
    Bug("callee-data-lost", "EVENT-101", "userData of the callee is lost.", wrap(ax_calls, "_terms", _without_callee)),
    Bug("callee-data-always", "EVENT-101", "It is sent of other calls too.", wrap(ax_calls, "_terms", _with_callee)),
    Bug(
        "a-ends-ringing",
        "OPEN-050",
        "A new A ends calls that ring.",
        after_modify(cut_in_states(*RINGING), "origNum"),
    ),
    Bug(
        "direction-ends-ringing",
        "CALL-101",
        "A modify of callDirection ends calls that ring.",
        after_modify(cut_in_states(*RINGING), "callDirection"),
    ),
)
