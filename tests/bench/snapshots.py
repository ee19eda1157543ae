"""What a snapshot of a world costs, and putting the world back: time and memory by bindings."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.modes.axb.bindings import Pair

from .keeping import _own_rss, _send

#: Pairs on an X.
_OF_ONE_X = 1000


def snapshots(count: int) -> dict[str, Any]:
    """CPU seconds and resident memory of a new process whose world has so many bindings with userData and an end."""
    done = subprocess.run([sys.executable, "-m", __name__, str(count)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _measure(count: int) -> dict[str, Any]:
    server = DirectServer()
    empty = _own_rss()
    numbers = [f"+86170{x:08d}" for x in range(1 + count // _OF_ONE_X)]
    _send(server, "/worlds", {"id": "w", "applications": [{"mode": "AXB", "numbers": numbers}]})
    world = server.platform.worlds["w"]
    for n in range(count):
        x = world.numbers[numbers[n // _OF_ONE_X]]
        pair = Pair(world.identity.subscription_id(), x, f"+86138{n:08d}", f"+86139{n:08d}", world.now_ms)
        pair.duration, pair.user_data = 86_400, f"order {n}"
        world.bind(pair)
    sizes = [_own_rss() - empty]
    spent: dict[str, list[float]] = {"snapshots": [], "restore": []}
    for _ in range(4):
        for message, seconds in spent.items():
            began = time.process_time()
            said = _send(server, f"/worlds/w/{message}", {})
            seconds.append(time.process_time() - began)
            sizes.append(_own_rss() - empty)
            if message == "snapshots":
                made = said
    return {
        "bindings": count,
        "bytes": made["bytes"],
        "snapshot_seconds": min(spent["snapshots"]),
        "restore_seconds": min(spent["restore"]),
        "world_mb": sizes[0] / 1e6,
        "with_a_snapshot_mb": sizes[1] / 1e6,
        "after_four_of_both_mb": sizes[-1] / 1e6,
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
