"""What a customer is told of a call that was put through, whatever became of its binding meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import cdr_of
from privnum.suites.runner.call_timing import LATE
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from collections.abc import Collection

    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["FULL", "PHASES", "PLAN", "call_in_phase", "claim_pushes"]

FULL = ["alerting", "answer", "callin", "callout", "disconnect"]
PHASES = {"forwarded": 2, "alerting": 7, "answered": 14}
"""What a call goes through, and when it is surely there by PLAN."""
PLAN: dict[str, Any] = {"ring_after": 4, "answer_after": 6, "hang_up_after": 20}


def call_in_phase(context: CheckContext, caller: str, x: str, phase: str, **plan: Any) -> CallView:
    """A call that has come so far. Raises NotExercised where it has not: nobody says how long it takes."""
    call = context.call(caller, x, **(PLAN | plan))
    call = poll_call(context, call, lambda view: view.state == phase, PHASES[phase], late=LATE)
    if call.state != phase or call.forwarded_to is None:
        raise NotExercised(f"the call is {call.state}; the check needs one that is {phase}")
    return call


def claim_pushes(
    context: CheckContext,
    call: CallView,
    pair: Pair,
    caller: str,
    user_data: Collection[str] = (),
    *,
    answered: bool = True,
) -> dict[str, Any]:
    """Claim that the events and the CDR of an ended call tell of it as it was when `caller` was put through.

    `pair` is the binding as it was then; `user_data` are its texts at any time of the call. Gives the CDR.
    """
    callee = pair.b if caller == pair.a else pair.a
    pushes = context.events(call)
    kinds = sorted(push.event_type for push in pushes)
    if answered:
        context.claim("AXB-EVENT-001", kinds == FULL, f"expected {FULL}, came {kinds}")
    else:
        ok = kinds.count("disconnect") == 1 and "answer" not in kinds
        context.claim("AXB-EVENT-002", ok, f"expected one disconnect and no answer, came {kinds}")
    for push in pushes:
        sub = push.info.get("subscriptionId") or pair.sub
        context.claim("AXB-EVENT-008", sub == pair.sub, f"{push.event_type}: expected {pair.sub}, came {sub}")
        if push.event_type == "callout":
            called = push.info.get("called") or callee
            context.claim("AXB-EVENT-007", called == callee, f"callout: expected {callee}, came {called}")
    cdr = cdr_of(context, call)
    numbers = {"bindNum": pair.x, "callerNum": caller, "calleeNum": pair.x, "fwdDisplayNum": pair.x}
    for name, number in (numbers | {"fwdDstNum": callee}).items():
        came = cdr.get(name) or number
        context.claim("AXB-CDR-005", came == number, f"CDR {name}: expected {number}, came {came}")
    came = cdr.get("subscriptionId")
    context.claim("AXB-CDR-010", came == pair.sub, f"CDR subscriptionId: expected {pair.sub}, came {came!r}")
    wanted = 1 if caller == pair.a else 0
    came = cdr.get("direction")
    context.claim("AXB-CDR-004", came == wanted, f"CDR direction: expected {wanted}, came {came!r}")
    came = cdr.get("userData")
    ok = not came or came in user_data
    context.claim("AXB-CDR-012", ok, f"CDR userData: expected one of {sorted(user_data)}, came {came!r}")
    return cdr
