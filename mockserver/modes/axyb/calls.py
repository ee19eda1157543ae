"""AXYB: who reaches whom by a call to X or Y.

The rule stands in CALL_TABLE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.modes import BindingSnapshot, Connect, Reject
from privnum.mockserver.modes.axyb.bindings import roles_of
from privnum.mockserver.modes.axyb.query import user_data
from privnum.mockserver.modes.call_table import ANY, first_fit, state_of
from privnum.mockserver.modes.parameters import can_be_called

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation, Roles

__all__ = ["CALL_TABLE", "AXYBCalls", "needing_y"]

_NEEDS_Y: Final = "needs a Y"
_WRONG_DIRECTION: Final = "wrong direction"


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it.

    None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number. `role` is what
    the caller is to the number: "A" who dials a Y of his, "B" who has a Y and dials X, "other" who dials X without one,
    "own" who dials his own number, "stranger" who dials others' Y, "none" where the number is bound to nobody.
    `direction` is the binding's callDirection, `choice` the world's choice for call.fixed_line_precedence.
    `outcome` is the side that is called, what is missing, or the release cause.
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
    #        x         caller        role        direction  choice        outcome           rule
    CallRule("frozen", ANY,          ANY,        ANY,       ANY,          7108,             "AXYB-CALL-002"),
    CallRule("closed", ANY,          ANY,        ANY,       ANY,          8055,             "AXYB-CALL-003"),
    CallRule("open",   "fixed_line", ANY,        ANY,       "fixed_line", 8023,             "COM-OPEN-069"),
    CallRule("open",   ANY,          "none",     ANY,       ANY,          8030,             "AXYB-CALL-107"),
    CallRule("open",   ANY,          "stranger", ANY,       ANY,          8030,             "AXYB-CALL-108"),
    CallRule("open",   ANY,          "own",      ANY,       ANY,          8032,             "AXYB-CALL-106"),
    CallRule("open",   ANY,          "B",        1,         ANY,          _WRONG_DIRECTION, "AXYB-CALL-109"),
    CallRule("open",   ANY,          "other",    1,         ANY,          _WRONG_DIRECTION, "AXYB-CALL-109"),
    CallRule("open",   ANY,          "A",        2,         ANY,          _WRONG_DIRECTION, "AXYB-CALL-110"),
    CallRule("open",   "fixed_line", ANY,        ANY,       ANY,          8023,             "AXYB-CALL-007"),
    CallRule("open",   ANY,          "A",        ANY,       ANY,          "B",              "AXYB-CALL-102"),
    CallRule("open",   ANY,          "B",        ANY,       ANY,          "A",              "AXYB-CALL-101"),
    CallRule("open",   ANY,          "other",    ANY,       ANY,          _NEEDS_Y,         "AXYB-CALL-103"),
)  # fmt: skip

#: direction of the CDR (AXYB-CDR-004).
_FROM_A: Final = 1
_TO_A: Final = 0
_ABNORMAL: Final = 2

#: Release cause where no Y can be given to a caller (AXYB-CALL-104).
_NO_Y: Final = 8031
#: Release cause where the partner is no number that can be called: a bind of no effect (numbers.service_user).
_NO_EFFECT: Final = 8030
_SUSPENDED: Final = 8055


class _Situation(NamedTuple):
    """The caller's role for the number that he dials, and his binding.

    By the binding, or by a relation of it, he has that role.
    """

    role: str
    ax: AXBinding | None = None
    relation: Relation | None = None


class AXYBCalls:
    """Calls of AXYB: the decision stands in CALL_TABLE."""

    service_type = "007"
    collects = False
    callin_names_binding = True
    callin_user_data: str | None = "axyb.callin_user_data"
    asks = False
    ends_calls_to_nobody = False

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Connect | Reject:  # noqa: ARG002
        """Decide what becomes of a call from `caller` to `x`.

        AXYB-CALL-101 to AXYB-CALL-112.
        """
        situation = _situation(assumptions, x, caller)
        outcome = _outcome(assumptions, x, caller, situation)
        _, ax, relation = situation
        terms = None if ax is None else _terms(assumptions, x, ax, relation)
        direction = _ABNORMAL if ax is None else _FROM_A if caller == ax.a else _TO_A
        if ax is not None and terms is not None and relation is not None and outcome in ("A", "B"):
            to, shown = (relation.b, ax.x) if outcome == "B" else (ax.a, relation.x)
            if not can_be_called(to):
                outcome = _NO_EFFECT
            elif shown.status in NO_CALLS and assumptions["axyb.shown_number_blocked"] == "refuse":
                outcome = _SUSPENDED
            else:
                return Connect(to, shown.number, direction, terms)
        if terms is not None and assumptions["cdr.direction_of_refused"] == "abnormal":
            direction = _ABNORMAL
        return Reject(_cause(assumptions, outcome), direction, terms)


def needing_y(assumptions: Assumptions, x: XNumber, caller: str) -> AXBinding | None:
    """Return the binding in which a caller of X lacks only a Y."""
    situation = _situation(assumptions, x, caller)
    return situation.ax if _outcome(assumptions, x, caller, situation) == _NEEDS_Y else None


def _outcome(assumptions: Assumptions, x: XNumber, caller: str, situation: _Situation) -> str | int:
    known = (
        state_of(x),
        numbers.kind(caller),
        situation.role,
        None if situation.ax is None else situation.ax.direction or 0,
        assumptions["call.fixed_line_precedence"],
    )
    return first_fit(CALL_TABLE, known).outcome


def _cause(assumptions: Assumptions, outcome: str | int) -> int:
    if outcome == _WRONG_DIRECTION:
        return assumptions.number("axyb.wrong_direction_cause")
    return _NO_Y if outcome == _NEEDS_Y else int(outcome)


def _situation(assumptions: Assumptions, number: XNumber, caller: str) -> _Situation:
    """Return what `caller` is to a number.

    To an A it is his Y before it is anybody's X (axyb.x_as_y).
    """
    roles = roles_of(number)
    if roles is None:
        return _Situation("none")
    if caller in roles.by_a:
        relation = _relation_of_a(assumptions, roles, caller)
        return _Situation("own" if relation.b == caller else "A", relation.ax, relation)
    ax = roles.binding
    if ax is None:
        return _Situation("own" if caller in roles.b else "stranger")
    if caller == ax.a:
        return _Situation("own", ax)
    relation_of_b = ax.by_b.get(caller)
    return _Situation("other" if relation_of_b is None else "B", ax, relation_of_b)


def _relation_of_a(assumptions: Assumptions, roles: Roles, a: str) -> Relation:
    """Return the relation that a Y is to an A.

    He has several where two of his bindings have it (AXYB-OPEN-011).
    """
    return roles.by_a[a][0 if assumptions["axyb.y_for_other_x_of_a"] == "first" else -1]


def _terms(assumptions: Assumptions, dialled: XNumber, ax: AXBinding, relation: Relation | None) -> BindingSnapshot:
    return BindingSnapshot(
        ax.subscription_id if relation is None else relation.shown_id(assumptions),
        user_data(assumptions, ax, relation),
        record=ax.record is True,
        announced=bool(ax.record_tone),
        private_number=dialled.number if assumptions["axyb.cdr_bind_num"] == "dialled" else ax.x.number,
    )
