"""A connection whose requests another node may have to answer.

Most of these need no task: what the other node has answered goes out as it came.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, cast

import httptools

from privnum.mockserver.control.edge import MAX_HEAD
from privnum.mockserver.http.nodes.passing import BETWEEN_NODES
from privnum.mockserver.http.protocol import WireProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    class Passes(Protocol):
        """What the protocol asks of a node."""

        is_piped: bool

        def pass_on(self, request: Request, then: Callable[[bytes | None], None]) -> bool:
            """Let another node answer; see `NodeApp.pass_on`."""
            ...


__all__ = ["PassingProtocol", "Request"]

#: What is answered with a body by its length. Of HEAD nobody would know where the answer ends.
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE"})
#: Most bytes of what is passed on: the other node takes some more than the client has sent.
_LONGEST: Final = MAX_HEAD // 2
_NOBODY_WAITS: Final = asyncio.Event()
#: Hears nothing of what is parsed.
_NOBODY: Final = object()


class Request(NamedTuple):
    """A request of the API plane that is whole."""

    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    client: bytes
    scheme: bytes


class _Passed:
    """Stands for the cycle of a request that another node answers."""

    __slots__ = ("disconnected", "keep_alive", "request", "response_complete")

    more_body = response_started = False
    message_event = _NOBODY_WAITS

    def __init__(self, request: Request) -> None:
        self.request = request
        self.disconnected = self.response_complete = False
        self.keep_alive = True


class PassingProtocol(WireProtocol):
    """One connection to a server that is a node."""

    __slots__ = ("_joins", "_unsent")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._joins = False  # another node asks here, many requests at a time
        self._unsent: list[bytes] = []

    def pause_writing(self) -> None:
        """Let requests go by tasks until the client has read.

        Not those of another node, which are no more than its connections: what it has piped must not wait for a fault.
        """
        if not self._joins:
            super().pause_writing()

    def _hold(self, answer: bytes, closes: bool) -> None:
        if cast("Passes", self._serves).is_piped:
            self._joins = True
        super()._hold(answer, closes)

    def let_go(self, answer: bytes, closes: bool) -> None:
        """Send an answer that was held; to another node, together with others."""
        if not self._joins:
            super().let_go(answer, closes)
            return
        if not self._unsent:
            self.loop.call_soon(self._send_joined)
        self._unsent.append(answer)
        if closes:
            self._stopping = True

    def _send_joined(self) -> None:
        unsent, self._unsent = self._unsent, []
        self._held -= len(unsent) - 1
        super().let_go(b"".join(unsent), closes=False)

    def _go_round(self) -> None:
        """Hand a whole request to another node, or else to ASGI."""
        if not self._pass_on():
            super()._go_round()

    def _pass_on(self) -> bool:
        """Let another node answer; return False where it cannot at once."""
        headers = self.headers
        if self._method not in _METHODS or self._version != "1.1" or self._last:
            return False
        if len(self.url) + sum(len(name) + len(value) for name, value in headers) > _LONGEST:
            return False
        client = self.client[0].encode() if self.client else b""
        scheme = (self.scheme or "http").encode()
        request = Request(self._method.encode(), self.url, headers, bytes(self._body), client, scheme)
        passed = _Passed(request)
        if not cast("Passes", self._serves).pass_on(request, partial(self._take_answer, passed)):
            return False
        self.cycle = cast("RequestResponseCycle", passed)
        return True

    def _take_answer(self, passed: _Passed, answer: bytes | None) -> None:
        """Send what the other node has answered; ask it anew where it has not."""
        if passed.disconnected or self.transport.is_closing():
            return
        if answer is None:
            if passed.request.method == b"GET":
                self._ask_anew(passed)
            else:
                self.transport.close()  # nobody knows what became of it
        elif BETWEEN_NODES in answer[: answer.find(b"\r\n\r\n")]:
            self._ask_anew(passed)
        elif self._held:
            self._behind_held(partial(self._send_passed, passed, answer))
        else:
            self._send_passed(passed, answer)

    def _send_passed(self, passed: _Passed, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(answer)
        passed.response_complete = True
        if not passed.keep_alive:
            self.transport.close()
        elif self.pipeline or self._waits or self.flow.read_paused:
            self.on_response_complete()
        else:
            self.server_state.total_requests += 1
            self._wait_for_more()

    def _ask_anew(self, passed: _Passed) -> None:
        """Go by way of ASGI, in its turn.

        The other node cannot answer at once, or has the world no more. What is behind it may have begun to come in.
        """
        request, newest = passed.request, self.cycle
        coming = self.parser, self.url, self.headers, self.expect_100_continue
        self.cycle = cast("RequestResponseCycle", None)
        self.parser = httptools.HttpRequestParser(_NOBODY)
        self.parser.feed_data(b"%b / HTTP/1.1\r\n\r\n" % request.method)
        self.url, self.headers, self._body = request.target, request.headers, bytearray(request.body)
        self.expect_100_continue = False
        super()._go_round()
        self.cycle.keep_alive = passed.keep_alive  # nothing may follow by now
        self.parser, self.url, self.headers, self.expect_100_continue = coming
        if cast("object", newest) is not passed:
            self.cycle = newest
