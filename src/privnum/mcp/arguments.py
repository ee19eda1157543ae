"""What is wrong with the arguments of a tool, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["check_names", "describe_problems"]

_MOST: Final = 5
"""Problems that one answer names."""
_SHOWN: Final = 80
"""Signs that are shown of a wrong value."""


def check_names(tool: str, given: Iterable[str], schema: Mapping[str, Any]) -> None:
    """Raise UnknownName for an argument that the tool does not have."""
    known = schema.get("properties", {})
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise contracts.UnknownName(f"argument of {tool}", unknown, known)


def describe_problems(tool: str, problems: Sequence[Any], schema: Mapping[str, Any]) -> str:
    """Say what is wrong, where, and what would be right.

    Args:
        tool: its name.
        problems: errors of pydantic: `type`, `loc` and `input` of each.
        schema: of the arguments of the tool.
    """
    said: dict[str, str] = {}
    for problem in problems[:_MOST]:
        said.setdefault(_place(problem["loc"]), _problem(problem, schema))
    return f"{tool}: {'; '.join(said.values())}"


def _problem(problem: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    where, right = _place(problem["loc"]), _right(problem["loc"], schema)
    if problem["type"] == "missing":
        return f"{where} is missing; it must be {right}"
    shown = contracts.mask(repr(problem["input"])[: 4 * _SHOWN])
    return f"{where} must be {right}, not {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}"


def _place(path: Sequence[str | int]) -> str:
    """The place as the contract writes it: rules[0], parameters.push."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _right(path: Sequence[str | int], schema: Mapping[str, Any]) -> str:
    """What the schema has at a place, in words."""
    parts: Sequence[Mapping[str, Any]] = (schema,)
    for step in path:
        parts = [inner for part in parts for each in _branches(part) for inner in _at(each, step)]
    types = [each["type"] for part in parts for each in _branches(part) if isinstance(each.get("type"), str)]
    kinds = [contracts.describe({"type": name}) for name in types]
    return " or ".join(kinds) or "another value"


def _at(part: Mapping[str, Any], step: str | int) -> list[Mapping[str, Any]]:
    """The schemas of an element of a list, or of a member of an object."""
    if isinstance(step, int):
        found = part.get("items")
    else:
        found = part.get("properties", {}).get(step, part.get("additionalProperties"))
    return [found] if isinstance(found, dict) else []


def _branches(part: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The schema, or those of its anyOf."""
    branches: Sequence[Mapping[str, Any]] = part.get("anyOf") or (part,)
    return branches
