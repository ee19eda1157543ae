"""The customer is asked, and what follows where he does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import choice_of, claim_put_through, completed_call, wait_for_stragglers
from privnum.suites.checks.calls.stopping import NEEDS as NEEDS_TO_STOP
from privnum.suites.checks.calls.stopping import RULE, claim_stopped
from privnum.suites.checks.x.scenarios import answered_with, call_asked_by_inbox, claim_refused, connect
from privnum.suites.runner.call_timing import wait_until_decided
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

UP_IN_THE_AIR = 7516
LATE = 3600
"""Seconds of world time after which no caller is on the line any more."""


@check("X-CALL-101", "X-CALL-104")
def test_the_customer_is_asked_once(context: CheckContext) -> None:
    """Of each call there is one callin, with who calls which X.

    It comes before the call is put through, and no second one comes with the time.
    """
    caller, x = context.user(), context.x.x()
    for behaviour in ("answer", "busy", "answer"):  # of the same caller, for each call is a question of its own
        callee = context.user()
        context.x.connects(caller, callee)
        call = completed_call(context, caller, x, behaviour=behaviour, hang_up_after=5)
        wait_for_stragglers(context)
        pushes = context.events(call)
        asked = [push for push in pushes if push.event_type == "callin" and push.info.get("notifyMode") != "Notify"]
        kinds = [push.event_type for push in pushes]
        context.claim("X-CALL-101", len(asked) == 1, f"one callin that asks expected, came {kinds}")
        info = asked[0].info
        came = (info.get("caller") or caller, info.get("called") or x)
        context.claim("X-CALL-101", came == (caller, x), f"callin: expected {caller} to {x}, came {came}")
        claim_put_through(context, "X-CALL-104", call, callee)
        early = [push.event_type for push in pushes if push.received_index < asked[0].received_index]
        context.claim("X-CALL-101", "callout" not in early, f"before the question came {early}")


@check("X-CALL-103")
@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_other_statuses_connect_nobody(context: CheckContext, status: int) -> None:
    """An answer with a status that is no success connects nobody.

    Whatever its body says.
    """
    call = answered_with(context, connect(context.user()), status=status)
    claim_refused(context, "X-CALL-103", call, f"an answer with {status}")


@check("COM-OPEN-026")
@pytest.mark.parametrize("status", [201, 202, 206])
def test_a_success_beside_200(context: CheckContext, status: int) -> None:
    """An answer with another status of 2xx connects, or connects nobody.

    As the target has chosen for every push.
    """
    callee, counts = context.user(), choice_of(context, "push.success_status") == "2xx"
    call = answered_with(context, connect(callee), status=status)
    wanted = callee if counts else None
    message = f"an answer with {status}: expected to reach {wanted}, reached {call.forwarded_to}"
    context.claim("COM-OPEN-026", call.forwarded_to == wanted, message)


@check("X-CALL-103")
def test_an_empty_answer_connects_nobody(context: CheckContext) -> None:
    """200 without a body is no answer."""
    claim_refused(context, "X-CALL-103", answered_with(context, b""), "an empty answer")


@check("X-CALL-103")
def test_a_customer_who_does_not_answer(context: CheckContext) -> None:
    """An answer that does not come in time connects nobody.

    The customer is asked anew of the next call.
    """
    caller, callee, x = context.user(), context.user(), context.x.x()
    context.x.is_late(caller)
    call = wait_until_decided(context, context.call(caller, x))
    claim_refused(context, "X-CALL-103", call, "an answer that does not come in time")
    context.x.connects(caller, callee)
    call = wait_until_decided(context, context.call(caller, x))
    claim_put_through(context, "X-CALL-104", call, callee)


@check("X-CALL-103", needs=("calls", "clock", "application_settings", "callin_answer"))
def test_a_late_answer_changes_nothing(context: CheckContext) -> None:
    """A call that has ended without an answer stays so when one comes."""
    call = call_asked_by_inbox(context, connect(context.user()), after=LATE)
    context.advance(LATE - 60)
    claim_refused(context, "X-CALL-103", context.look(call), f"an answer after {LATE} s, a minute before it")
    context.advance(120)
    claim_refused(context, "X-CALL-103", context.look(call), f"an answer after {LATE} s")


@check("X-CALL-102")
@pytest.mark.parametrize("by", ["plan", "driver"])
def test_the_caller_gives_up_meanwhile(context: CheckContext, by: str) -> None:
    """A caller who hangs up before the customer has answered: 7516.

    The answer that comes later connects nobody.
    """
    plan: dict[str, Any] = {"caller_hangs_up_after": 1} if by == "plan" else {}
    call = call_asked_by_inbox(context, connect(context.user()), after=2, **plan)
    context.advance(1)
    if by == "driver":
        call = context.hang_up(context.look(call))
    claim_refused(context, "X-CALL-102", context.look(call), "a caller who gives up", UP_IN_THE_AIR)
    context.advance(30)
    claim_refused(context, "X-CALL-102", context.look(call), "a caller who gave up", UP_IN_THE_AIR)


@check("X-CALL-104", needs=("calls", "clock", "application_settings", "callin_answer"))
def test_an_answer_that_takes_a_while(context: CheckContext) -> None:
    """An answer a second later puts the call through then.

    Other calls need not wait for it.
    """
    callee, x = context.user(), context.x.x()
    call = call_asked_by_inbox(context, connect(callee), after=1)
    context.claim("X-CALL-101", call.forwarded_to is None, "the call was put through before the customer answered")
    context.advance(1)
    claim_put_through(context, "X-CALL-104", context.look(call), callee)
    context.set_application(context.x.app, callin_answer={"body": connect(callee)})
    again = context.call(context.user(), x)
    claim_put_through(context, "X-CALL-104", again, callee)


@check(RULE, needs=(*NEEDS_TO_STOP, "application_settings", "callin_answer"))
def test_stop_call_while_the_customer_is_asked(context: CheckContext) -> None:
    """A caller who waits for the customer is released for good, or goes on.

    As the target has chosen; a later answer connects nobody who was released.
    """
    call = call_asked_by_inbox(context, connect(context.user()), after=2)
    if call.state != "asking":
        raise NotExercised(f"the call is {call.state}; the check needs one of which the customer is asked")
    claim_stopped(context, call, context.x.app, 10)
