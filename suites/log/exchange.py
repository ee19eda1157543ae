"""One recorded exchange: a request with its answer, or a push with its."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

import orjson

from privnum import contracts
from privnum.suites.base.answer import Answer, json_object
from privnum.suites.callbacks.contents import kind_of
from privnum.suites.transport.client import read_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.callbacks.contents import Kind

__all__ = ["Exchange", "is_api_path", "operation_at", "push_kind"]

_TOKENS = ("x-aksk", "x-wsse")
_PUSHED = ("eventType", "smsEvent", "feeLst", "numInfo", "statusInfo")
"""Members by which a body is that of a push."""


@dataclass(frozen=True)
class Exchange:
    """A request of the customer's, or a push of the platform's.

    `line` is that of the file, of a HAR file the number of the entry. `at` is real time, `world` that of a world of the
    stand-in, both in seconds since the epoch. `headers` have names in lower case; None: they were not recorded.
    `status` 0: no answer came. `gap`: entries before it are missing. `overlaps`: another was under way meanwhile.
    `exact`: it is of the platform's own journal, which misses no message and has them in order; `number` is its place
    there.
    """

    line: int
    kind: Literal["request", "push", "other"]
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] | None
    content: bytes
    status: int
    answer_content: bytes
    at: float | None = None
    world: float | None = None
    named_key: str = ""
    whole: bool = True
    answer_whole: bool = True
    gap: bool = False
    overlaps: bool = False
    exact: bool = False
    seconds: float = 0.0
    host: str = ""
    number: int | None = None

    @property
    def server(self) -> str:
        """Where the API stands: the host, and what is before its path."""
        row = self.operation
        return self.host + (self.path.removesuffix(row.path) if row is not None else "")

    @property
    def when(self) -> float | None:
        """World time where it is known, else real time."""
        return self.at if self.world is None else self.world

    @cached_property
    def header_map(self) -> Mapping[str, str]:
        """The first value of each header."""
        return dict(reversed(self.headers or ()))

    @cached_property
    def token(self) -> Mapping[str, str]:
        """The attributes of X-AKSK or X-WSSE."""
        value = next((self.header_map[name] for name in _TOKENS if name in self.header_map), "")
        return dict(read_token(value))

    @cached_property
    def app_key(self) -> str:
        """The application's key; empty where the log does not name it."""
        return self.token.get("Username") or self.named_key or self.parameters.get("app_key", "")

    @cached_property
    def operation(self) -> contracts.Operation | None:
        """The operation of a request; None where its address is none."""
        return operation_at(self.method, self.path) if self.kind == "request" else None

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the query, the first of each name."""
        return dict(reversed(parse_qsl(self.query, keep_blank_values=True)))

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The JSON object that was sent; None where it is none."""
        return json_object(self.content)

    @cached_property
    def given(self) -> Mapping[str, Any]:
        """The fields of a request, in its body or its query."""
        if self.operation is not None and self.operation.body is None:
            return self.parameters
        return self.body or {}

    @cached_property
    def answer(self) -> Answer:
        """The answer as checks see it."""
        return Answer(self.status, (), self.answer_content, json_object(self.answer_content))

    @property
    def push(self) -> Kind | Literal[""]:
        """The kind of a push; empty for a request."""
        return push_kind(self.body) if self.kind == "push" and self.body is not None else ""

    @cached_property
    def names_twice(self) -> bool:
        """Whether a parameter or a member of the body is there twice.

        Which counts is open.
        """
        if len(parse_qsl(self.query, keep_blank_values=True)) > len(self.parameters):
            return True
        found = orjson.dumps(self.body) if self.body is not None else b""
        return self.content.count(b'":') > found.count(b'":')


def operation_at(method: str, path: str) -> contracts.Operation | None:
    """The operation of an address, behind whatever prefix it stands."""
    rows = contracts.operations().values()
    return next((row for row in rows if row.method == method and path.endswith(row.path)), None)


def is_api_path(path: str) -> bool:
    """Whether a path is that of an operation, whatever the method."""
    return any(path.endswith(row.path) for row in contracts.operations().values())


def push_kind(body: Mapping[str, Any]) -> Kind | Literal[""]:
    """The kind of push that a body is; empty: it is none."""
    return kind_of(body) if any(name in body for name in _PUSHED) else ""
