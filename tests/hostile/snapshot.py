"""Everything that a thing holds, as plain data: two snapshots are equal if nothing in it has changed."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from typing import Any

__all__ = ["snapshot"]

_PLAIN = (str, bytes, int, float, bool, type(None))
#: Made when first needed and thrown away at will: what was worked out, not what was received.
_WORKED_OUT = frozenset({"_pool", "_signer", "place"})


def snapshot(thing: object) -> Any:
    """Return what a thing and everything that it leads to hold."""
    return _snapshot_of(thing, {})


def _snapshot_of(thing: object, seen: dict[int, int]) -> Any:
    if isinstance(thing, _PLAIN):
        return type(thing).__name__, thing
    if isinstance(thing, frozenset | tuple) and not thing:  # one or many of them: it does not matter
        return type(thing).__name__, []
    if id(thing) in seen:
        return "seen", seen[id(thing)]
    seen[id(thing)] = len(seen)
    if isinstance(thing, random.Random):
        return thing.getstate()
    if isinstance(thing, Mapping):
        return type(thing).__name__, [
            (_snapshot_of(key, seen), _snapshot_of(value, seen)) for key, value in thing.items()
        ]
    if isinstance(thing, list | tuple | deque):
        return type(thing).__name__, [_snapshot_of(each, seen) for each in thing]
    if isinstance(thing, set | frozenset):
        return type(thing).__name__, sorted(repr(_snapshot_of(each, dict(seen))) for each in thing)
    if not type(thing).__module__.startswith("privnum.mockserver"):
        return type(thing).__qualname__
    names = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    names += list(getattr(thing, "__dict__", ()))
    held = [(name, getattr(thing, name)) for name in names if name not in _WORKED_OUT and hasattr(thing, name)]
    return type(thing).__name__, [(name, _snapshot_of(value, seen)) for name, value in held]
