"""What is open of the bindings of every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.probes.ax.fixtures import call_at_the_end
from privnum.suites.probes.fixtures import (
    code_or,
    one,
    require_binding,
    tied_in_each_mode,
)
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

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
    pair = require_binding(context, duration=60)
    context.advance(60)
    return "alive" if context.axb.query(subscriptionId=pair.sub).ok else "gone"


@probe("binding.blocked_x_changes", needs=("number_status",))
def blocked_x_changes(context: CheckContext) -> str:
    """Modify and unbind while X is suspended, and while it is unavailable."""
    seen = []
    for status in ("9", "10"):
        for api, binding in tied_in_each_mode(context):
            context.set_number(binding.x, status)
            seen += [api.modify(binding.sub)] if api.has("modify") else []
            seen.append(api.unbind(subscriptionId=binding.sub))
            context.set_number(binding.x, "5")
    return one(code_or(answer, "success") for answer in seen)


@probe("binding.modify_nothing")
def modify_nothing(context: CheckContext) -> str:
    """A modify with a selector alone: by id, and by X where it can be so."""
    seen = []
    for api, binding in tied_in_each_mode(context):
        if api.has("modify"):
            selectors = [{"subscriptionId": binding.sub}] + [dict(binding.there)] * api.modify_by_x
            seen += [api.ask("modify", body=selector) for selector in selectors]
    if not seen:
        raise CannotSettle("no mode that is checked has a modify")
    return one(code_or(answer, "success") for answer in seen)


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
        sub = require_binding(context, maxDuration=5, **before).sub
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


@probe("call.max_duration_of_running_call", needs=("calls", "clock"))
def max_duration_of_running_call(context: CheckContext) -> str:
    """A modify of maxDuration to 1 minute while a call with 10 is up."""
    pair = require_binding(context, maxDuration=10)
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
    for field, wait in (("calleeNum", 15), ("callerNum", 15), ("calleeNum", 5)):
        pair = require_binding(context)
        call = context.call(pair.a, pair.x, answer_after=5)
        context.advance(wait)
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
    pair = require_binding(context)
    bind = context.axb.bind(context.user(), context.user(), context.axb.x(), lastMinVoice=context.axb.tone())
    return one(
        code_or(answer, "accept") for answer in (bind, context.axb.modify(pair.sub, lastMinVoice=context.axb.tone()))
    )


NEAR = 60
"""Seconds within which two times count as the same."""


@probe("binding.subscribe_time_zone")
def subscribe_time_zone(context: CheckContext) -> str:
    """SubscribeTime beside the world's time."""
    pair = require_binding(context)
    found = context.axb.query(subscriptionId=pair.sub).items("relationNumList") or [{}]
    text = found[0].get("subscribeTime")
    at = seconds(text)
    if at is None:
        raise CannotSettle(f"subscribeTime cannot be read: {text!r}")
    ahead = at - context.now().timestamp()
    return "utc" if abs(ahead) < NEAR else "utc+8" if abs(ahead - CHINA) < NEAR else f"{ahead:+.0f} s from UTC"
