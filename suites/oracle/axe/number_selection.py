"""Which X the platform may pick for an AXE bind without virtualNum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axe.types import AxeExpected
from privnum.suites.oracle.number_selection import eligible_numbers, free_numbers, is_loose
from privnum.suites.oracle.numbers import canonical_area
from privnum.suites.oracle.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axe.state import AxeState

__all__ = ["pick"]


def pick(state: AxeState, body: Mapping[str, object], a: str, faults: list[Fault]) -> AxeExpected:
    """What a bind of `a` by areaCode, or by nothing, must bring.

    `faults` speak against it already.
    """
    faults, loose = list(faults), is_loose(body)
    area = canonical_area(str(body["areaCode"])) if body.get("areaCode") else None
    eligible = eligible_numbers(state, area, loose=loose)
    if area is None:
        requirement = "AXE-OPEN-013"
        faults += _faults_without_area(state, body)
    else:
        requirement = "AXE-BIND-013" if loose else "AXE-BIND-011"
    without_a = {x for x in eligible if state.by_user(x, a) is None}
    free = free_numbers(state, eligible, without_a.__contains__, loose=loose)
    if not free:
        faults.append(_no_x(state, conflict=bool(eligible) and not without_a))
    return AxeExpected(requirement, tuple(faults), x=free, x_requirement=requirement)


def _faults_without_area(state: AxeState, body: Mapping[str, object]) -> list[Fault]:
    faults = []
    if (code := state.assumptions.choose("axe.bind_without_x", "1010002", "any")) != "any":
        faults.append(Fault.of("AXE-OPEN-013", f"403/{code}"))
    if body.get("areaMatchMode") is not None:
        code = state.assumptions.choose("axe.area_mode_without_area", "ignore", "1010002")
        faults += [] if code == "ignore" else [Fault.of("AXE-OPEN-014", f"403/{code}")]
    return faults


def _no_x(state: AxeState, *, conflict: bool) -> Fault:
    if conflict:
        code = state.assumptions.choose("axe.area_conflict", "1012008", "1011002", "1013102")
        return Fault.of("AXE-OPEN-035", f"403/{code}")
    code = state.assumptions.choose("axe.no_x_in_area", "1012008", "1011002")
    return Fault.of("AXE-BIND-012", f"403/{code}", code="AXE-OPEN-009")
