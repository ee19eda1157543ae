"""Putting a call through, whatever its mode.

Setting up, interception by the carrier, what its CDR may show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.calls import run
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from privnum.suites.oracle.calls import CallPlan, ExpectedCall
    from privnum.suites.oracle.state import OracleState
    from privnum.suites.oracle.types import Binding

    State = OracleState[Any, Any, Any]

__all__ = ["forward", "is_announced", "note_settings"]

INTERCEPTED = 8059


def forward(
    state: State, call: ExpectedCall, binding: Binding, to: str, plan: CallPlan, *, limit_minutes: int = 0
) -> bool:
    """Put `call` through to `to` by `binding` now.

    Returns whether it passes, and is not intercepted by the carrier.

    Raises Undecided where the contract leaves it open.
    """
    setup = int(state.assumptions.choose("call.setup_seconds"))
    if _is_intercepted(state, binding):
        call.requirement, call.acts_at = "AXB-OPEN-039", None
        call.end(state.now + setup, frozenset((INTERCEPTED,)))
        call.ends_from = state.now
        return False
    if kind_of(to) not in {"mobile", "fixed_line"}:
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
    """Whether a tone tells that calls of `binding` are recorded."""
    return bool(binding.text("recordHintTone"))


def note_settings(call: ExpectedCall, binding: Binding) -> None:
    """Add what the CDR may show of the binding.

    The values in force at some time of the call.
    """
    call.user_data.add(binding.text("userData"))
    call.recorded.add(bool(binding.fields.get("recordFlag")))
    if not is_announced(binding):
        call.recorded.add(False)  # that a call is recorded which nothing announces is nowhere said
