"""AXB: who reaches whom by a call to X. The rule stands in CALL_TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import BindingSnapshot, Connect, Reject
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.mockserver.modes.call_table import ANY, first_fit, state_of
from privnum.mockserver.modes.parameters import can_be_called

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.modes.axb.bindings import Pair

__all__ = ["CALL_TABLE", "AXBCalls", "CallRule"]


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it.

    None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number, `role` that of the
    caller in his binding on X ("none" where he has none), `direction` the binding's callDirection, `choice` the
    world's choice for call.fixed_line_precedence. `outcome` is the side that is called, or the release cause.
    """

    x: str | None
    caller: str | None
    role: str | None
    direction: int | None
    choice: str | None
    outcome: str | int
    rule: str


#: Who reaches whom. The first row that fits counts.
CALL_TABLE: Final = (
    #        X         caller        role    direction  choice        outcome  rule
    CallRule("frozen", ANY,         ANY,   ANY,      ANY,         7108,    "AXB-CALL-002"),
    CallRule("closed", ANY,         ANY,   ANY,      ANY,         8055,    "AXB-CALL-003"),
    CallRule("open",   "fixed_line", ANY,   ANY,      "fixed_line", 8023,    "COM-OPEN-069"),
    CallRule("open",   ANY,         "none", ANY,      ANY,         8014,    "AXB-CALL-105"),
    CallRule("open",   ANY,         "B",    1,         ANY,         8016,    "AXB-CALL-103"),
    CallRule("open",   ANY,         "A",    2,         ANY,         8016,    "AXB-CALL-104"),
    CallRule("open",   "fixed_line", ANY,   ANY,      ANY,         8023,    "AXB-CALL-007"),
    CallRule("open",   ANY,         "A",    ANY,      ANY,         "B",     "AXB-CALL-101"),
    CallRule("open",   ANY,         "B",    ANY,      ANY,         "A",     "AXB-CALL-102"),
)  # fmt: skip


#: direction of the CDR by the caller's role (AXB-CDR-004).
_CDR_DIRECTION: Final = {"A": 1, "B": 0, "none": 2}


_ABNORMAL: Final = 2


#: Release cause where the bound partner is no number that can be called: "number format wrong" (numbers.service_user).
_MALFORMED: Final = 8014


class AXBCalls:
    """Calls of AXB: the decision stands in CALL_TABLE."""

    service_type = "004"
    collects = False
    callin_names_binding = True
    callin_user_data: str | None = None
    asks = False
    ends_calls_to_nobody = False

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Connect | Reject:  # noqa: ARG002
        """Decide what becomes of a call from `caller` to `x`.

        AXB-CALL-101, AXB-CALL-102, AXB-CALL-103, AXB-CALL-104, AXB-CALL-105, AXB-CALL-106, AXB-CALL-007, AXB-CALL-008.
        """
        binding = pair_of(x, caller)
        role = "none" if binding is None else "A" if binding.a == caller else "B"
        situation = (
            state_of(x),
            numbers.kind(caller),
            role,
            None if binding is None else binding.direction or 0,
            assumptions["call.fixed_line_precedence"],
        )
        outcome = first_fit(CALL_TABLE, situation).outcome
        if binding is not None and isinstance(outcome, str):
            outcome = outcome if can_be_called(binding.b if outcome == "B" else binding.a) else _MALFORMED
        terms = None if binding is None else _terms(binding)
        direction = _CDR_DIRECTION[role]
        if binding is not None and terms is not None and isinstance(outcome, str):
            return Connect(binding.b if outcome == "B" else binding.a, x.number, direction, terms)
        if terms is not None and assumptions["cdr.direction_of_refused"] == "abnormal":
            direction = _ABNORMAL
        return Reject(int(outcome), direction, terms)


def _terms(binding: Pair) -> BindingSnapshot:
    recorded, announced = binding.record is True, bool(binding.record_tone)
    return BindingSnapshot(binding.subscription_id, binding.user_data, binding.max_duration or 0, recorded, announced)
