"""The word that was probably meant: never the one that was given."""

from __future__ import annotations

import pytest

from privnum import contracts


@pytest.mark.parametrize("word", ["clock", "numbers", "axb.bind"])
def test_the_word_itself_is_never_meant(word: str) -> None:
    assert contracts.nearest(word, [word]) is None
    assert contracts.nearest(word, [word, word[:-1]]) == word[:-1]
    assert word not in contracts.UnknownName("rule", word, [word, "far away"]).near


def test_a_long_word_is_compared_by_its_beginning() -> None:
    assert contracts.nearest("clocks" * 1000, ["clock"]) is None
    assert contracts.nearest("clok", ["clock", "seed"]) == "clock"
