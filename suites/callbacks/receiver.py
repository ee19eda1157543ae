"""The customer's server during a run.

Takes pushes and hands each to the inbox of the context that it is for.
"""

from __future__ import annotations

import itertools
import re
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from privnum.suites.base.answer import json_object
from privnum.suites.base.answers import TOO_LONG
from privnum.suites.callbacks.contents import keys_of, sessions_of
from privnum.suites.callbacks.inbox import Inbox
from privnum.suites.callbacks.replies import Reply
from privnum.suites.target.config import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_httpserver import HTTPServer
    from werkzeug import Request, Response

    from privnum.suites.target.config import ReceiverAddress

__all__ = ["EmbeddedReceiver", "HttpReceiver", "Receiver"]

_EVENTS = ("callin", "collectInfo", "callout", "alerting", "answer", "disconnect", "fee", "numStatus")
"""By these a request is known for a push: others find a public address too, and no target is to blame for them."""
_PART = 65536
"""Bytes that are read at a time."""
MOST_HELD = 6
"""Pushes that one control message may bring, one after the other: those of a call, events and CDR."""
LONGEST_HELD = 10.0
"""Seconds after which any target gives up a push that is not answered."""
_OWN_PATH = re.compile(r"/push/([^/]+)/")


class Receiver:
    """Routes pushes to mailboxes.

    By their path, where a inbox has one of its own, else by what they are about.

    Without a path the application and the call decide: a push of a call that a inbox had already goes to that one, or
    nowhere if it is closed; any other goes to the inbox opened last, unless it has neither an app_key of ours nor an
    eventType. `fixed` are the addresses to which call events
    and CDRs of all mailboxes come.
    """

    def __init__(self, base: str, fixed: tuple[str, str] | None = None) -> None:
        self.base = base
        self.fixed = fixed
        self._boxes: dict[str, Inbox] = {}
        self._tokens: set[str] = set()
        self._gone: set[str] = set()
        self._over: set[tuple[str, str]] = set()
        self._index = itertools.count(1)
        self._closing = threading.Event()

    def open_box(self, token: str, host: Inbox | None = None) -> Inbox:
        """A inbox for a context.

        With a `host`, one that has no addresses of its own.
        """
        if host is not None:
            return Inbox(self.base, token, (host.event_url, host.fee_url), host)
        box = self._boxes[token] = Inbox(self.base, token, self.fixed)
        self._tokens.add(token)
        return box

    def close_box(self, box: Inbox) -> None:
        """Forget it; what still comes is answered 200 and dropped."""
        self._boxes.pop(box.token, None)
        box.leave()
        if box.lasting:
            self._over |= {(key, call) for key in box.apps for call in box.calls}
        elif self.fixed is not None:
            self._gone |= box.apps.keys()

    def take(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        """Hand a push to its inbox."""
        box = self._box_of(path, headers, raw)
        if box is None:
            return Reply()
        reply = box.take(method, path, headers, raw, next(self._index))
        if reply.stall:
            self.stall(reply.stall)
        return reply

    def _box_of(self, path: str, headers: Mapping[str, str], raw: bytes) -> Inbox | None:
        own = _OWN_PATH.search(path)
        if own is not None and own[1] in self._tokens and self.fixed is None:
            return self._boxes.get(own[1])
        body, keys = json_object(raw) or {}, keys_of(headers)
        calls = sessions_of(body)
        boxes = list(reversed(list(self._boxes.values())))
        theirs = [box for box in boxes if any(key in box.apps for key in keys)]
        is_push = body.get("eventType") in _EVENTS or "smsEvent" in body
        if not theirs and (not is_push or any(key in self._gone for key in keys)):
            return None
        known = next((box for box in theirs or boxes if calls & box.calls), None)
        if known is None and any((key, call) in self._over for key in keys for call in calls):
            return None
        return known or next(iter(theirs or boxes), None)

    def held_seconds(self) -> float:
        """The real time for which this receiver may hold up a control message.

        A driver answers once the pushes that its message brings are over, so their time is not its own.
        """
        slowest = max((box.slowest for box in list(self._boxes.values())), default=0.0)
        return MOST_HELD * min(slowest, LONGEST_HELD)

    def stall(self, seconds: float) -> None:
        """Keep the platform waiting."""
        self._closing.wait(seconds)

    def close(self) -> None:
        """Stop; anybody who stalls is let go."""
        self._closing.set()


class EmbeddedReceiver(Receiver):
    """The customer as a Python function, for the embedded server."""

    def __init__(self) -> None:
        super().__init__("http://customer.example")

    def __call__(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        """Take a push; the status and body to answer with.

        Raises TimeoutError for an answer that comes too late, ConnectionResetError for none.
        """
        lower = {name.lower(): value for name, value in headers}
        reply = self.take("POST", urlsplit(url).path, lower, body)
        if reply.stall:
            raise TimeoutError
        if reply.drops:
            raise ConnectionResetError("the customer has closed the connection")
        return reply.status, reply.body

    def stall(self, seconds: float) -> None:
        """Nothing waits in a function call."""


class HttpReceiver(Receiver):
    """The customer as a server that listens, for targets that push over HTTP.

    TargetError where it cannot.
    """

    def __init__(self, address: ReceiverAddress) -> None:
        import logging

        from pytest_httpserver import HTTPServer

        respond = self._respond

        class Server(HTTPServer):
            def application(self, request: Request) -> Response:
                """A bounded receiver: the usual one would read and keep everything."""
                return respond(request)

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        _may_listen(address)
        self._server: HTTPServer = Server(host=address.host, port=address.port, threaded=True)
        self._server.start()
        super().__init__((address.url or self._server.url_for("")).rstrip("/"), address.fixed)

    def _respond(self, request: Request) -> Response:
        from werkzeug import Response

        headers = {name.lower(): value for name, value in request.headers.items()}
        raw = bytearray()
        while len(raw) <= TOO_LONG and (part := request.stream.read(min(_PART, TOO_LONG + 1 - len(raw)))):
            raw += part
        reply = self.take(request.method, request.path, headers, bytes(raw))
        if reply.drops:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response(reply.body, status=reply.status)

    def close(self) -> None:
        """See Receiver."""
        super().close()
        self._server.stop()


def _may_listen(address: ReceiverAddress) -> None:
    """Raise TargetError where nobody can listen there.

    Werkzeug would end the process, with a status of its own.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        socket.create_server((address.host, address.port), family=family).close()
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        raise TargetError(
            f"cannot listen for pushes on {address.host}:{address.port}: {why}; [receiver] of target.toml says where, "
            "port 0 is a free one (docs/target.md)"
        ) from None
