"""Nodes of one state in PostgreSQL: what a second one brings, and what many worlds cost the start of one."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privnum.mockserver.database.placing import node_of
from tests.ports import free_port
from tests.postgres.balancer import Balancer
from tests.postgres.cluster import Cluster
from tests.postgres.needs import missing_things

from . import wrk
from .http_load import X_COUNT
from .journal_cost import cpu_seconds
from .servers import BIND_PATH, Running, control, new_application, started_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: Worlds over which the binds are spread.
_WORLDS = 16
#: Of the load generator.
_CONNECTIONS = 64
#: Seconds of the first round, in which the worlds go to the nodes that get their requests.
_WARMS_UP = 6.0

#: Binds pairs that never repeat, in each world in turn.
_BIND = """
local signed = { SIGNED }
local headers = {}
for name, value in pairs(wrk.headers) do headers[name] = value end
local n = FIRST
request = function()
  n = n + 1
  headers["X-AKSK"] = signed[n % #signed + 1]
  local body = string.format(
    '{"callerNum":"+86138%08d","calleeNum":"+86139%08d","relationNum":"+86170%08d","duration":0,"maxDuration":60}',
    n, n, n % XCOUNT)
  return wrk.format("POST", "PATH", headers, body)
end
"""


def measure(rounds: int, seconds: float, worlds: int) -> dict[str, Any]:
    """Binds with two nodes beside one, and the start of a node that has this many worlds."""
    missing = missing_things()
    if missing:
        return {"skipped": ", ".join(f"there is {what}" for what in missing)}
    found = {"scale": start_with_worlds(worlds), "take_over": take_over(worlds)}
    if wrk.available():
        found["spread"] = bind_ratio(rounds, seconds)
    return found


@contextlib.contextmanager
def node(cluster: Cluster, name: str) -> Iterator[Running]:
    """A node of the state in a cluster, on whichever core."""
    port = free_port()
    place = ("--port", str(port), "--seed", "7", "--state", cluster.url_for(name))
    command = (sys.executable, "-m", "privnum.cli", "serve", "--json", "--quiet", *place)
    with started_server(*command, port=port, ready="/_privnum/health", pinned=False) as server:
        yield server


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Nodes of one state, and the port of nginx before them."""

    port: int
    nodes: Sequence[Running]

    def cpu_seconds(self) -> float:
        """CPU time that the nodes have used; not that of nginx and the database."""
        return sum(map(cpu_seconds, self.nodes))


def bind_ratio(rounds: int, seconds: float) -> dict[str, Any]:
    """Binds a second through nginx of two nodes beside those of one, interleaved, each with a database of its own.

    "two": nginx sends all requests of an application to one node, as docs/state.md has it. "two_in_turn": it asks the
    nodes in turn, so that half of the requests reach the node that does not have the world, and are passed on. All of
    it shares the machine's cores: `busy` is the part of their time that is used. Where that is near to 1 with one node,
    no second one can bring more, and `by_cpu` says what it would with more cores: it is made of `cpu_micros`, the CPU
    time of all nodes for a bind, and holds where each has a core for itself and nothing else is short.
    """
    rates: dict[str, list[float]] = {"one": [], "two": [], "two_in_turn": []}
    spent: dict[str, list[float]] = {name: [] for name in rates}
    busy: dict[str, list[float]] = {name: [] for name in rates}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        farms = {
            name: _start_balanced(stack, min(place, 2), by_world=name == "two") for place, name in enumerate(rates, 1)
        }
        signed = {name: _make_worlds(farm.port) for name, farm in farms.items()}
        for number in range(rounds + 1):
            for name, farm in farms.items() if number % 2 else reversed(tuple(farms.items())):
                before, idle, length = farm.cpu_seconds(), _idle_seconds(), seconds if number else _WARMS_UP
                rate = _rate_of_binds(farm.port, signed[name], number * 1_000_000, folder, length)
                if number:  # the first round warms up
                    rates[name].append(rate)
                    spent[name].append((farm.cpu_seconds() - before) / (rate * length) * 1e6)
                    busy[name].append(1 - (_idle_seconds() - idle) / (length * (os.cpu_count() or 1)))
    return {
        "per_second": rates,
        "cpu_micros": spent,
        "busy": {name: statistics.median(values) for name, values in busy.items()},
        **{name: _beside_one(rates, spent, name) for name in ("two", "two_in_turn")},
    }


def _beside_one(rates: dict[str, list[float]], spent: dict[str, list[float]], name: str) -> dict[str, float]:
    """Two nodes beside one, in the median of all rounds: by their binds, and by what these could be."""
    binds = [two / one for one, two in zip(rates["one"], rates[name], strict=True)]
    by_cpu = [2 * one / two for one, two in zip(spent["one"], spent[name], strict=True)]
    return {"ratio": statistics.median(binds), "by_cpu": statistics.median(by_cpu)}


def limit(found: dict[str, Any]) -> str:
    """Return a line that says what a second node can bring here, nothing where that was not measured."""
    busy = found.get("spread", {}).get("busy", {}).get("one")
    if not busy:
        return ""
    used = f"with one node {busy:.2f} of the time of all cores is used"
    return f"nodes: {used}, so that two can have {1 / busy:.2f} times its binds at most\n"


def _idle_seconds() -> float:
    """CPU time of all cores that nobody has used."""
    fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def _start_balanced(stack: contextlib.ExitStack, count: int, *, by_world: bool) -> _Nodes:
    """Start nodes of a new state with nginx before them."""
    cluster = stack.enter_context(Cluster())
    nodes = [stack.enter_context(node(cluster, f"node_{number}")) for number in range(count)]
    balancer = Balancer([each.port for each in nodes], by_world=by_world, patience=30)
    return _Nodes(stack.enter_context(balancer).port, nodes)


def _make_worlds(port: int) -> list[dict[str, str]]:
    return [new_application(port, f"bench-{number}", X_COUNT) for number in range(_WORLDS)]


def _rate_of_binds(port: int, signed: Sequence[dict[str, str]], first: int, folder: Path, seconds: float) -> float:
    tokens = ", ".join(f"[[{headers['X-AKSK']}]]" for headers in signed)
    script = wrk.fill(_BIND, SIGNED=tokens, FIRST=first, XCOUNT=X_COUNT, PATH=BIND_PATH)
    run = wrk.run(port, script, signed[0], folder, seconds, _CONNECTIONS)
    if run.errors:
        raise RuntimeError(f"{run.errors} binds were refused")
    return run.per_second


def start_with_worlds(count: int) -> dict[str, Any]:
    """Seconds in which a node is there that has this many worlds of an application each, and its memory.

    Another node has made them, and was stopped. `first_world` is until it has answered for one of them, `every_world`
    until it has for each.
    """
    with Cluster() as cluster:
        with node(cluster, "maker") as maker:
            empty = maker.rss
            made = _seconds_of(lambda: _create_worlds(maker.port, count))
            full, began = maker.rss, time.perf_counter()
        found = {
            "worlds": count,
            "made_seconds": made,
            "made_mb": full / 1e6,
            "kib_per_world": (full - empty) / count / 1024,
            "stop_seconds": time.perf_counter() - began,
        }
        began = time.perf_counter()
        with node(cluster, "next") as server:
            found["start_seconds"] = time.perf_counter() - began
            found["first_world_seconds"] = found["start_seconds"] + _seconds_of(
                lambda: _see_worlds(server.port, [count - 1])
            )
            found["every_world_seconds"] = found["start_seconds"] + _seconds_of(
                lambda: _see_worlds(server.port, range(count))
            )
            found["start_mb"] = server.rss / 1e6
            if (there := _count_worlds(server.port)) != count:
                raise RuntimeError(f"{there} worlds are there, not {count}")
        size = cluster.query("SELECT pg_database_size(current_database())")
    return {**found, "database_mb": int(size[0]) / 1e6}


def take_over(count: int) -> dict[str, Any]:
    """Seconds from kill -9 of one of two nodes until the other has answered for each world that this one had."""
    with Cluster() as cluster, node(cluster, "one") as one, node(cluster, "two") as two:
        addresses = {number: f"127.0.0.1:{each.port}" for number, each in enumerate((one, two))}
        taken = [n for n in range(count) if node_of(f"world-{n}", addresses) == 0]
        _create_worlds(one.port, count)
        os.kill(one.pid, signal.SIGKILL)
        began = time.perf_counter()
        _see_worlds(two.port, taken[-1:])
        first = time.perf_counter() - began
        _see_worlds(two.port, taken)
        every = time.perf_counter() - began
        return {"worlds": len(taken), "first_seconds": first, "every_seconds": every, "mb": two.rss / 1e6}


def _create_worlds(port: int, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n in range(count):
        app = {"mode": "AXB", "numbers": [f"+86170{n:08d}"], "event_url": "inbox:", "fee_url": "inbox:"}
        spec = json.dumps({"id": f"world-{n}", "applications": [app]})
        connection.request("POST", "/_privnum/worlds", spec, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(text.decode())
    connection.close()


def _see_worlds(port: int, worlds: Sequence[int]) -> None:
    """Look at worlds, the last one first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n in reversed(worlds):
        connection.request("GET", f"/_privnum/worlds/world-{n}")
        answer = connection.getresponse()
        numbers = json.loads(answer.read())["applications"][0]["numbers"]
        if numbers[0]["number"] != f"+86170{n:08d}":
            raise RuntimeError(f"world-{n} has {numbers}")
    connection.close()


def _count_worlds(port: int) -> int:
    return sum(each["id"].startswith("world-") for each in control(port, "GET", "/worlds")["worlds"])


def _seconds_of(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
