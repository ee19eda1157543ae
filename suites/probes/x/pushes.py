"""What events and CDRs of X mode need not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import wait_until_ended
from privnum.suites.checks.x.scenarios import answered_with, connect
from privnum.suites.probes.fixtures import cdr_of, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

PUSHED = ("calls", "receiver", "clock")
LATER = ("callout", "alerting", "answer", "disconnect")


def through(context: CheckContext) -> CallView:
    """A call that was answered and hung up."""
    call = wait_until_ended(context, answered_with(context, connect(context.user()), hang_up_after=10))
    if call.answered_at is None:
        raise CannotSettle(f"the call was not answered: cause {call.release_cause}")
    return call


def events_of(context: CheckContext, call: CallView) -> dict[str, dict[str, Any]]:
    """The statusInfo of its events, by eventType."""
    return {push.event_type: push.info for push in context.events(call)}


@probe("x.later_notify_mode", needs=PUSHED)
def later_notify_mode(context: CheckContext) -> str:
    """NotifyMode in the events behind callin."""
    events = events_of(context, through(context))
    seen = [events[kind].get("notifyMode") for kind in LATER if kind in events]
    return one({None: "absent", "Notify": "notify"}.get(mode, f"notifyMode {mode}") for mode in seen)


@probe("x.cdr_subscription_id", needs=PUSHED)
def cdr_subscription_id(context: CheckContext) -> str:
    """SubscriptionId in a CDR."""
    sub = cdr_of(context, through(context)).get("subscriptionId")
    return {None: "absent", "": "empty"}.get(sub, str(sub))


@probe("x.cdr_direction", needs=PUSHED)
def cdr_direction(context: CheckContext) -> int:
    """Direction in the CDR of a call that was put through."""
    direction = cdr_of(context, through(context)).get("direction")
    if not isinstance(direction, int):
        raise CannotSettle(f"direction is {direction!r}")
    return direction


@probe("x.call_rel_direction", needs=PUSHED)
def call_rel_direction(context: CheckContext) -> str:
    """CallRelDirection in disconnect and CDR."""
    call = through(context)
    told = (events_of(context, call).get("disconnect", {}), cdr_of(context, call))
    return one("absent" if part.get("callRelDirection") is None else "present" for part in told)


@probe("x.refused_events", needs=(*PUSHED, "number_status"))
def refused_events(context: CheckContext) -> str:
    """The events of a call to a suspended X."""
    context.set_number(context.x.x(), "9")
    call = wait_until_ended(context, answered_with(context, connect(context.user())))
    kinds = "_".join(sorted(push.event_type for push in context.events(call)))
    return "disconnect_only" if kinds == "disconnect" else kinds or "none"
