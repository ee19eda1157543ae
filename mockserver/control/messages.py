"""Control messages: read, and held against their schemas; their answers."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from privnum import contracts
from privnum.mockserver.control.hints import value_hint
from privnum.mockserver.core.errors import ControlError, printable
from privnum.mockserver.core.validation import double_name, json_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.journal.select import Wait
    from privnum.mockserver.worlds.world import World

__all__ = ["Command", "ControlAnswer", "read_body", "read_query"]


class ControlAnswer(NamedTuple):
    """An answer of the control plane.

    The shell first settles `world`, where there is one, and lets it run to `until_ms`, where that is given; then it
    calls `view` and serialises what it returns (None = no body). `dropped` is the world that is no more. The shell
    waits for what `wait` names, before `view`.
    """

    status: int
    view: Callable[[], Any]
    world: World | None = None
    until_ms: int | None = None
    dropped: World | None = None
    wait: Wait | None = None


class Command(NamedTuple):
    """A control message that fits its schema.

    Parameters of its path, query and body.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]


def read_query(operation: contracts.ControlOperation, query: str) -> dict[str, str]:
    """Return the parameters of a query string.

    Raises:
        ControlError: they do not fit their schema, one stands twice, or the operation has none.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    if operation.query is None:
        if pairs:
            raise ControlError(400, f"{operation.id} has no parameters in the query; leave them out", "query")
        return {}
    double = double_name(pairs)
    if double is not None:
        raise ControlError(400, f"{printable(double)} stands twice in the query; send it once", double)
    given = dict(pairs)
    _check(operation.query, given)
    return given


def read_body(operation: contracts.ControlOperation, body: bytes) -> dict[str, Any]:
    """Return the message in a body; an empty one is an empty message.

    A byte order mark before it is passed over, and 30.0 is 30 from here on (a whole number to JSON Schema is one too
    where it is written as a fraction).

    Raises:
        ControlError: it is no JSON object, does not fit its schema, has a name twice, or the operation has no body.
    """
    text = body.removeprefix(BOM_UTF8)
    if operation.body is None:
        if text.strip() not in (b"", b"{}"):
            raise ControlError(400, f"{operation.id} has no body; leave it out", "body")
        return {}
    try:
        message = orjson.loads(text) if text.strip() else {}
    except ValueError as error:
        raise ControlError(400, f"the body is {json_fault(text, error)}; send a JSON object in UTF-8", "body") from None
    if not isinstance(message, dict):
        raise ControlError(400, "the body must be a JSON object", "body")
    _refuse_doubles(text)
    _check(operation.body, message)
    return {name: _whole(value) for name, value in message.items()}


def _refuse_doubles(text: bytes) -> None:
    """Refuse a body in which a name stands twice.

    One of the two values would be lost in silence.
    """

    def once(pairs: list[tuple[str, Any]]) -> None:
        double = double_name(pairs)
        if double is not None:
            raise ControlError(400, f"{printable(double)} stands twice in the body; send it once", double)

    with suppress(RecursionError, ValueError):  # nested deeper than any message is; a sign that orjson alone takes
        json.loads(text or b"{}", object_pairs_hook=once)


def _check(schema: str, message: dict[str, Any]) -> None:
    validator = contracts.validator(schema)
    problem = None
    try:
        if validator.is_valid(message):
            return
        problem = validator.first_problem(message)
    except (ValueError, TypeError, RecursionError):
        pass  # nested deeper than any message is
    if problem is not None:
        raise ControlError(400, problem.message + value_hint(schema, problem.parameter, message), problem.parameter)
    raise ControlError(400, f"the message does not fit schema {schema}", "body")


def _whole(value: Any) -> Any:
    """Return what fits its schema with every whole number as an int.

    A probability and a rate alone may have a fraction.
    """
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
