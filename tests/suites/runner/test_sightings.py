"""What a run says of the exchanges that its checks have asserted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from privnum.suites.base import profiles
from privnum.suites.coverage.sightings import KEPT
from privnum.suites.report.coverage import count
from privnum.suites.runner.check import check
from tests.suites import miniatures as mini
from tests.suites.runner.test_check import once, run_alone, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.report.coverage import Coverage
    from privnum.suites.runner.context import CheckContext

TAKEN = "axb.bind 403/1012010"


def coverage_of(*checks: Callable[[CheckContext], None], platform: mini.Honest | None = None) -> Coverage:
    session = mini.session_with(platform or mini.Honest())
    for number, one in enumerate(checks):
        run_alone(session, one, f"check {number}")
    verdicts(session)  # the events hold to their schema
    return count(session.journal.events)


@check("AXB-BIND-001")
def bind_alone(context: CheckContext) -> None:
    answer = context.axb.bind(context.user(), context.user(), context.axb.x())
    context.claim("AXB-BIND-001", answer.ok, "bound")


@check("AXB-BIND-005")
def bind_and_claim_nothing(context: CheckContext) -> None:
    context.axb.bind(context.user(), context.user(), context.axb.x())


@check("AXB-BIND-001")
def unbind_after_the_claim(context: CheckContext) -> None:
    answer = context.axb.bind(context.user(), context.user(), context.axb.x())
    context.claim("AXB-BIND-001", answer.ok, "bound")
    context.axb.unbind(subscriptionId=answer["subscriptionId"])


@check("AXB-UNBIND-001")
def set_up(context: CheckContext) -> None:
    answer = context.axb.bind(context.user(), context.user(), context.axb.x())
    context.expect("AXB-BIND-001", answer.ok, "a bind to stand on", stands=True)


def test_an_exchange_that_was_asserted_on_is_told() -> None:
    found = coverage_of(once)
    assert {"axb.bind", "axb.bind body relationNum", TAKEN} <= set(found.covered)
    assert (found.seen[TAKEN][0].check, found.seen[TAKEN][0].requirement) == ("check 0", "AXB-BIND-005")


def test_without_the_exchange_the_item_is_uncovered() -> None:
    found = coverage_of(bind_alone)
    assert "axb.bind" in found.covered
    assert TAKEN in found.uncovered


def test_what_no_claim_follows_is_not_told() -> None:
    """What is claimed of every answer, unasked, is no assertion of the check."""
    assert not coverage_of(bind_and_claim_nothing).covered
    assert "axb.unbind" in coverage_of(unbind_after_the_claim).uncovered


def test_a_claim_on_which_a_check_only_stands_is_setting_up() -> None:
    assert not coverage_of(set_up).covered


def test_a_broken_rule_was_asserted_on() -> None:
    found = coverage_of(once, platform=mini.ForgetsPairs())
    assert "axb.bind" in found.covered
    assert TAKEN in found.uncovered


def test_an_item_is_told_by_a_few_checks_alone() -> None:
    found = coverage_of(*[bind_alone] * (KEPT + 2))
    assert len(found.seen["axb.bind"]) == KEPT


def machine(context: CheckContext) -> RuleBasedStateMachine:
    class Binds(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.fresh = context.fresh()

        @rule(times=st.integers(1, 2))
        def bind(self, times: int) -> None:
            for _ in range(times):
                answer = self.fresh.axb.bind("+8613800000001", "+8613800000002", self.fresh.axb.x())
            self.fresh.claim("AXB-BIND-005", answer.ok or answer.key == "403/1012010", "bound, or bound before")

    return Binds()


@check("AXB-BIND-005")
def by_machine(context: CheckContext) -> None:
    profiles.run_machine(lambda: machine(context))


def test_what_a_state_machine_has_seen_counts() -> None:
    profiles.load("quick")
    assert {"axb.bind", TAKEN} <= set(coverage_of(by_machine).covered)
