"""A small thing to share, as a sequential model: keys that one at a time may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.history.operations import Operation, Request, Seen, Verb

if TYPE_CHECKING:
    from collections.abc import Hashable

State = frozenset[str]
OK, REFUSED = Seen(True, "200/0"), Seen(False, "403/1012010")


class Keys:
    """A bind takes a key that is free, an unbind gives one back, a query shows whether it is taken."""

    def start(self) -> State:
        return frozenset()

    def step(self, state: State, operation: Operation) -> State | None:
        key, seen = str(operation.request.fields["key"]), operation.seen
        if operation.request.verb == "query":
            return state if seen.ok == (key in state) else None
        takes = operation.request.verb == "bind"
        if seen.ok != (takes != (key in state)):
            return None
        if not seen.ok:
            return state
        return state | {key} if takes else state - {key}

    def digest(self, state: State) -> Hashable:
        return state


def on_key(
    verb: Verb, invoked: float, answered: float, *, ok: bool = True, client: int = 1, key: str = "k"
) -> Operation:
    """One operation on a key."""
    return Operation(client, Request(verb, {"key": key}), OK if ok else REFUSED, invoked, answered)
