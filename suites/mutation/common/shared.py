"""Seeded bugs of what all modes share: answers, pushes, stop call."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core import errors, validation
from privnum.mockserver.core.applications import Application
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.pushes import outbox
from privnum.mockserver.pushes.outbox import Outbox, Push
from privnum.mockserver.worlds.pipeline import Pipeline
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Mutant
from privnum.suites.mutation.operators import (
    around,
    bent_http,
    bent_params,
    bent_schema,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.pipeline import Request, Route
    from privnum.mockserver.worlds.platform import Answer
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS", "common_mutant"]

STOP = "common.stop_call"


def common_mutant(name: str, breaks: str, description: str, seed: Seed) -> Mutant:
    """A bug of what all modes share; it is checked by AXB."""
    return Mutant(f"common-{name}", breaks, description, seed)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_body(old: bytes, new: bytes) -> Seed:
    """Every answer has another text in it."""
    return lambda: bent_http(lambda answer: answer._replace(body=re.sub(old, new, answer.body, count=1)))


def _always_200(answer: Answer) -> Answer:
    return answer._replace(status=200)


def _status(wrong: int, right: int) -> Seed:
    return lambda: bent_http(lambda answer: answer._replace(status=wrong) if answer.status == right else answer)


def _type(text: bytes) -> Seed:
    headers = ((b"content-type", text),)
    return lambda: bent_http(lambda answer: answer._replace(headers=headers))


def _plus_stays() -> Patch:
    """A + in a query is a +."""
    decoded = validation._decoded
    return patch.object(validation, "_decoded", lambda raw, name: decoded(raw.replace("+", "%2B"), name))


def _other_text(old: str, new: str) -> Seed:
    """The text of a code is another one."""
    text = errors.code_text
    return lambda: patch.object(errors, "code_text", lambda key: text(key).replace(old, new))


def _no_type_of_no_body() -> Patch:
    """A request that has no body may have no Content-Type."""
    serve = Pipeline.serve

    def strict(line: Pipeline, route: Route, request: Request, *rest: Any) -> bytes:
        if route.operation.body is None and b"content-type" in request.headers:
            raise Refusal("403/1010002")
        return serve(line, route, request, *rest)

    return patch.object(Pipeline, "serve", strict)


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headers(bend: Callable[[str, str], str]) -> Patch:
    """Bend each header of a push; `bend` gets its name and value."""
    headers = Push.headers

    def bent(push: Push, edge_now_ms: int) -> list[tuple[str, str]]:
        return [(name, bend(name, value)) for name, value in headers(push, edge_now_ms)]

    return patch.object(Push, "headers", bent)


def _in_header(old: str, new: str) -> Seed:
    return lambda: _headers(lambda _, value: re.sub(old, new, value))


def _signed_by_first() -> Patch:
    """Pushes are signed with the secret of the server's first application."""
    headers = Push.headers
    first: list[Application] = []

    def bent(push: Push, edge_now_ms: int) -> list[tuple[str, str]]:
        first.append(push._app)
        right, push._app = push._app, first[0]
        try:
            return headers(push, edge_now_ms)
        finally:
            push._app = right

    return patch.object(Push, "headers", bent)


def _everything_to(name: str) -> Seed:
    """Events and CDRs go to one address."""
    send = Outbox.send

    def sending(box: Outbox, app: Application, kind: str, _url: str, body: bytes, **where: Any) -> None:
        send(box, app, kind, getattr(app, name) or _url, body, **where)

    return lambda: patch.object(Outbox, "send", sending)


def _repeats(*minutes: int) -> Seed:
    return lambda: patch.object(outbox, "RETRY_MINUTES", minutes)


def _never_content() -> Patch:
    """A success after a failure is not noticed."""
    succeeded = Outbox._succeeded
    record = Outbox.record

    def recording(box: Outbox, push: Push, *given: Any) -> None:
        late = bool(push.attempts)
        with patch.object(Outbox, "_succeeded", lambda *asked: not late and succeeded(*asked)):
            record(box, push, *given)

    return patch.object(Outbox, "record", recording)


def _address_stays(name: str) -> Seed:
    """An address cannot be taken away."""
    slot = vars(Application)[name]

    def put(app: Application, address: str | None) -> None:
        if address is not None or app not in held:
            held.add(app)
            slot.__set__(app, address)

    held: set[Application] = set()
    return lambda: patch.object(Application, name, property(slot.__get__, put))


def _dashed_nonce() -> Patch:
    nonce = Ids.nonce
    return patch.object(Ids, "nonce", lambda *given: "-".join((nonce(*given)[:8], nonce(*given)[8:])))


def _created_in_china() -> Patch:
    return patch.object(outbox, "iso", lambda ms: iso(ms + 8 * 3_600_000)[:19] + "+08:00")


# ── stop call ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stop_anything() -> Patch:
    """Whatever session is named, the answer is a success."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        with suppress(Refusal):
            right(world, app, params)
        return {}

    return around(STOP, perform)


def _optional(name: str) -> Seed:
    """A mandatory parameter of stop call may be left out."""

    def bend(schema: Fields) -> None:
        schema["required"] = [other for other in schema["required"] if other != name]

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params) if name in params else {}
        return fields

    return lambda: together(lambda: bent_schema(STOP, bend), lambda: around(STOP, perform))


def _any_signal(params: Params) -> None:
    if "signal" in params:
        params["signal"] = "call_stop"


ANSWERS = (
    common_mutant("no-text", "COM-ENV-001", "Answers have no resultdesc.", _in_body(rb',"resultdesc":"[^"]*"', b"")),
    common_mutant(
        "empty-text", "COM-ENV-001", "resultdesc is empty.", _in_body(rb'"resultdesc":"[^"]*"', b'"resultdesc":""')
    ),
    common_mutant(
        "long-text",
        "COM-ENV-001",
        "resultdesc may be long.",
        _in_body(rb'"resultdesc":"', b'"resultdesc":"' + b"." * 256),
    ),
    common_mutant(
        "code-as-number", "COM-ENV-001", "Success is 0, a number.", _in_body(rb'"resultcode":"0"', b'"resultcode":0')
    ),
    common_mutant("created", "COM-ENV-002", "Success is HTTP 201.", _status(201, 200)),
    common_mutant("always-200", "COM-ENV-002", "Refusals are HTTP 200.", lambda: bent_http(_always_200)),
    common_mutant("no-charset", "COM-ENV-003", "Content-Type has no charset.", _type(b"application/json")),
    common_mutant("text-type", "COM-ENV-003", "Content-Type is text.", _type(b"text/plain;charset=utf-8")),
    common_mutant("all-400", "COM-ENV-004", "Every refusal is HTTP 400.", _status(400, 403)),
    common_mutant("unauthorised-403", "COM-ENV-004", "A wrong digest is HTTP 403.", _status(403, 401)),
    common_mutant("no-404", "COM-ENV-005", "An unknown address is HTTP 400.", _status(400, 404)),
    common_mutant("plus-stays", "COM-ENV-006", "A + in a query is a +.", _plus_stays),
    common_mutant(
        "bad-request",
        "COM-ENV-007",
        "1010002 is told as a bad request.",
        _other_text("Invalid request.", "Bad request."),
    ),
    common_mutant("no-type-of-get", "COM-ENV-021", "A GET may have no Content-Type.", _no_type_of_no_body),
    common_mutant(
        "own-words", "COM-ENV-022", "1012007 is told in own words.", _other_text("The record does not exist.", "Gone.")
    ),
)

PUSHES = (
    common_mutant("push-as-text", "COM-PUSH-001", "Pushes are text.", _in_header("^application/json", "text/plain")),
    common_mutant("events-to-fee", "COM-PUSH-001", "Events go to the CDR address.", _everything_to("fee_url")),
    common_mutant("cdrs-to-event", "COM-PUSH-001", "CDRs go to the event address.", _everything_to("event_url")),
    common_mutant(
        "push-digest", "COM-PUSH-002", "Pushes are signed wrongly.", _in_header('Digest="....', 'Digest="AAAA')
    ),
    common_mutant(
        "signed-by-first", "COM-PUSH-002", "All pushes are signed with one application's secret.", _signed_by_first
    ),
    common_mutant("dashed-nonce", "COM-PUSH-003", "The nonce of a push has a dash in it.", _dashed_nonce),
    common_mutant("created-in-china", "COM-PUSH-003", "Created of a push is the time of China.", _created_in_china),
    common_mutant(
        "tireless-repeats",
        "COM-PUSH-004",
        "A failed push is repeated a seventh time.",
        _repeats(1, 4, 9, 106, 203, 300, 397),
    ),
    common_mutant(
        "tired-repeats", "COM-PUSH-004", "A failed push is repeated five times.", _repeats(1, 4, 9, 106, 203)
    ),
    common_mutant(
        "hasty-repeats", "COM-PUSH-004", "A failed push is repeated each minute.", _repeats(1, 2, 3, 4, 5, 6)
    ),
    common_mutant(
        "never-content", "COM-PUSH-005", "A push that failed once is repeated whatever comes.", _never_content
    ),
    common_mutant(
        "no-event-address",
        "COM-PUSH-006",
        "Events go to an address that was taken away.",
        _address_stays("event_url"),
    ),
    common_mutant(
        "no-fee-address",
        "COM-PUSH-006",
        "CDRs go to an address that was taken away.",
        _address_stays("fee_url"),
    ),
    common_mutant(
        "token-order",
        "COM-PUSH-007",
        "Created stands before Nonce.",
        _in_header('(Nonce="[^"]*")(, ?)(Created="[^"]*")', r"\3\2\1"),
    ),
)

STOPS = (
    common_mutant(
        "stop-nothing",
        "COM-STOP-001",
        "Stop call succeeds and stops nothing.",
        lambda: patch.object(World, "stop_call", lambda *_: None),
    ),
    common_mutant("stop-anything", "COM-STOP-002", "Stop call of no running call succeeds.", _stop_anything),
    common_mutant("stop-no-session", "COM-STOP-003", "sessionid may be left out.", _optional("sessionid")),
    common_mutant("stop-no-signal", "COM-STOP-003", "signal may be left out.", _optional("signal")),
    common_mutant(
        "stop-any-signal", "COM-STOP-003", "Any signal stops a call.", lambda: bent_params(STOP, _any_signal)
    ),
)

MUTANTS = (*ANSWERS, *PUSHES, *STOPS)
