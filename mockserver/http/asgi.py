"""The ASGI application.

The API plane with as little work per request as can be, and the control plane.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.control.edge import BODILESS, MAX_BODY, WAITS_IN_LOOP, Edge
from privnum.mockserver.control.plane import ASKED_ADDRESS, INTERNAL
from privnum.mockserver.http.clocks import Clocks
from privnum.mockserver.http.delivery import HttpDelivery
from privnum.mockserver.http.faulty import CUT, PATIENCE, AnswerLost, pause, time_and_ending
from privnum.mockserver.http.feed import EVENTS, OWN, Feed
from privnum.mockserver.http.gate import Gate
from privnum.mockserver.http.posting import HURRY_SECONDS, PushRules
from privnum.mockserver.http.rounds import Round
from privnum.mockserver.inspector.files import FOLDER, LONGEST_PATH, file_of, page_of
from privnum.mockserver.pushes.addresses import is_control
from privnum.mockserver.pushes.outcomes import ERROR

if TYPE_CHECKING:
    from privnum.mockserver.core.answers import Answer, Injected
    from privnum.mockserver.pushes.outcomes import Outcome
    from privnum.mockserver.pushes.pump import AsyncDeliver
    from privnum.mockserver.pushes.push import Push

__all__ = ["App", "Receive", "Send", "read_whole", "send_answer"]

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_log = logging.getLogger("privnum.http")

_OK: Final = 200
_NO_CONTENT: Final = 204
_WORLD: Final = re.compile("/_privnum/worlds/[^/]+/?")
_TOO_MANY: Final = "no more can follow this server; close a page of the inspector, or another stream of events"


class App:
    """Serves an edge over ASGI.

    `start` and `stop` it in the loop that runs it.

    `WireProtocol` asks it for the answers to what never becomes a request, and to most requests of the API plane.

    Args:
        edge: what to serve.
        deliver: sends a push; by default over HTTP.
        gate: says who may send control messages; by default programs of this machine.
        rules: how pushes are sent over HTTP.
        feed: who follows; by default one for this alone.
    """

    #: Of the API plane nothing goes round by way of ASGI but where a fault may strike.
    goes_round: Callable[[bytes, list[tuple[bytes, bytes]]], bool] | None = None

    def __init__(
        self,
        edge: Edge,
        deliver: AsyncDeliver | None = None,
        *,
        gate: Gate | None = None,
        rules: PushRules | None = None,
        feed: Feed | None = None,
    ) -> None:
        self.edge = edge
        self._gate = gate or Gate()
        self.malformed_answer = edge.malformed_answer
        self.oversized_answer = edge.oversized_answer
        self.faulty = edge.platform.faulty
        self.round = Round()
        self._hurried = asyncio.Event()
        #: Called after a world was dropped.
        self.dropped: Callable[[], None] | None = None
        #: Called after a world was emptied.
        self.emptied: Callable[[], None] | None = None
        rules = rules or PushRules()
        if deliver is None:
            edge.platform.push_targets = rules.targets
        self._http = HttpDelivery(edge.now_ms, rules)
        self._deliver = deliver or self._http
        self._clocks = Clocks(edge, self._deliver_kept)
        self._feed = feed or Feed(edge.platform.worlds)
        self._clocks.moved = lambda world: self._feed.note(world.id, "time")
        edge.platform.visited = self._clocks.visit
        edge.platform.asked_url = self._asked_url
        #: Of the request of the API plane that is answered: by which scheme it has come.
        self._scheme = "http"

    @property
    def when_kept(self) -> Callable[[Callable[[], None]], None] | None:
        """See `Edge.when_kept`."""
        return self.edge.when_kept

    async def _deliver_kept(self, push: Push) -> Outcome:
        """Send a push once what it is about is kept.

        Else a server that was killed would not know of it.
        """
        return await self._deliver(push) if await self.edge.wait_until_kept() else ERROR

    def _asked_url(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the URL under which a request has reached the server."""
        return self._gate.address(headers.items(), self._scheme) or self.edge.platform.base_url

    def start(self) -> None:
        """Let running clocks run."""
        self.edge.begin_keeping()
        self._clocks.start()

    def hurry(self, seconds: float = HURRY_SECONDS) -> None:
        """Wait for no customer longer than that.

        What was asked before is still answered.
        """
        self._hurried.set()
        self._http.hurry(seconds)
        self._feed.end()
        self._clocks.hurry()

    async def stop(self) -> None:
        """Give up pushes that are under way."""
        self.edge.end_keeping()
        await self._clocks.stop()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        method: str = scope["method"]
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        path = scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        body = b"" if method in BODILESS and not is_control(path) else await read_whole(receive)
        if body is None:
            return
        if len(body) > MAX_BODY:
            await self._answer_kept(scope, send, self.edge.oversized_answer(path, headers))
        elif path == EVENTS or path.startswith(FOLDER):
            await self._show(method, path, receive, send, headers)
        elif is_control(path):
            ASKED_ADDRESS.set(self._gate.address(headers, scope["scheme"]))
            answer = await self._control(method, path, query, headers, body)
            if self._feed.followed and answer.status < 300:
                self._feed.note_command(method, path, answer.body)
            await self._answer_kept(scope, send, answer)
            if answer.status == _NO_CONTENT and _WORLD.fullmatch(path) and self.dropped is not None:
                self.dropped()
            elif path.endswith("/reset") and answer.status == _OK and self.emptied is not None:
                self.emptied()
        else:
            client = scope["client"]
            address = client[0] if client else ""
            answer = self.api(method, path, query, headers, body, address, scope["scheme"])
            if answer.injected is not None and await self.edge.wait_until_kept():
                await self._carry_out(answer, answer.injected, scope)
            await self._answer_kept(scope, send, answer)

    async def _answer_kept(self, scope: dict[str, Any], send: Send, answer: Answer) -> None:
        """Send an answer once what it answers is kept.

        Where that cannot be, end the connection.
        """
        cut = scope.get(CUT)
        if await self.edge.wait_until_kept():
            await send_answer(send, answer)
        elif cut is not None:
            cut(answer, "dropped")

    async def _show(
        self, method: str, path: str, receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]
    ) -> None:
        """Answer at an address that is only looked at.

        That is the stream of events, or a file of the page.
        """
        await self.edge.wait_until_kept()  # not ahead of an answer on the same connection
        file = None if path == EVENTS else file_of(path)
        if path != EVENTS and file is None:
            await send_answer(send, self.edge.control_error(404, f"no file {path[:200]}", "path"))
        elif method != "GET":
            await send_answer(send, self.edge.control_error(405, f"{path[:200]} has GET, not {method[:20]}", "method"))
        elif file is not None:
            await send_answer(send, file)
        else:
            await self._follow(receive, send, headers)

    async def _follow(self, receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        """Let somebody follow what happens."""
        refused = self._gate.refusal("GET", EVENTS, headers)
        if refused is not None:
            await send_answer(send, self.edge.control_error(*refused))
            return
        given = dict(reversed(headers))
        last_id = given.get(b"last-event-id", b"").decode("latin-1")
        if not await self._feed.serve(receive, send, last_id, own_only=OWN in given):
            await send_answer(send, self.edge.control_error(409, _TOO_MANY, "events"))

    async def _carry_out(self, answer: Answer, injected: Injected, scope: dict[str, Any]) -> None:
        """Let an answer be late, or end the connection in its place.

        Raises:
            AnswerLost: it does not come; there is no connection that could say so.
        """
        seconds, ending = time_and_ending(injected, PATIENCE.get())
        await pause(seconds, self._hurried)
        if ending:
            cut = scope.get(CUT)
            if cut is None:
                raise AnswerLost(answer, injected, ending)
            cut(answer, ending)

    async def _control(
        self, method: str, path: str, query: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        """Answer a control message; never raises."""
        refused = self._gate.refusal(method, path, headers)
        if refused is not None:
            return self.edge.control_error(*refused)
        try:
            waits_in_loop = any(name == WAITS_IN_LOOP for name, _ in headers)
            return await self.carry_out(method, path, query, body, waits_in_loop)
        except Exception:  # a bug of ours; the server goes on
            _log.exception("internal error while a world was settled")
            return self.edge.control_error(500, INTERNAL, "server")

    async def carry_out(self, method: str, path: str, query: str, body: bytes, waits_in_loop: bool) -> Answer:
        """Answer a control message that may be taken.

        Arguments as in `Clocks.command`.
        """
        return await self._clocks.command(method, path, query, body, waits_in_loop=waits_in_loop)

    def api(
        self,
        method: str,
        path: str,
        query: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        client: str,
        scheme: str,
    ) -> Answer:
        """Answer a request of the API plane, and see to what it has made due.

        Arguments as in `Platform.handle`; and the scheme by which it has come.
        """
        page = page_of(method, path, headers) if len(path) <= LONGEST_PATH else None
        if page is not None:
            return page
        self._scheme = scheme
        answer = self.edge.api(method, path, query, headers, body, client)
        self._clocks.after(path)
        return answer


async def read_whole(receive: Receive) -> bytes | None:
    """Return the body, cut off behind the limit; None if the client has gone."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            break
    return None if message["type"] == "http.disconnect" else body


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer as ASGI has it."""
    status, body, fields, _ = answer
    headers = list(fields)
    if status != _NO_CONTENT:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
