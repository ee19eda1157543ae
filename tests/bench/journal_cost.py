"""What the journal costs: a bind with it beside one without, and the memory of an entry."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from privnum.mockserver.embed.direct import DirectServer

from . import wrk
from .http_load import X_COUNT, bind_script
from .keeping import APPLICATION, _own_rss, _send
from .servers import BIND_PATH, Running, control, new_application, privnum_server, signed_headers

#: Entries of a ring whose size is measured.
RING = 20_000


def bind_ratio(rounds: int, seconds: float) -> dict[str, Any]:
    """CPU time of a bind with the journal off beside on, interleaved; the median of the ratios of all rounds.

    Of the server's process alone, so that what else runs on the machine counts for little.
    """
    spent: dict[str, list[float]] = {"on": [], "off": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        privnum_server() as on,
        privnum_server("--journal", "0") as off,
    ):
        for number in range(rounds + 1):
            pair = (("on", on), ("off", off))
            for name, server in pair if number % 2 else reversed(pair):
                micros = _micros_of_bind(server, f"bench-{number}", Path(folder), seconds if number else 2.0)
                if number:  # the first round warms up
                    spent[name].append(micros)
    ratios = [without / with_it for with_it, without in zip(spent["on"], spent["off"], strict=True)]
    return {"micros": spent, "ratios": ratios, "ratio_on_to_off": statistics.median(ratios)}


def _micros_of_bind(server: Running, world: str, folder: Path, seconds: float) -> float:
    headers = new_application(server.port, world, X_COUNT)
    before = cpu_seconds(server)
    run = wrk.run(server.port, bind_script(1), headers, folder, seconds)
    spent = cpu_seconds(server) - before
    control(server.port, "DELETE", f"/worlds/{world}")
    if run.errors:
        raise RuntimeError(f"{run.errors} binds were refused")
    return spent / (run.per_second * seconds) * 1e6


def cpu_seconds(server: Running) -> float:
    """CPU time that a server has used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(count: int) -> dict[str, Any]:
    """Resident memory of an entry in a new process, and what so many more requests than the ring holds add."""
    done = subprocess.run([sys.executable, "-m", __name__, str(count)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _have_requests(count: int) -> dict[str, Any]:
    server = DirectServer()
    spec = {"id": "w", "journal": RING, "applications": [APPLICATION]}
    made = _send(server, "/worlds", spec)["applications"][0]
    body = json.dumps({"callerNum": "+8613800000001", "calleeNum": "+8613900000002"}).encode()
    usual = {"Host": "localhost:8080", "User-Agent": "python-httpx/0.28.1", "Accept": "*/*", "Content-Length": "60"}
    headers = list((usual | signed_headers(made["app_key"], made["app_secret"])).items())
    sizes: dict[int, int] = {}
    for n in range(count + 1):
        server.request("POST", f"/w/w{BIND_PATH}", headers=headers, body=body + b" " * (n % 7))
        if n in (100, RING + 100, count):
            sizes[n] = _own_rss()
    full = sizes[RING + 100]
    return {
        "requests": count,
        "ring": RING,
        "bytes_per_entry": (full - sizes[100]) / RING,
        "grown_later": sizes[count] - full,
        "ratio_full_to_end": full / sizes[count],
    }


if __name__ == "__main__":
    print(json.dumps(_have_requests(int(sys.argv[1]))))
