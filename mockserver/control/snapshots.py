"""Snapshots of worlds, by messages of the control plane (control.toml)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from privnum.mockserver.journal.entries import RequestEntry

if TYPE_CHECKING:
    from privnum.mockserver.worlds.snapshots import Snapshot
    from privnum.mockserver.worlds.world import World

__all__ = ["mark_restore"]


def mark_restore(world: World, snapshot: Snapshot, path: str) -> None:
    """Enter into the journal that a world was put back.

    What stands behind it may have the ids of what stands before it.
    """
    journal, body = world.journal, orjson.dumps({"snapshot": snapshot.id})
    if journal.wants_requests:
        journal.add(
            RequestEntry(
                edge_ms=journal.watch.now_ms(),
                world_ms=world.now_ms,
                ms=0.0,
                client="",
                method="POST",
                path=path,
                query="",
                headers=(),
                body=body,
                length=len(body),
                status=200,
                answer_headers=(),
                answer=b"",
                operation="",
                rule="",
            )
        )
