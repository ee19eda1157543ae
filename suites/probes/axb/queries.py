"""Queries: odd selectors, pages, and how a binding is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.probes.fixtures import code_or, one, require_binding
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

UNSET = ("callDirection", "duration", "maxDuration", "privateSms")


@probe("axb.query_without_selector")
def query_without_selector(context: CheckContext) -> str:
    """A query that names nothing."""
    require_binding(context)
    return code_or(context.axb.query(), "accept")


@probe("axb.query_users_without_x")
def query_users_without_x(context: CheckContext) -> str:
    """A query by A, by B, and by both, without X."""
    pair = require_binding(context)
    answers = (
        context.axb.query(callerNum=pair.a),
        context.axb.query(calleeNum=pair.b),
        context.axb.query(callerNum=pair.a, calleeNum=pair.b),
    )
    return one(code_or(answer, "accept") for answer in answers)


@probe("axb.query_paging_malformed")
def query_paging_malformed(context: CheckContext) -> str:
    """Pages of one binding by numbers that there are not."""
    require_binding(context)
    odd = ({"pageIndex": "0"}, {"pageIndex": "-1"}, {"pageIndex": "one"}, {"pageSize": "ten"})
    return one(code_or(context.axb.query(relationNum=context.axb.x(), **paging), "absent") for paging in odd)


@probe("axb.query_past_last_page")
def query_past_last_page(context: CheckContext) -> str:
    """Page 2 of one binding."""
    require_binding(context)
    answer = context.axb.query(relationNum=context.axb.x(), pageIndex=2, pageSize=10)
    return code_or(answer, "bindings" if answer.items("relationNumList") else "empty")


@probe("axb.query_unset_fields")
def query_unset_fields(context: CheckContext) -> str:
    """What a query shows of a binding of which only the numbers were set."""
    found = context.axb.query(subscriptionId=require_binding(context).sub).items("relationNumList")
    if not found:
        raise CannotSettle("a binding is not found by its subscriptionId")
    shown = [name for name in UNSET if name in found[0]]
    return "omit" if not shown else "defaults" if len(shown) == len(UNSET) else f"only {', '.join(shown)}"
