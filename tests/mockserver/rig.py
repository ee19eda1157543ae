"""A platform with one world and three applications, driven without a wire: the customer's server is a Python function.

What a mode has beside that is in a rig of its own (axb_rig.py, …).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlencode

import orjson

from privnum import contracts
from privnum.mockserver.core.history import Page
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Held
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

A, B, C, D = "+8613800000001", "+8613900000002", "+8613800000003", "+8613900000004"
FIXED = "+8675526660001"
X, X2, FOREIGN_X = "+8617000000001", "+8617000000002", "+8617000000009"
STOP = "/rest/httpsessions/callStop/v2.0"
EDGE_MS = 1_790_000_000_000
CLIENT = "10.0.0.1"
AKSK = b'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'

Headers = list[tuple[bytes, bytes]]


class Reply(NamedTuple):
    """An answer, read."""

    status: int
    body: dict[str, Any]

    @property
    def key(self) -> str:
        return f"{self.status}/{self.body['resultcode']}"

    @property
    def text(self) -> str:
        return str(self.body["resultdesc"])


def signed_headers(
    app: Application, *, nonce: str = "5f0c1d2e3a4b5", created: str = "", scheme: str = "aksk"
) -> Headers:
    """Return the headers that a client of `app` sends."""
    created = created or iso(EDGE_MS)
    stamp, secret = (nonce + created).encode(), app.app_secret.encode()
    raw = hmac.digest(secret, stamp, "sha256") if scheme == "aksk" else hashlib.sha256(stamp + secret).digest()
    digest = base64.b64encode(raw).decode()
    token = f'UsernameToken Username="{app.app_key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    word = scheme.upper()
    return [(b"authorization", word.encode() + AKSK[4:]), (f"x-{scheme}".encode(), token.encode())]


def rig_reads_otherwise(world: World) -> bool:
    """Return whether the world has readings of its own; they may name codes that an operation's page does not."""
    return dict(world.assumptions) != contracts.assumption_values()


def strange_rule(reply: Reply, operation: contracts.Operation) -> str | None:
    """Return the rule that a refusal names, if it is none of the operation's."""
    named = re.search(r" \[([A-Z]+-[A-Z]+-[0-9]{3})\]$", reply.body["resultdesc"])
    if named is None:
        return None
    rule = contracts.requirements()[named[1]]
    # An assumption that modes share has one rule, whichever mode its id names.
    if rule.assumption is not None and rule.assumption.partition(".")[0] in ("binding", "call"):
        return None
    own = rule.mode in ("common", operation.mode) and (not rule.operations or operation.id in rule.operations)
    return None if own else rule.id


def fields(binding: Binding) -> dict[str, Any]:
    """Return everything that a binding holds."""
    names = [name for kind in type(binding).__mro__ for name in getattr(kind, "__slots__", ())]
    return {name: getattr(binding, name) for name in names if name != "x"} | {"x": binding.x.number}


def kept_values(held: Held | None) -> dict[str, Any]:
    """Return what a mode keeps of an X or of an application: of a mapping its keys, in their order."""
    names = [name for kind in type(held).__mro__ for name in getattr(kind, "__slots__", ())]
    values = {name: getattr(held, name) for name in names if name != "x"}
    return {name: list(value) if isinstance(value, dict) else value for name, value in values.items()}


def push_views(world: World, state: str | None = None) -> list[dict[str, Any]]:
    """Return the kept pushes of a world as the control plane shows them, oldest first."""
    return world.outbox.page(Page(), state)[0]


class Rig:
    """The world under test. `received` holds every delivered push as (url, body); `answer` decides outcomes."""

    #: Where requests go that name no path, in the rig of a mode with bindings.
    path: ClassVar[str]

    def __init__(
        self,
        *,
        mode: str,
        assumptions: dict[str, str | int] | None = None,
        seed: int = 7,
        edition: str = contracts.DEFAULT_EDITION,
        **app: Any,
    ) -> None:
        self.platform = Platform(edition=edition)
        other = {"mode": "AXB" if mode == "AXE" else "AXE"}
        settings = {"mode": mode, "numbers": [X, X2], "event_url": "http://c/status", "fee_url": "http://c/fee", **app}
        self.world: World = self.platform.create_world(
            {
                "seed": seed,
                "assumptions": assumptions or {},
                "applications": [settings, {"mode": "AXB", "numbers": [FOREIGN_X]}, other],
            }
        )
        self.app, self.other_app, self.other_mode_app = self.world.applications.values()
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.answer: Callable[[Push], str] = lambda push: "200"
        self.answer_body = b""

    # ── requests ──

    def request(
        self,
        method: str,
        *,
        path: str | None = None,
        query: dict[str, Any] | str = "",
        body: dict[str, Any] | bytes = b"",
        app: Application | None = None,
        headers: Headers | None = None,
        client: str = CLIENT,
        edge_ms: int = EDGE_MS,
    ) -> Reply:
        path = self.path if path is None else path
        answer = self.platform.handle(
            method,
            path,
            query if isinstance(query, str) else urlencode(query),
            signed_headers(app or self.app, created=iso(edge_ms)) if headers is None else headers,
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            client=client,
            edge_now_ms=edge_ms,
        )
        reply = Reply(answer.status, orjson.loads(answer.body))
        for operation in contracts.operations().values():
            if (operation.method, operation.path) == (method, path):
                assert contracts.validator(operation.response, strict=True).problems(reply.body) == []
                assert reply.key in contracts.result_codes() or rig_reads_otherwise(self.world)
                assert not strange_rule(reply, operation)
        return reply

    def stop(self, body: dict[str, Any], app: Application | None = None) -> Reply:
        return self.request("POST", path=STOP, body=body, app=app)

    # ── world ──

    def deliver(self) -> None:
        while pushes := self.world.take_pushes():
            for push in pushes:
                outcome = self.answer(push)
                if outcome == "200":
                    self.received.append((push.url, orjson.loads(push.body)))
                self.world.record_outcome(push, outcome, self.answer_body)

    def advance(self, seconds: int) -> None:
        until = self.world.now_ms + seconds * 1000
        self.deliver()
        while self.world.run_next_instant(until):
            self.deliver()

    def call(self, caller: str = A, x: str = X, *, caller_hangs_up_after: int | None = None, **callee: Any) -> str:
        message = {"caller": caller, "called": x, "callee": callee, "caller_hangs_up_after": caller_hangs_up_after}
        call = self.world.place_call(message)
        self.deliver()
        return call.id

    def look(self, call_id: str) -> dict[str, Any]:
        call = self.world.call_engine.get(call_id)
        assert call is not None
        return call.view()

    def events(self) -> list[dict[str, Any]]:
        return [body for _, body in self.received if body["eventType"] != "fee"]

    def kinds(self) -> list[str]:
        return [event["eventType"] for event in self.events()]

    def cdrs(self) -> list[dict[str, Any]]:
        return [fee for _, body in self.received if body["eventType"] == "fee" for fee in body["feeLst"]]

    def state(self) -> object:
        """Return everything that a refused request must leave alone."""
        bindings = self.world.bindings
        return (
            [fields(binding) for binding in bindings._by_id.values()],
            [(x.number, kept_values(x.held)) for x in self.world.numbers.values()],
            [(app.app_key, kept_values(app.held)) for app in self.world.applications.values()],
            self.world.call_engine.view(),
            push_views(self.world),
        )
