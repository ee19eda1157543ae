"""From what a target does to the verdict of a requirement."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from privnum import contracts
from privnum.suites.base import profiles
from privnum.suites.checks.calls import test_during_calls as during_calls
from privnum.suites.checks.calls.profiles import PROFILES
from privnum.suites.report import model
from privnum.suites.runner.check import (
    CannotSettle,
    NotExercised,
    Probe,
    check,
    check_of,
)
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.execute import run_probe
from privnum.suites.target.config import Target
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.session import Session


@check("AXB-BIND-005", "AXB-BIND-001")
def once(context: CheckContext) -> None:
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    again = context.axb.bind(a, b, x)
    context.claim("AXB-BIND-005", again.key == "403/1012010", f"second bind of {a}: {again.key}", status=again.status)
    context.claim("AXB-BIND-001", True, "bound")


def run_alone(session: Session, check: Callable[[CheckContext], None], name: str = "the check") -> None:
    """Run a check as pytest would, which hears of it by an exception."""
    context = CheckContext(session, name)
    with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception, Exception):
        check(context=context)  # type: ignore[call-arg]


def verdicts(session: Session) -> dict[str, dict[str, Any]]:
    session.journal.run_finished(interrupted=False)
    for event in session.journal.events:
        assert not contracts.validator("report/event").problems(event)
    report = model.build(session.journal.events)
    assert not contracts.validator("report/report").problems(report)
    return {rule["id"]: rule for rule in report["requirements"]}


def verdict_of(platform: mini.Honest, check: Callable[[CheckContext], None] = once) -> dict[str, dict[str, Any]]:
    session = mini.session_with(platform)
    run_alone(session, check)
    return verdicts(session)


def test_an_honest_target_passes_and_is_left_as_it_was() -> None:
    platform = mini.Honest()
    found = verdict_of(platform)
    assert found["AXB-BIND-005"]["verdict"] == "passed"
    assert found["COM-ENV-002"]["verdict"] == "passed", "what every answer must look like is claimed by itself"
    assert platform.bindings == {}, "what was bound was unbound"


def test_a_broken_must_fails_with_its_history() -> None:
    """The others that the check cites keep what they claimed; unclaimed ones are not exercised, and say why."""
    found = verdict_of(mini.ForgetsPairs())
    failed = found["AXB-BIND-005"]
    assert failed["verdict"] == "failed"
    assert failed["reproduced"] is True
    steps = failed["counterexample"]["steps"]
    assert [step.split()[0] for step in steps] == ["with", "axb.bind", "axb.bind", "broken:"]
    assert "+8613800000000" not in str(steps)
    assert "status = 200" in steps[-1]
    assert found["AXB-BIND-001"]["verdict"] == "not_exercised"
    assert found["AXB-BIND-001"]["reason"] == "the check stopped at AXB-BIND-005"


def test_a_failure_that_does_not_come_again_fails_all_the_same() -> None:
    failed = verdict_of(mini.ForgetsOnce())["AXB-BIND-005"]
    assert failed["verdict"] == "failed"
    assert failed["reproduced"] is False


@pytest.mark.parametrize(
    ("platform", "requirement"),
    [(mini.WrongStatus(), "COM-ENV-004"), (mini.NumericCode(), "COM-ENV-001")],
    ids=["status", "number"],
)
def test_the_form_of_answers_is_claimed_unasked(platform: mini.Honest, requirement: str) -> None:
    assert verdict_of(platform)[requirement]["verdict"] == "failed"


def test_the_form_of_a_field_is_claimed_unasked() -> None:
    found = verdict_of(mini.TextLimits())
    assert found["AXB-BIND-002"]["verdict"] == "failed"
    assert "duration must be a whole number" in found["AXB-BIND-002"]["reason"]


def test_a_wrong_value_that_is_taken_breaks_the_rule_that_it_is_refused() -> None:
    @check("AXB-BIND-105")
    def refuses(context: CheckContext) -> None:
        answer = context.axb.bind(context.user(), context.user(), context.axb.x(), duration=7776001)
        context.claim("AXB-BIND-105", answer.key != "200/0", f"a bind of 7776001 seconds: {answer.key}")

    found = verdict_of(mini.TakesAnyDuration(), refuses)
    assert {id_ for id_, rule in found.items() if rule["verdict"] == "failed"} == {"AXB-BIND-105"}


def test_a_broken_should_differs_and_the_check_goes_on() -> None:
    @check("AXB-BIND-106", "AXB-BIND-005")
    def goes_on(context: CheckContext) -> None:
        context.claim("AXB-BIND-106", False, "duration as text was refused")
        context.claim("AXB-BIND-005", True, "so far")

    found = verdict_of(mini.Honest(), goes_on)
    assert found["AXB-BIND-106"]["verdict"] == "differs"
    assert found["AXB-BIND-106"]["reason"] == "duration as text was refused"
    assert found["AXB-BIND-005"]["verdict"] == "passed"


def test_no_answer_is_an_error() -> None:
    found = verdict_of(mini.Silent())
    assert found["AXB-BIND-005"]["verdict"] == "error"
    assert "connection refused" in found["AXB-BIND-005"]["reason"]


def test_a_fault_of_the_check_is_an_error() -> None:
    @check("AXB-BIND-001")
    def crashes(context: CheckContext) -> None:
        context.claim("AXB-BIND-001", True, "so far")
        raise KeyError("oops")

    found = verdict_of(mini.Honest(), crashes)
    assert found["AXB-BIND-001"]["verdict"] == "error"
    assert "KeyError" in found["AXB-BIND-001"]["reason"]


def test_what_a_target_lacks_is_not_exercised() -> None:
    @check("AXB-CALL-101")
    def calls(context: CheckContext) -> None:
        raise AssertionError("never runs")

    @check("AXB-BIND-008")
    def third_x(context: CheckContext) -> None:
        context.axb.x(2)

    @check("AXB-BIND-007")
    def by_its_own_reason(context: CheckContext) -> None:
        raise NotExercised("only on Sundays")

    assert "no driver" in verdict_of(mini.Honest(), calls)["AXB-CALL-101"]["reason"]
    assert "2 X numbers" in verdict_of(mini.Honest(), third_x)["AXB-BIND-008"]["reason"]
    assert verdict_of(mini.Honest(), by_its_own_reason)["AXB-BIND-007"]["reason"] == "only on Sundays"


def test_a_cited_requirement_without_a_claim_is_not_exercised() -> None:
    @check("AXB-BIND-007")
    def says_nothing(context: CheckContext) -> None:
        context.note("nothing to say")

    rule = verdict_of(mini.Honest(), says_nothing)["AXB-BIND-007"]
    assert (rule["verdict"], rule["reason"]) == ("not_exercised", "the check ended without a claim about it")


def test_disruptive_checks_run_off_loopback_only_where_asked_for() -> None:
    @check("AXB-BIND-001", disruptive=True)
    def floods(context: CheckContext) -> None:
        context.claim("AXB-BIND-001", True, "flooded")

    far = Target(
        **{name: getattr(mini.TARGET, name) for name in Target.__slots__} | {"base_url": "http://192.0.2.1/api"}
    )
    for asked, wanted in ((False, "not_exercised"), (True, "passed")):
        session = mini.session_with(mini.Honest(), far, disruptive=asked, permitted=True)
        run_alone(session, floods)
        assert verdicts(session)["AXB-BIND-001"]["verdict"] == wanted


def test_a_check_must_cite_rules_that_exist() -> None:
    with pytest.raises(contracts.UnknownName, match="did you mean AXB-BIND"):
        check("AXB-BIND-01")
    with pytest.raises(contracts.ContractError, match="at least one"):
        check()


def test_needs_are_those_of_the_rules_unless_given() -> None:
    @check("AXB-CALL-010", "AXB-EVENT-001")
    def one(context: CheckContext) -> None: ...

    @check("AXB-BIND-103", needs=())
    def other(context: CheckContext) -> None: ...

    assert vars(one)["__privnum_check__"].needs == ("calls", "clock", "receiver")
    assert vars(other)["__privnum_check__"].needs == ()
    assert vars(other)["__privnum_check__"].disruptive


# ── state machines ───────────────────────────────────────────────────────────────────────────────────────────────────


def machine(context: CheckContext) -> type[RuleBasedStateMachine]:
    class Binds(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.context = context.fresh()
            self.users = [self.context.user() for _ in range(3)]
            self.bound: set[tuple[str, str]] = set()

        @rule(a=st.integers(0, 2), b=st.integers(0, 2))
        def bind(self, a: int, b: int) -> None:
            pair = (self.users[a], self.users[b])
            answer = self.context.axb.bind(*pair, self.context.axb.x())
            self.context.claim("AXB-BIND-005", answer.ok != (pair in self.bound), f"bind: {answer.key}")
            self.bound.add(pair)

    return Binds


@check("AXB-BIND-005")
def any_history(context: CheckContext) -> None:
    profiles.run_machine(machine(context))


@pytest.fixture
def quick() -> None:
    profiles.load("quick")


@pytest.mark.usefixtures("quick")
def test_a_machine_gives_its_shortest_history() -> None:
    failed = verdict_of(mini.ForgetsPairs(), any_history)["AXB-BIND-005"]
    assert failed["verdict"] == "failed"
    assert failed["reproduced"] is True
    assert [step.split()[0] for step in failed["counterexample"]["steps"]] == [
        "with",
        "axb.bind",
        "axb.bind",
        "broken:",
    ]


@pytest.mark.usefixtures("quick")
def test_a_machine_that_fails_once_fails_and_says_so() -> None:
    failed = verdict_of(mini.ForgetsOnce(), any_history)["AXB-BIND-005"]
    assert failed["verdict"] == "failed"
    assert failed["reproduced"] is False


@pytest.mark.usefixtures("quick")
def test_a_machine_passes_on_an_honest_target() -> None:
    platform = mini.Honest()
    assert verdict_of(platform, any_history)["AXB-BIND-005"]["verdict"] == "passed"
    assert platform.bindings == {}


@pytest.mark.usefixtures("quick")
def test_a_seed_makes_a_run_the_same() -> None:
    def requests(seed: int | None) -> list[bytes]:
        profiles.load("quick", seed)
        seen: list[bytes] = []

        class Records(mini.Honest):
            def bind(self, body: dict[str, Any]) -> Any:
                seen.append(repr(body).encode())
                return super().bind(body)

        verdict_of(Records(), any_history)
        return seen

    assert requests(None) == requests(None)
    assert requests(7) != requests(8)
    assert hypothesis.settings().database is None


# ── probes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def probed_session(find: Callable[[CheckContext], contracts.Value]) -> tuple[Session, dict[str, Any]]:
    session = mini.session_with(mini.Honest())
    run_alone(session, lambda context: run_probe(Probe("axb.a_equals_b", (), find), context))
    return session, verdicts(session)["AXB-OPEN-002"]


def test_a_probe_settles_the_reading() -> None:
    session, rule = probed_session(lambda context: "1010002")
    assert rule["verdict"] == "passed"
    assert "axb.a_equals_b" not in session.unsettled


def test_another_reading_differs_and_is_used() -> None:
    session, rule = probed_session(lambda context: "1012010")
    assert rule["verdict"] == "differs"
    assert session.assumptions["axb.a_equals_b"] == "1012010"


def test_an_unknown_reading_differs_and_settles_nothing() -> None:
    session, rule = probed_session(lambda context: "1010001")
    assert rule["verdict"] == "differs"
    assert "no choice the contract knows" in rule["reason"]
    assert "axb.a_equals_b" in session.unsettled


def test_a_probe_that_cannot_tell_is_not_exercised() -> None:
    def cannot(context: CheckContext) -> contracts.Value:
        raise CannotSettle("both answers are alike")

    session, rule = probed_session(cannot)
    assert rule["verdict"] == "not_exercised"
    assert "both answers are alike" in rule["reason"]
    events = [event for event in session.journal.events if event["event"] == "probe"]
    assert [(event["assumption"], event["observed"]) for event in events] == [("axb.a_equals_b", None)]


def test_a_mode_without_a_case_is_no_mode_of_the_check() -> None:
    found = during_calls.test_a_setting_is_modified_after_the_answer
    modes = {mode for mark in found.pytestmark if mark.name == "parametrize" for mode, _ in mark.args[1]}  # type: ignore[attr-defined]
    described = check_of(found)
    assert described is not None
    assert modes == described.by_mode.keys() == {mode for mode, profile in PROFILES.items() if profile.settings}
    assert modes < PROFILES.keys()
    assert not any(rule.startswith("AXYB-") for rule in described.requirements)
