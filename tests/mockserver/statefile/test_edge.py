"""Inputs that are carried out again come to the same, from whatever image they are carried out on."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from privnum.mockserver.statefile.edge import KeptEdge, NotTheSame
from privnum.mockserver.statefile.image import load_image, pieces_of_image
from privnum.mockserver.statefile.inputs import pack, unpack
from privnum.mockserver.worlds.platform import Platform
from privnum.mockserver.worlds.state import load_state
from tests.hostile.snapshot import snapshot as everything_in
from tests.mockserver.rig import EDGE_MS
from tests.mockserver.snapshot_rig import BOUND, HISTORIES, VARIATIONS, SnapshotRig

if TYPE_CHECKING:
    from privnum.mockserver.worlds.world import World
    from tests.mockserver.snapshot_rig import Step


class Memory:
    """A log that writes nothing."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []

    def add(self, entry: tuple[Any, ...]) -> None:
        self.entries.append(entry)


class KeptRig(SnapshotRig):
    """A world whose inputs are kept; edge time goes on whenever somebody looks."""

    def __init__(self, variations: list[str]) -> None:
        super().__init__(variations)
        ms = count(EDGE_MS, 7)
        self.edge = KeptEdge(self.server.platform, lambda: next(ms))
        self.server._edge = self.edge
        self.server.platform.visited = self.edge.catch_up  # as the shell with sockets has it
        self.log = Memory()
        self.begin = self.image()
        self.edge.log = self.log  # type: ignore[assignment]

    def image(self) -> bytes:
        return b"".join(pieces_of_image(self.edge))


def again(image: bytes, entries: list[tuple[Any, ...]]) -> KeptEdge:
    edge = KeptEdge(Platform(seed=3), lambda: 0)
    load_image(image, edge)
    edge.repeat(unpack(pack(entries)))
    return edge


def all_of(edge: KeptEdge) -> dict[str, Any]:
    platform = edge.platform
    worlds = {name: (_state(world), world.journal.contents()) for name, world in platform.worlds.items()}
    shelves = {name: _snapshots(world, platform) for name, world in platform.worlds.items()}
    rest = (platform.made, platform.dropped, sorted(platform._homes), len(platform.faulty), len(platform.altered))
    offsets = {world.id: offset for world, offset in edge.offsets.items()}
    open_ones = {number: (world.id, push.id) for number, (world, push) in edge.handed.items()}
    return {"worlds": worlds, "shelves": shelves, "rest": rest, "offsets": offsets, "open": open_ones}


def _snapshots(world: World, platform: Platform) -> list[Any]:
    """What they hold: their bytes also say which equal texts are one."""
    shelf = platform.shelf_of(world)
    return [
        (each.id, each.view() | {"bytes": 0}, everything_in(load_state(world, each.content, platform.uncopied_things)))
        for each in shelf._snapshots.values()
    ]


def _state(world: World) -> Any:
    return everything_in({name: getattr(world, name) for name in type(world).__slots__ if name != "journal"})


@settings(max_examples=60, deadline=None)
@given(before=HISTORIES, after=HISTORIES, variations=VARIATIONS)
def test_all_is_as_it_was(before: list[Step], after: list[Step], variations: list[str]) -> None:
    """Every attribute of every object, each entry of the journal, each snapshot and the offsets of the clocks."""
    rig = KeptRig(variations)
    rig.play(BOUND + before)
    image, done = rig.image(), len(rig.log.entries)
    rig.of_world("POST", "/snapshots", {})
    rig.play(after)
    there = all_of(rig.edge)
    assert all_of(again(rig.begin, rig.log.entries)) == there
    assert all_of(again(image, rig.log.entries[done:])) == there
    assert all_of(again(rig.image(), [])) == there


def test_an_answer_that_is_another_is_told() -> None:
    rig = KeptRig([])
    rig.play(BOUND)
    place = next(at for at, each in enumerate(rig.log.entries) if each[0] == "api")
    rig.log.entries[place] = (*rig.log.entries[place][:-1], 1)
    with pytest.raises(NotTheSame, match=r"POST /w/w/rest/.* was answered 200 with another body"):
        again(rig.begin, rig.log.entries)
    rig.log.entries[place] = (*rig.log.entries[place][:-2], 403, 0)
    with pytest.raises(NotTheSame, match="was answered 403, and 200 now"):
        again(rig.begin, rig.log.entries)
