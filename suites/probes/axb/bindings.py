"""Bindings: odd pairs, choice of X, odd modifies, ends of lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.checks.any_mode import any_mode
from privnum.suites.oracle.numbers import area_of_fixed_line
from privnum.suites.probes.ax.fixtures import call_at_the_end
from privnum.suites.probes.fixtures import (
    code_or,
    given,
    one,
)
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

AREA = "0755"
ONE_MINUTE: dict[str, Any] = {"timeUnit": "1", "bindExpiredTime": 1, "callbackExpiredTime": 1}
"""The times of an AXE binding of a minute."""


@probe("binding.expiry_instant", needs=("clock",))
def expiry_instant(context: CheckContext) -> str:
    """A query in the very second in which 60 seconds are over.

    In AX it is a call of A's, whose temporary callee has them.
    """
    if any_mode(context).mode == "AX":
        return call_at_the_end(context)
    if any_mode(context).mode == "AXE":
        sub = context.axe.bind(context.user(), context.axe.x(), **ONE_MINUTE)["subscriptionId"]
        context.advance(60)
        return "alive" if context.axe.query(subscriptionId=sub).ok else "gone"
    pair = given(context, duration=60)
    context.advance(60)
    return "alive" if context.axb.query(subscriptionId=pair.sub).ok else "gone"


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
            given(context, a=a, x=x.number)
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
    pair = given(context)
    context.set_application(context.axb.app, recording=False)

    def named(*faults: str) -> str:
        context.set_number(pair.x, "11" if "1012102" in faults else "5")
        a = pair.a if "1012010" in faults else context.user()
        flag = {"recordFlag": "true"} if "1012012" in faults else {}
        return code_or(context.axb.bind(a, context.user(), pair.x, **flag), "accept")

    pairs = [("1012010", "1012012"), ("1012010", "1012102"), ("1012012", "1012102")]
    words = {named("1012102"): "1012102"}  # an X that is blocked may have another code (axb.blocked_x)
    codes = {faults: named(*faults) for faults in pairs}
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
    theirs = given(context, x=context.axb.x(app=context.axb.second_app), app=context.axb.second_app)
    answers = (context.axb.query(relationNum=theirs.x), context.axb.unbind(relationNum=theirs.x))
    return one(code_or(answer, "accept") for answer in answers)


@probe("binding.blocked_x_changes", needs=("number_status",))
def blocked_x_changes(context: CheckContext) -> str:
    """Modify and unbind while X is suspended, and while it is unavailable."""
    seen = []
    for status in ("9", "10"):
        pair = given(context)
        context.set_number(pair.x, status)
        seen += [context.axb.modify(pair.sub, callDirection=1), context.axb.unbind(subscriptionId=pair.sub)]
        context.set_number(pair.x, "5")
    return one(code_or(answer, "success") for answer in seen)


@probe("axb.unbind_without_selector")
def unbind_without_selector(context: CheckContext) -> str:
    """An unbind that names nothing."""
    return code_or(context.axb.unbind(), "accept")


@probe("axb.unbind_bare_plus")
def unbind_bare_plus(context: CheckContext) -> str:
    """An unbind by an X whose + is not encoded."""
    pair = given(context)
    return code_or(context.request("axb.unbind", raw_query=f"relationNum={pair.x}"), "accept")


@probe("binding.modify_nothing")
def modify_nothing(context: CheckContext) -> str:
    """A modify with the subscriptionId alone."""
    return code_or(context.axb.modify(given(context).sub), "success")


@probe("binding.modify_empty_tone")
def modify_empty_tone(context: CheckContext) -> str:
    """A modify with an empty lastMinVoice, one with an empty preVoice tone.

    Where a query shows them before.
    """
    tone = context.axb.tone()
    changes: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({"lastMinVoice": tone}, {"lastMinVoice": ""}),
        ({"preVoice": {"callerHintTone": tone}}, {"preVoice": {"callerHintTone": ""}}),
        ({"preVoice": {"calleeHintTone": tone}}, {"preVoice": {"calleeHintTone": ""}}),
    )
    seen = []
    for before, change in changes:
        (name,) = before
        sub = given(context, maxDuration=5, **before).sub
        if not _shows(context, sub, name, tone):
            continue
        answer = context.axb.modify(sub, **change)
        seen.append(code_or(answer, "unchanged" if _shows(context, sub, name, tone) else "clear"))
    if not seen:
        raise CannotSettle("a query shows neither lastMinVoice nor preVoice")
    return one(seen)


def _shows(context: CheckContext, sub: str, name: str, tone: str) -> bool:
    """Whether a query shows that tone of a binding."""
    found = context.axb.query(subscriptionId=sub).items("relationNumList") or [{}]
    shown = found[0].get(name)
    return tone in shown.values() if isinstance(shown, dict) else shown == tone


@probe("axb.modify_same_number")
def modify_same_number(context: CheckContext) -> str:
    """A modify to the A, and to the B, that the binding has."""
    pair = given(context)
    answers = (context.axb.modify(pair.sub, callerNum=pair.a), context.axb.modify(pair.sub, calleeNum=pair.b))
    return one(code_or(answer, "success") for answer in answers)


@probe("axb.modify_swap")
def modify_swap(context: CheckContext) -> str:
    """A modify that exchanges A and B."""
    pair = given(context)
    return code_or(context.axb.modify(pair.sub, callerNum=pair.b, calleeNum=pair.a), "success")


@probe("call.max_duration_of_running_call", needs=("calls", "clock"))
def max_duration_of_running_call(context: CheckContext) -> str:
    """A modify of maxDuration to 1 minute while a call with 10 is up."""
    pair = given(context, maxDuration=10)
    call = context.call(pair.a, pair.x)
    context.advance(15)
    if context.look(call).state != "answered":
        raise CannotSettle(f"the call is {context.look(call).state}")
    context.axb.modify(pair.sub, maxDuration=1)
    context.advance(120)
    return "running_call" if context.look(call).state == "ended" else "next_call"


@probe("call.users_of_running_call", needs=("calls", "clock"))
def users_of_running_call(context: CheckContext) -> str:
    """Modifies to a new B and a new A while a call of A runs.

    While it rings, and when it is answered.
    """
    seen = []
    for field, seconds in (("calleeNum", 15), ("callerNum", 15), ("calleeNum", 5)):
        pair = given(context)
        call = context.call(pair.a, pair.x, answer_after=5)
        context.advance(seconds)
        before = context.look(call)
        if before.state not in {"alerting", "answered"}:
            raise CannotSettle(f"the call is {before.state}")
        context.axb.modify(pair.sub, **{field: context.user()})
        context.advance(15)
        now = context.look(call)
        if now.state == "answered":
            seen.append("goes_on" if now.forwarded_to == before.forwarded_to else "reaches somebody else")
        else:
            seen.append("ends")
        context.hang_up(now)
    return one(seen)


@probe("binding.last_minute_without_limit")
def last_minute_without_limit(context: CheckContext) -> str:
    """LastMinVoice without maxDuration, in a bind and in a modify."""
    pair = given(context)
    bind = context.axb.bind(context.user(), context.user(), context.axb.x(), lastMinVoice=context.axb.tone())
    return one(
        code_or(answer, "accept") for answer in (bind, context.axb.modify(pair.sub, lastMinVoice=context.axb.tone()))
    )
