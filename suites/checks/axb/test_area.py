"""Bind without relationNum: the platform picks X by areaCode, or by the area of A."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import (
    bound,
    listed,
    refused,
    succeeds,
)
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.runner.context import Bench
    from privnum.suites.target.config import App

AREA = "0755"
LOOKS = 6
"""How often the platform is asked for one of several X: it may take any, and hit a right one by chance."""


def xs_in(bench: Bench, areas: Iterable[str]) -> set[str]:
    """X numbers of the application in these areas."""
    wanted = set(areas)
    return {x.number for x in bench.app.numbers if x.area_code in wanted}


def provinces(bench: Bench) -> set[str]:
    """Provinces in which the application has an X."""
    known = AREA_CODES
    return {known[x.area_code] for x in bench.app.numbers if x.area_code and x.area_code in known}


def empty_area(bench: Bench, *, same_province: bool) -> str:
    """An area in which the application has no X, in a province where it has one, or has none."""
    for area, province in AREA_CODES.items():
        if (province in provinces(bench)) == same_province and not xs_in(bench, [area]):
            return area
    raise NotExercised("the application has an X in every area")


@check("AXB-BIND-011")
def test_x_of_the_area(bench: Bench) -> None:
    """With areaCode alone the platform picks an X of the application in that area."""
    for area in {x.area_code for x in bench.app.numbers if x.area_code}:
        answer = bench.bind(bench.user(), bench.user(), areaCode=area)
        succeeds(bench, "AXB-BIND-011", answer, f"bind in area {area}")
        x = answer["relationNum"]
        bench.claim("AXB-BIND-011", x in xs_in(bench, [area]), f"expected an X of area {area}, came {x}")
        bench.claim("AXB-BIND-011", answer["subscriptionId"] in listed(bench, x), f"the binding is not on {x}")


@check("AXB-BIND-012")
def test_strict_is_the_default(bench: Bench) -> None:
    """In an area without an X the bind is refused with 1012008, with areaMatchMode 0 and without it."""
    for same_province in (True, False):
        area = empty_area(bench, same_province=same_province)
        for mode in ({}, {"areaMatchMode": "0"}):
            answer = bench.bind(bench.user(), bench.user(), areaCode=area, **mode)
            refused(bench, "AXB-BIND-012", answer, f"bind in area {area}, {mode or 'no areaMatchMode'}", "1012008")


@check("AXB-BIND-013")
def test_loose_takes_the_province(bench: Bench) -> None:
    """AreaMatchMode 1 takes an X of the same province where the application has one."""
    area = empty_area(bench, same_province=True)
    known = AREA_CODES
    expected = xs_in(bench, [other for other, province in known.items() if province == known[area]])
    for _ in range(LOOKS):
        answer = bench.bind(bench.user(), bench.user(), areaCode=area, areaMatchMode="1")
        succeeds(bench, "AXB-BIND-013", answer, f"loose bind in area {area}")
        x = answer["relationNum"]
        bench.claim("AXB-BIND-013", x in expected, f"expected an X of the province of {area}, came {x}")


@check("AXB-BIND-013")
def test_loose_takes_any(bench: Bench) -> None:
    """AreaMatchMode 1 takes any X where the province has none."""
    area = empty_area(bench, same_province=False)
    answer = bench.bind(bench.user(), bench.user(), areaCode=area, areaMatchMode="1")
    succeeds(bench, "AXB-BIND-013", answer, f"loose bind in area {area}, whose province has no X")
    own = {x.number for x in bench.app.numbers}
    bench.claim("AXB-BIND-013", answer["relationNum"] in own, f"expected an own X, came {answer['relationNum']}")


@check("AXB-BIND-014")
def test_x_wins_over_area(bench: Bench) -> None:
    """RelationNum counts and areaCode does not, even one without an X."""
    x = bench.x()
    own = {number.area_code for number in bench.app.numbers}
    for area in (AREA, empty_area(bench, same_province=False), *sorted(a for a in own if a)):
        pair = bound(bench, x=x, areaCode=area, by="AXB-BIND-014")
        came = pair.answer["relationNum"]
        bench.claim("AXB-BIND-014", came == x, f"relationNum {x} with areaCode {area}: came {came}")


@check("AXB-BIND-104")
def test_x_by_the_area_of_a(bench: Bench) -> None:
    """With neither relationNum nor areaCode X is of the area where A is at home."""
    for area in sorted({x.area_code for x in bench.app.numbers if x.area_code}):
        try:
            a = bench.user(home=area)
        except (NotExercised, KeyError):
            continue
        answer = bench.bind(a, bench.user())
        succeeds(bench, "AXB-BIND-104", answer, f"bind of an A at home in {area}")
        x = answer["relationNum"]
        bench.claim("AXB-BIND-104", x in xs_in(bench, [area]), f"A is at home in {area}; expected an X there, came {x}")


def without_home(bench: Bench) -> tuple[App, str, str]:
    """An application, a mobile who is at home where it has no X, and that area."""
    known = [app for app in (bench.app, bench.second_app) if app and app.more_numbers is False]
    for app in known:
        areas = {x.area_code for x in app.numbers}
        for home in AREA_CODES if None not in areas else ():
            if home not in areas:
                with suppress(NotExercised, KeyError):
                    return app, bench.user(home=home), home
    raise NotExercised("no mobile is known to be at home where an application has no X")


@check("AXB-BIND-107")
def test_the_area_of_a_is_matched(bench: Bench) -> None:
    """Where A is at home there is no X: refused with 1012008 unless loosely, then of the province, or any."""
    app, a, home = without_home(bench)
    for mode in ({}, {"areaMatchMode": "0"}):
        answer = bench.bind(a, bench.user(), app=app, **mode)
        refused(bench, "AXB-BIND-107", answer, f"bind of an A of {home}, {mode or 'no areaMatchMode'}", "1012008")
    answer = bench.bind(a, bench.user(), app=app, areaMatchMode="1")
    succeeds(bench, "AXB-BIND-107", answer, f"loose bind of an A of {home}")
    known = AREA_CODES
    near = {x.number for x in app.numbers if known.get(str(x.area_code)) == known[home]}
    expected, came = near or {x.number for x in app.numbers}, answer["relationNum"]
    bench.claim(
        "AXB-BIND-107", came in expected, f"A is at home in {home}: expected of {sorted(expected)}, came {came}"
    )


@check("AXB-BIND-016")
def test_area_without_its_zero(bench: Bench) -> None:
    """AreaCode 755 is 0755."""
    answer = bench.bind(bench.user(), bench.user(), areaCode="755")
    succeeds(bench, "AXB-BIND-016", answer, "bind in area 755")
    x = answer["relationNum"]
    bench.claim("AXB-BIND-016", x in xs_in(bench, [AREA]), f"expected an X of area {AREA}, came {x}")
