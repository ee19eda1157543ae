"""Which rules a word asks for."""

from __future__ import annotations

import pytest

from privnum import contracts
from privnum.suites.runner.asked_rules import asked_rules, topics


@pytest.mark.parametrize(
    ("word", "has", "lacks"),
    [
        ("axb-bind-005", "AXB-BIND-005", "AXB-BIND-006"),
        ("AXB-BIND", "AXB-BIND-006", "AXE-BIND-001"),
        ("AXB-", "AXB-QUERY-001", "COM-ENV-001"),
        ("CDR-006", "AXE-CDR-006", "AXE-CDR-003"),
        ("cdr", "AX-CDR-003", "AX-EVENT-001"),
        ("axe.bind", "AXE-BIND-001", "AXB-BIND-001"),
        ("8055", "AX-CALL-003", "AX-CALL-001"),
        ("axb.a_equals_b", contracts.assumptions()["axb.a_equals_b"].requirement, "AXB-BIND-005"),
        ("a binding  outlives", "AXB-CALL-001", "AXB-CALL-002"),
        ("the tenant is frozen", "X-CALL-002", "X-CALL-003"),
    ],
)
def test_a_word_stands_for_its_rules(word: str, has: str, lacks: str) -> None:
    found = asked_rules([word])
    assert has in found
    assert lacks not in found


def test_several_words_ask_for_the_rules_of_each() -> None:
    assert asked_rules(["AXB-BIND-005", "axb-query-001"]) == {"AXB-BIND-005", "AXB-QUERY-001"}
    assert asked_rules([]) == frozenset()


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("AXB-BIND-999", "AXB-BIND-"),
        ("CRD", "CDR"),
        ("axb.bnd", "AXB.BIND"),
        ("CDR-0066", "CDR-006"),
        ("xy", "X"),
        ("AXB-BIND-05", r"did you mean AXB-BIND-005\?"),
        ("cdr-6", r"did you mean CDR-006\?"),
        ("你好", "none of .* is like it"),
    ],
)
def test_a_word_of_no_rule_is_refused_with_the_nearest(word: str, near: str) -> None:
    with pytest.raises(contracts.UnknownName, match=near) as refused:
        asked_rules(["AXB-BIND-001", word])
    assert word.upper() not in refused.value.near


def test_every_rule_is_reached_by_a_topic() -> None:
    assert frozenset().union(*topics().values()) == contracts.requirements().keys()
