"""Each rule says what its breach can do to people at the worst."""

from __future__ import annotations

import re
import tomllib

import pytest

from privnum import contracts
from privnum.contracts._files import contents

FILES = [name for name in contents() if name.startswith("requirements/") and name != "requirements/modes.toml"]
RULES = contracts.every_rule()
REACHES = re.compile(
    r"reaches (nobody|the next|[ABN]\b)|nobody else|dissolves nothing|is not forwarded|put through to nobody"
    r"|\bsees [XY]\b|the number shown|says nothing of its bindings|no longer puts|does not expire"
)
"""Words of rules that keep people from being reached, shown or cut."""
TELLS = {"EVENT", "CDR"}
"""Topics that tell of calls afterwards: nobody is reached by what they say."""


def test_the_kinds_are_five_the_worst_first() -> None:
    assert list(contracts.harms()) == ["person", "number", "call", "money", "form"]
    assert len({harm.title for harm in contracts.harms().values()}) == 5


@pytest.mark.parametrize("file", FILES)
def test_each_rule_is_given_its_harm(file: str) -> None:
    """Also form: nothing is harmless because somebody forgot to say it."""
    for id_, table in tomllib.loads(contents()[file].decode()).items():
        assert table.get("harm") in contracts.harms(), id_


def test_what_can_reach_somebody_is_no_form() -> None:
    found = [
        rule.id
        for rule in RULES.values()
        if rule.harm == "form"
        and not rule.assumption
        and rule.id.split("-")[1] not in TELLS
        and REACHES.search(rule.text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "harm"),
    [
        ("AXB-CALL-105", "person"),
        ("AXB-UNBIND-007", "person"),
        ("SMS-004", "number"),
        ("AXB-CALL-011", "call"),
        ("AXB-CDR-006", "money"),
        ("AXB-BIND-004", "form"),
    ],
)
def test_harms_of_well_known_rules(rule: str, harm: str) -> None:
    ids = [id_ for id_ in RULES if id_.endswith(rule)]
    assert ids
    assert {RULES[id_].harm for id_ in ids} == {harm}


def test_a_rule_without_its_harm_is_none() -> None:
    """There is no default in the loader either."""
    fields = {"id": "AXB-BIND-001", "mode": "AXB", "title": "t", "text": "x", "level": "must", "basis": "documented"}
    with pytest.raises(TypeError, match="harm"):
        contracts.Requirement(**fields, source=())  # type: ignore[arg-type]
