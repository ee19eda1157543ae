"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axb.scenarios import bind_users, claim_unchanged, listed_bindings
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-UNBIND-101")
def test_unbind_by_x(context: CheckContext) -> None:
    """Unbind with relationNum alone dissolves every binding on that X."""
    pairs = [bind_users(context) for _ in range(3)]
    claim_success(context, "AXB-UNBIND-101", context.axb.unbind(relationNum=context.axb.x()), "unbind by X")
    for pair in pairs:
        answer = context.axb.query(subscriptionId=pair.sub)
        context.claim("AXB-UNBIND-101", not answer.items("relationNumList"), f"{pair.sub} is still there: {answer.key}")
    context.claim("AXB-UNBIND-101", not listed_bindings(context, context.axb.x()), "there are still bindings on X")


@check("AXB-UNBIND-101", needs=("two_x",))
def test_unbind_by_x_leaves_other_numbers(context: CheckContext) -> None:
    """Unbind of one X leaves the bindings of another."""
    bind_users(context, x=context.axb.x(0))
    bind_users(context, x=context.axb.x(1))
    with claim_unchanged(context, "AXB-UNBIND-101", context.axb.x(1)):
        claim_success(
            context, "AXB-UNBIND-101", context.axb.unbind(relationNum=context.axb.x(0)), "unbind of the first X"
        )
