"""Everything that a world has become, as bytes of this process, and back.

A world's state is a graph of a few hundred thousand objects, which may be deep: an X that is the Y of a binding whose X
is a Y, and so on. So an object of ours is written bare, and what it holds behind it, in a further round: nothing goes
deep, and pickle does all else.

The bytes stay in memory. They are never read from a file: a stranger's would run code.
"""

from __future__ import annotations

import pickle
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.worlds.world import World

__all__ = ["load_state", "state_of"]

#: What a world was made with, and its journal: a record of what has happened, whatever is undone.
_FIXED: Final = frozenset({"id", "edition", "assumptions", "limits", "former_codes", "keep", "strict", "journal"})
_OURS: Final = "privnum.mockserver."


def state_of(world: World, shared: Sequence[object]) -> bytes:
    """Return what a world has become.

    What is in `shared` is not copied; it is there for every world.
    """
    file = BytesIO()
    writer = _Writer(file, _uncopied_things(world, shared))
    writer.dump([getattr(world, name) for name in _names(world)])
    while found := writer.take_found():
        writer.dump([_columns(kind, things) for kind, things in found.items()])
    writer.dump([])
    return file.getvalue()


def load_state(world: World, content: bytes, shared: Sequence[object]) -> dict[str, Any]:
    """Return what a world had become, as the attributes that it needs.

    The world itself is not changed. `shared` must be the same as it was.
    """
    reader = _Reader(BytesIO(content), _uncopied_things(world, shared))
    values = reader.load()
    while found := reader.load():
        for kind, things, columns in found:
            for name, column in zip(_slots(kind), columns, strict=True):
                put = getattr(kind, name).__set__
                for thing, value in zip(things, column, strict=True):
                    put(thing, value)
    return dict(zip(_names(world), values, strict=True))


def _uncopied_things(world: World, shared: Sequence[object]) -> list[object]:
    """Return what stands in the graph and is no part of the state."""
    calls = (mode.calls for mode in registry.modes().values())
    return [*shared, world, world.journal, world.assumptions, *calls, *contracts.faults().values()]


def _names(world: World) -> list[str]:
    return [name for name in world.__slots__ if name not in _FIXED]


@cache
def _slots(kind: Any) -> tuple[str, ...]:
    """Return the names of all that an object holds.

    Each class says its own: one without __slots__ has those of its base as an attribute.
    """
    return tuple(name for base in kind.__mro__ for name in base.__dict__.get("__slots__", ()))


@cache
def _is_bare(kind: Any) -> bool:
    """Whether an object is written bare.

    One of ours is that holds what its slots hold, and is no value.
    """
    ours = kind.__module__.startswith(_OURS) and kind.__reduce__ is object.__reduce__
    if not ours or issubclass(kind, tuple | dict | type):
        return False
    if kind.__dictoffset__:
        raise TypeError(f"{kind.__qualname__} has no __slots__: a snapshot would not know what it holds")
    return True


def _columns(kind: type, things: list[Any]) -> tuple[type, list[Any], list[list[Any]]]:
    """Return things of a kind with what they hold, slot by slot."""
    return kind, things, [[getattr(thing, name) for thing in things] for name in _slots(kind)]


def uncopied_thing(place: int) -> Any:
    """Stand in the bytes for what was not copied; the reader knows it."""
    raise LookupError(f"thing {place} is known to the reader alone")


def bare_thing(kind: Any) -> Any:
    """Return an object that holds nothing yet."""
    return kind.__new__(kind)


class _Writer(pickle.Pickler):
    """Writes a graph; what it has found and written bare waits to be taken."""

    def __init__(self, file: BytesIO, uncopied: Sequence[object]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(thing): place for place, thing in enumerate(uncopied)}
        self._found: dict[type, list[Any]] = {}

    def reducer_override(self, thing: Any) -> Any:
        """See pickle.Pickler. It is asked about all but plain values."""
        place = self._places.get(id(thing))
        if place is not None:
            return uncopied_thing, (place,)
        kind: Any = type(thing)
        if not _is_bare(kind):
            return NotImplemented
        self._found.setdefault(kind, []).append(thing)
        return bare_thing, (kind,)

    def take_found(self) -> dict[type, list[Any]]:
        """Return what was written bare since the last time, by its kind."""
        found, self._found = self._found, {}
        return found


class _Reader(pickle.Unpickler):
    """Reads what a _Writer has written."""

    def __init__(self, file: BytesIO, uncopied: Sequence[object]) -> None:
        super().__init__(file)
        self._uncopied = uncopied

    def find_class(self, module: str, name: str) -> Any:
        """See pickle.Unpickler."""
        if (module, name) == (__name__, uncopied_thing.__name__):
            return self._uncopied.__getitem__
        return super().find_class(module, name)
