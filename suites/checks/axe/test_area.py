"""Bind without virtualNum: the platform picks X by areaCode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import bound
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.runner.context import CheckContext


def xs_in(context: CheckContext, areas: Iterable[str]) -> set[str]:
    """X numbers of the application in these areas."""
    wanted = set(areas)
    return {x.number for x in context.axe.app.numbers if x.area_code in wanted}


def own_areas(context: CheckContext) -> list[str]:
    """Areas in which the application has an X."""
    return sorted({x.area_code for x in context.axe.app.numbers if x.area_code})


def empty_area(context: CheckContext, *, same_province: bool) -> str:
    """An area in which the application has no X, in a province where it has one, or has none."""
    known = AREA_CODES
    provinces = {known.get(area) for area in own_areas(context)}
    for area, province in known.items():
        if (province in provinces) == same_province and area not in own_areas(context):
            return area
    raise NotExercised("the application has an X in every area")


def picked(context: CheckContext, requirement: str, expected: set[str], **fields: Any) -> None:
    """Bind without X; claim that it succeeds on one of `expected`, and that the binding is there."""
    answer = context.axe.bind(context.user(), **fields)
    claim_success(context, requirement, answer, f"bind with {fields}")
    x, extension = answer["virtualNum"], answer["extendNum"]
    context.claim(requirement, x in expected, f"bind with {fields}: expected an X of {sorted(expected)}, came {x}")
    found = context.axe.query(virtualNum=x, extendNum=extension)["subscriptionId"]
    context.claim(requirement, found == answer["subscriptionId"], f"the binding is not at {x} and {extension}")


@check("AXE-BIND-011")
def test_x_of_the_area(context: CheckContext) -> None:
    """With areaCode alone the platform picks an X of the application in that area."""
    for area in own_areas(context):
        picked(context, "AXE-BIND-011", xs_in(context, [area]), areaCode=area)


@check("AXE-BIND-012")
def test_strict_is_the_default(context: CheckContext) -> None:
    """In an area without an X the bind is refused, with areaMatchMode 0 and without it."""
    for same_province in (True, False):
        area = empty_area(context, same_province=same_province)
        for mode in ({}, {"areaMatchMode": "0"}):
            answer = context.axe.bind(context.user(), **{"areaCode": area, **mode})
            claim_refusal(context, "AXE-BIND-012", answer, f"bind in area {area}, {mode or 'no areaMatchMode'}")


@check("AXE-BIND-013")
def test_loose_takes_the_province(context: CheckContext) -> None:
    """AreaMatchMode 1 takes an X of the same province where the application has one."""
    area = empty_area(context, same_province=True)
    known = AREA_CODES
    expected = xs_in(context, [other for other, province in known.items() if province == known[area]])
    picked(context, "AXE-BIND-013", expected, areaCode=area, areaMatchMode="1")


@check("AXE-BIND-013")
def test_loose_takes_any(context: CheckContext) -> None:
    """AreaMatchMode 1 takes any X where the province has none."""
    area = empty_area(context, same_province=False)
    picked(context, "AXE-BIND-013", {x.number for x in context.axe.app.numbers}, areaCode=area, areaMatchMode="1")


@check("AXE-BIND-014")
def test_x_wins_over_area(context: CheckContext) -> None:
    """VirtualNum counts and areaCode does not, be it another area of ours or one without an X."""
    x = context.axe.x()
    for area in (*own_areas(context), empty_area(context, same_province=False)):
        came = bound(context, x=x, areaCode=area, by="AXE-BIND-014").answer["virtualNum"]
        context.claim("AXE-BIND-014", came == x, f"virtualNum {x} with areaCode {area}: came {came}")
