"""Calls: uses of a callee, an X switched off, two faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import completed_call
from privnum.suites.probes.ax.fixtures import called_by_a, callee_of, has_reached, require_binding
from privnum.suites.probes.fixtures import one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

BARRED, NO_CALLEE = 8016, 8013


@probe("ax.callee_use", needs=("calls",))
def callee_use(context: CheckContext) -> str:
    """Two calls of A's, one after the other, with one temporary callee."""
    binding = require_binding(context)
    callee = callee_of(context, binding)
    first = completed_call(context, binding.a, binding.x, seconds=20, hang_up_after=5)
    if not has_reached(first, callee):
        raise CannotSettle(f"the first call reached {first.forwarded_to}, cause {first.release_cause}")
    second = called_by_a(context, binding)
    if has_reached(second, callee):
        return "until_expiry"
    return "one_call" if second.release_cause == NO_CALLEE else f"cause {second.release_cause}"


@probe("ax.call_user_data", needs=("calls", "receiver", "clock"))
def call_user_data(context: CheckContext) -> str:
    """A call of A's where the binding and the temporary callee have userData."""
    binding = require_binding(context, userData="of-the-binding")
    callee_of(context, binding, userData="of-the-callee")
    call = completed_call(context, binding.a, binding.x, hang_up_after=5)
    callin = next((push.info for push in context.events(call) if push.event_type == "callin"), {})
    words = {"of-the-binding": "binding", "of-the-callee": "callee"}
    return words.get(str(callin.get("userData")), f"userData {callin.get('userData')}")


def calls_to_x_switched_off(context: CheckContext) -> tuple[CallView, CallView]:
    """A call to A, and one of A's, by an X that is switched off."""
    binding = require_binding(context, turnFlag="off")
    callee_of(context, binding)
    to_a = context.call(context.user(), binding.x)
    if to_a.state != "ended":
        context.hang_up(to_a)
    return to_a, called_by_a(context, binding)


@probe("ax.turned_off", needs=("calls",))
def turned_off(context: CheckContext) -> str:
    """Which of the two calls an X that is switched off carries."""
    to_a, by_a = (call.forwarded_to is not None for call in calls_to_x_switched_off(context))
    return {(False, True): "to_a", (False, False): "all", (True, True): "none"}.get((to_a, by_a), "those of A")


@probe("ax.turned_off_cause", needs=("calls",))
def turned_off_cause(context: CheckContext) -> int | str:
    """The cause of a call that it does not carry."""
    causes = [call.release_cause or 0 for call in calls_to_x_switched_off(context) if call.forwarded_to is None]
    if not causes:
        raise CannotSettle("an X that is switched off carries every call")
    return causes[0] if len({*causes}) == 1 else one(map(str, causes))


@probe("ax.turned_off_sms", needs=("sms",))
def turned_off_sms(context: CheckContext) -> str:
    """Which of two SMS an X that is switched off carries."""
    binding = require_binding(context, turnFlag="off")
    other = context.user()
    texts = {other: "hello", binding.a: f"hello@{other}"}
    to_a, by_a = (context.sms(sender, binding.x, text).state == "sent" for sender, text in texts.items())
    return {(False, True): "to_a", (False, False): "all", (True, True): "none"}.get((to_a, by_a), "those to A")


@probe("ax.direction_and_callee", needs=("calls",))
def direction_and_callee(context: CheckContext) -> str:
    """A call of A's with direction 2 and without a temporary callee."""
    call = called_by_a(context, require_binding(context, callDirection=2))
    words = {BARRED: "direction", NO_CALLEE: "callee"}
    return words.get(call.release_cause or 0, f"cause {call.release_cause}")
