"""X: of which calls the customer is asked. The rule stands in CALL_TABLE."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import Ask, Reject
from privnum.mockserver.modes.call_table import ANY, first_fit, state_of
from privnum.mockserver.modes.x.answers import CallAsked, decide
from privnum.mockserver.modes.x.settings import inbox_answer

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["XCalls"]


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it.

    None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number, `choice` that of
    the world for x.fixed_line_caller. `outcome` is the release cause; None: the customer is asked.
    """

    x: str | None
    caller: str | None
    choice: str | None
    outcome: int | None
    rule: str


#: Of which calls the customer is asked. The first row that fits counts.
CALL_TABLE: Final = (
    #        X         caller        choice    outcome  rule
    CallRule("frozen", ANY,          ANY,      7108,    "X-CALL-002"),
    CallRule("closed", ANY,          ANY,      8055,    "X-CALL-003"),
    CallRule("open",   "fixed_line", "refuse", 8023,    "X-OPEN-005"),
    CallRule("open",   ANY,          ANY,      None,    "X-CALL-101"),
)  # fmt: skip


class XCalls:
    """Calls of X: decided by CALL_TABLE, and then by the customer's answer."""

    service_type = "004"
    collects = False
    callin_names_binding = False
    callin_user_data: str | None = None
    asks = True
    ends_calls_to_nobody = False

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Ask | Reject:  # noqa: ARG002
        """Decide what becomes of a call from `caller` to `x`.

        X-CALL-002, X-CALL-003, X-CALL-101.
        """
        situation = (state_of(x), numbers.kind(caller), assumptions["x.fixed_line_caller"])
        cause = first_fit(CALL_TABLE, situation).outcome
        direction = assumptions.number("x.cdr_direction")
        if cause is not None:
            return Reject(cause, direction)
        asked = CallAsked(assumptions, x, caller)
        return Ask(direction, partial(decide, asked), inbox_answer(x.app))
