"""Which X the platform may pick for an AXB bind without relationNum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axb.types import AxbExpected
from privnum.suites.oracle.faults import MALFORMED
from privnum.suites.oracle.number_selection import eligible_numbers, free_numbers, is_loose
from privnum.suites.oracle.numbers import area_of_fixed_line, canonical_area, home_area, kind_of
from privnum.suites.oracle.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axb.state import AxbState

__all__ = ["expect_pick"]

NO_X = "403/1012008"


def expect_pick(state: AxbState, body: Mapping[str, object], faults: list[Fault]) -> AxbExpected:
    """What a bind by areaCode, or by the area of A, must bring.

    `faults` speak against it already.
    """
    faults = list(faults)
    loose = is_loose(body)
    if body.get("areaCode"):
        area: str | None = canonical_area(str(body["areaCode"]))
        requirement = "AXB-BIND-011" if area == body["areaCode"] else "AXB-BIND-016"
    else:
        area, requirement, more = _area_of_a(state, str(body["callerNum"]))
        faults += more
    if area is not None and loose:
        requirement = "AXB-BIND-013"
    eligible = eligible_numbers(state, area, loose=loose)
    users = {body["callerNum"], body["calleeNum"]}
    free = free_numbers(
        state,
        eligible,
        lambda x: not any(users & binding.users for binding in state.on(x)),
        loose=loose and area is not None,
    )
    if not eligible:
        faults.append(Fault.of("AXB-BIND-012", NO_X))
    elif not free:
        code = state.assumptions.choose("axb.area_conflict", "1012008", "1012010")
        faults.append(Fault.of("AXB-OPEN-004", f"403/{code}"))
    return AxbExpected(requirement, tuple(faults), requirement, free, requirement)


def _area_of_a(state: AxbState, a: str) -> tuple[str | None, str, list[Fault]]:
    """A's area (None: any X), the rule for it, and what is against the bind."""
    if kind_of(a) == "mobile":
        area = home_area(a, state.around.home_areas)
        if area is not None:
            return area, "AXB-BIND-104", []
        choice = state.assumptions.choose("axb.area_of_mobile_unknown", "any", "1012008")
        return None, "AXB-OPEN-005", [] if choice == "any" else [Fault.of("AXB-OPEN-005", NO_X)]
    choice = state.assumptions.choose("axb.fixed_line_a_area", "own_area", "1010002")
    refused = [] if choice == "own_area" else [Fault.of("AXB-OPEN-006", MALFORMED)]
    return area_of_fixed_line(a), "AXB-OPEN-006", refused
