"""How one call must go.

Whom it reaches, its events and when, how it ends, its CDR.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from privnum.suites.oracle.types import Claim, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANYWHERE", "NEVER", "CallPlan", "CallView", "ExpectedCall", "compare_call", "run"]

NEVER = 1 << 40
"""Later than any time of a test, in seconds."""
NO_RING = {"busy": 8102, "powered_off": 8104, "out_of_service": 8105, "not_exist": 8100, "unreachable": 8103}
NO_RING |= {"unregistered": 8058}
# Where several causes are right the first one here names the rule: 8101 or 8035 is "Callee does not answer".
CAUSE_RULE = {8010: "011", 0: "013", 7501: "014", 7502: "015", 8102: "016", 8101: "017", 7503: "018", 7504: "018"}
CAUSE_RULE |= {8104: "019", 8105: "020", 8100: "021", 8103: "005", 8035: "006", 8058: "022"}
REJECTED = frozenset((7503, 7504))
NO_ANSWER = frozenset((8101, 8035))
"""By the carrier's time, or by the platform's of about 90 seconds."""
TOO_LONG = 8010
"""Cause of a call that the platform ends after maxDuration."""
ANYWHERE = frozenset((0, 1, 2))
"""Every direction that a CDR may have."""


class CallView(Protocol):
    """What the driver says of a call."""

    @property
    def state(self) -> str:
        """One of collecting, forwarded, alerting, answered, ended."""
        ...

    @property
    def forwarded_to(self) -> str | None:
        """Whom it reached."""
        ...

    @property
    def displayed(self) -> str | None:
        """What the callee sees."""
        ...

    @property
    def release_cause(self) -> int | None:
        """Why it ended."""
        ...


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What caller and callee do; seconds. None: does not hang up by himself."""

    behaviour: str = "answer"
    ring_after: int = 2
    answer_after: int = 3
    hang_up_after: int | None = None
    caller_hangs_up_after: int | None = None


@dataclass(slots=True)
class ExpectedCall:
    """One call as it must be. Times are seconds since the epoch.

    `NEVER` where something does not come.

    A mode makes a class of it, with what its calls have on top.
    """

    mode: ClassVar[str]
    service_type: ClassVar[str]
    recording_domain: ClassVar[bool] = False
    """Whether recordObjectName of a CDR needs recordDomain beside it."""
    reports_display: ClassVar[bool] = False
    """Whether its CDR has what the callee saw, too."""
    nameless: ClassVar[frozenset[str]] = frozenset()
    """Events that do not name the binding."""
    names_binding: ClassVar[bool] = True
    """Whether its CDR names the binding."""
    later_user_data_rule: ClassVar[str] = "COM-OPEN-075"
    """The rule of userData in the events behind callin."""

    caller: str
    x: str
    placed_at: int
    requirement: str
    """The rule by which it was forwarded or refused."""
    forwarded_to: str | None = None
    subscription_id: str | None = None
    directions: frozenset[int] = ANYWHERE
    """What `direction` of the CDR may be."""
    causes: frozenset[int] = frozenset()
    forwarded_at: int = NEVER
    """NEVER too where nobody says when it is put through."""
    alerting_at: int = NEVER
    answered_at: int = NEVER
    ends_from: int = NEVER
    """It runs before this second,"""
    ends_by: int = NEVER
    """and has ended in this one."""
    limited: bool = False
    user_data: set[str] = field(default_factory=set)
    """userData values in force from the callin on; empty: none was set."""
    callin_user_data: str | None = None
    recorded: set[bool] = field(default_factory=set)
    """Whether the binding asked for a recording, at any time of the call."""

    acts_at: int | None = None
    """When something happens in it that the state must know of: digits, the end of a prompt, a record."""
    lost: bool = False
    """Whether it turned on something of which nobody says what it does to a call: it is followed no more."""

    @property
    def forwarded(self) -> bool:
        """Whether it was put through."""
        return self.forwarded_to is not None

    def state(self, now: int) -> str | None:
        """State at `now` in the driver's words.

        None where both running and ended are legitimate.
        """
        if now >= self.ends_by:
            return "ended"
        if now >= self.ends_from:
            return None
        return "answered" if now >= self.answered_at else "alerting" if now >= self.alerting_at else "forwarded"

    def act(self, state: Any) -> None:
        """Do what is due now in `state`; a mode's calls may change it here."""

    def give_up(self) -> None:
        """Follow it no more."""
        self.lost, self.acts_at = True, None

    def end(self, at: int, causes: frozenset[int]) -> None:
        """Let it end at `at`: nothing of its plan behind that happens."""
        self.ends_from = self.ends_by = at
        self.causes = causes
        self.alerting_at = self.alerting_at if self.alerting_at <= at else NEVER
        self.answered_at = self.answered_at if self.answered_at <= at else NEVER

    def hang_up(self, by: str, now: int) -> None:
        """One side hangs up at `now`.

        Raises Undecided where the contract has no cause for it.
        """
        if self.state(now) == "answered":
            self.end(now, frozenset((0,)))
        elif by == "caller":
            self.end(now, frozenset((7502 if now >= self.alerting_at else 7501,)))
        elif now >= self.alerting_at:
            self.end(now, REJECTED)
        else:
            raise Undecided("the callee hangs up before it rings")

    def rule(self, family: str) -> str:
        """The id of a shared rule in the mode of the call."""
        return f"{self.mode}-{family}"

    def rule_of_end(self, family: str) -> str:
        """The rule of the limit where that ends the call.

        Then it rules the second of the end too.
        """
        return self.rule("CALL-011" if self.causes == {TOO_LONG} else family)

    @property
    def prompted(self) -> str | None:
        """The event of entered digits, which may come several times.

        Behind callin.
        """
        return None

    @property
    def events_rule(self) -> str:
        """The family of which events an answered call has."""
        return "EVENT-001"

    @property
    def shown_rule(self) -> str:
        """The rule by which the callee sees X."""
        return self.requirement

    @property
    def shown(self) -> str:
        """What the callee sees."""
        return self.x

    def numbers(self) -> dict[str, str]:
        """The numbers of its CDR, by field."""
        numbers = {"bindNum": self.x, "callerNum": self.caller, "calleeNum": self.x}
        if self.forwarded_to is None:
            return numbers
        return (
            numbers | {"fwdDstNum": self.forwarded_to} | ({"fwdDisplayNum": self.shown} if self.reports_display else {})
        )

    @property
    def cause_requirement(self) -> str:
        """The rule that names the cause of its end."""
        if not self.forwarded:
            return self.requirement
        number = next((rule for cause, rule in CAUSE_RULE.items() if cause in self.causes), "013")
        return self.rule(f"CALL-{number}")

    def next_change(self, now: int) -> int | None:
        """The next second in which it rings, is answered or may end."""
        times = (self.alerting_at, self.answered_at, self.ends_from, self.ends_by)
        return min((at for at in times if now < at < NEVER), default=None)

    def events(self) -> list[str]:
        """The events of the whole call, in order."""
        events = ["callin", "callout"] if self.forwarded else ["callin"]
        if self.alerting_at != NEVER:
            events.append("alerting")
        if self.answered_at != NEVER:
            events.append("answer")
        return [*events, "disconnect"]

    def talk_seconds(self) -> int:
        """How long both sides talked; 0 if they never did."""
        return self.ends_by - self.answered_at if self.answered_at != NEVER else 0


def run(
    call: ExpectedCall, plan: CallPlan, limit_minutes: int, forwarded_at: int | None = None, *, setup: int = 0
) -> None:
    """Fill in how a `call` goes under `plan`.

    It is forwarded at once, or at `forwarded_at`, and set up in `setup` s.

    Raises Undecided where two things fall on one second.
    """
    start = call.placed_at if forwarded_at is None else forwarded_at
    ring = start + setup + plan.ring_after
    ends: list[tuple[int, int, frozenset[int]]] = []
    if plan.behaviour in NO_RING:
        ends.append((ring, ring, frozenset((NO_RING[plan.behaviour],))))
    elif plan.behaviour == "silent":
        # "about 90 seconds after forwarding"
        ends.append((start + 80, start + 100, frozenset((8035,))))
    else:
        call.alerting_at = ring
        ends += _after_ringing(call, plan, limit_minutes)
    if plan.caller_hangs_up_after is not None:
        at = call.placed_at + plan.caller_hangs_up_after
        if at in {call.alerting_at, call.answered_at, forwarded_at}:
            raise Undecided("the caller hangs up in the second in which the callee rings or answers")
        cause = 0 if at > call.answered_at else 7502 if at > call.alerting_at else 7501
        ends.append((at, at, frozenset((cause,))))
    _end_first(call, ends)


def _after_ringing(call: ExpectedCall, plan: CallPlan, limit: int) -> list[tuple[int, int, frozenset[int]]]:
    """Ends of a call whose callee rings; sets when it is answered."""
    acts = call.alerting_at + plan.answer_after
    if plan.behaviour == "reject":
        return [(acts, acts, REJECTED)]
    if plan.behaviour == "no_answer":
        # how long it rings is the carrier's affair
        return [(call.alerting_at + 20, call.alerting_at + 180, NO_ANSWER)]
    call.answered_at = acts
    ends = []
    if plan.hang_up_after is not None:
        ends.append((acts + plan.hang_up_after, acts + plan.hang_up_after, frozenset((0,))))
    if limit:
        call.limited = True
        # in that second or within the next: of the instant itself nobody speaks
        ends.append((acts + 60 * limit, acts + 60 * limit + 1, frozenset((8010,))))
    return ends


def _end_first(call: ExpectedCall, ends: list[tuple[int, int, frozenset[int]]]) -> None:
    """Let `call` end by the first of `ends`."""
    if not ends:
        return
    ends.sort(key=lambda end: end[0])
    first = ends[0]
    if len(ends) > 1 and ends[1][0] <= first[1]:
        raise Undecided("two ends of a call fall on one second")
    call.end(first[1], first[2])
    call.ends_from = first[0]


def compare_call(call: ExpectedCall, view: CallView, now: int) -> Iterator[Claim]:
    """State, destination and cause of a call, as the driver sees it at `now`.

    It is compared after every step, so a claim gets its text only where it is broken.
    """
    ok = view.forwarded_to == call.forwarded_to
    yield Claim(call.requirement, ok, "" if ok else _reached_text(call, view))
    if call.forwarded and view.displayed is not None:
        ok = view.displayed == call.shown
        yield Claim(call.shown_rule, ok, "" if ok else f"callee sees {view.displayed}, not {call.shown}")
    state = call.state(now)
    if state is None:
        return
    if state != "ended":
        ok = view.state == state
        text = "" if ok else f"call: expected {state}, is {view.state} {view.release_cause}"
        yield Claim(_runs_by(call, view, now), ok, text)
        return
    rule = call.cause_requirement
    yield Claim(rule, view.state == "ended", f"call: expected ended, is {view.state}")
    ok = view.state == "ended" and view.release_cause in call.causes
    yield Claim(rule, ok, f"release cause: expected {sorted(call.causes)}, came {view.release_cause}")


def _reached_text(call: ExpectedCall, view: CallView) -> str:
    return f"call {call.caller} to {call.x}: expected to reach {call.forwarded_to}, reached {view.forwarded_to}"


def _runs_by(call: ExpectedCall, view: CallView, now: int) -> str:
    """The rule by which a call still runs at `now`, or was ended.

    The latter is the rule of the limit.
    """
    if view.state == "ended" and view.release_cause == TOO_LONG:
        return call.rule("CALL-011" if call.limited else "CALL-012")
    unlimited = call.answered_at <= now and call.ends_by == NEVER
    return call.rule("CALL-012") if unlimited and not call.limited else call.requirement
