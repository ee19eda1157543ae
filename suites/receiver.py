"""The customer's server during a run: takes pushes, judges each, and answers as a check wants it to."""

from __future__ import annotations

import itertools
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.client import json_object, read_token, verify
from privnum.suites.target import TargetError
from privnum.suites.users import Occupied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_httpserver import HTTPServer
    from werkzeug import Request, Response

    from privnum.suites.target import App, ReceiverAddress

__all__ = ["EmbeddedReceiver", "Finding", "HttpReceiver", "Mailbox", "Push", "Receiver", "Reply", "sessions_of"]

Kind = Literal["call_event", "cdr"]
Finding = tuple[str, bool, str]
"""Requirement, whether it holds, what was found."""

_SCHEMA_RULES = {
    "AXB": {"call_event": "AXB-EVENT-003", "cdr": "AXB-CDR-002", "count": "AXB-CDR-003"},
    "AXE": {"call_event": "AXE-EVENT-007", "cdr": "AXE-CDR-002", "count": "AXE-CDR-011"},
}
"""Which rule says that a push holds to its schema, by the mode of its application."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How the customer answers a push; `stall` seconds pass before."""

    status: int = 200
    body: bytes = b""
    stall: float = 0.0


@dataclass(frozen=True, slots=True)
class Push:
    """A push as it arrived. `body` is empty where it was no JSON object; `answered` is the status it was given.

    `verified` tells whether the signature is the application's own, `problems` everything that is wrong with the push.
    `accepted` tells whether it was answered in a way that nobody could take for a failure: 200 at once, without a body.
    """

    kind: Kind
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    raw: bytes = field(repr=False)
    received_index: int
    app_key: str | None
    verified: bool
    problems: list[str]
    answered: int
    accepted: bool
    findings: tuple[Finding, ...] = field(repr=False)
    session_ids: frozenset[str] = frozenset()
    """Calls that it is about."""

    @property
    def event_type(self) -> str:
        """eventType: callin, callout, alerting, answer, disconnect, fee."""
        return str(self.body.get("eventType", ""))

    @property
    def info(self) -> dict[str, Any]:
        """The statusInfo of a call event; empty where there is none."""
        info = self.body.get("statusInfo")
        return info if isinstance(info, dict) else {}

    @property
    def cdrs(self) -> list[dict[str, Any]]:
        """The CDRs of a CDR message."""
        return _fees(self.body)


class Mailbox:
    """The pushes of one bench, and how they are answered.

    `own_paths` tells whether the target knows its addresses: else a push may come to any path. `calls` are the
    sessionIds of its calls. `lasting` applications are those of later mailboxes too.
    """

    def __init__(
        self, base: str, token: str, fixed: tuple[str, str] | None = None, host: Mailbox | None = None
    ) -> None:
        self.token = token
        self.host = host
        """The mailbox to whose addresses the pushes of this one come: it is a guest there, with others."""
        self._guests: list[Mailbox] = []
        self._unclaimed: list[tuple[str, str, Mapping[str, str], bytes, int]] = []
        self._base = base
        self.event_url, self.fee_url = fixed or (f"{base}/push/{token}/events", f"{base}/push/{token}/fee")
        self.pushes: list[Push] = []
        self.apps: dict[str, App] = {}
        self.calls: set[str] = set()
        self.own_paths = True
        self.lasting = False
        self._usual: dict[str | None, Reply] = {None: Reply()}
        self._next: list[tuple[str | None, Reply]] = []
        self._arrived = threading.Condition()
        if host is not None:
            with host._arrived:
                host._guests.append(self)

    def leave(self) -> None:
        """Be no guest any more."""
        if self.host is not None:
            with self.host._arrived:
                self.host._guests.remove(self)

    def expect(self, call: str) -> None:
        """A call of this mailbox has that sessionId; what has come to the host about it is taken over."""
        host = self.host
        if host is None:
            self.calls.add(call)
            return
        with host._arrived:
            self.calls.add(call)
            host.calls.add(call)
            for push in host._unclaimed:
                if call in sessions_of(json_object(push[3]) or {}):
                    self.take(*push)

    def _share(self, calls: frozenset[str], push: tuple[str, str, Mapping[str, str], bytes, int]) -> Reply:
        """Hand a push to the guests whose calls it is about; one of no call at all is everybody's."""
        theirs = [guest for guest in self._guests if not calls or calls & guest.calls]
        if calls - frozenset[str]().union(*(guest.calls for guest in theirs)):
            self._unclaimed.append(push)  # a call may be told of before the driver has answered with its sessionId
        for guest in theirs:
            guest.take(*push)
        return Reply()

    def _only_host(self) -> None:
        if self.host is not None:
            raise Occupied("other checks go on, whose pushes would be answered so too")

    def answer(self, status: int = 200, body: bytes = b"", *, kind: Kind | None = None) -> None:
        """From now on answer so; `kind` None: pushes of every kind."""
        self._only_host()
        if kind is None:
            self._usual.clear()
        self._usual[kind] = Reply(status, body)
        self._usual.setdefault(None, Reply())

    def fail(self, times: int, status: int = 500, *, kind: Kind | None = None) -> None:
        """Answer the next so many pushes with that status, later ones as before."""
        self._only_host()
        self._next += [(kind, Reply(status))] * times

    def stall(self, seconds: float, *, times: int = 1, kind: Kind | None = None) -> None:
        """Let the next so many pushes wait so long for their 200, in real time.

        The embedded server is told at once that the answer came too late.
        """
        self._only_host()
        self._next += [(kind, Reply(stall=seconds))] * times

    def wait(self, enough: Any, seconds: float) -> None:
        """Wait until `enough()` is true, at most so many seconds of real time."""
        with self._arrived:
            self._arrived.wait_for(enough, seconds)

    def take(self, method: str, path: str, headers: Mapping[str, str], raw: bytes, index: int) -> Reply:
        """Judge and keep a push; the answer to give it. Header names are in lower case."""
        body = json_object(raw) or {}
        calls = sessions_of(body)
        if self.host is None:
            self.calls |= calls
        kind: Kind = "cdr" if body.get("eventType") == "fee" else "call_event"
        with self._arrived:
            if self._guests:
                return self._share(calls, (method, path, headers, raw, index))
            reply = self._reply(kind)
            findings = tuple(self._judge(kind, method, path, headers, body))
            bad = [f"{rule}: {text}" for rule, ok, text in findings if not ok]
            self.pushes.append(
                Push(
                    kind=kind,
                    path=path,
                    headers=headers,
                    body=body,
                    raw=raw,
                    received_index=index,
                    app_key=next(iter(_keys(headers)), None),
                    verified=all(ok for rule, ok, _ in findings if rule == "COM-PUSH-002"),
                    problems=bad,
                    answered=reply.status,
                    accepted=reply == Reply(),
                    findings=findings,
                    session_ids=calls,
                )
            )
            self._arrived.notify_all()
        return reply

    def _reply(self, kind: Kind) -> Reply:
        for place, (wanted, reply) in enumerate(self._next):
            if wanted in (None, kind):
                del self._next[place]
                return reply
        return self._usual.get(kind, self._usual[None])

    def _judge(
        self, kind: Kind, method: str, path: str, headers: Mapping[str, str], body: dict[str, Any]
    ) -> list[Finding]:
        found: list[Finding] = []
        content_type = headers.get("content-type", "").replace(" ", "").lower()
        address = self.event_url if kind == "call_event" else self.fee_url
        right = method == "POST" and content_type == "application/json;charset=utf-8"
        right = right and (not self.own_paths or self._came_to(address, path))
        told = ""
        if not right:
            sent = f"{method} {path} with Content-Type {headers.get('content-type')!r}"
            told = f"{kind} pushed as {sent}; POST {urlsplit(address).path} with JSON in UTF-8 is right"
        found.append(("COM-PUSH-001", right, told))
        app = next((self.apps[key] for key in _keys(headers) if key in self.apps), None)
        if app is None:
            found.append(("COM-PUSH-002", False, f"{kind} push names no app_key of ours"))
        else:
            found += [(rule, not bad, f"{kind} push: {'; '.join(bad)}") for rule, bad in verify(headers, app).items()]
        mode = app.mode if app is not None else "AXB"
        return found + _judge_body(mode, kind, body) if mode in _SCHEMA_RULES else found

    def _came_to(self, address: str, path: str) -> bool:
        """Whether a request for `path` was sent to `address`; a proxy may take away what stands before our part."""
        return urlsplit(address).path.endswith(path) and path.endswith(address.removeprefix(self._base))


def _judge_body(mode: str, kind: Kind, body: dict[str, Any]) -> list[Finding]:
    rules = _SCHEMA_RULES[mode]
    judge = contracts.validator(contracts.callbacks()[f"{mode.lower()}.{kind}"].schema)
    problems = [] if judge.is_valid(body) else judge.problems(body)
    problems = [problem for problem in problems if contracts.is_documented(judge.schema, problem.parameter)]
    found = [(rules[kind], not problems, " ".join(p.message for p in problems[:3]))]
    if kind == "cdr":
        # first: how many there are is in the schema too, and the rule that says so is this one
        fees = body.get("feeLst")
        count = len(fees) if isinstance(fees, list) else 0
        found.insert(0, (rules["count"], 1 <= count <= 50, f"a message with {count} CDRs"))
    return found


def _fees(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    fees = body.get("feeLst")
    return [fee for fee in fees if isinstance(fee, dict)] if isinstance(fees, list) else []


def sessions_of(body: Mapping[str, Any]) -> frozenset[str]:
    """The sessionIds that a push is about."""
    items = [item for item in (body.get("statusInfo"), *_fees(body)) if isinstance(item, dict)]
    return frozenset(str(item["sessionId"]) for item in items if "sessionId" in item)


def _keys(headers: Mapping[str, str]) -> list[str]:
    return [
        value
        for header in ("x-aksk", "x-wsse")
        for name, value in read_token(headers.get(header, ""))
        if name == "Username"
    ]


_EVENTS = ("callin", "collectInfo", "callout", "alerting", "answer", "disconnect", "fee")
"""By these a request is known for a push: others find a public address too, and no target is to blame for them."""
_OWN_PATH = re.compile(r"/push/([^/]+)/")


class Receiver:
    """Routes pushes to mailboxes: by their path, where a mailbox has one of its own, else by what they are about.

    Without a path the application and the call decide: a push of a call that a mailbox had already goes to that one, or
    nowhere if it is closed; any other goes to the mailbox opened last, unless it has neither an app_key of ours nor an
    eventType. `fixed` are the addresses to which call events
    and CDRs of all mailboxes come.
    """

    def __init__(self, base: str, fixed: tuple[str, str] | None = None) -> None:
        self.base = base
        self.fixed = fixed
        self._boxes: dict[str, Mailbox] = {}
        self._tokens: set[str] = set()
        self._gone: set[str] = set()
        self._over: set[tuple[str, str]] = set()
        self._index = itertools.count(1)
        self._closing = threading.Event()

    def open_box(self, token: str, host: Mailbox | None = None) -> Mailbox:
        """A mailbox for a bench; with a `host`, one that has no addresses of its own."""
        if host is not None:
            return Mailbox(self.base, token, (host.event_url, host.fee_url), host)
        box = self._boxes[token] = Mailbox(self.base, token, self.fixed)
        self._tokens.add(token)
        return box

    def close_box(self, box: Mailbox) -> None:
        """Forget it; what still comes is answered 200 and dropped."""
        self._boxes.pop(box.token, None)
        box.leave()
        if box.lasting:
            self._over |= {(key, call) for key in box.apps for call in box.calls}
        elif self.fixed is not None:
            self._gone |= box.apps.keys()

    def take(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        """Hand a push to its mailbox."""
        box = self._box_of(path, headers, raw)
        if box is None:
            return Reply()
        reply = box.take(method, path, headers, raw, next(self._index))
        if reply.stall:
            self.hold(reply.stall)
        return reply

    def _box_of(self, path: str, headers: Mapping[str, str], raw: bytes) -> Mailbox | None:
        own = _OWN_PATH.search(path)
        if own is not None and own[1] in self._tokens and self.fixed is None:
            return self._boxes.get(own[1])
        body, keys = json_object(raw) or {}, _keys(headers)
        calls = sessions_of(body)
        boxes = list(reversed(list(self._boxes.values())))
        theirs = [box for box in boxes if any(key in box.apps for key in keys)]
        if not theirs and (body.get("eventType") not in _EVENTS or any(key in self._gone for key in keys)):
            return None
        known = next((box for box in theirs or boxes if calls & box.calls), None)
        if known is None and any((key, call) in self._over for key in keys for call in calls):
            return None
        return known or next(iter(theirs or boxes), None)

    def hold(self, seconds: float) -> None:
        """Keep the platform waiting."""
        self._closing.wait(seconds)

    def close(self) -> None:
        """Stop; whoever stalls is let go."""
        self._closing.set()


class EmbeddedReceiver(Receiver):
    """The customer as a Python function, for the embedded server."""

    def __init__(self) -> None:
        super().__init__("http://customer.example")

    def __call__(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        """Take a push; the status and body to answer with. Raises TimeoutError for an answer that comes too late."""
        lower = {name.lower(): value for name, value in headers}
        reply = self.take("POST", urlsplit(url).path, lower, body)
        if reply.stall:
            raise TimeoutError
        return reply.status, reply.body

    def hold(self, seconds: float) -> None:
        """Nothing waits in a function call."""


class HttpReceiver(Receiver):
    """The customer as a server that listens, for targets that push over HTTP. TargetError where it cannot."""

    def __init__(self, address: ReceiverAddress) -> None:
        import logging

        from pytest_httpserver import HTTPServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        _may_listen(address)
        self._server: HTTPServer = HTTPServer(host=address.host, port=address.port, threaded=True)
        self._server.start()
        super().__init__((address.url or self._server.url_for("")).rstrip("/"), address.fixed)
        self._server.expect_request(re.compile(".*")).respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        from werkzeug import Response

        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self.take(request.method, request.path, headers, request.get_data())
        return Response(reply.body, status=reply.status)

    def close(self) -> None:
        """See Receiver."""
        super().close()
        self._server.stop()


def _may_listen(address: ReceiverAddress) -> None:
    """Raise TargetError where nobody can listen there. werkzeug would end the process, with a status of its own."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        socket.create_server((address.host, address.port), family=family).close()
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        raise TargetError(
            f"cannot listen for pushes on {address.host}:{address.port}: {why}; [receiver] of target.toml says where, "
            "port 0 is a free one (docs/target.md)"
        ) from None
