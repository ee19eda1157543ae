"""The target and the AXE oracle side by side.

Each thing is done on both, and what differs is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.base.printing import plural
from privnum.suites.checks.axe.scenarios import GONE
from privnum.suites.checks.state_machine.pair import ModelBasedPair, shared_surroundings
from privnum.suites.oracle import Assumptions, AxeBinding, AxeOracle, AxePlan, AxeSurroundings, Undecided
from privnum.suites.oracle.axe.compare import (
    compare_call,
    compare_cdrs,
    compare_events,
    compare_query,
)
from privnum.suites.oracle.axe.types import FOREVER
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxeCall, AxeExpected, CallPlan, Claim
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxePair"]

EXTENSIONS = ("0001", "0002", "0101", "9999")


class AxePair(ModelBasedPair[AxeOracle]):
    """One AXE application of the target and its oracle.

    Calls are transferred to `strangers`, who are never bound.
    """

    mode = "AXE"
    x_count = 2
    routing_seconds = 3

    def __init__(
        self, context: CheckContext, app: App, others: Iterable[App], strangers: Sequence[str], *, loose: bool = True
    ) -> None:
        surroundings = AxeSurroundings(
            **shared_surroundings(app, others),
            digits=app.extension_digits,
            repeats=app.repeat_collections,
            no_record=None if app.no_record is None else dict(app.no_record),
        )
        # where no time passes it is all one whether a binding lasts a week or for ever
        timeless = frozenset[str]() if context.controls_clock else frozenset({"axe.bind_expired_default"})
        assumptions = Assumptions(context.assumptions, context.unsettled - timeless)
        oracle = AxeOracle(surroundings, assumptions, int(context.now().timestamp()))
        super().__init__(context, app, oracle, loose=loose)
        self.strangers = strangers
        self.extensions = tuple(dict.fromkeys(text[-app.extension_digits :] for text in EXTENSIONS))
        self.touched = (self.xs[0] if self.xs else "", self.extensions[0])

    def fit(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Settings with known tones, and a number in place of its place.

        Without a clock, a life that does not end.
        """
        fields = with_known_tones(fields, self.app.tones)
        place = fields.get("callbackNum")
        fields = fields | {"callbackNum": self.strangers[place]} if isinstance(place, int) else fields
        short = "clock" not in self.offers and fields.get("bindExpiredTime")
        return fields | {"bindExpiredTime": 100} if short else fields

    def x_at(self, place: int) -> str:
        """An own X."""
        return self.xs[place % len(self.xs)]

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, x: str | None = None, extension: str | None = None, **fields: Any) -> AxeBinding | None:
        """Bind on both; return the binding whose extension is checked next."""
        fields = self.spelled(self.fit(fields))
        body: dict[str, Any] = {"bindNum": a, **fields}
        body |= {} if x is None else {"virtualNum": x}
        body |= {} if extension is None else {"extendNum": extension}
        if x in self.xs and extension in self.extensions:
            self.touched = (x, extension)
        expected = self.expect(lambda: self.oracle.expect_bind(body))
        if expected is None or not self.may_bind(expected):
            return None
        answer = self.send("bind", body, expected, f"bind on {x or 'an X of the platform'}")
        if answer is None:
            return None
        chosen, given = str(answer["virtualNum"]), str(answer["extendNum"])
        self.claim_x(expected, chosen)
        self._compare_extension(expected, chosen, given)
        for name in ("bindExpiredTime", "callbackExpiredTime"):
            if name in fields:
                came = answer[name]
                # whatever the answer says of them, the times are in force
                text = f"{name}: expected {fields[name]}, came {came!r}"
                self.context.claim("AXE-BIND-002", came == fields[name], text)
        try:
            binding = self.oracle.record_bind(body, str(answer["subscriptionId"]), chosen, given)
        except Undecided:
            self.diverged = True
            return None
        self.touch(binding)
        return binding

    def _compare_extension(self, expected: AxeExpected, x: str, given: str) -> None:
        if expected.extension is not None:
            ok = given == expected.extension
            self.claim("AXE-BIND-101", ok, f"extension: expected {expected.extension}, came {given}")
            return
        digits = self.oracle.around.digits
        ok = len(given) == digits and given.isdigit() and self.oracle.by_extension(x, given) is None
        self.claim("AXE-BIND-102", ok, f"extension: expected a free one of {plural(digits, 'digit')}, came {given}")
        self.claim("AXE-BIND-105", bool(given.strip("0")), f"the extension {given} was allocated")

    def modify(self, **body: Any) -> None:
        """Modify on both; userData is left out where it is not known to change."""
        body = self.spelled(self.fit(body))
        if self.oracle.assumptions.any_of("axe.modify_user_data", "change", "ignore") != {"change"}:
            body.pop("userData", None)
        expected = self.expect(lambda: self.oracle.expect_modify(body))
        if expected is not None and self.send("modify", body, expected, f"modify with {', '.join(body)}") is not None:
            self.oracle.record_modify(body)

    def dissolve(self, expected: Any) -> None:
        """See ModelBasedPair."""
        if expected.binding is not None:
            self.oracle.record_unbind(expected.binding, expected.requirement)

    def compare_answer(self, expected: Any, answer: Answer) -> None:
        """See ModelBasedPair."""
        if expected.binding is not None:
            self.claim_all(compare_query(expected.binding, answer.body or {}, self.oracle.assumptions))

    # ── what the rules of any world do ───────────────────────────────────────────────────────────────────────────────

    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """See ModelBasedPair."""
        self.bind(users[0], x)

    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """See ModelBasedPair."""
        selector: dict[str, Any] = {"subscriptionId": subscription_id}
        selector |= {} if x is None else {"virtualNum": x, "extendNum": self.extensions[0]}
        if verb == "modify":
            self.modify(**selector, callbackNum=0)
        else:
            (self.unbind if verb == "unbind" else self.query)(**selector)

    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """See ModelBasedPair; by an extension bound on `x`, if there is one."""
        self._ask_by_extension(verb, x, self._extension_on(x))

    def _ask_by_extension(self, verb: str, x: str, extension: str) -> None:
        (self.unbind if verb == "unbind" else self.query)(virtualNum=x, extendNum=extension)

    def _extension_on(self, x: str) -> str:
        there = [b for state in (self.oracle, *self.oracle.neighbours) for b in state.on(x)]
        return next((b.extension for b in there if isinstance(b, AxeBinding)), self.extensions[0])

    def call_binding(self, binding: AxeBinding, *, from_a: bool) -> None:
        """See ModelBasedPair; a stranger dials X and the extension."""
        self.call(binding.a if from_a else self.strangers[0], binding.x, AxePlan(digits=(binding.extension,)))

    def touch(self, binding: AxeBinding) -> None:
        """See ModelBasedPair."""
        self.touched = (binding.x, binding.extension)

    def check_step(self, step: int) -> None:
        """See ModelBasedPair."""
        self.check_extension(*self.touched)
        subs = [*self.oracle.bindings, *self.oracle.dissolved]
        if subs and not self.diverged:
            self.check(subs[step % len(subs)])

    def check_x(self, x: str) -> None:
        """See ModelBasedPair."""
        self.check_extension(x, self._extension_on(x))

    def check_all(self) -> None:
        """See ModelBasedPair."""
        for sub in [*self.oracle.bindings, *self.oracle.dissolved]:
            if not self.diverged:
                self.check(sub)
        for x in self.xs:
            for extension in self.extensions:
                if not self.diverged:
                    self.check_extension(x, extension)

    def check(self, sub: str) -> None:
        """Compare a binding with what a query by its id shows.

        One that is gone is not shown.
        """
        answer = self.api.request("query", app=self.app, subscriptionId=sub)
        binding = self.oracle.bindings.get(sub)
        if binding is None:
            self.claim(self.oracle.dissolved[sub], not answer.ok, f"{sub} is shown; it must not be there")
            return
        self.claim(self.last_rule or binding.lifetime, answer.ok, f"{sub} is not shown: {answer.key}")
        if answer.ok:
            self.claim_all(compare_query(binding, answer.body or {}, self.oracle.assumptions))

    def check_extension(self, x: str, extension: str) -> None:
        """Compare who is bound at an extension with what a query by it shows."""
        binding = self.oracle.by_extension(x, extension)
        answer = self.api.request("query", app=self.app, virtualNum=x, extendNum=extension)
        shown = answer["subscriptionId"] if answer.ok else None
        if binding is not None:
            ok = shown == binding.subscription_id
            rule = self.last_rule or binding.lifetime
            self.claim(rule, ok, f"{extension}: expected {binding.subscription_id}, came {shown}, {answer.key}")
        elif shown is not None:
            rule = "AXE-QUERY-101" if self.oracle.is_foreign(str(shown)) else self.last_rule or "AXE-STATE-001"
            rule = self.oracle.dissolved.get(str(shown), rule)
            self.claim(rule, False, f"{extension} shows {shown}; nothing must be there")
        else:
            self.claim("AXE-QUERY-005", answer.code == GONE, f"a free extension: expected {GONE}, came {answer.key}")

    # ── calls and settings ───────────────────────────────────────────────────────────────────────────────────────────

    def call(self, caller: str, x: str, plan: CallPlan, **entered: Any) -> None:
        """Place a call on both; the caller enters the digits of the plan."""
        if isinstance(plan, AxePlan):
            entered = {"digits": plan.digits, "digits_after": plan.digits_after}
        super().call(caller, x, plan, **entered)

    def call_claims(self, call: AxeCall, view: CallView) -> Iterable[Claim]:
        """See ModelBasedPair."""
        return compare_call(call, view, self.oracle.now)

    def push_claims(self, call: AxeCall, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """See ModelBasedPair."""
        assumptions = self.oracle.assumptions
        yield from compare_events(call, events, assumptions)
        yield from compare_cdrs(call, cdrs, self.app.key, assumptions, recording=self.app.recording)

    def routing(self) -> bool:
        """See ModelBasedPair: a caller is asked for an extension."""
        return any(call.lost or call.state(self.oracle.now) == "collecting" for call, _ in self.calls)

    def records(self) -> list[tuple[AxeBinding, int]]:
        """Live bindings with a call-back record that ends, and when."""
        bindings = self.oracle.bindings.values()
        ends = [(b, b.record.gone_from) for b in bindings if b.record is not None]
        return [(binding, end) for binding, end in ends if self.oracle.now < end < FOREVER]

    def set_up(self, *, repeats: int, no_record: dict[str, str] | None) -> None:
        """Change the application's settings on both."""
        self.context.set_application(self.app, repeat_collections=repeats, no_record=no_record)
        self.oracle.around.repeats = repeats
        self.oracle.around.no_record = no_record
