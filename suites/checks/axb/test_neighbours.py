"""What a change of one binding must leave alone: its successors, bindings of the same users on other X numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import (
    bound,
    listed,
    refused,
    succeeds,
    unchanged,
)
from privnum.suites.runner.check import NotExercised, check
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import Bench


def _selects_nothing(requirement: str, ask: Callable[[Bench, str], Answer]) -> Any:
    @check(requirement)
    def stays_gone(bench: Bench) -> None:
        """The id of an unbound pair selects nothing after the same pair was bound anew on that X."""
        pair = bound(bench)
        succeeds(bench, "AXB-UNBIND-001", bench.unbind(subscriptionId=pair.sub), "unbind")
        again = bound(bench, pair.a, pair.b, pair.x, by="AXB-UNBIND-007")
        if again.sub == pair.sub:
            raise NotExercised("the platform gives the pair the id that it had: nothing says that it may not")
        with unchanged(bench, requirement):
            refused(bench, requirement, ask(bench, pair.sub), "a request by a dissolved id", "1012007")

    return stays_gone


test_a_query_by_a_dissolved_id = _selects_nothing("AXB-QUERY-005", lambda b, sub: b.query(subscriptionId=sub))
test_a_modify_by_a_dissolved_id = _selects_nothing("AXB-MODIFY-002", lambda b, sub: b.modify(sub, callDirection=1))
test_an_unbind_by_a_dissolved_id = _selects_nothing("AXB-UNBIND-004", lambda b, sub: b.unbind(subscriptionId=sub))


@check("AXB-LIFE-001", "AXB-LIFE-002", needs=("clock",))
def test_the_end_of_a_predecessor_does_not_count(bench: Bench) -> None:
    """A pair that was unbound before its end and bound anew lives by its new duration, or without end."""
    life = span(bench, 60, real=6)
    pairs = [bound(bench, duration=life) for _ in range(3)]
    for pair in pairs:
        succeeds(bench, "AXB-UNBIND-001", bench.unbind(subscriptionId=pair.sub), "unbind")
    first, second, third = pairs
    endless = bound(bench, first.a, first.b, first.x)
    longer = bound(bench, second.a, second.b, second.x, duration=100 * life)
    other = bound(bench, third.a, bench.user(), third.x)
    bench.advance(life + 2)
    there = listed(bench, first.x)
    for rule, pair in (("AXB-LIFE-002", endless), ("AXB-LIFE-001", longer), ("AXB-LIFE-002", other)):
        bench.claim(rule, pair.sub in there, "the binding is gone at the end of the one that was unbound before it")


@check("AXB-MODIFY-005", needs=("two_x",))
def test_modify_changes_one_binding(bench: Bench) -> None:
    """A new A, a new B and new settings leave the same users on another X, and other pairs on the X, as they are."""
    pair = bound(bench, x=bench.x(0))
    bound(bench, pair.a, pair.b, bench.x(1), callDirection=1)
    other = bound(bench, x=bench.x(0))
    before = listed(bench, other.x)[other.sub]
    with unchanged(bench, "AXB-MODIFY-005", bench.x(1)):
        answer = bench.modify(pair.sub, callerNum=bench.user(), callDirection=2, userData="new", maxDuration=7)
        succeeds(bench, "AXB-MODIFY-003", answer, "modify of A")
        succeeds(bench, "AXB-MODIFY-101", bench.modify(pair.sub, calleeNum=bench.user()), "modify of B")
    after = listed(bench, other.x).get(other.sub)
    bench.claim("AXB-MODIFY-005", after == before, f"another pair of the X was {before}, is {after}")


@check("AXB-UNBIND-001", needs=("two_x",))
def test_unbind_leaves_the_same_users_elsewhere(bench: Bench) -> None:
    """An unbind of A and B leaves them bound on another X, and where another application has bound them."""
    pair = bound(bench, x=bench.x(0))
    twin = bound(bench, pair.a, pair.b, bench.x(1))
    second = bench.second_app
    theirs = bound(bench, pair.a, pair.b, app=second) if second is not None else None
    succeeds(bench, "AXB-UNBIND-001", bench.unbind(subscriptionId=pair.sub), "unbind")
    bench.claim("AXB-UNBIND-001", twin.sub in listed(bench, twin.x), "A and B are gone from another X too")
    if theirs is not None:
        answer = bench.query(subscriptionId=theirs.sub, app=second)
        bench.claim("AXB-UNBIND-001", answer.ok, f"another application's binding of A and B is gone: {answer.key}")
