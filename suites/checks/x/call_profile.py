"""X: the customer's server connects a caller, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way
from privnum.suites.checks.x.scenarios import Customer, close
from privnum.suites.runner.call_timing import wait_until_decided

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.modes import XContext

__all__ = ["XCalls"]

CLOSE_CAUSE = "x.close_cause"


class XCalls(CallProfile):
    """See CallProfile.

    What is bound elsewhere is here how the customer answers.
    """

    mode, service_type = "X", "004"
    side: XContext
    named_in: ClassVar[tuple[str, ...]] = ()
    limit, unlimited = "maxDuration", ({}, {"maxDuration": 0})
    recording_domain = True
    names_binding = False
    settings: ClassVar[tuple[str, ...]] = ()
    outlives_unbind: ClassVar[tuple[str, ...]] = ()

    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Customer:
        """A customer who connects each caller of a way to one callee."""
        del by
        return Customer(self.side.x(), a or self.context.user(), fields)

    def ways(self, binding: Customer) -> Sequence[Way]:
        """Two strangers call X."""
        return [self._way(binding, name) for name in ("a caller", "another caller")]

    def _way(self, customer: Customer, name: str) -> Way:
        caller = self.context.user()
        self.side.connects(caller, customer.callee, **customer.fields)
        numbers = {**self.numbers(customer.x, caller, customer.callee), "fwdDisplayNum": customer.x}
        return Way(name, caller, customer.x, customer.callee, "", numbers, "X-CALL-104", None)

    def in_vain(self) -> Iterable[CallInVain]:
        """A call that the customer closes, and one with a wrong answer."""
        x = self.side.x()
        wrong = self.context.user()
        self.side.answer_callins(wrong, {"operation": "connect"})
        yield CallInVain("answered without a callee", wrong, x, 8014)
        if CLOSE_CAUSE not in self.context.unsettled:
            closed = self.context.user()
            self.side.answer_callins(closed, close())
            yield CallInVain("closed", closed, x, int(self.context.assumptions[CLOSE_CAUSE]))

    def crowd(self, count: int) -> Sequence[Way]:
        """See CallProfile."""
        customer = self.bind_users()
        return [self._way(customer, "one of many") for _ in range(count)]

    def recording(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone()}

    def is_there(self, binding: Any) -> bool:
        """Nothing is bound that could be gone."""
        del binding
        return True

    def wait_until_decided(self, call: CallView) -> CallView:
        """See CallProfile."""
        return wait_until_decided(self.context, call)

    def bind_again(self, binding: Customer, way: Way, by: str) -> Customer:
        """Nothing is bound, and so nothing bound anew."""
        raise LookupError(f"{self.mode} binds nothing ({binding.x}, {way.name}, {by})")
