"""AX over loopback: each binding has an X of its own, so that a million of them need a million X numbers."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from privnum import contracts

from . import wrk
from .http_load import bind_script, by_id, collect_ids, figures_of, keep
from .open_loop import drive
from .servers import Running, control, new_application, privnum_server, request_bytes, signed_headers, static_server

BIND_PATH = contracts.operations()["ax.bind"].path
CALLEE_PATH = contracts.operations()["ax.set_callee"].path
#: X numbers that one load run may use up, a second.
X_A_SECOND = 60_000


def capacity(rounds: int, seconds: float) -> dict[str, Any]:
    """Requests per second of bind, query, temporary callee and unbind, interleaved with those of the static reply."""
    figures: dict[str, list[float]] = {name: [] for name in ("static", "bind", "query", "callee", "unbind")}
    with tempfile.TemporaryDirectory() as folder, static_server() as static, privnum_server() as server:
        place = Path(folder)
        for number in range(rounds):
            keep(
                figures,
                {"static": wrk.run(static.port, bind_script(1), signed_headers("static", "static"), place, seconds)},
            )
            keep(figures, {"bind": _binds(server, place, seconds)})
            keep(figures, _with_ids(server, place, place / f"ids-{number}", seconds))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    ratios = {name: value / medians["static"] for name, value in medians.items() if name != "static"}
    return {"per_second": medians, "ratio_to_static": ratios, "runs": figures}


def million(bindings: int, seconds: float) -> dict[str, Any]:
    """Memory, rate and tail with a thousand bindings and with a million; the X numbers are there before."""
    with tempfile.TemporaryDirectory() as folder, privnum_server() as server:
        place, empty = Path(folder), server.rss
        spare = int(X_A_SECOND * seconds * 2)
        headers = new_application(server.port, "bench", bindings + 1000 + spare, "AX")
        ordered = server.rss

        def bind(first: int, rate: float, length: float) -> Any:
            return drive(server.port, rate, length, lambda i: _request(headers, first + i))

        _all_bound(bind(0, 1e9, 1000 / 1e9), 1000)
        few, before = _binds(server, place, seconds).per_second, server.rss
        _all_bound(bind(1000, 1e9, bindings / 1e9), bindings)
        grown, many = server.rss - before, _binds(server, place, seconds).per_second
        tail = bind(bindings + 1000, many / 2, seconds * 2)
    return {
        "bindings": bindings,
        "bytes_per_binding": grown / bindings,
        "bytes_per_x": (ordered - empty) / (bindings + 1000 + spare),
        "bind_per_second": {"few": few, "many": many},
        "ratio_many_to_few": many / few,
        "half_load": figures_of(tail),
    }


def _all_bound(tail: Any, count: int) -> None:
    if tail.failures or len(tail.latencies) < count:
        raise RuntimeError(f"{tail.failures} of {count} binds were refused, {len(tail.latencies)} answered")


def _binds(server: Running, place: Path, seconds: float) -> wrk.Capacity:
    """Binds in a world of their own, after a second that warms it up."""
    headers = new_application(server.port, "binds", int(X_A_SECOND * (seconds + 1)), "AX")
    wrk.run(server.port, _bind_script(0), headers, place, 1)
    found = wrk.run(server.port, _bind_script(X_A_SECOND), headers, place, seconds)
    control(server.port, "DELETE", "/worlds/binds")
    return found


def _with_ids(server: Running, place: Path, ids: Path, seconds: float) -> dict[str, wrk.Capacity]:
    """Temporary callee, query and unbind by subscriptionId, of bindings made for it. None is unbound twice."""
    headers = new_application(server.port, "ids", int(X_A_SECOND * seconds * 2.5), "AX")
    collect_ids(server, headers, ids, _bind_script(0), seconds)
    set_callee = wrk.fill(wrk.CALLEE, IDS=ids, PATH=f'"{CALLEE_PATH}"')
    found = {"callee": wrk.run(server.port, set_callee, headers, place, seconds)}
    found |= by_id(server, headers, ids, BIND_PATH + "?", seconds)
    control(server.port, "DELETE", "/worlds/ids")
    return found


def _bind_script(first: int) -> str:
    return wrk.fill(wrk.BIND_AX, FIRST=first, PATH=f'"{BIND_PATH}"')


def _request(headers: dict[str, str], n: int) -> bytes:
    """The n-th bind as bytes."""
    body = f'{{"origNum":"+86138{n:08d}","privateNum":"+86170{n:08d}","maxDuration":60}}'.encode()
    return request_bytes("POST", BIND_PATH, headers, body)
