"""Bind without relationNum and areaCode.

The platform picks X by the area of A.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.bindings.areas import xs_in
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

AREA = "0755"
"""How often the platform is asked for one of several X: it may take any, and hit a right one by chance."""


@check("AXB-BIND-104")
def test_x_by_the_area_of_a(context: CheckContext) -> None:
    """Without relationNum and areaCode X is of the area of A's home."""
    for area in sorted({x.area_code for x in context.axb.app.numbers if x.area_code}):
        try:
            a = context.user(home=area)
        except (NotExercised, KeyError):
            continue
        answer = context.axb.bind(a, context.user())
        claim_success(context, "AXB-BIND-104", answer, f"bind of an A at home in {area}")
        x = answer["relationNum"]
        context.claim(
            "AXB-BIND-104",
            x in xs_in(context.axb.app, [area]),
            f"A is at home in {area}; expected an X there, came {x}",
        )


def without_home(context: CheckContext) -> tuple[App, str, str]:
    """An application, a mobile and its home area, in which it has no X."""
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
    """Where A is at home there is no X.

    Refused with 1012008 unless loosely, then of the province, or any.
    """
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
    context.claim("AXB-BIND-016", x in xs_in(context.axb.app, [AREA]), f"expected an X of area {AREA}, came {x}")
