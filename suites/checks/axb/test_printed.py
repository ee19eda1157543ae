"""Values as the sources print them.

Numbers of each kind, the longest ids, the ends of each range, a whole province.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import bind_users, claim_query_shows
from privnum.suites.printed.areas import PROVINCES
from privnum.suites.printed.numbers import FIXED_LINES, MOBILES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

LONG_ID = "0123456789abcdef" * 4
"""A subscriptionId of 64 characters, which nobody has."""
LONG_USER = "+86" + "13800000021" * 11 + "1380"
"""128 characters, as many as callerNum and calleeNum of a query may have."""
LONG_AREA = "0755" + "0" * 28
"""32 characters."""
LOOKS = 4
"""How often the platform is asked for one of several X: it may hit a right one by chance."""


def any_number(context: CheckContext) -> None:
    """Raise NotExercised where only numbers of target.toml may be named."""
    if context.target.only_named_numbers:
        raise NotExercised("only the numbers of target.toml may be named")


@check("AXB-BIND-001")
def test_mobiles_of_every_beginning(context: CheckContext) -> None:
    """Mobiles that begin with 13, 15, 17, 18 and 19 can be A and B."""
    any_number(context)
    for a, b in zip(MOBILES, (*MOBILES[1:], MOBILES[0]), strict=True):
        pair = bind_users(context, a, b)
        claim_query_shows(context, "AXB-BIND-001", pair.sub, callerNum=a, calleeNum=b)
        claim_success(context, "AXB-UNBIND-001", context.axb.unbind(subscriptionId=pair.sub), "unbind")


@check("AXB-BIND-028")
@pytest.mark.parametrize("number", FIXED_LINES)
def test_fixed_lines_of_every_form(context: CheckContext, number: str) -> None:
    """Fixed lines with all lengths of area codes can be bound.

    Of two and three digits, with 7 and 8 digits behind them.
    """
    any_number(context)
    pair = bind_users(context, b=number, by="AXB-BIND-028")
    claim_query_shows(context, "AXB-BIND-028", pair.sub, calleeNum=number)


@check("AXB-QUERY-005", "AXB-UNBIND-004", "AXB-MODIFY-002")
def test_ids_of_64_characters(context: CheckContext) -> None:
    """A subscriptionId of 64 characters is unknown, and not malformed."""
    what = "a subscriptionId of 64 characters that is not there"
    claim_refusal(context, "AXB-QUERY-005", context.axb.query(subscriptionId=LONG_ID), f"query of {what}", "1012007")
    claim_refusal(context, "AXB-UNBIND-004", context.axb.unbind(subscriptionId=LONG_ID), f"unbind of {what}", "1012007")
    claim_refusal(
        context, "AXB-MODIFY-002", context.axb.modify(LONG_ID, callDirection=1), f"modify of {what}", "1012007"
    )


@check("AXB-QUERY-107")
@pytest.mark.parametrize("side", ["callerNum", "calleeNum"])
def test_users_of_128_characters(context: CheckContext, side: str) -> None:
    """A query for a user of 128 characters finds one that is not bound."""
    pair = bind_users(context)
    answer = context.axb.query(relationNum=pair.x, **{side: LONG_USER})
    claim_refusal(context, "AXB-QUERY-107", answer, f"query by X and a {side} of 128 characters", "1012007")


@check("AXB-BIND-019")
def test_an_area_code_of_32_characters(context: CheckContext) -> None:
    """An areaCode of 32 characters is an area in which there is no X."""
    answer = context.axb.bind(context.user(), context.user(), areaCode=LONG_AREA)
    claim_refusal(context, "AXB-BIND-019", answer, "bind in an area of 32 characters", "1012008")


@check("AXB-BIND-013")
def test_every_area_of_a_province(context: CheckContext) -> None:
    """Every area code of a province finds an X in it, loosely."""
    own = {x.area_code: x.number for x in context.axb.app.numbers if x.area_code}
    tried = 0
    for codes in (row.split() for row in PROVINCES.values()):
        there = {own[code] for code in codes if code in own}
        others = [code for code in codes if code not in own] if there else []
        for area in others:
            tried += 1
            _finds(context, area, there | {x.number for x in context.axb.app.numbers if x.area_code in codes})
    if not tried:
        raise NotExercised("no X of the application is in a province of several areas")


def _finds(context: CheckContext, area: str, expected: set[str]) -> None:
    for _ in range(LOOKS):
        answer = context.axb.bind(context.user(), context.user(), areaCode=area, areaMatchMode="1")
        claim_success(context, "AXB-BIND-013", answer, f"loose bind in area {area}")
        x = answer["relationNum"]
        context.claim("AXB-BIND-013", x in expected, f"expected an X of the province of {area}, came {x}")
        context.axb.unbind(subscriptionId=answer["subscriptionId"])
