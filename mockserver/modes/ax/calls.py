"""AX: who reaches whom by a call to X. The rule stands in CALL_TABLE."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import BindingSnapshot, Connect, Reject
from privnum.mockserver.modes.ax.bindings import binding_on
from privnum.mockserver.modes.call_table import ANY, first_fit, state_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.modes.ax.bindings import AXBinding, Callee

__all__ = ["CALL_TABLE", "AXCalls"]


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it.

    None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number, `role` "A" where
    the caller is A of X, "N" where another is, "none" where X has no binding. `power` is "off" where the binding's
    turnFlag stands against the call, `direction` its callDirection, `callee` whether a temporary callee is set,
    `shown` its calleeNumDisplay where others call. `choice` holds the world's choices that are asked for.
    `outcome` is who is called, the release cause, or the assumption that holds it.
    """

    x: str | None
    caller: str | None
    role: str | None
    power: str | None
    direction: int | None
    callee: str | None
    shown: int | None
    fixed_line_first: bool | None
    callee_first: bool | None
    outcome: str | int
    rule: str


#: Who reaches whom. The first row that fits counts.
CALL_TABLE: Final = (
    #        X         caller        role    power  dir. callee shown fixed callee outcome      rule
    CallRule("frozen", ANY,          ANY,    ANY,   ANY, ANY,   ANY,  ANY,  ANY,   7108,        "AX-CALL-002"),
    CallRule("closed", ANY,          ANY,    ANY,   ANY, ANY,   ANY,  ANY,  ANY,   8055,        "AX-CALL-003"),
    CallRule("open",   "fixed_line", ANY,    ANY,   ANY, ANY,   ANY,  True, ANY,   8023,        "COM-OPEN-069"),
    CallRule("open",   ANY,          "none", ANY,   ANY, ANY,   ANY,  ANY,  ANY,   8018,        "AX-CALL-106"),
    CallRule("open",   ANY,          ANY,    "off", ANY, ANY,   ANY,  ANY,  ANY,   "off",       "AX-OPEN-023"),
    CallRule("open",   ANY,          "N",    ANY,   1,   ANY,   ANY,  ANY,  ANY,   8016,        "AX-CALL-104"),
    CallRule("open",   ANY,          "A",    ANY,   2,   "no",  ANY,  ANY,  True,  8013,        "AX-OPEN-025"),
    CallRule("open",   ANY,          "A",    ANY,   2,   ANY,   ANY,  ANY,  ANY,   8016,        "AX-CALL-105"),
    CallRule("open",   ANY,          "A",    ANY,   ANY, "no",  ANY,  ANY,  ANY,   8013,        "AX-CALL-103"),
    CallRule("open",   "fixed_line", ANY,    ANY,   ANY, ANY,   ANY,  ANY,  ANY,   8023,        "AX-CALL-007"),
    CallRule("open",   ANY,          "N",    ANY,   ANY, ANY,   1,    ANY,  ANY,   8024,        "AX-OPEN-014"),
    CallRule("open",   ANY,          "N",    ANY,   ANY, ANY,   ANY,  ANY,  ANY,   "A",         "AX-CALL-101"),
    CallRule("open",   ANY,          "A",    ANY,   ANY, ANY,   ANY,  ANY,  ANY,   "callee",    "AX-CALL-102"),
)  # fmt: skip

#: direction of the CDR by the caller's role (AX-CDR-004).
_CDR_DIRECTION: Final = {"A": 1, "N": 0, "none": 2}
_ABNORMAL: Final = 2
#: Release cause where the number to call is none that there is: a bind of no effect (numbers.service_user).
_NO_SUCH_NUMBER: Final = 8100
#: Roles whose calls an X that is switched off does not carry, by ax.turned_off.
_TURNED_OFF: Final = {"to_a": "N", "all": "AN", "none": ""}


class AXCalls:
    """Calls of AX: the decision stands in CALL_TABLE."""

    service_type = "003"
    collects = False
    callin_names_binding = True
    callin_user_data: str | None = None
    asks = False
    ends_calls_to_nobody = False

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Connect | Reject:
        """Decide what becomes of a call from `caller` to `x`.

        AX-CALL-101 to AX-CALL-106.
        """
        binding = binding_on(x)
        if binding is None:
            outcome = first_fit(CALL_TABLE, _situation(assumptions, x, caller, "none")).outcome
            return Reject(int(outcome), _CDR_DIRECTION["none"])
        role = "A" if binding.a == caller else "N"
        callee = binding.callee_at(now_ms)
        outcome = first_fit(CALL_TABLE, _situation(assumptions, x, caller, role, binding, callee)).outcome
        direction = _CDR_DIRECTION[role]
        to = binding.a if outcome == "A" else callee.number if outcome == "callee" and callee else None
        if to is None:
            cause = assumptions.number("ax.turned_off_cause") if outcome == "off" else int(outcome)
        elif numbers.kind(to) is None or (to == binding.a and numbers.kind(to) == "service"):
            cause = _NO_SUCH_NUMBER
        else:
            terms = _terms(assumptions, binding, callee if outcome == "callee" else None)
            used = partial(_use, assumptions, binding, callee) if outcome == "callee" and callee else None
            return Connect(to, x.number, direction, terms, put_through=used)
        if assumptions["cdr.direction_of_refused"] == "abnormal":
            direction = _ABNORMAL
        return Reject(cause, direction, _terms(assumptions, binding, None))


def _situation(
    assumptions: Assumptions,
    x: XNumber,
    caller: str,
    role: str,
    binding: AXBinding | None = None,
    callee: Callee | None = None,
) -> tuple[object, ...]:
    """Return the situation of a call.

    What the first columns of the table are held against.
    """
    off = binding is not None and binding.power == "off" and role in _TURNED_OFF[assumptions.text("ax.turned_off")]
    return (
        state_of(x),
        numbers.kind(caller),
        role,
        "off" if off else "on",
        None if binding is None else binding.direction or 0,
        "no" if callee is None else "yes",
        None if binding is None else binding.display or 0,
        assumptions["call.fixed_line_precedence"] == "fixed_line",
        assumptions["ax.direction_and_callee"] == "callee",
    )


def _terms(assumptions: Assumptions, binding: AXBinding, callee: Callee | None) -> BindingSnapshot:
    """Return what a call takes over of its binding.

    `callee` is whom A reaches by it (AX-OPEN-022).
    """
    text = binding.user_data
    if callee is not None and callee.user_data is not None:
        text = callee.user_data if text is None or assumptions["ax.call_user_data"] == "callee" else text
    recorded, announced = binding.record is True, bool(binding.record_tone)
    return BindingSnapshot(binding.subscription_id, text, binding.max_duration or 0, recorded, announced)


def _use(assumptions: Assumptions, binding: AXBinding, callee: Callee, moment: str, now_ms: int) -> None:  # noqa: ARG001
    """Take away the callee whom A's call was put through to (AX-OPEN-020)."""
    if moment == "transfer" and binding.callee is callee and assumptions["ax.callee_use"] == "one_call":
        binding.callee = None
