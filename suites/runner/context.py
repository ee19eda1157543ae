"""The context: what a check holds in its hands, a small world with applications, numbers, users, calls and time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import orjson

from privnum import contracts
from privnum.suites.base.claims import (
    Ledger,
    NotExercised,
    SetUpFailed,
    fails_a_target,
)
from privnum.suites.base.ended import until_answered
from privnum.suites.base.trace import Step
from privnum.suites.callbacks.completion import deduplicate, wait_for_pushes
from privnum.suites.callbacks.quiescence import wait_until_quiet
from privnum.suites.driver.protocol import CallView
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.axe_context import AxeContext
from privnum.suites.runner.envelope import compare_answer, expect_call, expect_platform
from privnum.suites.target.capabilities import main_application
from privnum.suites.target.number_pool import Occupied
from privnum.suites.transport.client import JSON_TYPE, Headers, encode_query
from privnum.suites.transport.client import sign as make_signature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from privnum.suites.base.answer import Answer
    from privnum.suites.callbacks.inbox import Inbox, Push
    from privnum.suites.runner.environment import Environment
    from privnum.suites.runner.session import Session
    from privnum.suites.target.config import App, Target
    from privnum.suites.target.number_pool import Kind
    from privnum.suites.transport.raw import Wire

__all__ = ["CallView", "CheckContext"]

Sign = Mapping[str, Any] | Literal[False] | None
"""How to sign: None properly, False not at all, a mapping bends parts of the signature (see client.Signature)."""


class CheckContext:
    """Fresh for every check. A target with worlds gives it one of its own; on another everything is undone at the end.

    Every request, call, push and step of time is recorded; what each answer and push must look like is claimed without
    being asked. Methods raise Violation when the target breaks a documented must, NoAnswer when it does not answer,
    NotExercised when it lacks what is asked for.
    """

    def __init__(
        self,
        session: Session,
        name: str,
        ledger: Ledger | None = None,
        *,
        ground_name: str | None = None,
        host: Inbox | None = None,
    ) -> None:
        self.session = session
        self.name = name
        self._ground_name = ground_name or session.new_name()
        self._host = None if session.owns_worlds else host
        self.ledger = ledger or Ledger()
        self.history: list[Step] = []
        self._environment: Environment | None = None
        self._child: CheckContext | None = None
        self._seen = 0
        self.rules: tuple[str, ...] | None = None
        """The rules that the check is about, the main one first; None: any."""
        self.asks_for_limits = False
        """Whether the check wants to hear of flow control and lock-out, which end any other."""
        self._stirred = False
        """Whether something was done that may bring pushes, since it was last waited for them."""

    # ── opening and closing ──────────────────────────────────────────────────────────────────────────────────────────

    def open(self) -> CheckContext:
        """Lay the ground: a world, applications, a inbox. Without effect on an open context."""
        if self._environment is None:
            self._environment = self.session.lay_ground(self._ground_name, host=self._host)
            self.history.append(Step("world", payload=self._environment.recipe))
        return self

    def close(self) -> None:
        """Undo everything; a little time is left for it when the run's time is over."""
        with self.session.deadline.undoing():
            if self._child is not None:
                self._child.close()
            if self._environment is not None:
                environment, self._environment = self._environment, None
                environment.clear()

    def fresh(self) -> CheckContext:
        """A new context for the same check, for each example of a state machine; the one before it is closed.

        All of them have one name, so that the same steps come out the same when Hypothesis repeats them.
        """
        if self._child is not None:
            self._child.close()
        self._child = CheckContext(self.session, self.name, self.ledger, ground_name=f"{self._ground_name}-fresh")
        self._child.rules = self.rules
        return self._child.open()

    @property
    def environment(self) -> Environment:
        """What the context stands on; it is there once the context is open."""
        if self._environment is None:
            raise RuntimeError("the context is not open: it is for functions that @check or @probe marks")
        return self._environment

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def target(self) -> Target:
        """What is under test."""
        return self.session.target

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The reading of every assumption: declared, else found by its probe, else the default."""
        return self.session.assumptions

    @property
    def unsettled(self) -> frozenset[str]:
        """Assumptions whose reading is neither declared nor found out."""
        return self.session.unsettled

    @property
    def capabilities(self) -> frozenset[str]:
        """Every word of capability and equipment that is there."""
        return self.session.available

    @property
    def still(self) -> bool:
        """Whether world time stands still until the context advances it, so that times can be told to the second."""
        return self.environment.now is not None

    @property
    def alone(self) -> bool:
        """Whether no other check has bindings on the X numbers meanwhile."""
        return self._host is None

    def require_exclusive(self) -> None:
        """Raise Occupied where others go on, whom it would disturb: the check begins again when they have ended."""
        if not self.alone:
            raise Occupied("the check needs the applications and X numbers for itself")

    @property
    def app(self) -> App:
        """An AXB application. Raises NotExercised where there is none, or AXB is not checked."""
        found = main_application(self.environment.apps, "AXB")
        if found is None or self.session.plain_mode != "AXB":
            raise NotExercised("there is no AXB application", "application")
        return found

    @property
    def second_app(self) -> App | None:
        """Another AXB application."""
        return next((app for app in self.environment.apps if app.mode == "AXB" and app is not self.app), None)

    @property
    def other_mode_app(self) -> App | None:
        """An application of another mode."""
        return next((app for app in self.environment.apps if app.mode != "AXB"), None)

    @property
    def axe(self) -> AxeContext:
        """The AXE side of the context: its applications and its requests."""
        return AxeContext(self)

    @property
    def receiver(self) -> Inbox:
        """The customer's side; its methods say how pushes are answered."""
        return self.environment.inbox

    def x(self, index: int = 0) -> str:
        """An X of `app`. Raises NotExercised where it has fewer."""
        numbers = self.app.numbers
        if index >= len(numbers):
            raise NotExercised(f"the application has {len(numbers)} X numbers; number {index + 1} is needed", "two_x")
        return numbers[index].number

    def user(self, kind: Kind = "mobile", home: str | None = "0755") -> str:
        """A user's number that the check has not used; `home` None: the platform does not know where it is at home.

        Raises NotExercised where the target's file allows no more.
        """
        return self.environment.users.take(kind, home)

    def tone(self, index: int = 0) -> str:
        """The name of an uploaded tone. Raises NotExercised where none is known."""
        tones = self.app.tones or ()
        if index >= len(tones):
            raise NotExercised(
                f"the application has {len(tones)} uploaded tones that are known; {index + 1} are needed", "tones"
            )
        return tones[index]

    @property
    def wire(self) -> Wire:
        """The target's port, for bytes that no client would send."""
        return self.session.wire

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def send(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        content: bytes = b"",
        app: App | None = None,
        headers: Headers | None = None,
        sign: Sign = None,
        operation: str | None = None,
    ) -> Answer:
        """Send a request as it stands: `query` is raw, `headers` come behind the signature.

        Every request has Content-Type, also GET and DELETE: that of JSON, unless `headers` has another; an empty one
        there leaves it out.
        """
        signer = app or (self.app if self.session.plain_mode == "AXB" else self.axe.app)
        extra = list(headers or ())
        signed = [] if sign is False else make_signature(signer, **sign) if sign else make_signature(signer)
        if not any(name.lower() == "content-type" for name, _ in extra):
            extra.insert(0, JSON_TYPE)
        extra = [(name, value) for name, value in extra if value or name.lower() != "content-type"]
        answer = self.environment.request(method, path, query, signed + extra, content)
        bent = {"signed": "not at all"} if sign is False else dict(sign) if sign else None
        self.history.append(
            Step(
                "request",
                text=operation or "",
                method=method,
                target=f"{path}?{query}" if query else path,
                app=signer.index,
                bent=bent,
                headers=extra,
                content=content,
                answer=answer,
            )
        )
        self._collect()
        expect_platform(answer, operation or f"{method} {path}", limits=self.asks_for_limits)
        return answer

    def request(
        self,
        operation_id: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        app: App | None = None,
        headers: Headers | None = None,
        sign: Sign = None,
        raw_query: str | None = None,
        method: str | None = None,
    ) -> Answer:
        """A request of an operation, e.g. "axb.bind"; the form of the answer is claimed.

        Query values are percent-encoded (+ as %2B), unless `raw_query` says how the query is. `body` is a JSON object,
        or bytes as they are.
        """
        # An unbind of a whole X takes the bindings of others with it.
        if operation_id.endswith(".unbind") and not {"subscriptionId", "extendNum"} & (query or {}).keys():
            self.require_exclusive()
        address = OPERATIONS[operation_id]
        content = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        answer = self.send(
            method or address.method,
            address.path,
            query=encode_query(query or {}) if raw_query is None else raw_query,
            content=content,
            app=app,
            headers=headers,
            sign=sign,
            operation=operation_id,
        )
        sent = body if isinstance(body, Mapping) else None
        for rule, ok, message in self.ledger.record_all(compare_answer(operation_id, answer, raw_query or "", sent)):
            self.claim(rule, ok, message)
        return answer

    # `app` and `sign` are as in `request`; they are not typed here, so that fields can be given as **mapping.

    def bind(self, a: str, b: str, x: str | None = None, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """axb.bind with callerNum, calleeNum and, unless None, relationNum; `fields` are further fields of the body."""
        body = {"callerNum": a, "calleeNum": b} | ({} if x is None else {"relationNum": x}) | fields
        return self.request("axb.bind", body=body, app=app, sign=sign)

    def modify(self, sub: str, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """axb.modify of that subscriptionId."""
        return self.request("axb.modify", body={"subscriptionId": sub} | fields, app=app, sign=sign)

    def unbind(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """axb.unbind with these query parameters."""
        return self.request("axb.unbind", query=query, app=app, sign=sign)

    def query(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """axb.query with these query parameters."""
        return self.request("axb.query", query=query, app=app, sign=sign)

    def stop_call(self, session_id: str, *, app: Any = None, **fields: Any) -> Answer:
        """common.stop_call with the signal call_stop, unless `fields` has another."""
        self._stirred = True
        body = {"sessionid": session_id, "signal": "call_stop"} | fields
        return self.request("common.stop_call", body=body, app=app)

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
        silent) rings after `ring_after`, answers `answer_after` later and hangs up `hang_up_after` after that, if not
        None; the caller hangs up `caller_hangs_up_after` after the start, if not None. AXE's: `digits` are entered in
        turn, `digits_after` after each prompt (contracts/driver.toml).
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
                self.environment.called(call.id)
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
        """Let world time pass, whole seconds; everything that falls due has happened when this returns.

        Where the driver has no clock real time passes (scheduler.py), and what falls due happens when it happens.
        Raises NotExercised where that would be more than --max-wait.
        """
        if "clock" in self.session.capabilities:
            whole = math.ceil(seconds)
            clock = self._drive("clock.set", {"advance_seconds": whole})
            self.environment.moved(whole, clock)
        elif seconds > 0:
            self.session.allow(seconds)
            self._stirred = True
            self.note(f"{seconds:.1f} seconds pass in real time")
            self.session.wait(seconds)

    def now(self) -> datetime:
        """World time, UTC; where the driver has no clock, real time."""
        return self.environment.read_clock()

    # ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def pushes(self) -> list[Push]:
        """Every push that has come, repeats among them, once no more is due."""
        if self._stirred:
            self._stirred = False
            decided = wait_until_quiet(self)
            if decided is not None:
                self.note(decided)
        self._collect()
        return list(self.receiver.pushes)

    def messages(self) -> list[Push]:
        """Every message received so far, once: repeats and copies are left out."""
        return deduplicate(self.pushes())

    def events(self, call: CallView, *, at_once: bool = False) -> list[Push]:
        """The call's events in the order of their first delivery, each once.

        If the call has ended and some are still to come, time passes until they have, unless `at_once`.
        """
        if not at_once:
            wait_for_pushes(self, call, lambda push: push.event_type == "disconnect")
        about = (push for push in self.messages() if call.session_id in push.session_ids)
        return [push for push in about if push.kind == "call_event"]

    def cdrs(self, call: CallView, *, at_once: bool = False) -> list[dict[str, Any]]:
        """The call's CDRs, each once; waiting as in `events`."""
        if not at_once:
            wait_for_pushes(self, call, lambda push: push.kind == "cdr")
        sent = (cdr for push in self.messages() if push.kind == "cdr" for cdr in push.cdrs)
        return [cdr for cdr in sent if str(cdr.get("sessionId")) == call.session_id]

    def outbox(self, state: Literal["pending", "delivered", "given_up"] | None = None) -> list[dict[str, Any]]:
        """The pushes as the platform sees them, with their attempts; needs the capability "pushes"."""
        query = f"state={state}" if state else ""
        reply = self.session.driver.send("pushes.list", query=query, world=self.environment.world)
        pushes: list[dict[str, Any]] = reply["pushes"]
        return pushes

    def _collect(self) -> None:
        """Take note of the pushes that came since, and claim what holds for every push."""
        pushes = self.receiver.pushes
        while self._seen < len(pushes):
            push = pushes[self._seen]
            self._seen += 1
            self.history.append(Step("push", text=push.event_type, payload=push.body, result=push.answered))
            for rule, ok, message in self.ledger.record_all(push.findings):
                self.claim(rule, ok, message)

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_application(self, app: App, **settings: Any) -> None:
        """Change settings of an application (recording, tones, status, event_url …); undone at the end."""
        self.require_exclusive()
        self.environment.remember(app, settings)
        self._drive("applications.update", settings, app_key=app.key)

    def set_number(self, x: str, status: str) -> None:
        """Change the status of an X: 5 normal, 9 suspended, 10 unavailable, 11 frozen for binding."""
        self.require_exclusive()
        self.environment.remember_number(x)
        self._drive("numbers.update", {"status": status}, number=x)

    def _drive(self, operation: str, message: Any, **places: str) -> Any:
        self._stirred = self._stirred or operation != "calls.get"
        reply = self.session.driver.send(operation, message, world=self.environment.world, **places)
        self.history.append(
            Step("control", text=operation, target=orjson.dumps(places).decode(), payload=message, result=reply)
        )
        self._collect()
        return reply

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, requirement_id: str, ok: bool, message: str, **evidence: Any) -> None:
        """Say whether a requirement was kept; `message` tells what was found, `evidence` what it was seen by.

        Raises Violation where a documented must is broken. Anything else that is broken is recorded as `differs`.
        """
        self.ledger.claim(requirement_id, ok, message, evidence, self.history)

    def expect(self, requirement: str, ok: bool, message: str, *, stands: bool = False) -> None:
        """As `claim`, in a step that a check may stand on: one that is not about the rule breaks no rule by it.

        With `stands` the step is one of setting up for any check but those that are about that rule before all others.
        Raises SetUpFailed.
        """
        about = self.rules[:1] if stands and self.rules else self.rules
        if ok or about is None or requirement in about or not fails_a_target(requirement):
            self.claim(requirement, ok, message)
        else:
            raise SetUpFailed(contracts.mask(message))

    def note(self, text: str) -> None:
        """A line of the check's own in the history."""
        self.history.append(Step("note", text=text))
