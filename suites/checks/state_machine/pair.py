"""The target and an oracle side by side.

Each thing is done on both, and what differs is claimed.

The base of each mode's pair. A mode adds its operations, and says in the abstract methods how its bindings are bound,
asked for and compared, so that the rules of any world can do these things without knowing the mode.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from privnum.suites.callbacks.completion import PATIENCE, is_complete
from privnum.suites.callbacks.quiescence import can_observe_quiet
from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.lenient_forms import as_printed
from privnum.suites.oracle import Undecided
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.state import OracleState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.oracle import CallPlan, Claim
    from privnum.suites.oracle.calls import ExpectedCall
    from privnum.suites.oracle.types import Binding, Expected
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["ModelBasedPair", "Verb", "names", "shared_surroundings"]

OracleT = TypeVar("OracleT", bound=OracleState[Any, Any, Any])
ExpectedT = TypeVar("ExpectedT", bound="Expected")
Verb = Literal["unbind", "modify", "query"]


def shared_surroundings(app: App, others: Iterable[App]) -> dict[str, Any]:
    """What every oracle must know of an application and the others."""
    return {
        "own": {x.number: x.area_code for x in app.numbers},
        "foreign": {x.number for other in others for x in other.numbers},
        "recording": app.recording,
        "tones": app.tones,
        "more": app.more_numbers is not False,
    }


def names(fields: Mapping[str, Any]) -> str:
    """The names of the fields of a request, in words."""
    return " and ".join(fields) or "nothing"


class ModelBasedPair(ABC, Generic[OracleT]):
    """One application of the target and its oracle.

    `diverged` is set when the target took another way that fails nobody: from there on the oracle knows nothing any
    more. `last_rule` is the rule of what was done last, broken if the bindings are not as they should be; none: time
    passed.
    """

    mode: ClassVar[str]
    x_count: ClassVar[int] = 3
    """X numbers of the application that an example uses."""
    routing_seconds: ClassVar[int] = 0
    """Seconds after which a call by the usual plan has been put through or refused."""

    def __init__(self, context: CheckContext, app: App, oracle: OracleT, *, loose: bool = True) -> None:
        self.context = context
        self.api = context.of(self.mode)
        self.app = app
        self.oracle = oracle
        self.spelled: Callable[[dict[str, Any]], dict[str, Any]] = dict if loose else as_printed
        """Makes the fields that are sent: in the forms of real clients too, or only as the pages print them."""
        words = context.session.words_of(self.mode)
        self.offers = frozenset(word for word, reason in words.items() if reason is None)
        if not context.controls_clock:
            self.offers -= {"clock", "calls"}
        self.xs = [x.number for x in app.numbers][: self.x_count]
        self.calls: list[tuple[ExpectedCall, CallView]] = []
        self.diverged = False
        self.last_rule = ""

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, requirement: str, ok: bool, message: str) -> None:
        """Claim on the context.

        What differs ends the comparison, also where it fails nobody.
        """
        self.diverged = self.diverged or not ok
        self.context.claim(requirement, ok, message)

    def claim_all(self, claims: Iterable[Claim]) -> None:
        """Claim each."""
        for claim in self.context.record_all(claims):
            self.claim(*claim)

    def expect(self, ask: Callable[[], ExpectedT]) -> ExpectedT | None:
        """What the oracle expects of a request, or None where it cannot decide."""
        try:
            expected = ask()
        except Undecided:
            return None
        self.last_rule = expected.requirement if expected.ok else expected.faults[0].requirement
        return expected

    def send(self, operation: str, fields: Mapping[str, Any], expected: Expected, what: str) -> Answer | None:
        """Send a request and claim that it is answered as expected.

        Its answer if it is a success that counts.
        """
        answer = self.api.request(operation, app=self.app, **fields)
        self.claim_all(expected.claims(answer.ok, answer.key, what))
        return answer if answer.ok and not self.diverged else None

    def may_bind(self, expected: Expected | None) -> bool:
        """Whether a bind can be sent.

        Which X is picked rules what can be bound later, and cannot be repeated.
        """
        return expected is not None and (len(expected.x) <= 1 or self.context.session.owns_worlds)

    def claim_x(self, expected: Expected, x: str) -> None:
        """Claim that a bind came to an X that was to be expected."""
        self.claim(expected.x_requirement, x in expected.x, f"X: expected of {sorted(expected.x)}, came {x}")

    # ── requests that every mode has ─────────────────────────────────────────────────────────────────────────────────

    def unbind(self, **query: Any) -> None:
        """Unbind on both."""
        expected = self.expect(lambda: self.oracle.expect_unbind(query))
        if expected is not None and self.send("unbind", query, expected, f"unbind by {names(query)}") is not None:
            self.dissolve(expected)

    def query(self, **query: Any) -> None:
        """Query both, and compare the answer."""
        expected = self.expect(lambda: self.oracle.expect_query(query))
        if expected is None:
            return
        answer = self.send("query", query, expected, f"query by {names(query)}")
        if answer is not None:
            self.compare_answer(expected, answer)

    @abstractmethod
    def dissolve(self, expected: Any) -> None:
        """Let the oracle dissolve what an unbind has selected."""

    @abstractmethod
    def compare_answer(self, expected: Any, answer: Answer) -> None:
        """Compare the answer to a query with what it must show."""

    def compare_list(
        self,
        expected: Any,
        rows: Iterable[Mapping[str, Any]],
        compare: Callable[[Any, Mapping[str, Any]], Iterable[Claim]],
    ) -> None:
        """Compare a list of bindings: their ids, and then each row."""
        shown = {str(row.get("subscriptionId")): row for row in rows}
        wanted = {binding.subscription_id: binding for binding in expected.bindings}
        same = shown.keys() == wanted.keys()
        self.claim(expected.requirement, same, f"query: expected {sorted(wanted)}, came {sorted(shown)}")
        for sub, binding in wanted.items():
            if not self.diverged:
                self.claim_all(self.timely(compare(binding, shown[sub])))

    def timely(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims, without those about a moment where time cannot be held."""
        moment = f"{self.mode}-QUERY-002"
        return [claim for claim in claims if self.context.controls_clock or claim.requirement != moment]

    # ── what the rules of any world do ───────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def bind_plainly(self, users: Sequence[str], x: str) -> None:
        """Bind two users, or the first of them, on `x` without settings."""

    @abstractmethod
    def ask(self, verb: Verb, subscription_id: str, x: str | None = None) -> None:
        """Unbind, change or query a binding by its id.

        An X beside it does not count.
        """

    @abstractmethod
    def ask_by_x(self, verb: Literal["unbind", "query"], x: str) -> None:
        """Unbind or query by an X that may be another application's."""

    @abstractmethod
    def call_binding(self, binding: Any, *, from_a: bool) -> None:
        """A of the binding calls, or somebody calls A."""

    @abstractmethod
    def touch(self, binding: Any) -> None:
        """Look at that binding after this step."""

    @abstractmethod
    def check_step(self, step: int) -> None:
        """Compare what was touched last, and something in turn."""

    @abstractmethod
    def check_x(self, x: str) -> None:
        """Compare the bindings on `x`."""

    @abstractmethod
    def check_all(self) -> None:
        """Compare everything."""

    def live(self, place: int) -> Any:
        """A live binding, at which the next check looks."""
        bindings = list(self.oracle.bindings.values())
        binding: Binding = bindings[place % len(bindings)]
        self.touch(binding)
        return binding

    def set_status(self, x: str, status: Literal["5", "9", "10", "11"]) -> None:
        """Block an X, or free it."""
        self.context.set_number(x, status)
        self.oracle.status[x] = status

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def call_claims(self, call: Any, view: CallView) -> Iterable[Claim]:
        """Compare a call with what the driver shows of it."""

    @abstractmethod
    def push_claims(self, call: Any, events: list[dict[str, Any]], cdrs: list[dict[str, Any]]) -> Iterable[Claim]:
        """Compare the events and CDRs of an ended call."""

    def running(self) -> list[int]:
        """Places in `calls` of those that have surely not ended."""
        states = enumerate("ended" if call.lost else call.state(self.oracle.now) for call, _ in self.calls)
        return [place for place, state in states if state not in {"ended", None}]

    def endless(self) -> list[int]:
        """Places in `calls` of those that do not end by themselves."""
        return [place for place in self.running() if self.calls[place][0].ends_by == NEVER]

    def routing(self) -> bool:
        """Whether a call runs of which it is not decided yet whom it reaches."""
        return False

    def next_change(self) -> int | None:
        """The next second in which something happens in a call."""
        times = (call.next_change(self.oracle.now) for call, _ in self.calls if not call.lost)
        return min((at for at in times if at is not None), default=None)

    def call(self, caller: str, x: str, plan: CallPlan, **entered: Any) -> None:
        """Place a call on both.

        `entered` is what the driver gets beside the plan of every mode.
        """
        try:
            expected = self.oracle.expect_call(caller, x, plan)
        except Undecided:
            return
        view = self.wait_until_decided(
            self.context.call(
                caller,
                x,
                behaviour=plan.behaviour,
                ring_after=plan.ring_after,
                answer_after=plan.answer_after,
                hang_up_after=plan.hang_up_after,
                caller_hangs_up_after=plan.caller_hangs_up_after,
                **entered,
            )
        )
        self.oracle.record_call(expected)
        self.note_placed(expected, view)
        self.calls.append((expected, view))
        self.claim_all(self.call_claims(expected, view))

    def wait_until_decided(self, view: CallView) -> CallView:
        """The call once it is decided on. In X mode the customer is asked first."""
        return view

    def note_placed(self, call: Any, view: CallView) -> None:
        """Give the oracle what the target has chosen at a call.

        A mode that leaves it a choice does it here.
        """

    def hang_up(self, place: int, by: Literal["caller", "callee"]) -> None:
        """One side of a running call hangs up."""
        expected, view = self.calls[place]
        try:
            expected.hang_up(by, self.oracle.now)
        except Undecided:
            return
        view = self.context.hang_up(view, by)
        self.claim_all(self.call_claims(expected, view))

    def stop(self, place: int) -> None:
        """The customer stops a running call.

        With which cause that ends it nobody says, so it is followed no more. One that has no callee yet may go on.
        """
        expected, view = self.calls[place]
        try:
            releases = self.oracle.can_stop(expected)
        except Undecided:
            return
        answer = self.context.stop_call(view.session_id, app=self.app)
        if not releases:
            message = f"stop call of one that has no callee yet: expected a failure, came {answer.key}"
            self.claim("COM-OPEN-080", not answer.ok, message)
            return
        claim_success(self.context, "COM-STOP-001", answer, "stop call of a running call")
        state = self.context.look(view).state
        self.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")
        expected.give_up()

    def look(self) -> None:
        """Compare every call.

        Those that run, and those that have ended, with their events and CDR.

        One that was seen to have ended is looked at once more, when its CDR must have come.
        """
        if any(expected.lost for expected, _ in self.calls):
            self.calls = [pair for pair in self.calls if not pair[0].lost]
        for place, (expected, seen) in reversed([*enumerate(self.calls)]):
            complete = expected.state(self.oracle.now) == "ended" and self._has_all_pushes(expected, seen)
            view = seen
            if not self.diverged and (complete or seen.state != "ended"):
                view = self.context.look(seen)
                self.claim_all(self._unless_cut(expected, self.call_claims(expected, view)))
            if complete:
                del self.calls[place]
                self._compare_pushes(expected, view)
            else:
                self.calls[place] = expected, view

    def _unless_cut(self, call: ExpectedCall, claims: Iterable[Claim]) -> Iterable[Claim]:
        """The claims, by the rule of calls that go on where one was cut.

        That is where it was cut together with its binding.
        """
        by = self.ended_by(call)
        if call.state(self.oracle.now) == "ended" or by is None:
            return claims
        rule = self.oracle.rule("CALL-010" if by.startswith(self.oracle.rule("LIFE")) else "CALL-009")
        return [claim._replace(requirement=rule) for claim in claims]

    def ended_by(self, call: Any) -> str | None:
        """The rule by which the binding of a call has ended meanwhile, if it has."""
        sub = call.subscription_id
        return None if sub is None or sub in self.oracle.bindings else self.oracle.dissolved.get(sub, "")

    def _has_all_pushes(self, call: ExpectedCall, view: CallView) -> bool:
        """Whether all events and the CDR of an ended call have come, or must have."""
        try:
            wait = int(self.oracle.assumptions.choose("cdr.merge_seconds"))
        except Undecided:
            wait = PATIENCE
        waited = self.oracle.now - call.ends_by - wait
        return waited >= PATIENCE or (waited >= 0 and is_complete(self.context, view, call.events()))

    def _compare_pushes(self, call: ExpectedCall, view: CallView) -> None:
        if self.diverged or "receiver" not in self.offers or not can_observe_quiet(self.context):
            return
        events = [push.body for push in self.context.events(view, at_once=True)]
        self.claim_all(self.push_claims(call, events, self.context.cdrs(view, at_once=True)))

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def advance_oracle(self, seconds: int) -> None:
        """Time has passed on the target; let it pass in the oracle."""
        self.oracle.advance(seconds)
        self.last_rule = ""
