"""Whom a call to X reaches, and for which cause it is refused.

The decision table of AX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from privnum.suites.oracle.calls import CallPlan, ExpectedCall
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.routing import NO_BINDING, directions_of_refused, forward, refuse, with_number_faults

if TYPE_CHECKING:
    from privnum.suites.oracle.ax.state import AxState
    from privnum.suites.oracle.ax.types import AxBinding, TemporaryCallee

__all__ = ["AxCall", "expect_call"]

NO_CALLEE, WRONG_DIRECTION, UNBOUND, REAL_CALLER = 8013, 8016, 8018, 8024
CALLEES = frozenset(("mobile", "fixed_line", "service"))
"""Kinds of numbers that A may call."""
TO_A, FROM_A = 0, 1
"""The directions of a CDR."""


@dataclass(slots=True)
class AxCall(ExpectedCall):
    """One AX call as it must be."""

    mode: ClassVar[str] = "AX"
    service_type: ClassVar[str] = "003"
    recording_domain: ClassVar[bool] = True
    reports_display: ClassVar[bool] = True
    callee: TemporaryCallee | None = None
    """Through whom A's call went, or would have gone but for the carrier."""


def expect_call(state: AxState, caller: str, x: str, plan: CallPlan) -> AxCall:
    """How a call that `caller` places to `x` now must go."""
    call = AxCall(caller, x, state.now, "AX-CALL-106")
    binding = state.bound_on(x)
    from_a = binding is not None and caller == binding.a
    role = NO_BINDING if binding is None else FROM_A if from_a else TO_A
    callee = state.callee_of(binding) if binding is not None and from_a else None
    causes = with_number_faults(state, caller, x, _refusals(state, binding, callee, from_a=from_a))
    if binding is None or causes:
        refuse(state, call, causes, directions_of_refused(state, x, role))
        return call
    call.requirement = _rule(state, binding, callee)
    to = binding.a if callee is None else callee.number
    passes = forward(state, call, binding, to, plan, limit_minutes=binding.limit_minutes, kinds=CALLEES)
    call.callee = callee
    if passes:
        call.directions = frozenset((role,))
        call.callin_user_data = binding.text("userData") or None
        call.user_data |= {callee.user_data} if callee is not None and callee.user_data else set()
    return call


def _rule(state: AxState, binding: AxBinding, callee: TemporaryCallee | None) -> str:
    """The requirement by which the call is put through: the most special one."""
    if state.status.get(binding.x) == "11":
        return "AX-CALL-004"
    if callee is not None:
        return callee.requirement
    if kind_of(binding.a) == "fixed_line":
        return "AX-CALL-008"
    if "origNum" in binding.carried:
        return "AX-MODIFY-003"
    return "AX-MODIFY-007" if "callDirection" in binding.carried else "AX-CALL-101"


def _refusals(
    state: AxState, binding: AxBinding | None, callee: TemporaryCallee | None, *, from_a: bool
) -> dict[int, str]:
    """Causes for which the binding does not let the call pass.

    Each has its rule.
    """
    if binding is None:
        return {UNBOUND: "AX-CALL-106"}
    causes = _faults_of_a(state, binding, callee) if from_a else {}
    if not from_a and binding.direction == 1:
        causes[WRONG_DIRECTION] = "AX-CALL-104"
    if not from_a and binding.fields.get("calleeNumDisplay") == "1":
        causes[REAL_CALLER] = "AX-OPEN-014"
    return causes | _switched_off(state, binding, from_a=from_a)


def _faults_of_a(state: AxState, binding: AxBinding, callee: TemporaryCallee | None) -> dict[int, str]:
    """What direction and temporary callee have against a call of A's."""
    faults = {NO_CALLEE: binding.without_callee} if callee is None else {}
    if binding.direction != 2:
        return faults
    if callee is None:
        named = state.assumptions.any_of("ax.direction_and_callee", "direction", "callee")
        by_choice = {"direction": WRONG_DIRECTION, "callee": NO_CALLEE}
        return {by_choice[str(choice)]: "AX-OPEN-025" for choice in named}
    return {WRONG_DIRECTION: "AX-CALL-105"}


def _switched_off(state: AxState, binding: AxBinding, *, from_a: bool) -> dict[int, str]:
    """What speaks against a call to an X that is switched off.

    Raises Undecided where nobody says what it does.
    """
    if binding.fields.get("turnFlag") != "off":
        return {}
    carries_not = state.assumptions.choose("ax.turned_off", "to_a", "all", "none")
    if carries_not == "none" or (carries_not == "to_a" and from_a):
        return {}
    return {int(state.assumptions.choose("ax.turned_off_cause")): "AX-OPEN-023"}
