"""Seeded bugs of the question to the customer: when, and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.calls.call import Asking
from privnum.mockserver.core.modes import Ask, Connect
from privnum.mockserver.modes.x import calls as x_calls
from privnum.mockserver.pushes.outbox import Outbox
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.calls import change_decision, give_up_with
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.pushes import repeat_event, set_event_field

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision
    from privnum.mockserver.pushes.push import Push
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]


def _another_x(call: Call, info: Fields) -> Any:
    others = [x.number for x in call.x.app.numbers if x is not call.x]
    return others[0] if others else info["called"]


def _remember_connection() -> Operator:
    """Put later calls from a caller through as the first, and ask no more."""
    known: dict[tuple[str, str], Connect] = {}

    def remember(decision: Decision, x: XNumber, caller: str) -> Decision:
        if isinstance(decision, Connect):
            known[caller, x.number] = decision
        return known.get((caller, x.number), decision)

    def route(right: Any, *given: Any) -> Decision:
        decision: Decision = right(*given)
        x, caller = given[2], given[3]
        return known.get((caller, x.number), decision) if isinstance(decision, Ask) else decision

    return together(change_decision(remember), wrap(x_calls.XCalls, "route", route))


def _wait_for_ever(right: Any, asking: Asking) -> tuple[int, str]:
    step: tuple[int, str] = right(asking)
    return (asking.inbox_ms, "inbox") if asking.inbox_ms is not None else step


def _take_any_status(right: Any, outbox: Outbox, push: Push, outcome: str, *rest: Any) -> None:
    asks = push.kind == "call_event" and push.question is not None
    right(outbox, push, "200" if asks and outcome.isdecimal() else outcome, *rest)


def _take_200_alone(right: Any, outbox: Outbox, push: Push, outcome: str, *rest: Any) -> None:
    asks = push.kind == "call_event" and push.question is not None
    right(outbox, push, "500" if asks and outcome in ("201", "202", "206") else outcome, *rest)


BUGS = (
    Bug("asked-again", "CALL-101", "The customer is asked again a second later.", repeat_event("callin")),
    Bug("not-asked", "CALL-101", "A caller who was connected once is not asked of again.", _remember_connection()),
    Bug("asked-of-another", "CALL-101", "callin names another X.", set_event_field("callin", "called", _another_x)),
    Bug("gave-up-asking", "CALL-102", "Giving up while the customer is asked is 7501.", give_up_with("asking", 7501)),
    Bug(
        "waits-for-ever",
        "CALL-103",
        "A caller waits for the customer as long as it takes.",
        wrap(Asking, "next_step", _wait_for_ever),
    ),
    Bug(
        "any-status",
        "CALL-103",
        "The body of an answer counts whatever its status.",
        wrap(Outbox, "record", _take_any_status),
    ),
    Bug(
        "200-alone",
        "COM-OPEN-026",
        "An answer to callin counts with status 200 alone, one to another push with any success.",
        wrap(Outbox, "record", _take_200_alone),
    ),
    Bug("no-patience", "CALL-104", "Nobody is waited for.", replace(Asking, "next_step", lambda _: (0, 8014))),
)
