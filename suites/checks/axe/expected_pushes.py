"""What a customer is told of a call that was put through, whatever became of its binding meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import cdr_of
from privnum.suites.runner.call_timing import LATE
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["PHASES", "call_in_phase", "claim_pushes"]

ASKED = ["alerting", "answer", "callin", "callout", "collectInfo", "disconnect"]
PHASES = {"collecting": 1, "forwarded": 5, "alerting": 9, "answered": 16}
"""What a call to A goes through, and when it is surely there by PLAN."""
ENTERS = 3
PLAN: dict[str, Any] = {"digits_after": ENTERS, "ring_after": 4, "answer_after": 6, "hang_up_after": 60}


def call_in_phase(context: CheckContext, caller: str, binding: Binding, phase: str, **plan: Any) -> CallView:
    """A call to A, or A's own, that has come so far. Raises NotExercised where it has not."""
    asked = caller != binding.a
    digits = {"digits": [binding.extension]} if asked else {}
    call = context.call(caller, binding.x, **(PLAN | digits | plan))
    call = poll_call(
        context, call, lambda view: view.state == phase, PHASES[phase] - (0 if asked else ENTERS), late=LATE
    )
    if call.state != phase:
        raise NotExercised(f"the call is {call.state}; the check needs one that is {phase}")
    return call


def claim_pushes(context: CheckContext, call: CallView, binding: Binding, callee: str) -> dict[str, Any]:
    """Claim that the events and the CDR of an answered call tell of it as it was put through to `callee`.

    `binding` is what it was put through by. Gives the CDR.
    """
    to_a = callee == binding.a
    pushes = context.events(call)
    kinds = sorted(push.event_type for push in pushes)
    wanted = ASKED if to_a else [kind for kind in ASKED if kind != "collectInfo"]
    context.claim("AXE-EVENT-001" if to_a else "AXE-EVENT-101", kinds == wanted, f"expected {wanted}, came {kinds}")
    for push in pushes:
        if push.event_type == "callin":
            continue
        sub = push.info.get("subscriptionId") or binding.sub
        context.claim("AXE-EVENT-008", sub == binding.sub, f"{push.event_type}: expected {binding.sub}, came {sub}")
        if push.event_type == "callout":
            called = push.info.get("called") or callee
            context.claim("AXE-EVENT-007", called == callee, f"callout: expected {callee}, came {called}")
    cdr = cdr_of(context, call, "AXE-CDR-001")
    numbers = {"bindNum": binding.x, "callerNum": call.caller, "calleeNum": binding.x, "fwdDstNum": callee}
    for name, number in numbers.items():
        came = cdr.get(name) or number
        context.claim("AXE-CDR-005", came == number, f"CDR {name}: expected {number}, came {came}")
    came = cdr.get("subscriptionId")
    context.claim("AXE-CDR-010", came == binding.sub, f"CDR subscriptionId: expected {binding.sub}, came {came!r}")
    if to_a:
        names = ("extendNumber", "extendNum")
        told = {cdr[name] for name in names if cdr.get(name)}
        context.claim("AXE-CDR-101", told == {binding.extension}, f"CDR: expected {binding.extension}, came {told}")
        direction = cdr.get("direction")
        context.claim("AXE-CDR-004", direction == 0, f"CDR direction: expected 0, came {direction!r}")
    return cdr
