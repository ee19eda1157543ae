"""Calls and pushes of a driver: placed, followed, hung up.

And time, by which they go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.base.printing import plural
from privnum.suites.callbacks.contents import sessions_of
from privnum.suites.commands.check_driver.client import as_json
from privnum.suites.commands.check_driver.fixture import Astray
from privnum.suites.driver.protocol import DriverError, moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from privnum.suites.commands.check_driver.client import Asker
    from privnum.suites.commands.check_driver.fixture import Bound, Place
    from privnum.suites.target.config import App
    from privnum.suites.transport.api import Transport

__all__ = ["CALLS", "Calls"]

CALLS = ("calls.create", "calls.list", "calls.get", "calls.hang_up")
STATES = ("collecting", "asking", "forwarded", "alerting", "answered", "ended")
RING, ANSWER, HANG_UP = 2, 3, 5
"""Seconds of the plan: from forwarding to ringing, to the answer, to the callee's hang-up."""
SET_UP = 20
"""Seconds that a platform may take beyond them until the callee rings."""
EVENTS = {"callin", "callout", "alerting", "answer"}
"""What an answered call has pushed."""
MERGING = 60
"""Seconds of world time after which the CDR of an ended call has been sent."""
NOBODY = "no-such-call"
_NO_SUCH_X = 8025

Call = dict[str, Any]


class Calls:
    """The calls of one place.

    `pause` lets this many seconds of real time pass; `patience` are the seconds that anything may take in real time.
    """

    def __init__(
        self, asker: Asker, place: Place, transport: Transport, patience: float, pause: Callable[[float], None]
    ) -> None:
        self._asker = asker
        self._place = place
        self._transport = transport
        self._patience = patience
        self._pause = pause
        self._sessions: set[str] = set()
        self._pushed = place.gets_pushes

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def time_of(self, operation: str, text: Any) -> datetime | None:
        """A time of a reply; what fits the pattern need not be one."""
        try:
            return None if text is None else moment(text)
        except DriverError:
            self._asker.breaks(operation, "reply", self._asker.as_sent(operation), as_json(text), "that is no time")
            return None

    def advance(self, seconds: int) -> datetime | None:
        """Let world time pass, and hold the clock against what was asked.

        The new time.
        """
        asker, world = self._asker, self._place.world
        before = asker.ask("clock.get", world=world)
        message = {"advance_seconds": seconds}
        after = asker.ask("clock.set", message, world=world)
        if before is None or after is None:
            return None
        start, end = self.time_of("clock.get", before["now"]), self.time_of("clock.set", after["now"])
        if start is None or end is None:
            return None
        moved = (end - start).total_seconds()
        if moved < seconds or (moved > seconds and self._place.frozen):
            sent, why = asker.as_sent("clock.set", message, "", {"world": world}), f"it moved by {moved:g} s"
            asker.breaks("clock.set", "clock.advance", sent, f"{before['now']} became {after['now']}", why)
        return end

    def _pass(self, call: Call, seconds: int, state: str) -> Call | None:
        """Let so much of the plan pass.

        The call then, which must have come to `state`.
        """
        if self._place.frozen is None:
            return self._wait_for(call, state)
        if self.advance(seconds) is None:
            return None
        now = self._asker.ask("calls.get", world=self._place.world, call=call["id"])
        for _ in range(SET_UP):  # a platform may take its time to set a call up
            if now is None or STATES.index(now["state"]) >= STATES.index(state) or self.advance(1) is None:
                break
            now = self._asker.ask("calls.get", world=self._place.world, call=call["id"])
        if now is not None and not self._has_come_to(now, state):
            self._off_plan(now, f"{seconds} s later it must be {state}, it is {now['state']}")
        return now

    def _has_come_to(self, call: Call, state: str) -> bool:
        if self._place.frozen:
            return bool(call["state"] == state)
        return STATES.index(call["state"]) >= STATES.index(state)

    def _wait_for(self, call: Call, state: str) -> Call | None:
        """Look at the call until it has the state, or patience ends.

        In real time.
        """
        waited = 0.0
        while True:
            now = self._asker.ask("calls.get", world=self._place.world, call=call["id"])
            if now is None or STATES.index(now["state"]) >= STATES.index(state):
                return now
            if waited >= self._patience:
                self._off_plan(now, f"it must come to {state} within {self._patience:g} s, it is {now['state']}")
                return now
            self._pause(1)
            waited += 1

    def _off_plan(self, call: Call, why: str) -> None:
        sent = self._asker.as_sent("calls.get", None, "", {"world": self._place.world, "call": call["id"]})
        self._asker.breaks("calls.get", "calls.plan", sent, shown_call(call), why)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def try_all(self) -> None:
        """Everything about calls, with every application of the place."""
        asker, world = self._asker, self._place.world
        for app in self._place.apps:
            try:
                self._try(app)
            except NotExercised as reason:
                asker.sheet.skip(str(reason), *CALLS)
                if isinstance(reason, Astray) and self._place.own:
                    asker.breaks("worlds.create", "worlds.url", asker.as_sent("worlds.create"), str(reason))
        if not self._place.apps:
            asker.sheet.skip("there is no application to call of a mode that is checked", *CALLS)
        asker.refuses("calls.create", "bad_message", {"caller": 5, "called": []}, world=world)
        asker.refuses("calls.get", "unknown", world=world, call=NOBODY)
        asker.refuses("calls.hang_up", "unknown", {"by": "caller"}, world=world, call=NOBODY)

    def _try(self, app: App) -> None:
        if self._place.own and app.mode == "AXB":
            self._call_nobody(app)
        bound = self._place.bind(self._transport, app)
        call = self._place_call(bound)
        if call is not None:
            self._follow(call)
        call = self._place_call(bound, hang_up_after=HANG_UP)
        if call is not None:
            self._end_by_plan(call)

    def _call_nobody(self, app: App) -> None:
        """X with nothing bound, and a number that is no X."""
        message = {"caller": self._place.people[2], "called": app.numbers[0].number}
        call = self._asker.ask("calls.create", message, world=self._place.world)
        if call is None:
            return
        self._sessions.add(call["session_id"])
        if call["state"] != "ended" or call["release_cause"] is None:
            sent = self._asker.as_sent("calls.create", message, "", {"world": self._place.world})
            self._asker.breaks("calls.create", "calls.nobody", sent, shown_call(call))
        message = {"caller": self._place.people[2], "called": "+8617099999999"}
        call = self._asker.ask("calls.create", message, world=self._place.world, may_refuse=True)
        if call is not None and (call["state"], call["release_cause"], call["app_key"]) != ("ended", _NO_SUCH_X, None):
            sent = self._asker.as_sent("calls.create", message, "", {"world": self._place.world})
            self._asker.breaks("calls.create", "calls.nobody", sent, shown_call(call))

    def _place_call(self, bound: Bound, hang_up_after: int | None = None) -> Call | None:
        """Call X; the call, put through or asked for the extension."""
        callee = {"behaviour": "answer", "ring_after": RING, "answer_after": ANSWER, "hang_up_after": hang_up_after}
        message: dict[str, Any] = {"caller": bound.caller, "called": bound.x, "callee": callee}
        if bound.digits is not None:
            message |= {"digits": [bound.digits], "digits_after": RING}
        call = self._asker.ask("calls.create", message, world=self._place.world)
        if call is None:
            return None
        self._place.inbox.calls.add(call["session_id"])
        self._sessions.add(call["session_id"])
        sent = self._asker.as_sent("calls.create", message, "", {"world": self._place.world})
        wanted = {"caller": bound.caller, "called": bound.x, "x": bound.x, "app_key": bound.app.key}
        for name, value in wanted.items():
            if call[name] != value:
                self._asker.breaks("calls.create", "calls.decided", sent, shown_call(call), f"{name} must be {value}")
        if call["state"] == "asking":
            call = self._wait_until_decided(call)
        if bound.digits is None and not self._is_through(call, bound, sent):
            return None
        if bound.digits is not None:
            if self._place.frozen and call["state"] != "collecting":
                self._asker.breaks("calls.create", "calls.decided", sent, shown_call(call), "it must be collecting")
            through = self._pass(call, RING, "forwarded")
            if through is None or through["state"] == "collecting":
                return None
            return through if self._is_through(through, bound, sent) else None
        return call

    def _wait_until_decided(self, call: Call) -> Call:
        """The call once the customer has been asked.

        That takes real time, and none of the world's.
        """
        waited = 0
        while call["state"] == "asking" and waited < self._patience:
            self._pause(1)
            waited += 1
            call = self._asker.ask("calls.get", world=self._place.world, call=call["id"]) or call
        return call

    def _is_through(self, call: Call, bound: Bound, sent: str) -> bool:
        if call["forwarded_to"] == bound.callee:
            return True
        why = f"with this binding it reaches {bound.callee}, forwarded_to is {call['forwarded_to']}"
        self._asker.breaks("calls.create", "calls.decided", sent, shown_call(call), why)
        return False

    def _follow(self, call: Call) -> None:
        """It rings, it is answered, it is listed; the caller hangs up."""
        asker, world = self._asker, self._place.world
        self._pass(call, RING, "alerting")
        answered = self._pass(call, ANSWER, "answered")
        if answered is not None:
            self._check_settled(call)
            self._check_times(answered, "forwarded_at", "alerting_at", RING)
            self._check_times(answered, "alerting_at", "answered_at", ANSWER)
        self._check_list(call)
        message = {"by": "caller"}
        if not asker.refuses("calls.hang_up", "bad_message", {"by": "nobody"}, world=world, call=call["id"]):
            return  # who knows how the call stands now
        sent = asker.as_sent("calls.hang_up", message, "", {"world": world, "call": call["id"]})
        over = asker.ask("calls.hang_up", message, world=world, call=call["id"])
        if over is None or self._goes_on("calls.hang_up", sent, over):
            return
        now = asker.ask("calls.get", world=world, call=call["id"])
        if now is not None:
            self._goes_on("calls.get", sent, now)
        asker.refuses("calls.hang_up", "not_now", message, world=world, call=call["id"])

    def _goes_on(self, operation: str, sent: str, call: Call) -> bool:
        """Whether a call that was hung up has not ended, which is a fault."""
        over = call["state"] == "ended" and None not in (call["ended_at"], call["release_cause"])
        if not over:
            self._asker.breaks(operation, "calls.hang_up", sent, shown_call(call))
        return not over

    def _check_times(self, call: Call, first: str, then: str, seconds: int) -> None:
        start, end = (self.time_of("calls.get", call[name]) for name in (first, then))
        if start is None or end is None:
            if call["state"] != "ended":
                self._off_plan(call, f"{first if start is None else then} must be a time when it is {call['state']}")
            return
        took = (end - start).total_seconds()
        late = SET_UP if then == "alerting_at" else 0
        if took < 0 or (self._place.frozen and not seconds <= took <= seconds + late):
            self._off_plan(call, f"{then} must be {seconds} s after {first}, it is {took:g} s")

    def _check_list(self, call: Call) -> None:
        listed = self._asker.ask("calls.list", world=self._place.world)
        shown_again = self._asker.ask("calls.get", world=self._place.world, call=call["id"])
        if listed is None or shown_again is None:
            return
        same = next((other for other in listed["calls"] if other["id"] == call["id"]), None)
        if same is None or (self._place.frozen and same != shown_again):
            came = "no such call in it" if same is None else f"{shown_call(same)}; calls.get {shown_call(shown_again)}"
            sent = self._asker.as_sent("calls.list", None, "", {"world": self._place.world})
            self._asker.breaks("calls.list", "calls.list", sent, came, f"the call {call['id']} is there")

    def _end_by_plan(self, call: Call) -> None:
        """The callee answers and hangs up by himself."""
        over = self._pass(call, RING + ANSWER + HANG_UP + 1, "ended")
        if over is not None and over["state"] == "ended":
            self._check_times(over, "answered_at", "ended_at", HANG_UP)

    # ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_settled(self, call: Call) -> None:
        """Check that an advance of the clock ends when its pushes have come."""
        box, session = self._place.inbox, call["session_id"]
        if not (self._place.frozen and self._pushed):
            return

        def came() -> set[str]:
            return {push.event_type for push in box.pushes if session in push.session_ids}

        at_once = came()
        if not at_once >= EVENTS:
            box.wait(lambda: came() >= EVENTS, self._patience)
            late = sorted((came() & EVENTS) - at_once)
            self._pushed = bool(box.pushes)
            if late:
                sent = self._asker.as_sent("clock.set", {"advance_seconds": ANSWER}, "", {"world": self._place.world})
                self._asker.breaks("clock.set", "clock.settled", sent, "200", f"{', '.join(late)} was pushed later")

    def try_pushes(self) -> None:
        """What came to the receiver, and what pushes.list says of it."""
        box, sheet = self._place.inbox, self._asker.sheet
        if self._place.frozen is not None:
            self.advance(MERGING)
        if self._place.gets_pushes and self._sessions:
            box.wait(lambda: any(push.kind == "cdr" for push in box.pushes), self._patience if self._pushed else 0)
            self._check_sessions()
            counts = [sum(push.kind == kind for push in box.pushes) for kind in ("call_event", "cdr")]
            where = contracts.mask(" and ".join(dict.fromkeys((box.event_url, box.fee_url))))
            came = f"{counts[0]} call events and {counts[1]} CDR messages came to {where}"
            none = f"no push came to {where}: the platform does not push there, or cannot reach this machine"
            sheet.notes.append(came if any(counts) else none)
        if sheet.has("pushes.list"):
            self._check_pushes()

    def _check_sessions(self) -> None:
        box = self._place.inbox
        pushed = {session for push in box.pushes for session in push.session_ids}
        if pushed and not pushed & self._sessions:
            sent, why = self._asker.as_sent("calls.create"), f"the pushes are about {', '.join(sorted(pushed)[:3])}"
            self._asker.breaks("calls.create", "calls.session", sent, ", ".join(sorted(self._sessions)), why)

    def _check_pushes(self) -> None:
        asker, world = self._asker, self._place.world
        listed = asker.ask("pushes.list", world=world)
        for state in ("pending", "delivered", "given_up"):
            some = asker.ask("pushes.list", query=f"state={state}", world=world)
            others = [push for push in some["pushes"] if push["state"] != state] if some is not None else []
            if others:
                sent = asker.as_sent("pushes.list", None, f"state={state}", {"world": world})
                asker.breaks("pushes.list", "pushes", sent, f"{len(others)} of another state among them")
        asker.refuses("pushes.list", "bad_message", query="state=lost", world=world)
        if listed is not None and self._place.gets_pushes:
            self._compare(listed["pushes"])

    def _compare(self, listed: list[dict[str, Any]]) -> None:
        """Pushes that came unlisted, or were listed as delivered and lost.

        Of our calls.
        """
        box = self._place.inbox
        sent = self._asker.as_sent("pushes.list", None, "", {"world": self._place.world})
        ours = [push for push in box.pushes if push.session_ids & self._sessions]
        absent = [push.body for push in ours if push.body not in [push["body"] for push in listed]]
        if absent:
            self._asker.breaks(
                "pushes.list", "pushes", sent, plural(len(listed), "push", "pushes"), f"{as_json(absent[0])} came too"
            )
        there = [
            push for push in listed if push["state"] == "delivered" and push["url"] in (box.event_url, box.fee_url)
        ]
        there = [push for push in there if sessions_of(push["body"]) & self._sessions]
        lost = [push for push in there if push["body"] not in [push.body for push in ours]]
        if lost:
            self._asker.breaks("pushes.list", "pushes", sent, as_json(lost[0]), "it is delivered, and never came")


def shown_call(call: Call) -> str:
    """What of a call is looked at."""
    names = ("state", "forwarded_to", "release_cause", "forwarded_at", "alerting_at", "answered_at", "ended_at")
    return as_json({name: call[name] for name in names})
