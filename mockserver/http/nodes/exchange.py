"""One request that goes by way of ASGI, and its answer."""

from __future__ import annotations

import hmac
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from privnum.mockserver.control.edge import BODILESS
from privnum.mockserver.control.plane import error_body
from privnum.mockserver.core import auth
from privnum.mockserver.core.answers import JSON, Answer
from privnum.mockserver.core.errors import ControlError, answer_body
from privnum.mockserver.http.asgi import read_whole, send_answer
from privnum.mockserver.http.faulty import CUT
from privnum.mockserver.http.nodes.passing import BETWEEN_NODES, CLIENT, ENDING, FROM, NODE, PIPED, SCHEME
from privnum.mockserver.pushes.addresses import is_control

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.database.store import TakenError
    from privnum.mockserver.http.asgi import Receive, Send
    from privnum.mockserver.http.nodes.passing import Reply

__all__ = ["Exchange", "PassedOn", "control_answer", "passed_fields", "taken_error"]

#: Headers of a reply that this server says itself, or that are for nodes alone.
_UNSAID: Final = frozenset({b"date", ENDING})
#: Of an answer while there is no database.
_RETRY: Final = (b"retry-after", b"1")


class Exchange:
    """A request, with what goes back.

    Args:
        scope: of ASGI; as the client sent it, where another node has passed it on.
        receive, send: of ASGI.
        passed_by: the number of the node that has passed it on, None: none has.
    """

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send, passed_by: int | None = None) -> None:
        self.passed_by = passed_by
        self.scope = scope if passed_by is None else {**scope, CUT: self._note_ending}
        self._cut: Callable[[Answer, str], None] | None = scope.get(CUT)
        self._receive = receive
        self._send = send
        self._body: bytes | None = None
        self._is_read = self._is_given = self._has_answer = False
        self._ending = ""

    @classmethod
    def of(cls, scope: dict[str, Any], receive: Receive, send: Send, secret: bytes) -> Exchange:
        """Return a request as its client has sent it.

        `secret` is what nodes know.
        """
        passed = passed_fields(scope["headers"], secret)
        if passed is None:
            return cls(scope, receive, send)
        said = {**scope, "headers": passed.headers, "client": (passed.client, 0), "scheme": passed.scheme}
        return cls(said, receive, send, passed.by)

    @property
    def is_passed(self) -> bool:
        """Whether another node has passed it on."""
        return self.passed_by is not None

    @property
    def method(self) -> str:
        """As sent."""
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        """The raw path."""
        path: str = self.scope["raw_path"].decode("latin-1")
        return path

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As sent, without those of a node."""
        headers: list[tuple[bytes, bytes]] = self.scope["headers"]
        return headers

    @cached_property
    def app_key(self) -> bytes:
        """The app_key that it claims, or nothing."""
        return auth.username(dict(reversed(self.headers)))

    # ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────

    async def body(self) -> bytes | None:
        """Return the body, None if the client has gone."""
        if not self._is_read:
            self._is_read = True
            is_bodiless = self.method in BODILESS and not is_control(self.path)
            self._body = b"" if is_bodiless else await read_whole(self._receive)
        return self._body

    def replace_body(self, body: bytes) -> None:
        """Have another body from now on."""
        self._body = body

    async def receive(self) -> dict[str, Any]:
        """Give ASGI the body, also where it has been read."""
        if not self._is_read or self._is_given:
            return await self._receive()
        self._is_given = True
        if self._body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": self._body, "more_body": False}

    # ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, message: dict[str, Any]) -> None:
        """Send a part of the answer."""
        self._has_answer = True
        if self._ending and message["type"] == "http.response.start":
            # What is dropped has no status; the other node has to hear of it all the same.
            headers = [*message["headers"], (ENDING, self._ending.encode())]
            message = {**message, "status": message["status"] or 502, "headers": headers}
        await self._send(message)

    async def answer(self, answer: Answer) -> None:
        """Send an answer."""
        await send_answer(self.send, answer)

    async def end(self) -> None:
        """Let the other node end the connection, where there is no answer for it."""
        if self.is_passed and not self._has_answer and self._ending:
            await self.answer(Answer(502, b"", ()))

    async def refuse(self, why: str) -> None:
        """Say that there is nobody who could answer."""
        body = orjson.dumps(error_body(why, "state")) if is_control(self.path) else answer_body("1010001", why)
        if not self._has_answer:
            await self.answer(Answer(503, body, (*JSON, _RETRY)))

    async def hand_back(self, reply: Reply) -> None:
        """Send what another node has answered."""
        headers = [header for header in reply.headers if header[0] not in _UNSAID]
        ending = reply.header(ENDING)
        if ending is not None:
            kept = tuple(header for header in headers if header[0] != b"content-length")
            self.cut(Answer(reply.status, reply.body, kept), ending.decode())
            return
        await self.send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": reply.body})

    def cut(self, answer: Answer, ending: str) -> None:
        """End the connection in place of an answer."""
        if self._cut is not None:
            self._cut(answer, ending)

    def _note_ending(self, _: Answer, ending: str) -> None:
        """Let the node end the connection that has passed the request on."""
        self._ending = ending


class PassedOn(NamedTuple):
    """A request that another node has passed on, as its client sent it.

    `by` is the number of that node; `is_piped` says that it may not let others wait that are behind it.
    """

    headers: list[tuple[bytes, bytes]]
    client: str
    scheme: str
    by: int
    is_piped: bool


def passed_fields(headers: list[tuple[bytes, bytes]], secret: bytes) -> PassedOn | None:
    """Return what a request is that was passed on.

    None: no node has passed it on, who would know the secret.
    """
    given = next((value for name, value in headers if name == NODE), None)
    if given is None or not hmac.compare_digest(given, secret):
        return None
    fields = dict(reversed(headers))
    kept = [header for header in headers if not header[0].startswith(BETWEEN_NODES)]
    client, scheme = fields.get(CLIENT, b"").decode(), fields.get(SCHEME, b"http").decode()
    return PassedOn(kept, client, scheme, int(fields.get(FROM, b"0")), PIPED in fields)


def taken_error(error: TakenError, message: dict[str, Any]) -> ControlError:
    """Return the refusal of a world whose id or key another world has."""
    if error.key is None:
        text = f"there is a world {message['id']!r} already; drop it first or name another"
        return ControlError(409, text, "id")
    keys = [app.get("app_key") for app in message.get("applications") or ()]
    where = f"applications[{keys.index(error.key)}].app_key" if error.key in keys else "applications"
    return ControlError(409, f"app_key {error.key!r} is in use on this server; keys are unique", where)


def control_answer(error: ControlError) -> Answer:
    """Return the answer to a control message that is refused."""
    return Answer(error.status, orjson.dumps(error_body(error.error, error.where)))
