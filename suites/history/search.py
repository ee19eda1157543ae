"""The search for a legal order of a history (linearizability).

Wing and Gong, "Testing and verifying concurrent objects" (1993): take, of the operations that none still open precedes,
one that the model answers as the target did, and go on from the state behind it; go back where there is none. Lowe,
"Testing for linearizability" (2017): what was tried once from the same state, with the same operations taken, is not
tried again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from privnum.suites.history.operations import Operation

__all__ = ["BOUND", "Found", "Model", "find_order", "smallest_evidence"]

BOUND = 20_000
"""Steps of the model after which the search is given up."""

S = TypeVar("S")


class Model(Protocol[S]):
    """The sequential model that says which answers are right."""

    def start(self) -> S:
        """The state before the first operation."""
        ...

    def step(self, state: S, operation: Operation) -> S | None:
        """The state behind an operation, None where it is not answered so.

        `state` itself is left as it is.
        """
        ...

    def digest(self, state: S) -> Hashable:
        """What is the same for states from which all goes on the same."""
        ...


class Found(NamedTuple):
    """How a search came out.

    "order": `order` is a legal one. "none": there is none. "too_many": not found within the bound of `steps`.
    """

    word: Literal["order", "none", "too_many"]
    order: tuple[Operation, ...] = ()
    steps: int = 0


class _Search:
    """The operations of a history up to an instant, by numbers.

    What was sent by then and is answered later may have acted, and need not.
    """

    def __init__(self, operations: Iterable[Operation], until: float) -> None:
        sent = [each for each in operations if each.invoked <= until]
        self.operations = sorted(sent, key=lambda each: each.answered)
        self.must = sum(1 << place for place, each in enumerate(self.operations) if each.answered <= until)

    def next_ones(self, taken: int) -> Iterator[int]:
        """Operations that may come next: none that is still open precedes them."""
        ahead = math.inf
        for place, each in enumerate(self.operations):  # by their answers: the first open one is answered first
            if taken >> place & 1:
                continue
            if each.invoked <= ahead:
                yield place
            if self.must >> place & 1:
                ahead = min(ahead, each.answered)


def find_order(
    operations: Iterable[Operation], model: Model[S], *, bound: int = BOUND, until: float = math.inf
) -> Found:
    """Search an order in which the model gives each observed answer.

    It respects real time: what was answered before another was sent comes before it.

    Args:
        operations: the history, in any order.
        model: says one after another whether they are right.
        bound: steps of the model after which the search is given up.
        until: an instant; what comes later is not looked at.

    """
    search = _Search(operations, until)
    seen: set[Hashable] = set()
    order: list[int] = []
    path = [(0, model.start(), search.next_ones(0))]
    steps = 0
    while path:
        taken, state, ways = path[-1]
        if taken & search.must == search.must:
            return Found("order", tuple(search.operations[place] for place in order), steps)
        for place in ways:
            if steps >= bound:
                return Found("too_many", steps=steps)
            steps += 1
            behind = model.step(state, search.operations[place])
            if behind is None:
                continue
            mark = (taken | 1 << place, model.digest(behind))
            if mark not in seen:
                seen.add(mark)
                order.append(place)
                path.append((mark[0], behind, search.next_ones(mark[0])))
                break
        else:
            path.pop()
            del order[-1:]
    return Found("none", steps=steps)


def smallest_evidence(operations: Iterable[Operation], model: Model[S], *, bound: int = BOUND) -> Sequence[Operation]:
    """The operations that show that a history has no order, and few others.

    The history ends with the answer that no order explains any more. Refusals and queries without which there is no
    order either are left out: as they change nothing, what has no order without them has none with them.
    """
    left = list(operations)
    for answered in sorted(each.answered for each in left):
        if find_order(left, model, bound=bound, until=answered).word == "none":
            left = [each for each in left if each.invoked <= answered]
            break
    else:
        return left
    for each in sorted(left, key=lambda one: one.invoked):
        if each.changes:
            continue
        without = [other for other in left if other is not each]
        if find_order(without, model, bound=bound, until=answered).word == "none":
            left = without
    return left
