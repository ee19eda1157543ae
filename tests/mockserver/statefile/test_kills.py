"""kill -9 under load, a few times; python -m tests.kills does it a hundred times."""

from __future__ import annotations

from tests.kills.single import run


def test_nothing_acknowledged_is_lost_or_pushed_twice() -> None:
    counted = run(kills=3)
    what = ("bindings", "unbound", "calls", "pushes", "delivered_before_a_kill")
    assert min(counted[each] for each in what) > 0
