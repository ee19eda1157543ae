"""Whom a call to X reaches, and for which cause it is refused.

The decision table of AXB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from privnum.suites.oracle.calls import CallPlan, ExpectedCall
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.routing import directions_of_refused, forward, refuse, with_number_faults

if TYPE_CHECKING:
    from privnum.suites.oracle.axb.state import AxbState
    from privnum.suites.oracle.axb.types import AxbBinding

__all__ = ["AxbCall", "expect_call"]


@dataclass(slots=True)
class AxbCall(ExpectedCall):
    """One AXB call as it must be."""

    mode: ClassVar[str] = "AXB"
    service_type: ClassVar[str] = "004"
    recording_domain: ClassVar[bool] = True
    reports_display: ClassVar[bool] = True


def expect_call(state: AxbState, caller: str, x: str, plan: CallPlan) -> AxbCall:
    """How a call that `caller` places to `x` now must go."""
    call = AxbCall(caller, x, state.now, "AXB-CALL-105")
    binding = next((b for b in state.on(x) if caller in b.users), None)
    role = 2 if binding is None else 1 if caller == binding.a else 0
    causes = with_number_faults(state, caller, x, _refusals(caller, binding))
    if binding is None or causes:
        refuse(state, call, causes, directions_of_refused(state, x, role))
        return call
    call.requirement = _rule(state, caller, binding)
    if forward(state, call, binding, binding.partner(caller), plan, limit_minutes=binding.limit_minutes):
        call.directions = frozenset((role,))
        call.callin_user_data = binding.text("userData") or None
    return call


def _rule(state: AxbState, caller: str, binding: AxbBinding) -> str:
    """The requirement by which the call is put through: the most special one."""
    if state.status.get(binding.x) == "11":
        return "AXB-CALL-004"
    if kind_of(binding.partner(caller)) == "fixed_line":
        return "AXB-CALL-008"
    if binding.carried & {"callerNum", "calleeNum"}:
        return "AXB-MODIFY-003" if "callerNum" in binding.carried else "AXB-MODIFY-101"
    if "callDirection" in binding.carried:
        return "AXB-MODIFY-007"
    if len(state.on(binding.x)) > 1:
        return "AXB-CALL-106"
    return "AXB-CALL-101" if caller == binding.a else "AXB-CALL-102"


def _refusals(caller: str, binding: AxbBinding | None) -> dict[int, str]:
    """Causes for which the binding does not let the call pass.

    Each with its rule.
    """
    if binding is None:
        return {8014: "AXB-CALL-105"}
    if binding.direction == (1 if caller == binding.b else 2):
        return {8016: "AXB-CALL-103" if caller == binding.b else "AXB-CALL-104"}
    return {}
