"""Nodes and the database are killed under load, a few times; python -m tests.kills --nodes 2 does it at length."""

from __future__ import annotations

import pytest

from tests.kills.faults import FAULTS
from tests.kills.shared import run


@pytest.mark.parametrize("retries", [False, True], ids=["plain", "retries"])
def test_nothing_acknowledged_is_lost_or_pushed_twice(retries: bool) -> None:
    counts = dict.fromkeys(FAULTS, 1) if retries else {"kills": 4, "database_kills": 1, "full_disks": 1}
    found = run(counts, worlds=4, retries=retries)
    assert {name: each["count"] for name, each in found["seconds_until_all_worlds_answer"].items()} == counts
    for what in ("bindings", "unbound", "calls", "pushes", "delivered_by_an_answer"):
        assert found[what] > 0, what
    assert not found["ended_and_started_again"]
