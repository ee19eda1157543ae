"""Parts of the checks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum.suites.runner.shard import Shard


@given(st.integers(0, 50), st.integers(1, 12))
def test_the_parts_have_every_check_once(count: int, of: int) -> None:
    checks = [f"check {n}" for n in range(count)]
    parts = [Shard(number, of).part_of(checks) for number in range(1, of + 1)]
    assert sorted(check for part in parts for check in part) == sorted(checks)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(
    "text", ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1/1001", "1.0/2", " 1/2", "1/٣"]
)
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="I/N as in 2/3"):
        Shard.read(text)


def test_a_shard_is_read() -> None:
    assert Shard.read("2/3") == Shard(2, 3)
