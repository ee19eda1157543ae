"""Putting a call through, whatever its mode.

Setting up, interception by the carrier, what its CDR may show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.calls import ANYWHERE, run
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.calls import CallPlan, ExpectedCall
    from privnum.suites.oracle.state import OracleState
    from privnum.suites.oracle.types import Binding

    State = OracleState[Any, Any, Any]

__all__ = ["directions_of_refused", "forward", "is_announced", "note_settings", "refuse", "with_number_faults"]

INTERCEPTED, FIXED_LINE, SUSPENDED = 8059, 8023, 8055
NO_BINDING = 2
"""The direction that a CDR has where there is no binding."""
BOUND_USERS = frozenset(("mobile", "fixed_line"))


def with_number_faults(state: State, caller: str, dialled: str, causes: dict[int, str]) -> dict[int, str]:
    """The causes for which a call may be refused, each with its rule.

    None: it is put through.

    `causes` are those of the binding; a blocked number and a fixed line that calls come on top.
    """
    fixed = kind_of(caller) == "fixed_line"
    if state.status.get(dialled) in {"9", "10"}:
        return dict.fromkeys((SUSPENDED, *causes, *((FIXED_LINE,) if fixed else ())), state.rule("CALL-003"))
    if fixed and not causes:
        return {FIXED_LINE: state.rule("CALL-007")}
    if fixed and state.assumptions.choose("call.fixed_line_precedence", "fixed_line", "binding") == "fixed_line":
        return {FIXED_LINE: "COM-OPEN-069"}
    return causes


def refuse(state: State, call: ExpectedCall, causes: Mapping[int, str], directions: frozenset[int]) -> None:
    """End `call` at once, for one of these causes, of which each has its rule."""
    call.requirement = min(causes.values())
    call.causes = frozenset(causes)
    call.ends_from = call.ends_by = state.now
    call.directions = directions


def directions_of_refused(state: State, dialled: str, role: int) -> frozenset[int]:
    """What direction the CDR of a refused call may show.

    `role`: that which it would have if it were put through.
    """
    if role == NO_BINDING:
        return frozenset((NO_BINDING,))
    if state.status.get(dialled) in {"9", "10"}:
        return ANYWHERE
    choices = state.assumptions.any_of("cdr.direction_of_refused", "role", "abnormal")
    return frozenset(role if choice == "role" else NO_BINDING for choice in choices)


def forward(
    state: State,
    call: ExpectedCall,
    binding: Binding,
    to: str,
    plan: CallPlan,
    *,
    limit_minutes: int = 0,
    kinds: frozenset[str] = BOUND_USERS,
) -> bool:
    """Put `call` through to `to` by `binding` now.

    Returns whether it passes, and is not intercepted by the carrier.

    `kinds` are the kinds of numbers that can be reached.

    Raises Undecided where the contract leaves it open.
    """
    setup = int(state.assumptions.choose("call.setup_seconds"))
    if _is_intercepted(state, binding):
        call.requirement, call.acts_at = "COM-OPEN-077", None
        call.end(state.now + setup, frozenset((INTERCEPTED,)))
        call.ends_from = state.now
        return False
    if kind_of(to) not in kinds:
        raise Undecided("a call to a number that is no user's, of which a bind may be of no effect")
    call.forwarded_to, call.subscription_id = to, binding.subscription_id
    note_settings(call, binding)
    run(call, plan, limit_minutes, state.now, setup=setup)
    return True


def _is_intercepted(state: State, binding: Binding) -> bool:
    """Whether the carrier stops a call that is recorded unannounced."""
    if not (binding.fields.get("recordFlag") and state.around.recording) or is_announced(binding):
        return False
    return state.assumptions.choose("call.unannounced_recording", "put_through", "intercept") == "intercept"


def is_announced(binding: Binding) -> bool:
    """Whether a tone announces that calls of `binding` are recorded."""
    return bool(binding.text("recordHintTone"))


def note_settings(call: ExpectedCall, binding: Binding) -> None:
    """Add what the CDR may show of the binding.

    The values in force at some time of the call.
    """
    call.user_data.add(binding.text("userData"))
    call.recorded.add(bool(binding.fields.get("recordFlag")))
    if not is_announced(binding):
        call.recorded.add(False)  # that a call is recorded which nothing announces is nowhere said
