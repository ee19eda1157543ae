"""Which binding an AXE request selects.

By its id, by X and extension, or by both, of which the id counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.oracle.axe.types import AxeExpected
from privnum.suites.oracle.faults import fault_of_subscription
from privnum.suites.oracle.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axe.state import AxeState

__all__ = ["select"]

GONE = "403/1016001"


class Selector(NamedTuple):
    """Rules of an operation for a binding by id, by X and extension, by both.

    An unknown one, a foreign one, none.
    """

    by_id: str
    by_extension: str
    by_both: str
    unknown: str
    foreign: str
    missing: str


SELECTORS = {
    "unbind": Selector(
        "AXE-UNBIND-001", "AXE-UNBIND-101", "AXE-UNBIND-003", "AXE-UNBIND-004", "AXE-UNBIND-006", "AXE-UNBIND-002"
    ),
    "modify": Selector(
        "AXE-MODIFY-101", "AXE-MODIFY-101", "AXE-MODIFY-101", "AXE-MODIFY-002", "AXE-MODIFY-002", "AXE-MODIFY-001"
    ),
    "query": Selector(
        "AXE-QUERY-001", "AXE-QUERY-101", "AXE-QUERY-004", "AXE-QUERY-005", "AXE-QUERY-007", "AXE-QUERY-105"
    ),
}


def select(state: AxeState, chosen: Mapping[str, object], verb: str) -> AxeExpected:
    """The binding that a request selects."""
    rules = SELECTORS[verb]
    sub, x, extension = (str(chosen.get(name) or "") for name in ("subscriptionId", "virtualNum", "extendNum"))
    if sub:
        found = state.bindings.get(sub)
        if found is not None:
            return AxeExpected(rules.by_both if x or extension else rules.by_id, binding=found)
        others = Fault.of(rules.unknown, GONE)
        if rules.foreign != rules.unknown:  # of which no page names the code
            others = Fault(rules.foreign, frozenset(), rules.foreign)
        fault = fault_of_subscription(state, sub, GONE, unknown=rules.unknown, expired="AXE-LIFE-007", foreign=others)
        return AxeExpected(rules.by_id, (fault,))
    if not (x and extension):
        code = state.assumptions.choose("axe.selector_missing", "1010002", "1016001", "1012001")
        return AxeExpected(rules.missing, (Fault.of(rules.missing, f"403/{code}", code="AXE-OPEN-016"),))
    if x not in state.around.own:
        code = state.assumptions.choose("axe.selector_x_of_other_application", "1016001", "1012001", "1011004")
        return AxeExpected(rules.by_extension, (Fault.of("AXE-OPEN-017", f"403/{code}"),))
    found = state.by_extension(x, extension)
    if found is None:
        return AxeExpected(rules.by_extension, (Fault.of(rules.unknown, GONE),))
    return AxeExpected(rules.by_extension, binding=found)
