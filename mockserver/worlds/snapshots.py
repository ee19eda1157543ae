"""Snapshots of a world: what it had become at a moment, to be put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.timestamps import precise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.worlds.world import World

__all__ = ["MOST", "Shelf", "Snapshot"]

#: Snapshots that a world keeps: each takes memory as the world does.
MOST: Final = 16


class Snapshot:
    """What a world had become.

    Args:
        snapshot_id: its name in the world.
        world: as it is now.
        content: its state.
        made_ms: edge time.
    """

    __slots__ = ("_bindings", "_clock", "_made_ms", "content", "id")

    def __init__(self, snapshot_id: str, world: World, content: bytes, made_ms: int) -> None:
        self.id = snapshot_id
        self.content = content
        self._clock = world.clock_view()
        self._bindings = len(world.bindings)
        self._made_ms = made_ms

    def view(self) -> dict[str, Any]:
        """Return the snapshot as the control plane shows it (control/snapshot)."""
        made_at, size = precise(self._made_ms), len(self.content)
        return {"id": self.id, "clock": self._clock, "made_at": made_at, "bindings": self._bindings, "bytes": size}


class Shelf:
    """The snapshots of one world, in the order in which they were made."""

    __slots__ = ("_made", "_snapshots", "_world_id")

    def __init__(self, world_id: str) -> None:
        self._world_id = world_id
        self._snapshots: dict[str, Snapshot] = {}
        self._made = 0

    def name_of_next(self, wanted: str | None) -> str:
        """Return the name of a snapshot that is to be made.

        Raises:
            ControlError: there is one of that name, or there are as many as are kept.
        """
        if wanted is not None and wanted in self._snapshots:
            text = f"world {self._world_id} has a snapshot {wanted!r} already; drop it first, or name another"
            raise ControlError(409, text, "id")
        if len(self._snapshots) >= MOST:
            there = ", ".join(self._snapshots)
            text = f"world {self._world_id} keeps {MOST} snapshots, and has them; drop one first: {there}"
            raise ControlError(409, text, "snapshots")
        if wanted is None:
            self._made += 1
            while f"snapshot-{self._made}" in self._snapshots:
                self._made += 1
        return wanted or f"snapshot-{self._made}"

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot; its name is free."""
        self._snapshots[snapshot.id] = snapshot

    def find(self, snapshot_id: str | None) -> Snapshot:
        """Return the snapshot of that name; None: the latest.

        Raises:
            ControlError: there is none.
        """
        name = next(reversed(self._snapshots), None) if snapshot_id is None else snapshot_id
        found = None if name is None else self._snapshots.get(name)
        if found is None:
            there = f"there are: {', '.join(self._snapshots)}" if self._snapshots else "make one first"
            named = "" if snapshot_id is None else f" {contracts.mask(snapshot_id[:64])!r}"
            raise ControlError(404, f"world {self._world_id} has no snapshot{named}; {there}", "snapshot")
        return found

    def drop(self, snapshot: Snapshot) -> None:
        """Keep a snapshot no more."""
        del self._snapshots[snapshot.id]

    def view(self) -> Mapping[str, Any]:
        """Return them as the control plane shows them (control/snapshots)."""
        return {"snapshots": [snapshot.view() for snapshot in self._snapshots.values()]}
