"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.ax.bindings import AxBindings
from privnum.suites.checks.ax.scenarios import bind_users, listed_bindings
from privnum.suites.checks.bindings.areas import own_areas, xs_in
from privnum.suites.printed.operations import X_PER_A
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

TYPE: Mapping[str, Any] = {"privateNumType": "mobile-virtual"}
TWICE, ANOTHER_A, TOO_MANY, NO_X = "1016002", "1011005", "1011003", "1011002"


def names_what_is_bound(context: CheckContext, answer: Answer, a: str, x: str | None) -> None:
    """Claim that the answer to a bind names A, X and the binding.

    That a query by X shows the same.
    """
    came = (answer["origNum"], answer["privateNum"])
    ok = came[0] == a and isinstance(came[1], str) and x in (None, came[1])
    context.claim("AX-BIND-101", ok, f"answer of a bind: expected {a} and {x or 'an X'}, came {came}")
    there = listed_bindings(context.ax.query(privateNum=came[1]))
    sub = answer["subscriptionId"]
    context.claim("AX-BIND-101", list(there) == [sub], f"a query by {came[1]} shows {sorted(there)}, not {sub}")


@check("AX-BIND-101")
def test_the_answer_names_a_and_x(context: CheckContext) -> None:
    """The answer of a bind on a given X has its numbers and its id.

    OrigNum, privateNum and subscriptionId.
    """
    binding = bind_users(context)
    names_what_is_bound(context, binding.answer, binding.a, binding.x)


@check("AX-BIND-101", needs=("area_x",))
def test_the_answer_names_an_x_that_was_picked(context: CheckContext) -> None:
    """So are they where X was picked by area."""
    context.require_exclusive()
    for area in own_areas(context.ax.app):
        a = context.user()
        answer = context.ax.bind(a, areaCode=area, **TYPE)
        claim_success(context, "AX-BIND-011", answer, f"bind in area {area}")
        names_what_is_bound(context, answer, a, None)


@check("AX-BIND-031")
def test_another_a_on_the_same_x(context: CheckContext) -> None:
    """A bind on the X of another A is refused with 1011005.

    Any application gets that answer, and the first binding stays.
    """
    binding, mode = bind_users(context), AxBindings(context)
    other = bind_users(context)
    for a in (context.user(), other.a):
        for more in ({}, {"callDirection": 2, "userData": "mine"}):
            before = mode.snapshot()
            answer = context.ax.bind(a, binding.x, **more)
            claim_refusal(context, "AX-BIND-031", answer, f"bind of another A on X with {sorted(more)}", ANOTHER_A)
            mode.same("BIND-031", before, mode.snapshot())


@check("AX-BIND-032")
def test_five_x_for_an_a(context: CheckContext) -> None:
    """The sixth X for an A is refused with 1011003, by X and by area.

    Room that an unbind makes can be used.
    """
    a = context.user()
    bindings = [bind_users(context, a, by="AX-BIND-032") for _ in range(X_PER_A)]
    sixth = context.ax.free_x()
    claim_refusal(context, "AX-BIND-032", context.ax.bind(a, sixth), "bind of a sixth X", TOO_MANY)
    there = listed_bindings(context.ax.query(origNum=a))
    ok = there.keys() == {binding.sub for binding in bindings}
    context.claim("AX-BIND-032", ok, f"after the sixth bind A has {len(there)} bindings")
    bind_users(context, None, sixth, by="AX-BIND-032")
    claim_success(context, "AX-UNBIND-001", context.ax.unbind(subscriptionId=bindings[2].sub), "unbind of one of five")
    bind_users(context, a, bindings[2].x, by="AX-BIND-032")


@check("AX-BIND-105")
def test_private_num_type(context: CheckContext) -> None:
    """PrivateNumType mobile-virtual is taken, beside X too."""
    bind_users(context, by="AX-BIND-105", **TYPE)
    areas = own_areas(context.ax.app)
    if areas and context.is_exclusive:
        answer = context.ax.bind(context.user(), areaCode=areas[0], **TYPE)
        claim_success(context, "AX-BIND-105", answer, "privateNumType beside areaCode")


@check("AX-BIND-106")
@pytest.mark.parametrize("flag", ["on", "off"])
def test_turn_flag(context: CheckContext, flag: str) -> None:
    """TurnFlag on and off are taken."""
    bind_users(context, turnFlag=flag, by="AX-BIND-106")


@check("AX-BIND-107")
def test_callee_num_display(context: CheckContext) -> None:
    """CalleeNumDisplay 0 is taken."""
    bind_users(context, calleeNumDisplay="0", by="AX-BIND-107")


@check("AX-BIND-108")
def test_callee_num_display_as_a_number(context: CheckContext) -> None:
    """So is the number 0."""
    answer = context.ax.bind(context.user(), context.ax.free_x(), calleeNumDisplay=0)
    claim_success(context, "AX-BIND-108", answer, "calleeNumDisplay 0 as a number")


@check("AX-BIND-109")
def test_x_beside_an_area_without_a_type(context: CheckContext) -> None:
    """PrivateNum beside areaCode needs no privateNumType, and counts.

    It is that X which is bound.
    """
    x = context.ax.free_x()
    answer = context.ax.bind(context.user(), x, areaCode="0755")
    claim_success(context, "AX-BIND-109", answer, "privateNum and areaCode")
    context.claim("AX-BIND-109", answer["privateNum"] == x, f"expected {x}, came {answer['privateNum']}")


@check("AX-BIND-110")
def test_only_an_unbound_x_is_picked(context: CheckContext) -> None:
    """By area each X is given once.

    Where none of the area is left the bind is refused with 1011002.
    """
    context.require_exclusive()
    for area in own_areas(context.ax.app):
        left, fields = xs_in(context.ax.app, [area]), {"areaCode": area, **TYPE}
        taken = bind_users(context, None, min(left), by="AX-BIND-001")
        left.discard(taken.x)
        while left:
            answer = context.ax.bind(context.user(), **fields)
            claim_success(context, "AX-BIND-110", answer, f"bind in area {area}, where {len(left)} X are free")
            x = answer["privateNum"]
            context.claim("AX-BIND-110", x in left, f"bind in area {area}: expected one of {sorted(left)}, came {x}")
            left.discard(x)
        answer = context.ax.bind(context.user(), **fields)
        claim_refusal(context, "AX-BIND-110", answer, f"bind in area {area}, where no X is free", NO_X)
        context.ax.unbind(subscriptionId=taken.sub)
        answer = context.ax.bind(context.user(), **fields)
        came = answer["privateNum"]
        context.claim("AX-BIND-110", came == taken.x, f"{taken.x} is free again; a bind gives {came}, {answer.key}")


@check("AX-LIFE-101")
def test_a_binding_never_ends_by_itself(context: CheckContext) -> None:
    """After minutes, days and years the binding is there as it was."""
    binding = bind_users(context, userData="for ever")
    before = listed_bindings(context.ax.query(subscriptionId=binding.sub))
    passed = 0
    for seconds in (7200, 7776000, 10 * 365 * 86400) if context.controls_clock else (3,):
        context.advance(seconds)
        passed += seconds
        for query in ({"subscriptionId": binding.sub}, {"privateNum": binding.x}, {"origNum": binding.a}):
            there: dict[str, Any] = listed_bindings(context.ax.query(**query))
            message = f"{passed} seconds after the bind a query by {sorted(query)} shows {there}, was {before}"
            context.claim("AX-LIFE-101", there == before, message)
