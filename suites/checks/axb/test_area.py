"""Bind without relationNum: the platform picks X by areaCode, or by the area of A."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import bound, listed
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

AREA = "0755"
LOOKS = 6
"""How often the platform is asked for one of several X: it may take any, and hit a right one by chance."""


def xs_in(context: CheckContext, areas: Iterable[str]) -> set[str]:
    """X numbers of the application in these areas."""
    wanted = set(areas)
    return {x.number for x in context.axb.app.numbers if x.area_code in wanted}


def provinces(context: CheckContext) -> set[str]:
    """Provinces in which the application has an X."""
    known = AREA_CODES
    return {known[x.area_code] for x in context.axb.app.numbers if x.area_code and x.area_code in known}


def empty_area(context: CheckContext, *, same_province: bool) -> str:
    """An area in which the application has no X, in a province where it has one, or has none."""
    for area, province in AREA_CODES.items():
        if (province in provinces(context)) == same_province and not xs_in(context, [area]):
            return area
    raise NotExercised("the application has an X in every area")


@check("AXB-BIND-011")
def test_x_of_the_area(context: CheckContext) -> None:
    """With areaCode alone the platform picks an X of the application in that area."""
    for area in {x.area_code for x in context.axb.app.numbers if x.area_code}:
        answer = context.axb.bind(context.user(), context.user(), areaCode=area)
        claim_success(context, "AXB-BIND-011", answer, f"bind in area {area}")
        x = answer["relationNum"]
        context.claim("AXB-BIND-011", x in xs_in(context, [area]), f"expected an X of area {area}, came {x}")
        context.claim("AXB-BIND-011", answer["subscriptionId"] in listed(context, x), f"the binding is not on {x}")


@check("AXB-BIND-012")
def test_strict_is_the_default(context: CheckContext) -> None:
    """In an area without an X the bind is refused with 1012008, with areaMatchMode 0 and without it."""
    for same_province in (True, False):
        area = empty_area(context, same_province=same_province)
        for mode in ({}, {"areaMatchMode": "0"}):
            answer = context.axb.bind(context.user(), context.user(), areaCode=area, **mode)
            claim_refusal(
                context, "AXB-BIND-012", answer, f"bind in area {area}, {mode or 'no areaMatchMode'}", "1012008"
            )


@check("AXB-BIND-013")
def test_loose_takes_the_province(context: CheckContext) -> None:
    """AreaMatchMode 1 takes an X of the same province where the application has one."""
    area = empty_area(context, same_province=True)
    known = AREA_CODES
    expected = xs_in(context, [other for other, province in known.items() if province == known[area]])
    for _ in range(LOOKS):
        answer = context.axb.bind(context.user(), context.user(), areaCode=area, areaMatchMode="1")
        claim_success(context, "AXB-BIND-013", answer, f"loose bind in area {area}")
        x = answer["relationNum"]
        context.claim("AXB-BIND-013", x in expected, f"expected an X of the province of {area}, came {x}")


@check("AXB-BIND-013")
def test_loose_takes_any(context: CheckContext) -> None:
    """AreaMatchMode 1 takes any X where the province has none."""
    area = empty_area(context, same_province=False)
    answer = context.axb.bind(context.user(), context.user(), areaCode=area, areaMatchMode="1")
    claim_success(context, "AXB-BIND-013", answer, f"loose bind in area {area}, whose province has no X")
    own = {x.number for x in context.axb.app.numbers}
    context.claim("AXB-BIND-013", answer["relationNum"] in own, f"expected an own X, came {answer['relationNum']}")


@check("AXB-BIND-014")
def test_x_wins_over_area(context: CheckContext) -> None:
    """RelationNum counts and areaCode does not, even one without an X."""
    x = context.axb.x()
    own = {number.area_code for number in context.axb.app.numbers}
    for area in (AREA, empty_area(context, same_province=False), *sorted(a for a in own if a)):
        pair = bound(context, x=x, areaCode=area, by="AXB-BIND-014")
        came = pair.answer["relationNum"]
        context.claim("AXB-BIND-014", came == x, f"relationNum {x} with areaCode {area}: came {came}")


@check("AXB-BIND-104")
def test_x_by_the_area_of_a(context: CheckContext) -> None:
    """With neither relationNum nor areaCode X is of the area where A is at home."""
    for area in sorted({x.area_code for x in context.axb.app.numbers if x.area_code}):
        try:
            a = context.user(home=area)
        except (NotExercised, KeyError):
            continue
        answer = context.axb.bind(a, context.user())
        claim_success(context, "AXB-BIND-104", answer, f"bind of an A at home in {area}")
        x = answer["relationNum"]
        context.claim(
            "AXB-BIND-104", x in xs_in(context, [area]), f"A is at home in {area}; expected an X there, came {x}"
        )


def without_home(context: CheckContext) -> tuple[App, str, str]:
    """An application, a mobile who is at home where it has no X, and that area."""
    known = [app for app in context.axb.apps if app.more_numbers is False]
    for app in known:
        areas = {x.area_code for x in app.numbers}
        for home in AREA_CODES if None not in areas else ():
            if home not in areas:
                with suppress(NotExercised, KeyError):
                    return app, context.user(home=home), home
    raise NotExercised("no mobile is known to be at home where an application has no X")


@check("AXB-BIND-107")
def test_the_area_of_a_is_matched(context: CheckContext) -> None:
    """Where A is at home there is no X: refused with 1012008 unless loosely, then of the province, or any."""
    app, a, home = without_home(context)
    for mode in ({}, {"areaMatchMode": "0"}):
        answer = context.axb.bind(a, context.user(), app=app, **mode)
        claim_refusal(
            context, "AXB-BIND-107", answer, f"bind of an A of {home}, {mode or 'no areaMatchMode'}", "1012008"
        )
    answer = context.axb.bind(a, context.user(), app=app, areaMatchMode="1")
    claim_success(context, "AXB-BIND-107", answer, f"loose bind of an A of {home}")
    known = AREA_CODES
    near = {x.number for x in app.numbers if known.get(str(x.area_code)) == known[home]}
    expected, came = near or {x.number for x in app.numbers}, answer["relationNum"]
    context.claim(
        "AXB-BIND-107", came in expected, f"A is at home in {home}: expected of {sorted(expected)}, came {came}"
    )


@check("AXB-BIND-016")
def test_area_without_its_zero(context: CheckContext) -> None:
    """AreaCode 755 is 0755."""
    answer = context.axb.bind(context.user(), context.user(), areaCode="755")
    claim_success(context, "AXB-BIND-016", answer, "bind in area 755")
    x = answer["relationNum"]
    context.claim("AXB-BIND-016", x in xs_in(context, [AREA]), f"expected an X of area {AREA}, came {x}")
