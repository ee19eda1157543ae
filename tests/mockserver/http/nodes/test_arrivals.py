"""A world goes to another node where nearly all of its requests come in there."""

from __future__ import annotations

import pytest

from privnum.mockserver.http.nodes.arrivals import Arrivals


@pytest.mark.parametrize(
    ("here", "by_others", "goes"), [(0, 0, True), (111, 0, True), (112, 0, False), (60, 51, True), (60, 52, False)]
)
def test_nine_of_ten_have_to_come_to_that_node(here: int, by_others: int, goes: bool) -> None:
    arrivals = Arrivals()
    for _ in range(2):  # each count begins anew
        arrivals.here += here
        said = [arrivals.note_passed(node) for node in [3] * by_others + [2] * 999]
        assert True not in said
        assert arrivals.note_passed(2) is goes


def test_where_nodes_are_asked_in_turn_a_world_stays() -> None:
    arrivals = Arrivals()
    for _ in range(5000):
        arrivals.here += 1
        assert not arrivals.note_passed(2)
        assert not arrivals.note_passed(3)
