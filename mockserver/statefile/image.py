"""An image: all worlds of a server at one moment, as bytes, and back.

A head in JSON, then world by world what it was made with and what it has become.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum.mockserver.core.ids import Ids
from privnum.mockserver.journal.ring import Journal
from privnum.mockserver.worlds import setup
from privnum.mockserver.worlds.state import fixed_things, names_of_state, read_graph, write_graph
from privnum.mockserver.worlds.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.statefile.edge import KeptEdge
    from privnum.mockserver.worlds.platform import Platform

__all__ = ["UNREADABLE", "load_image", "pieces_of_image"]

#: What reading bytes raises that this version has not written.
UNREADABLE: Final = (
    pickle.UnpicklingError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    EOFError,
    ImportError,
    OverflowError,
    MemoryError,
)
_LENGTH: Final = 8


def pieces_of_image(edge: KeptEdge) -> Iterator[bytes]:
    """The bytes of all worlds of an edge.

    Each piece has its length before it.
    """
    platform = edge.platform
    yield from _with_length(
        orjson.dumps(
            {
                "worlds": [_fixed_of(world, edge) for world in platform.worlds.values()],
                "made": platform.made,
                "dropped": dict(platform.dropped),
                "handed_out": edge.handed_out,
            }
        )
    )
    for world in platform.worlds.values():
        yield from _with_length(_become_of(world, edge))


def load_image(content: bytes, edge: KeptEdge) -> None:
    """Give an edge without worlds those of an image.

    Raises:
        Exception: one of UNREADABLE.
    """
    pieces = _without_lengths(content)
    head = orjson.loads(next(pieces, b""))
    platform = edge.platform
    for fixed, become in zip(head["worlds"], pieces, strict=True):
        world = _world_of(fixed, platform)
        _enter(world, become, edge)
        if fixed["offset"] is not None:
            edge.offsets[world] = fixed["offset"]
    platform.made = head["made"]
    platform.dropped.clear()
    platform.dropped.update(head["dropped"])
    edge.handed_out = head["handed_out"]


def _with_length(content: bytes) -> Iterator[bytes]:
    yield len(content).to_bytes(_LENGTH, "big")
    yield content


def _without_lengths(content: bytes) -> Iterator[bytes]:
    place, whole = 0, memoryview(content)
    while place < len(whole):
        begin = place + _LENGTH
        place = begin + int.from_bytes(whole[place:begin], "big")
        if place > len(whole):
            raise EOFError("the image ends too soon")
        yield bytes(whole[begin:place])


def _fixed_of(world: World, edge: KeptEdge) -> dict[str, Any]:
    """Return what a world was made with, and where its clock is."""
    return {
        "id": world.id,
        "edition": world.edition,
        "assumptions": dict(world.assumptions),
        "keep": world.keep,
        "strict": world.strict,
        "journal": world.journal.size,
        "offset": edge.offsets.get(world),
    }


def _world_of(fixed: dict[str, Any], platform: Platform) -> World:
    """Return a world with nothing in it yet."""
    edition, world_id = fixed["edition"], fixed["id"]
    return World(
        world_id,
        now_ms=0,
        clock_mode="frozen",
        edition=edition,
        assumptions=setup.assumptions(edition, fixed["assumptions"]),
        identity=Ids(world_id),
        keep=fixed["keep"],
        dropped=platform.dropped,
        journal=Journal(world_id, fixed["journal"], platform.watch),
        strict=fixed["strict"],
    )


def _become_of(world: World, edge: KeptEdge) -> bytes:
    platform = edge.platform
    roots = [
        [getattr(world, name) for name in names_of_state(world)],
        platform.shelf_of(world),
        world.journal.contents(),
        {number: push for number, (of, push) in edge.handed.items() if of is world},
    ]
    return write_graph(roots, fixed_things(world, platform.uncopied_things))


def _enter(world: World, become: bytes, edge: KeptEdge) -> None:
    platform = edge.platform
    handed: dict[int, Push]
    values, shelf, journal, handed = read_graph(become, fixed_things(world, platform.uncopied_things))
    for name, value in zip(names_of_state(world), values, strict=True):
        setattr(world, name, value)
    world.journal.put_back(*journal)
    platform.adopt(world, shelf)
    edge.handed.update((number, (world, push)) for number, push in handed.items())
