"""What the end of one binding leaves alone, and what ends with it.

Records, timers, known callers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    bind_users,
    claim_calls_back_to,
    claim_reaches,
    is_there,
    known_caller,
    wait_for_entry,
)
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "clock")
HOUR = 3600


def unbind(context: CheckContext, binding: Binding) -> None:
    """Dissolve a binding."""
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind")


@check("AXE-CALLBACK-103", "AXE-CALLBACK-110", "AXE-UNBIND-007", needs=NEEDS)
def test_the_extension_goes_to_another_a(context: CheckContext) -> None:
    """Another A with the same extension reaches no caller of the former A.

    Old callers reach the new A.
    """
    former = bind_users(context, callbackExpiredTime=24)
    caller = known_caller(context, former)
    unbind(context, former)
    number = context.user()
    heir = bind_users(context, None, former.x, former.extension, callbackNum=number, callbackExpiredTime=24)
    call = context.call(heir.a, heir.x)
    reached = call.forwarded_to
    context.claim("AXE-CALLBACK-103", reached != caller, "A reaches the caller of him who had the extension before")
    context.claim("AXE-CALLBACK-104", reached == number, f"A without a record: expected {number}, reached {reached}")
    context.hang_up(call)
    context.hang_up(claim_reaches(context, "AXE-UNBIND-007", heir, caller))
    gone = wait_for_entry(context, context.call(former.a, former.x), 10 * PROMPTS + 1)
    context.claim("AXE-CALLBACK-110", gone.forwarded_to is None, f"the former A reaches {gone.forwarded_to}")


@check("AXE-CALLBACK-101", needs=NEEDS)
def test_other_records_outlive_an_unbind(context: CheckContext) -> None:
    """An unbind leaves the records of other bindings.

    Those of other A on that X, and of the same A on other X.
    """
    gone, other = (bind_users(context, callbackExpiredTime=24) for _ in range(2))
    left = [(other, known_caller(context, other))]
    if len(context.axe.app.numbers) > 1:
        elsewhere = bind_users(context, gone.a, context.axe.x(1), callbackExpiredTime=24)
        left.append((elsewhere, known_caller(context, elsewhere)))
    known_caller(context, gone)
    unbind(context, gone)
    for binding, caller in left:
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller))


@check("AXE-CALLBACK-103", needs=NEEDS)
def test_a_record_counts_on_its_own_x(context: CheckContext) -> None:
    """A who is bound on two X reaches by each who called him by that one.

    Or nobody; never who called him by the other.
    """
    if len(context.axe.app.numbers) == 1:
        raise NotExercised("the application has one X", "two_x")
    number = context.user()
    one = bind_users(context, callbackExpiredTime=24)
    two = bind_users(context, one.a, context.axe.x(1), callbackExpiredTime=24, callbackNum=number)
    caller = known_caller(context, one)
    call = context.call(two.a, two.x)
    context.claim("AXE-CALLBACK-103", call.forwarded_to != caller, "A reaches by one X whom called him by another")
    context.claim("AXE-CALLBACK-104", call.forwarded_to == number, f"expected {number}, reached {call.forwarded_to}")


@check("AXE-LIFE-001", "AXE-LIFE-002", needs=("clock",))
def test_the_end_of_a_predecessor_does_not_count(context: CheckContext) -> None:
    """An extension that is bound anew lives by its new time.

    It was unbound before its former end.
    """
    first, second = (bind_users(context, bindExpiredTime=1, callbackExpiredTime=1) for _ in range(2))
    for binding in (first, second):
        unbind(context, binding)
    endless = bind_users(context, first.a, first.x, first.extension, bindExpiredTime=0)
    longer = bind_users(context, None, second.x, second.extension, bindExpiredTime=3)
    context.advance(HOUR + 1)
    when = "after the end of the binding that was unbound before it"
    is_there(context, "AXE-LIFE-002", endless, when)
    is_there(context, "AXE-LIFE-001", longer, when)
