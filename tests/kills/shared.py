"""Nodes with one state in PostgreSQL under load, and what is done to them."""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING, Any

from tests.kills.farm import Farm
from tests.kills.faults import FAULTS, in_order
from tests.postgres.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Milliseconds of load before something is done.
_LOAD_MS = (30, 500)
#: Room for all worlds with what their updates leave behind.
_DISK_MB = 1024


def run(
    counts: Mapping[str, int],
    *,
    nodes: int = 2,
    worlds: int = 6,
    seed: int = 0,
    retries: bool = False,
    by_world: bool = False,
) -> Any:
    """Do each of FAULTS so often as `counts` has it; return what was counted.

    Args:
        counts: by the name of the fault.
        nodes: servers of one state.
        worlds: each with clients of its own, which go on all the time.
        seed: of the order, and of the moments.
        retries: whether nginx asks another node where one cannot be reached.
        by_world: whether it sends all requests of a world to one node, so that the world goes there.

    Raises:
        AssertionError: something that was acknowledged is lost, is there twice or was pushed twice; or a world does
            not answer again.
    """
    again: dict[str, list[float]] = {name: [] for name in FAULTS}
    with Cluster(_DISK_MB) as cluster, Farm(cluster, nodes, worlds, retries=retries, by_world=by_world) as farm:
        try:
            for name, seconds in _strike(farm, dict(counts), random.Random(seed)):
                again[name].append(seconds)
            found = _settle(farm)
        except AssertionError as error:
            done = {name: len(times) for name, times in again.items()}
            raise AssertionError(f"behind {done}: {error}\n{farm.last_lines()}\n{farm.folder} has all lines") from error
        found["near_to_a_node"] = int(cluster.query("SELECT count(near) FROM privnum_worlds")[0])
        found["full_disk"] = "small disk" if cluster.has_small_disk else "trigger"
    figures = {name: _figures(times) for name, times in again.items() if times}
    return {"nodes": nodes, "worlds": worlds, **found, "seconds_until_all_worlds_answer": figures}


def _strike(farm: Farm, counts: dict[str, int], draws: random.Random) -> Iterator[tuple[str, float]]:
    """Do the faults; behind each yield its name, and the seconds until all worlds answered again."""
    for name in in_order(counts, draws):
        farm.begin_load()
        farm.seconds_until_all_answer(time.monotonic())
        time.sleep(draws.randint(*_LOAD_MS) / 1000)  # what is struck is to be another place each time
        seconds = FAULTS[name](farm, draws.choice(farm.nodes))
        farm.end_load()
        assert not any(node.has_ended for node in farm.nodes), f"a node has ended by itself ({name})"
        farm.check()
        yield name, seconds


def _settle(farm: Farm) -> dict[str, Any]:
    """Wait for all pushes, stop all nodes and start them again; return what was counted."""
    late = sum(world.wait_for_pushes() for world in farm.worlds)
    two = farm.receiver.sent_as_two()
    assert two <= late, f"{two} pushes that the receiver acknowledged came with another nonce, and {late} were late"
    farm.check()
    for node in farm.nodes:
        assert not node.stop(), f"{node.name}: {node.stderr_text()[-2000:]}"
    for node in farm.nodes:
        node.start()
    farm.check()
    known = [world.known for world in farm.worlds]
    return {
        "bindings": sum(len(each.bound) for each in known),
        "unbound": sum(len(each.gone) for each in known),
        "calls": sum(len(each.calls) for each in known),
        "unanswered": sum(each.unanswered for each in known),
        "pushes": len(farm.receiver.taken),
        "delivered_by_an_answer": sum(len(world.final) for world in farm.worlds),
        "sent_again": sum(times - 1 for times in farm.receiver.taken.values()),
        "late_attempts": late,
        "ended_and_started_again": farm.ended,
    }


def _figures(times: list[float]) -> dict[str, float]:
    return {
        "count": len(times),
        "median": round(statistics.median(times), 3),
        "longest": round(max(times), 3),
    }
