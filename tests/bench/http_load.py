"""Over loopback: capacity beside the yardstick, and how the server bears a million bindings."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from . import wrk
from .open_loop import Tail, drive
from .servers import (
    BIND_PATH,
    Running,
    bind_body,
    control,
    new_application,
    privnum_server,
    request_bytes,
    signed_headers,
    static_server,
)

#: X numbers of the application under load; each carries 5000 pairs at most.
X_COUNT = 400
MANY_X = 260
#: Most unbinds in the time of a query.
UNBINDS_A_QUERY = 2


def capacity(rounds: int, seconds: float) -> dict[str, Any]:
    """Requests per second of bind, query and unbind, interleaved with those of the static reply."""
    figures: dict[str, list[float]] = {name: [] for name in ("static", "bind", "query", "unbind")}
    with tempfile.TemporaryDirectory() as folder, static_server() as static, privnum_server() as server:
        place = Path(folder)
        nobody = signed_headers("static", "static")
        for number in range(rounds):
            world = f"bench-{number}"
            headers = new_application(server.port, world, X_COUNT)
            first = 1
            for warm in (True, False):
                length = 1.0 if warm else seconds
                figures_of = {
                    "static": wrk.run(static.port, bind_script(1), nobody, place, length),
                    "bind": wrk.run(server.port, bind_script(first), headers, place, length),
                }
                first += 10_000_000
                if not warm:
                    keep(figures, figures_of)
            ids = place / f"ids-{number}"
            collect_ids(server, headers, ids, bind_script(first), seconds)
            keep(figures, by_id(server, headers, ids, BIND_PATH + "?", seconds))
            control(server.port, "DELETE", f"/worlds/{world}")
    medians = {name: statistics.median(values) for name, values in figures.items()}
    ratios = {name: medians[name] / medians["static"] for name in ("bind", "query", "unbind")}
    return {"per_second": medians, "ratio_to_static": ratios, "runs": figures}


def keep(figures: dict[str, list[float]], runs: dict[str, wrk.Capacity]) -> None:
    """Enter the rates of runs in which nothing was refused."""
    for name, run in runs.items():
        if run.errors:
            raise RuntimeError(f"{name}: {run.errors} answers were refusals")
        figures[name].append(run.per_second)


def collect_ids(server: Running, headers: dict[str, str], ids: Path, binds: str, seconds: float) -> None:
    """Write the ids of bindings made by the script `binds` to the file `ids`."""
    wrk.run(server.port, binds + wrk.fill(wrk.COLLECT, IDS=ids), headers, ids.parent, seconds * 2.5)


def by_id(server: Running, headers: dict[str, str], ids: Path, path: str, seconds: float) -> dict[str, wrk.Capacity]:
    """Query and unbind the bindings of a file of ids; none is unbound twice. `path` ends with ? or &."""
    asked = wrk.fill(wrk.BY_ID, IDS=ids, METHOD="GET", PATH=f'"{path}"')
    undone = wrk.fill(wrk.BY_ID, IDS=ids, METHOD="DELETE", PATH=f'"{path}"')
    query = wrk.run(server.port, asked, headers, ids.parent, seconds)
    # A quick unbind would come to the end of the ids, and begin anew.
    with ids.open("rb") as lines:
        enough = sum(1 for _ in lines) / (UNBINDS_A_QUERY * query.per_second)
    return {"query": query, "unbind": wrk.run(server.port, undone, headers, ids.parent, max(1, min(seconds, enough)))}


def bind_script(first: int) -> str:
    """Binds from a number of users on."""
    return wrk.fill(wrk.BIND, FIRST=first, XCOUNT=X_COUNT, PATH=f'"{BIND_PATH}"')


def million(bindings: int, seconds: float) -> dict[str, Any]:
    """Memory, rate and tail with a thousand bindings and with a million.

    The bindings are made over the API. The rate at a size is the median of short closed-loop runs there; the tail is
    that of an open loop at half of the capacity, bind after bind.
    """
    with tempfile.TemporaryDirectory() as folder, privnum_server() as server:
        place = Path(folder)
        headers = new_application(server.port, "bench", MANY_X)
        load = _Load(server.port, headers)
        load.add(1000)
        few = _rate(server, headers, place, seconds)
        before = server.rss
        load.add(bindings)
        grown = server.rss - before
        many = _rate(server, headers, place, seconds)
        tail = load.open_loop(many / 2, seconds * 2)
    return {
        "bindings": bindings,
        "bytes_per_binding": grown / bindings,
        "bind_per_second": {"few": few, "many": many},
        "ratio_many_to_few": many / few,
        "half_load": figures_of(tail),
    }


def figures_of(tail: Tail) -> dict[str, Any]:
    """The tail of an open loop, in milliseconds."""
    return {
        "rate": tail.rate,
        "p50_ms": tail.percentile(0.5) * 1000,
        "p99_ms": tail.percentile(0.99) * 1000,
        "longest_pause_ms": tail.percentile(1) * 1000,
        "failures": tail.failures,
    }


def _rate(server: Running, headers: dict[str, str], place: Path, seconds: float) -> float:
    """Closed-loop binds per second in a world of their own beside the full one, so that no X overflows."""
    runs = []
    for attempt in range(3):
        world = f"rate-{attempt}"
        own = new_application(server.port, world, X_COUNT)
        run = wrk.run(server.port, bind_script(1), own, place, seconds)
        if run.errors:
            raise RuntimeError(f"{run.errors} binds were refused")
        runs.append(run.per_second)
        control(server.port, "DELETE", f"/worlds/{world}")
    return statistics.median(runs)


class _Load:
    """Binds that go on counting, so that no user comes twice."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port = port
        self.headers = headers
        self.next = 1

    def add(self, count: int) -> None:
        """Make `count` bindings as fast as the server takes them."""
        tail = self.open_loop(1e9, count / 1e9, total=count)
        if tail.failures or len(tail.latencies) < count:
            raise RuntimeError(f"{tail.failures} of {count} binds were refused, {len(tail.latencies)} answered")

    def open_loop(self, rate: float, seconds: float, total: int | None = None) -> Tail:
        """Bind at a steady rate."""
        first = self.next
        self.next += int(rate * seconds) if total is None else total
        return drive(self.port, rate, seconds, lambda i: self.request(first + i))

    def request(self, n: int) -> bytes:
        """The n-th bind as bytes."""
        return request_bytes("POST", BIND_PATH, self.headers, bind_body(n, MANY_X))
