"""Control messages: read, and held against their schemas; their answers."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from privnum import contracts
from privnum.mockserver.control.hints import hint
from privnum.mockserver.core.errors import ControlError

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
        ControlError: they do not fit their schema.
    """
    if operation.query is None:
        return {}
    given = dict(parse_qsl(query, keep_blank_values=True))
    _check(operation.query, given)
    return given


def read_body(operation: contracts.ControlOperation, body: bytes) -> dict[str, Any]:
    """Return the message in a body; an empty one is an empty message.

    A byte order mark before it is passed over, and 30.0 is 30 from here on (a whole number to JSON Schema is one too
    where it is written as a fraction).

    Raises:
        ControlError: it is no JSON object, or does not fit its schema.
    """
    if operation.body is None:
        return {}
    text = body.removeprefix(BOM_UTF8)
    try:
        message = orjson.loads(text) if text.strip() else {}
    except ValueError as error:
        raise ControlError(400, f"the body is not JSON in UTF-8: {error}", "body") from None
    if not isinstance(message, dict):
        raise ControlError(400, "the body must be a JSON object", "body")
    _check(operation.body, message)
    return {name: _whole(value) for name, value in message.items()}


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
        raise ControlError(400, problem.message + hint(schema, problem.parameter, message), problem.parameter)
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
