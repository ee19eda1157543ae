"""The call engine of all modes.

Asks the mode for a routing decision and runs the call's timeline in world time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.calls.call import Asking, Call, Collection, no_answer_text
from privnum.mockserver.calls.participants import BEHAVIOURS, Behaviour, CallPlan
from privnum.mockserver.core.history import Kept, Page
from privnum.mockserver.core.modes import Ask, Collect, Reject
from privnum.mockserver.pushes.addresses import INBOX
from privnum.mockserver.pushes.push import Question

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.modes import CallMode, Connect, Decision
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.bodies import Notifier

__all__ = ["RANK", "CallEngine"]

#: Rank of call timelines within an instant: after expiries.
RANK: Final = 1

_ANSWERED_CAUSE: Final = 0
#: Release cause of a caller who hangs up, by how far the call has come.
#: AXE-CALL-106, X-CALL-102, CALL-014, CALL-015.
_GAVE_UP: Final = {"collecting": 7516, "asking": 7516, "forwarded": 7501, "alerting": 7502}
_TOO_LONG: Final = 8010
_INTERCEPTED: Final = 8059


def _due(step: tuple[int, int | str]) -> int:
    return step[0]


class CallEngine:
    """The calls of a world.

    Args:
        assumptions: the world's settled choices.
        identity: names the calls.
        timers: where the next step of each call waits.
        notifier: informs the customer of events and CDRs.
    """

    __slots__ = ("_assumptions", "_by_session", "_calls", "_identity", "_notifier", "_running", "_timers", "kept")

    def __init__(self, assumptions: Assumptions, identity: Ids, timers: Timers, notifier: Notifier) -> None:
        self._assumptions = assumptions
        self._identity = identity
        self._timers = timers
        self._notifier = notifier
        #: The ended ones that are still there.
        self.kept = Kept("calls")
        self.clear()

    def clear(self) -> None:
        """Forget every call without a further event."""
        self._calls: dict[str, Call] = {}
        self._by_session: dict[str, Call] = {}
        #: Calls in progress by subscriptionId; kept only where a modify may touch them. A user may be on several.
        self._running: dict[str, dict[str, Call]] = {}
        self.kept.clear()

    def place(
        self,
        mode: CallMode,
        x: XNumber,
        caller: str,
        plan: CallPlan,
        now_ms: int,
        decision: Decision | None = None,
    ) -> Call:
        """Let `caller` dial `x` and take the call as far as it goes now.

        The mode decides what becomes of it, if nobody has.
        """
        session = self._identity.session_id(now_ms)
        call = Call(self._identity.call_id(), session, mode, x, caller, plan, now_ms)
        decision = decision or mode.route(self._assumptions, x, caller, now_ms)
        self._calls[call.id] = self._by_session[session] = call
        if isinstance(decision, Ask):
            self._ask_customer(call, decision, now_ms)
            return call
        if not isinstance(decision, Collect):
            call.terms = decision.terms
        refused = "x.refused_events" if mode.asks else "call.refused_events"
        if not isinstance(decision, Reject) or self._assumptions[refused] == "callin_disconnect":
            self._notifier.event(call, "callin", now_ms)
        self._follow(call, decision, now_ms)
        return call

    def _take_answer(self, call: Call, answer: bytes | None, now_ms: int, came: str) -> bool:
        """Let the customer's answer decide on a call; None: he gave none.

        `came` says what came instead.

        One that comes when the call has ended changes nothing. Whether the question is repeated does not hang on it
        (X-CALL-104, X-OPEN-009).
        """
        asking = call.asking
        if asking is None or self._calls.get(call.id) is not call:
            return True
        if not answer:
            call.problem = no_answer_text(answer, came, self._assumptions.text("push.success_status"))
            self.end(call, self._assumptions.number("x.no_answer_cause"), now_ms)
            return True
        self._stop_waiting(call)
        call.asking = None
        decision = asking.decide(answer)
        call.terms = decision.terms
        call.problem = decision.problem if isinstance(decision, Reject) else None
        self._follow(call, decision, now_ms)
        return True

    def step(self, call: Call, now_ms: int) -> None:
        """Take a call one step further; the timers says that its time has come."""
        call.waiting = False
        step = self._next_step(call)
        if step is None:
            return
        _, outcome = step
        if outcome == "collected":
            self._end_collection(call, now_ms)
            return
        if outcome in ("inbox", "unanswered") and call.asking is not None:
            answer, came = call.asking.answer_by_itself(str(outcome), self._assumptions.text("push.success_status"))
            self._take_answer(call, answer, now_ms, came)
            return
        if outcome == "alerting":
            call.state, call.alerting_ms = "alerting", now_ms
            self._notifier.event(call, "alerting", now_ms)
        elif outcome == "answer":
            call.state, call.answered_ms = "answered", now_ms
            if call.put_through is not None:
                call.put_through("answer", now_ms)
            self._notifier.event(call, "answer", now_ms)
        else:
            self._release(call, outcome, now_ms)
            return
        self._await_next(call)

    def hang_up(self, call: Call, by: str, now_ms: int) -> bool:
        """Let the caller or the callee hang up.

        False where the call has ended or the callee's phone never rang.
        """
        if call.state == "ended" or (by == "callee" and call.state in ("collecting", "asking", "forwarded")):
            return False
        self._release(call, by, now_ms)
        return True

    def _release(self, call: Call, outcome: int | str, now_ms: int) -> None:
        """End a call by an outcome: who hangs up, or a cause."""
        if call.state == "answered" and outcome in ("caller", "callee"):
            call.hung_up_by = str(outcome)
        self.end(call, self._cause(call, outcome), now_ms)

    def end(self, call: Call, cause: int, now_ms: int) -> None:
        """Release both legs, report the disconnect and write the CDR.

        CDR-001.
        """
        self._stop_waiting(call)
        call.asking = None
        if call.state == "collecting":
            self._no_longer_asked(call, now_ms)
        call.state, call.ended_ms, call.release_cause = "ended", now_ms, cause
        self._no_longer_running(call)
        self._notifier.event(call, "disconnect", now_ms)
        self._notifier.cdr(call, now_ms)
        gone = self.kept.add(call.id)
        if gone is not None:
            dropped = self._calls.pop(gone)
            self._by_session.pop(dropped.session_id, None)
            if dropped.recording is not None:
                self._notifier.recordings.drop(dropped.recording)

    def max_duration_changed(self, subscription_id: str, minutes: int) -> None:
        """Apply a modified maxDuration to the binding's calls in progress.

        Only where the world's choice says so.
        """
        if self._assumptions["call.max_duration_of_running_call"] != "running_call":
            return
        for call in self._running.get(subscription_id, {}).values():
            if call.terms is not None:
                call.terms = call.terms._replace(max_duration=minutes)
                self._stop_waiting(call)
                self._await_next(call)

    def users_changed(self, subscription_id: str, now_ms: int) -> None:
        """End the calls of a binding that has a new A or B.

        Only where the world's choice says so (COM-OPEN-079).
        """
        if self._assumptions["call.users_of_running_call"] == "ends":
            for call in list(self._running.get(subscription_id, {}).values()):
                self.end(call, _ANSWERED_CAUSE, now_ms)

    @property
    def _keeps_running(self) -> bool:
        """Whether a modify may touch calls in progress, by the world's choices."""
        assumptions = self._assumptions
        limit = assumptions["call.max_duration_of_running_call"] == "running_call"
        return limit or assumptions["call.users_of_running_call"] == "ends"

    def _follow(self, call: Call, decision: Decision, now_ms: int) -> None:
        """Carry out what the mode has decided."""
        call.direction = decision.direction
        if isinstance(decision, Ask):
            self._ask_customer(call, decision, now_ms)
            return
        if isinstance(decision, Collect):
            self._ask(call, decision, now_ms)
            return
        call.terms, call.extension = decision.terms, decision.extension
        if isinstance(decision, Reject):
            if decision.play is not None:
                call.played += (decision.play,)
            self.end(call, decision.cause, now_ms)
        elif self._is_intercepted(call):
            self.end(call, _INTERCEPTED, now_ms)
        else:
            self._forward(call, decision, now_ms)

    def _is_intercepted(self, call: Call) -> bool:
        """Return whether the carrier stops a call that is recorded unannounced.

        COM-OPEN-077.
        """
        terms = call.terms
        silent = terms is not None and terms.record and call.x.app.recording and not terms.announced
        return silent and self._assumptions["call.unannounced_recording"] == "intercept"

    def _forward(self, call: Call, decision: Connect, now_ms: int) -> None:
        if call.state == "collecting":
            self._no_longer_asked(call, now_ms)
        call.state = "forwarded"
        call.forwarded_to, call.displayed, call.forwarded_ms = decision.to, decision.shown, now_ms
        if self._keeps_running:
            self._running.setdefault(decision.terms.subscription_id, {})[call.id] = call
        call.put_through = decision.put_through
        if call.put_through is not None:
            call.put_through("transfer", now_ms)
        self._notifier.event(call, "callout", now_ms)
        self._await_next(call)

    def _ask_customer(self, call: Call, decision: Ask, now_ms: int) -> None:
        """Send callin as a question, and wait for the answer (X-CALL-101).

        Where the application has no address for it nobody can answer.
        """
        call.state, call.direction = "asking", decision.direction
        url = call.x.app.address_of("callin")
        seconds = self._assumptions.number("x.answer_seconds")
        question = Question(partial(self._take_answer, call))
        call.asking = Asking(decision, question, now_ms, seconds, by_inbox=url == INBOX)
        self._notifier.event(call, "callin", now_ms)
        if url is None:
            self._take_answer(call, None, now_ms, "nothing; the application has no event_url and no callin_url")
            return
        self._await_next(call)

    def _ask(self, call: Call, decision: Collect, now_ms: int) -> None:
        """Play the prompt and wait for digits."""
        call.state = "collecting"
        call.played += (decision.play,)
        if call.collection is None:
            call.collection = Collection(decision.entered, now_ms)
        call.collection.prompted_ms = now_ms
        call.collection.decide = decision.entered
        self._await_next(call)

    def _end_collection(self, call: Call, now_ms: int) -> None:
        """End a collection, by what was entered or without.

        AXE-CALL-101, AXE-CALL-105.
        """
        collection = call.collection
        if collection is None:
            return
        collection.entries += (
            call.plan.entry(len(collection.entries), self._assumptions.number("axe.collection_seconds")),
        )
        digits, decision = collection.decide(collection.entries)
        if digits or self._assumptions["axe.empty_extension_event"] == "empty":
            if self._assumptions["axe.wrong_extension_events"] == "each":
                self._notifier.push_collect_info(call, digits, now_ms)
            else:
                collection.pending_digits = digits
        self._follow(call, decision, now_ms)

    def _no_longer_asked(self, call: Call, now_ms: int) -> None:
        collection = call.collection
        if collection is not None and collection.pending_digits is not None:
            self._notifier.push_collect_info(call, collection.pending_digits, now_ms)
            collection.pending_digits = None

    def _stop_waiting(self, call: Call) -> None:
        if call.waiting:
            self._timers.cancel(call)
            call.waiting = False

    def _await_next(self, call: Call) -> None:
        step = self._next_step(call)
        if step is not None:
            self._timers.add(step[0], RANK, call)
            call.waiting = True

    def _next_step(self, call: Call) -> tuple[int, int | str] | None:
        """Return when the next thing happens on a call, and what.

        Of things at one instant the callee's come first.
        """
        plan = call.plan
        steps: list[tuple[int, int | str]] = []
        if call.asking is not None:
            steps.append(call.asking.next_step())
        elif call.state == "collecting" and call.collection is not None:
            waits = plan.seconds_to_entry(
                len(call.collection.entries), self._assumptions.number("axe.collection_seconds")
            )
            steps.append((call.collection.prompted_ms + waits * 1000, "collected"))
        elif call.answered_ms is not None:
            if plan.hang_up_after is not None:
                steps.append((call.answered_ms + plan.hang_up_after * 1000, "callee"))
        else:
            steps.append(self._callee_step(call, BEHAVIOURS[plan.behaviour]))
        if plan.caller_hangs_up_after is not None:
            steps.append((call.started_ms + plan.caller_hangs_up_after * 1000, "caller"))
        if call.answered_ms is not None and call.terms is not None and call.terms.max_duration:
            steps.append((call.answered_ms + call.terms.max_duration * 60_000, _TOO_LONG))
        return min(steps, key=_due) if steps else None

    def _callee_step(self, call: Call, behaviour: Behaviour) -> tuple[int, int | str]:
        plan = call.plan
        forwarded_ms = call.started_ms if call.forwarded_ms is None else call.forwarded_ms
        if call.alerting_ms is not None:
            wait = plan.answer_after if behaviour.wait is None else behaviour.wait
            return call.alerting_ms + wait * 1000, behaviour.outcome
        rings_after = self._assumptions.number("call.setup_seconds") + plan.ring_after
        if behaviour.rings:
            return forwarded_ms + rings_after * 1000, "alerting"
        wait = rings_after if behaviour.wait is None else behaviour.wait
        return forwarded_ms + wait * 1000, behaviour.outcome

    def _cause(self, call: Call, outcome: int | str) -> int:
        """Return the release cause of an outcome.

        A cause, an assumption that holds one, or who hangs up.
        """
        if isinstance(outcome, int):
            return outcome
        if outcome not in ("caller", "callee"):
            return self._assumptions.number(outcome)
        if call.state == "answered":
            return _ANSWERED_CAUSE
        if outcome == "callee":
            return self._assumptions.number("call.reject_cause")
        return _GAVE_UP[call.state]

    def _no_longer_running(self, call: Call) -> None:
        if call.terms is None or not self._running:
            return
        running = self._running.get(call.terms.subscription_id)
        if running:
            running.pop(call.id, None)
            if not running:
                del self._running[call.terms.subscription_id]

    def get(self, call_id: str) -> Call | None:
        """Return the call of that id."""
        return self._calls.get(call_id)

    def by_session(self, session_id: str) -> Call | None:
        """Return the call of that sessionId."""
        return self._by_session.get(session_id)

    def view(self) -> list[dict[str, Any]]:
        """Return the kept calls as the control plane shows them, oldest first."""
        return self.page(Page())[0]

    @property
    def latest(self) -> str | None:
        """The id of the call that was placed last, of those that are kept."""
        return next(reversed(self._calls), None)

    def page(self, page: Page) -> tuple[list[dict[str, Any]], bool]:
        """Return a page of them, and whether there are more."""
        found, more = page.of(self._calls, page.finds)
        return [call.view() for call in found], more
