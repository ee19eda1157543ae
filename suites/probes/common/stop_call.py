"""Stop call: who may use it, and how it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.axe.scenarios import bind_users
from privnum.suites.checks.x.scenarios import call_asked_by_inbox, connect
from privnum.suites.probes.fixtures import calls_of, key_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__: list[str] = []

NEEDS = ("calls", "clock")
NOT_ALLOWED = "403/1010040"
NOT_THERE = 404
"""HTTP status of an address that is no API of the platform: it has no stop call."""


def running(context: CheckContext) -> CallView:
    """An answered call."""
    calls, binding = calls_of(context)
    call = calls.begin_call(binding)
    context.advance(10)
    return call


@probe("stop_call.modes", needs=NEEDS)
def modes(context: CheckContext) -> str:
    """Stop call of a running call."""
    answer = context.stop_call(running(context).session_id)
    return "axyb" if _is_closed(answer) else key_or(answer, "all")


def _is_closed(answer: Answer) -> bool:
    """Whether it says that applications of the mode have no stop call."""
    return answer.key == NOT_ALLOWED or answer.status == NOT_THERE


def _refusal(answers: Iterable[Answer]) -> str:
    keys = []
    for answer in answers:
        if _is_closed(answer):
            raise CannotSettle(f"the application may not use stop call: {answer.key}")
        keys.append(key_or(answer, "accept"))
    return one(keys)


@probe("stop_call.ended_call", needs=NEEDS)
def ended_call(context: CheckContext) -> str:
    """Stop call of a call that was hung up, and of one that never was."""
    calls, binding = calls_of(context)
    ended = calls.through(binding, hang_up_after=10)
    answers = [context.stop_call(session) for session in (ended.session_id, "1200_1_4294967295_20260301000000@nowhere")]
    return _refusal(answers)


@probe("stop_call.bad_parameter", needs=NEEDS)
def bad_parameter(context: CheckContext) -> str:
    """Stop call without sessionid, and with another signal."""
    session = running(context).session_id
    answers = [
        context.request("common.stop_call", body={"signal": "call_stop"}),
        context.stop_call(session, signal="call_go"),
    ]
    return _refusal(answers)


@probe("stop_call.release_cause", needs=NEEDS)
def release_cause(context: CheckContext) -> int:
    """The cause of a call that was stopped."""
    call = running(context)
    answer = context.stop_call(call.session_id)
    if not answer.ok:
        raise CannotSettle(f"stop call of a running call was answered with {answer.key}")
    return context.look(call).release_cause or 0


def _collecting_call(context: CheckContext) -> tuple[CallView, App]:
    """A call whose caller is asked for the extension."""
    return context.call(context.user(), bind_users(context).x), context.axe.app


def _asking_call(context: CheckContext) -> tuple[CallView, App]:
    """A call of which the customer is asked."""
    if not {"application_settings", "callin_answer"} <= context.capabilities:
        raise CannotSettle("the driver has no callin_answer, so no call of X waits")
    return call_asked_by_inbox(context, connect(context.user()), after=2), context.x.app


@probe("stop_call.without_callee", needs=NEEDS)
def without_callee(context: CheckContext) -> str:
    """Stop call while the caller is asked for the extension, or the customer."""
    seen = []
    for mode, place in {"AXE": _collecting_call, "X": _asking_call}.items():
        if mode in context.session.scope:
            call, app = place(context)
            if call.state not in ("collecting", "asking"):
                raise CannotSettle(f"a call of {mode} is {call.state} at once")
            seen.append("refuse" if _refusal([context.stop_call(call.session_id, app=app)]) != "accept" else "release")
    if not seen:
        raise CannotSettle("only calls of AXE and X have no callee at first")
    return one(seen)
