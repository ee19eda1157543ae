"""Calls of X in which rules of all modes are tried.

Nothing can be bound in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import completed_call
from privnum.suites.checks.x.scenarios import Customer, close
from privnum.suites.runner.call_timing import wait_until_decided

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["CallsOfX"]


class CallsOfX:
    """X in the words of BindingProfile, as far as a call takes them."""

    mode = "X"

    def __init__(self, context: CheckContext) -> None:
        self.context = context
        self.side = context.x

    @property
    def app(self) -> App:
        """The application that is tried. Raises NotExercised without one."""
        return self.side.app

    @classmethod
    def rule(cls, family: str) -> str:
        """Return the id of a rule in this mode."""
        return f"{cls.mode}-{family}"

    def bind_users(self, *, app: App | None = None, **fields: Any) -> Customer:
        """A customer who connects each caller to one callee.

        In the place of a binding.
        """
        return Customer(self.side.x(0, app), self.context.user(), fields)

    def through(self, binding: Customer, **plan: Any) -> CallView:
        """A finished call that was put through."""
        return completed_call(self.context, self._connected_caller(binding), binding.x, **plan)

    def begin_call(self, binding: Customer) -> CallView:
        """A call that is answered 7 seconds later at the latest."""
        call = self.context.call(self._connected_caller(binding), binding.x)
        return wait_until_decided(self.context, call)

    def refused_call(self) -> CallView:
        """A call that the customer closes, and so reaches nobody. It has ended."""
        caller = self.context.user()
        self.side.answer_callins(caller, close())
        call = wait_until_decided(self.context, self.context.call(caller, self.side.x()))
        return call if call.state == "ended" else self.context.hang_up(call)

    def _connected_caller(self, customer: Customer) -> str:
        caller = self.context.user()
        self.side.connects(caller, customer.callee, **customer.fields)
        return caller
