"""In how many parts a text is sent."""

from __future__ import annotations

import pytest

from privnum.mockserver.sms.text import parts


@pytest.mark.parametrize(
    ("sign", "length", "count"),
    [
        ("x", 1, 1), ("x", 160, 1), ("x", 161, 2), ("x", 308, 2), ("x", 309, 3),
        ("中", 70, 1), ("中", 71, 2), ("中", 134, 2), ("中", 135, 3),
    ],
)  # fmt: skip
def test_parts(sign: str, length: int, count: int) -> None:
    """AX-SMS-006."""
    assert parts(sign * length) == count


def test_one_chinese_character_makes_the_whole_text_chinese() -> None:
    assert parts("x" * 100 + "中") == 2
