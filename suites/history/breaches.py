"""What overlapping requests break whatever their order was.

A binding was there for sure from the answer to its bind until the first request was sent that may have dissolved it.
What two of them may never have together, or six, they had then: no order of the requests is looked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.history.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Alike", "Breach", "Held", "crowds", "double_unbinds", "held_bindings", "lost_writes", "pairs"]

Alike = Callable[[Operation, Operation], tuple[str, str] | None]
"""Says of two binds what their bindings may not have both: the rule, and what they have; None: nothing."""


class Breach(NamedTuple):
    """Operations that cannot all be right.

    The rule that one of them breaks, and what is wrong.
    """

    rule: str
    what: str
    operations: tuple[Operation, ...]


class Held(NamedTuple):
    """A binding, and the time in which it was there for sure."""

    bind: Operation
    since: float
    until: float

    def meets(self, other: Held) -> bool:
        """Whether both were there at one instant."""
        return max(self.since, other.since) < min(self.until, other.until)


def held_bindings(operations: Sequence[Operation], ends: Callable[[Operation, Operation], bool]) -> list[Held]:
    """The bindings of a history.

    `ends(request, bind)`: whether a request may have dissolved what a bind brought.
    """
    found = []
    for bind in operations:
        if bind.request.verb == "bind" and bind.seen.ok:
            until = min((each.invoked for each in operations if ends(each, bind)), default=math.inf)
            found.append(Held(bind, bind.answered, until))
    return found


def pairs(held: Iterable[Held], alike: Alike) -> Iterator[Breach]:
    """Bindings of which no two may be there at once."""
    for one, other in combinations(held, 2):
        found = alike(one.bind, other.bind)
        if found is not None and one.meets(other):
            yield Breach(found[0], f"two bindings have {found[1]} at one time", (one.bind, other.bind))


def crowds(held: Sequence[Held], most: int, rule: str, what: str) -> Iterator[Breach]:
    """More than `most` of these bindings at one instant.

    `what` says of whom they are.
    """
    for begin in held:
        there = [each for each in held if each.since <= begin.since < each.until]
        if len(there) > most:
            yield Breach(rule, f"{what} has {len(there)} bindings at one time, {most} are allowed", _binds(there))


def _binds(held: Iterable[Held]) -> tuple[Operation, ...]:
    return tuple(each.bind for each in held)


def double_unbinds(operations: Iterable[Operation], rule: str) -> Iterator[Breach]:
    """Two unbinds of one id that both succeeded.

    An id is never given again, so one of them found nothing.
    """
    unbinds = [each for each in operations if each.request.verb == "unbind" and each.seen.ok]
    for one, other in combinations(unbinds, 2):
        sub = one.request.fields.get("subscriptionId")
        if sub and sub == other.request.fields.get("subscriptionId"):
            yield Breach(rule, f"the binding {sub} was dissolved twice", (one, other))


def lost_writes(operations: Sequence[Operation], rule: str) -> Iterator[Breach]:
    """A value that a modify has set, and another one has put back.

    What the bind had set is shown again, by a query that was sent when both modifies had been answered. The other one
    does not carry the field, and nobody set it so.
    """
    binds = {each.seen.sub: each for each in operations if each.seen.sub}
    modifies = [each for each in operations if each.request.verb == "modify" and each.seen.ok]
    for query in operations:
        for sub, row in query.seen.rows.items():
            first = binds[sub].request.fields if sub in binds else {}
            before = [m for m in modifies if m.request.fields.get("subscriptionId") == sub and not query.precedes(m)]
            for name, value in row.items():
                lost = _lost_pair(before, query, name, str(value)) if str(first.get(name)) == str(value) else None
                if lost is not None:
                    yield Breach(rule, f"{name} of {sub} was set, and is {value!r}", (*lost, query))


def _lost_pair(
    modifies: Sequence[Operation], query: Operation, name: str, value: str
) -> tuple[Operation, Operation] | None:
    """The modify whose value is lost, and one that may have put another back."""
    writes = [each for each in modifies if name in each.request.fields]
    if any(str(each.request.fields[name]) == value for each in writes):
        return None
    write = next((each for each in writes if each.precedes(query)), None)
    others = (each for each in modifies if name not in each.request.fields and each.precedes(query))
    other = next((each for each in others if write is not None and not each.precedes(write)), None)
    return None if write is None or other is None else (write, other)
