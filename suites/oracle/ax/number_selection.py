"""Which X the platform may pick for an AX bind without privateNum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.ax.types import AxExpected
from privnum.suites.oracle.faults import MALFORMED
from privnum.suites.oracle.number_selection import eligible_numbers, free_numbers, is_loose
from privnum.suites.oracle.numbers import canonical_area
from privnum.suites.oracle.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.ax.state import AxState

__all__ = ["expect_pick"]

NO_X = "403/1011002"


def expect_pick(state: AxState, body: Mapping[str, object], faults: list[Fault]) -> AxExpected:
    """What a bind by areaCode must bring; `faults` speak against it already."""
    if not body.get("areaCode"):
        return AxExpected("AX-BIND-102", (*faults, Fault("AX-BIND-102", frozenset(), "AX-BIND-102")))
    area, loose = canonical_area(str(body["areaCode"])), is_loose(body)
    requirement = "AX-BIND-013" if loose else "AX-BIND-011"
    eligible = eligible_numbers(state, area, loose=loose)
    free = free_numbers(state, eligible, lambda _: True, loose=loose)
    faults = [*faults, *_faults_without_type(state, body)]
    if not free:
        faults.append(Fault.of("AX-BIND-110" if eligible else "AX-BIND-012", NO_X))
    return AxExpected(requirement, tuple(faults), x=free, x_requirement=requirement)


def _faults_without_type(state: AxState, body: Mapping[str, object]) -> list[Fault]:
    if body.get("privateNumType"):
        return []
    code = state.assumptions.choose("ax.area_without_type", "accept", "1010002")
    return [] if code == "accept" else [Fault.of("AX-OPEN-012", MALFORMED)]
