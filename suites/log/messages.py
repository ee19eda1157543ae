"""Each message of a log by itself: its schema, values and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.suites.callbacks.bodies import compare_body
from privnum.suites.log.fields import shown_field, without_value
from privnum.suites.log.signatures import compare_push_signature, compare_request_signature
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.envelope import compare_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.log.applications import Applications
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["check_message"]

Claim = tuple[str, bool, str]
_REDIRECT: Final = 301
_HOUR: Final = 3600


def check_message(exchange: Exchange, mode: str | None, applications: Applications, findings: Findings) -> None:
    """Claim what one message, of an application of that mode, shows by itself."""
    if exchange.kind == "request":
        findings.claim_all(_of_request(exchange, applications), exchange.line)
        return
    findings.claim_all(_of_push(exchange, mode, applications), exchange.line)


# ── requests and answers ─────────────────────────────────────────────────────────────────────────────────────────────


def _of_request(exchange: Exchange, applications: Applications) -> Iterator[Claim]:
    row = exchange.operation
    if exchange.status == 0:
        return
    if row is None:
        if exchange.answer.ok:
            yield "COM-ENV-005", False, f"{exchange.method} {exchange.path} is no address of the API, and was accepted"
        return
    if exchange.answer_whole:
        sent = exchange.body if exchange.whole else None
        yield from compare_answer(row.id, exchange.answer, exchange.query, sent)
    yield from compare_request_signature(exchange, applications)
    if _is_accepted(exchange) and exchange.whole:
        yield from _of_accepted(exchange, row)
    if exchange.answer.ok and exchange.answer_whole:
        yield from _of_echo(exchange, row.id)


def _is_accepted(exchange: Exchange) -> bool:
    return exchange.answer.ok or (exchange.status == _REDIRECT and exchange.operation is not None)


def _of_accepted(exchange: Exchange, row: contracts.Operation) -> Iterator[Claim]:
    """Rules by which an accepted request had to be refused."""
    if exchange.names_twice:
        return  # which of two values counts is open
    body = exchange.body if row.body else None
    for problem in contracts.validate(row.id, query=exchange.parameters, body=body):
        rule = problem.requirement or _selector_rule(row, problem)
        if rule and _is_named_fault(row, exchange, problem):
            yield rule, False, f"{row.id} was accepted: {without_value(problem)}"


def _selector_rule(row: contracts.Operation, problem: contracts.Problem) -> str:
    """The rule that a request names what it is about."""
    if problem.expected != "a selector":
        return ""
    return _SELECTORS.get(row.id, "")


_SELECTORS: Final[Mapping[str, str]] = {
    "ax.bind": "AX-BIND-102",
    "ax.unbind": "AX-UNBIND-002",
    "ax.modify": "AX-MODIFY-001",
    "ax.query": "AX-QUERY-104",
    "ax.set_callee": "AX-CALLEE-102",
    "axb.unbind": "AXB-UNBIND-002",
    "axyb.unbind": "AXYB-UNBIND-002",
    "axyb.query": "AXYB-QUERY-103",
}
"""Rules that ask for a selector; of the other operations no page names one."""


def _is_named_fault(row: contracts.Operation, exchange: Exchange, problem: contracts.Problem) -> bool:
    """Whether a source names the fault: a field missing, its length or range.

    A value of another type is none of them, nor is one of a field that no page describes.
    """
    if problem.got is None:
        return True
    for schema, given in ((row.query, exchange.parameters), (row.body, exchange.body or {})):
        if schema is None:
            continue
        place = problem.parameter.partition(".")[0].partition("[")[0]
        rows = contracts.schema(schema, strict=True)["properties"]
        if place in rows and place in given:
            return contracts.is_documented(contracts.schema(schema), problem.parameter) and _has_type(
                rows[place], given[place]
            )
    return False


def _has_type(form: Mapping[str, Any], value: object) -> bool:
    """Whether a value is of the type that the page prints."""
    kinds = [form, *form.get("anyOf", ())]
    names = {str(kind["type"]) for kind in kinds if "type" in kind}
    names |= {"string" for kind in kinds for word in kind.get("enum", ()) if isinstance(word, str)}
    names |= {"integer" for kind in kinds for word in kind.get("enum", ()) if type(word) is int}
    word = {str: "string", int: "integer", bool: "boolean", dict: "object", list: "array"}.get(type(value))
    return word in names


_ECHOES: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "ax.bind": (
        ("origNum", "origNum", "AX-BIND-101"),
        ("privateNum", "privateNum", "AX-BIND-001"),
    ),
    "axb.bind": (
        ("relationNum", "relationNum", "AXB-BIND-001"),
        ("callDirection", "callDirection", "AXB-BIND-002"),
        ("duration", "duration", "AXB-BIND-002"),
        ("maxDuration", "maxDuration", "AXB-BIND-002"),
    ),
    "axe.bind": (
        ("virtualNum", "virtualNum", "AXE-BIND-001"),
        ("bindExpiredTime", "bindExpiredTime", "AXE-BIND-002"),
        ("callbackExpiredTime", "callbackExpiredTime", "AXE-BIND-002"),
    ),
}
"""Fields of a bind that its answer repeats, and the rules that say so."""


def _of_echo(exchange: Exchange, operation: str) -> Iterator[Claim]:
    for asked, shown, rule in _ECHOES.get(operation, ()):
        given, came = (exchange.body or {}).get(asked), exchange.answer[shown]
        if given in (None, "") or came in (None, ""):
            continue
        same = _plain(given) == _plain(came)
        yield (
            rule,
            same,
            ""
            if same
            else f"{operation} with {shown_field(asked, given)} was answered with {shown_field(shown, came)}",
        )


def _plain(value: object) -> object:
    """A number however it is written: 60, "60" or 60.0."""
    try:
        return float(str(value)) if not str(value).startswith("+") else value
    except ValueError:
        return value


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_push(exchange: Exchange, mode: str | None, applications: Applications) -> Iterator[Claim]:
    kind, body = exchange.push, exchange.body
    if exchange.headers:
        yield from compare_push_signature(exchange, applications.secrets)
    if body is None:
        if exchange.whole and exchange.content:
            yield "COM-PUSH-001", False, "a push whose body is no JSON object"
        return
    if kind and exchange.whole and (mode is not None or kind == "number_status"):
        yield from compare_body(mode or "", kind, body)
    if mode is not None and kind == "call_event":
        yield from _of_event(exchange, mode, body)
    if mode is not None and kind == "cdr":
        fees = body.get("feeLst")
        for fee in fees if isinstance(fees, list) else ():
            if isinstance(fee, dict):
                yield from _of_future(exchange, f"{mode}-CDR-006", "callEndTime", seconds(fee.get("callEndTime")))


def _of_event(exchange: Exchange, mode: str, body: Mapping[str, Any]) -> Iterator[Claim]:
    info = body.get("statusInfo")
    stamp = info.get("timestamp") if isinstance(info, dict) else None
    at = seconds(stamp)
    yield f"{mode}-EVENT-005", at is not None, f"timestamp {stamp!r:.40} is not yyyy-MM-dd HH:mm:ss"
    yield from _of_future(exchange, f"{mode}-EVENT-005", "timestamp", at)


def _of_future(exchange: Exchange, rule: str, name: str, at: int | None) -> Iterator[Claim]:
    """What has happened lies not in the future: such a time is no UTC."""
    now = exchange.when
    if at is not None and now is not None:
        ahead = at - now
        yield rule, ahead < _HOUR, f"{name} is {ahead / _HOUR:.1f} hours after the push: it is not UTC"
