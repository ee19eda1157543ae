"""The call engine of all modes: asks the mode for a routing decision and runs the call's timeline in world time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.modes import Reject
from privnum.mockserver.times import precise

if TYPE_CHECKING:
    from privnum.mockserver.agenda import Agenda
    from privnum.mockserver.applications import XNumber
    from privnum.mockserver.identity import Identity
    from privnum.mockserver.modes import CallMode, Connect, Terms
    from privnum.mockserver.notices import Notices
    from privnum.mockserver.readings import Readings

__all__ = ["BEHAVIOURS", "Behaviour", "Call", "CallEngine", "Manners"]

#: Rank of call timelines within an instant: after expiries.
RANK: Final = 1
#: Ended calls that a world keeps for who looks; older ones are dropped.
KEPT: Final = 100_000

_NO_ANSWER_SECONDS: Final = 60
_SILENT_SECONDS: Final = 90

_ANSWERED_CAUSE: Final = 0
_GAVE_UP_BEFORE_RINGING: Final = 7501
_GAVE_UP_WHILE_RINGING: Final = 7502
_TOO_LONG: Final = 8010


class Behaviour(NamedTuple):
    """What a callee does: rings or not, then answers or ends the call.

    `outcome` is a release cause, the assumption that holds it, or "answer". `wait` is the seconds until then, counted
    from the ringing, or from the forwarding where nothing rings; None stands for answer_after or ring_after.
    """

    rings: bool
    outcome: int | str
    wait: int | None = None
    rule: str = ""


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "answer": Behaviour(rings=True, outcome="answer", rule="AXB-EVENT-001"),
    "reject": Behaviour(rings=True, outcome="call.reject_cause", rule="AXB-CALL-018"),
    "no_answer": Behaviour(rings=True, outcome=8101, wait=_NO_ANSWER_SECONDS, rule="AXB-CALL-017"),
    "busy": Behaviour(rings=False, outcome=8102, rule="AXB-CALL-016"),
    "powered_off": Behaviour(rings=False, outcome=8104, rule="AXB-CALL-019"),
    "out_of_service": Behaviour(rings=False, outcome=8105, rule="AXB-CALL-020"),
    "not_exist": Behaviour(rings=False, outcome=8100, rule="AXB-CALL-021"),
    "unreachable": Behaviour(rings=False, outcome=8103, rule="AXB-CALL-022"),
    "silent": Behaviour(rings=False, outcome=8035, wait=_SILENT_SECONDS, rule="AXB-CALL-023"),
}


class Manners(NamedTuple):
    """How the people on a call act; seconds of world time."""

    behaviour: str = "answer"
    ring_after: int = 2
    answer_after: int = 3
    hang_up_after: int | None = None
    caller_hangs_up_after: int | None = None


class Call:
    """One call to an X, with its own copy of what its binding said. Times are milliseconds, None = not reached."""

    __slots__ = (
        "alerting_ms",
        "answered_ms",
        "caller",
        "direction",
        "displayed",
        "ended_ms",
        "forwarded_ms",
        "forwarded_to",
        "generation",
        "id",
        "manners",
        "release_cause",
        "service_type",
        "session_id",
        "started_ms",
        "state",
        "terms",
        "waiting",
        "x",
    )

    def __init__(self, call_id: str, session_id: str, x: XNumber, caller: str, manners: Manners, now_ms: int) -> None:
        self.id = call_id
        self.session_id = session_id
        self.x = x
        self.caller = caller
        self.manners = manners
        self.generation = 0
        self.waiting = False
        self.state = "forwarded"
        self.direction = 0
        self.service_type = ""
        self.terms: Terms | None = None
        self.forwarded_to: str | None = None
        self.displayed: str | None = None
        self.release_cause: int | None = None
        self.started_ms = now_ms
        self.forwarded_ms: int | None = None
        self.alerting_ms: int | None = None
        self.answered_ms: int | None = None
        self.ended_ms: int | None = None

    def view(self) -> dict[str, Any]:
        """Return the call as the control plane shows it."""
        return {
            "id": self.id,
            "session_id": self.session_id,
            "mode": self.x.app.mode,
            "app_key": self.x.app.app_key,
            "x": self.x.number,
            "caller": self.caller,
            "called": self.x.number,
            "state": self.state,
            "forwarded_to": self.forwarded_to,
            "displayed": self.displayed,
            "subscription_id": self.terms.subscription_id if self.terms else None,
            "release_cause": self.release_cause,
            "started_at": precise(self.started_ms),
            "forwarded_at": _time(self.forwarded_ms),
            "alerting_at": _time(self.alerting_ms),
            "answered_at": _time(self.answered_ms),
            "ended_at": _time(self.ended_ms),
        }


def _time(ms: int | None) -> str | None:
    return None if ms is None else precise(ms)


def _due(step: tuple[int, int | str]) -> int:
    return step[0]


class CallEngine:
    """The calls of a world.

    Args:
        readings: the world's settled readings.
        identity: names the calls.
        agenda: where the next step of each call waits.
        notices: tells the customer of events and CDRs.
    """

    __slots__ = ("_agenda", "_by_session", "_calls", "_identity", "_notices", "_readings", "_running")

    def __init__(self, readings: Readings, identity: Identity, agenda: Agenda, notices: Notices) -> None:
        self._readings = readings
        self._identity = identity
        self._agenda = agenda
        self._notices = notices
        self.clear()

    def clear(self) -> None:
        """Forget every call without a further event."""
        self._calls: dict[str, Call] = {}
        self._by_session: dict[str, Call] = {}
        #: Calls in progress by subscriptionId; kept only where a modify may touch them. A user may be on several.
        self._running: dict[str, list[Call]] = {}

    def place(self, mode: CallMode, x: XNumber, caller: str, manners: Manners, now_ms: int) -> Call:
        """Let `caller` dial `x` and take the call as far as it goes at this instant."""
        session = self._identity.session_id(now_ms)
        call = Call(self._identity.call_id(), session, x, caller, manners, now_ms)
        decision = mode.route(self._readings, x, caller)
        call.service_type = mode.service_type
        call.direction = decision.direction
        call.terms = decision.terms
        self._calls[call.id] = self._by_session[session] = call
        if len(self._calls) > KEPT:
            self._drop_oldest_ended()
        if isinstance(decision, Reject):
            self._refuse(call, decision.cause, now_ms)
        else:
            self._forward(call, decision, now_ms)
        return call

    def step(self, call: Call, now_ms: int) -> None:
        """Take a call one step further; the agenda says that its time has come."""
        call.waiting = False
        step = self._next_step(call)
        if step is None:
            return
        _, outcome = step
        if outcome == "alerting":
            call.state, call.alerting_ms = "alerting", now_ms
            self._notices.event(call, "alerting", now_ms)
        elif outcome == "answer":
            call.state, call.answered_ms = "answered", now_ms
            self._notices.event(call, "answer", now_ms)
        else:
            self.end(call, self._cause(call, outcome), now_ms)
            return
        self._await_next(call)

    def hang_up(self, call: Call, by: str, now_ms: int) -> bool:
        """Let the caller or the callee hang up; False where the call has ended or the callee's phone never rang."""
        if call.state == "ended" or (by == "callee" and call.state == "forwarded"):
            return False
        self.end(call, self._cause(call, by), now_ms)
        return True

    def end(self, call: Call, cause: int, now_ms: int) -> None:
        """Release both legs, tell of the disconnect and write the CDR (AXB-CDR-001)."""
        if call.waiting:
            self._agenda.cancel(call)
            call.waiting = False
        call.state, call.ended_ms, call.release_cause = "ended", now_ms, cause
        self._no_longer_running(call)
        self._notices.event(call, "disconnect", now_ms)
        self._notices.cdr(call, now_ms)

    def max_duration_changed(self, subscription_id: str, minutes: int) -> None:
        """Apply a modified maxDuration to the binding's calls in progress, where the world's reading says so."""
        for call in self._running.get(subscription_id, ()):
            if call.terms is not None:
                call.terms = call.terms._replace(max_duration=minutes)
                if call.waiting:
                    self._agenda.cancel(call)
                    call.waiting = False
                self._await_next(call)

    def _refuse(self, call: Call, cause: int, now_ms: int) -> None:
        if self._readings["call.refused_events"] == "callin_disconnect":
            self._notices.event(call, "callin", now_ms)
        self.end(call, cause, now_ms)

    def _forward(self, call: Call, decision: Connect, now_ms: int) -> None:
        call.forwarded_to, call.displayed, call.forwarded_ms = decision.to, decision.shown, now_ms
        if self._readings["axb.max_duration_of_running_call"] == "running_call":
            self._running.setdefault(decision.terms.subscription_id, []).append(call)
        self._notices.event(call, "callin", now_ms)
        self._notices.event(call, "callout", now_ms)
        self._await_next(call)

    def _await_next(self, call: Call) -> None:
        step = self._next_step(call)
        if step is not None:
            self._agenda.add(step[0], RANK, call)
            call.waiting = True

    def _next_step(self, call: Call) -> tuple[int, int | str] | None:
        """Return when the next thing happens on a call, and what; of things at one instant the callee's come first."""
        manners = call.manners
        steps: list[tuple[int, int | str]] = []
        if call.answered_ms is not None:
            if manners.hang_up_after is not None:
                steps.append((call.answered_ms + manners.hang_up_after * 1000, "callee"))
        else:
            steps.append(self._callee_step(call, BEHAVIOURS[manners.behaviour]))
        if manners.caller_hangs_up_after is not None:
            steps.append((call.started_ms + manners.caller_hangs_up_after * 1000, "caller"))
        if call.answered_ms is not None and call.terms is not None and call.terms.max_duration:
            steps.append((call.answered_ms + call.terms.max_duration * 60_000, _TOO_LONG))
        return min(steps, key=_due) if steps else None

    @staticmethod
    def _callee_step(call: Call, behaviour: Behaviour) -> tuple[int, int | str]:
        manners = call.manners
        if call.alerting_ms is not None:
            wait = manners.answer_after if behaviour.wait is None else behaviour.wait
            return call.alerting_ms + wait * 1000, behaviour.outcome
        if behaviour.rings:
            return call.started_ms + manners.ring_after * 1000, "alerting"
        wait = manners.ring_after if behaviour.wait is None else behaviour.wait
        return call.started_ms + wait * 1000, behaviour.outcome

    def _cause(self, call: Call, outcome: int | str) -> int:
        """Return the release cause of an outcome: a cause, an assumption that holds one, or who hangs up."""
        if isinstance(outcome, int):
            return outcome
        if outcome not in ("caller", "callee"):
            return self._readings.number(outcome)
        if call.state == "answered":
            return _ANSWERED_CAUSE
        if outcome == "callee":
            return self._readings.number("call.reject_cause")
        return _GAVE_UP_WHILE_RINGING if call.state == "alerting" else _GAVE_UP_BEFORE_RINGING

    def _no_longer_running(self, call: Call) -> None:
        if call.terms is None or not self._running:
            return
        running = self._running.get(call.terms.subscription_id)
        if running and call in running:
            running.remove(call)
            if not running:
                del self._running[call.terms.subscription_id]

    def _drop_oldest_ended(self) -> None:
        oldest = next((call for call in self._calls.values() if call.state == "ended"), None)
        if oldest is not None:
            del self._calls[oldest.id]
            del self._by_session[oldest.session_id]

    def get(self, call_id: str) -> Call | None:
        """Return the call of that id."""
        return self._calls.get(call_id)

    def by_session(self, session_id: str) -> Call | None:
        """Return the call of that sessionId."""
        return self._by_session.get(session_id)

    def view(self) -> list[dict[str, Any]]:
        """Return the calls as the control plane shows them, in the order in which they were placed."""
        return [call.view() for call in self._calls.values()]
