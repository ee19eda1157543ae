"""Query: which of its parameters decides, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success
from privnum.suites.checks.ax.bindings import AxBindings
from privnum.suites.checks.ax.scenarios import bind_users, listed_bindings
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Collection

    from privnum.suites.runner.context import CheckContext


def finds(context: CheckContext, requirement: str, expected: Collection[str], **query: str) -> None:
    """Claim that a query shows just these bindings."""
    answer = context.ax.query(**query)
    came = listed_bindings(answer)
    ok = came.keys() == {*expected} and len(answer.items("privateNumList")) == len(came)
    context.claim(requirement, ok, f"query by {sorted(query)}: expected {sorted(expected)}, came {sorted(came)}")


@check("AX-QUERY-101")
def test_by_a(context: CheckContext) -> None:
    """A query by origNum lists every X of A and no other.

    With each X, where it is shown.
    """
    a, other = context.user(), bind_users(context)
    bindings = [bind_users(context, a) for _ in range(min(3, len(context.ax.app.numbers) - 1))]
    finds(context, "AX-QUERY-101", [binding.sub for binding in bindings], origNum=a)
    finds(context, "AX-QUERY-101", [other.sub], origNum=other.a)
    mode, shown = AxBindings(context), listed_bindings(context.ax.query(origNum=a))
    for binding in bindings:
        info = shown.get(binding.sub, {})
        if mode.is_shown(info, "privateNum"):
            came = info["privateNum"]
            context.claim("AX-QUERY-101", came == binding.x, f"{binding.sub} is on {binding.x}, the query shows {came}")
    claim_success(context, "AX-UNBIND-001", context.ax.unbind(subscriptionId=bindings[0].sub), "unbind")
    if bindings[1:]:
        finds(context, "AX-QUERY-101", [binding.sub for binding in bindings[1:]], origNum=a)


@check("AX-QUERY-101", needs=("second_application",))
def test_by_an_a_of_two_applications(context: CheckContext) -> None:
    """A query by origNum lists the bindings of the own application alone."""
    own, theirs = bind_users(context), context.ax.second_app
    foreign = bind_users(context, own.a, app=theirs)
    finds(context, "AX-QUERY-101", [own.sub], origNum=own.a)
    came = listed_bindings(context.ax.query(origNum=own.a, app=theirs))
    context.claim("AX-QUERY-101", list(came) == [foreign.sub], f"the other application is shown {sorted(came)}")


@check("AX-QUERY-102")
def test_by_x(context: CheckContext) -> None:
    """A query by privateNum shows the one binding of that X.

    It is so for an A who has others too.
    """
    one = bind_users(context)
    two = bind_users(context, one.a)
    for binding in (one, two):
        finds(context, "AX-QUERY-102", [binding.sub], privateNum=binding.x)


@check("AX-QUERY-001", needs=("two_x",))
def test_by_id(context: CheckContext) -> None:
    """A query by subscriptionId shows that one binding."""
    one = bind_users(context)
    two = bind_users(context, one.a)
    for binding in (one, two):
        finds(context, "AX-QUERY-001", [binding.sub], subscriptionId=binding.sub)


@check("AX-QUERY-103")
def test_a_wins_over_x(context: CheckContext) -> None:
    """With origNum and privateNum both given origNum decides.

    One who is not bound finds nothing.
    """
    one, two = bind_users(context), bind_users(context)
    finds(context, "AX-QUERY-103", [one.sub], origNum=one.a, privateNum=two.x)
    finds(context, "AX-QUERY-103", [one.sub], origNum=one.a, privateNum=context.user())
    answer = context.ax.query(origNum=context.user(), privateNum=two.x)
    claim_refusal(context, "AX-QUERY-103", answer, "query by an A who is not bound beside an X that is")


@check("AX-QUERY-004")
def test_the_id_wins_over_both(context: CheckContext) -> None:
    """With all three given the id decides, and an unknown one finds nothing."""
    one, two = bind_users(context), bind_users(context)
    finds(context, "AX-QUERY-004", [one.sub], subscriptionId=one.sub, origNum=two.a, privateNum=two.x)
    answer = context.ax.query(subscriptionId=UNKNOWN, origNum=two.a, privateNum=two.x)
    claim_refusal(context, "AX-QUERY-004", answer, "query by an unknown id beside an A and an X that are bound")


@check("AX-QUERY-104")
def test_a_selector_is_needed(context: CheckContext) -> None:
    """A query without any selector, or with empty ones, is refused."""
    bind_users(context)
    for query in ({}, dict.fromkeys(("subscriptionId", "origNum", "privateNum"), "")):
        claim_refusal(context, "AX-QUERY-104", context.ax.query(**query), f"query with {sorted(query) or 'nothing'}")


@check("AX-QUERY-105")
def test_what_was_never_set_is_not_shown(context: CheckContext) -> None:
    """CalleeNumDisplay and callDirection need not be shown where unset.

    A direction that was set may be.
    """
    plain, set_later = bind_users(context), bind_users(context)
    claim_success(context, "AX-MODIFY-007", context.ax.modify(set_later.sub, callDirection=2), "modify of direction")
    mode = AxBindings(context)
    for binding, names in ((plain, ("calleeNumDisplay", "callDirection")), (set_later, ("calleeNumDisplay",))):
        info = listed_bindings(context.ax.query(subscriptionId=binding.sub)).get(binding.sub, {})
        shown = {name: info[name] for name in names if info.get(name) not in (None, "")}
        context.claim("AX-QUERY-105", not shown, f"a query shows what was never set: {shown}")
    info = listed_bindings(context.ax.query(subscriptionId=set_later.sub)).get(set_later.sub, {})
    if mode.is_shown(info, "callDirection"):
        came = info["callDirection"]
        context.claim("AX-QUERY-105", came == 2, f"callDirection was set to 2, the query shows {came!r}")


@check("AX-QUERY-106", needs=("recording",))
def test_the_tone_of_a_recording(context: CheckContext) -> None:
    """RecordHintTone is shown of a binding that records, and of no other."""
    tone = context.ax.tone()
    for flag in ("true", "false"):
        binding = bind_users(context, recordFlag=flag, recordHintTone=tone)
        shown = listed_bindings(context.ax.query(subscriptionId=binding.sub)).get(binding.sub, {}).get("recordHintTone")
        allowed = (None, "", tone) if flag == "true" else (None, "")
        message = f"recordHintTone of a binding with recordFlag {flag}: came {shown!r}"
        context.claim("AX-QUERY-106", shown in allowed, message)


@check("AX-QUERY-003")
def test_the_tone_of_the_last_minute(context: CheckContext) -> None:
    """LastMinVoice, where it is shown, is the one in force."""
    first, second = context.ax.tone(0), context.ax.tone(1)
    binding = bind_users(context, maxDuration=30, lastMinVoice=first)
    for tone in (first, second):
        if tone != first:
            changed = context.ax.modify(binding.sub, lastMinVoice=tone)
            claim_success(context, "AX-MODIFY-006", changed, "modify of the tone alone")
        shown = listed_bindings(context.ax.query(subscriptionId=binding.sub)).get(binding.sub, {}).get("lastMinVoice")
        context.claim("AX-QUERY-003", shown in (None, "", tone), f"lastMinVoice: expected {tone!r}, came {shown!r}")
