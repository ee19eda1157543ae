"""A world of its own on a server, as a friendly object: what a test of a client program needs, and no more."""

from __future__ import annotations

import base64
import hmac
import http.client
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import orjson

from privnum import contracts
from privnum.mockserver.edge import CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

__all__ = ["AppHandle", "Call", "DriverError", "Push", "WorldHandle", "signed_headers"]

#: The X numbers of a world that is made without applications of its own: made up, two of one area.
_NUMBERS: Final = (
    {"number": "+8617000000001", "area_code": "0755"},
    {"number": "+8617000000002", "area_code": "0755"},
    {"number": "+8617000000003", "area_code": "010"},
)
#: Seconds after which a kept-alive connection is not used again.
_STALE: Final = 60.0
_CREATED: Final = 201


class DriverError(Exception):
    """The control plane refused a message; `where` is the field or path at fault."""

    def __init__(self, status: int, error: str, where: str) -> None:
        super().__init__(f"{error} (HTTP {status}, {where})")
        self.status = status
        self.where = where


@dataclass(frozen=True, slots=True)
class AppHandle:
    """An application: its mode, key and secret, and its X numbers."""

    mode: str
    app_key: str
    app_secret: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call at one moment. Times are text of the form 2026-03-01T00:00:00Z, None = not reached.

    `state` is collecting, forwarded, alerting, answered or ended; `forwarded_to` and `displayed` are what the platform
    made of the dialled X: whom it rings, and the number he sees. `extension` is the one by which the call was put
    through, `collected` what the caller entered, `played` what he heard (AXE).
    """

    id: str
    session_id: str
    mode: str
    app_key: str
    x: str
    caller: str
    called: str
    state: str
    forwarded_to: str | None
    displayed: str | None
    subscription_id: str | None
    release_cause: int | None
    started_at: str
    forwarded_at: str | None
    alerting_at: str | None
    answered_at: str | None
    ended_at: str | None
    extension: str | None = None
    collected: Sequence[str] = ()
    played: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Push:
    """A message to the customer. `kind` is call_event or cdr, `state` pending, delivered or given_up.

    `outcomes` are those of its attempts: HTTP status as text, "timeout", "refused" or "error".
    """

    kind: str
    body: dict[str, Any]
    state: str
    url: str
    outcomes: tuple[str, ...]


class WorldHandle:
    """A world, from its making to its end; a context manager. Its clock stands still until it is advanced.

        private_number.bind("+8613800000001", "+8613900000002", x)
        call = private_number.call("+8613800000001", x)
        private_number.advance(10)
        private_number.hang_up(call)
        assert private_number.cdrs[0]["sessionId"] == call.session_id

    Args:
        server_url: address of the server.
        spec: the control message (driver/world.create); without applications it gets one of mode AXB whose pushes
            stay in the built-in inbox.

    Raises:
        DriverError: the message was refused.
    """

    def __init__(self, server_url: str, spec: Mapping[str, Any] | None = None) -> None:
        self._wire = _Wire(server_url)
        app = {"mode": "AXB", "numbers": list(_NUMBERS), "event_url": "inbox:", "fee_url": "inbox:"}
        world = self._wire.control("POST", "/worlds", {"applications": [app], **(spec or {})})
        self.id: str = world["id"]
        #: Base address of its API: what a client program takes for the platform's.
        self.url: str = world["url"]
        self.applications = tuple(_app(app) for app in world["applications"])

    @property
    def axb(self) -> AppHandle:
        """The first application of mode AXB. LookupError: there is none."""
        return self._first("AXB")

    @property
    def axe(self) -> AppHandle:
        """The first application of mode AXE. LookupError: there is none."""
        return self._first("AXE")

    def _first(self, mode: str) -> AppHandle:
        found = next((app for app in self.applications if app.mode == mode), None)
        if found is None:
            there = ", ".join(app.mode for app in self.applications) or "none"
            raise LookupError(
                f"this world has no application of mode {mode}, only: {there}; name it when the world is made, as in "
                f'{{"applications": [{{"mode": "{mode}", "numbers": [{{"number": "+8617000000001"}}]}}]}}'
            )
        return found

    # ── requests, as a client sends them ─────────────────────────────────────────────────────────────────────────────

    def headers(self, app: AppHandle | None = None) -> dict[str, str]:
        """Return signed headers (AKSK) for a request of an application, by default the AXB one."""
        return signed_headers(app or self.axb)

    def request(
        self,
        operation: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        app: AppHandle | None = None,
    ) -> dict[str, Any]:
        """Send a signed request by the operation's id ("axb.bind") and return the answer, resultcode and all.

        Without `app` it is of the first application of the operation's mode.

        Raises:
            UnknownName: there is no such operation.
            LookupError: the world has no application of its mode.
        """
        known = contracts.operations().get(operation)
        if known is None:
            raise contracts.UnknownName("operation", operation, contracts.operations())
        app = app or self._first("AXB" if known.mode == "common" else known.mode)
        target = urlsplit(self.url).path + known.path + ("?" + urlencode(query) if query else "")
        sent = b"" if body is None else orjson.dumps(body)
        answer: dict[str, Any] = orjson.loads(self._wire.send(known.method, target, self.headers(app), sent)[1])
        return answer

    def bind(self, a: str, b: str, x: str | None = None, **fields: Any) -> dict[str, Any]:
        """Bind A and B, on X where it is given; `fields` are further ones of the request (axb.bind)."""
        body = {"callerNum": a, "calleeNum": b, **({} if x is None else {"relationNum": x}), **fields}
        return self.request("axb.bind", body=body)

    def modify(self, subscription_id: str, **fields: Any) -> dict[str, Any]:
        """Change fields of a binding (axb.modify)."""
        return self.request("axb.modify", body={"subscriptionId": subscription_id, **fields})

    def unbind(self, **selectors: Any) -> dict[str, Any]:
        """Dissolve a binding by subscriptionId, or every one on a relationNum (axb.unbind)."""
        return self.request("axb.unbind", query=selectors)

    def query(self, **selectors: Any) -> dict[str, Any]:
        """Look bindings up (axb.query)."""
        return self.request("axb.query", query=selectors)

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
            x: an X of this world.
            behaviour: of the callee: answer, busy, reject, no_answer, powered_off, out_of_service, not_exist,
                unreachable or silent.
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

    def hang_up(self, call: Call, by: str = "caller") -> Call:
        """Let the "caller" or the "callee" hang up; return the call as it is then."""
        return Call(**self._control("POST", f"/calls/{call.id}/hang_up", {"by": by}))

    def look(self, call: Call) -> Call:
        """Return the call as it is now."""
        return Call(**self._control("GET", f"/calls/{call.id}"))

    def advance(self, seconds: int) -> datetime:
        """Let world time pass; return the time then. Every push due by then has been sent."""
        return _time(self._control("POST", "/clock", {"advance_seconds": seconds})["now"])

    @property
    def now(self) -> datetime:
        """World time, UTC."""
        return _time(self._control("GET", "/clock")["now"])

    # ── what the customer gets ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def pushes(self) -> list[Push]:
        """Every push of this world, in the order in which they arose."""
        told = self._control("GET", "/pushes")["pushes"]
        return [
            Push(push["kind"], push["body"], push["state"], push["url"], tuple(a["outcome"] for a in push["attempts"]))
            for push in told
        ]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Bodies of the call events."""
        return [push.body for push in self.pushes if push.kind == "call_event"]

    @property
    def cdrs(self) -> list[dict[str, Any]]:
        """The single CDRs, whatever messages they came in."""
        return [cdr for push in self.pushes if push.kind == "cdr" for cdr in push.body["feeLst"]]

    def send_pushes_to(self, url: str | None, app: AppHandle | None = None) -> None:
        """Send call events and CDRs to an address, to the built-in inbox ("inbox:"), or nowhere (None)."""
        key = quote((app or self.axb).app_key, safe="")
        self._control("PATCH", f"/applications/{key}", {"event_url": url, "fee_url": url})

    # ── its end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def close(self) -> None:
        """Drop the world."""
        try:
            self._control("DELETE", "")
        finally:
            self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._wire.control(method, f"/worlds/{self.id}{path}", body)


class _Wire:
    """Kept-alive connections, one for each thread, so that a handler of pushes may use the world that calls it.

    http.client, since it loads in no time and a test may need nothing more.
    """

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._mine = threading.local()
        self._all: list[http.client.HTTPConnection] = []

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = http.client.HTTPConnection(self._address)
            self._all.append(connection)
        elif time.monotonic() - self._mine.used > _STALE:
            connection.close()
        return connection

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        connection = self._connection()
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        except BaseException:
            connection.close()  # what else comes on it would answer another question
            raise
        finally:
            self._mine.used = time.monotonic()
        return answer.status, content

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a control message; return the answer, None if it has no body.

        Raises:
            DriverError: it was refused.
        """
        sent = b"" if body is None else orjson.dumps(body)
        status, content = self.send(method, CONTROL + path, {"Content-Type": "application/json"}, sent)
        told = orjson.loads(content) if content else None
        if status > _CREATED and told is not None:
            raise DriverError(status, told["error"], told["where"])
        return told

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._all:
            connection.close()


def signed_headers(app: AppHandle) -> dict[str, str]:
    """Return headers that sign a request of an application (AKSK), as of now."""
    nonce = secrets.token_hex(16)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = base64.b64encode(hmac.digest(app.app_secret.encode(), (nonce + created).encode(), "sha256")).decode()
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": (
            f'UsernameToken Username="{app.app_key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
        ),
    }


def _app(view: Mapping[str, Any]) -> AppHandle:
    numbers = tuple(x["number"] for x in view["numbers"])
    return AppHandle(view["mode"], view["app_key"], view["app_secret"], numbers)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
