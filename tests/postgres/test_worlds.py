"""A node that starts has every world that another one has left; the bench does it with ten thousand."""

from __future__ import annotations

from tests.bench.nodes_cost import start_with_worlds


def test_a_node_starts_with_all_worlds_of_another() -> None:
    found = start_with_worlds(100)
    assert found["worlds"] == 100
    assert found["start_mb"] > 0
    assert found["database_mb"] > 0
