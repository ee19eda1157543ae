"""What a change of one binding must leave alone: its successors, bindings of the same users on other X numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axb.scenarios import bound, claim_unchanged, listed
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-MODIFY-005", needs=("two_x",))
def test_modify_changes_one_binding(context: CheckContext) -> None:
    """A new A, a new B and new settings leave the same users on another X, and other pairs on the X, as they are."""
    pair = bound(context, x=context.axb.x(0))
    bound(context, pair.a, pair.b, context.axb.x(1), callDirection=1)
    other = bound(context, x=context.axb.x(0))
    before = listed(context, other.x)[other.sub]
    with claim_unchanged(context, "AXB-MODIFY-005", context.axb.x(1)):
        answer = context.axb.modify(pair.sub, callerNum=context.user(), callDirection=2, userData="new", maxDuration=7)
        claim_success(context, "AXB-MODIFY-003", answer, "modify of A")
        claim_success(context, "AXB-MODIFY-101", context.axb.modify(pair.sub, calleeNum=context.user()), "modify of B")
    after = listed(context, other.x).get(other.sub)
    context.claim("AXB-MODIFY-005", after == before, f"another pair of the X was {before}, is {after}")
