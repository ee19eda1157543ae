"""Bugs that only a race shows: checks of requests at once find each of them, and no other check of its rule does."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

import privnum.suites.probes  # noqa: F401  # a session needs them
from privnum.suites.base import profiles
from privnum.suites.checks.concurrency import test_at_once
from privnum.suites.mutation.registry import mutants
from privnum.suites.report import model
from privnum.suites.runner.check import check_of
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED
from tests.suites.gallery import checks_of

if TYPE_CHECKING:
    from privnum.suites.mutation.model import Mutant

RACES = {id_: mutant for id_, mutant in mutants().items() if mutant.at_once}
each_race = pytest.mark.parametrize("mutant", RACES.values(), ids=RACES)


@pytest.fixture(autouse=True)
def quick() -> None:
    profiles.load("quick")


def verdict_under(mutant: Mutant, *, at_once: bool) -> str:
    """The verdict on the rule of a bug, by its checks of requests at once, or by the others."""
    session = Session(EMBEDDED)
    session.concurrency = at_once
    session.journal.run_started(session.target.describe(), {"profile": "quick", "seed": 0, "rules": [mutant.rule_id]})
    with mutant.apply():
        for name, function, given in checks_of():
            described = check_of(function)
            cited = described.of(given.get("mode")).requirements if described else ()
            if mutant.rule_id in cited and (function.__module__ == test_at_once.__name__) == at_once:
                with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception, Exception):
                    function(context=CheckContext(session, name), **given)
    session.journal.run_finished(interrupted=False)
    session.close()
    (rule,) = model.build(session.journal.events)["requirements"]
    if rule["verdict"] == "failed":
        assert "at one time" in rule["reason"] or "twice" in rule["reason"] or "was set" in rule["reason"]
        assert any("at once: " in step for step in rule["counterexample"]["steps"])
    return str(rule["verdict"])


def test_there_are_races_in_each_mode() -> None:
    assert {mutant.mode for mutant in RACES.values()} == {"AXB", "AXE", "AX"}


@each_race
def test_requests_at_once_show_it(mutant: Mutant) -> None:
    assert verdict_under(mutant, at_once=True) == "failed"


@each_race
def test_one_request_after_another_does_not(mutant: Mutant) -> None:
    assert verdict_under(mutant, at_once=False) == "passed"
