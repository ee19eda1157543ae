"""How a call to a number of mode X must go, by the customer's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.oracle.calls import ANYWHERE, CallPlan, ExpectedCall, run
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.state import OracleState
from privnum.suites.oracle.types import Binding, Expected, Surroundings, Undecided
from privnum.suites.oracle.x.answers import End, is_success, read
from privnum.suites.oracle.x.sms import expect_sms

if TYPE_CHECKING:
    from privnum.suites.oracle.sms import ExpectedSms
    from privnum.suites.oracle.x.answers import Connection

__all__ = ["XCall", "XOracle", "XPlan", "XSurroundings"]

FIXED_LINE, SUSPENDED, INTERCEPTED = 8023, 8055, 8059
EVERY_EVENT = frozenset(("callin", "callout", "alerting", "answer", "disconnect"))


@dataclass(frozen=True, slots=True)
class XPlan(CallPlan):
    """What caller and callee do, and what the customer answers."""

    answer: Any = None
    status: int = 200


@dataclass(slots=True)
class XCall(ExpectedCall):
    """One X call as it must be."""

    mode: ClassVar[str] = "X"
    service_type: ClassVar[str] = "004"
    recording_domain: ClassVar[bool] = True
    reports_display: ClassVar[bool] = True
    nameless: ClassVar[frozenset[str]] = EVERY_EVENT
    names_binding: ClassVar[bool] = False
    later_user_data_rule: ClassVar[str] = "X-EVENT-103"

    answered_data: str | None = None
    """userData of the answer; None: nobody says what pushes say of it."""
    shown_number: str = ""
    asked: bool = True
    """Whether the customer is asked of it."""
    has_callin: bool = True
    """Whether it has a callin: a question, or of one of which nobody is asked, a note."""
    hung_up_by: str = ""
    any_cause: bool = False
    """Whether it may end with any cause: no page names one."""

    @property
    def shown(self) -> str:
        """What the callee sees."""
        return self.shown_number or self.x

    @property
    def shown_rule(self) -> str:
        """The rule by which the callee sees X."""
        return "X-CALL-105" if self.shown == self.x else "X-OPEN-006"

    def hang_up(self, by: str, now: int) -> None:
        """See ExpectedCall."""
        answered = self.state(now) == "answered"
        ExpectedCall.hang_up(self, by, now)
        if answered:
            self.hung_up_by = by

    def events(self) -> list[str]:
        """The events of the whole call, in order."""
        events = ExpectedCall.events(self)
        return events if self.has_callin else ["disconnect"]


@dataclass(slots=True)
class XSurroundings(Surroundings):
    """What the calls depend on."""

    @property
    def capacity(self) -> int:
        """See Surroundings: nothing is bound."""
        return 0


class XOracle(OracleState[Binding, XCall, XSurroundings]):
    """The calls and SMS of one application of mode X.

    It has no bindings, and nothing to ask for.
    """

    mode = "X"

    def expect_unbind(self, query: Any) -> Expected:
        """See OracleState."""
        raise Undecided(f"X has no unbind ({query})")

    def expect_query(self, query: Any) -> Expected:
        """See OracleState."""
        raise Undecided(f"X has no query ({query})")

    def expect_sms(self, sender: str, x: str, text: str, verdict: object) -> ExpectedSms:
        """What must become of an SMS that is written now."""
        return expect_sms(self, sender, x, text, verdict)

    def expect_call(self, caller: str, x: str, plan: XPlan) -> XCall:
        """See OracleState."""
        call = XCall(caller, x, self.now, "X-CALL-104")
        refusal = self._not_asked(caller, x)
        if refusal is not None:
            call.asked = False
            call.has_callin = self.assumptions.choose("x.refused_events") == "callin_disconnect"
            return _end_call(call, refusal, self.now)
        if not is_success(plan.status, self.assumptions):
            causes = self.assumptions.any_of("x.no_answer_cause", 8014, 8011)
            return _end_call(call, End("X-CALL-103", frozenset(map(int, causes))), self.now)
        decision = read(plan.answer, caller, x, self.around, self.assumptions)
        if isinstance(decision, End):
            return _end_call(call, decision, self.now)
        return self._put_through(call, decision, plan)

    def _not_asked(self, caller: str, x: str) -> End | None:
        """Why the customer is not asked at all."""
        fixed = kind_of(caller) == "fixed_line"
        if self.status.get(x) in {"9", "10"}:
            return End("X-CALL-003", frozenset((SUSPENDED, FIXED_LINE) if fixed else (SUSPENDED,)))
        if fixed and self.assumptions.choose("x.fixed_line_caller", "refuse", "ask") == "refuse":
            return End("X-OPEN-005", frozenset((FIXED_LINE,)))
        return None

    def _is_intercepted(self, decision: Connection) -> bool:
        """Whether the carrier stops a call that is recorded unannounced."""
        if decision.announced or not (decision.recorded and self.around.recording):
            return False
        return self.assumptions.choose("call.unannounced_recording", "put_through", "intercept") == "intercept"

    def _put_through(self, call: XCall, decision: Connection, plan: XPlan) -> XCall:
        if decision.to in (call.caller, call.x) or decision.to in self.around.own:
            raise Undecided("an answer whose callee is the caller or an X")
        setup = int(self.assumptions.choose("call.setup_seconds"))
        if self._is_intercepted(decision):
            call.requirement = "COM-OPEN-077"
            call.end(self.now + setup, frozenset((INTERCEPTED,)))
            call.ends_from = self.now
            return call
        call.forwarded_to, call.shown_number = decision.to, decision.shown
        call.requirement = "X-CALL-008" if kind_of(decision.to) == "fixed_line" else "X-CALL-104"
        call.answered_data = decision.user_data
        call.user_data.add(decision.user_data)
        call.recorded.add(decision.recorded and decision.announced)
        if decision.recorded and not decision.announced:
            call.recorded.add(True)
        run(call, plan, decision.limit_minutes, self.now, setup=setup)
        if call.causes == {0}:
            by_caller = plan.caller_hangs_up_after is not None
            at = call.placed_at + (plan.caller_hangs_up_after or 0)
            call.hung_up_by = "caller" if by_caller and at == call.ends_by else "callee"
        return call


def _end_call(call: XCall, why: End, now: int) -> XCall:
    """Let a call end now, for one of these causes."""
    call.requirement, call.causes, call.directions = why.rule, why.causes, ANYWHERE
    call.ends_from = call.ends_by = now
    call.any_cause, call.answered_data = not why.causes, why.user_data
    return call
