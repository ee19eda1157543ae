"""A world that is put back to a snapshot is as it was, whatever has happened to it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation
from privnum.mockserver.worlds.platform import Platform
from privnum.mockserver.worlds.snapshots import MOST
from privnum.mockserver.worlds.state import _slots
from tests.hostile.snapshot import snapshot as everything_in
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.axyb_rig import AxybRig
from tests.mockserver.rig import A, B, X
from tests.mockserver.snapshot_rig import BOUND, HISTORIES, VARIATIONS, SnapshotRig

if TYPE_CHECKING:
    from tests.mockserver.snapshot_rig import Step


@settings(max_examples=60, deadline=None)
@given(before=HISTORIES, after=HISTORIES, variations=VARIATIONS)
def test_the_same_happens_again_after_a_restore(before: list[Step], after: list[Step], variations: list[str]) -> None:
    """Answers and pushes are the same byte for byte, and those of a world that never was put back."""
    rig, plain = SnapshotRig(variations), SnapshotRig(variations)
    assert rig.play(BOUND + before) == plain.play(BOUND + before)
    known = dict(rig.latest)
    assert rig.of_world("POST", "/snapshots")[0] == 201
    first = rig.play(after)
    for _ in range(2):
        assert rig.of_world("POST", "/restore")[0] == 200
        rig.latest = dict(known)
        assert rig.play(after) == first
    assert plain.play(after) == first


@settings(max_examples=40, deadline=None)
@given(before=HISTORIES, after=HISTORIES, variations=VARIATIONS)
def test_a_restore_leaves_nothing_of_what_came_after(
    before: list[Step], after: list[Step], variations: list[str]
) -> None:
    """Every attribute of every object is as it was, but the count of beginnings, and what the server has dropped."""
    rig = SnapshotRig(variations)
    rig.play(BOUND + before)
    world, platform = rig.world, rig.server.platform
    taken = platform.take_snapshot(world, None)
    was, beginnings, journal = everything_in(state(world)), world.outbox.emptied, world.journal.made
    dropped = platform.dropped.copy()
    rig.play(after)
    assert world.journal.made >= journal
    platform.restore(world, taken)
    assert world.outbox.emptied > beginnings
    assert platform.dropped >= dropped
    platform.dropped.clear()
    platform.dropped.update(dropped)
    world.outbox.emptied = beginnings
    assert everything_in(state(world)) == was


def state(world: Any) -> dict[str, Any]:
    return {name: getattr(world, name) for name in type(world).__slots__ if name != "journal"}


def test_a_long_chain_of_bindings_is_no_matter() -> None:
    """An X that is the Y of a binding whose X is a Y, and so on: as deep as there are numbers."""
    numbers = [{"number": f"+861720000{i:04d}", "area_code": "0755"} for i in range(3000)]
    rig = AxybRig(numbers=numbers)
    xs, world = [rig.world.numbers[each["number"]] for each in numbers], rig.world
    bound = [AXBinding(f"s{i}", x, f"+861380000{i:04d}", world.now_ms) for i, x in enumerate(xs)]
    for binding in bound:
        world.bind(binding)
    for i, (binding, y) in enumerate(pairwise((*bound, bound[0]))):
        world.bind(Relation(f"r{i}", y.x, binding, B, world.now_ms))
    taken, was = rig.platform.take_snapshot(world, None), rig.world.bindings
    rig.platform.restore(world, taken)
    assert world.bindings is not was
    assert list(world.bindings._by_id) == list(was._by_id)


def test_what_is_under_way_at_a_snapshot_is_due_again_and_at_a_restore_counts_no_more() -> None:
    """It has the nonce that it had, for it is the same attempt."""
    rig = AxbRig()
    rig.new_binding_id()
    rig.world.place_call({"caller": A, "called": X})
    (first,) = rig.world.take_pushes()
    taken = rig.platform.take_snapshot(rig.world, None)
    rig.world.record_outcome(first, "200")
    (second,) = rig.world.take_pushes()
    rig.platform.restore(rig.world, taken)
    entries = rig.world.journal.made
    rig.world.record_outcome(second, "200")
    assert rig.world.journal.made == entries
    (again,) = rig.world.take_pushes()
    assert (again.id, again.attempt, again.nonce, again.attempts) == (first.id, 1, first.nonce, [])
    rig.world.record_outcome(again, "200")
    assert [push.id for push in rig.world.take_pushes()] == [second.id]


def test_keys_go_with_the_applications() -> None:
    """One that came after the snapshot is no application any more; one that another world has taken is in the way."""
    platform = Platform()
    world = platform.create_world({"id": "a"})
    empty = platform.take_snapshot(world, "empty")
    platform.add_application(world, {"mode": "AXB", "app_key": "k"})
    full = platform.take_snapshot(world, "full")
    platform.restore(world, empty)
    assert platform.home_of(b"k") is None
    platform.restore(world, full)
    assert platform.home_of(b"k") == (world, world.applications["k"])
    platform.restore(world, empty)
    other = platform.create_world({"id": "b", "applications": [{"mode": "AX", "app_key": "k"}]})
    with pytest.raises(ControlError, match="app_key 'k' is one of world b now; drop that world first"):
        platform.restore(world, full)
    assert platform.home_of(b"k") == (other, other.applications["k"])
    assert not world.applications


def test_a_world_told_to_make_faults_says_so_by_its_snapshot() -> None:
    platform = Platform()
    world = platform.create_world({"id": "a", "faults": [{"operation": "any", "fault": "dropped"}]})
    faulty = platform.take_snapshot(world, None)
    world.faults.clear()
    quiet = platform.take_snapshot(world, None)
    for snapshot, worlds in ((faulty, {world}), (quiet, set()), (faulty, {world})):
        platform.restore(world, snapshot)
        assert platform.faulty == platform.altered == worlds


def test_snapshots_go_with_their_world_and_are_bounded() -> None:
    platform = Platform()
    world = platform.create_world({"id": "a"})
    for _ in range(MOST):
        platform.take_snapshot(world, None)
    with pytest.raises(ControlError, match="keeps 16 snapshots, and has them; drop one first: snapshot-1, snapshot-2"):
        platform.take_snapshot(world, None)
    world.reset()
    assert len(platform.shelf_of(world).view()["snapshots"]) == MOST
    platform.drop_world("a")
    again = platform.create_world({"id": "a"})
    assert platform.shelf_of(again).view() == {"snapshots": []}


def test_what_an_object_holds_is_named_once() -> None:
    """A class without __slots__ of its own says none, though it has those of its base as an attribute."""

    class Base:
        __slots__ = ("one",)

    class Middle(Base):
        __slots__ = ("two",)

    class Bare(Middle):
        pass

    assert _slots(Bare) == ("two", "one")
