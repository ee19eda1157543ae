"""A rule that modes share is there once, and the same number is the same rule in each of them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from privnum import contracts
from privnum.contracts import _load
from privnum.contracts._families import FAMILY_FILES, FIRST_OWN
from privnum.contracts._files import contents


def table(name: str) -> dict[str, Any]:
    """Return a file of the folder `requirements`."""
    return tomllib.loads(contents()[f"requirements/{name}.toml"].decode())


FAMILIES: dict[str, dict[str, Any]] = {
    id_: family for name in FAMILY_FILES for id_, family in tomllib.loads(contents()[name].decode()).items()
}
WORDS = table("modes")
OWN = {mode: table(mode.lower()) for mode in WORDS}
REQUIREMENTS = contracts.requirements()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_expanded_to_a_rule_of_each_of_its_modes(family: str) -> None:
    """It has a rule in the modes that it names, one at least, and in no other."""
    modes = FAMILIES[family]["modes"]
    assert modes
    assert {mode for mode in WORDS if f"{mode}-{family}" in REQUIREMENTS} == set(modes)
    for mode, own in modes.items():
        rule = REQUIREMENTS[f"{mode}-{family}"]
        assert (rule.mode, list(rule.source)) == (mode, own["source"])
        assert not re.search("[{}]", rule.title + rule.text + "".join(rule.codes))


@pytest.mark.parametrize("family", FAMILIES)
def test_level_and_basis_are_the_same_in_all_modes_but_for_a_reason(family: str) -> None:
    """A mode may differ in them if it says why, and says why only then."""
    for mode, own in FAMILIES[family]["modes"].items():
        assert bool(own.keys() & {"level", "basis"}) == ("reason" in own), mode


@pytest.mark.parametrize("family", FAMILIES)
def test_a_mode_repeats_nothing_that_its_family_says(family: str) -> None:
    """What is under a mode is its sources and what differs."""
    shared = FAMILIES[family]
    for mode, own in shared["modes"].items():
        same = {key for key in own if key in shared and own[key] == shared[key]}
        same |= {key for key in ("title", "text") if own.get(key) == shared[key].format_map(WORDS[mode])}
        assert not same, mode


def test_numbers_of_families_have_no_gaps_and_those_of_one_mode_begin_behind_them() -> None:
    """A family's number is never that of a mode's own rule, of whatever mode."""
    topics: dict[str, list[int]] = {}
    for family in FAMILIES:
        topic, _, number = family.partition("-")
        topics.setdefault(topic, []).append(int(number))
    for topic, numbers in topics.items():
        assert numbers == list(range(1, len(numbers) + 1)), topic
        assert len(numbers) < FIRST_OWN
    for mode, rules in OWN.items():
        wrong = [id_ for id_ in rules if not id_.startswith(f"{mode}-") or int(id_.rpartition("-")[2]) < FIRST_OWN]
        assert not wrong


def test_no_rule_is_there_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of a mode under the id of a family's is refused, not passed over."""
    read = _load._toml
    monkeypatch.setattr(_load, "_toml", lambda name: read(name) | ({"AXB-CDR-006": {}} if "axb" in name else {}))
    with pytest.raises(contracts.ContractError, match="AXB-CDR-006 is there twice"):
        _load._rules_of_modes()


def test_every_mode_has_every_word_and_each_is_used() -> None:
    """A word in braces that a mode lacks would be no word of its rule; a mode has no word more."""
    for mode, words in WORDS.items():
        families = [str(family) for family in FAMILIES.values() if mode in family["modes"]]
        assert words.keys() == {word for family in families for word in re.findall(r"\{(\w+)\}", family)}, mode


def test_the_rules_of_a_mode_are_listed_by_topic() -> None:
    """Its families stand before its own rules, from the bind to the pushes, and its open points at the end."""
    for mode in WORDS:
        ids = [id_ for id_ in REQUIREMENTS if id_.startswith(f"{mode}-") and "-OPEN-" not in id_]
        topics = list(dict.fromkeys(id_.split("-")[1] for id_ in ids))
        assert topics[:3] == (["BIND", "LIFE", "UNBIND"] if mode != "X" else ["CALL", "SMS", "EVENT"])
        assert topics[-3:] == ["EVENT", "CDR", "STATE"]
        assert len({id_.rpartition("-")[0] for id_ in ids}) == len(topics)
        for topic in topics:
            numbers = [int(id_.rpartition("-")[2]) for id_ in ids if id_.startswith(f"{mode}-{topic}-")]
            assert numbers == sorted(numbers)
