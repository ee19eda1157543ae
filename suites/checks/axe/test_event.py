"""AXE's own events: collectInfo, and the transfer to callbackNum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import completed_call
from privnum.suites.checks.axe.call_profile import AxeCalls
from privnum.suites.checks.axe.scenarios import bind_users, other_extension
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
UNTOLD = "AXE-EVENT-012"
"""The rule of what an event need not say."""
OTHERS = ("caller", "called", "subscriptionId", "userData", "stateCode", "stateDesc")
"""Fields that events have and collectInfo has not."""


@check("AXE-EVENT-101", needs=NEEDS)
def test_events_of_a_transfer_to_callback_num(context: CheckContext) -> None:
    """A call of A to callbackNum has the events of a call-back."""
    calls, callee = AxeCalls(context), context.user()
    way = calls.from_a(bind_users(context, callbackNum=callee), callee)
    came = calls.kinds(calls.completed_call(way))
    context.claim("AXE-EVENT-101", sorted(came) == sorted(way.events), f"expected {way.events}, came {came}")


@check("AXE-EVENT-102", UNTOLD, needs=NEEDS)
def test_collect_info_carries_the_digits(context: CheckContext) -> None:
    """CollectInfo has timestamp, sessionId and the digits entered.

    Right or wrong.
    """
    binding = bind_users(context)
    for digits in ([binding.extension], [other_extension(context, binding.extension)]):
        call = completed_call(context, context.user(), binding.x, digits=digits, hang_up_after=10)
        infos = [push.info for push in context.events(call) if push.event_type == "collectInfo"]
        came = [info["digitInfo"] for info in infos if info.get("digitInfo") not in (None, "")]
        ok = digits[0] in came and all(isinstance(text, str) for text in came)
        context.claim(UNTOLD, bool(came), "collectInfo does not carry digitInfo")
        context.claim("AXE-EVENT-102", ok or not came, f"digitInfo: expected {digits[0]}, came {came}")
        for info in infos:
            ok = info.get("sessionId") == call.session_id and bool(info.get("timestamp"))
            context.claim("AXE-EVENT-102", ok, f"collectInfo without timestamp or its sessionId: {sorted(info)}")


@check("AXE-EVENT-103", needs=NEEDS)
def test_collect_info_carries_nothing_else(context: CheckContext) -> None:
    """CollectInfo has no other field, with right or wrong digits.

    None that other events have.
    """
    binding = bind_users(context, userData="order-42")
    for digits in ([binding.extension], [other_extension(context, binding.extension)]):
        call = completed_call(context, context.user(), binding.x, digits=digits, hang_up_after=10)
        for push in context.events(call):
            if push.event_type == "collectInfo":
                more = sorted(set(OTHERS) & push.info.keys())
                context.claim("AXE-EVENT-103", not more, f"collectInfo carries {', '.join(more)}")
