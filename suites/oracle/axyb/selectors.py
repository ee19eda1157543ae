"""Which binding, and which Y of it, an AXYB unbind or query is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axyb.types import AxybExpected
from privnum.suites.oracle.faults import Codes, fault_of_foreign_x
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axyb.state import AxybState
    from privnum.suites.oracle.axyb.types import AxybBinding, Relation

__all__ = ["NOT_FOUND", "find", "select_query", "select_unbind"]

NOT_FOUND = Codes("axyb.not_found", "AXYB-OPEN-001", ("1016001", "1012007"))
MISSING = Codes("axyb.selector_missing", "AXYB-OPEN-014", ("1010002", "1016001", "1012001", "1012007"))
UNKNOWN_X = ("axyb.selector_x_of_other_application", "AXYB-OPEN-016")
X_CODES = Codes(*UNKNOWN_X, ("1012001", "1016001", "1012007"))
MALFORMED_X = ("axyb.malformed_x", "AXYB-OPEN-015")


def find(state: AxybState, subscription_id: str) -> tuple[AxybBinding, Relation | None] | None:
    """The binding of an id, or the one relation of an id of its own.

    None: there is none.
    """
    if subscription_id in state.bindings:
        return state.bindings[subscription_id], None
    return state.by_relation_id(subscription_id)


def _not_found(state: AxybState, sub: str, unknown: str, foreign: str) -> Fault:
    """The refusal of an id that names nothing."""
    if state.is_foreign(sub):
        return NOT_FOUND.fault(state, foreign)
    ended = state.dissolved.get(sub, "").startswith("AXYB-LIFE")
    return NOT_FOUND.fault(state, "AXYB-LIFE-007" if ended else unknown)


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def select_unbind(state: AxybState, query: Mapping[str, str]) -> AxybExpected:
    """What an unbind dissolves: a binding, or one Y of it."""
    sub, y, b = (query.get(name) or "" for name in ("subscriptionId", "yNum", "bNum"))
    if not sub:
        return AxybExpected("AXYB-UNBIND-002", (MISSING.fault(state, "AXYB-UNBIND-002"),))
    requirement = "AXYB-UNBIND-001"
    if y or b:
        requirement = "AXYB-UNBIND-103" if y and b else "AXYB-UNBIND-101" if y else "AXYB-UNBIND-102"
    found = find(state, sub)
    if found is None:
        return AxybExpected(requirement, (_not_found(state, sub, "AXYB-UNBIND-004", "AXYB-UNBIND-006"),))
    binding, one = found
    if one is not None:
        if y or b:
            raise Undecided("a Y or a B beside the id of one Y")
        return AxybExpected("AXYB-OPEN-008", binding=binding, relations=(one,))
    if not (y or b):
        return AxybExpected(requirement, binding=binding)
    relation = binding.of_number(y) if y else binding.of_user(b)
    if relation is None:
        return AxybExpected(requirement, (NOT_FOUND.fault(state, "AXYB-UNBIND-004"),))
    return AxybExpected(requirement, binding=binding, relations=(relation,))


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def select_query(state: AxybState, query: Mapping[str, str]) -> AxybExpected:
    """What a query shows: the relations of a binding."""
    sub, x = (query.get(name) or "" for name in ("subscriptionId", "relationNum"))
    if sub:
        requirement = "AXYB-QUERY-004" if x else "AXYB-QUERY-001"
        found = find(state, sub)
        if found is None:
            return AxybExpected(requirement, (_not_found(state, sub, "AXYB-QUERY-005", "AXYB-QUERY-007"),))
        binding, one = found
        if one is not None:
            return AxybExpected("AXYB-OPEN-008", binding=binding, relations=(one,))
        return _expect_relations(state, binding, requirement)
    if not x:
        return AxybExpected("AXYB-QUERY-103", (MISSING.fault(state, "AXYB-QUERY-103"),))
    fault = fault_of_foreign_x(state, x, "AXYB-QUERY-006", X_CODES, unknown=UNKNOWN_X, malformed=MALFORMED_X)
    if fault is not None:
        return AxybExpected("AXYB-QUERY-101", (fault,))
    bound = state.bound_on(x)
    return _by_y(state, x) if bound is None else _expect_relations(state, bound, "AXYB-QUERY-101")


def _by_y(state: AxybState, x: str) -> AxybExpected:
    """A query by an own number that is no X."""
    if not state.with_y(x):
        return AxybExpected("AXYB-QUERY-101", (NOT_FOUND.fault(state, "AXYB-QUERY-005"),))
    if state.assumptions.choose("axyb.query_by_y", "not_found", "list") == "list":
        raise Undecided("the relations of a Y, which may be of several bindings")
    return AxybExpected("AXYB-OPEN-017", (NOT_FOUND.fault(state, "AXYB-OPEN-017"),))


def _expect_relations(state: AxybState, binding: AxybBinding, requirement: str) -> AxybExpected:
    """The relations of a binding, as far as they are shown.

    One without a Y where there is none.
    """
    relations = (*binding.relations,)
    if not relations and state.assumptions.choose("axyb.query_ax_alone", "shown", "not_found") == "not_found":
        return AxybExpected("AXYB-OPEN-018", (NOT_FOUND.fault(state, "AXYB-OPEN-018"),))
    if len(relations) > 5:
        choice = state.assumptions.choose("axyb.query_more_than_five", "all", "first", "last")
        relations = {"all": relations, "first": relations[:5], "last": relations[-5:]}[str(choice)]
        requirement = "AXYB-OPEN-019"
    elif len(relations) > 1:
        requirement = "AXYB-QUERY-102"
    return AxybExpected(requirement, binding=binding, relations=relations)
