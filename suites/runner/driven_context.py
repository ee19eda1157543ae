"""What a check does by the driver: calls, time and settings.

And what it claims by what it has seen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import orjson

from privnum import contracts
from privnum.suites.base.claims import NotExercised, SetUpFailed, fails_a_target
from privnum.suites.base.ended import until_answered
from privnum.suites.base.trace import Step
from privnum.suites.coverage.sightings import push_id, shown_in
from privnum.suites.driver.protocol import CallView, DriverError, SmsView
from privnum.suites.runner.envelope import expect_call
from privnum.suites.target.number_pool import Occupied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from privnum.suites.base.claims import Ledger
    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.runner.environment import Environment
    from privnum.suites.runner.session import Session
    from privnum.suites.target.config import App

__all__ = ["DrivenContext"]

Claim = tuple[str, bool, str]
"""Requirement, whether it holds, what was found."""


class DrivenContext:
    """The part of a check's context that needs no request.

    The driver, and the record of steps and claims.

    Every call, push and step of time is recorded; what each push must look like is claimed without being asked.
    """

    def __init__(self, session: Session, ledger: Ledger, host: Inbox | None) -> None:
        self.session = session
        self._host = host
        self.ledger = ledger
        self.history: list[Step] = []
        self._environment: Environment | None = None
        self._seen = 0
        self.rules: tuple[str, ...] | None = None
        """The rules that the check is about, the main one first; None: any."""
        self._claimed: list[tuple[int, str]] = []
        """How many steps there were at a claim of the check, and the rule: the first one behind each exchange."""
        self._stirred = False
        """Whether something was done that may bring pushes, since it was last waited for them."""

    @property
    def environment(self) -> Environment:
        """What the context stands on; it is there once the context is open."""
        if self._environment is None:
            raise RuntimeError("the context is not open: it is for functions that @check or @probe marks")
        return self._environment

    @property
    def receiver(self) -> Inbox:
        """The customer's side; its methods say how pushes are answered."""
        return self.environment.inbox

    @property
    def is_exclusive(self) -> bool:
        """Whether no other check has bindings on the X numbers meanwhile."""
        return self._host is None

    def require_exclusive(self) -> None:
        """Raise Occupied where others go on, whom it would disturb.

        The check begins again when they have ended.
        """
        if not self.is_exclusive:
            raise Occupied("the check needs the applications and X numbers for itself")

    # ── calls and time ───────────────────────────────────────────────────────────────────────────────────────────────

    def call(
        self,
        caller: str,
        x: str,
        *,
        behaviour: str = "answer",
        ring_after: int = 2,
        answer_after: int = 3,
        hang_up_after: int | None = None,
        caller_hangs_up_after: int | None = None,
        digits: str | Sequence[str] | None = None,
        digits_after: int | None = None,
    ) -> CallView:
        """Place a call to X; seconds are world time.

        The callee (`behaviour`: answer, busy, reject, no_answer, powered_off, out_of_service, not_exist, unreachable,
        unregistered, silent) rings after `ring_after`, answers `answer_after` later and hangs up `hang_up_after` after
        that, if not None; the caller hangs up `caller_hangs_up_after` after the start, if not None. AXE's: `digits` are
        entered in turn, `digits_after` after each prompt (contracts/driver.toml).
        """
        callee: dict[str, Any] = {"behaviour": behaviour, "ring_after": ring_after, "answer_after": answer_after}
        callee["hang_up_after"] = hang_up_after
        message: dict[str, Any] = {"caller": caller, "called": x, "callee": callee}
        message["caller_hangs_up_after"] = caller_hangs_up_after
        collecting = {"digits": digits, "digits_after": digits_after}
        message |= {name: value for name, value in collecting.items() if value is not None}
        with until_answered():
            call = CallView.read(self._drive("calls.create", message))
            self.receiver.expect(call.session_id)
            if call.state != "ended":
                self.environment.note_call(call.id)
        expect_call(call.release_cause)
        return call

    def look(self, call: CallView) -> CallView:
        """The call as it is now."""
        view = CallView.read(self._drive("calls.get", None, call=call.id), call)
        expect_call(view.release_cause)
        return view

    def hang_up(self, call: CallView, by: Literal["caller", "callee"] = "caller") -> CallView:
        """One side hangs up; a call that was seen to have ended is only looked at."""
        if call.state == "ended":
            return self.look(call)
        return CallView.read(self._drive("calls.hang_up", {"by": by}, call=call.id), call)

    def advance(self, seconds: float) -> None:
        """Let world time pass, whole seconds.

        Everything that falls due has happened when this returns.

        Where the driver has no clock real time passes (scheduler.py), and what falls due happens when it happens.
        Raises NotExercised where that would be more than --max-wait.
        """
        if "clock" in self.session.capabilities:
            whole = math.ceil(seconds)
            clock = self._drive("clock.set", {"advance_seconds": whole})
            self.environment.note_advance(whole, clock)
        elif seconds > 0:
            self.session.allow(seconds)
            self._stirred = True
            self.note(f"{seconds:.1f} seconds pass in real time")
            self.session.wait(seconds)

    def now(self) -> datetime:
        """World time, UTC; where the driver has no clock, real time."""
        return self.environment.read_clock()

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def sms(self, sender: str, x: str, text: str, network: str | None = None) -> SmsView:
        """Let somebody write an SMS to X.

        `network` is what becomes of it there (contracts/driver.toml).

        Raises NotExercised where the driver cannot make that happen.
        """
        self.require_exclusive()
        message = {"from": sender, "to": x, "text": text} | ({} if network is None else {"network": network})
        try:
            return SmsView.read(self._drive("sms.create", message))
        except DriverError as error:
            if network is None or error.status is None:
                raise
            raise NotExercised(f"the driver has no network that {network}: {error}") from None

    def look_at_sms(self, sms: SmsView) -> SmsView:
        """The SMS as it is now."""
        return SmsView.read(self._drive("sms.get", None, sms=sms.id))

    def set_number_sms(self, x: str, has: bool) -> None:
        """Order an X with SMS, or without.

        Raises NotExercised where the driver cannot.
        """
        self.require_exclusive()
        before = self.environment.remember_number(x, {"sms": True})
        try:
            self._drive("numbers.update", {"sms": has}, before, number=x)
        except DriverError as error:
            if error.status is None:
                raise
            raise NotExercised(f"the driver orders no number without SMS: {error}") from None

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_application(self, app: App, **settings: Any) -> Any:
        """Change settings of an application; they are undone at the end.

        Recording, tones, status, event_url … Returns the reply, the application as it is then.
        """
        self.require_exclusive()
        before = self.environment.remember(app, settings)
        return self._drive("applications.update", settings, before, app_key=app.key)

    def try_application(self, app: App, **settings: Any) -> None:
        """As set_application, for settings that a driver need not have.

        Raises NotExercised where it refuses them, or does not know of them: its answer is silent about one.
        """
        names = " and ".join(settings)
        try:
            reply = self.set_application(app, **settings)
        except DriverError as error:
            if error.status is None:
                raise
            raise NotExercised(f"the driver does not set {names}: {error}") from None
        if not settings.keys() <= reply.keys():
            raise NotExercised(f"the driver's answer does not say how {names} is set now")

    def add_numbers(self, app: App, numbers: Iterable[str]) -> None:
        """Give an application more private numbers, in its first one's area.

        Give an application of a world of the check's own more private numbers, in the area of its first.
        """
        area = app.numbers[0].area_code
        message = {"numbers": [{"number": number, "area_code": area} for number in numbers]}
        self._drive("numbers.add", message, app_key=app.key)

    def set_number(self, x: str, status: str, cause: str | None = None) -> None:
        """Change the status of an X.

        5 normal, 9 suspended, 10 unavailable, 11 frozen for binding; and why, as contracts/driver.toml has it. Raises
        NotExercised where the driver takes no cause.
        """
        self.require_exclusive()
        before = self.environment.remember_number(x)
        message = {"status": status} if cause is None else {"status": status, "cause": cause}
        try:
            self._drive("numbers.update", message, before, number=x)
        except DriverError as error:
            if cause is None or error.status is None:
                raise
            raise NotExercised(f"the driver sets no cause of a number's status: {error}") from None

    def _drive(self, operation: str, message: Any, undo: Mapping[str, Any] | None = None, **places: str) -> Any:
        self._stirred = self._stirred or operation != "calls.get"
        reply = self.session.driver.send(operation, message, world=self.environment.world, **places)
        target = orjson.dumps(places).decode()
        self.history.append(Step("control", operation, target=target, payload=message, result=reply, undo=undo))
        self._collect()
        return reply

    def outbox(self, state: Literal["pending", "delivered", "given_up"] | None = None) -> list[dict[str, Any]]:
        """The pushes as the platform sees them, with their attempts.

        Needs the capability "pushes".
        """
        query = f"state={state}" if state else ""
        reply = self.session.driver.send("pushes.list", query=query, world=self.environment.world)
        pushes: list[dict[str, Any]] = reply["pushes"]
        return pushes

    def _collect(self) -> None:
        """Take note of new pushes, and claim what holds for every push."""
        pushes = self.receiver.pushes
        while self._seen < len(pushes):
            push = pushes[self._seen]
            self._seen += 1
            app = self.receiver.apps.get(push.app_key or "")
            id_ = push_id(app.mode, push.kind) if app else ""
            self.history.append(
                Step("push", push.event_type, target=id_, content=push.answer, payload=push.body, result=push.answered)
            )
            for rule, ok, message in self.ledger.record_all(push.findings):
                self.claim(rule, ok, message)

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, requirement_id: str, ok: bool, message: str, **evidence: Any) -> None:
        """Say whether a requirement was kept.

        `message` says what was found, `evidence` what it was seen by.

        Raises Violation where a documented must is broken. Anything else that is broken is recorded as `differs`.
        """
        self._mark(requirement_id)
        self.ledger.claim(requirement_id, ok, message, evidence, self.history)

    def record_all(self, claims: Iterable[Claim]) -> list[Claim]:
        """Record those of many claims that hold; those that do not, for `claim`."""
        told = list(claims)
        if told:
            self._mark(told[0][0])
        return self.ledger.record_all(told)

    def _mark(self, requirement: str) -> None:
        """Remember that the steps up to here have been asserted on."""
        steps = len(self.history)
        if not self._claimed or self._claimed[-1][0] < steps:
            self._claimed.append((steps, requirement))

    def expect(self, requirement: str, ok: bool, message: str, *, stands: bool = False) -> None:
        """As `claim`, in a step that a check may stand on.

        One that is not about the rule breaks no rule by it.

        With `stands` the step is one of setting up for any check but those that are about that rule before all others.
        Raises SetUpFailed.
        """
        about = self.rules[:1] if stands and self.rules else self.rules
        if about is None or requirement in about:
            self.claim(requirement, ok, message)
        elif ok or not fails_a_target(requirement):
            self.ledger.claim(requirement, ok, message, {}, self.history)  # a step of setting up: no mark
        else:
            raise SetUpFailed(contracts.mask(message))

    def _tell_sightings(self) -> None:
        """Enter what the asserted exchanges have shown; each exchange once."""
        claimed, self._claimed = self._claimed, []
        for id_, rule in shown_in(self.history, claimed).items():
            self.ledger.seen.setdefault(id_, rule)

    def note(self, text: str) -> None:
        """A line of the check's own in the history."""
        self.history.append(Step("note", text=text))
