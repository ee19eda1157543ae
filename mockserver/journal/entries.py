"""What the journal keeps of a request and of an attempt to push."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LONGEST_BODY", "Entry", "PushEntry", "RequestEntry", "cut"]

#: Bytes of a body or an answer that are kept.
LONGEST_BODY: Final = 1 << 14
_GOOD: Final = 400


class RequestEntry(NamedTuple):
    """A request of the API plane and its answer.

    `edge_ms` is real time, `ms` the duration of it, `world_ms` the time of the world. `length` counts all bytes of the
    body. `operation` is "" for an address that is none, `rule` the one that refused the request, "" where none did.
    `fault` says what was injected, "" where nothing was. Status 0: nothing was answered.
    """

    edge_ms: int
    world_ms: int
    ms: float
    client: str
    method: str
    path: str
    query: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    length: int
    status: int
    answer_headers: Sequence[tuple[bytes, bytes]]
    answer: bytes
    operation: str
    rule: str
    fault: str = ""

    @property
    def kind(self) -> str:
        """What it is, as of a push."""
        return "request"

    @property
    def accepted(self) -> bool:
        """Whether the request was carried out."""
        return 0 < self.status < _GOOD


class PushEntry(NamedTuple):
    """An attempt to send a push, and how it ended.

    `edge_ms` is when it ended, real time, `ms` how long it took, None where nothing was sent (the built-in inbox).
    `next_ms` is when it is sent again, world time; None: it is not. `fault` is as of a request.
    """

    edge_ms: int
    world_ms: int
    ms: float | None
    push_id: str
    kind: str
    app_key: str
    url: str
    attempt: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    length: int
    outcome: str
    detail: str
    answer: bytes
    state: str
    next_ms: int | None
    accepted: bool
    fault: str = ""


Entry = RequestEntry | PushEntry


def cut(body: bytes) -> bytes:
    """Return what is kept of a body, in memory of its size.

    What orjson returns lies in a buffer of some thousand bytes for as long as it lives.
    """
    return b"%b" % (body if len(body) <= LONGEST_BODY else body[:LONGEST_BODY])
