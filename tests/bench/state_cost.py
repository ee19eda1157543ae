"""What a state file costs: a bind with it beside one without, and how long it takes to have a million bindings back."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from privnum.mockserver.control.edge import wall_clock_ms
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.statefile.opening import begin, open_to_go_on
from privnum.mockserver.worlds.platform import Platform

from . import wrk
from .http_load import X_COUNT, bind_script
from .journal_cost import cpu_seconds
from .servers import Running, control, new_application, privnum_server

#: Pairs on an X.
_OF_ONE_X = 1000


def bind_ratio(rounds: int, seconds: float) -> dict[str, Any]:
    """CPU time of a bind without a state file beside with one, interleaved; the median of the ratios of all rounds.

    `per_second` has the rates too. They say less: a server with a file answers many at once, which spares its client
    turns, so that on a busy machine it can have the higher one.
    """
    rates: dict[str, list[float]] = {"with": [], "without": []}
    spent: dict[str, list[float]] = {"with": [], "without": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        privnum_server() as plain,
        privnum_server("--state", f"{folder}/bench.state") as kept,
    ):
        for number in range(rounds + 1):
            pair = (("with", kept), ("without", plain))
            for name, server in pair if number % 2 else reversed(pair):
                before, length = cpu_seconds(server), seconds if number else 2.0
                rate = _rate_of_binds(server, f"bench-{number}", Path(folder), length)
                if number:  # the first round warms up
                    rates[name].append(rate)
                    spent[name].append((cpu_seconds(server) - before) / (rate * length) * 1e6)
    ratios = [plain / kept for kept, plain in zip(spent["with"], spent["without"], strict=True)]
    return {
        "per_second": rates,
        "cpu_micros": spent,
        "ratios": ratios,
        "ratio_without_to_with": statistics.median(ratios),
    }


def _rate_of_binds(server: Running, world: str, folder: Path, seconds: float) -> float:
    headers = new_application(server.port, world, X_COUNT)
    run = wrk.run(server.port, bind_script(1), headers, folder, seconds)
    control(server.port, "DELETE", f"/worlds/{world}")
    if run.errors:
        raise RuntimeError(f"{run.errors} binds were refused")
    return run.per_second


def restore(count: int) -> dict[str, Any]:
    """Seconds in which a new process has so many bindings with userData and an end back from a state file."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/bench.state"
        for what in ("make", "restore"):
            command = [sys.executable, "-m", __name__, what, path, str(count)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _make(path: Path, count: int) -> dict[str, Any]:
    platform = Platform()
    numbers = [f"+86170{x:08d}" for x in range(1 + count // _OF_ONE_X)]
    world = platform.create_world({"id": "w", "applications": [{"mode": "AXB", "numbers": numbers}]})
    for n in range(count):
        x = world.numbers[numbers[n // _OF_ONE_X]]
        pair = Pair(world.identity.subscription_id(), x, f"+86138{n:08d}", f"+86139{n:08d}", world.now_ms)
        pair.duration, pair.user_data = 86_400, f"order {n}"
        world.bind(pair)
    began = time.perf_counter()
    begin(path, {}, KeptEdge(platform, wall_clock_ms)).close()
    return {"written_seconds": time.perf_counter() - began}


def _restore(path: Path, count: int) -> dict[str, Any]:
    import gc

    gc.disable()  # as privnum serve does until it serves
    began = time.perf_counter()
    file, restored = open_to_go_on(path, lambda _: Platform())
    seconds = time.perf_counter() - began
    file.close()
    there = len(restored.edge.platform.worlds["w"].bindings)
    if there != count:
        raise RuntimeError(f"{there} bindings are back, not {count}")
    return {"bindings": count, "restore_seconds": seconds, "file_mb": path.stat().st_size / 1e6}


if __name__ == "__main__":
    does = {"make": _make, "restore": _restore}[sys.argv[1]]
    print(json.dumps(does(Path(sys.argv[2]), int(sys.argv[3]))))
