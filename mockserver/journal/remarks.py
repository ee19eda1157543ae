"""Forms of a request that the real platform may not take.

They are those of contracts/remarks.toml, found in a request as it was sent, by the schemas of its operation.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote_plus

import orjson

from privnum import contracts
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.timestamps import parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema_rs import Draft202012Validator

__all__ = ["Sent", "refuse", "remarks_of", "unread"]

_CREATED: Final = re.compile(rb'Created\s*+=\s*+"([^"]*+)"')
_FORBIDDEN: Final = frozenset("^{}")
_TOKENS: Final = (b"x-aksk", b"x-wsse")
_NO_BODY: Final = (b"", b"0")
_LONGEST_NAME: Final = 40


class Sent(NamedTuple):
    """A request as it was sent; header names are in lower case.

    `operation` is None for an address that is none.
    """

    operation: contracts.Operation | None
    query: str
    headers: Mapping[bytes, bytes]
    body: bytes
    edge_ms: int


class Found(NamedTuple):
    """A remark, and where in the request it is: a parameter or a header."""

    remark: contracts.Remark
    where: str

    @property
    def text(self) -> str:
        """What was found, and what would be right."""
        return f"{self.where}: {self.remark.title}. {self.remark.advice}"


def remarks_of(sent: Sent) -> list[Found]:
    """Return what is questionable in a request, in the order of the table."""
    if sent.operation is None:
        return []
    found = [*_of_headers(sent), *_of_query(sent, sent.operation), *_of_body(sent, sent.operation)]
    if len(found) < 2:
        return found
    order = list(contracts.remarks())
    return sorted(found, key=lambda each: order.index(each.remark.id))


def refuse(sent: Sent) -> None:
    """Refuse a request with a questionable form (--strict).

    Raises:
        Refusal: with the first remark.
    """
    for remark, where in remarks_of(sent):
        text = f"{where}: {remark.title} (--strict, {remark.id}). {remark.advice}"
        raise Refusal(remark.code, text, remark.rule)


def unread(sent: Sent) -> list[tuple[str, str]]:
    """Return the fields of a request that no part of the server reads.

    With where each stands: "query" or "body".
    """
    operation = sent.operation
    if operation is None:
        return []
    query = [(name, "query") for name, _ in _parameters(sent.query) if name not in _known_fields(operation.query)]
    given = _members(sent.body)
    body = [(name, "body") for name in given if name not in _known_fields(operation.body)]
    return list(dict.fromkeys([*query, *body]))


def _make_remark(id_: str, where: str) -> Found:
    return Found(contracts.remarks()[id_], where if len(where) <= _LONGEST_NAME else where[:_LONGEST_NAME] + "...")


def _of_headers(sent: Sent) -> Iterator[Found]:
    kind = sent.headers.get(b"content-type")
    if kind is None:
        yield _make_remark("content_type_missing", "Content-Type")
    elif not kind.lower().startswith(b"application/json"):
        yield _make_remark("content_type_other", "Content-Type")
    most = contracts.remarks()["created_far"].most or 0
    token = next((sent.headers[name] for name in _TOKENS if name in sent.headers), b"")
    created = _CREATED.search(token)
    instant = parse_iso(created[1].decode("latin-1")) if created else None
    if instant is not None and abs(instant - sent.edge_ms) > most * 1000:
        yield _make_remark("created_far", "Created")


def _of_query(sent: Sent, operation: contracts.Operation) -> Iterator[Found]:
    if operation.query is None and operation.body is not None:
        if sent.query:
            yield _make_remark("query_not_read", "query")
        return
    known, seen = _known_fields(operation.query), set[str]()
    for name, raw in _parameters(sent.query):
        if "+" in raw:
            yield _make_remark("plus_unescaped", name)
        if name not in known:
            yield _make_remark("unknown_field", name)
        elif name in seen:
            yield _make_remark("parameter_twice", name)
        seen.add(name)


def _of_body(sent: Sent, operation: contracts.Operation) -> Iterator[Found]:
    if operation.body is None:
        length = sent.headers.get(b"content-length", b"").strip()
        if sent.body or length not in _NO_BODY or b"transfer-encoding" in sent.headers:
            yield _make_remark("body_not_read", "body")
        return
    for name, value in _members(sent.body).items():
        if name not in _known_fields(operation.body):
            yield _make_remark("unknown_field", name)
            continue
        id_ = _form(operation.body, name, value)
        if id_ is not None:
            yield _make_remark(id_, name)
        if name == "userData" and isinstance(value, str) and not _FORBIDDEN.isdisjoint(value):
            yield _make_remark("user_data_signs", name)


def _form(schema: str, name: str, value: object) -> str | None:
    """Return the remark on the form of one value.

    What does not fit the contract at all is refused, and needs none.
    """
    if value is None:
        return "null_field"
    if value == "":
        return None if contracts.has_empty_text(schema, name) else "empty_text"
    if isinstance(value, bool):  # official samples send flags so
        return None
    if isinstance(value, float):
        return "integer_as_decimal" if _fits(schema, name, value, strict=True) else None
    if _fits(schema, name, value, strict=True) or not _fits(schema, name, value, strict=False):
        return None
    return "other_type"


@cache
def _known_fields(schema: str | None) -> frozenset[str]:
    return frozenset() if schema is None else frozenset(contracts.schema(schema).get("properties", ()))


def _fits(schema: str, name: str, value: object, *, strict: bool) -> bool:
    """Return whether a value fits the form of a field.

    As the pages print it (`strict`), or as clients send it.
    """
    try:
        return _form_of(schema, name, strict).is_valid(value)
    except (ValueError, TypeError, RecursionError):
        return False


@cache
def _form_of(schema: str, name: str, strict: bool) -> Draft202012Validator:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(contracts.schema(schema, strict=strict)["properties"][name])


def _parameters(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query string, their values as they were sent."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote_plus(name), value) for name, _, value in parts]


def _members(body: bytes) -> dict[str, Any]:
    """Return the members of a body; none where it is no JSON object."""
    try:
        given = orjson.loads(body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
