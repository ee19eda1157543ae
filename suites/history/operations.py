"""A history: requests of several clients, with the times of each.

A client asks for one thing at a time; those of several clients overlap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Operation", "Request", "Rows", "Seen", "Verb", "lines"]

Verb = Literal["bind", "modify", "unbind", "query"]
Rows = Mapping[str, Mapping[str, Any]]
"""What a query shows: the fields of each binding by its id."""


class Request(NamedTuple):
    """What a client asks for: an operation of the mode, and its fields."""

    verb: Verb
    fields: Mapping[str, Any]

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value}" for name, value in self.fields.items())
        return f"{self.verb} {told}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client sees of an answer.

    `key` is "status/code". A bind that succeeded has `sub`, `x` and, in AXE, `extension`; a query has `rows`.
    """

    ok: bool
    key: str
    sub: str = ""
    x: str = ""
    extension: str = ""
    rows: Rows = field(default_factory=dict)

    def __str__(self) -> str:
        shown = [text for text in (self.sub, self.extension and f"extension {self.extension}") if text]
        shown += [f"{sub} {dict(row)}" for sub, row in self.rows.items()]
        return f"{self.key} {', '.join(shown)}".rstrip()


@dataclass(frozen=True, slots=True)
class Operation:
    """A request and its answer.

    `invoked` and `answered` are seconds of one clock: just before it was sent, and just after its answer had come.
    """

    client: int
    request: Request
    seen: Seen
    invoked: float
    answered: float

    @property
    def changes(self) -> bool:
        """Whether it may have changed something: a refusal and a query do not."""
        return self.seen.ok and self.request.verb != "query"

    def precedes(self, other: Operation) -> bool:
        """Whether it was answered before the other was sent."""
        return self.answered < other.invoked

    def line(self, begin: float = 0.0) -> str:
        """The operation in one line, its times in ms from `begin`.

        Numbers are masked.
        """
        times = f"{(self.invoked - begin) * 1000:.1f} to {(self.answered - begin) * 1000:.1f} ms"
        return contracts.mask(f"{times}, client {self.client}: {self.request} -> {self.seen}")


def lines(operations: Iterable[Operation]) -> Sequence[str]:
    """A line for each, in the order in which they were sent."""
    ordered = sorted(operations, key=lambda each: each.invoked)
    return [each.line(ordered[0].invoked) for each in ordered]
