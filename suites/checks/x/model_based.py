"""The target and the X oracle side by side.

Calls are placed on both, with an answer of the customer, and what differs is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.checks.state_machine.pair import ModelBasedPair, shared_surroundings
from privnum.suites.checks.state_machine.sms import compare_sms
from privnum.suites.oracle import Assumptions, Undecided, XOracle, XSurroundings
from privnum.suites.oracle.x.compare import compare_call, compare_cdrs, compare_events
from privnum.suites.runner.call_timing import wait_until_decided
from privnum.suites.runner.modes.x import reply_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import CallPlan, Claim, XCall
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["XPair"]


class XPair(ModelBasedPair[XOracle]):
    """One X application of the target and its oracle.

    Nothing is bound, so nothing can be asked for.
    """

    mode = "X"

    def __init__(self, context: CheckContext, app: App, others: Iterable[App], *, loose: bool = True) -> None:
        surroundings = XSurroundings(**shared_surroundings(app, others))
        assumptions = Assumptions(context.assumptions, context.unsettled)
        oracle = XOracle(surroundings, assumptions, int(context.now().timestamp()))
        super().__init__(context, app, oracle, loose=loose)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, caller: str, x: str, plan: CallPlan, **entered: Any) -> None:
        """Place a call on both, and answer as the plan says when the target asks."""
        answer, status = getattr(plan, "answer", None), getattr(plan, "status", 200)
        self.context.receiver.answer_callin(caller, reply_of(answer if answer is not None else b"", status))
        super().call(caller, x, plan, **entered)

    def wait_until_decided(self, view: CallView) -> CallView:
        """See ModelBasedPair."""
        return wait_until_decided(self.context, view)

    def call_claims(self, call: XCall, view: CallView) -> Iterable[Claim]:
        """See ModelBasedPair."""
        return compare_call(call, view, self.oracle.now)

    def push_claims(self, call: XCall, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """See ModelBasedPair."""
        yield from compare_events(call, events)
        yield from compare_cdrs(call, cdrs, self.app.key, recording=self.app.recording)

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, sender: str, x: str, text: str, verdict: Any) -> None:
        """Write on both, and give that verdict when the target asks."""
        try:
            expected = self.oracle.expect_sms(sender, x, text, verdict)
        except Undecided:
            return
        self.context.x.answers_sms(sender, verdict)
        compare_sms(self, sender, x, text, expected)
        self.context.x.answers_no_sms(sender)  # in AX the same person may be asked of, whom nobody answers there

    # ── there is nothing to bind and to ask for ──────────────────────────────────────────────────────────────────────

    def dissolve(self, expected: Any) -> None:
        """See ModelBasedPair."""

    def compare_answer(self, expected: Any, answer: Answer) -> None:
        """See ModelBasedPair."""

    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """See ModelBasedPair."""

    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """See ModelBasedPair."""

    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """See ModelBasedPair."""

    def call_binding(self, binding: Any, *, from_a: bool) -> None:
        """See ModelBasedPair."""

    def touch(self, binding: Any) -> None:
        """See ModelBasedPair."""

    def check_step(self, step: int) -> None:
        """See ModelBasedPair."""

    def check_x(self, x: str) -> None:
        """See ModelBasedPair."""

    def check_all(self) -> None:
        """See ModelBasedPair."""
