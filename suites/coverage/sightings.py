"""Which items of the contract the exchanges of a check have shown.

The exchanges are the steps of a check's history. An exchange counts where the check claimed something after it: one of
setting up that no claim follows shows nothing that was checked.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.suites.coverage.items import Node, field_tree, items, messages, result_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.trace import Step

__all__ = ["KEPT", "Ration", "push_id", "shown_in"]

KEPT = 3
"""Checks that a run names for an item: it says who exercises it, not how often."""


def shown_in(history: Sequence[Step], claimed: Sequence[tuple[int, str]]) -> dict[str, str]:
    """The items that steps have shown, by the first claim behind each.

    The value is the rule of the claim. `claimed` are claims in their order: how many steps there were, and the rule.
    """
    look = _Look()
    start = 0
    for end, look.rule in claimed:
        for step in history[start:end]:
            if step.kind == "request":
                look.at_request(step)
            elif step.kind == "push":
                look.at_push(step)
        start = end
    return look.found


def push_id(mode: str, kind: str) -> str:
    """The id of a push of a mode, or of all modes, by its kind.

    Empty where the contract has none.
    """
    known = contracts.callbacks()
    return next((id_ for id_ in (f"{mode.lower()}.{kind}", f"common.{kind}") if id_ in known), "")


class _Look:
    """A look at many exchanges, one after the other.

    Every message of a run comes by here, and most of them are alike: fields that came together once are entered once.
    """

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.rule = ""
        self._known: dict[tuple[int, tuple[str, ...]], tuple[tuple[str, Node], ...]] = {}
        """Names that came together in a place, and those of them whose values show more."""

    def at_push(self, step: Step) -> None:
        """Enter what a push and its answer show."""
        if step.target in contracts.callbacks():
            self._enter(step.target)
            for part, tree in _trees(step.target):
                self._at(tree, step.payload if part == "schema" else _json(step.content))

    def at_request(self, step: Step) -> None:
        """Enter what a request and its answer show."""
        path, _, query = step.target.partition("?")
        operation = step.text or _addresses().get((step.method, path), "")
        if operation not in contracts.operations() or step.answer is None:
            return
        self._enter(operation)
        for part, tree in _trees(operation):
            if part == "query":
                self._at(tree, _parameters(query))
            else:
                self._at(tree, _json(step.content) if part == "body" else step.answer.body)
        code = result_code(operation, step.answer.key)
        if code in items():
            self._enter(code)

    def _enter(self, id_: str) -> None:
        if id_ not in self.found:
            self.found[id_] = self.rule

    def _at(self, node: Node, value: Any) -> None:
        """Enter what a value shows that stands in a place."""
        if isinstance(value, dict):
            names = tuple(value)
            telling = self._known.get((id(node), names))
            if telling is None:
                telling = self._known[id(node), names] = self._fields(node, names)
            for name, place in telling:
                self._at(place, value[name])
        elif isinstance(value, list):
            if node.element is not None:
                for inner in value:
                    self._at(node.element, inner)
        elif isinstance(value, str | int):
            for id_ in node.shows(value):
                self._enter(id_)

    def _fields(self, node: Node, names: tuple[str, ...]) -> tuple[tuple[str, Node], ...]:
        """Enter the fields of these names; those whose values show more."""
        places = [(name, node.properties[name]) for name in names if name in node.properties]
        for _, place in places:
            if place.field is not None:
                self._enter(place.field)
        return tuple((name, place) for name, place in places if not place.is_plain)


@cache
def _trees(message: str) -> tuple[tuple[str, Node], ...]:
    row = contracts.operations().get(message) or contracts.callbacks()[message]
    return tuple((part, field_tree(message, part)) for part in messages(row))


@cache
def _addresses() -> Mapping[tuple[str, str], str]:
    return {(row.method, row.path): row.id for row in contracts.operations().values()}


def _parameters(query: str) -> dict[str, str]:
    """The parameters as they were sent.

    No name and no enumerated value has a sign that must be encoded.
    """
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {name: value for name, _, value in pairs}


def _json(content: bytes) -> Any:
    """What a body says; None for one that is empty, or no JSON."""
    try:
        return orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return None


class Ration:
    """How often the events of a run name each item.

    What many checks have shown need not be in the events of all.
    """

    def __init__(self, most: float = KEPT) -> None:
        self._most = most
        self._named: Counter[str] = Counter()

    def take(self, seen: Mapping[str, str]) -> dict[str, list[str]]:
        """What is still worth naming of a check's sightings: rule to items."""
        kept: dict[str, list[str]] = {}
        for id_, rule in seen.items():
            if self._named[id_] < self._most:
                self._named[id_] += 1
                kept.setdefault(rule, []).append(id_)
        return kept
