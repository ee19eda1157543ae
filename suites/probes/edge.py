"""Transport: methods, bodies, parameters, connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from privnum import contracts
from privnum.suites.check import CannotSettle, NoAnswer, probe
from privnum.suites.probes.seen import code_or, given, key_or, one

if TYPE_CHECKING:
    from privnum.suites.bench import Bench

__all__: list[str] = []

OVERSIZED = 32 * 1024 * 1024
"""Bytes of blanks behind a good body."""


@probe("http.wrong_method")
def wrong_method(bench: Bench) -> str:
    """PATCH on the address of the bindings."""
    return bench.request("axb.query", method="PATCH", query={"relationNum": bench.x()}).key


@probe("http.bad_json")
def bad_json(bench: Bench) -> str:
    """Bodies that are cut off, and JSON that is no object."""
    bodies = (b'{"callerNum": ', b"[]", b"")
    return one(code_or(bench.request("axb.bind", body=body), "accept") for body in bodies)


@probe("http.unknown_field")
def unknown_field(bench: Bench) -> str:
    """A body field and a query parameter that no operation has."""
    bind = bench.bind(bench.user(), bench.user(), bench.x(), flavour="vanilla")
    pair = given(bench)
    query = bench.query(subscriptionId=pair.sub, flavour="vanilla")
    return one(code_or(answer, "ignore") for answer in (bind, query))


@probe("http.repeated_parameter")
def repeated_parameter(bench: Bench) -> str:
    """Two subscriptionIds in one query."""
    first, last = given(bench).sub, given(bench).sub
    answer = bench.request("axb.query", query={"subscriptionId": [first, last]})
    shown = [str(info.get("subscriptionId")) for info in answer.items("relationNumList")]
    words = {first: "first", last: "last"}
    return one(words.get(sub, "another") for sub in shown) if answer.ok else str(answer.code)


@probe("http.repeated_member")
def repeated_member(bench: Bench) -> str:
    """A bind that names callDirection twice."""
    numbers = {"callerNum": bench.user(), "calleeNum": bench.user(), "relationNum": bench.x()}
    body = orjson.dumps(numbers)[:-1] + b',"callDirection":1,"callDirection":2}'
    answer = bench.request("axb.bind", body=body)
    if not answer.ok:
        return str(answer.code)
    found = bench.query(subscriptionId=answer["subscriptionId"]).items("relationNumList") or [{}]
    shown = found[0].get("callDirection")
    return {"1": "first", "2": "last"}.get(str(shown), f"callDirection {shown}")


@probe("http.oversized")
def oversized(bench: Bench) -> str:
    """A good bind with 32 MB of blanks behind it."""
    body = {"callerNum": bench.user(), "calleeNum": bench.user(), "relationNum": bench.x()}
    try:
        answer = bench.request("axb.bind", body=orjson.dumps(body) + b" " * OVERSIZED)
    except NoAnswer as error:
        raise CannotSettle(f"the target hung up on a body of 32 MB: {error}") from None
    if answer.ok:
        raise CannotSettle("the target takes a body of 32 MB")
    return answer.key


@probe("http.connection", needs=("wire",))
def connection(bench: Bench) -> str:
    """Two requests on one connection."""
    path = contracts.operations()["axb.query"].path
    request = f"GET {path} HTTP/1.1\r\nHost: {bench.wire.host}:{bench.wire.port}\r\n\r\n".encode()
    answers = bench.wire.exchange(request * 2, answers=2)
    if not answers:
        raise CannotSettle("the target hung up without an answer")
    return "keep_alive" if len(answers) > 1 else "close"


@probe("http.success_text")
def success_text(bench: Bench) -> str:
    """The resultdesc of a bind."""
    return given(bench).answer.desc


@probe("pipeline.order")
def pipeline_order(bench: Bench) -> str:
    """A wrong digest on a bind without callerNum and with a direction that there is not."""
    body = {"calleeNum": bench.user(), "callDirection": 7}
    key = key_or(bench.request("axb.bind", body=body, sign={"digest": "bm90IGl0"}), "accept")
    return {"401/1010010": "authentication", "403/1010002": "parameters"}.get(key, key)
