"""The nearest valid word for a wrong one in a control message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

__all__ = ["did_you_mean", "path_hint", "value_hint"]

#: Among more words than these none is looked for: a server may have very many worlds.
_MOST: Final = 1_000
_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def did_you_mean(word: str, words: Collection[str]) -> str:
    """Return "; did you mean …?" for a wrong name, nothing where none is near."""
    near = _near(word, words) if len(words) <= _MOST else None
    return "" if near is None else f"; did you mean {near}?"


def path_hint(path: str) -> str:
    """Return "; did you mean …?" for a path with one wrong word."""
    given, meant = path[:200].split("/"), []
    for operation in contracts.plane_operations().values():
        template = operation.path.split("/")
        if len(template) == len(given):
            filled = [own if word.startswith("{") else word for word, own in zip(template, given, strict=True)]
            others = [place for place, word in enumerate(filled) if word != given[place]]
            if len(others) == 1 and _near(given[others[0]], [filled[others[0]]]):
                meant.append("/".join(filled))
    return did_you_mean(path, meant)


def value_hint(schema: str, where: str, message: Mapping[str, Any]) -> str:
    """Return "Did you mean …?" for a wrong value, or a missing field.

    `where` is the place of it, as in applications[0].mode. What is no field has its hint already.
    """
    steps = [name or int(place) for name, place in _STEP.findall(where)]
    nodes, value = [contracts.schema(schema)], message
    for step in steps[:-1]:
        nodes, value = _children(nodes, step), _child(value, step)
    last = steps[-1] if steps else ""
    wanted = _children(nodes, last)
    if isinstance(last, str) and isinstance(value, dict) and last not in value:
        fields = {name for node in _branches(nodes) for name in node.get("properties", ())}
        near = _near(last, [name for name in value if name not in fields])
        return "" if not wanted or near is None else f" Did you mean it by {near}?"
    given = _child(value, last)
    words = [word for node in _branches(wanted) for word in node.get("enum", ())]
    near = _near(given, words) if isinstance(given, str) else None
    return "" if near is None else f" Did you mean {near}?"


def _branches(nodes: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Schemas, with those of which a value need only fit one."""
    for node in nodes:
        yield node
        yield from _branches(node.get("anyOf", ()))


def _children(nodes: Iterable[Mapping[str, Any]], step: str | int) -> list[dict[str, Any]]:
    """Return the schemas of what is in a value, by name or by place."""
    found = (
        node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        for node in _branches(nodes)
    )
    return [each for each in found if isinstance(each, dict)]


def _child(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _near(word: str, words: Iterable[Any]) -> str | None:
    return contracts.nearest(word, (each for each in words if isinstance(each, str)))
