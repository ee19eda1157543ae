"""AXYB calls: causes, and what pushes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import completed_call
from privnum.suites.probes.axyb.fixtures import require_binding
from privnum.suites.probes.fixtures import cdr_of, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

CALLS = ("calls", "two_x")
PUSHED = (*CALLS, "receiver", "clock")
BLOCKED = 8055


@probe("axyb.wrong_direction_cause", needs=CALLS)
def wrong_direction_cause(context: CheckContext) -> int:
    """The cause of a call of B with direction 1, and of A with direction 2."""
    only_a, only_b = require_binding(context, callDirection=1), require_binding(context, callDirection=2)
    calls = context.call(only_a.b, only_a.x), context.call(only_b.a, only_b.y)
    causes = {call.release_cause for call in calls}
    if len(causes) > 1 or None in causes:
        raise CannotSettle(f"the causes of the two directions are {causes}")
    return calls[0].release_cause or 0


@probe("axyb.callin_user_data", needs=PUSHED)
def callin_user_data(context: CheckContext) -> str:
    """Whether callin has the userData of the binding."""
    pair = require_binding(context, userData="order-42")
    call = completed_call(context, pair.b, pair.x, hang_up_after=4)
    found = [push.info for push in context.events(call) if push.event_type == "callin"]
    if not found:
        raise CannotSettle("no callin came")
    return "present" if found[0].get("userData") else "absent"


@probe("axyb.cdr_bind_num", needs=PUSHED)
def cdr_bind_num(context: CheckContext) -> str:
    """BindNum in the CDR of a call to Y."""
    pair = require_binding(context)
    number = cdr_of(context, completed_call(context, pair.a, pair.y, hang_up_after=4)).get("bindNum")
    return {pair.y: "dialled", pair.x: "x"}.get(str(number), str(number))


@probe("axyb.shown_number_blocked", needs=(*CALLS, "number_status"))
def shown_number_blocked(context: CheckContext) -> str:
    """A call of B while his Y is suspended, and one of A while his X is."""
    pair, seen = require_binding(context), []
    for caller, dialled, shown in ((pair.b, pair.x, pair.y), (pair.a, pair.y, pair.x)):
        context.set_number(shown, "9")
        call = context.call(caller, dialled)
        seen.append("put_through" if call.forwarded_to else "refuse" if call.release_cause == BLOCKED else "another")
        context.hang_up(call)
        context.set_number(shown, "5")
    return one(seen)
