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


@pytest.mark.parametrize("word", ["CDR-06", "CDR-6", "CDR-0006"])
def test_zeros_before_a_number_do_not_count(word: str) -> None:
    assert contracts.UnknownName("rule", word, ["CDR-016", "CDR-006", "CDR-060"]).near == ("CDR-006",)


def test_what_has_no_sign_in_common_is_near_to_nothing() -> None:
    names = [f"name-{number}" for number in range(20)]
    assert "none of 20 is like it; privnum rules --list rules" in str(contracts.UnknownName("rule", "你好", names))
