"""Tiny platforms. `Honest` keeps what it is asked about; each of the others lies in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from privnum.suites.base.claims import NoAnswer
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.runner.session import Session
from privnum.suites.target.config import App, Target, XNumber
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import make_answer

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.client import Headers

X = "+8617000000001"
APP = App("key", "secret", "AXB", numbers=(XNumber(X, "0755"), XNumber("+8617000000002", "020")), tones=("wait.wav",))
TARGET = Target(
    name="miniature",
    base_url="http://127.0.0.1:1/api",
    applications=(APP,),
    pools={"mobile": Pool(prefix="+8613800000", width=3, count=100)},
)


class Honest:
    """Binds a pair once on an X, and unbinds."""

    def __init__(self) -> None:
        self.bindings: dict[str, tuple[str, str, str]] = {}
        self.requests = 0

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        assert path.startswith("/api")
        self.requests += 1
        if method == "POST":
            return self.bind(orjson.loads(body))
        if method == "DELETE":
            found = self.bindings.pop(dict(parse_qsl(query))["subscriptionId"], None)
            return self.say(200, "0") if found else self.say(403, "1012007")
        return self.say(404, "1010006")

    def bind(self, body: dict[str, Any]) -> Answer:
        triple = (body["callerNum"], body["calleeNum"], body["relationNum"])
        if self.is_taken(triple):
            return self.say(403, "1012010")
        sub = f"sub-{self.requests}"
        self.bindings[sub] = triple
        limits = {"callDirection": 0, "duration": 0, "maxDuration": 0}
        return self.say(200, "0", subscriptionId=sub, relationNum=triple[2], **limits)

    def is_taken(self, triple: tuple[str, str, str]) -> bool:
        return triple in self.bindings.values()

    def say(self, status: int, code: str, **fields: Any) -> Answer:
        content = orjson.dumps({"resultcode": code, "resultdesc": "told", **fields})
        return make_answer(status, [("Content-Type", "application/json;charset=UTF-8")], content)

    def close(self) -> None:
        pass


class TakesAnyDuration(Honest):
    """Binds for as long as it is asked, and says so."""

    def bind(self, body: dict[str, Any]) -> Answer:
        self.duration = body["duration"]
        return super().bind(body)

    def say(self, status: int, code: str, **fields: Any) -> Answer:
        return super().say(status, code, **fields | ({"duration": self.duration} if "duration" in fields else {}))


class ForgetsPairs(Honest):
    """Binds a pair as often as it is asked."""

    def is_taken(self, triple: tuple[str, str, str]) -> bool:
        return False


class ForgetsOnce(Honest):
    """Binds a pair twice the first time that it is asked, and never again."""

    forgot = False

    def is_taken(self, triple: tuple[str, str, str]) -> bool:
        taken = super().is_taken(triple)
        if taken and not self.forgot:
            self.forgot = True
            return False
        return taken


class WrongStatus(Honest):
    """Refuses with HTTP 400 where the table prints 403."""

    def say(self, status: int, code: str, **fields: Any) -> Answer:
        return super().say(400 if status == 403 else status, code, **fields)


class NumericCode(Honest):
    """Says resultcode 0, a number."""

    def say(self, status: int, code: str, **fields: Any) -> Answer:
        return make_answer(status, [], orjson.dumps({"resultcode": int(code), "resultdesc": "told", **fields}))


class TextLimits(Honest):
    """Answers a bind with duration as text, where an integer should be."""

    def say(self, status: int, code: str, **fields: Any) -> Answer:
        return super().say(status, code, **(fields | ({"duration": "0"} if "subscriptionId" in fields else {})))


class Silent(Honest):
    """Answers the first request and no other."""

    asked = 0

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        self.asked += 1
        if self.requests:
            raise NoAnswer(f"no answer to {method} {path}: connection refused")
        return super().request(method, path, query, headers, body)


def session_with(platform: Honest, target: Target = TARGET, **options: Any) -> Session:
    """A run against a miniature, on which nothing is bound before; its journal keeps the events."""
    session = Session(target, transport=platform, receiver=EmbeddedReceiver(), proves_ground=False, **options)
    session.journal.run_started(target.describe(), {"profile": "quick", "seed": 0})
    return session
