"""The context that a check gets: a small world with all it needs.

Applications, numbers, users, calls and time.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any, Literal

import orjson

from privnum.suites.base.claims import (
    Ledger,
)
from privnum.suites.base.trace import Step
from privnum.suites.callbacks.completion import deduplicate, wait_for_pushes
from privnum.suites.callbacks.quiescence import wait_until_quiet
from privnum.suites.driver.protocol import CallView
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.driven_context import DrivenContext
from privnum.suites.runner.envelope import compare_answer, expect_platform
from privnum.suites.runner.modes import MODE_CONTEXTS, AxbContext, AxContext, AxeContext, AxybContext, XContext
from privnum.suites.target.modes import MODES
from privnum.suites.transport.client import JSON_TYPE, Headers, encode_query
from privnum.suites.transport.client import sign as make_signature

if TYPE_CHECKING:
    from privnum import contracts
    from privnum.suites.base.answer import Answer
    from privnum.suites.callbacks.inbox import Inbox, Push
    from privnum.suites.runner.mode_context import ModeContext
    from privnum.suites.runner.session import Session
    from privnum.suites.target.config import App, Target
    from privnum.suites.target.number_pool import Kind
    from privnum.suites.transport.raw import Wire

__all__ = ["CallView", "CheckContext"]

Sign = Mapping[str, Any] | Literal[False] | None
"""How to sign: None properly, False not at all, a mapping bends parts of the signature (see client.Signature)."""


class CheckContext(DrivenContext):
    """Fresh for every check. A target with worlds gives it one of its own.

    On another everything is undone at the end.

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
        super().__init__(session, ledger or Ledger(), None if session.owns_worlds else host)
        self.name = name
        self._ground_name = ground_name or session.new_name(name)
        self._child: CheckContext | None = None
        self.asks_for_limits = False
        """Whether the check wants to hear of flow control and lock-out, which end any other."""

    # ── opening and closing ──────────────────────────────────────────────────────────────────────────────────────────

    def open(self) -> CheckContext:
        """Lay the ground: a world, applications, a inbox.

        Without effect on an open context.
        """
        if self._environment is None:
            self._environment = self.session.lay_ground(self._ground_name, host=self._host)
            self.history.append(Step("world", payload=self._environment.recipe))
        return self

    def close(self) -> None:
        """Undo everything; a little time is left for it at the run's end."""
        with self.session.deadline.undoing():
            if self._child is not None:
                self._child.close()
            if self._environment is not None:
                environment, self._environment = self._environment, None
                environment.clear()
                self._tell_sightings()

    def fresh(self) -> CheckContext:
        """A new context for the same check, for each example of a state machine.

        The one before it is closed.

        All of them have one name, so that the same steps come out the same when Hypothesis repeats them.
        """
        if self._child is not None:
            self._child.close()
        self._child = CheckContext(self.session, self.name, self.ledger, ground_name=f"{self._ground_name}-fresh")
        self._child.rules = self.rules
        return self._child.open()

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def target(self) -> Target:
        """What is under test."""
        return self.session.target

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The choice at every assumption.

        Declared, else found by its probe, else the default.
        """
        return self.session.assumptions

    @property
    def unsettled(self) -> Set[str]:
        """Assumptions whose choice is neither declared nor found out."""
        return self.session.unsettled

    @property
    def capabilities(self) -> frozenset[str]:
        """Every word of capability and equipment that is there."""
        return self.session.available

    @property
    def controls_clock(self) -> bool:
        """Whether world time stands still until the context advances it.

        Then times are exact to the second.
        """
        return self.environment.now is not None

    def of(self, mode: str) -> ModeContext:
        """A mode's side of the context: its applications and its requests."""
        return MODE_CONTEXTS[mode](self)

    @property
    def axb(self) -> AxbContext:
        """The AXB side of the context."""
        return AxbContext(self)

    @property
    def axe(self) -> AxeContext:
        """The AXE side of the context."""
        return AxeContext(self)

    @property
    def ax(self) -> AxContext:
        """The AX side of the context."""
        return AxContext(self)

    @property
    def axyb(self) -> AxybContext:
        """The AXYB side of the context."""
        return AxybContext(self)

    @property
    def x(self) -> XContext:
        """The X side of the context."""
        return XContext(self)

    def user(self, kind: Kind = "mobile", home: str | None = "0755") -> str:
        """A user's number that the check has not used.

        `home` None: the platform does not know where it is at home.

        Raises NotExercised where the target's file allows no more.
        """
        return self.environment.users.take(kind, home)

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
        """Send a request as it stands.

        `query` is raw, `headers` come behind the signature.

        Every request has Content-Type, also GET and DELETE: that of JSON, unless `headers` has another; an empty one
        there leaves it out.
        """
        signer = app or self.of(self.session.plain_mode).app
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
        """A request of an operation, e.g. "axb.bind".

        The form of the answer is claimed.

        Query values are percent-encoded (+ as %2B), unless `raw_query` says how the query is. `body` is a JSON object,
        or bytes as they are. Where every request of the mode has app_key in its query, it is that of `app`.
        """
        # An unbind of a whole X takes the bindings of others with it.
        if operation_id.endswith(".unbind") and not {"subscriptionId", "extendNum"} & (query or {}).keys():
            self.require_exclusive()
        address = OPERATIONS[operation_id]
        mode = MODES.get(address.mode)
        if mode is not None:
            query = mode.query(app or self.of(mode.name).app, query or {})
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

    def stop_call(self, session_id: str, *, app: Any = None, **fields: Any) -> Answer:
        """common.stop_call with the signal call_stop, unless `fields` has another."""
        self._stirred = True
        body = {"sessionid": session_id, "signal": "call_stop"} | fields
        return self.request("common.stop_call", body=body, app=app)

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
