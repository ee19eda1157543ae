"""Nodes and the database are killed under load, a few times; python -m tests.kills --nodes 2 does it at length."""

from __future__ import annotations

import pytest

from tests.kills.faults import FAULTS
from tests.kills.shared import run

#: With nginx that asks each node in turn and no other one, and with one that sends all requests of a world to one node,
#: or else to another: all faults in one of the two.
PLAIN = {"kills": 3, "full_disks": 1, "stops": 1}
RETRIES = {name: 1 for name in FAULTS if name not in PLAIN} | {"kills": 1}


@pytest.mark.parametrize(("counts", "retries"), [(PLAIN, False), (RETRIES, True)], ids=["plain", "retries"])
def test_nothing_acknowledged_is_lost_or_pushed_twice(counts: dict[str, int], retries: bool) -> None:
    found = run(counts, worlds=4, retries=retries, by_world=retries)
    assert {name: each["count"] for name, each in found["seconds_until_all_worlds_answer"].items()} == counts
    for what in ("bindings", "unbound", "calls", "pushes", "delivered_by_an_answer"):
        assert found[what] > 0, what
    assert not found["ended_and_started_again"]
    assert bool(found["near_to_a_node"]) is retries
