"""What a customer's server makes of the platform's pushes.

It verifies each signature, takes each Nonce once, keeps events and CDRs (one that comes twice stays one), and answers
the questions: to whom a call of X mode goes, and what becomes of an SMS. It knows nothing of HTTP, see server.py.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Answer", "Receiver"]

#: Status and body.
Answer = tuple[int, bytes]
Message = dict[str, Any]

_ATTRIBUTE: Final = re.compile(r'(\w+)="([^"]*)"')
#: Seconds by which the two clocks may differ, and a push be under way.
_WINDOW: Final = 300
_AGENT: Final = "+8613600000009"


class Receiver:
    """The pushes of one application.

    Args:
        key, secret: of the application.
        now: seconds since 1970.
        pause: lets seconds pass; only faults do.
    """

    def __init__(
        self,
        key: str,
        secret: str,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.key = key
        self.secret = secret
        self.now = now
        self.pause = pause
        self.nonces: dict[str, float] = {}
        #: By what makes each one of its kind: so none is there twice.
        self.events: dict[tuple[str, str], Message] = {}
        self.cdrs: dict[str, Message] = {}
        self.notices: dict[str, Message] = {}
        self.numbers: dict[str, Message] = {}

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a push; names of headers are in lower case."""
        if self.refusal(headers) is not None:
            return 401, b""
        try:
            message = json.loads(body)
        except ValueError:
            return 400, b""
        return self.take(path, message)

    # ── signatures ───────────────────────────────────────────────────────────────────────────────────────────────────

    def refusal(self, headers: Mapping[str, str]) -> str | None:
        """Why a push is not the platform's; None where it is."""
        word = next((word for word in ("aksk", "wsse") if f"x-{word}" in headers), None)
        if word is None:
            return "no token"
        token = dict(_ATTRIBUTE.findall(headers[f"x-{word}"]))
        if not {"Username", "PasswordDigest", "Nonce", "Created"} <= token.keys():
            return "a token without all of its attributes"
        if token["Username"] != self.key:
            return "an unknown Username"
        if not self.is_signed(word, token):
            return "a wrong digest"
        if not self.is_recent(token["Created"]):
            return "too old, or too new"
        return None if self.is_new(token["Nonce"]) else "a Nonce that was there before"

    def is_signed(self, word: str, token: Mapping[str, str]) -> bool:
        """Whether the digest is that of our secret."""
        stamp, secret = (token["Nonce"] + token["Created"]).encode(), self.secret.encode()
        if word == "aksk":
            digest = hmac.new(secret, stamp, "sha256").digest()
        else:
            digest = hashlib.sha256(stamp + secret).digest()
        return hmac.compare_digest(base64.b64encode(digest), token["PasswordDigest"].encode())

    def is_recent(self, created: str) -> bool:
        """Whether a push was signed about now."""
        try:
            moment = datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            return False
        return abs(moment.timestamp() - self.now()) <= _WINDOW

    def is_new(self, nonce: str) -> bool:
        """Whether a Nonce was not there before; older ones than the window allows need not be kept."""
        now = self.now()
        self.nonces = {each: at for each, at in self.nonces.items() if now - at <= 2 * _WINDOW}
        return self.nonces.setdefault(nonce, now) == now if nonce not in self.nonces else False

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, path: str, message: Message) -> Answer:
        """Take a push that is the platform's."""
        match path:
            case "/status" if message.get("eventType") == "numStatus":
                return self.take_numbers(message["numInfo"])
            case "/status":
                return self.take_event(message["eventType"], message["statusInfo"])
            case "/fee":
                return self.take_cdrs(message["feeLst"])
            case "/notify":
                return self.take_notice(message["smsEvent"])
            case "/block":
                return 200, _json(self.verdict_on_sms(message["smsEvent"]))
            case _:
                return 404, b""

    def take_event(self, event_type: str, info: Message) -> Answer:
        """Keep a call event; a question gets its verdict."""
        self.events[info["sessionId"], event_type] = info
        if event_type == "callin" and info.get("notifyMode") == "Block":
            return 200, _json(self.verdict_on_call(info))
        return 200, b""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        """Keep CDRs."""
        for cdr in cdrs:
            self.cdrs[cdr["sessionId"]] = cdr
        return 200, b""

    def take_notice(self, event: Message) -> Answer:
        """Keep what became of an SMS."""
        self.notices[event["smsIdentifier"]] = event
        return 200, b""

    def take_numbers(self, numbers: list[Message]) -> Answer:
        """Keep the status of X numbers."""
        for number in numbers:
            self.numbers[number["number"]] = number
        return 200, b""

    def verdict_on_call(self, info: Message) -> Message:
        """Whom a call goes to: our agent, who sees X."""
        return {"operation": "connect", "connectInfo": {"calleeNum": _AGENT, "displayCalleeNum": info["called"]}}

    def verdict_on_sms(self, event: Message) -> Message:
        """Whom an SMS goes to: our agent."""
        route = {"called": _AGENT, "calling": event["calling"]}
        return {"actions": [{"operation": "vNumberRoute", "message": route}]}


def _json(message: Message) -> bytes:
    return json.dumps(message).encode()
