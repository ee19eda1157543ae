"""Bindings: odd pairs, choice of X, odd modifies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.oracle.numbers import area_of_fixed_line
from privnum.suites.probes.fixtures import (
    code_or,
    one,
    require_binding,
)
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

AREA = "0755"


@probe("axb.a_equals_b")
def a_equals_b(context: CheckContext) -> str:
    """One number as A and as B."""
    a = context.user()
    return code_or(context.axb.bind(a, a, context.axb.x()), "accept")


@probe("axb.a_equals_x")
def a_equals_x(context: CheckContext) -> str:
    """X as A, and X as B."""
    x = context.axb.x()
    as_a = context.axb.bind(x, context.user(), x)
    if as_a.ok:
        context.axb.unbind(subscriptionId=as_a["subscriptionId"])
    return one(code_or(answer, "accept") for answer in (as_a, context.axb.bind(context.user(), x, x)))


@probe("axb.area_conflict", needs=("area_x",))
def area_conflict(context: CheckContext) -> str:
    """A bind by areaCode when A stands on every X of the area."""
    a = context.user()
    for x in context.axb.app.numbers:
        if x.area_code == AREA:
            require_binding(context, a=a, x=x.number)
    return code_or(context.axb.bind(a, context.user(), areaCode=AREA), "accept")


@probe("axb.area_of_mobile_unknown", needs=("home_areas",))
def area_of_mobile_unknown(context: CheckContext) -> str:
    """A bind that leaves X open, for an A of unknown home."""
    return code_or(context.axb.bind(context.user(home=None), context.user()), "any")


@probe("axb.fixed_line_a_area", needs=("area_x", "fixed_line_users"))
def fixed_line_a_area(context: CheckContext) -> str:
    """A bind that leaves X open, for a fixed-line A of an area with an X."""
    a = context.user("fixed_line")
    if area_of_fixed_line(a) != AREA:
        raise CannotSettle(f"the fixed line of target.toml is not in area {AREA}")
    answer = context.axb.bind(a, context.user())
    if not answer.ok:
        return str(answer.code)
    there = {x.number for x in context.axb.app.numbers if x.area_code == AREA}
    return "own_area" if answer["relationNum"] in there else "an X of another area"


@probe("axb.bind_faults", needs=("application_settings", "number_status"))
def bind_faults(context: CheckContext) -> str:
    """Two faults of a bind at a time.

    A bound already, no recording, X frozen (1012009 takes 5000 pairs).
    """
    pair = require_binding(context)
    context.set_application(context.axb.app, recording=False)

    def answered_code(*faults: str) -> str:
        context.set_number(pair.x, "11" if "1012102" in faults else "5")
        a = pair.a if "1012010" in faults else context.user()
        flag = {"recordFlag": "true"} if "1012012" in faults else {}
        return code_or(context.axb.bind(a, context.user(), pair.x, **flag), "accept")

    pairs = [("1012010", "1012012"), ("1012010", "1012102"), ("1012012", "1012102")]
    words = {answered_code("1012102"): "1012102"}  # an X that is blocked may have another code (axb.blocked_x)
    codes = {faults: answered_code(*faults) for faults in pairs}
    seen = {faults: words.get(code, code) for faults, code in codes.items()}
    for choice in contracts.assumptions()["axb.bind_faults"].values:
        order = str(choice).split()
        if all(code == min(faults, key=order.index) for faults, code in seen.items()):
            return str(choice)
    return ", ".join(f"{code} of {' and '.join(faults)}" for faults, code in seen.items())


@probe("axb.blocked_x", needs=("number_status",))
def blocked_x(context: CheckContext) -> str:
    """A bind on an X that is suspended, unavailable, frozen for binding."""
    seen, x = [], context.axb.x()
    for status in ("9", "10", "11"):
        context.set_number(x, status)
        seen.append(code_or(context.axb.bind(context.user(), context.user(), x), "accept"))
    context.set_number(x, "5")
    return one(seen)


@probe("axb.x_of_other_application", needs=("second_application",))
def x_of_other_application(context: CheckContext) -> str:
    """A bind on an X of another AXB application."""
    x = context.axb.second_app.numbers[0].number
    return code_or(context.axb.bind(context.user(), context.user(), x), "accept")


@probe("axb.selector_x_of_other_application", needs=("second_application",))
def selector_x_of_other_application(context: CheckContext) -> str:
    """A query and an unbind by a bound X of another AXB application."""
    theirs = require_binding(context, x=context.axb.x(app=context.axb.second_app), app=context.axb.second_app)
    answers = (context.axb.query(relationNum=theirs.x), context.axb.unbind(relationNum=theirs.x))
    return one(code_or(answer, "accept") for answer in answers)


@probe("axb.unbind_without_selector")
def unbind_without_selector(context: CheckContext) -> str:
    """An unbind that names nothing."""
    return code_or(context.axb.unbind(), "accept")


@probe("axb.unbind_bare_plus")
def unbind_bare_plus(context: CheckContext) -> str:
    """An unbind by an X whose + is not encoded."""
    pair = require_binding(context)
    return code_or(context.request("axb.unbind", raw_query=f"relationNum={pair.x}"), "accept")


@probe("axb.modify_same_number")
def modify_same_number(context: CheckContext) -> str:
    """A modify to the A, and to the B, that the binding has."""
    pair = require_binding(context)
    answers = (context.axb.modify(pair.sub, callerNum=pair.a), context.axb.modify(pair.sub, calleeNum=pair.b))
    return one(code_or(answer, "success") for answer in answers)


@probe("axb.modify_swap")
def modify_swap(context: CheckContext) -> str:
    """A modify that exchanges A and B."""
    pair = require_binding(context)
    return code_or(context.axb.modify(pair.sub, callerNum=pair.b, calleeNum=pair.a), "success")
