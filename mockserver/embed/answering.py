"""A Python function as the customer's server, for calls and SMS.

It is asked over a socket on loopback, as a server of its own would be.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple, Protocol

from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.threads import need_threads

__all__ = ["CALLS", "SMS", "AnswerFunction", "Answering", "AnsweringServer", "Answers", "Asked", "reply_to"]

__tracebackhide__ = tells_all

#: Gets the statusInfo of a callin, or the smsEvent of a Block; returns the answer: an object, a body as it stands, or
#: None for an empty one.
AnswerFunction = Callable[[dict[str, Any]], Mapping[str, Any] | bytes | None]

_LONGEST: Final = 1 << 20
_log = logging.getLogger("privnum.answering")


class Asked(NamedTuple):
    """What a customer is asked about: the calls of X, or the SMS of AX and X.

    `about` gets what a push asks of it, None where it is no such question; `address` is the setting of the address for
    questions, `always` makes settings by which the built-in inbox answers each alike; `method` is that of a handle.
    """

    method: str
    about: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    address: str
    always: Callable[[Any], Mapping[str, Any]]


def _callin(push: Mapping[str, Any]) -> dict[str, Any] | None:
    info: dict[str, Any] = push.get("statusInfo", {})
    return info if push.get("eventType") == "callin" and info.get("notifyMode") == "Block" else None


def _block(push: Mapping[str, Any]) -> dict[str, Any] | None:
    event: dict[str, Any] = push.get("smsEvent", {})
    return event if event.get("notificationMode") == "Block" else None


CALLS: Final = Asked(
    "answer_calls", _callin, "event_url", lambda body: {"event_url": "inbox:", "callin_answer": {"body": body}}
)
SMS: Final = Asked(
    "answer_sms", _block, "sms_control_url", lambda body: {"sms_control_url": "inbox:", "sms_verdict": body}
)


def body_of(answer: Mapping[str, Any] | bytes | None) -> bytes:
    """Return the body of an answer: an object as JSON, bytes as they are.

    Raises:
        TypeError: it is neither, or JSON cannot say it.
        ValueError: it has a number that JSON does not have (nan, inf).
    """
    if answer is None or isinstance(answer, bytes):
        return answer or b""
    if not isinstance(answer, Mapping):
        raise TypeError(f"an answer is an object, bytes or None, not {type(answer).__name__}")
    return json.dumps(dict(answer), allow_nan=False).encode()


class _Handler(BaseHTTPRequestHandler):
    """Answers the questions, and takes the notes."""

    server: _Server

    def do_POST(self) -> None:
        """See BaseHTTPRequestHandler."""
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST)
        status, body = self.server.reply(self.rfile.read(length))
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: the server's log reports pushes."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, asked: Asked, answer: AnswerFunction) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = asked
        self.answer = answer

    def reply(self, content: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer to a push."""
        return reply_to(self.asked, self.answer, content)


def reply_to(asked: Asked, answer: AnswerFunction, content: bytes) -> tuple[int, bytes]:
    """Return status and body of a function's answer to a push.

    500 where the function fails. It is not asked of what is no JSON: of that a fault has cut the rest off.
    """
    try:
        about = asked.about(json.loads(content))
    except ValueError:
        return 400, b""
    if about is None:
        return 200, b""
    try:
        return 200, body_of(answer(about))
    except Exception:
        _log.exception("the function of %s failed: the question is answered with 500", asked.method)
        return 500, b""


class Answering(Protocol):
    """A function behind an address."""

    url: str

    def ask(self, answer: AnswerFunction) -> None:
        """Ask another function from now on."""

    def close(self) -> None:
        """Ask nobody any more."""


class AnsweringServer:
    """Asks a function what becomes of each call, or SMS.

    Args:
        asked: which of them.
        answer: the function; it is called in a thread of its own.

    Raises:
        RuntimeError: gevent or eventlet has replaced threads.
    """

    def __init__(self, asked: Asked, answer: AnswerFunction) -> None:
        need_threads(asked.method)
        self._server = _Server(asked, answer)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/events"
        self._thread = threading.Thread(target=self._server.serve_forever, name="privnum answers", daemon=True)
        self._thread.start()

    def ask(self, answer: AnswerFunction) -> None:
        """Ask another function from now on."""
        self._server.answer = answer

    def close(self) -> None:
        """End the server and its thread."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Answers:
    """How a world's applications are answered: by a function, or always alike.

    Args:
        asked: of what they ask.
        change: changes settings of these applications.
        serve: puts a function behind an address.
    """

    def __init__(
        self,
        asked: Asked,
        change: Callable[[Mapping[str, Any]], None],
        serve: Callable[[Asked, AnswerFunction], Answering] = AnsweringServer,
    ) -> None:
        self._asked = asked
        self._change = change
        self._serve = serve
        self._server: Answering | None = None
        #: The function that is asked, if one was given.
        self.function: AnswerFunction | None = None

    def give(self, answer: AnswerFunction | Mapping[str, Any] | str | None) -> None:
        """Answer so from now on.

        A function is asked; anything else is the answer to every question.
        """
        if not callable(answer):
            self._change(self._asked.always(dict(answer) if isinstance(answer, Mapping) else answer))
            return
        if self._server is None:
            self._server = self._serve(self._asked, answer)
        self.resume(answer)
        self._change({self._asked.address: self._server.url})

    def resume(self, function: AnswerFunction | None) -> None:
        """Ask a function again that was given before; settings stay."""
        if self._server is not None and function is not None:
            self.function = function
            self._server.ask(function)

    def close(self) -> None:
        """End what was started."""
        if self._server is not None:
            self._server.close()
            self._server = None
