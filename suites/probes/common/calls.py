"""Calls, their events and CDRs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.any_mode import any_calls, any_mode
from privnum.suites.checks.assertions import PATIENCE, completed_call
from privnum.suites.checks.axe.scenarios import PROMPTS
from privnum.suites.probes.fixtures import (
    cdr_of,
    one,
    require_binding,
    tied,
    way,
)
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.checks.bindings.binding import Route
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

PUSHED = ("calls", "receiver", "clock")


def events_by_type(context: CheckContext, leg: Route) -> dict[str, dict[str, Any]]:
    """The events of an answered call, by eventType.

    Raises CannotSettle where one is missing.
    """
    call = completed_call(context, leg.caller, leg.dialled, hang_up_after=10, **leg.plan)
    events = {push.event_type: push.info for push in context.events(call)}
    missing = {"callout", "alerting", "answer", "disconnect"} - events.keys()
    if missing:
        raise CannotSettle(f"an answered call has no event {', '.join(sorted(missing))}")
    return events


@probe("call.later_user_data", needs=PUSHED)
def later_user_data(context: CheckContext) -> str:
    """UserData in the events after callin of an answered call.

    Callout, alerting, answer and disconnect. It is that of a binding; of X, where nothing is bound, a rule speaks.
    """
    leg = any_mode(context).routes(tied(context, userData="order-42"))[0]
    events = events_by_type(context, leg)
    shown = {events[kind].get("userData") or None for kind in ("callout", "alerting", "answer", "disconnect")}
    words = {None: "absent", "order-42": "present"}
    return one(words.get(data, f"userData {data}") for data in sorted(shown, key=str))


@probe("call.unannounced_recording", needs=("calls", "recording", "clock"))
def unannounced_recording(context: CheckContext) -> str:
    """A call of a binding with recordFlag true and no recordHintTone."""
    leg = way(context, recordFlag="true")
    call = completed_call(context, leg.caller, leg.dialled, hang_up_after=10, **leg.plan)
    return {0: "put_through", 8059: "intercept"}.get(call.release_cause or 0, f"cause {call.release_cause}")


def in_vain(context: CheckContext) -> CallView:
    """A stranger's call that reached nobody.

    Where extensions are entered, by one that is not bound.
    """
    api = any_mode(context)
    x, digits = api.side.x(), api.there(api.side.x()).get("extendNum")
    if digits is not None:
        return completed_call(context, context.user(), x, digits=[digits] * PROMPTS)
    tied(context)
    return context.call(context.user(), x)


LONGEST, STEP = 900, 10
"""Seconds in which CDRs may be collected, "a short time", and how far apart they are looked for in the end."""


@probe("call.refused_events", needs=PUSHED)
def refused_events(context: CheckContext) -> str:
    """The events of a stranger's call."""
    sent = [kind for push in context.events(in_vain(context)) if (kind := push.event_type) != "collectInfo"]
    kinds = "_".join(sorted(sent))  # as it happens, in the order of the call; that of arrival is another matter
    return "disconnect_only" if kinds == "disconnect" else kinds or "none"


@probe("call.second_leg_caller", needs=PUSHED)
def second_leg_caller(context: CheckContext) -> str:
    """Caller of callout, alerting and answer."""
    leg = way(context)
    events = events_by_type(context, leg)
    words = {leg.dialled: "x", leg.caller: "real_caller"}
    return one(words.get(str(events[kind].get("caller")), "another") for kind in ("callout", "alerting", "answer"))


@probe("call.disconnect_numbers", needs=PUSHED)
def disconnect_numbers(context: CheckContext) -> str:
    """Caller and called of disconnect."""
    leg = way(context)
    info = events_by_type(context, leg)["disconnect"]
    legs = {(leg.dialled, leg.callee): "second_leg", (leg.caller, leg.dialled): "first_leg"}
    return legs.get((str(info.get("caller")), str(info.get("called"))), "other numbers")


@probe("call.reject_cause", needs=("calls", "clock"))
def reject_cause(context: CheckContext) -> int:
    """The cause of a call that the callee rejects."""
    leg = way(context)
    return completed_call(context, leg.caller, leg.dialled, behaviour="reject", **leg.plan).release_cause or 0


@probe("call.fixed_line_precedence", needs=("calls", "fixed_line_users"))
def fixed_line_precedence(context: CheckContext) -> str:
    """A fixed line without a binding, and one against the direction."""
    line = context.user("fixed_line")
    pair = require_binding(context, b=line, callDirection=1)
    calls = (context.call(context.user("fixed_line"), pair.x), context.call(line, pair.x))
    words = {8023: "fixed_line", 8014: "binding", 8016: "binding"}
    return one(words.get(call.release_cause or 0, str(call.release_cause)) for call in calls)


@probe("cdr.direction_of_refused", needs=PUSHED)
def direction_of_refused(context: CheckContext) -> str:
    """Direction in the CDR of a call from B that the direction forbids."""
    pair = require_binding(context, callDirection=1)
    direction = cdr_of(context, context.call(pair.b, pair.x)).get("direction")
    words: dict[object, str] = {0: "role", 2: "abnormal"}
    return words.get(direction, str(direction))


@probe("cdr.subscription_id_of_refused", needs=PUSHED)
def subscription_id_of_refused(context: CheckContext) -> str:
    """SubscriptionId in the CDR of a stranger's call."""
    cdr = cdr_of(context, in_vain(context))
    if cdr.get("subscriptionId") is None:
        return "absent"
    return "empty" if cdr["subscriptionId"] == "" else str(cdr["subscriptionId"])


@probe("cdr.merge_seconds", needs=PUSHED)
def merge_seconds(context: CheckContext) -> int:
    """Seconds between the end of a call and its CDR."""
    call = any_calls(context).refused_call()
    for waited in range(PATIENCE + 1):
        if context.cdrs(call):
            return waited
        context.advance(1)
    for waited in range(PATIENCE + STEP, LONGEST + 1, STEP):
        context.advance(STEP)
        if context.cdrs(call, at_once=True):
            return waited
    raise CannotSettle(f"no CDR came within {LONGEST} seconds")


@probe("cdr.ask_support_fields", needs=PUSHED)
def ask_support_fields(context: CheckContext) -> str:
    """Whether areaCode and callDuration stand in the CDR of an answered call."""
    leg = way(context)
    cdr = cdr_of(context, completed_call(context, leg.caller, leg.dialled, hang_up_after=10, **leg.plan))
    return one("present" if name in cdr else "absent" for name in ("areaCode", "callDuration"))
