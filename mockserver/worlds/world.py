"""A world: applications, numbers, bindings, calls and a clock.

It is apart from every other world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from privnum import contracts
from privnum.mockserver.calls import engine
from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.calls.participants import CallPlan
from privnum.mockserver.core.applications import NORMAL, Application, XNumber
from privnum.mockserver.core.bindings import Bindings
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.faults import Faults
from privnum.mockserver.core.history import KEPT, Dropped, Kept, lost_text
from privnum.mockserver.core.modes import Reject
from privnum.mockserver.core.numbers import is_x, mask, with_country
from privnum.mockserver.core.timers import Timers
from privnum.mockserver.core.timestamps import LATEST_MS, precise
from privnum.mockserver.journal.recording import attempts_into
from privnum.mockserver.journal.ring import Journal
from privnum.mockserver.modes import registry
from privnum.mockserver.pushes import bodies as notifier
from privnum.mockserver.pushes import outbox
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.faulty import PushFaults
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.pushes.outcomes import NO_TRIP, Trip
from privnum.mockserver.pushes.variations import VariedOutbox
from privnum.mockserver.sms import engine as sms_engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.worlds import setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.auth import Failures
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.modes import Mode
    from privnum.mockserver.core.timers import Due
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.pushes.variations import Variations
    from privnum.mockserver.sms.message import Sms

__all__ = ["World"]

#: Rank of expiries within an instant: first.
_EXPIRY = 0
#: Rank of settings that come into force: last.
_SETTINGS = 5
_NO_SUCH_X = 8025  # release cause of a call to a number that is nobody's X


class World:
    """An isolated platform.

    Args:
        world_id: its name, and its path prefix /w/<id>.
        now_ms: where its clock stands.
        clock_mode: "frozen" (time moves when told), "running" (the shell lets real time pass, `clock_rate` times as
            fast), or "jumping" (the shell moves it to what is due next whenever no push is under way).
        edition, assumptions: the contract it keeps, and its choices where the contract is open.
        identity, variations: names what arises in it; what it does otherwise within the contract.
        keep: this many ended calls and settled pushes, each, are kept; 0: all.
        dropped: what the worlds of the server have dropped, counted up by this one too.
        journal, strict: of its requests and pushes; whether forms that the real platform may not take are refused.
    """

    __slots__ = (
        "applications",
        "assumptions",
        "bindings",
        "call_engine",
        "clock_mode",
        "clock_rate",
        "edition",
        "failures",
        "faults",
        "former_codes",
        "home_areas",
        "id",
        "identity",
        "journal",
        "keep",
        "limits",
        "notifier",
        "now_ms",
        "numbers",
        "outbox",
        "sms",
        "strict",
        "timers",
        "variations",
    )

    def __init__(
        self,
        world_id: str,
        *,
        now_ms: int,
        clock_mode: str,
        clock_rate: int = 1,
        edition: str,
        assumptions: Assumptions,
        identity: Ids,
        variations: Variations | None = None,
        keep: int = KEPT,
        dropped: Dropped | None = None,
        journal: Journal | None = None,
        strict: bool = False,
    ) -> None:
        self.id = world_id
        self.now_ms = now_ms
        self.clock_mode = clock_mode
        self.clock_rate = clock_rate
        self.edition = edition
        self.assumptions = assumptions
        self.limits: Mapping[str, int] = contracts.limits(edition)
        self.former_codes = contracts.editions()[edition].codes
        self.identity = identity
        self.home_areas: dict[str, str] = {}
        self.applications: dict[str, Application] = {}
        self.numbers: dict[str, XNumber] = {}
        self.bindings = Bindings()
        self.timers = Timers()
        self.variations = variations
        self.outbox = (
            Outbox(assumptions, identity, self.timers)
            if variations is None
            else VariedOutbox(assumptions, identity, self.timers, variations)
        )
        self.notifier = Notifier(assumptions, identity, self.outbox, self.timers)
        self.call_engine = CallEngine(assumptions, identity, self.timers, self.notifier)
        self.sms = SmsEngine(assumptions, identity, self.timers, self.outbox)
        self.keep = keep
        self.outbox.kept = Kept("pushes", keep, dropped)
        self.call_engine.kept = Kept("calls", keep, dropped)
        self.sms.kept = Kept("sms", keep, dropped)
        self.failures: Failures = {}
        self.strict = strict
        self.journal = Journal(world_id, 0) if journal is None else journal
        self.outbox.noted = attempts_into(self.journal, self)
        self.faults = Faults(identity.draws)
        self.faults.changed.append(PushFaults(self.faults, self.outbox, self.timers).switch)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_due(self) -> int | None:
        """Return the earliest instant at which anything is due.

        Expiry, call, CDR window, push.
        """
        if self.outbox.waiting:
            return self.now_ms
        return self.timers.next_due()

    def next_jump(self) -> int | None:
        """Return the instant to which a jumping clock goes next, at least now.

        That is when anything but the end of a binding is due: nobody waits for that one. None: all is idle.
        """
        if self.outbox.waiting:
            return self.now_ms
        due = self.timers.next_due_but(_EXPIRY)
        return None if due is None or due > LATEST_MS else max(due, self.now_ms)

    def run_next_instant(self, limit_ms: int) -> bool:
        """Move the clock to the next due instant and run what is due there.

        At most to `limit_ms`.

        Returns False where nothing is due; the clock then stands at `limit_ms`. A running world's time waits for no
        customer; what becomes ready meanwhile is handed out later.

        Raises:
            RuntimeError: a push of a world whose clock is frozen has no outcome yet; its time stands still meanwhile.
        """
        if self.clock_mode != "running" and (self.outbox.exchanging or self.outbox.waiting):
            raise RuntimeError(f"world {self.id}: time stands still until every push due now has an outcome")
        due = self.timers.next_due()
        limit_ms = min(limit_ms, LATEST_MS)
        if due is None or due > limit_ms:
            self.now_ms = max(self.now_ms, limit_ms)
            return False
        self.now_ms = max(self.now_ms, due)
        self.run_due()
        return True

    def run_due(self) -> None:
        """Run everything that is due now, and what becomes due by it."""
        while (entry := self.timers.pop(self.now_ms)) is not None:
            self._run(*entry)

    def _run(self, rank: int, thing: Due) -> None:
        if rank == _EXPIRY:
            self.bindings.remove(cast("Binding", thing))
        elif rank == engine.RANK:
            self.call_engine.step(cast("Call", thing), self.now_ms)
        elif rank == notifier.RANK:
            self.notifier.flush(cast("Application", thing), self.now_ms)
        elif rank == outbox.RANK:
            self.outbox.due(cast("Push", thing))
        elif rank == sms_engine.RANK:
            self.sms.time_is_over(cast("Sms", thing), self.now_ms)
        elif rank == _SETTINGS:
            cast("setup.LaterSettings", thing).come_into_force()

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, binding: Binding) -> None:
        """Enter a binding and let its countdown begin (LIFE-001)."""
        self.bindings.add(binding)
        self._count_down(binding)

    def unbind(self, binding: Binding) -> None:
        """Dissolve a binding; calls in progress go on (CALL-009)."""
        if binding.expires_ms:
            self.timers.cancel(binding)
        self.bindings.remove(binding)

    def restart_countdown(self, binding: Binding) -> None:
        """Count `duration` anew, or lift the limit where it is 0.

        LIFE-003, AXB-LIFE-004.
        """
        if binding.expires_ms:
            self.timers.cancel(binding)
            binding.expires_ms = 0
        self._count_down(binding)

    def _count_down(self, binding: Binding) -> None:
        binding.expires_ms = binding.end_ms(self.assumptions)
        if binding.expires_ms:
            self.timers.add(binding.expires_ms, _EXPIRY, binding)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def place_call(self, message: Mapping[str, Any]) -> Call:
        """Let somebody call an X; `message` is the driver protocol's.

        Raises:
            ControlError: the number called is no X of this world (and no mode in it ends such calls), or one that asks
                for no digits, or the caller is a mobile without its +86: he would be a stranger to every binding.
        """
        caller = message["caller"]
        if caller[0] != "+" and (full := with_country(caller)) is not None:
            raise ControlError(400, f"caller {mask(caller)} is a mobile without +86; write {mask(full)}", "caller")
        x = self.numbers.get(message["called"])
        if x is None and is_x(message["called"]) and (mode := self._mode_of_nobody()) is not None:
            return self._refuse_call(mode, message)
        if x is None:
            text = f"{mask(message['called'])} is no X of world {self.id}; call one of its applications' numbers"
            raise ControlError(404, text, "called")
        mode = registry.modes()[x.app.mode]
        for name in () if mode.calls.collects else ("digits", "digits_after"):
            if message.get(name) is not None:
                raise ControlError(400, f"an X of mode {x.app.mode} asks for no digits; leave {name} out", name)
        if mode.before_call is not None:
            mode.before_call(self, x, caller)
        call = self.call_engine.place(mode.calls, x, message["caller"], CallPlan.of(message), self.now_ms)
        self.run_due()
        return call

    def _mode_of_nobody(self) -> Mode | None:
        """Return a mode in which calls to a number that is no X can end.

        None where this world has none.
        """
        here = (registry.modes()[app.mode] for app in self.applications.values())
        return next((mode for mode in here if mode.calls.ends_calls_to_nobody), None)

    def _refuse_call(self, mode: Mode, message: Mapping[str, Any]) -> Call:
        """End a call to a number that is nobody's X (AXE-FACT-003).

        Nobody is there to get pushes of it.
        """
        nobody = setup.new_application(mode, app_key="", app_secret="", sp_id="")
        x = XNumber(message["called"], None, NORMAL, nobody)
        decision = Reject(_NO_SUCH_X, direction=0)
        return self.call_engine.place(mode.calls, x, message["caller"], CallPlan.of(message), self.now_ms, decision)

    def call_of(self, call_id: str) -> Call:
        """Return a call.

        Raises:
            ControlError: there is no such call.
        """
        call = self.call_engine.get(call_id)
        if call is None:
            latest = self.call_engine.latest
            there = f"its latest is {latest!r}" if latest else "it has none, place one first"
            text = f"world {self.id} has no call {call_id[:64]!r}; {there} ({lost_text('call', self.keep)})"
            raise ControlError(404, text, "call")
        return call

    def hang_up(self, call_id: str, by: str) -> Call:
        """Let the "caller" or the "callee" hang up.

        Raises:
            ControlError: there is no such call, it has ended, or the callee's phone does not ring yet.
        """
        call = self.call_of(call_id)
        if not self.call_engine.hang_up(call, by, self.now_ms):
            why = "it has ended" if call.state == "ended" else "the callee's phone does not ring yet"
            raise ControlError(409, f"the {by} cannot hang up {call_id}: {why}", "by")
        self.run_due()
        return call

    def stop_call(self, call: Call) -> None:
        """Release both legs on the customer's word (COM-STOP-001)."""
        self.call_engine.end(call, self.assumptions.number("stop_call.release_cause"), self.now_ms)
        self.run_due()

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def change_application(self, app: Application, message: Mapping[str, Any]) -> None:
        """Change an application, at once or `in_force_after` seconds later."""
        later = setup.change_application(app, message)
        if later is not None:
            self.timers.add(self.now_ms + message["in_force_after"] * 1000, _SETTINGS, later)

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def change_number(self, x: XNumber, message: Mapping[str, Any]) -> None:
        """Change an X; a new status is pushed (COM-STATUS-007, COM-STATUS-008).

        Raises:
            ControlError: an area code that is in no table.
        """
        if setup.change_number(x, message):
            self.notifier.number_status(x, self.now_ms)

    # ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_pushes(self) -> list[Push]:
        """Return the pushes whose attempt is due now, each once per attempt.

        Call again until none is left.
        """
        return self.outbox.take(self.now_ms)

    def record_outcome(
        self, push: Push, outcome: str, body: bytes = b"", detail: str = "", trip: Trip = NO_TRIP
    ) -> None:
        """Enter how an attempt ended, as `Outcome` has it (COM-PUSH-004).

        What the answer to a question decides may be due at once.
        """
        asks = push.question is not None
        self.outbox.record(push, outcome, body, detail, self.now_ms, trip)
        if asks:
            self.run_due()

    # ── whole ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def reset(self) -> None:
        """Forget bindings, calls, pushes, failed authentications and the journal.

        Faults are made no more. Applications, settings and the clock stay.
        """
        self.bindings.clear()
        self.timers.clear()
        self.call_engine.clear()
        self.notifier.recordings.clear()
        self.outbox.clear()
        self.sms.clear()
        self.failures.clear()
        self.journal.clear()
        self.faults.clear()
        for app in self.applications.values():
            app.forget()

    def view(self, base_url: str) -> dict[str, Any]:
        """Return the world as the control plane shows it."""
        return {
            "id": self.id,
            "url": f"{base_url}/w/{self.id}",
            "clock": self.clock_view(),
            "edition": self.edition,
            "assumptions": dict(self.assumptions),
            "variations": sorted(self.variations.ids) if self.variations else [],
            "home_areas": dict(self.home_areas),
            "keep": self.keep,
            "dropped": {kept.what: kept.dropped for kept in (self.call_engine.kept, self.outbox.kept, self.sms.kept)},
            "journal": self.journal.size,
            "strict": self.strict,
            "faults": [fault.view() for fault in self.faults.active],
            "applications": [app.view() for app in self.applications.values()],
        }

    def clock_view(self) -> dict[str, Any]:
        """Return the clock as the control plane shows it."""
        rate = {} if self.clock_rate == 1 else {"rate": self.clock_rate}
        return {"mode": self.clock_mode, "now": precise(self.now_ms), **rate}
