"""What ASGI leaves out of HTTP/1.1.

Answers to what is no HTTP request, limits on what is read, closing without losing an answer.

uvicorn's protocol answers a malformed request with text/plain, ahead of answers that are still being made, and closes
the connection at once, so that a client in the middle of sending gets a reset instead of the answer. Here such a
request is refused in JSON (COM-ENV-011, COM-OPEN-005), in its turn, and the connection lingers until the client has
read.

A request of the API plane is answered here too, as soon as it is complete: its answer waits for nothing, and the task
that ASGI wants for each request costs as much as the whole answer.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

import httptools

from privnum.mockserver.control.edge import BODILESS, MAX_BODY, MAX_HEAD, MAX_TARGET
from privnum.mockserver.http.faulty import CUT, end, half_of
from privnum.mockserver.http.feed import EVENTS
from privnum.mockserver.http.heads import CLOSE, head_of, head_without_offer
from privnum.mockserver.http.holding import HoldingProtocol
from privnum.mockserver.pushes.addresses import CONTROL

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from privnum.mockserver.core.answers import Answer

__all__ = ["WireProtocol"]

_log = logging.getLogger("privnum.http")

#: Seconds for which a refused connection goes on reading, so that its client gets to see the answer.
_LINGER: Final = 2.0
#: Most bytes that one read brings. A count may be that much too high: it has what ended the message before.
_LONGEST_READ: Final = 1 << 18
#: Most bytes of a message with its frame: a body in chunks of one byte needs six times its length.
_MOST_BYTES: Final = 8 * MAX_BODY
#: The parser takes 0.9 and 2.0 for versions too.
_VERSIONS: Final = frozenset({"1.1", "1.0"})
#: Bytes of a header line beside its name and value.
_LINE: Final = len(b": \r\n")
_CONTROL: Final = CONTROL.encode()
#: Headers that say how the body comes.
_OF_BODY: Final = frozenset({b"content-length", b"transfer-encoding", b"expect"})


class WireProtocol(HoldingProtocol):
    """One connection.

    A request is refused at most once, and last: what was pipelined ahead of it is answered first, and whatever
    follows is read and dropped.
    """

    # Slots, which are read in a third of the time of what stands in the class.
    __slots__ = (
        "_body",
        "_body_bytes",
        "_client_done",
        "_has_body",
        "_in_head",
        "_in_message",
        "_last",
        "_last_read",
        "_length",
        "_method",
        "_offered",
        "_read_bytes",
        "_refusal",
        "_stopping",
        "_straight",
        "_version",
        "_waits",
    )

    # ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin: nothing has come in yet."""
        super().connection_made(transport)
        self._refusal: Answer | None = None
        self._waits = False  # the refusal, for its turn
        self._client_done = False  # it has stopped sending
        self._in_message = False
        self._in_head = False
        self._read_bytes = 0  # of the message that is coming in, by earlier reads
        self._last_read = 0
        self._body_bytes = 0
        self._method = ""  # of the message that is coming in
        self._version = ""
        self._length = 0  # that its head declares
        self._has_body = False
        self._offered = False  # the head offers another protocol
        self._straight = False  # the message that is coming in will be answered without ASGI
        self._body = bytearray()  # of such a message
        self._stopping = False  # the server is
        self._last = False  # the client has sent its last request

    def data_received(self, data: bytes) -> None:
        """Feed the parser; refuse what it cannot read."""
        if self._refusal is not None or self._last:
            return
        self._heard = self.loop.time()
        self._last_read = len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError:
            # Raised by the parser, or by a limit below, which has then refused already; or behind the last request.
            if self._refusal is None and not self._last:
                self._refuse(self._malformed_answer())
            return
        if self._in_message and self._refusal is None:
            self._read_bytes += len(data)
            self._message_goes_on()

    def _feed(self, data: bytes) -> None:
        """Feed the parser, and a new one behind each offer of another protocol.

        Of many requests at once each may make one; so this is a loop, and what is left is never copied.
        """
        left: bytes | memoryview = data
        while True:
            try:
                self.parser.feed_data(left)
            except httptools.HttpParserUpgrade as offer:
                left = memoryview(left)[offer.args[0] :]
                if self.parser.get_method() == b"CONNECT":
                    self._refuse(self._malformed_answer())
                    return
                self._pass_over()
            else:
                return

    def _message_goes_on(self) -> None:
        """Bound a message that is incomplete.

        Its head, its frame (chunk sizes, trailers), and the time it takes.
        """
        read = self._read_bytes
        if self._in_head and read > MAX_HEAD and self._head_is_oversized(read > MAX_HEAD + _LONGEST_READ):
            self._refuse(self._oversized_answer())
        elif read > _MOST_BYTES:
            if self._straight or self._is_unanswered():
                self._refuse(self._oversized_answer())
            else:
                self.transport.close()
        else:
            self._wait_for_more()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn's says None, asyncio's allows this
        """Answer complete requests; one that is cut off half-way is malformed."""
        self._client_done = True
        if self._refusal is None:
            if self._in_head or self._straight or (self._is_unanswered() and self.cycle.more_body):
                self._refuse(self._malformed_answer())
            elif self._is_unanswered():
                self.cycle.keep_alive = False
        if self._is_unanswered() and self.cycle.response_started and self.cycle.scope["path"] == EVENTS:
            return False  # who follows a stream and has closed it is gone
        # True: the connection stays half open, of which TLS knows nothing.
        return self.scheme == "http" and (
            self._waits or self._held > 0 or (self._is_unanswered() and not self.cycle.disconnected)
        )

    def on_message_begin(self) -> None:
        """Note that a head begins.

        None may behind a request that ends the connection.
        """
        if self._last:
            raise ValueError("behind the last")
        self._in_message = self._in_head = True
        self._read_bytes = 0
        self.url = b""
        self.headers = []
        self.expect_100_continue = self._has_body = False
        self._length = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header, and what it says of the body."""
        name = name.lower()
        if name in _OF_BODY:
            if name == b"expect":
                self.expect_100_continue |= value.lower() == b"100-continue"
            else:
                self._has_body = True
                if name == b"content-length":
                    self._length = int(value)  # the parser has seen to it that these are digits
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Check head and declared length by the limits; start the request."""
        parser = self.parser
        self._version = parser.get_http_version()
        if self._version not in _VERSIONS:
            raise ValueError("malformed")  # makes the parser stop
        if (
            (self._read_bytes + self._last_read > MAX_HEAD and self._head_is_oversized(False))
            or len(self.url) > MAX_TARGET
            or self._length > MAX_BODY
        ):
            self._refuse(self._oversized_answer())
            raise ValueError("refused")
        if parser.should_upgrade():
            self._offered = True
            return
        self._method = parser.get_method().decode()
        if self._goes_straight():
            self._straight, self._body = True, bytearray()
        else:
            self._begin_cycle()
        self._in_head = False
        self._body_bytes = 0

    def _goes_straight(self) -> bool:
        """Whether nothing is ahead of the request, so that it can be answered."""
        url = self.url
        return (
            not self._is_unanswered()
            and not self.flow.write_paused
            and not self.expect_100_continue
            and url[:1] == b"/"
            and url[:2] != b"//"
            and url.find(b"#") < 0
            and not url.startswith(_CONTROL)
            and not self.transport.is_closing()
            # A body that does not count is not waited for.
            and not (self._has_body and self._method in BODILESS)
        )

    def _begin_cycle(self) -> None:
        """Start the request as ASGI has it."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)  # the scope has this list
        super().on_headers_complete()
        self.scope[CUT] = partial(self._cut, self.cycle)  # type: ignore[typeddict-unknown-key]  # ours

    def on_body(self, body: bytes) -> None:
        """Count the body, whose length need not have been declared."""
        self._body_bytes += len(body)
        if self._body_bytes > MAX_BODY and (self._straight or not self.cycle.response_complete):
            self._refuse(self._oversized_answer())
            raise ValueError("refused")
        if self._straight:
            self._body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Complete the request, unless it has not begun."""
        self._in_message = False
        if not self._offered:
            self._last = not self.parser.should_keep_alive()
        if self._straight:
            self._straight, serves = False, self._serves
            if serves.faulty or (serves.goes_round is not None and serves.goes_round(self.url, self.headers)):
                self._go_round()
            else:
                self._answer_straight()
        elif not self._offered:
            super().on_message_complete()

    def _go_round(self) -> None:
        """Hand a whole request to ASGI: its answer may have to wait."""
        self._begin_cycle()
        super().on_body(bytes(self._body))
        super().on_message_complete()

    def _pass_over(self) -> None:
        """Begin again, without the offer.

        Java's client offers HTTP/2 with its first request, whatever that is.

        The parser has passed over the body, since it takes what follows for the other protocol.
        """
        self._offered = False
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(head_without_offer(method, self.url, version, self.headers))

    def _head_is_oversized(self, surely: bool) -> bool:
        return surely or len(self.url) + sum(len(name) + len(value) + _LINE for name, value in self.headers) > MAX_HEAD

    def shutdown(self) -> None:
        """Close, but not in the middle of a request."""
        if self._straight or self._held:
            self._stopping = True
        else:
            super().shutdown()

    # ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer_straight(self) -> None:
        """Answer a request of the API plane."""
        method, client = self._method, self.client
        path, _, query = self.url.decode("latin-1").partition("?")
        body = b"" if method in BODILESS else bytes(self._body)
        address, scheme = client[0] if client else "", self.scheme or "http"
        try:
            answer = self._serves.api(method, path, query, self.headers, body, address, scheme)
        except Exception:  # the parser would take it for a fault of the request
            _log.exception("a request could not be answered")
            self.transport.close()
            return
        self._last = self._last or CLOSE in answer.headers
        closes = self._stopping or self._last
        head = head_of(answer, self.server_state.default_headers, closes=closes, keeps=self._version == "1.0")
        self._hold(head if method == "HEAD" else head + answer.body, closes)

    def let_go(self, answer: bytes, closes: bool) -> None:
        """Send an answer that was made without ASGI."""
        self._held -= 1
        if self.transport.is_closing():
            return
        self.transport.write(answer)
        self.server_state.total_requests += 1
        self._stopping = self._stopping or closes
        if self._is_over():
            self.transport.close()
        elif self.timeout_keep_alive_task is None:
            self._wait_for_more()

    def _is_over(self) -> bool:
        """Whether the connection ends: nothing that has come in has no answer."""
        ends = (self._stopping or self._client_done) and self._refusal is None
        if ends and self._is_unanswered():
            self.cycle.keep_alive = ends = False  # its answer is the last one
        return ends and not self._held

    def _cut(self, cycle: RequestResponseCycle, answer: Answer, ending: str) -> None:
        """End the connection in place of an answer, or in the midst of it."""
        cycle.disconnected = True
        half = b""
        if ending == "half_sent":
            half = half_of(head_of(answer, self.server_state.default_headers, closes=False), answer.body)
        end(self.transport, ending, half)

    def on_response_complete(self) -> None:
        """Go on with the pipeline.

        When it is empty, a refusal that waited has its turn.
        """
        last = not self.pipeline
        super().on_response_complete()
        if last and self._waits:
            self._write_refusal()

    def _malformed_answer(self) -> Answer:
        """Return the refusal of the message that is coming in, if any is."""
        return self._serves.malformed_answer(self.url.decode("latin-1") if self._in_message else "")

    def _oversized_answer(self) -> Answer:
        return self._serves.oversized_answer(self.url.decode("latin-1"), self.headers)

    def _refuse(self, answer: Answer) -> None:
        self._refusal = answer
        # In a head, the newest cycle is that of the request ahead.
        # One that goes straight has none ahead and no cycle.
        self._waits = not self._straight and (self._is_unanswered() if self._in_head else self._abandon(self.cycle))
        self._straight = False
        if not self._waits:
            self._write_refusal()

    def _abandon(self, cycle: RequestResponseCycle) -> bool:
        """Let go of a request whose body will never be complete.

        Return whether others are ahead of it.
        """
        queued = bool(self.pipeline) and self.pipeline[0][0] is cycle
        if queued:
            self.pipeline.popleft()
        cycle.disconnected = True
        cycle.message_event.set()
        return queued

    def _write_refusal(self) -> None:
        self._behind_held(self._send_refusal)

    def _send_refusal(self) -> None:
        answer = self._refusal
        if answer is None or self.transport.is_closing():
            return
        self._waits = False
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        self.transport.write(head_of(answer, self.server_state.default_headers, closes=True) + answer.body)
        if self._client_done or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)
