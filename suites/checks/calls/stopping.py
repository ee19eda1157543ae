"""Stop call of a call that has no callee yet.

Of such a call no page speaks: what the target has chosen holds, to the end of the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import choice_of

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["NEEDS", "RULE", "claim_stopped"]

RULE = "COM-OPEN-080"
NEEDS = ("calls", "stop_call", "clock")


def claim_stopped(context: CheckContext, call: CallView, app: App, seconds: int) -> None:
    """Claim what stop call does to a call that would reach its callee.

    By the choice it ends and reaches nobody, or goes on and reaches him within that time.

    Raises NotExercised where the choice is not known.
    """
    releases = choice_of(context, "stop_call.without_callee") == "release"
    what = f"stop call of one that is {call.state}"
    answer = context.stop_call(call.session_id, app=app)
    wanted = "success" if releases else "a failure"
    context.claim(RULE, answer.ok == releases, f"{what}: expected {wanted}, came {answer.key}")
    state = context.look(call).state
    context.claim(RULE, (state == "ended") == releases, f"{what}: after {answer.key} the call is {state}")
    context.advance(seconds)
    reached = context.look(call).forwarded_to
    wanted = "nobody" if releases else "the callee"
    context.claim(RULE, (reached is None) == releases, f"{what}: expected to reach {wanted}, reached {reached}")
