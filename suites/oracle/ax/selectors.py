"""Which binding an AX request is about.

The rules of each operation where it names none, or another's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.oracle.ax.types import AxExpected
from privnum.suites.oracle.faults import Codes, fault_of_foreign_x

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.ax.state import AxState
    from privnum.suites.oracle.ax.types import AxBinding
    from privnum.suites.oracle.types import Fault

__all__ = ["nothing_named", "select"]

MALFORMED_X = ("ax.malformed_x", "AX-OPEN-001")
UNKNOWN_X = ("ax.selector_x_of_other_application", "AX-OPEN-002")
X_CODES = Codes(*UNKNOWN_X, ("1011001", "1011004", "1016001"))
NOT_FOUND = Codes("ax.binding_not_found", "AX-OPEN-003", ("1016001", "1011004", "1011001"))
UNBOUND = Codes("ax.unbind_unbound_x", "AX-OPEN-004", ("1011004", "1016001", "1011001"))
UNBIND_NOTHING = Codes("ax.unbind_without_selector", "AX-OPEN-005", ("1011004", "1010002", "1011001"))
MISSING = Codes("ax.selector_missing", "AX-OPEN-006", ("1010002", "1011001", "1011004", "1016001"))


class Selector(NamedTuple):
    """The requirements of an operation.

    There is one for each way to select, and for what selects nothing.
    """

    by_id: str
    by_both: str
    by_x: str
    by_x_and_a: str
    missing: str
    unknown: str
    foreign: str
    foreign_x: str
    no_selector: Codes = MISSING
    unbound_x: Codes = NOT_FOUND


SELECTORS = {
    "unbind": Selector(
        *("AX-UNBIND-001", "AX-UNBIND-003", "AX-UNBIND-101", "AX-UNBIND-102", "AX-UNBIND-002"),
        *("AX-UNBIND-004", "AX-UNBIND-006", "AX-UNBIND-005"),
        no_selector=UNBIND_NOTHING,
        unbound_x=UNBOUND,
    ),
    "modify": Selector(
        *("AX-MODIFY-006", "AX-MODIFY-102", "AX-MODIFY-101", "AX-MODIFY-101", "AX-MODIFY-001"),
        *("AX-MODIFY-002", "AX-MODIFY-002", "AX-MODIFY-002"),
    ),
    "query": Selector(
        *("AX-QUERY-001", "AX-QUERY-004", "AX-QUERY-102", "AX-QUERY-103", "AX-QUERY-104"),
        *("AX-QUERY-005", "AX-QUERY-007", "AX-QUERY-006"),
    ),
    "set_callee": Selector(
        *("AX-CALLEE-101", "AX-CALLEE-103", "AX-CALLEE-101", "AX-CALLEE-104", "AX-CALLEE-102"),
        *("AX-CALLEE-112", "AX-CALLEE-112", "AX-CALLEE-112"),
    ),
}


def select(state: AxState, chosen: Mapping[str, object], verb: str) -> AxExpected:
    """The bindings that a request selects by subscriptionId or X.

    A query selects by A before it selects by X.
    """
    rules = SELECTORS[verb]
    sub, x, a = (str(chosen.get(name) or "") for name in ("subscriptionId", "privateNum", "origNum"))
    if sub:
        return _by_id(state, sub, rules, beside=bool(x or (a and verb == "query")))
    if a and verb == "query":
        return _expect_found(state, state.of(a), "AX-QUERY-103" if x else "AX-QUERY-101", rules.unknown, NOT_FOUND)
    if not x:
        return AxExpected(rules.missing, (rules.no_selector.fault(state, rules.missing),))
    requirement = rules.by_x_and_a if a else rules.by_x
    if fault := fault_of_foreign_x(state, x, rules.foreign_x, X_CODES, unknown=UNKNOWN_X, malformed=MALFORMED_X):
        return AxExpected(requirement, (fault,))
    return _expect_found(state, state.on(x), requirement, rules.unknown, rules.unbound_x)


def _by_id(state: AxState, sub: str, rules: Selector, *, beside: bool) -> AxExpected:
    requirement = rules.by_both if beside else rules.by_id
    if sub in state.bindings:
        return AxExpected(requirement, bindings=(state.bindings[sub],))
    broken = rules.foreign if state.is_foreign(sub) else rules.unknown
    return AxExpected(requirement, (NOT_FOUND.fault(state, broken),))


def _expect_found(state: AxState, found: list[AxBinding], requirement: str, unknown: str, codes: Codes) -> AxExpected:
    if found:
        return AxExpected(requirement, bindings=tuple(found))
    return AxExpected(requirement, (codes.fault(state, unknown),))


def nothing_named(state: AxState, requirement: str) -> Fault:
    """The refusal of an unbind that names nothing."""
    return UNBIND_NOTHING.fault(state, requirement)
