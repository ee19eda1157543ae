"""What is done to nodes and to their database while clients are at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.kills.farm import Farm, Node

    Fault = Callable[[Farm, Node], float]

#: Seconds for which a full disk is waited to be noticed, and for which a node that woke up is looked at.
_NOTICED, _AWAKE = 10.0, 0.5
#: Seconds for which a node has clients of its own before it is frozen.
_BEFORE = 0.2


def kill_node(farm: Farm, node: Node) -> float:
    """kill -9 of a node; started again when the other nodes have answered for all worlds."""
    node.kill()
    seconds = farm.seconds_until_all_answer(time.monotonic())
    node.start()
    return seconds


def stop_node(farm: Farm, node: Node) -> float:
    """SIGTERM, as for a new version: it ends well, and its worlds go on with another node."""
    began = time.monotonic()
    status = node.stop()
    assert not status, f"{node.name} ended with {status}: {node.stderr_text()[-2000:]}"
    seconds = farm.seconds_until_all_answer(began)
    node.start()
    return seconds


def kill_database(farm: Farm, node: Node) -> float:
    """kill -9 of the database, started again at once; the time counts from when it answers."""
    del node
    farm.cluster.kill()
    farm.cluster.start()
    return farm.seconds_until_all_answer(time.monotonic())


def cut_connections(farm: Farm, node: Node) -> float:
    """The connections of a node to the database end."""
    cut = farm.cluster.cut_connections(node.name)
    assert cut, f"{node.name} had no connection to the database"
    return farm.seconds_until_all_answer(time.monotonic())


def freeze_node(farm: Farm, node: Node) -> float:
    """A node stands still until others take it for dead, and wakes up when they have its worlds.

    It has requests before it then: those that nginx gave it, and those of clients who still wait for its answer.
    """
    return _freeze(farm, node, lambda: None)


def lose_node(farm: Farm, node: Node) -> float:
    """The same, and its connections to the database end at once, as with a machine that is lost."""
    return _freeze(farm, node, lambda: farm.cluster.cut_connections(node.name))


def _freeze(farm: Farm, node: Node, then: Callable[[], object]) -> float:
    farm.begin_direct_load(node)
    time.sleep(_BEFORE)
    node.freeze()
    try:
        then()
        began = time.monotonic()
        seconds = farm.seconds_until_others_have_all(node, began)
        farm.seconds_until_all_answer(began)
    finally:
        node.wake()
    time.sleep(_AWAKE)  # it carries out what it has before it, or had begun
    farm.seconds_until_all_answer(time.monotonic())
    return seconds


def fill_disk(farm: Farm, node: Node) -> float:
    """The disk of the database has no room, until all worlds have noticed; the time counts from when it has room."""
    del node
    before = {world.name: world.known.unanswered for world in farm.worlds}
    farm.cluster.fill_disk()
    try:
        deadline = time.monotonic() + _NOTICED
        while silent := [world.name for world in farm.worlds if world.known.unanswered == before[world.name]]:
            assert time.monotonic() < deadline, f"the disk was full, and all requests to {silent} were acknowledged"
            time.sleep(0.01)
    finally:
        farm.cluster.free_disk()
    began = time.monotonic()
    farm.start_again()
    return farm.seconds_until_all_answer(began)


FAULTS: dict[str, Fault] = {
    "kills": kill_node,
    "database_kills": kill_database,
    "cuts": cut_connections,
    "freezes": freeze_node,
    "losses": lose_node,
    "full_disks": fill_disk,
    "stops": stop_node,
}
"""By the name of their number in a plan."""


def in_order(counts: dict[str, int], draws: random.Random) -> list[str]:
    """Return which fault is done when: all of them, mixed."""
    names = [name for name, count in counts.items() for _ in range(count)]
    draws.shuffle(names)
    return names
