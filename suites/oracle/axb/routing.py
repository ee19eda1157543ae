"""Whom a call to X reaches, and for which cause it is refused.

The decision table of AXB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from privnum.suites.oracle.calls import CallPlan, ExpectedCall
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.routing import forward

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

    def numbers(self) -> dict[str, str]:
        """See ExpectedCall; the CDR has what the callee saw, too."""
        return ExpectedCall.numbers(self) | ({"fwdDisplayNum": self.x} if self.forwarded else {})


def expect_call(state: AxbState, caller: str, x: str, plan: CallPlan) -> AxbCall:
    """How a call that `caller` places to `x` now must go."""
    call = AxbCall(caller, x, state.now, "AXB-CALL-105")
    binding = next((b for b in state.on(x) if caller in b.users), None)
    causes = _refusals(state, caller, x, binding)
    if binding is None or causes:
        call.requirement = min(causes.values())
        call.causes = frozenset(causes)
        call.ends_from = call.ends_by = state.now
        call.directions = _refused_directions(state, caller, x, binding)
        return call
    call.requirement = _rule(state, caller, binding)
    if forward(state, call, binding, binding.partner(caller), plan, limit_minutes=binding.limit_minutes):
        call.directions = frozenset((1 if caller == binding.a else 0,))
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


def _refusals(state: AxbState, caller: str, x: str, binding: AxbBinding | None) -> dict[int, str]:
    """Causes for which the call may be refused, each with its rule.

    None: it is put through.
    """
    fixed = kind_of(caller) == "fixed_line"
    causes: dict[int, str] = {}
    if binding is None:
        causes[8014] = "AXB-CALL-105"
    elif binding.direction == (1 if caller == binding.b else 2):
        causes[8016] = "AXB-CALL-103" if caller == binding.b else "AXB-CALL-104"
    if state.status.get(x) in {"9", "10"}:
        causes = dict.fromkeys((8055, *causes, *((8023,) if fixed else ())), "AXB-CALL-003")
    elif fixed and not causes:
        causes = {8023: "AXB-CALL-007"}
    elif fixed and state.assumptions.choose("call.fixed_line_precedence", "fixed_line", "binding") == "fixed_line":
        causes = {8023: "AXB-OPEN-021"}
    return causes


def _refused_directions(state: AxbState, caller: str, x: str, binding: AxbBinding | None) -> frozenset[int]:
    """What direction the CDR of a refused call may show."""
    if binding is None:
        return frozenset((2,))
    if state.status.get(x) in {"9", "10"}:
        return frozenset((0, 1, 2))
    role = 1 if caller == binding.a else 0
    assumptions = state.assumptions.any_of("cdr.direction_of_refused", "role", "abnormal")
    return frozenset(role if choice == "role" else 2 for choice in assumptions)
