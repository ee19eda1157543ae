"""The target and the AXE oracle side by side: each thing is done on both, and what differs is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.base.printing import plural
from privnum.suites.callbacks.completion import PATIENCE, is_complete
from privnum.suites.callbacks.quiescence import can_observe_quiet
from privnum.suites.checks.axe.scenarios import GONE
from privnum.suites.checks.lenient_forms import as_printed
from privnum.suites.oracle import Assumptions, AxeOracle, AxeSurroundings, Undecided
from privnum.suites.oracle.axe.compare import (
    compare_call,
    compare_cdrs,
    compare_events,
    compare_query,
)
from privnum.suites.oracle.axe.types import FOREVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxeBinding, AxeCall, AxeExpected, AxePlan, Claim
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["ModelBasedPair"]


class ModelBasedPair:
    """One AXE application of the target and its oracle.

    `lost` is set when the target took another way that fails nobody: from there on the oracle knows nothing any more.
    """

    def __init__(self, context: CheckContext, app: App, others: Iterable[App], *, loose: bool = True) -> None:
        self.context = context
        self.spelled = dict if loose else as_printed
        """Makes the fields that are sent: in the forms of real clients too, or only as the pages print them."""
        self.app = app
        surroundings = AxeSurroundings(
            own={x.number: x.area_code for x in app.numbers},
            foreign={x.number for other in others for x in other.numbers},
            recording=app.recording,
            tones=app.tones,
            more=app.more_numbers is not False,
            digits=app.extension_digits,
            repeats=app.repeat_collections,
            no_record=None if app.no_record is None else dict(app.no_record),
        )
        # where no time passes it is all one whether a binding lasts a week or for ever
        timeless = frozenset[str]() if context.still else frozenset({"axe.bind_expired_default"})
        assumptions = Assumptions(context.assumptions, context.unsettled - timeless)
        self.oracle = AxeOracle(surroundings, assumptions, int(context.now().timestamp()))
        self.calls: list[tuple[AxeCall, CallView]] = []
        self.lost = False
        self.blame = ""
        """The rule of what was done last, broken if the bindings are not as they should be; none: time passed."""

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, requirement: str, ok: bool, message: str) -> None:
        """Claim on the context; what differs and fails nobody ends the comparison."""
        self.context.claim(requirement, ok, message)
        self.lost = self.lost or not ok

    def claim_all(self, claims: Iterable[Claim]) -> None:
        """Claim each."""
        for claim in self.context.ledger.record_all(claims):
            self.claim(*claim)

    def _expected(self, ask: Callable[[], AxeExpected]) -> AxeExpected | None:
        """What the oracle expects, or None where it cannot decide."""
        try:
            expected = ask()
        except Undecided:
            return None
        self.blame = expected.requirement if expected.ok else expected.faults[0].requirement
        return expected

    def _checked(self, expected: AxeExpected, answer: Answer, what: str) -> bool:
        """Claim that the answer is as expected; whether it is a success that counts."""
        self.claim_all(expected.claims(answer.ok, answer.key, what))
        return answer.ok and not self.lost

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, x: str | None = None, extension: str | None = None, **fields: Any) -> AxeBinding | None:
        """Bind on both; the binding that came of it."""
        fields = self.spelled(fields)
        body: dict[str, Any] = {"bindNum": a, **fields}
        body |= {} if x is None else {"virtualNum": x}
        body |= {} if extension is None else {"extendNum": extension}
        expected = self._expected(lambda: self.oracle.expect_bind(body))
        if expected is None or (len(expected.x) > 1 and not self.context.session.owns_worlds):
            return None  # which X is picked rules what can be bound later; a run of chance cannot be repeated
        answer = self.context.axe.request("bind", app=self.app, **body)
        if not self._checked(expected, answer, f"bind on {x or 'an X of the platform'}"):
            return None
        chosen, given = str(answer["virtualNum"]), str(answer["extendNum"])
        self.claim(expected.x_requirement, chosen in expected.x, f"X: expected of {sorted(expected.x)}, came {chosen}")
        self._compare_extension(expected, chosen, given)
        for name in ("bindExpiredTime", "callbackExpiredTime"):
            if name in fields:
                came = answer[name]
                # whatever the answer says of them, the times are in force
                text = f"{name}: expected {fields[name]}, came {came!r}"
                self.context.claim("AXE-BIND-002", came == fields[name], text)
        try:
            return self.oracle.bound(body, str(answer["subscriptionId"]), chosen, given)
        except Undecided:
            self.lost = True
            return None

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
        body = self.spelled(body)
        if self.oracle.assumptions.any_of("axe.modify_user_data", "change", "ignore") != {"change"}:
            body.pop("userData", None)
        expected = self._expected(lambda: self.oracle.expect_modify(body))
        if expected is None:
            return
        answer = self.context.axe.request("modify", app=self.app, **body)
        if self._checked(expected, answer, f"modify with {', '.join(body)}"):
            self.oracle.modified(body)

    def unbind(self, **query: Any) -> None:
        """Unbind on both."""
        expected = self._expected(lambda: self.oracle.expect_unbind(query))
        if expected is None:
            return
        answer = self.context.axe.request("unbind", app=self.app, **query)
        if self._checked(expected, answer, f"unbind by {' and '.join(query)}") and expected.binding is not None:
            self.oracle.unbound(expected.binding, expected.requirement)

    def query(self, **query: Any) -> None:
        """Query both, and compare what is shown."""
        expected = self._expected(lambda: self.oracle.expect_query(query))
        if expected is None:
            return
        answer = self.context.axe.request("query", app=self.app, **query)
        if self._checked(expected, answer, f"query by {' and '.join(query)}") and expected.binding is not None:
            self.claim_all(compare_query(expected.binding, answer.body or {}, self.oracle.assumptions))

    def check(self, binding: AxeBinding) -> None:
        """Compare a live binding with what a query by its id shows."""
        answer = self.context.axe.request("query", app=self.app, subscriptionId=binding.subscription_id)
        self.claim(self.blame or binding.lifetime, answer.ok, f"{binding.subscription_id} is not shown: {answer.key}")
        if answer.ok:
            self.claim_all(compare_query(binding, answer.body or {}, self.oracle.assumptions))

    def check_gone(self, sub: str) -> None:
        """A binding that is gone is not shown."""
        answer = self.context.axe.request("query", app=self.app, subscriptionId=sub)
        self.claim(self.oracle.dissolved[sub], not answer.ok, f"{sub} is shown; it must not be there")

    def check_place(self, x: str, extension: str) -> None:
        """Compare who is bound at an extension with what a query by it shows."""
        binding = self.oracle.by_extension(x, extension)
        answer = self.context.axe.request("query", app=self.app, virtualNum=x, extendNum=extension)
        shown = answer["subscriptionId"] if answer.ok else None
        if binding is not None:
            ok = shown == binding.subscription_id
            rule = self.blame or binding.lifetime
            self.claim(rule, ok, f"{extension}: expected {binding.subscription_id}, came {shown}, {answer.key}")
        elif shown is not None:
            rule = self.oracle.dissolved.get(str(shown), self.blame or "AXE-STATE-001")
            self.claim(rule, False, f"{extension} shows {shown}; nothing must be there")
        else:
            self.claim("AXE-QUERY-005", answer.code == GONE, f"a free extension: expected {GONE}, came {answer.key}")

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def running(self) -> list[int]:
        """Places in `calls` of those that have surely not ended."""
        states = enumerate("ended" if call.lost else call.state(self.oracle.now) for call, _ in self.calls)
        return [place for place, state in states if state not in {"ended", None}]

    def collecting(self) -> bool:
        """Whether a caller is asked for an extension."""
        return any(call.lost or call.state(self.oracle.now) == "collecting" for call, _ in self.calls)

    def records(self) -> list[tuple[AxeBinding, int]]:
        """Live bindings with a call-back record that ends, and when."""
        bindings = self.oracle.bindings.values()
        ends = [(b, b.record.gone_from) for b in bindings if b.record is not None]
        return [(binding, end) for binding, end in ends if self.oracle.now < end < FOREVER]

    def call(self, caller: str, x: str, plan: AxePlan) -> None:
        """Place a call on both."""
        try:
            expected = self.oracle.expect_call(caller, x, plan)
        except Undecided:
            return
        view = self.context.call(
            caller,
            x,
            behaviour=plan.behaviour,
            ring_after=plan.ring_after,
            answer_after=plan.answer_after,
            hang_up_after=plan.hang_up_after,
            caller_hangs_up_after=plan.caller_hangs_up_after,
            digits=plan.digits,
            digits_after=plan.digits_after,
        )
        self.oracle.placed(expected)
        self.calls.append((expected, view))
        self.claim_all(compare_call(expected, view, self.oracle.now))

    def hang_up(self, place: int, by: Literal["caller", "callee"]) -> None:
        """One side of a running call hangs up."""
        expected, view = self.calls[place]
        try:
            expected.hang_up(by, self.oracle.now)
        except Undecided:
            return
        view = self.context.hang_up(view, by)
        self.claim_all(compare_call(expected, view, self.oracle.now))

    def look(self) -> None:
        """Compare every call: those that run, and those that have ended, with their events and CDR."""
        for pair in list(self.calls):
            expected, view = pair
            if expected.lost:
                self.calls.remove(pair)
                continue
            if not self.lost:
                view = self.context.look(view)
                self.claim_all(self._looked(expected, compare_call(expected, view, self.oracle.now)))
            if expected.state(self.oracle.now) == "ended" and self._told(expected, view):
                self.calls.remove(pair)
                self._compare_pushes(expected, view)

    def _looked(self, call: AxeCall, claims: Iterable[Claim]) -> Iterable[Claim]:
        """A call that was cut together with its binding breaks the rule that it goes on."""
        sub = call.subscription_id
        if call.state(self.oracle.now) == "ended" or sub is None or sub in self.oracle.bindings:
            return claims
        by = self.oracle.dissolved.get(sub, "")
        rule = "AXE-CALL-010" if by.startswith("AXE-LIFE") else "AXE-CALL-009"
        return [claim._replace(requirement=rule) for claim in claims]

    def _told(self, call: AxeCall, view: CallView) -> bool:
        """Whether all that an ended call is told by has come, or must have."""
        try:
            wait = int(self.oracle.assumptions.choose("cdr.merge_seconds"))
        except Undecided:
            wait = PATIENCE
        waited = self.oracle.now - call.ends_by - wait
        return waited >= PATIENCE or (waited >= 0 and is_complete(self.context, view, call.events()))

    def _compare_pushes(self, expected: AxeCall, view: CallView) -> None:
        if self.lost or "receiver" not in self.context.capabilities or not can_observe_quiet(self.context):
            return
        assumptions = self.oracle.assumptions
        self.claim_all(
            compare_events(expected, [push.body for push in self.context.events(view, at_once=True)], assumptions)
        )
        self.claim_all(
            compare_cdrs(
                expected, self.context.cdrs(view, at_once=True), self.app.key, assumptions, recording=self.app.recording
            )
        )

    # ── time and settings ────────────────────────────────────────────────────────────────────────────────────────────

    def passed(self, seconds: int) -> None:
        """Time has passed on the context; let it pass in the oracle."""
        self.oracle.advance(seconds)
        self.blame = ""

    def set_up(self, *, repeats: int, no_record: dict[str, str] | None) -> None:
        """Change the application's settings on both."""
        self.context.set_application(self.app, repeat_collections=repeats, no_record=no_record)
        self.oracle.around.repeats = repeats
        self.oracle.around.no_record = no_record
