"""Rendezvous hashing: worlds are spread evenly, and few move where a node comes or goes."""

from __future__ import annotations

from collections import Counter

from privnum.mockserver.database.placing import node_of

WORLDS = [f"w{n}" for n in range(3000)]
NODES = {1: "10.0.0.1:8080", 2: "10.0.0.2:8080", 5: "10.0.0.3:8080"}


def places(nodes: dict[int, str]) -> dict[str, int]:
    return {world: node_of(world, nodes) for world in WORLDS}


def test_worlds_are_spread_evenly() -> None:
    counts = Counter(places(NODES).values())
    assert counts.keys() == NODES.keys()
    assert min(counts.values()) > 850


def test_only_the_worlds_of_a_node_that_goes_move() -> None:
    before, after = places(NODES), places({node: NODES[node] for node in (1, 5)})
    assert all(before[world] == 2 for world in WORLDS if before[world] != after[world])
    assert 2 not in after.values()


def test_only_a_node_that_comes_gets_worlds() -> None:
    before, after = places(NODES), places({**NODES, 7: "10.0.0.4:8080"})
    assert {after[world] for world in WORLDS if before[world] != after[world]} == {7}


def test_a_node_that_was_started_again_has_the_worlds_that_it_had() -> None:
    before, after = places(NODES), places({1: NODES[1], 5: NODES[5], 9: NODES[2]})
    assert [world for world in WORLDS if before[world] == 2] == [world for world in WORLDS if after[world] == 9]


def test_a_world_is_at_the_node_that_it_is_near_to() -> None:
    assert {node_of(world, NODES, NODES[2]) for world in WORLDS} == {2}
    assert {world: node_of(world, NODES, "10.0.0.9:8080") for world in WORLDS} == places(NODES)


def test_of_two_nodes_at_one_address_the_later_one_lives() -> None:
    """The other is dead and not buried yet; the database lists them in any order."""
    later = dict.fromkeys((9, 2), NODES[2])
    for nodes in ({**NODES, **later}, {**later, **NODES}, {9: NODES[2], **NODES}):
        assert {node_of(world, nodes, NODES[2]) for world in WORLDS} == {9}
