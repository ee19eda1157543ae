"""A world with a clock of its own, and requests to it as they come over a wire."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson

from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.direct import Customer, DirectServer
from privnum.mockserver.pushes.outcomes import AttemptError, Outcome

A, B, X = "+8613800000001", "+8613900000002", "+8617000000001"
AXB_PATH = "/rest/caas/relationnumber/partners/v1.0"


class AxbRig:
    """One world `w` with one AXB application, in process."""

    def __init__(self, customer: Customer | None = None, **spec: Any) -> None:
        self.server = DirectServer(customer=customer)
        url = "inbox:" if customer is None else "http://127.0.0.1:9/events"
        app = {"mode": "AXB", "numbers": [X], "event_url": url, "fee_url": url}
        made = self.control("POST", "", {"id": "w", "applications": [app], **spec})["applications"][0]
        self.app = AppHandle("AXB", made["app_key"], made["app_secret"], (X,))

    def control(self, method: str, path: str, message: object = None) -> Any:
        path, _, query = path.partition("?")
        sent = b"" if message is None else orjson.dumps(message)
        status, _, body = self.server.request(method, f"/_privnum/worlds{path}", query, body=sent)
        told = orjson.loads(body) if body[:1] in (b"{", b"[") else body.decode()
        return told if status < 300 else (status, told)

    def send(
        self, method: str, body: object = None, query: str = "", headers: dict[str, str] | None = None, app: Any = None
    ) -> dict[str, Any]:
        """A signed request to the path of AXB's bindings; headers replace the usual ones, "" takes one out."""
        fields = {**signed_headers(app or self.app), **(headers or {})}
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        kept = [(name, value) for name, value in fields.items() if value]
        answer: dict[str, Any] = orjson.loads(self.server.request(method, f"/w/w{AXB_PATH}", query, kept, sent)[2])
        return answer

    def bind(self, **fields: Any) -> dict[str, Any]:
        return self.send("POST", {"callerNum": A, "calleeNum": B, "relationNum": X, **fields})

    def call(self) -> None:
        self.control("POST", "/w/calls", {"caller": A, "called": X, "caller_hangs_up_after": 20})
        self.control("POST", "/w/clock", {"advance_seconds": 30})

    def journal(self, **query: object) -> Any:
        return self.control("GET", f"/w/journal?{urlencode(query)}")

    def entries(self, **query: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.journal(**query)["entries"]
        return found


def fails(*_: object) -> tuple[int, bytes]:
    return 500, b"the database is down for +8613800000001"


def nobody(*_: object) -> tuple[int, bytes]:
    raise AttemptError(Outcome("refused", b"", "nobody listens"))
