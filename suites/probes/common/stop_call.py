"""Stop call: who may use it, and how it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.probes.fixtures import key_or, one, tied
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

NEEDS = ("calls", "clock")
NOT_ALLOWED = "403/1010040"
NOT_THERE = 404
"""HTTP status of an address that is no API of the platform: it has no stop call."""


def running(context: CheckContext) -> CallView:
    """An answered call."""
    call = any_mode(context).begin_call(tied(context))
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
    ended = any_mode(context).through(tied(context), hang_up_after=10)
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
