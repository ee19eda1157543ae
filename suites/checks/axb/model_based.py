"""The target and the oracle side by side: each thing is done on both, and what differs is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.callbacks.completion import PATIENCE, is_complete
from privnum.suites.callbacks.quiescence import can_observe_quiet
from privnum.suites.checks.lenient_forms import as_printed
from privnum.suites.oracle import Assumptions, AxbOracle, Surroundings, Undecided
from privnum.suites.oracle.axb.compare import compare_binding, compare_events
from privnum.suites.oracle.calls import NEVER, compare_call
from privnum.suites.oracle.cdr import compare_cdrs
from privnum.suites.runner.check import Violation
from privnum.suites.target.number_pool import HOME_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import AxbCall, Binding, CallPlan, Claim, Expected
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["ModelBasedPair"]

_kinds: dict[str, type[Violation]] = {}


def _kind_of(requirement: str) -> type[Violation]:
    """A class of violation for each rule: Hypothesis shrinks within a class, so it keeps to the rule that it found."""
    return _kinds.setdefault(requirement, type("Violation", (Violation,), {}))


class ModelBasedPair:
    """One application of the target and its oracle.

    `lost` is set when the target took another way that fails nobody: from there on the oracle knows nothing any more.
    """

    def __init__(self, context: CheckContext, app: App, others: Iterable[App], *, loose: bool = True) -> None:
        self.context = context
        self.spelled = dict if loose else as_printed
        """Makes the fields that are sent: in the forms of real clients too, or only as the pages print them."""
        self.app = app
        self.offers = context.capabilities
        surroundings = Surroundings(
            own={x.number: x.area_code for x in app.numbers},
            foreign={x.number for other in others for x in other.numbers},
            home_areas=HOME_AREAS if "home_areas" in self.offers else {},
            recording=app.recording,
            tones=app.tones,
            more=app.more_numbers is not False,
        )
        unsettled = set(context.unsettled)
        if "home_areas" not in self.offers:
            unsettled.add("axb.area_of_mobile_unknown")
        assumptions = Assumptions(context.assumptions, unsettled)
        self.oracle = AxbOracle(surroundings, assumptions, int(context.now().timestamp()))
        self.calls: list[tuple[AxbCall, CallView]] = []
        self.lost = False
        self.blame = ""
        """The rule of what was done last, broken if the bindings are not as they should be; none: time passed."""

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, requirement: str, ok: bool, message: str) -> None:
        """Claim on the context; what differs and fails nobody ends the comparison."""
        try:
            self.context.claim(requirement, ok, message)
        except Violation as violation:
            self.lost = True
            violation.__class__ = _kind_of(requirement)
            raise
        self.lost = self.lost or not ok

    def claim_all(self, claims: Iterable[Claim]) -> None:
        """Claim each."""
        for claim in self.context.ledger.record_all(claims):
            self.claim(*claim)

    def _expected(self, ask: Callable[[], Expected]) -> Expected | None:
        """What the oracle expects, or None where it cannot decide."""
        try:
            expected = ask()
        except Undecided:
            return None
        self.blame = expected.requirement if expected.ok else expected.faults[0].requirement
        return expected

    def _checked(self, expected: Expected, answer: Answer, what: str) -> bool:
        """Claim that the answer is as expected; whether it is a success that counts."""
        self.claim_all(expected.claims(answer.ok, answer.key, what))
        return answer.ok and not self.lost

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, b: str, x: str | None = None, **fields: Any) -> str | None:
        """Bind on both; the X that came of it."""
        numbers = {"callerNum": a, "calleeNum": b} | ({} if x is None else {"relationNum": x})
        body = numbers | self.spelled(fields)
        expected = self._expected(lambda: self.oracle.expect_bind(body))
        if expected is None or (len(expected.x) > 1 and not self.context.session.owns_worlds):
            return None  # which X is picked rules what can be bound later; a run of chance cannot be repeated
        answer = self.context.request("axb.bind", body=body, app=self.app)
        if not self._checked(expected, answer, f"bind on {x or 'an X of the platform'}"):
            return None
        chosen = str(answer["relationNum"])
        self.claim(expected.x_requirement, chosen in expected.x, f"X: expected of {sorted(expected.x)}, came {chosen}")
        self.oracle.bound(body, str(answer["subscriptionId"]), chosen)
        return chosen

    def modify(self, sub: str, **fields: Any) -> None:
        """Modify on both."""
        body = {"subscriptionId": sub} | self.spelled(fields)
        expected = self._expected(lambda: self.oracle.expect_modify(body))
        if expected is None:
            return
        answer = self.context.request("axb.modify", body=body, app=self.app)
        if self._checked(expected, answer, f"modify of {', '.join(fields) or 'nothing'}"):
            self.oracle.modified(body)

    def unbind(self, **query: str) -> None:
        """Unbind on both."""
        expected = self._expected(lambda: self.oracle.expect_unbind(query))
        if expected is None:
            return
        answer = self.context.request("axb.unbind", query=query, app=self.app)
        if self._checked(expected, answer, f"unbind by {' and '.join(query) or 'nothing'}"):
            self.oracle.unbound(expected.bindings, expected.requirement)

    def query(self, **query: str) -> None:
        """Query both, and compare what is shown."""
        expected = self._expected(lambda: self.oracle.expect_query(query))
        if expected is None:
            return
        answer = self.context.request("axb.query", query=query, app=self.app)
        if self._checked(expected, answer, f"query by {' and '.join(query) or 'nothing'}"):
            self._compare(expected, answer)

    def _compare(self, expected: Expected, answer: Answer) -> None:
        shown = {str(info.get("subscriptionId")): info for info in answer.items("relationNumList")}
        wanted = {binding.subscription_id: binding for binding in expected.bindings}
        same = shown.keys() == wanted.keys()
        self.claim(expected.requirement, same, f"query: expected {sorted(wanted)}, came {sorted(shown)}")
        for sub, binding in wanted.items():
            if not self.lost:
                self.claim_all(self._timely(compare_binding(binding, shown[sub])))

    def _timely(self, claims: list[Claim]) -> list[Claim]:
        """The claims; none about a moment where time cannot be held."""
        return claims if self.context.still else [claim for claim in claims if claim.requirement != "AXB-QUERY-002"]

    def check(self, x: str) -> None:
        """Compare the bindings on `x`: those that live are shown as they are, and no others."""
        answer = self.context.request("axb.query", query={"relationNum": x, "pageSize": "100"}, app=self.app)
        shown = {str(info.get("subscriptionId")): info for info in answer.items("relationNumList")}
        live = {binding.subscription_id: binding for binding in self.oracle.on(x)}
        for sub in shown.keys() - live.keys():
            self.claim(
                self.oracle.dissolved.get(sub, self.blame or "AXB-STATE-001"),
                False,
                f"{sub} is shown on {x}; it must not be there",
            )
        for sub in live.keys() - shown.keys():
            self.claim(self._missing(live[sub]), False, f"{sub} is not shown on {x}: {answer.key}")
        if self.lost:
            return
        if not live:
            self.claim("AXB-QUERY-005", answer.code == "1012007", f"X without bindings: expected 1012007, {answer.key}")
            return
        total = answer["totalCount"]
        if total is not None:
            self.claim("AXB-QUERY-103", total == len(live), f"totalCount: expected {len(live)}, came {total}")
        for sub, binding in live.items():
            self.claim_all(self._timely(compare_binding(binding, shown[sub])))

    def _missing(self, binding: Binding) -> str:
        """The rule that is broken if a live binding is gone: that of its lifetime, or of what was done last."""
        return self.blame or binding.lifetime

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def running(self) -> list[int]:
        """Places in `calls` of those that have surely not ended."""
        states = enumerate(call.state(self.oracle.now) for call, _ in self.calls)
        return [place for place, state in states if state not in {"ended", None}]

    def endless(self) -> list[int]:
        """Places in `calls` of those that do not end by themselves."""
        return [place for place in self.running() if self.calls[place][0].ends_by == NEVER]

    def next_change(self) -> int | None:
        """The next second in which something happens in a call."""
        times = (call.next_change(self.oracle.now) for call, _ in self.calls)
        return min((at for at in times if at is not None), default=None)

    def call(self, caller: str, x: str, plan: CallPlan) -> None:
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
        """Compare every call: those that run, and those that have ended, with their events and CDR.

        One that was seen to have ended is looked at once more, when its CDR must have come.
        """
        if any(expected.open for expected, _ in self.calls):
            self.calls = [pair for pair in self.calls if not pair[0].open]
        for place, (expected, seen) in reversed([*enumerate(self.calls)]):
            told = expected.state(self.oracle.now) == "ended" and self._told(expected, seen)
            view = seen
            if not self.lost and (told or seen.state != "ended"):
                view = self.context.look(seen)
                self.claim_all(self._looked(expected, compare_call(expected, view, self.oracle.now)))
            if told:
                del self.calls[place]
                self._compare_pushes(expected, view)
            else:
                self.calls[place] = expected, view

    def _looked(self, call: AxbCall, claims: Iterable[Claim]) -> Iterable[Claim]:
        """A call that was cut together with its binding breaks the rule that it goes on."""
        sub = call.subscription_id
        if call.state(self.oracle.now) == "ended" or sub is None or sub in self.oracle.bindings:
            return claims
        by = self.oracle.dissolved.get(sub, "")
        rule = "AXB-CALL-010" if by.startswith("AXB-LIFE") else "AXB-CALL-009"
        return [claim._replace(requirement=rule) for claim in claims]

    def _told(self, call: AxbCall, view: CallView) -> bool:
        """Whether all that an ended call is told by has come, or must have."""
        try:
            wait = int(self.oracle.assumptions.choose("cdr.merge_seconds"))
        except Undecided:
            wait = PATIENCE
        waited = self.oracle.now - call.ends_by - wait
        return waited >= PATIENCE or (waited >= 0 and is_complete(self.context, view, call.events()))

    def _compare_pushes(self, expected: AxbCall, view: CallView) -> None:
        if self.lost or "receiver" not in self.offers or not can_observe_quiet(self.context):
            return
        self.claim_all(compare_events(expected, [push.body for push in self.context.events(view, at_once=True)]))
        cdrs = self.context.cdrs(view, at_once=True)
        self.claim_all(compare_cdrs(expected, cdrs, self.app.key, recording=self.app.recording))

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def passed(self, seconds: int) -> None:
        """Time has passed on the context; let it pass in the oracle."""
        self.oracle.advance(seconds)
        self.blame = ""
