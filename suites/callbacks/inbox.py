"""The pushes of one context.

Each is checked and kept, and answered as the check wants it to.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum.suites.base.answer import json_object
from privnum.suites.base.answers import TOO_LONG
from privnum.suites.callbacks.bodies import Finding, compare_body, schema_rule
from privnum.suites.callbacks.contents import BLOCK, Kind, asks_about, fees_of, keys_of, kind_of, sessions_of
from privnum.suites.callbacks.replies import Reply
from privnum.suites.target.modes import MODES
from privnum.suites.target.number_pool import Occupied
from privnum.suites.transport.client import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.target.config import App

__all__ = ["Inbox", "Push"]

_Came = tuple[str, str, "Mapping[str, str]", bytes, int]
"""A push as it came: method, path, headers, body, and its number among all."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push as it arrived. `body` is empty where it was no JSON object.

    `answered` is the status it was given.

    `verified` says whether the signature is the application's own, `problems` everything that is wrong with the push.
    `accepted` says whether it was answered in a way that nobody could take for a failure: 200 at once, without a body.
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
    answer: bytes = b""
    """The body of the customer's answer."""

    @property
    def event_type(self) -> str:
        """eventType: callin, callout, alerting, answer, disconnect and others.

        The others are fee and numStatus.
        """
        return str(self.body.get("eventType", ""))

    @property
    def info(self) -> dict[str, Any]:
        """The statusInfo of a call event; empty where there is none."""
        info = self.body.get("statusInfo")
        return info if isinstance(info, dict) else {}

    @property
    def sms(self) -> dict[str, Any]:
        """The smsEvent of a notice of an SMS; empty where there is none."""
        event = self.body.get("smsEvent")
        return event if isinstance(event, dict) else {}

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """The numbers that a numStatus push reports."""
        infos = self.body.get("numInfo")
        return [info for info in infos if isinstance(info, dict)] if isinstance(infos, list) else []

    @property
    def cdrs(self) -> list[dict[str, Any]]:
        """The CDRs of a CDR message."""
        return fees_of(self.body)


class Inbox:
    """The pushes of one context, and how they are answered.

    `own_paths` says whether the target knows its addresses: else a push may come to any path. `calls` are the
    sessionIds of its calls. `lasting` applications are those of later mailboxes too.
    """

    def __init__(self, base: str, token: str, fixed: tuple[str, str] | None = None, host: Inbox | None = None) -> None:
        self.token = token
        self.host = host
        """The inbox to whose addresses the pushes of this one come: it is a guest there, with others."""
        self._guests: list[Inbox] = []
        self._unclaimed: dict[str, list[_Came]] = {}
        """Pushes of calls that are no guest's so far, by sessionId."""
        self._base = base
        self._is_fixed = fixed is not None
        self.event_url, self.fee_url = fixed or (f"{base}/push/{token}/events", f"{base}/push/{token}/fee")
        self.callin_url = f"{base}/push/{token}/callin"
        """An address that an application may have for callin alone."""
        self.number_status_url = f"{base}/push/{token}/number_status"
        """An address that an application may have for the status of numbers, beside `event_url`."""
        self.sms_notify_url, self.sms_control_url = (f"{base}/push/{token}/sms", f"{base}/push/{token}/sms_control")
        self.pushes: list[Push] = []
        self.apps: dict[str, App] = {}
        self.calls: set[str] = set()
        self.own_paths = True
        self.lasting = False
        self._usual: dict[str | None, Reply] = {None: Reply()}
        self._of_apps: dict[str, Reply] = {}
        self._of_asked: dict[str, Reply] = {}
        """Answers to the questions of X mode, by who calls or writes."""
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
        """A call of this inbox has that sessionId.

        What has come to the host about it is taken over.
        """
        host = self.host
        if host is None:
            self.calls.add(call)
            return
        with host._arrived:
            self.calls.add(call)
            host.calls.add(call)
            for push in host._unclaimed.pop(call, ()):
                self.take(*push)

    def _share(self, calls: frozenset[str], push: _Came) -> Reply:
        """Hand a push to the guests whose calls it is about.

        One of no call at all is everybody's.
        """
        theirs = [guest for guest in self._guests if not calls or calls & guest.calls]
        for call in calls - frozenset[str]().union(*(guest.calls for guest in theirs)):
            # a call may be reported before the driver has answered with its sessionId
            self._unclaimed.setdefault(call, []).append(push)
        for guest in theirs:
            guest.take(*push)
        asked = asks_about(json_object(push[3]) or {})
        return next((guest._of_asked[asked] for guest in self._guests if asked in guest._of_asked), Reply())

    def _only_host(self) -> None:
        if self.host is not None:
            raise Occupied("other checks go on, whose pushes would be answered so too")

    def answer(self, status: int = 200, body: bytes = b"", *, kind: Kind | None = None) -> None:
        """From now on answer so; `kind` None: pushes of every kind."""
        self.answer_with(Reply(status, body), kind=kind)

    def answer_with(self, reply: Reply, *, kind: Kind | None = None) -> None:
        """The same with a reply of any sort."""
        self._only_host()
        if kind is None:
            self._usual.clear()
        self._usual[kind] = reply
        self._usual.setdefault(None, Reply())

    def answer_of(self, app: App, reply: Reply) -> None:
        """From now on answer pushes of an application so, of every kind."""
        self._only_host()
        self._of_apps[app.key] = reply

    def fail(self, times: int, status: int = 500, *, kind: Kind | None = None) -> None:
        """Answer this many next pushes with that status, later ones as before."""
        self._only_host()
        self._next += [(kind, Reply(status))] * times

    def drop(self, times: int = 1, *, kind: Kind | None = None) -> None:
        """Close the connection of this many next pushes before an answer."""
        self._only_host()
        self._next += [(kind, Reply(drops=True))] * times

    def stall(self, seconds: float, *, times: int = 1, kind: Kind | None = None) -> None:
        """Let this many next pushes wait so long for their 200, in real time.

        The embedded server learns at once that the answer came too late.
        """
        self._only_host()
        self._next += [(kind, Reply(stall=seconds))] * times

    def answer_callin(self, caller: str, reply: Reply) -> None:
        """Answer so when the platform asks of a call of this caller (X mode).

        A guest may do it, too: nobody else has its callers.
        """
        with self._arrived:
            self._of_asked[caller] = reply

    def answer_block(self, sender: str, reply: Reply) -> None:
        """Answer so when the platform asks of an SMS of this sender."""
        with self._arrived:
            self._of_asked[f"{BLOCK} {sender}"] = reply

    def forget_block(self, sender: str) -> None:
        """Answer an SMS of this sender as any other push again."""
        with self._arrived:
            self._of_asked.pop(f"{BLOCK} {sender}", None)

    @property
    def slowest(self) -> float:
        """The longest that a push may wait for its answer, real seconds."""
        with self._arrived:
            usual = (*self._usual.values(), *self._of_apps.values(), *self._of_asked.values())
            guests = [guest.slowest for guest in self._guests]
            return max([*(reply.stall for reply in usual), *(reply.stall for _, reply in self._next), *guests])

    def wait(self, enough: Any, seconds: float) -> None:
        """Wait until `enough()` is true, at most this many seconds of real time."""
        with self._arrived:
            self._arrived.wait_for(enough, seconds)

    def take(self, method: str, path: str, headers: Mapping[str, str], raw: bytes, index: int) -> Reply:
        """Check and keep a push; return the answer to give it.

        Header names are in lower case.
        """
        body = {} if len(raw) > TOO_LONG else json_object(raw) or {}
        calls = sessions_of(body)
        if self.host is None:
            self.calls |= calls
        kind = kind_of(body)
        with self._arrived:
            if self._guests:
                return self._share(calls, (method, path, headers, raw, index))
            reply = self._reply(kind, asks_about(body), keys_of(headers))
            findings = tuple(self._check(kind, method, path, headers, None if len(raw) > TOO_LONG else body))
            bad = [f"{rule}: {text}" for rule, ok, text in findings if not ok]
            self.pushes.append(
                Push(
                    kind=kind,
                    path=path,
                    headers=headers,
                    body=body,
                    raw=raw,
                    received_index=index,
                    app_key=next(iter(keys_of(headers)), None),
                    verified=all(ok for rule, ok, _ in findings if rule == "COM-PUSH-002"),
                    problems=bad,
                    answered=reply.status,
                    accepted=reply == Reply() or reply in self._of_asked.values(),
                    findings=findings,
                    session_ids=calls,
                    answer=reply.body,
                )
            )
            self._arrived.notify_all()
        return reply

    def _reply(self, kind: Kind, asked: str, keys: list[str]) -> Reply:
        """How to answer a push of the applications `keys`.

        `asked` says of whom it asks; empty where it is no question.
        """
        for place, (wanted, reply) in enumerate(self._next):
            if wanted in (None, kind):
                del self._next[place]
                return reply
        usual = next((self._of_apps[key] for key in keys if key in self._of_apps), None)
        usual = usual or self._usual.get(kind, self._usual[None])
        return self._of_asked.get(asked, usual)

    def _check(
        self, kind: Kind, method: str, path: str, headers: Mapping[str, str], body: dict[str, Any] | None
    ) -> list[Finding]:
        """`body` None: it was longer than is read."""
        found: list[Finding] = []
        content_type = headers.get("content-type", "").replace(" ", "").lower()
        addresses = self.addresses(kind)
        right = method == "POST" and content_type == "application/json;charset=utf-8"
        known = self.own_paths and bool(addresses)
        right = right and (not known or any(self.came_to(address, path) for address in addresses))
        problem = ""
        if not right:
            sent = f"{method} {path} with Content-Type {headers.get('content-type')!r}"
            wanted = " or ".join(urlsplit(address).path for address in addresses) or "there"
            problem = f"{kind} pushed as {sent}; POST {wanted} with JSON in UTF-8 is right"
        found.append(("COM-PUSH-001", right, problem))
        app = next((self.apps[key] for key in keys_of(headers) if key in self.apps), None)
        if app is None:
            found.append(("COM-PUSH-002", False, f"{kind} push names no app_key of ours"))
        else:
            found += [(rule, not bad, f"{kind} push: {'; '.join(bad)}") for rule, bad in verify(headers, app).items()]
        # who sent it nobody knows; the applications of a check are of few modes, and their schemas much alike
        mode = app.mode if app is not None else next((own.mode for own in self.apps.values()), next(iter(MODES)))
        if body is None:
            problem = f"{kind} push of more than {TOO_LONG} bytes; the rest was not read"
            return [*found, (schema_rule(mode, kind), False, problem)]
        return found + compare_body(mode, kind, body)

    def addresses(self, kind: Kind) -> tuple[str, ...]:
        """To which a push of that kind may come; none where nobody says."""
        if kind == "number_status":
            return self.event_url, self.number_status_url
        if kind in ("sms_notify", "sms_block"):
            # where target.toml fixes addresses it does not say to which SMS come
            return () if self._is_fixed else (self.sms_notify_url, self.sms_control_url)
        return (self.fee_url,) if kind == "cdr" else (self.event_url, self.callin_url)

    @property
    def sms_addresses(self) -> dict[str, str]:
        """The settings of an application whose SMS are reported here."""
        return {"sms_notify_url": self.sms_notify_url, "sms_control_url": self.sms_control_url}

    def came_to(self, address: str, path: str) -> bool:
        """Whether a request for `path` was sent to `address`.

        A proxy may take away the beginning of the path.
        """
        return urlsplit(address).path.endswith(path) and path.endswith(address.removeprefix(self._base))
