"""The target and the AX oracle side by side.

Each thing is done on both, and what differs is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.checks.state_machine.pair import ModelBasedPair, names, shared_surroundings
from privnum.suites.oracle import Assumptions, AxOracle, AxSurroundings, CallPlan
from privnum.suites.oracle.ax.compare import compare_binding, compare_events
from privnum.suites.oracle.calls import compare_call
from privnum.suites.oracle.cdr import compare_cdrs
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxBinding, AxCall, AxExpected, Claim
    from privnum.suites.oracle.types import Expected
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxPair"]


class AxPair(ModelBasedPair[AxOracle]):
    """One AX application of the target and its oracle.

    `people` call, and are called by A.
    """

    mode = "AX"
    x_count = 6
    """One more than an A may have."""

    def __init__(
        self, context: CheckContext, app: App, others: Iterable[App], people: Sequence[str], *, loose: bool = True
    ) -> None:
        surroundings = AxSurroundings(
            **shared_surroundings(app, others),
        )
        assumptions = Assumptions(context.assumptions, context.unsettled)
        oracle = AxOracle(surroundings, assumptions, int(context.now().timestamp()))
        super().__init__(context, app, oracle, loose=loose)
        self.people = people
        self.xs = [context.ax.x(place, app) for place in range(min(self.x_count, len(app.numbers)))]
        self.touched = self.xs[0]

    def x_at(self, place: int) -> str:
        """An own X, at which the next check looks."""
        self.touched = self.xs[place % len(self.xs)]
        return self.touched

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, x: str | None = None, **fields: Any) -> str | None:
        """Bind on both; the X that came of it, at which the next check looks."""
        body = {"origNum": a} | ({} if x is None else {"privateNum": x})
        body |= self.spelled(with_known_tones(fields, self.app.tones))
        expected = self.expect(lambda: self.oracle.expect_bind(body))
        if expected is None or not self.may_bind(expected):
            return None
        answer = self.send("bind", body, expected, f"bind on {x or 'an X of the platform'}")
        if answer is None:
            return None
        chosen = str(answer["privateNum"])
        self.claim_x(expected, chosen)
        self.claim("AX-BIND-101", answer["origNum"] == a, f"A in the answer: expected {a}, came {answer['origNum']}")
        self.oracle.record_bind(body, str(answer["subscriptionId"]), chosen)
        self.touched = chosen
        return chosen

    def claim_x(self, expected: Expected, x: str) -> None:
        """See ModelBasedPair; one that is bound already breaks a rule of its own."""
        if self.oracle.bound_on(x) is not None:
            self.claim("AX-BIND-110", False, f"X: the platform picked {x}, which is bound")
        super().claim_x(expected, x)

    def modify(self, **body: Any) -> None:
        """Modify on both."""
        body = self.spelled(body)
        expected = self.expect(lambda: self.oracle.expect_modify(body))
        if expected is not None and self.send("modify", body, expected, f"modify with {names(body)}") is not None:
            self.oracle.record_modify(expected.bindings[0], body)

    def set_callee(self, **body: Any) -> None:
        """Set a temporary callee on both."""
        expected = self.expect(lambda: self.oracle.expect_set_callee(body))
        what = f"temporary callee by {names(body)}"
        if expected is not None and self.send("set_callee", body, expected, what) is not None:
            self.oracle.callee_set(expected.bindings[0], body)

    def dissolve(self, expected: AxExpected) -> None:
        """See ModelBasedPair."""
        self.oracle.record_unbind(expected.bindings, expected.requirement)

    def compare_answer(self, expected: AxExpected, answer: Answer) -> None:
        """See ModelBasedPair."""
        self.compare_list(expected, answer.items("privateNumList"), compare_binding)

    # ── what the rules of any world do ───────────────────────────────────────────────────────────────────────────────

    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """See ModelBasedPair."""
        self.bind(users[0], x)

    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """See ModelBasedPair."""
        selector = {"subscriptionId": subscription_id} | ({} if x is None else {"privateNum": x})
        if verb == "modify":
            self.modify(**selector, callDirection=1)
        else:
            (self.unbind if verb == "unbind" else self.query)(**selector)

    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """See ModelBasedPair."""
        (self.unbind if verb == "unbind" else self.query)(privateNum=x)

    def call_binding(self, binding: AxBinding, *, from_a: bool) -> None:
        """See ModelBasedPair."""
        others = (person for person in self.people if person != binding.a)
        self.call(binding.a if from_a else next(others), binding.x, CallPlan())

    def touch(self, binding: AxBinding) -> None:
        """See ModelBasedPair."""
        self.touched = binding.x

    def check_step(self, step: int) -> None:
        """See ModelBasedPair."""
        self.check_x(self.touched)
        self.touched = self.xs[step % len(self.xs)]
        bindings = [*self.oracle.bindings.values()]
        if bindings and not self.diverged:
            self.check_a(bindings[step % len(bindings)].a)

    def check_all(self) -> None:
        """See ModelBasedPair."""
        for x in self.xs:
            if not self.diverged:
                self.check_x(x)
        for a in dict.fromkeys(binding.a for binding in self.oracle.bindings.values()):
            if not self.diverged:
                self.check_a(a)

    def check_x(self, x: str) -> None:
        """Compare who is bound on `x` with what a query by it shows."""
        answer = self.api.request("query", app=self.app, privateNum=x)
        shown = {str(info.get("subscriptionId")): info for info in answer.items("privateNumList")}
        binding = self.oracle.bound_on(x)
        wanted = set() if binding is None else {binding.subscription_id}
        self._claim_same(wanted, {*shown}, f"on {x}", "AX-QUERY-102", answer)
        if binding is not None and not self.diverged:
            self.claim_all(self.timely(compare_binding(binding, shown[binding.subscription_id])))
        elif binding is None and not shown:
            self.claim("AX-QUERY-005", not answer.ok, f"an X without a binding: expected a refusal, {answer.key}")

    def check_a(self, a: str) -> None:
        """Compare on which X `a` is bound with what a query by him shows."""
        answer = self.api.request("query", app=self.app, origNum=a)
        shown = {str(info.get("subscriptionId")) for info in answer.items("privateNumList")}
        wanted = {binding.subscription_id for binding in self.oracle.of(a)}
        self._claim_same(wanted, shown, f"of {a}", "AX-QUERY-101", answer)

    def _claim_same(self, wanted: set[str], shown: set[str], where: str, rule: str, answer: Answer) -> None:
        """Claim that these bindings are shown and no others."""
        for sub in sorted(shown - wanted):
            by = self.oracle.dissolved.get(sub, rule if self.oracle.is_foreign(sub) else self.last_rule or rule)
            self.claim(by, False, f"{sub} is shown {where}; it must not be there")
        for sub in sorted(wanted - shown):
            by = self.last_rule or self.oracle.bindings[sub].lifetime
            self.claim(by, False, f"{sub} is not shown {where}: {answer.key}")

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call_claims(self, call: AxCall, view: CallView) -> Iterable[Claim]:
        """See ModelBasedPair."""
        return compare_call(call, view, self.oracle.now)

    def push_claims(self, call: AxCall, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """See ModelBasedPair."""
        yield from compare_events(call, events, self.oracle.assumptions)
        yield from compare_cdrs(call, cdrs, self.app.key, recording=self.app.recording)
