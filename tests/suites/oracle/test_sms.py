"""What the oracle says of SMS, by hand-made situations."""

from __future__ import annotations

import pytest

from privnum.suites.oracle.sms import from_mark, named_receiver, parts

B = "+8613900000002"


@pytest.mark.parametrize(
    ("text", "left", "receiver"),
    [
        (f"hello@{B}", "hello", B),
        (f"@{B}", "", B),
        (f"a@b@{B}", "a@b", B),
        (f"one\ntwo@{B}", "one\ntwo", B),
        (f"hello@{B} ", f"hello@{B} ", None),
        (f"hello{B}", f"hello{B}", None),
        ("hello", "hello", None),
        ("hello@+861390000000", "hello@+861390000000", None),
    ],
)
def test_whom_a_names(text: str, left: str, receiver: str | None) -> None:
    assert named_receiver(text) == (left, receiver)


def test_what_is_put_behind() -> None:
    assert from_mark(B) == "[From+8613900000002]"


@pytest.mark.parametrize(
    ("text", "count"),
    [("x" * 160, 1), ("x" * 161, 2), ("x" * 308, 2), ("x" * 309, 3), ("中" * 70, 1), ("中" * 71, 2), ("中" * 135, 3)],
)
def test_how_many_parts(text: str, count: int) -> None:
    assert parts(text) == count
