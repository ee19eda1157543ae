"""The target and the AXB oracle side by side.

Each thing is done on both, and what differs is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.checks.state_machine.pair import ModelBasedPair, shared_surroundings
from privnum.suites.oracle import Assumptions, AxbOracle, AxbSurroundings, CallPlan
from privnum.suites.oracle.axb.compare import compare_binding, compare_events
from privnum.suites.oracle.calls import compare_call
from privnum.suites.oracle.cdr import compare_cdrs
from privnum.suites.target.number_pool import HOME_AREAS
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxbBinding, AxbCall, AxbExpected, Claim
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxbPair"]


class AxbPair(ModelBasedPair[AxbOracle]):
    """One AXB application of the target and its oracle."""

    mode = "AXB"

    def __init__(self, context: CheckContext, app: App, others: Iterable[App], *, loose: bool = True) -> None:
        knows_homes = "home_areas" in context.capabilities
        surroundings = AxbSurroundings(
            **shared_surroundings(app, others),
            home_areas=HOME_AREAS if knows_homes else {},
        )
        unsettled = context.unsettled | (frozenset() if knows_homes else {"axb.area_of_mobile_unknown"})
        assumptions = Assumptions(context.assumptions, unsettled)
        oracle = AxbOracle(surroundings, assumptions, int(context.now().timestamp()))
        super().__init__(context, app, oracle, loose=loose)
        self.touched = self.xs[0]

    def fit(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields with known tones, and a duration that does not end early.

        It would, where time cannot be held.
        """
        fields = with_known_tones(fields, self.app.tones)
        short = "clock" not in self.offers and fields.get("duration")
        return fields | {"duration": fields["duration"] + 3600} if short else fields

    def x_at(self, place: int) -> str:
        """An own X, at which the next check looks."""
        self.touched = self.xs[place % len(self.xs)]
        return self.touched

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, b: str, x: str | None = None, **fields: Any) -> str | None:
        """Bind on both; the X that came of it, at which the next check looks."""
        body = {"callerNum": a, "calleeNum": b} | ({} if x is None else {"relationNum": x})
        body |= self.spelled(self.fit(fields))
        expected = self.expect(lambda: self.oracle.expect_bind(body))
        if expected is None or not self.may_bind(expected):
            return None
        answer = self.send("bind", body, expected, f"bind on {x or 'an X of the platform'}")
        if answer is None:
            return None
        chosen = str(answer["relationNum"])
        self.claim_x(expected, chosen)
        self.oracle.record_bind(body, str(answer["subscriptionId"]), chosen)
        self.touched = chosen
        return chosen

    def modify(self, sub: str, **fields: Any) -> None:
        """Modify on both."""
        body = {"subscriptionId": sub} | self.spelled(self.fit(fields))
        expected = self.expect(lambda: self.oracle.expect_modify(body))
        what = f"modify of {', '.join(fields) or 'nothing'}"
        if expected is not None and self.send("modify", body, expected, what) is not None:
            self.oracle.record_modify(body)

    def dissolve(self, expected: AxbExpected) -> None:
        """See ModelBasedPair."""
        self.oracle.record_unbind(expected.bindings, expected.requirement)

    def compare_answer(self, expected: AxbExpected, answer: Answer) -> None:
        """See ModelBasedPair."""
        self.compare_list(expected, answer.items("relationNumList"), compare_binding)

    # ── what the rules of any world do ───────────────────────────────────────────────────────────────────────────────

    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """See ModelBasedPair."""
        self.bind(users[0], users[1], x)

    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """See ModelBasedPair."""
        beside = {} if x is None else {"relationNum": x}
        if verb == "modify":
            self.modify(subscription_id, callDirection=1)
        elif verb == "unbind":
            self.unbind(subscriptionId=subscription_id, **beside)
        else:
            self.query(subscriptionId=subscription_id, **beside)

    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """See ModelBasedPair."""
        (self.unbind if verb == "unbind" else self.query)(relationNum=x)

    def call_binding(self, binding: AxbBinding, *, from_a: bool) -> None:
        """See ModelBasedPair."""
        self.call(binding.a if from_a else binding.b, binding.x, CallPlan())

    def touch(self, binding: AxbBinding) -> None:
        """See ModelBasedPair."""
        self.touched = binding.x

    def check_step(self, step: int) -> None:
        """See ModelBasedPair."""
        self.check_x(self.touched)
        self.touched = self.xs[step % len(self.xs)]

    def check_all(self) -> None:
        """See ModelBasedPair."""
        for x in self.app.numbers:
            if not self.diverged:
                self.check_x(x.number)

    def check_x(self, x: str) -> None:
        """Compare the bindings on `x`: the live ones are shown, and no others."""
        answer = self.api.request("query", app=self.app, relationNum=x, pageSize="100")
        shown = {str(info.get("subscriptionId")): info for info in answer.items("relationNumList")}
        live = {binding.subscription_id: binding for binding in self.oracle.on(x)}
        for sub in shown.keys() - live.keys():
            rule = "AXB-QUERY-101" if self.oracle.is_foreign(sub) else self.last_rule or "AXB-STATE-001"
            self.claim(self.oracle.dissolved.get(sub, rule), False, f"{sub} is shown on {x}; it must not be there")
        for sub in live.keys() - shown.keys():
            rule = self.last_rule or live[sub].lifetime
            self.claim(rule, False, f"{sub} is not shown on {x}: {answer.key}")
        if self.diverged:
            return
        if not live:
            self.claim("AXB-QUERY-005", answer.code == "1012007", f"X without bindings: expected 1012007, {answer.key}")
            return
        total = answer["totalCount"]
        if total is not None:
            self.claim("AXB-QUERY-103", total == len(live), f"totalCount: expected {len(live)}, came {total}")
        for sub, binding in live.items():
            self.claim_all(self.timely(compare_binding(binding, shown[sub])))

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call_claims(self, call: AxbCall, view: CallView) -> Iterable[Claim]:
        """See ModelBasedPair."""
        return compare_call(call, view, self.oracle.now)

    def push_claims(self, call: AxbCall, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """See ModelBasedPair."""
        yield from compare_events(call, events)
        yield from compare_cdrs(call, cdrs, self.app.key, recording=self.app.recording)
