"""The stand-in server mounted in a server of pytest-httpserver.

Whatever else a test mounts there stays beside it.
"""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING, Final

from werkzeug import Response

from privnum.mockserver.control.edge import Edge
from privnum.mockserver.embed.direct import DirectServer, raw_headers, reply_of
from privnum.mockserver.http.faulty import RESETS, AnswerLost, half_of
from privnum.mockserver.http.gate import Gate
from privnum.mockserver.pushes.addresses import is_control, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from pytest_httpserver import HTTPServer
    from werkzeug import Request

    from privnum.mockserver.core.answers import Answer

__all__ = ["mount"]

#: The API plane, the API plane of a world, the control plane.
_PATHS = re.compile(r"^/(rest|w|_privnum)(/|$)")

_ONE_AT_A_TIME: Final = (
    "it is the HTTPServer on which the stand-in is mounted, which handles one request at a time, so it cannot take a "
    "push before it has answered; make it with HTTPServer(threaded=True), or let another server take pushes"
)


def mount(
    httpserver: HTTPServer, server: DirectServer | None = None, *, control_token: str | None = None
) -> DirectServer:
    """Let an HTTPServer's requests to our planes be answered by a server.

    Return that server.

    Control messages are taken as `privnum serve` takes them: no web page may send one, and each has the control token
    where there is one.

    An HTTPServer handles one request at a time unless it was made with `threaded=True`. It cannot take a push before it
    has answered the message that makes the push due; so where pushes go over HTTP, addresses on it are refused then.

    Args:
        httpserver: where the server is mounted.
        server: what is mounted, by default a new one.
        control_token: goes with each control message as "Authorization: Bearer …"; None: none is needed.

    Raises:
        ValueError: other machines can reach the HTTPServer, and there is no control token.
    """
    if control_token is None and not is_loopback(httpserver.host):
        raise ValueError(
            f"other machines can reach {httpserver.host}, and control messages make calls and show every secret: name "
            "a control_token, or make the HTTPServer with host='127.0.0.1'"
        )
    gate = Gate(control_token)
    served = server or DirectServer()
    base_url = served.platform.base_url = httpserver.url_for("").rstrip("/")
    targets = served.platform.push_targets
    if targets is not None:
        targets.belongs_to_us(base_url)
        if not httpserver.threaded:
            targets.refuse_receiver(base_url, _ONE_AT_A_TIME)

    def handle(request: Request) -> Response:
        # The undecoded target; werkzeug's own server and others call it by different names.
        target = request.environ.get("REQUEST_URI") or request.environ["RAW_URI"]
        path, _, query = str(target).partition("?")
        fields = list(request.headers)
        refused = gate.refusal(request.method, path, raw_headers(fields)) if is_control(path) else None
        if refused is not None:
            status, sent, body = reply_of(Edge.control_error(*refused))
            return Response(body, status, sent)
        try:
            status, headers, body = served.request(
                request.method, path, query, fields, request.get_data(), client=request.remote_addr or ""
            )
        except AnswerLost as lost:
            return _Lost(lost)
        return Response(body, status, headers)

    httpserver.expect_request(_PATHS).respond_with_handler(handle)
    return served


class _Lost(Response):
    """Ends a connection in place of an answer, or in the midst of it."""

    def __init__(self, lost: AnswerLost) -> None:
        super().__init__(b"", 500)
        self._lost = lost

    def __call__(self, environ: WSGIEnvironment, _: StartResponse) -> Iterable[bytes]:
        """See Response; werkzeug takes the error for a client that has gone."""
        connection: socket.socket = environ["werkzeug.socket"]
        if self._lost.ending == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
            os.close(connection.detach())
            raise ConnectionResetError(str(self._lost))
        if self._lost.ending == "half_sent":
            connection.sendall(_half_of(self._lost.answer))
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError(str(self._lost))


def _half_of(answer: Answer) -> bytes:
    status, headers, body = reply_of(answer)
    lines = [f"{name}: {value}" for name, value in (*headers, ("Content-Length", str(len(body))))]
    return half_of("\r\n".join((f"HTTP/1.1 {status} -", *lines, "", "")).encode("latin-1"), body)
