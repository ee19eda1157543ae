"""Which X the platform may pick for a bind without relationNum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.numbers import area_of_fixed_line, canonical_area, home_area, kind_of, province
from privnum.suites.oracle.types import Expected, Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axb.state import AxbState

__all__ = ["expect_pick"]

NO_X, MALFORMED = "403/1012008", "403/1010002"


def expect_pick(state: AxbState, body: Mapping[str, object], faults: list[Fault]) -> Expected:
    """What a bind by areaCode, or by the area of A, must bring; `faults` speak against it already."""
    faults = list(faults)
    loose = body.get("areaMatchMode") in ("1", 1)
    if body.get("areaCode"):
        area: str | None = canonical_area(str(body["areaCode"]))
        requirement = "AXB-BIND-011" if area == body["areaCode"] else "AXB-BIND-016"
    else:
        area, requirement, more = _area_of_a(state, str(body["callerNum"]))
        faults += more
    own = state.around.own
    if state.around.more or (area is not None and None in own.values()):
        raise Undecided("which X numbers there are, and in which area each is")
    if area is None:
        wanted = set(own)
    elif loose:
        wanted = {x for x, of in own.items() if province(of) == province(area)} or set(own)
        requirement = "AXB-BIND-013"
    else:
        wanted = {x for x, of in own.items() if of == area}
    free = {x for x in wanted if _takes(state, x, {body["callerNum"], body["calleeNum"]})}
    if not wanted:
        faults.append(Fault.of("AXB-BIND-012", NO_X))
    elif not free:
        if wanted != set(own) and loose:
            raise Undecided("every X of the province carries A or B, others do not")
        code = state.assumptions.choose("axb.area_conflict", "1012008", "1012010")
        faults.append(Fault.of("AXB-OPEN-004", f"403/{code}"))
    return Expected(requirement, tuple(faults), requirement, frozenset(free), requirement)


def _area_of_a(state: AxbState, a: str) -> tuple[str | None, str, list[Fault]]:
    """Area of A (None: any X), the rule that says so, and what speaks against the bind."""
    if kind_of(a) == "mobile":
        area = home_area(a, state.around.home_areas)
        if area is not None:
            return area, "AXB-BIND-104", []
        choice = state.assumptions.choose("axb.area_of_mobile_unknown", "any", "1012008")
        return None, "AXB-OPEN-005", [] if choice == "any" else [Fault.of("AXB-OPEN-005", NO_X)]
    choice = state.assumptions.choose("axb.fixed_line_a_area", "own_area", "1010002")
    refused = [] if choice == "own_area" else [Fault.of("AXB-OPEN-006", MALFORMED)]
    return area_of_fixed_line(a), "AXB-OPEN-006", refused


def _takes(state: AxbState, x: str, users: set[object]) -> bool:
    """Whether `x` has room for a pair of `users`."""
    if state.blocked(x):
        raise Undecided("a blocked X while the platform picks one")
    there = state.on(x)
    return not any(users & binding.users for binding in there) and len(there) < state.around.pairs_per_x
