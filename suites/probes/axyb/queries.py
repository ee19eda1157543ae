"""AXYB queries: odd selectors, and what is shown of a binding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.probes.axe.bindings import NOBODYS_X
from privnum.suites.probes.axyb.fixtures import given_a, given_b, require_binding
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

UNSET = ("recordFlag", "callDirection", "duration", "ybDuration")
FIVE = 5
"""As long as the list is printed at most."""


@probe("axyb.selector_missing")
def selector_missing(context: CheckContext) -> str:
    """An unbind and a query with app_key alone."""
    return one(code_or(answer, "accept") for answer in (context.axyb.unbind(), context.axyb.query()))


@probe("axyb.malformed_x")
def malformed_x(context: CheckContext) -> str:
    """A query by what is no number."""
    return one(code_or(context.axyb.query(relationNum=x), "accept") for x in ("12345678", "+86123"))


@probe("axyb.selector_x_of_other_application")
def selector_x_of_other_application(context: CheckContext) -> str:
    """A query by an X of nobody, and by another application's.

    Where there is another application.
    """
    places = [NOBODYS_X]
    if len(context.axyb.apps) > 1:
        places.append(given_a(context, app=context.axyb.second_app).x)
    return one(code_or(context.axyb.query(relationNum=x), "accept") for x in places)


@probe("axyb.query_by_y", needs=("two_x",))
def query_by_y(context: CheckContext) -> str:
    """A query whose relationNum is a Y."""
    return "list" if context.axyb.query(relationNum=require_binding(context).y).ok else "not_found"


@probe("axyb.query_ax_alone")
def query_ax_alone(context: CheckContext) -> str:
    """A query of a binding in which nobody has a Y."""
    return "shown" if context.axyb.query(subscriptionId=given_a(context).sub).ok else "not_found"


@probe("axyb.query_more_than_five", needs=("six_x",))
def query_more_than_five(context: CheckContext) -> str:
    """A query of a binding with six Y."""
    context.axyb.require_numbers(FIVE + 2)
    a = given_a(context)
    ys = [given_b(context, a).y for _ in range(FIVE + 1)]
    shown = {info.get("numY") for info in context.axyb.query(subscriptionId=a.sub).items("xyRelationNumList")}
    words = {frozenset(ys): "all", frozenset(ys[:FIVE]): "first", frozenset(ys[1:]): "last"}
    return words.get(frozenset(map(str, shown)), f"{len(shown)} of {len(ys)}")


@probe("axyb.query_unset_fields", needs=("two_x",))
def query_unset_fields(context: CheckContext) -> str:
    """What a query shows of a binding of which only the numbers were set."""
    found = context.axyb.query(subscriptionId=require_binding(context).sub).items("xyRelationNumList")
    if not found:
        raise CannotSettle("a binding is not found by its subscriptionId")
    shown = [name for name in UNSET if found[0].get(name) is not None]
    return "omit" if not shown else "defaults" if len(shown) == len(UNSET) else f"only {', '.join(shown)}"


@probe("axyb.user_data_of_call", needs=("two_x",))
def user_data_of_call(context: CheckContext) -> str:
    """UserData that a query shows where both binds gave one."""
    pair = given_b(context, given_a(context, userData="of-a"), userData="of-b")
    found = context.axyb.query(subscriptionId=pair.sub).items("xyRelationNumList")
    shown = found[0].get("userData") if found else None
    if shown is None:
        raise CannotSettle("a query shows no userData")
    return {"of-a": "a", "of-b": "b"}.get(str(shown), str(shown))
