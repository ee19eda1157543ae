"""The inputs of a server: all that its worlds are a fold over.

Each begins with its kind and with edge time. Their bytes name no class: what is read of them is plain values alone.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any, Final, NamedTuple, NoReturn

__all__ = [
    "Api",
    "Command",
    "Input",
    "Outcome",
    "Refused",
    "Restart",
    "Take",
    "Time",
    "named_values",
    "pack",
    "plain_values",
    "unpack",
]


class Api(NamedTuple):
    """A request of the API plane.

    `us` is how long it took, microseconds; `status` and `check`, a check sum, are those of its answer.
    """

    kind: str
    edge_ms: int
    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    client: str
    us: int
    status: int
    check: int


class Command(NamedTuple):
    """A control message that was carried out, and the status of its answer."""

    kind: str
    edge_ms: int
    method: str
    path: str
    query: str
    body: bytes
    status: int


class Refused(NamedTuple):
    """What became no request: malformed, or, where `oversized`, too large."""

    kind: str
    edge_ms: int
    oversized: bool
    target: str
    headers: list[tuple[bytes, bytes]]


class Time(NamedTuple):
    """The time of a world went on to what is due next, or to a limit."""

    kind: str
    edge_ms: int
    world: str
    limit_ms: int


class Take(NamedTuple):
    """The pushes of a world that were ready were handed out."""

    kind: str
    edge_ms: int
    world: str


class Outcome(NamedTuple):
    """How an attempt ended; `number` is that by which it was handed out."""

    kind: str
    edge_ms: int
    number: int
    result: str
    body: bytes
    detail: str
    headers: list[tuple[str, str]]
    ms: float | None


class Restart(NamedTuple):
    """The server began anew: attempts without an outcome are due again."""

    kind: str
    edge_ms: int


Input = Api | Command | Refused | Time | Take | Outcome | Restart

#: By the word that stands first.
_KINDS: Final[dict[str, Any]] = {
    "api": Api,
    "command": Command,
    "refused": Refused,
    "time": Time,
    "take": Take,
    "outcome": Outcome,
    "restart": Restart,
}


def named_values(each: Input) -> dict[str, Any]:
    """Return what an input has, by name."""
    found: dict[str, Any] = each._asdict()
    return found


def plain_values(values: dict[str, Any]) -> tuple[Any, ...]:
    """Return an input as a plain tuple.

    Raises:
        TypeError, LookupError: it is none.
    """
    return tuple(_KINDS[values["kind"]](**values))


def pack(inputs: list[tuple[Any, ...]]) -> bytes:
    """Return inputs, as plain tuples, as bytes."""
    return pickle.dumps(inputs, pickle.HIGHEST_PROTOCOL)


def unpack(content: bytes) -> list[Input]:
    """Return inputs again.

    Raises:
        pickle.UnpicklingError, ValueError, TypeError, LookupError, EOFError: this version has not packed them.
    """
    return [_KINDS[each[0]](*each) for each in _Plain(BytesIO(content)).load()]


class _Plain(pickle.Unpickler):
    """Reads plain values."""

    def find_class(self, module: str, name: str) -> NoReturn:
        """See pickle.Unpickler."""
        raise pickle.UnpicklingError(f"inputs name nothing, and no {module}.{name}")
