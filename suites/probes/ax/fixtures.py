"""What probes of AX have in common: a binding, with a temporary callee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.ax.scenarios import LONGEST, Binding
from privnum.suites.runner.check import CannotSettle

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["call_at_the_end", "called_by_a", "callee_of", "has_reached", "require_binding"]


def require_binding(
    context: CheckContext, a: str | None = None, x: str | None = None, *, app: App | None = None, **fields: Any
) -> Binding:
    """A binding. Raises CannotSettle where the target takes none."""
    a, x = a or context.user(), x or context.ax.free_x(app)
    answer = context.ax.bind(a, x, app=app, **fields)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return Binding(a, x, str(answer["subscriptionId"]), answer)


def callee_of(context: CheckContext, binding: Binding, **fields: Any) -> str:
    """A temporary callee that the binding has.

    Raises CannotSettle where the target takes none.
    """
    callee = context.user()
    answer = context.ax.set_callee(binding.sub, callee, **{"duration": LONGEST, **fields})
    if not answer.ok:
        raise CannotSettle(f"a plain temporary callee was answered with {answer.key}")
    return callee


def called_by_a(context: CheckContext, binding: Binding) -> CallView:
    """A call of A's to X, which is hung up."""
    call = context.call(binding.a, binding.x)
    if call.state != "ended":
        context.hang_up(call)
    return call


def call_at_the_end(context: CheckContext) -> str:
    """Whether a callee is reached in the second in which his time is over."""
    if "calls" not in context.capabilities:
        raise CannotSettle("nothing but a temporary callee ends by itself, and without a driver there are no calls")
    binding = require_binding(context)
    callee = callee_of(context, binding, duration=60)
    context.advance(60)
    return "alive" if has_reached(called_by_a(context, binding), callee) else "gone"


def has_reached(call: CallView, callee: str) -> bool:
    """Whether the call reached that number."""
    return call.forwarded_to == callee
