"""Calls, their events and CDRs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import PATIENCE, finished
from privnum.suites.checks.axe.scenarios import PROMPTS
from privnum.suites.probes.fixtures import (
    Way,
    cdr_of,
    given,
    one,
    some_x,
    way,
    without_axb,
)
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

__all__: list[str] = []

PUSHED = ("calls", "receiver", "clock")


def told(bench: Bench, leg: Way) -> dict[str, dict[str, Any]]:
    """The events of an answered call, by eventType. Raises CannotSettle where one is missing."""
    call = finished(bench, leg.caller, leg.x, hang_up_after=10, **leg.plan)
    events = {push.event_type: push.info for push in bench.events(call)}
    missing = {"callout", "alerting", "answer", "disconnect"} - events.keys()
    if missing:
        raise CannotSettle(f"an answered call has no event {', '.join(sorted(missing))}")
    return events


@probe("call.later_user_data", needs=PUSHED)
def later_user_data(bench: Bench) -> str:
    """UserData in callout, alerting, answer and disconnect of an answered call."""
    events = told(bench, way(bench, userData="order-42"))
    shown = {events[kind].get("userData") or None for kind in ("callout", "alerting", "answer", "disconnect")}
    words = {None: "absent", "order-42": "present"}
    return one(words.get(data, f"userData {data}") for data in sorted(shown, key=str))


@probe("call.unannounced_recording", needs=("calls", "recording", "clock"))
def unannounced_recording(bench: Bench) -> str:
    """A call of a binding with recordFlag true and no recordHintTone."""
    leg = way(bench, recordFlag="true")
    call = finished(bench, leg.caller, leg.x, hang_up_after=10, **leg.plan)
    return {0: "put_through", 8059: "intercept"}.get(call.release_cause or 0, f"cause {call.release_cause}")


def in_vain(bench: Bench) -> CallView:
    """A stranger's call that reached nobody; where there is no AXB, by an extension that is not bound."""
    if not without_axb(bench):
        given(bench)
        return bench.call(bench.user(), bench.x())
    digits = ["1" * bench.axe.app.extension_digits] * PROMPTS
    return finished(bench, bench.user(), bench.axe.x(), digits=digits)


LONGEST, STEP = 900, 10
"""Seconds in which CDRs may be collected, "a short time", and how far apart they are looked for in the end."""


@probe("call.refused_events", needs=PUSHED)
def refused_events(bench: Bench) -> str:
    """The events of a stranger's call."""
    told = [kind for push in bench.events(in_vain(bench)) if (kind := push.event_type) != "collectInfo"]
    kinds = "_".join(sorted(told))  # as it happens, in the order of the call; that of arrival is another matter
    return "disconnect_only" if kinds == "disconnect" else kinds or "none"


@probe("call.second_leg_caller", needs=PUSHED)
def second_leg_caller(bench: Bench) -> str:
    """Caller of callout, alerting and answer."""
    leg = way(bench)
    events = told(bench, leg)
    words = {leg.x: "x", leg.caller: "real_caller"}
    return one(words.get(str(events[kind].get("caller")), "another") for kind in ("callout", "alerting", "answer"))


@probe("call.disconnect_numbers", needs=PUSHED)
def disconnect_numbers(bench: Bench) -> str:
    """Caller and called of disconnect."""
    leg = way(bench)
    info = told(bench, leg)["disconnect"]
    legs = {(leg.x, leg.callee): "second_leg", (leg.caller, leg.x): "first_leg"}
    return legs.get((str(info.get("caller")), str(info.get("called"))), "other numbers")


@probe("call.reject_cause", needs=("calls", "clock"))
def reject_cause(bench: Bench) -> int:
    """The cause of a call that the callee rejects."""
    leg = way(bench)
    return finished(bench, leg.caller, leg.x, behaviour="reject", **leg.plan).release_cause or 0


@probe("call.fixed_line_precedence", needs=("calls", "fixed_line_users"))
def fixed_line_precedence(bench: Bench) -> str:
    """A fixed line without a binding, and one against the direction."""
    line = bench.user("fixed_line")
    pair = given(bench, b=line, callDirection=1)
    calls = (bench.call(bench.user("fixed_line"), pair.x), bench.call(line, pair.x))
    words = {8023: "fixed_line", 8014: "binding", 8016: "binding"}
    return one(words.get(call.release_cause or 0, str(call.release_cause)) for call in calls)


@probe("cdr.direction_of_refused", needs=PUSHED)
def direction_of_refused(bench: Bench) -> str:
    """Direction in the CDR of a call from B that the direction forbids."""
    pair = given(bench, callDirection=1)
    direction = cdr_of(bench, bench.call(pair.b, pair.x)).get("direction")
    return {0: "role", 2: "abnormal"}.get(direction, str(direction))  # type: ignore[arg-type]


@probe("cdr.subscription_id_of_refused", needs=PUSHED)
def subscription_id_of_refused(bench: Bench) -> str:
    """SubscriptionId in the CDR of a stranger's call."""
    cdr = cdr_of(bench, in_vain(bench))
    if cdr.get("subscriptionId") is None:
        return "absent"
    return "empty" if cdr["subscriptionId"] == "" else str(cdr["subscriptionId"])


@probe("cdr.merge_seconds", needs=PUSHED)
def merge_seconds(bench: Bench) -> int:
    """Seconds between the end of a call and its CDR."""
    call = bench.call(bench.user(), some_x(bench))
    if call.state != "ended":
        call = bench.hang_up(call)
    for waited in range(PATIENCE + 1):
        if bench.cdrs(call):
            return waited
        bench.advance(1)
    for waited in range(PATIENCE + STEP, LONGEST + 1, STEP):
        bench.advance(STEP)
        if bench.cdrs(call, at_once=True):
            return waited
    raise CannotSettle(f"no CDR came within {LONGEST} seconds")


@probe("cdr.ask_support_fields", needs=PUSHED)
def ask_support_fields(bench: Bench) -> str:
    """Whether areaCode and callDuration stand in the CDR of an answered call."""
    leg = way(bench)
    cdr = cdr_of(bench, finished(bench, leg.caller, leg.x, hang_up_after=10, **leg.plan))
    return one("present" if name in cdr else "absent" for name in ("areaCode", "callDuration"))
