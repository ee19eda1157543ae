"""What would let more rules be checked, and which checks only look closer."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from privnum.suites.report import model
from privnum.suites.report import next_steps as remedies
from privnum.suites.runner.check import PROBES
from privnum.suites.target.capabilities import equipment, lack_of
from privnum.suites.target.config import EMBEDDED
from tests.suites.report.test_model import check_finished, events_of


def rule(id_: str, *lacks: list[str], verdict: str = "not_exercised") -> dict[str, Any]:
    checks = [{"id": str(place), "verdict": verdict, "lacks": words} for place, words in enumerate(lacks)]
    return {"id": id_, "mode": contracts.requirements()[id_].mode, "verdict": verdict, "checks": checks}


def steps(*rules: dict[str, Any]) -> dict[str, list[str]]:
    return {step["text"]: step["requirements"] for step in remedies.next_steps(rules)}


def test_each_step_counts_all_that_it_opens_and_the_cheapest_comes_first() -> None:
    told = steps(
        rule("AXB-CALL-101", ["calls"]),
        rule("AXB-EVENT-001", ["calls", "clock"], ["calls"]),
        rule("AXB-BIND-008", ["two_x"]),
        rule("AXE-BIND-008", ["two_x"]),
        rule("AXB-BIND-001", ["calls"], verdict="passed"),
    )
    assert list(told) == [
        "name a second X number of the AXB application",
        "name a second X number of the AXE application",
        "use a driver that offers calls",
        "use a driver that offers calls and clock",
    ]
    assert told["use a driver that offers calls"] == ["AXB-CALL-101"]
    assert told["use a driver that offers calls and clock"] == ["AXB-CALL-101", "AXB-EVENT-001"]


def test_a_longer_wait_opens_what_a_shorter_one_does_and_nobody_waits_for_days() -> None:
    told = steps(
        rule("AXB-LIFE-001", ["max_wait:6"]),
        rule("AXB-LIFE-003", ["max_wait:8"], ["max_wait:7"]),
        rule("AXB-LIFE-002", ["max_wait:31622400"]),
    )
    assert told["wait longer with --max-wait 6"] == ["AXB-LIFE-001"]
    assert told["wait longer with --max-wait 8"] == ["AXB-LIFE-001", "AXB-LIFE-003"]
    assert told["use a driver that offers clock"] == ["AXB-LIFE-002"]


def test_nothing_is_promised_where_a_check_did_not_say_what_it_lacks() -> None:
    assert steps(rule("AXB-BIND-008", ["two_x"], [])) == {}
    assert steps(rule("AXB-BIND-008", ["stop_call"])) == {}


def test_who_has_declared_that_nobody_is_locked_out_is_not_asked_to_declare_it() -> None:
    """Such a lack has no remedy; it is one of the rule's own need all the same."""
    known = {"auth.lockout_failures": 0}
    assert lack_of("lockout_count", {}) == lack_of("lockout_count", {"auth.lockout_failures": 20}) == "lockout_count"
    assert lack_of("two_x", known) == "two_x"
    lack = lack_of("lockout_count", known)
    assert steps(rule("COM-AUTH-011", ["lockout_count"])) == {"declare auth.lockout_failures": ["COM-AUTH-011"]}
    assert steps(rule("COM-AUTH-011", [lack])) == {}
    assert not remedies.closer([lack], ["lockout_count"])
    assert remedies.closer([lack], ["two_x"])


def test_every_word_that_can_be_missing_has_a_remedy_or_none_would_help() -> None:
    words = equipment(EMBEDDED, (), (), {}, contracts.assumption_values(), "AXB").keys()
    needs = {word for r in contracts.requirements().values() for word in r.needs}
    needs |= {word for probe in PROBES.values() for word in probe.needs}
    for word in (words | needs) - contracts.capabilities().keys() - {"stop_call", "unknown_path"}:
        assert steps(rule("AXB-BIND-001", [word])), word


@pytest.mark.parametrize(
    ("lacks", "cites", "verdict"),
    [
        (["calls"], True, "passed"),
        (["calls", "two_x"], True, "passed"),
        (["max_wait:61"], True, "passed"),
        (["two_x"], True, "not_exercised"),
        ([], True, "not_exercised"),
        (["calls"], False, "not_exercised"),
    ],
)
def test_a_check_that_looks_closer_than_the_rule_asks_takes_nothing_away(
    lacks: list[str], cites: bool, verdict: str
) -> None:
    """AXB-BIND-008 needs two X numbers and nothing else; only a check that cites it can check it."""
    cited = ["AXB-BIND-008"] if cites else ["AXB-BIND-001"]
    events = events_of(
        ("plain", cited, {"AXB-BIND-008": "passed"}, check_finished("plain", "passed")),
        ("closer", ["AXB-BIND-008"], {}, check_finished("closer", "not_exercised", reason="none there", lacks=lacks)),
    )
    found = next(r for r in model.build(events)["requirements"] if r["id"] == "AXB-BIND-008")
    assert found["verdict"] == verdict
    assert "none there" in found["reason"]
