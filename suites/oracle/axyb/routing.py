"""Whom a call to an X or a Y reaches, and for which cause it is refused.

The decision table of AXYB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from privnum.suites.oracle.axyb.number_selection import numbers_for_y
from privnum.suites.oracle.calls import ANYWHERE, CallPlan, ExpectedCall
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.routing import NO_BINDING, directions_of_refused, forward, refuse, with_number_faults
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from privnum.suites.oracle.axyb.state import AxybState
    from privnum.suites.oracle.axyb.types import AxybBinding, Relation

__all__ = ["AxybCall", "expect_call"]

UNBOUND, NO_Y, OWN_NUMBER, SUSPENDED = 8030, 8031, 8032, 8055
TO_A, FROM_A = 0, 1
"""The directions of a CDR."""


@dataclass(slots=True)
class AxybCall(ExpectedCall):
    """One AXYB call as it must be; `x` is the number dialled, X or Y."""

    mode: ClassVar[str] = "AXYB"
    service_type: ClassVar[str] = "007"
    recording_domain: ClassVar[bool] = True
    reports_display: ClassVar[bool] = True
    bound_x: str | None = None
    """The X of the binding by which it is put through."""
    relation: Relation | None = None
    """Caller and callee in that binding."""
    may_be_given: frozenset[str] = frozenset()
    """The numbers of which the caller is given one as Y; it is not known yet which."""

    @property
    def shown(self) -> str:
        """See ExpectedCall: A sees Y and B sees X."""
        if self.relation is None or self.bound_x is None:
            return self.x
        return self.relation.y if self.x == self.bound_x else self.bound_x

    def numbers(self) -> dict[str, str]:
        """See ExpectedCall; which number is bindNum is open."""
        return {name: number for name, number in ExpectedCall.numbers(self).items() if name != "bindNum"}


def expect_call(state: AxybState, caller: str, dialled: str, plan: CallPlan) -> AxybCall:
    """How a call that `caller` places to `dialled` now must go."""
    call = AxybCall(caller, dialled, state.now, "AXYB-CALL-107")
    ours = [pair for pair in state.with_y(dialled) if pair[0].a == caller]
    theirs = [relation for _, relation in state.with_y(dialled) if relation.b == caller]
    if ours and theirs:
        raise Undecided("a number that is the Y of the caller, and of one whom he calls")
    binding = state.bound_on(dialled)
    if ours:
        _call_y(state, call, *_one_of(state, ours), plan)
    elif binding is not None:
        _call_x(state, call, binding, plan)
    else:
        _call_nobody(state, call, is_b=bool(theirs))
    return call


def _one_of(state: AxybState, ours: list[tuple[AxybBinding, Relation]]) -> tuple[AxybBinding, Relation]:
    """The relation that counts where one Y is in several bindings of A."""
    if len(ours) == 1:
        return ours[0]
    choice = state.assumptions.choose("axyb.y_for_other_x_of_a", "last", "first")
    ours.sort(key=lambda pair: pair[1].bound_at)
    if ours[0][1].bound_at == ours[-1][1].bound_at:
        raise Undecided("which B got the Y of an A first")
    return ours[-1 if choice == "last" else 0]


def _call_nobody(state: AxybState, call: AxybCall, *, is_b: bool) -> None:
    """Refuse a call to a number that is nobody's X.

    It is dialled by somebody who has no Y of it to call.
    """
    causes = {UNBOUND: "AXYB-CALL-108" if state.with_y(call.x) else "AXYB-CALL-107"}
    if is_b:
        causes = {OWN_NUMBER: "AXYB-CALL-106"}
    directions = ANYWHERE if is_b else directions_of_refused(state, call.x, NO_BINDING)
    refuse(state, call, with_number_faults(state, call.caller, call.x, causes), directions)


def _call_y(state: AxybState, call: AxybCall, binding: AxybBinding, relation: Relation, plan: CallPlan) -> None:
    """A calls the B of a Y, who sees X."""
    causes = dict.fromkeys(_wrong_direction(state, binding, 2), "AXYB-CALL-110")
    causes |= _faults_of_shown(state, binding.x)
    if causes := with_number_faults(state, call.caller, call.x, causes):
        refuse(state, call, causes, directions_of_refused(state, call.x, FROM_A))
        return
    call.requirement = _rule_to_b(state, binding, relation)
    _put_through(state, call, binding, relation, relation.b, plan)


def _call_x(state: AxybState, call: AxybCall, binding: AxybBinding, plan: CallPlan) -> None:
    """Somebody calls A, who sees the Y of the caller.

    One who has none is given one.
    """
    relation = binding.of_user(call.caller)
    free = frozenset[str]()
    if call.caller == binding.a:
        causes, directions = {OWN_NUMBER: "AXYB-CALL-106"}, ANYWHERE
    else:
        causes = dict.fromkeys(_wrong_direction(state, binding, 1), "AXYB-CALL-109")
        directions = directions_of_refused(state, call.x, TO_A)
        if relation is None:
            choice = numbers_for_y(state, binding, call.caller, {})
            free, by = choice.free, choice.left_out_by
            causes |= {} if free else {NO_Y: by if by.startswith("AXYB-OPEN") else "AXYB-CALL-104"}
            directions |= {NO_BINDING}
        else:
            causes |= _faults_of_shown(state, relation.y)
    if causes := with_number_faults(state, call.caller, call.x, causes):
        refuse(state, call, causes, directions)
        return
    call.requirement = _rule_to_a(state, binding, relation)
    if relation is None and state.is_blocked(binding.x):
        raise Undecided("a Y for a caller of an X that is frozen for binding")
    _put_through(state, call, binding, relation, binding.a, plan)
    call.may_be_given = free
    if relation is None and not call.forwarded:
        raise Undecided("whether a caller is given a Y whose call the carrier intercepts")


def _put_through(
    state: AxybState, call: AxybCall, binding: AxybBinding, relation: Relation | None, to: str, plan: CallPlan
) -> None:
    """Forward the call, with what is sent of the binding and of the relation."""
    if not forward(state, call, binding, to, plan):
        return
    call.bound_x, call.relation = binding.x, relation
    call.directions = frozenset((TO_A if to == binding.a else FROM_A,))
    call.callin_user_data = binding.text("userData") or None
    if relation is not None:
        call.subscription_id = relation.subscription_id
        call.user_data |= {str(relation.fields.get("userData") or "")}


def _wrong_direction(state: AxybState, binding: AxybBinding, forbidding: int) -> set[int]:
    """The causes of a call that the direction does not allow.

    There are none unless the direction `forbidding` is in force.
    """
    if binding.direction != forbidding:
        return set()
    named = state.assumptions.any_of("axyb.wrong_direction_cause", 8057, 8016, 8030)
    return {int(cause) for cause in named}


def _faults_of_shown(state: AxybState, number: str) -> dict[int, str]:
    """What speaks against a call that would show a suspended number."""
    if state.status.get(number) not in {"9", "10"}:
        return {}
    choice = state.assumptions.choose("axyb.shown_number_blocked", "put_through", "refuse")
    return {} if choice == "put_through" else {SUSPENDED: "AXYB-OPEN-027"}


def _rule_to_b(state: AxybState, binding: AxybBinding, relation: Relation) -> str:
    """The requirement by which A reaches B: the most special one."""
    if state.status.get(relation.y) == "11":
        return "AXYB-CALL-004"
    if kind_of(relation.b) == "fixed_line":
        return "AXYB-CALL-008"
    if len(state.with_y(relation.y)) > 1:
        return "AXYB-CALL-112"
    return "AXYB-CALL-111" if len(binding.relations) > 1 else "AXYB-CALL-102"


def _rule_to_a(state: AxybState, binding: AxybBinding, relation: Relation | None) -> str:
    """The requirement by which A is reached: the most special one."""
    if state.status.get(binding.x) == "11":
        return "AXYB-CALL-004"
    if relation is None:
        return "AXYB-CALL-103"
    if kind_of(binding.a) == "fixed_line":
        return "AXYB-CALL-008"
    return "AXYB-CALL-111" if len(binding.relations) > 1 else "AXYB-CALL-101"
