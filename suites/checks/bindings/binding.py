"""A binding of a check, its calls, and what queries show of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer

__all__ = ["AnyBinding", "Route", "Shown", "differences", "nested_field"]

Shown = dict[str, dict[str, Any]]
"""What a binding is known by -> what a query shows of it."""


@dataclass(frozen=True, slots=True)
class Route:
    """A call that a binding puts through.

    `plan` is what the caller does besides dialling.
    """

    caller: str
    dialled: str
    callee: str
    plan: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnyBinding:
    """A binding: `body` brought it, `there` selects it by its X."""

    x: str
    sub: str
    users: tuple[str, ...]
    body: Mapping[str, Any]
    there: Mapping[str, str]
    answer: Answer


def nested_field(path: str, value: Any) -> dict[str, Any]:
    """Return the field with that value.

    "preVoice.callerHintTone" is a field of an object.
    """
    outer, _, inner = path.partition(".")
    return {outer: {inner: value} if inner else value}


def differences(before: Sequence[Shown], after: Sequence[Shown]) -> str:
    """What changed, in words."""
    was = {sub: info for there in before for sub, info in there.items()}
    now = {sub: info for there in after for sub, info in there.items()}
    words = [f"{sub} is gone" for sub in was.keys() - now.keys()]
    words += [f"{sub} is new" for sub in now.keys() - was.keys()]
    for sub in was.keys() & now.keys():
        names = [name for name in was[sub] | now[sub] if was[sub].get(name) != now[sub].get(name)]
        words += [f"{sub} {name}: {was[sub].get(name)!r} became {now[sub].get(name)!r}" for name in names]
    return ", ".join(words) or "one query no longer shows what another does"
