"""A world of its own on a server, as a friendly object.

What a test of a client program needs, and no more.
"""

from __future__ import annotations

import asyncio
import functools
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit

from privnum import contracts
from privnum.mockserver.embed.answering import CALLS, SMS, AnsweringServer, Answers
from privnum.mockserver.embed.applications import (
    AppHandle,
    AxApp,
    AxbApp,
    AxeApp,
    AxybApp,
    ModeApp,
    application,
    signed_headers,
)
from privnum.mockserver.embed.calls import Call
from privnum.mockserver.embed.control import Controlled
from privnum.mockserver.embed.customers import Customers
from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.faults import Faulty
from privnum.mockserver.embed.journal import Journaled, JournalReader
from privnum.mockserver.embed.messages import Messages
from privnum.mockserver.embed.pushes import Push, SeenPushes
from privnum.mockserver.embed.snapshots import Restorable
from privnum.mockserver.embed.wire import WAIT_SECONDS, Asking, Wire
from privnum.mockserver.embed.world_control import change_applications, path_part
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.answering import AnswerFunction, Answering, Asked

__all__ = ["WorldHandle"]

__tracebackhide__ = tells_all

#: Keys are unique on a server, so that a world which names none draws its own.
_KEYS: Final = frozenset({"app_key", "app_secret"})
#: Methods of control messages that may make pushes due.
_MAY_MAKE_DUE: Final = frozenset({"POST", "PATCH"})
_P = ParamSpec("_P")
_T = TypeVar("_T")
_App = TypeVar("_App", bound=ModeApp)


def _async_twin(
    method: Callable[Concatenate[WorldHandle, _P], _T],
) -> Callable[Concatenate[WorldHandle, _P], Coroutine[Any, Any, _T]]:
    """Return the twin of a method that leaves asyncio's event loop free."""

    @functools.wraps(method)
    async def run_in_thread(self: WorldHandle, /, *given: _P.args, **named: _P.kwargs) -> _T:
        return await asyncio.to_thread(method, self, *given, **named)

    return run_in_thread


class WorldHandle(Messages, Customers, Journaled, Faulty, Controlled, Restorable):
    """A world, from its making to its end; a context manager.

    Its clock stands still until it is advanced.

        private_number.axb.bind("+8613800000001", "+8613900000002", x)
        call = private_number.call("+8613800000001", x)
        private_number.advance(10)
        private_number.hang_up(call)
        assert private_number.cdrs[0]["sessionId"] == call.session_id

    A push that is not accepted is a warning (PushNotAccepted), at the line that made it due.

    `call`, `hang_up` and `advance` answer when every push that they make due has its outcome. Where the receiver of
    pushes runs in the event loop of the test, await their twins instead, so that it can answer meanwhile (called in a
    thread that runs a loop, they raise DriverError where a receiver has not answered for a second):

        call = await private_number.acall("+8613800000001", x)
        await private_number.aadvance(10)
        await private_number.ahang_up(call)

    Args:
        server_url: address of the server.
        spec: the control message (driver/world.create); without applications it gets one of every mode, whose pushes
            stay in the built-in inbox.
        wait_seconds: an answer that does not come within this raises TimeoutError.
        asking: how the server is asked; by default over sockets.
        answering: makes a function the customer that is asked of calls or SMS; by default behind a socket.

    Raises:
        DriverError: the message was refused.
    """

    def __init__(
        self,
        server_url: str,
        spec: Mapping[str, Any] | None = None,
        *,
        wait_seconds: float = WAIT_SECONDS,
        asking: Asking | None = None,
        answering: Callable[[Asked, AnswerFunction], Answering] = AnsweringServer,
    ) -> None:
        self._wire = asking or Wire(server_url, wait_seconds)
        message = {**(spec or {})}
        if "applications" not in message:
            message["applications"] = _one_of_every_mode()
        try:
            world = self._wire.control("POST", "/worlds", message)
        except BaseException:
            self._wire.close()
            raise
        self.id: str = world["id"]
        #: Base address of its API: what a client program takes for the platform's.
        self.url: str = world["url"]
        self.applications = tuple(application(app, self.request) for app in world["applications"])
        self._answers = Answers(CALLS, self._change_x, answering)
        self._verdicts = Answers(SMS, self._change_all, answering)
        self._journal = JournalReader(lambda query: self._control("GET", f"/journal{query}"))
        self._pushes = SeenPushes(lambda query: self._control("GET", f"/pushes{query}"), world["keep"])

    @property
    def ax(self) -> AxApp:
        """The first application of mode AX. LookupError: there is none."""
        return self._of("AX", AxApp)

    @property
    def axb(self) -> AxbApp:
        """The first application of mode AXB. LookupError: there is none."""
        return self._of("AXB", AxbApp)

    @property
    def axe(self) -> AxeApp:
        """The first application of mode AXE. LookupError: there is none."""
        return self._of("AXE", AxeApp)

    @property
    def axyb(self) -> AxybApp:
        """The first application of mode AXYB. LookupError: there is none."""
        return self._of("AXYB", AxybApp)

    def _of(self, mode: str, kind: type[_App]) -> _App:
        found = self._first(mode)
        assert isinstance(found, kind)
        return found

    @property
    def x(self) -> AppHandle:
        """The first application of mode X. LookupError: there is none."""
        return self._first("X")

    def _first(self, mode: str | None) -> AppHandle:
        """Return the first application of a mode, or of all."""
        found = next((app for app in self.applications if mode in (None, app.mode)), None)
        if found is None:
            there = ", ".join(app.mode for app in self.applications) or "none"
            mode = mode or next(iter(registry.modes()))
            raise LookupError(
                f"this world has no application of mode {mode}, only: {there}; name it when the world is made, as in "
                f'{{"applications": [{{"mode": "{mode}", "numbers": [{{"number": "+8617000000001"}}]}}]}}'
            )
        return found

    # ── requests, as a client sends them ─────────────────────────────────────────────────────────────────────────────

    def headers(self, app: AppHandle | None = None) -> dict[str, str]:
        """Return signed headers (AKSK) for a request of an application.

        By default that is the world's first.
        """
        return signed_headers(app or self._first(None))

    def request(
        self,
        operation: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        app: AppHandle | None = None,
    ) -> dict[str, Any]:
        """Send a signed request by the operation's id ("axb.bind").

        Return the answer with its resultcode, also of one that is refused.

        Without `app` it is of the first application of the operation's mode; of the world's first where every mode has
        the operation.

        Raises:
            UnknownName: there is no such operation.
            ValueError: the body has a number that JSON does not have (nan, inf).
            LookupError: the world has no application of its mode.
        """
        known = contracts.operations().get(operation)
        if known is None:
            raise contracts.UnknownName("operation", operation, contracts.operations())
        app = app or self._first(None if known.mode == "common" else known.mode)
        target = urlsplit(self.url).path + known.path + ("?" + urlencode(query) if query else "")
        sent = b"" if body is None else json.dumps(body, allow_nan=False).encode()
        answer: dict[str, Any] = self._wire.ask(known.method, target, self.headers(app), sent)[1]
        return answer

    def bind(self, /, a: str, b: str, x: str | None = None, **fields: Any) -> dict[str, Any]:
        """Bind A and B in mode AXB: short for `axb.bind`."""
        return self.axb.bind(a, b, x, **fields)

    def modify(self, /, subscription_id: str, **fields: Any) -> dict[str, Any]:
        """Change a binding of mode AXB: short for `axb.modify`."""
        return self.axb.modify(subscription_id, **fields)

    def unbind(self, /, **selectors: Any) -> dict[str, Any]:
        """Dissolve bindings of mode AXB: short for `axb.unbind`."""
        return self.axb.unbind(**selectors)

    def query(self, /, **selectors: Any) -> dict[str, Any]:
        """Look bindings of mode AXB up: short for `axb.query`."""
        return self.axb.query(**selectors)

    # ── what the API cannot make happen ──────────────────────────────────────────────────────────────────────────────

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
    ) -> Call:
        """Let `caller` dial `x`.

        Args:
            caller: any number.
            x: an X of this world; another number is refused, but where there is AXE it does not exist (8025).
            behaviour: of the callee: answer, busy, reject, no_answer, powered_off, out_of_service, not_exist,
                unreachable, unregistered or silent.
            ring_after: seconds from forwarding to ringing.
            answer_after: seconds from ringing to the answer or rejection.
            hang_up_after: seconds from the answer to the callee's hang-up; None: he stays.
            caller_hangs_up_after: seconds from the start to the caller's hang-up; None: he stays.
            digits: what the caller enters when an X of mode AXE asks for the extension; a list has the entry for each
                prompt.
            digits_after: seconds from a prompt to what is entered; None: 2.
        """
        callee = {
            "behaviour": behaviour,
            "ring_after": ring_after,
            "answer_after": answer_after,
            "hang_up_after": hang_up_after,
        }
        body = {
            "caller": caller,
            "called": x,
            "callee": callee,
            "caller_hangs_up_after": caller_hangs_up_after,
            "digits": digits,
            **({} if digits_after is None else {"digits_after": digits_after}),
        }
        return Call(**self._control("POST", "/calls", body))

    def hang_up(self, call: Call | str, by: str = "caller") -> Call:
        """Let the "caller" or the "callee" hang up; return the call as it is then.

        A call may be named by its id.
        """
        return Call(**self._control("POST", f"/calls/{_id_of(call)}/hang_up", {"by": by}))

    def look(self, call: Call | str) -> Call:
        """Return the call as it is now. A call may be named by its id."""
        return Call(**self._control("GET", f"/calls/{_id_of(call)}"))

    def advance(self, seconds: int) -> datetime:
        """Let world time pass; return the time then.

        Every push due by then has been sent.
        """
        return _time(self._control("POST", "/clock", {"advance_seconds": seconds})["now"])

    acall = _async_twin(call)
    ahang_up = _async_twin(hang_up)
    aadvance = _async_twin(advance)

    @property
    def now(self) -> datetime:
        """World time, UTC."""
        return _time(self._control("GET", "/clock")["now"])

    # ── what the customer gets ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def pushes(self) -> list[Push]:
        """Every push, in the order in which they arose.

        Of very many the last ones (`keep` of the world).
        """
        return self._pushes.look()

    @property
    def events(self) -> list[dict[str, Any]]:
        """Bodies of the call events."""
        return [push.body for push in self.pushes if push.kind == "call_event"]

    @property
    def cdrs(self) -> list[dict[str, Any]]:
        """The single CDRs, whatever messages they came in."""
        return [cdr for push in self.pushes if push.kind == "cdr" for cdr in push.body["feeLst"]]

    def _change_all(self, settings: Mapping[str, Any]) -> None:
        change_applications(self, self.applications, settings)

    def reset(self) -> None:
        """Empty the world of bindings, calls and pushes.

        Applications, numbers, settings and the clock stay.
        """
        self._control("POST", "/reset")
        self._pushes.forget()

    # ── its end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def close(self) -> None:
        """Drop the world."""
        try:
            self._journal.warn()
        finally:
            self._drop()

    def _drop(self) -> None:
        try:
            self._control("DELETE", "")
        finally:
            self._wire.close()
            self._answers.close()
            self._verdicts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        answer = self._wire.control(method, f"/worlds/{self.id}{path}", body)
        if method in _MAY_MAKE_DUE:
            self._journal.warn()
        return answer


def _one_of_every_mode() -> list[dict[str, Any]]:
    """Return the applications of a world that is made without.

    Made-up numbers, and pushes that stay in the inbox.
    """
    examples = (mode.example.application for mode in registry.modes().values())
    specs = [{name: value for name, value in app.items() if name not in _KEYS} for app in examples]
    inboxes = dict.fromkeys(("event_url", "fee_url", "sms_notify_url", "sms_control_url"), "inbox:")
    return [{**app, "numbers": list(app["numbers"]), **inboxes} for app in specs]


def _id_of(call: Call | str) -> str:
    return path_part(call if isinstance(call, str) else call.id)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
