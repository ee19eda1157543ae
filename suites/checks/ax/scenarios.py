"""What AX checks say and do again and again.

checks/assertions.py has what is of all modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import claim_put_through, claim_success, known_fields, set_up_succeeds
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = [
    "LONGEST",
    "Binding",
    "bind_users",
    "call_for_a",
    "claim_call_refused",
    "claim_reaches",
    "claim_reaches_callee",
    "claim_set",
    "listed_bindings",
]

LONGEST = 259200
"""Seconds for which a temporary callee may hold: three days."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding that a check made: X is A's."""

    a: str
    x: str
    sub: str
    answer: Answer


def bind_users(
    context: CheckContext,
    a: str | None = None,
    x: str | None = None,
    *,
    app: App | None = None,
    by: str | None = None,
    **fields: Any,
) -> Binding:
    """Bind A on X: a fresh mobile and a free X unless given.

    A refusal breaks `by`, where given.

    Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
    """
    a, x = a or context.user(), x or context.ax.free_x(app)
    answer = context.ax.bind(a, x, app=app, **fields)
    if not set_up_succeeds(context, by, "AX-BIND-001", answer, f"bind of {a} on {x}"):
        raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")
    return Binding(a, x, str(answer["subscriptionId"]), answer)


def listed_bindings(answer: Answer) -> dict[str, dict[str, Any]]:
    """The documented fields of the bindings that a query shows, by id.

    By subscriptionId, that is.
    """
    infos = known_fields("ax.query", answer).items("privateNumList")
    return {str(info.get("subscriptionId")): info for info in infos}


# ── the temporary callee ─────────────────────────────────────────────────────────────────────────────────────────────


def call_for_a(context: CheckContext, sub: str, callee: str | None = None, *, app: App | None = None) -> str:
    """Set a temporary callee, so that A may call once; return him.

    He is a fresh mobile unless given, and holds for as long as can be.

    Raises SetUpFailed where the check is not about that.
    """
    callee = callee or context.user()
    answer = context.ax.set_callee(sub, callee, duration=LONGEST, app=app)
    if not set_up_succeeds(context, None, "AX-CALLEE-101", answer, "temporary callee"):
        raise NotExercised(f"the temporary callee that the check stands on was answered with {answer.key}")
    return callee


def claim_set(
    context: CheckContext, requirement: str, sub: str | None, callee: str | None = None, **fields: Any
) -> str:
    """Set a temporary callee, a fresh mobile unless given.

    Claim that it is taken. Gives the callee.
    """
    callee = callee or context.user()
    answer = context.ax.set_callee(sub, callee, **fields)
    claim_success(context, requirement, answer, f"temporary callee by {_how(sub, fields)}")
    return callee


def _how(sub: str | None, fields: Mapping[str, Any]) -> str:
    names = [*fields] if sub is None else ["subscriptionId", *fields]
    return ", ".join(names) or "nothing"


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_reaches(context: CheckContext, requirement: str, binding: Binding, caller: str | None = None) -> CallView:
    """Somebody calls X; claim that he reaches A, who sees X."""
    call = context.call(caller or context.user(), binding.x)
    claim_put_through(context, requirement, call, binding.a)
    _sees_x(context, requirement, call, binding.x)
    return call


def claim_reaches_callee(context: CheckContext, requirement: str, binding: Binding, callee: str) -> CallView:
    """A calls X; claim that he reaches the temporary callee, who sees X."""
    call = context.call(binding.a, binding.x)
    claim_put_through(context, requirement, call, callee)
    _sees_x(context, requirement, call, binding.x)
    return call


def _sees_x(context: CheckContext, requirement: str, call: CallView, x: str) -> None:
    context.claim(requirement, call.displayed == x, f"the callee: expected to see {x}, sees {call.displayed}")


def claim_call_refused(context: CheckContext, requirement: str, caller: str, x: str, *causes: int) -> CallView:
    """Place a call and claim that it reaches nobody.

    With `causes`, that it is released with one of them.
    """
    call = context.call(caller, x)
    message = f"{caller} calls X: expected nobody, reached {call.forwarded_to}"
    context.expect(requirement, call.forwarded_to is None and call.state == "ended", f"{message}, state {call.state}")
    if causes:
        cause = call.release_cause
        context.expect(requirement, cause in causes, f"release cause: expected {causes}, came {cause}")
    return call
