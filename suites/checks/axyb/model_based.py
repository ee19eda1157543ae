"""The target and the AXYB oracle side by side.

Each thing is done on both, and what differs is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.checks.state_machine.pair import ModelBasedPair, names, shared_surroundings
from privnum.suites.oracle import Assumptions, AxybOracle, AxybSurroundings, CallPlan
from privnum.suites.oracle.axyb.compare import compare_cdrs, compare_events, compare_relations
from privnum.suites.oracle.calls import compare_call
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxybBinding, AxybCall, AxybExpected, Claim
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxybPair"]

NO_AREA = "0755"
"""Looked for where the area of a number is not known."""


class AxybPair(ModelBasedPair[AxybOracle]):
    """One AXYB application of the target and its oracle.

    `people` are bound, and call.
    """

    mode = "AXYB"
    x_count = 16

    def __init__(
        self, context: CheckContext, app: App, others: Iterable[App], people: Sequence[str], *, loose: bool = True
    ) -> None:
        surroundings = AxybSurroundings(
            **shared_surroundings(app, others),
        )
        assumptions = Assumptions(context.assumptions, context.unsettled)
        oracle = AxybOracle(surroundings, assumptions, int(context.now().timestamp()))
        super().__init__(context, app, oracle, loose=loose)
        self.people = people
        self.touched = ""

    def fit(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields with known tones.

        Where time cannot be held no lifetime ends by itself.
        """
        fields = self.spelled(with_known_tones(fields, self.app.tones))
        if "clock" in self.offers:
            return fields
        return fields | {name: 7200 for name in ("duration", "ybDuration") if str(fields.get(name, 0)) != "0"}

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind_a(self, a: str, **fields: Any) -> None:
        """Bind an A on both, to an X that the target picks."""
        body = {"origNum": a} | self.fit(fields)
        expected = self.expect(lambda: self.oracle.expect_bind(body))
        if expected is None or not self.may_bind(expected):
            return
        answer = self.send("bind", body, expected, f"bind of A in {fields.get('areaCode')}")
        if answer is not None:
            x = str(answer["relationNumber"])
            self.claim_x(expected, x)
            self.touch(self.oracle.record_bind(body, str(answer["subscriptionId"]), x))

    def bind_b(self, b: str, sub: str, **fields: Any) -> None:
        """Bind a B on both, to a Y that the target picks."""
        body = {"origNum": b, "subscriptionId": sub} | self.fit(fields)
        expected = self.expect(lambda: self.oracle.expect_bind(body))
        if expected is None or not self.may_bind(expected):
            return
        answer = self.send("bind", body, expected, f"bind of B in {fields.get('areaCode', 'any area')}")
        if answer is None or expected.binding is None:
            return
        y, came = str(answer["relationNumber"]), str(answer["subscriptionId"])
        self.claim_x(expected, y)
        if self.oracle.assumptions.any_of("axyb.second_subscription_id", "same", "own") == {"same"}:
            self.claim("AXYB-OPEN-008", came == sub, f"subscriptionId of B: expected {sub}, came {came}")
        self.oracle.bound_b(expected, body, came, y)

    def dissolve(self, expected: AxybExpected) -> None:
        """See ModelBasedPair."""
        self.oracle.record_unbind(expected)

    def compare_answer(self, expected: AxybExpected, answer: Answer) -> None:
        """See ModelBasedPair."""
        self.claim_all(
            self.timely(compare_relations(expected, answer.items("xyRelationNumList"), self.oracle.assumptions))
        )

    # ── what the rules of any world do ───────────────────────────────────────────────────────────────────────────────

    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """See ModelBasedPair.

        The platform picks X, so only the area of `x` is named.
        """
        self.bind_a(users[0], areaCode=self.oracle.around.own.get(x) or NO_AREA)

    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """See ModelBasedPair.

        Nothing is modified in AXYB, but a B can be bound to an A.
        """
        if verb == "modify":
            self.bind_b(self.people[0], subscription_id)
        elif verb == "unbind":
            self.unbind(subscriptionId=subscription_id)
        else:
            self.query(subscriptionId=subscription_id, **({} if x is None else {"relationNum": x}))

    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """See ModelBasedPair; an unbind by an X alone names nothing."""
        if verb == "query":
            self.query(relationNum=x)
        else:
            self.unbind(yNum=x)

    def call_binding(self, binding: AxybBinding, *, from_a: bool) -> None:
        """See ModelBasedPair.

        A calls the first B, or his own X where there is none.
        """
        relation = next(iter(binding.relations), None)
        if from_a:
            self.call(binding.a, relation.y if relation else binding.x, CallPlan())
        else:
            others = (person for person in self.people if person != binding.a)
            self.call(relation.b if relation else next(others), binding.x, CallPlan())

    def touch(self, binding: AxybBinding) -> None:
        """See ModelBasedPair."""
        self.touched = binding.subscription_id

    def check_step(self, step: int) -> None:
        """See ModelBasedPair."""
        if self.touched:
            self.check(self.touched)
        subs = [*self.oracle.bindings, *self.oracle.dissolved]
        if subs and not self.diverged:
            self.check(subs[step % len(subs)])
        if not self.diverged:
            self.check_x(self.xs[step % len(self.xs)])

    def check_all(self) -> None:
        """See ModelBasedPair."""
        for sub in [*self.oracle.bindings, *self.oracle.dissolved]:
            if not self.diverged:
                self.check(sub)
        for x in self.xs:
            if not self.diverged:
                self.check_x(x)

    def check(self, sub: str) -> None:
        """Compare a binding with what a query by its id shows.

        One that is gone is not shown.
        """
        self._check({"subscriptionId": sub}, self.oracle.dissolved.get(sub, ""))

    def check_x(self, x: str) -> None:
        """Compare the binding on `x` with what a query by it shows."""
        self._check({"relationNum": x}, "")

    def _check(self, query: dict[str, Any], gone_by: str) -> None:
        """Query without doing anything.

        What differs breaks the rule of what was done last.
        """
        done = self.last_rule
        expected = self.expect(lambda: self.oracle.expect_query(query))
        self.last_rule = done
        if expected is None:
            return
        answer = self.api.request("query", app=self.app, **query)
        if expected.binding is None:
            rule = gone_by or done or expected.faults[0].requirement
            self.claim(rule, not answer.ok, f"query by {names(query)}: nothing must be there, came {answer.key}")
            return
        rule = done or expected.binding.lifetime
        self.claim(rule, answer.ok, f"{expected.binding.subscription_id} is not shown: {answer.key}")
        if answer.ok:
            self.compare_answer(expected, answer)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def note_placed(self, call: AxybCall, view: CallView) -> None:
        """See ModelBasedPair: a caller without a Y was given one, which A sees."""
        if not call.may_be_given or view.forwarded_to is None:
            return
        y = view.displayed or self._shown_value(call, "numY")
        sub = call.subscription_id
        if self.oracle.assumptions.any_of("axyb.second_subscription_id", "same", "own") != {"same"}:
            sub = self._own_id(call)
        if y is None or sub is None:
            self.diverged = True
            return
        self.claim("AXYB-CALL-103", y in call.may_be_given, f"Y: expected of {sorted(call.may_be_given)}, came {y}")
        self.oracle.record_given_y(call, y, sub)

    def _shown_value(self, call: AxybCall, name: str) -> str | None:
        """What a query shows of the caller of a call under that name.

        It is asked for where no driver and no answer has it.
        """
        answer = self.api.request("query", app=self.app, subscriptionId=call.subscription_id)
        found = (info for info in answer.items("xyRelationNumList") if info.get("numB") == call.caller)
        return next((str(info[name]) for info in found if info.get(name)), None)

    def _own_id(self, call: AxybCall) -> str | None:
        """The id of the caller's Y, where it may have one of its own.

        None: it is not known.
        """
        named = self.oracle.assumptions.any_of("axyb.bind_id", "subscription_id", "own") == {"subscription_id"}
        return self._shown_value(call, "bindId") if named else None

    def ended_by(self, call: AxybCall) -> str | None:
        """See ModelBasedPair: a Y can end before its binding."""
        return super().ended_by(call) if call.relation is None else call.relation.ended_by or None

    def call_claims(self, call: AxybCall, view: CallView) -> Iterable[Claim]:
        """See ModelBasedPair."""
        return compare_call(call, view, self.oracle.now)

    def push_claims(self, call: AxybCall, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """See ModelBasedPair."""
        assumptions = self.oracle.assumptions
        yield from compare_events(call, events, assumptions)
        yield from compare_cdrs(call, cdrs, self.app.key, assumptions, recording=self.app.recording)
