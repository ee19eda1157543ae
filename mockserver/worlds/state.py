"""Everything that a world has become, as bytes, and back.

A world's state is a graph of a few hundred thousand objects, which may be deep: an X that is the Y of a binding whose X
is a Y, and so on. So an object of ours is written bare, and what it holds behind it, in a further round: nothing goes
deep, and pickle does all else.

The bytes may come from a file, which is data, not code: what is read can name the classes and functions of the core
alone, which open no socket and no file, and a few plain containers.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict, deque
from functools import cache, partial
from importlib import import_module
from io import BytesIO
from random import Random
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.worlds.world import World

__all__ = ["fixed_things", "load_state", "names_of_state", "read_graph", "state_of", "write_graph"]

#: What a world was made with, and its journal: a record of what has happened, whatever is undone.
_FIXED: Final = frozenset({"id", "edition", "assumptions", "limits", "former_codes", "keep", "strict", "journal"})
_OURS: Final = "privnum.mockserver."
#: Packages whose classes and functions the bytes may name: those of the core.
_ROOMS: Final = tuple(f"{_OURS}{name}." for name in ("core", "pushes", "calls", "sms", "modes", "journal", "worlds"))
#: What else they may name. A method is found by a function of ours.
_PLAIN: Final = {(kind.__module__, kind.__name__): kind for kind in (OrderedDict, deque, partial, Random)}


def state_of(world: World, shared: Sequence[object]) -> bytes:
    """Return what a world has become.

    What is in `shared` is not copied; it is there for every world.
    """
    return write_graph([getattr(world, name) for name in names_of_state(world)], fixed_things(world, shared))


def load_state(world: World, content: bytes, shared: Sequence[object]) -> dict[str, Any]:
    """Return what a world had become, as the attributes that it needs.

    The world itself is not changed. `shared` must be the same as it was.
    """
    values = read_graph(content, fixed_things(world, shared))
    return dict(zip(names_of_state(world), values, strict=True))


def write_graph(roots: list[Any], fixed: Sequence[object]) -> bytes:
    """Return things, with all that they hold but what is fixed."""
    file = BytesIO()
    writer = _Writer(file, fixed)
    writer.dump(roots)
    while found := writer.take_found():
        writer.dump([_columns(kind, things) for kind, things in found.items()])
    writer.dump([])
    return file.getvalue()


def read_graph(content: bytes, fixed: Sequence[object]) -> list[Any]:
    """Return the things again; `fixed` must be as it was.

    Raises:
        pickle.UnpicklingError: the bytes name what is none of ours, or a class that holds something else now.
    """
    reader = _Reader(BytesIO(content), fixed)
    roots: list[Any] = reader.load()
    while found := reader.load():
        for kind, things, names, columns in found:
            if names != _slots(kind):
                raise pickle.UnpicklingError(f"{kind.__qualname__} holds something else in this version")
            for name, column in zip(names, columns, strict=True):
                put = getattr(kind, name).__set__
                for thing, value in zip(things, column, strict=True):
                    put(thing, value)
    return roots


def fixed_things(world: World, shared: Sequence[object]) -> list[object]:
    """Return what stands in the graph and is no part of the state."""
    calls = (mode.calls for mode in registry.modes().values())
    return [*shared, world, world.journal, world.assumptions, *calls, *contracts.faults().values()]


def names_of_state(world: World) -> list[str]:
    """Return the attributes that hold what a world has become."""
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


def _columns(kind: type, things: list[Any]) -> tuple[type, list[Any], tuple[str, ...], list[list[Any]]]:
    """Return things of a kind with what they hold, slot by slot."""
    names = _slots(kind)
    return kind, things, names, [[getattr(thing, name) for thing in things] for name in names]


def uncopied_thing(place: int) -> Any:
    """Stand in the bytes for what was not copied; the reader knows it."""
    raise LookupError(f"thing {place} is known to the reader alone")


def bare_thing(kind: Any) -> Any:
    """Return an object that holds nothing yet."""
    return kind.__new__(kind)


def method_of(thing: Any, name: str) -> Any:
    """Return a method of a thing of ours; what pickle asks `getattr` for.

    Raises:
        pickle.UnpicklingError: it is none.
    """
    kind = type(thing)
    if not kind.__module__.startswith(_ROOMS) or not isinstance(getattr(kind, name, None), FunctionType):
        raise pickle.UnpicklingError(f"{name!r} is no method of {kind.__qualname__}")
    return getattr(thing, name)


def _thing_of_ours(module: str, name: str) -> Any:
    """Return a class or function of the core.

    Raises:
        pickle.UnpicklingError: it is none.
    """
    found = vars(import_module(module)).get(name) if module.startswith(_ROOMS) else None
    if not isinstance(found, type | FunctionType) or found.__module__ != module:
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a state has")
    return found


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
        if (module, name) == ("builtins", "getattr"):
            return method_of
        return _PLAIN.get((module, name)) or _thing_of_ours(module, name)
