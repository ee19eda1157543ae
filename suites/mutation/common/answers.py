"""Seeded bugs of the envelope of every answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import errors, validation
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.worlds.pipeline import Pipeline
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import wrap
from privnum.suites.mutation.operators.requests import change_response

if TYPE_CHECKING:
    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.worlds.pipeline import Request, Route
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]


def _replace_in_body(old: bytes, new: bytes) -> Operator:
    """Have another text in the body of every answer."""
    return change_response(lambda answer: answer._replace(body=re.sub(old, new, answer.body, count=1)))


def _always_200(answer: Answer) -> Answer:
    return answer._replace(status=200)


def _answer_with_status(wrong: int, right: int) -> Operator:
    return change_response(lambda answer: answer._replace(status=wrong) if answer.status == right else answer)


def _answer_with_type(text: bytes) -> Operator:
    headers = ((b"content-type", text),)
    return change_response(lambda answer: answer._replace(headers=headers))


def _keep_plus(decoded: Any, raw: str, name: str) -> Any:
    return decoded(raw.replace("+", "%2B"), name)


def _say_otherwise(old: str, new: str) -> Operator:
    """Have another text for a code."""

    def text(right: Any, key: str) -> str:
        said: str = right(key)
        return said.replace(old, new)

    return wrap(errors, "code_text", text)


def _refuse_type_of_no_body(serve: Any, line: Pipeline, route: Route, request: Request, *rest: Any) -> Any:
    """Refuse a Content-Type of a request that has no body."""
    if route.operation.body is None and b"content-type" in request.headers:
        raise Refusal("403/1010002")
    return serve(line, route, request, *rest)


BUGS = (
    Bug("no-text", "COM-ENV-001", "Answers have no resultdesc.", _replace_in_body(rb',"resultdesc":"[^"]*"', b"")),
    Bug(
        "empty-text",
        "COM-ENV-001",
        "resultdesc is empty.",
        _replace_in_body(rb'"resultdesc":"[^"]*"', b'"resultdesc":""'),
    ),
    Bug(
        "long-text",
        "COM-ENV-001",
        "resultdesc may be long.",
        _replace_in_body(rb'"resultdesc":"', b'"resultdesc":"' + b"." * 256),
    ),
    Bug(
        "code-as-number",
        "COM-ENV-001",
        "Success is 0, a number.",
        _replace_in_body(rb'"resultcode":"0"', b'"resultcode":0'),
    ),
    Bug("created", "COM-ENV-002", "Success is HTTP 201.", _answer_with_status(201, 200)),
    Bug("always-200", "COM-ENV-002", "Refusals are HTTP 200.", change_response(_always_200)),
    Bug("no-charset", "COM-ENV-003", "Content-Type has no charset.", _answer_with_type(b"application/json")),
    Bug("text-type", "COM-ENV-003", "Content-Type is text.", _answer_with_type(b"text/plain;charset=utf-8")),
    Bug("all-400", "COM-ENV-004", "Every refusal is HTTP 400.", _answer_with_status(400, 403)),
    Bug("unauthorised-403", "COM-ENV-004", "A wrong digest is HTTP 403.", _answer_with_status(403, 401)),
    Bug("no-404", "COM-ENV-005", "An unknown address is HTTP 400.", _answer_with_status(400, 404)),
    Bug("plus-stays", "COM-ENV-006", "A + in a query is a +.", wrap(validation, "_decode_part", _keep_plus)),
    Bug(
        "bad-request",
        "COM-ENV-007",
        "1010002 comes with status 400.",
        _say_otherwise("Invalid request.", "Bad request."),
    ),
    Bug(
        "no-type-of-get",
        "COM-ENV-021",
        "A GET may have no Content-Type.",
        wrap(Pipeline, "serve", _refuse_type_of_no_body),
    ),
    Bug(
        "own-words",
        "COM-ENV-022",
        "1012007 has a text of its own.",
        _say_otherwise("The record does not exist.", "Gone."),
    ),
)
