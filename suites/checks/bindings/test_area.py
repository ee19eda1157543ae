"""Bind without X: the platform picks one by areaCode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.bindings.areas import empty_area, own_areas, xs_in
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.printed.areas import AREA_CODES
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.profile import BindingProfile

LOOKS = 6
"""How often the platform is asked for one of several X: it may take any, and hit a right one by chance."""


def picks(mode: BindingProfile, rule: str, expected: set[str], answer: Answer, what: str) -> None:
    """Claim that a bind without X took one of `expected`, and is there."""
    if mode.succeeds(rule, answer, what):
        x = mode.x_of(answer)
        mode.claim(rule, x in expected, f"{what}: expected an X of {sorted(expected)}, came {x}")
        mode.claim(rule, mode.is_entered(answer), f"{what}: the binding on {x} is not there")
        mode.let_go(answer)


@check_each_mode(BINDINGS, "BIND-011")
def test_x_of_the_area(mode: BindingProfile) -> None:
    """With areaCode alone the platform picks an X in that area."""
    for area in own_areas(mode.app):
        answer = mode.bind_by_area(areaCode=area)
        picks(mode, "BIND-011", xs_in(mode.app, [area]), answer, f"bind in area {area}")


@check_each_mode(BINDINGS, "BIND-012")
def test_strict_is_the_default(mode: BindingProfile) -> None:
    """In an area without an X the bind is refused, unless areaMatchMode is 1.

    With areaMatchMode 0 and without it.
    """
    for same_province in (True, False):
        area = empty_area(mode.app, same_province=same_province)
        for match in ({}, {"areaMatchMode": "0"}):
            answer = mode.bind_by_area(areaCode=area, **match)
            mode.claim_refused("BIND-012", answer, f"bind in area {area}, {match or 'no areaMatchMode'}")


@check_each_mode(BINDINGS, "BIND-013")
def test_loose_takes_the_province(mode: BindingProfile) -> None:
    """AreaMatchMode 1 takes an X of the same province, if there is one."""
    area = empty_area(mode.app, same_province=True)
    near = [other for other, province in AREA_CODES.items() if province == AREA_CODES[area]]
    for _ in range(LOOKS):
        answer = mode.bind_by_area(areaCode=area, areaMatchMode="1")
        picks(mode, "BIND-013", xs_in(mode.app, near), answer, f"loose bind in area {area}, whose province has an X")


@check_each_mode(BINDINGS, "BIND-013")
def test_loose_takes_any(mode: BindingProfile) -> None:
    """AreaMatchMode 1 takes any X where the province has none."""
    area = empty_area(mode.app, same_province=False)
    answer = mode.bind_by_area(areaCode=area, areaMatchMode="1")
    own = {x.number for x in mode.app.numbers}
    picks(mode, "BIND-013", own, answer, f"loose bind in area {area}, whose province has no X")


@check_each_mode(BINDINGS, "BIND-014")
def test_x_wins_over_area(mode: BindingProfile) -> None:
    """X counts and areaCode does not.

    Be it another area of ours or one without an X.
    """
    x = mode.side.x()
    for area in (*own_areas(mode.app), empty_area(mode.app, same_province=False)):
        answer = mode.bind_users(**mode.beside_area, **{mode.x_field: x, "areaCode": area}, by="BIND-014").answer
        came = answer[mode.x_field]
        mode.claim("BIND-014", came == x, f"{mode.x_field} {x} with areaCode {area}: came {came}")
        mode.let_go(answer)
