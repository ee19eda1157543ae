"""What calls are checked with in a mode.

Its bindings, the ways a call is put through by them, and calls in vain.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from privnum import contracts
from privnum.suites.checks.assertions import cdr_of, claim_success, completed_call
from privnum.suites.oracle.cdr import NOT_MANDATORY
from privnum.suites.runner.call_timing import LATE, collection_seconds, wait_for_state
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.modes import MODE_CONTEXTS
from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["FULL", "PHASES", "PLAN", "Bound", "CallInVain", "CallProfile", "Way"]

FULL = ("callin", "callout", "alerting", "answer", "disconnect")
"""The events of an answered call in every mode, in their order; a mode may have others between them."""
PHASES = {"forwarded": 2, "alerting": 7, "answered": 14}
"""What a call goes through once it is put through, and after how many seconds it is surely there by PLAN."""
PLAN: Mapping[str, Any] = {"ring_after": 4, "answer_after": 6, "hang_up_after": 20}
PROMPTS = 11
"""As often as any application asks for digits."""
ZERO_IS_NOTHING = ("recordFlag", "ulFailReason")
"""Fields of a CDR that need not be there to say 0."""


class Bound(Protocol):
    """A binding that a check made."""

    @property
    def x(self) -> str:
        """The X of the binding."""
        ...

    @property
    def sub(self) -> str:
        """The subscriptionId."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a binding puts a call through.

    With what events and CDR say of it.
    """

    name: str
    caller: str
    dialled: str
    callee: str
    sub: str
    """The subscriptionId of the binding."""
    numbers: Mapping[str, str]
    """The numbers of the CDR, by field."""
    rule: str
    """The rule by which the call reaches its callee."""
    direction: int | None
    """The direction of the CDR; None: no page says it."""
    events: tuple[str, ...] = FULL
    events_rule: str = "EVENT-001"
    """The rule of which events there are."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """What the caller does besides dialling."""
    enters: int = 0
    """Seconds after which the call is put through: a caller may be asked for something first."""
    before: Callable[[], object] | None = None
    """What opens the way for one call, where each takes something first."""
    on_top: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rules of this mode for values of the CDR: the value, and the fields of which at least one has it."""


@dataclass(frozen=True, slots=True)
class CallInVain:
    """A call that reaches nobody, and why. `direction` None: no page says it."""

    name: str
    caller: str
    dialled: str
    cause: int
    direction: int | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    at_once: bool = True
    """Whether the caller is refused when he dials; else he is asked for something first."""


class CallProfile(ABC):
    """Calls of one mode. Checks of calls/ know the mode by this alone.

    A mode says what is bound (`bind_users`, `modify`), who calls whom by it (`ways`, `in_vain`) and what its pushes
    have.
    """

    mode: ClassVar[str]
    service_type: ClassVar[str]
    along: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Rules of this mode that are checked along: with one of a family, or with "first" or "second" of pair_of_ways."""
    named_in: ClassVar[tuple[str, ...]] = FULL
    """Events that carry the subscriptionId."""
    nameless: ClassVar[Mapping[str, str]] = {}
    """Events that must not carry it, and the rule that says so."""
    limit: ClassVar[str | None] = None
    """The field of a bind that limits the length of a call, in minutes."""
    unlimited: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    """Fields of binds whose calls have no limit."""
    recording_domain: ClassVar[bool] = False
    """Whether recordObjectName needs recordDomain beside it."""
    names_binding: ClassVar[bool] = True
    """Whether events and CDRs name a binding, as there are bindings."""
    modifies_user_data: ClassVar[bool] = False
    settings: ClassVar[tuple[str, ...]]
    """Every setting that a modify may carry."""
    outlives_unbind: ClassVar[tuple[str, ...]] = ("answered",)
    """Phases in which a call surely goes on when its binding is unbound."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context
        self.side = MODE_CONTEXTS[self.mode](context)
        """The applications and the requests of the mode."""

    # ── what a mode says ─────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Any:
        """Bind fresh users, or `a` as A, on the first X.

        A refusal breaks the rule `by`, if given.
        """

    @abstractmethod
    def ways(self, binding: Any) -> Sequence[Way]:
        """The ways in which the binding puts calls through.

        All of them are open when this returns.
        """

    @abstractmethod
    def in_vain(self) -> Iterable[CallInVain]:
        """Calls that reach nobody, of each kind that the mode has."""

    @abstractmethod
    def crowd(self, count: int) -> Sequence[Way]:
        """A number of ways with a caller each, by as many bindings as that takes."""

    @abstractmethod
    def recording(self) -> dict[str, Any]:
        """Fields of a bind whose calls are recorded.

        Raises NotExercised where no tone is known to announce it.
        """

    def lifetime(self, seconds: int, *, real: int) -> tuple[dict[str, Any], int]:
        """Fields that end a binding after about this many seconds.

        `real` is how many where they pass in real time.
        """
        raise LookupError(f"no binding of {self.mode} ends after {seconds} or {real} seconds")

    def lasting(self) -> dict[str, Any]:
        """Fields of a bind that lasts longer than any check."""
        return {}

    def change(self, setting: str) -> dict[str, Any]:
        """A modify of one of `settings` that no running call may notice."""
        raise LookupError(setting)

    @abstractmethod
    def bind_again(self, binding: Any, way: Way, by: str) -> Any:
        """Bind anew what was unbound while a call of that way runs.

        It leads to somebody else then.
        """

    def limit_fields(self, minutes: int) -> dict[str, Any]:
        """Fields of a bind whose calls last so long at most."""
        return {str(self.limit): minutes}

    def dialled_by_a(self, binding: Any) -> str:
        """The number that A dials, and by which he may call."""
        return str(binding.x)

    def tried_ways(self, binding: Any) -> Sequence[Way]:
        """The ways of a binding.

        In real time the first alone, since each call takes its seconds.
        """
        ways = self.ways(binding)
        return ways if "clock" in self.context.session.capabilities else ways[:1]

    def pair_of_ways(self, binding: Any) -> Sequence[Way]:
        """Two ways whose calls can go on at a time."""
        return self.ways(binding)[:2]

    def open_after(self, ways: Sequence[Way], setting: str) -> Sequence[Way]:
        """Those that are still open after a `change` of that setting."""
        del setting
        return ways

    def numbers(self, x: str, caller: str, callee: str | None = None) -> dict[str, str]:
        """The numbers of a CDR where X is dialled."""
        numbers = {"bindNum": x, "callerNum": caller, "calleeNum": x}
        return numbers if callee is None else {**numbers, "fwdDstNum": callee}

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def modify(self, binding: Bound, **fields: Any) -> Answer:
        """Modify a binding by its id."""
        return self.side.modify(binding.sub, **fields)

    def unbind(self, binding: Bound) -> Answer:
        """Unbind a binding by its id."""
        return self.side.unbind(subscriptionId=binding.sub)

    def is_there(self, binding: Bound) -> bool:
        """Whether a query by its id shows a binding."""
        return self.side.query(subscriptionId=binding.sub).ok

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def rule(self, family: str) -> str:
        """The id of a rule in this mode; a whole id is given back as it is."""
        return family if family in contracts.requirements() else f"{self.mode}-{family}"

    def claim(self, rule: str, ok: bool, message: str) -> None:
        """Say whether a rule of the mode was kept."""
        self.context.claim(self.rule(rule), ok, message)

    def succeeds(self, rule: str, answer: Answer, what: str) -> None:
        """Claim that a request succeeded."""
        claim_success(self.context, self.rule(rule), answer, what)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def place(self, way: Way, **plan: Any) -> CallView:
        """A call of that way, just dialled."""
        self._open(way)
        return self.wait_until_decided(self.context.call(way.caller, way.dialled, **{**way.plan, **plan}))

    def wait_until_decided(self, call: CallView) -> CallView:
        """The call once it is decided on.

        In X the customer is asked first, which takes real time.
        """
        return call

    def completed_call(self, way: Way, **plan: Any) -> CallView:
        """A call of that way that is over.

        The callee hangs up after 4 seconds of talk unless `plan` differs.
        """
        whole: dict[str, Any] = {"hang_up_after": 4, **way.plan, **plan}
        self._open(way)
        return completed_call(self.context, way.caller, way.dialled, **whole)

    def _open(self, way: Way) -> None:
        if way.before is not None:
            way.before()

    def forwarded_call(self, way: Way, **plan: Any) -> CallView:
        """A call of that way that has been put through, or has ended before."""
        call = self.place(way, **plan)
        return wait_for_state(self.context, call, "forwarded", way.enters) if way.enters else call

    def reaches(self, rule: str, way: Way, **plan: Any) -> CallView:
        """Place a call of that way; claim that it reaches its callee."""
        call = self.forwarded_call(way, **plan)
        came = f"reached {call.forwarded_to}, cause {call.release_cause}"
        message = f"{way.caller} calls X: expected to reach {way.callee}, {came}"
        self.context.expect(self.rule(rule), call.forwarded_to == way.callee, message)
        return call

    def in_phase(self, way: Way, phase: str, **plan: Any) -> CallView:
        """A call by PLAN that has come so far.

        Raises NotExercised where it has not: nobody says how long it takes.
        """
        call = self.place(way, **{**PLAN, **plan})
        seconds = PHASES[phase] + way.enters
        call = poll_call(self.context, call, lambda view: view.state == phase, seconds, late=LATE)
        if call.state != phase or call.forwarded_to is None:
            raise NotExercised(f"the call is {call.state}; the check needs one that is {phase}")
        return call

    def call_in_vain(self, vain: CallInVain) -> CallView:
        """A call in vain that is over."""
        if vain.at_once:
            return self.wait_until_decided(self.context.call(vain.caller, vain.dialled, **vain.plan))
        return completed_call(self.context, vain.caller, vain.dialled, **vain.plan)

    def claim_refused(self, rule: str, way: Way | CallInVain, *causes: int) -> CallView:
        """Claim that a call reaches nobody.

        With `causes`, that it is released with one of them. Gives the call.
        """
        digits = way.plan.get("digits")
        again = {**way.plan, "digits": [*digits] * PROMPTS} if digits else way.plan
        call = self.wait_until_decided(self.context.call(way.caller, way.dialled, **again))
        if call.state == "collecting":
            wait = collection_seconds(self.context) * PROMPTS + 1
            call = wait_for_state(self.context, call, "forwarded", wait)
        came = f"reached {call.forwarded_to}, is {call.state} {call.release_cause}"
        ok = call.forwarded_to is None and call.state == "ended"
        self.context.expect(self.rule(rule), ok, f"{way.caller} calls X: expected nobody, {came}")
        if causes:
            message = f"release cause: expected {causes}, came {call.release_cause}"
            self.context.expect(self.rule(rule), call.release_cause in causes, message)
        return call

    def claim_ended(self, rule: str, call: CallView, *causes: int) -> None:
        """Claim that the call is over, for one of these causes."""
        ok = call.state == "ended" and call.release_cause in causes
        message = f"expected an end with {causes}, the call is {call.state} with {call.release_cause}"
        self.context.expect(self.rule(rule), ok, message)

    # ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def events(self, call: CallView) -> dict[str, dict[str, Any]]:
        """The statusInfo of each of the call's events, by eventType."""
        return {push.event_type: push.info for push in self.context.events(call)}

    def kinds(self, call: CallView) -> list[str]:
        """The eventTypes of the call, in the order of arrival."""
        return [push.event_type for push in self.context.events(call)]

    def cdr(self, call: CallView) -> dict[str, Any]:
        """The CDR of an ended call, which must come."""
        return cdr_of(self.context, call, self.rule("CDR-001"))

    def has(self, cdr: Mapping[str, Any], name: str) -> bool:
        """Claim that a field is in the CDR that need not be.

        Whether there is something to check.
        """
        if name not in NOT_MANDATORY:
            return True
        self.claim("CDR-016", bool(cdr.get(name)), f"the CDR does not carry {name}")
        return bool(cdr.get(name))

    def cdr_says(self, rule: str, cdr: Mapping[str, Any], **fields: object) -> None:
        """Claim that the CDR has these values.

        One that need not be there breaks CDR-016 alone where it lacks.
        """
        for name, value in fields.items():
            came = cdr.get(name)
            if self.has(cdr, name):
                ok = came == value or (came is None and value == 0 and name in ZERO_IS_NOTHING)
                self.claim(rule, ok, f"CDR {name}: expected {value!r}, came {came!r}")
