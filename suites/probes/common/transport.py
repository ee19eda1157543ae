"""Transport: methods, bodies, parameters, connections."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import orjson

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.probes.fixtures import (
    code_or,
    key_or,
    one,
    tied,
)
from privnum.suites.runner.check import CannotSettle, NoAnswer, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

OVERSIZED = 32 * 1024 * 1024
"""Bytes of blanks behind a good body."""


@probe("http.wrong_method")
def wrong_method(context: CheckContext) -> str:
    """PATCH on the address of the bindings."""
    api = any_mode(context)
    answer = api.ask("query", method="PATCH", query={api.x_field: api.app.numbers[0].number})
    return answer.key if answer.code else str(answer.status)


@probe("http.bad_json")
def bad_json(context: CheckContext) -> str:
    """Bodies that are cut off, and JSON that is no object."""
    bodies = (b'{"callerNum": ', b"[]", b"")
    return one(code_or(any_mode(context).ask("bind", body=body), "accept") for body in bodies)


@probe("http.unknown_field")
def unknown_field(context: CheckContext) -> str:
    """A body field and a query parameter that no operation has."""
    api = any_mode(context)
    bind = api.bind(flavour="vanilla")
    query = api.query(subscriptionId=tied(context).sub, flavour="vanilla")
    return one(code_or(answer, "ignore") for answer in (bind, query))


@probe("http.repeated_parameter")
def repeated_parameter(context: CheckContext) -> str:
    """Two subscriptionIds in one query."""
    api = any_mode(context)
    first, last = tied(context), tied(context)
    answer = api.ask("query", query={"subscriptionId": [first.sub, last.sub]})
    words = {api.key(first): "first", api.key(last): "last"}
    return one(words.get(shown, "another") for shown in api.shown_keys(answer)) if answer.ok else str(answer.code)


@probe("http.repeated_member")
def repeated_member(context: CheckContext) -> str:
    """A bind that names userData twice."""
    api = any_mode(context)
    body = orjson.dumps(api.body())[:-1] + b',"userData":"one","userData":"two"}'
    answer = api.ask("bind", body=body)
    if not answer.ok:
        return str(answer.code)
    found = api.infos(api.query(subscriptionId=answer["subscriptionId"])) or [{}]
    shown = found[0].get("userData")
    return {"one": "first", "two": "last"}.get(str(shown), f"userData {shown}")


@probe("http.byte_order_mark")
def byte_order_mark(context: CheckContext) -> str:
    """A good bind behind a byte order mark."""
    api = any_mode(context)
    answer = api.ask("bind", body=codecs.BOM_UTF8 + orjson.dumps(api.body()))
    return "accept" if answer.ok else "refuse"


@probe("http.integer_as_decimal")
def integer_as_decimal(context: CheckContext) -> str:
    """Binds whose lifetime of 60 is written 60.0 and 6e1."""
    api = any_mode(context)
    bodies = (orjson.dumps(api.body())[:-1] + f',"{api.lifetime}":{text}}}'.encode() for text in ("60.0", "6e1"))
    return one(code_or(api.ask("bind", body=body), "accept") for body in bodies)


@probe("http.content_type_missing")
def content_type_missing(context: CheckContext) -> str:
    """A bind and a query, without Content-Type and with that of a form."""
    api = any_mode(context)
    answers = []
    for kind in ("", "application/x-www-form-urlencoded"):
        headers = [("Content-Type", kind)]
        answers.append(api.ask("bind", body=api.body(), headers=headers))
        answers.append(api.ask("query", query={"subscriptionId": tied(context).sub}, headers=headers))
    keys = [key_or(answer, "accept") for answer in answers]
    return one("1010002" if key == "403/1010002" else key for key in keys)


@probe("http.empty_text")
def empty_text(context: CheckContext) -> str:
    """A bind with one empty text at a time.

    For a number, a flag, a mode and userData.
    """
    api = any_mode(context)
    numbers = ("bindExpiredTime", "timeUnit") if api.mode == "AXE" else ("duration", "callDirection", "privateSms")
    return one(code_or(api.bind(**{name: ""}), "absent") for name in (*numbers, "recordFlag", "userData"))


@probe("http.oversized")
def oversized_body(context: CheckContext) -> str:
    """A good bind with 32 MB of blanks behind it."""
    api = any_mode(context)
    try:
        answer = api.ask("bind", body=orjson.dumps(api.body()) + b" " * OVERSIZED)
    except NoAnswer as error:
        raise CannotSettle(f"the target hung up on a body of 32 MB: {error}") from None
    if answer.ok:
        raise CannotSettle("the target takes a body of 32 MB")
    return answer.key


@probe("http.connection", needs=("wire",))
def connection(context: CheckContext) -> str:
    """Two requests on one connection."""
    path = any_mode(context).path
    request = f"GET {path} HTTP/1.1\r\nHost: {context.wire.host}:{context.wire.port}\r\n\r\n".encode()
    answers = context.wire.exchange(request * 2, answers=2)
    if not answers:
        raise CannotSettle("the target hung up without an answer")
    return "keep_alive" if len(answers) > 1 else "close"


@probe("http.success_text")
def success_text(context: CheckContext) -> str:
    """The resultdesc of a bind."""
    return tied(context).answer.desc


@probe("pipeline.order")
def pipeline_order(context: CheckContext) -> str:
    """A wrong digest on a bind that lacks a user and has a wrong value."""
    api = any_mode(context)
    body = api.body() | dict(api.misfits[0])
    del body[api.side.mode.users[0]]
    key = key_or(api.ask("bind", body=body, sign={"digest": "bm90IGl0"}), "accept")
    return {"401/1010010": "authentication", "403/1010002": "parameters"}.get(key, key)
