"""What a change of one binding must leave alone.

Its successors, bindings of the same users on other X numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axb.scenarios import bound, claim_unchanged, listed
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-LIFE-001", "AXB-LIFE-002", needs=("clock",))
def test_the_end_of_a_predecessor_does_not_count(context: CheckContext) -> None:
    """A pair that is bound anew lives by its new duration.

    Or without end, though its predecessor had one.
    """
    life = span(context, 60, real=6)
    pairs = [bound(context, duration=life) for _ in range(3)]
    for pair in pairs:
        claim_success(context, "AXB-UNBIND-001", context.axb.unbind(subscriptionId=pair.sub), "unbind")
    first, second, third = pairs
    endless = bound(context, first.a, first.b, first.x)
    longer = bound(context, second.a, second.b, second.x, duration=100 * life)
    other = bound(context, third.a, context.user(), third.x)
    context.advance(life + 2)
    there = listed(context, first.x)
    for rule, pair in (("AXB-LIFE-002", endless), ("AXB-LIFE-001", longer), ("AXB-LIFE-002", other)):
        context.claim(rule, pair.sub in there, "the binding is gone at the end of the one that was unbound before it")


@check("AXB-MODIFY-005", needs=("two_x",))
def test_modify_changes_one_binding(context: CheckContext) -> None:
    """A modify changes one binding and no other.

    The same users on another X and other pairs on the X stay as they are.
    """
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
