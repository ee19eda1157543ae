"""Query: whom it finds and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.printing import plural
from privnum.suites.checks.assertions import CLOCKS_APART, claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import bind_users, claim_shown, info_of
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext


def ids(answer: Answer) -> list[str]:
    """The subscriptionIds of a query answer, sorted."""
    return sorted(str(info.get("subscriptionId")) for info in answer.items("relationNumList"))


def finds(context: CheckContext, requirement: str, answer: Answer, *subs: str) -> None:
    """Claim that a query answer holds exactly these bindings."""
    context.claim(requirement, ids(answer) == sorted(subs), f"expected {sorted(subs)}, came {answer.key} {ids(answer)}")


@check("AXB-QUERY-101")
def test_query_by_x(context: CheckContext) -> None:
    """A query by X shows all of its bindings."""
    pairs = [bind_users(context) for _ in range(3)]
    finds(context, "AXB-QUERY-101", context.axb.query(relationNum=context.axb.x()), *(pair.sub for pair in pairs))


@check("AXB-QUERY-101", needs=("two_x",))
def test_query_by_x_shows_no_other_x(context: CheckContext) -> None:
    """A query by X shows nothing of another X, even of the same users."""
    one = bind_users(context, x=context.axb.x(0))
    two = bind_users(context, one.a, one.b, context.axb.x(1))
    finds(context, "AXB-QUERY-101", context.axb.query(relationNum=one.x), one.sub)
    finds(context, "AXB-QUERY-101", context.axb.query(relationNum=two.x), two.sub)


@check("AXB-QUERY-102")
def test_query_by_x_and_user(context: CheckContext) -> None:
    """X with A, with B, or with both shows the one binding."""
    bind_users(context)
    pair = bind_users(context)
    for users in ({"callerNum": pair.a}, {"calleeNum": pair.b}, {"callerNum": pair.a, "calleeNum": pair.b}):
        answer = context.axb.query(relationNum=pair.x, **users)
        finds(context, "AXB-QUERY-102", answer, pair.sub)


@check("AXB-QUERY-005")
def test_users_of_no_binding(context: CheckContext) -> None:
    """X with users in the wrong role, or of different pairs, gives 1012007."""
    one, two = bind_users(context), bind_users(context)
    wrong = ({"callerNum": context.user()}, {"callerNum": one.b}, {"calleeNum": one.a})
    for users in (*wrong, {"callerNum": one.a, "calleeNum": two.b}):
        answer = context.axb.query(relationNum=one.x, **users)
        claim_refusal(context, "AXB-QUERY-005", answer, f"query by X and {', '.join(users)} of no binding", "1012007")


def counts(context: CheckContext, answer: Answer, count: int) -> None:
    """Claim that totalCount, where it is shown, is that count."""
    if claim_shown(context, answer.body or {}, "totalCount"):
        came = answer["totalCount"]
        context.claim("AXB-QUERY-103", came == count, f"totalCount: expected {count}, came {came!r}")


def echoes(context: CheckContext, answer: Answer, index: int, size: int) -> None:
    """Claim that the answer shows pageIndex and pageSize as sent."""
    came = (answer["pageIndex"], answer["pageSize"])
    context.claim(
        "AXB-QUERY-106", came == (index, size), f"pageIndex and pageSize: expected {(index, size)}, came {came}"
    )


@check("AXB-QUERY-103", "AXB-QUERY-106", "AXB-QUERY-109")
def test_paging(context: CheckContext) -> None:
    """25 bindings in pages of 10.

    Each stands once on the pages, and totalCount is 25 on each.
    """
    subs = sorted(bind_users(context).sub for _ in range(25))
    seen: list[str] = []
    for page, size in ((1, 10), (2, 10), (3, 5)):
        answer = context.axb.query(relationNum=context.axb.x(), pageIndex=page, pageSize=10)
        claim_success(context, "AXB-QUERY-103", answer, f"page {page}")
        came = ids(answer)
        context.claim(
            "AXB-QUERY-103", len(came) == size, f"page {page}: expected {plural(size, 'binding')}, came {len(came)}"
        )
        counts(context, answer, 25)
        echoes(context, answer, page, 10)
        seen += came
    first_page = seen[:10]
    context.claim("AXB-QUERY-103", sorted(seen) == subs, "the pages do not hold each binding once")
    first = context.axb.query(relationNum=context.axb.x(), pageSize=10)
    echoes(context, first, 1, 10)
    context.claim(
        "AXB-QUERY-103", ids(first) == sorted(first_page), "pageIndex absent: another page than the first came"
    )
    context.claim("AXB-QUERY-103", len(ids(first)) == 10, f"pageIndex absent: expected 10, came {len(ids(first))}")


@check("AXB-QUERY-103", "AXB-QUERY-109")
def test_page_of_more_than_there_are(context: CheckContext) -> None:
    """A page larger than the number of bindings holds all."""
    subs = [bind_users(context).sub for _ in range(11)]
    answer = context.axb.query(relationNum=context.axb.x(), pageIndex=1, pageSize=100)
    finds(context, "AXB-QUERY-103", answer, *subs)
    counts(context, answer, 11)


@check("AXB-QUERY-104")
def test_page_size_out_of_range_is_50(context: CheckContext) -> None:
    """A page has 50 bindings without pageSize, or with one out of range.

    The range is 10 to 100.
    """
    for _ in range(110):
        bind_users(context)
    for size, count in ((None, 50), (9, 50), (101, 50), (0, 50), (10, 10), (100, 100)):
        paging = {} if size is None else {"pageSize": size}
        answer = context.axb.query(relationNum=context.axb.x(), **paging)
        came = len(ids(answer))
        context.claim(
            "AXB-QUERY-104", came == count, f"pageSize {size}: expected {plural(count, 'binding')}, came {came}"
        )
        echoes(context, answer, 1, count)


@check("AXB-QUERY-105")
def test_paging_is_ignored_for_one_binding(context: CheckContext) -> None:
    """Behind the last page, too, a query for one binding shows it."""
    pair = bind_users(context)
    bind_users(context)
    users = ({"callerNum": pair.a}, {"calleeNum": pair.b}, {"callerNum": pair.a, "calleeNum": pair.b})
    for selector in ({"subscriptionId": pair.sub}, *({"relationNum": pair.x, **user} for user in users)):
        for page, size in ((7, 10), (2, 5)):
            answer = context.axb.query(**selector, pageIndex=page, pageSize=size)
            finds(context, "AXB-QUERY-105", answer, pair.sub)


@check("AXB-QUERY-002", needs=("clock",))
def test_subscribe_time_of_a_modify(context: CheckContext) -> None:
    """SubscribeTime moves to the time of a modify, and of nothing else."""
    pair = bind_users(context)
    info = info_of(context, "AXB-QUERY-002", pair.sub)
    if not claim_shown(context, info, "subscribeTime"):
        return
    times = [info["subscribeTime"]]
    passed = 100 if context.controls_clock else 8
    context.advance(passed)
    times.append(info_of(context, "AXB-QUERY-002", pair.sub).get("subscribeTime"))
    claim_success(context, "AXB-QUERY-002", context.axb.modify(pair.sub, callDirection=2), "modify")
    times.append(info_of(context, "AXB-QUERY-002", pair.sub).get("subscribeTime"))
    first, second, third = (seconds(time) or 0 for time in times)
    context.claim("AXB-QUERY-002", first == second, f"subscribeTime went from {times[0]} to {times[1]} by itself")
    ok = passed - 5 <= third - first <= (passed + 5 if context.controls_clock else CLOCKS_APART)
    context.claim("AXB-QUERY-002", ok, f"bound at {times[0]}, modified {passed} s later, subscribeTime is {times[2]}")
