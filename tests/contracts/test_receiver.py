"""The rules of receivers: well formed, apart from those of platforms, and each about what the contract has."""

from __future__ import annotations

import re

import pytest

from privnum import contracts
from privnum.suites.commands.check_receiver.checks import CHECKS, VARIATIONS
from privnum.suites.report import model

RULES = contracts.receiver_requirements()


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_rule_is_well_formed(rule: contracts.Requirement) -> None:
    assert re.fullmatch(r"RECEIVER-[A-Z]+-[0-9]{3}", rule.id)
    assert (rule.mode, rule.level in {"must", "should"}) == ("receiver", True)
    assert rule.basis in {"documented", "observed", "assumed"}
    assert rule.level == "should" or rule.basis == "documented"
    assert rule.title
    assert rule.text.endswith(".")
    assert rule.source
    assert {source.partition("@")[0] for source in rule.source} <= contracts.sources().keys()


def test_no_rule_is_one_of_platforms_too() -> None:
    assert not RULES.keys() & contracts.requirements().keys()
    topics = {id_.split("-")[1] for id_ in contracts.requirements()}
    assert not topics & {id_.split("-")[1] for id_ in RULES}, "privnum rules SMS-001 would find both"
    assert contracts.every_rule() == {**contracts.requirements(), **RULES}


def test_a_report_has_the_rules_of_its_target_alone() -> None:
    started = {"event": "run_started", "time": "2026-03-01T00:00:00Z", "target": {}}
    of_receiver = model.build([{**started, "run": {"of": "receiver"}}])
    of_platform = model.build([{**started, "run": {}}])
    assert {rule["id"] for rule in of_receiver["requirements"]} == RULES.keys()
    assert {rule["id"] for rule in of_platform["requirements"]} == contracts.requirements().keys()


def test_every_rule_has_a_check() -> None:
    assert {rule for check in CHECKS for rule in check.rules} == RULES.keys()


def test_every_variation_of_pushes_is_sent() -> None:
    of_pushes = {id_ for id_ in contracts.variations() if id_.startswith(("pushes.", "ids."))}
    assert {id_ for ids in VARIATIONS.values() for id_ in ids} == of_pushes
