"""A Python function as the customer's server of X mode.

It is asked over a socket on loopback, as a server of its own would be.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from privnum.mockserver.embed.threads import need_threads

__all__ = ["AnswerFunction", "AnsweringServer", "CallAnswers", "body_of"]

#: Gets the statusInfo of a callin; returns the answer: an object, a body as it stands, or None for an empty one.
AnswerFunction = Callable[[dict[str, Any]], Mapping[str, Any] | bytes | None]

_LONGEST: Final = 1 << 20
_log = logging.getLogger("privnum.answering")


def body_of(answer: Mapping[str, Any] | bytes | None) -> bytes:
    """Return the body of an answer: an object as JSON, bytes as they are.

    Raises:
        TypeError: it is neither, or JSON cannot say it.
        ValueError: it has a number that JSON does not have (nan, inf).
    """
    if answer is None or isinstance(answer, bytes):
        return answer or b""
    if not isinstance(answer, Mapping):
        raise TypeError(f"an answer to callin is an object, bytes or None, not {type(answer).__name__}")
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
        """Say nothing: the server's log tells of pushes."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: AnswerFunction) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer

    def reply(self, content: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer to a push.

        500 where the function fails.
        """
        push = json.loads(content)
        info = push.get("statusInfo", {})
        if push.get("eventType") != "callin" or info.get("notifyMode") != "Block":
            return 200, b""
        try:
            return 200, body_of(self.answer(info))
        except Exception:
            _log.exception("the function that answers for the customer failed: callin is answered with 500")
            return 500, b""


class AnsweringServer:
    """Asks a function what becomes of each call.

    Args:
        answer: the function; it is called in a thread of its own.

    Raises:
        RuntimeError: gevent or eventlet has replaced threads.
    """

    def __init__(self, answer: AnswerFunction) -> None:
        need_threads("answer_calls")
        self._server = _Server(answer)
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


class CallAnswers:
    """How a world's X applications are answered.

    By a function, or always alike.

    Args:
        change: changes settings of these applications.
    """

    def __init__(self, change: Callable[[Mapping[str, Any]], None]) -> None:
        self._change = change
        self._server: AnsweringServer | None = None

    def give(self, answer: AnswerFunction | Mapping[str, Any] | bytes) -> None:
        """Answer so from now on.

        A function is asked; anything else is the answer to every callin.

        Raises:
            TypeError: it is neither a function nor an object nor bytes.
        """
        if not callable(answer):
            if not isinstance(answer, Mapping | bytes):
                raise TypeError(f"answer_calls takes a function, an object or bytes, not {type(answer).__name__}")
            body = answer.decode() if isinstance(answer, bytes) else dict(answer)
            self._change({"event_url": "inbox:", "callin_answer": {"body": body}})
            return
        if self._server is None:
            self._server = AnsweringServer(answer)
        self._server.ask(answer)
        self._change({"event_url": self._server.url})

    def close(self) -> None:
        """End what was started."""
        if self._server is not None:
            self._server.close()
            self._server = None
