"""On applications of target.toml everything that a check did is undone, and nothing is claimed that is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from privnum.suites import probes
from privnum.suites.checks.calls import test_cdrs
from privnum.suites.driver.protocol import moment
from privnum.suites.oracle import Assumptions, AxbOracle, AxbSurroundings, AxeOracle, AxeSurroundings, Undecided
from privnum.suites.runner.check import Check
from privnum.suites.runner.context import CheckContext
from privnum.suites.target.config import App, XNumber
from tests.suites.platforms import AXB, AXE, Platform

if TYPE_CHECKING:
    from datetime import datetime


def test_a_running_clock_stands_still_for_a_check() -> None:
    platform = Platform()
    session = platform.session()
    context = CheckContext(session, "it").open()
    before = context.now()
    platform.sleep(3)
    assert platform.driver.send("clock.get", world="there")["mode"] == "frozen"
    context.advance(60)
    assert (context.now() - before).total_seconds() == 60
    context.close()
    assert platform.driver.send("clock.get", world="there")["mode"] == "running"


def test_what_was_bound_on_a_blocked_x_is_undone_where_that_keeps_its_bindings() -> None:
    platform = Platform(assumptions={"binding.blocked_x_changes": "1012102"})
    session = platform.session()
    session.findings.find_rest()
    context = CheckContext(session, "it").open()
    x = context.axb.x()
    assert context.axb.bind(context.user(), context.user(), x).ok
    context.set_number(x, "9")
    context.close()
    again = CheckContext(session, "it again").open()
    assert again.axb.query(relationNum=x).code == "1012007"
    again.close()


@pytest.mark.parametrize(
    ("app", "requirement"),
    [(AXB, "AXB-CDR-001"), (AXE, "AXE-CDR-001")],
)
def test_calls_of_others_are_nobodys_fault(app: App, requirement: str) -> None:
    """Somebody else dials the X of a given application while a check counts its CDRs."""
    platform = Platform()
    session = platform.session()
    session.findings.find_rest()
    context = CheckContext(session, "it").open()
    advance = context.advance

    def with_a_strangers_call(seconds: float) -> None:
        plan = {"caller": "+8613900000001", "called": app.numbers[1].number, "callee": {"behaviour": "busy"}}
        platform.driver.send("calls.create", plan, world="there")
        advance(seconds)

    context.advance = with_a_strangers_call  # type: ignore[method-assign]
    cast("Any", test_cdrs.test_up_to_50_cdrs_a_message).__wrapped__(context, app.mode)
    assert context.ledger.passed[requirement]
    callers = {cdr.get("callerNum") for push in context.messages() for cdr in push.cdrs}
    assert "+8613900000001" in callers
    context.close()


def test_a_frozen_clock_is_left_so() -> None:
    platform = Platform(clock="frozen")
    CheckContext(platform.session(), "it").open().close()
    assert platform.driver.send("clock.get", world="there")["mode"] == "frozen"


def test_running_calls_are_hung_up_and_settings_put_back() -> None:
    platform = Platform()
    context = CheckContext(platform.session(), "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    assert context.axb.bind(a, b, x).ok
    call = context.call(a, x)
    context.set_application(context.axb.app, recording=False)
    context.close()
    assert platform.driver.send("calls.get", world="there", call=call.id)["state"] == "ended"
    world = platform.driver.send("worlds.get", world="there")
    assert next(app["recording"] for app in world["applications"] if app["app_key"] == AXB.key)


@pytest.mark.parametrize(
    "around",
    [
        {"own": {"+8617000000001": "0755", "+8617000000002": None}},
        {"own": {"+8617000000001": "0755", "+8617000000002": "0755"}, "more": True},
    ],
)
def test_no_x_is_expected_where_one_of_unknown_area_may_be_picked(around: dict[str, object]) -> None:
    assumptions = Assumptions({}, ())
    axb = AxbOracle(AxbSurroundings(**around), assumptions, 0)  # type: ignore[arg-type]
    axe = AxeOracle(AxeSurroundings(**around), assumptions, 0)  # type: ignore[arg-type]
    for area in ("0755", "020"):
        for mode in ({}, {"areaMatchMode": "1"}):
            with pytest.raises(Undecided):
                axb.expect_bind(
                    {"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "areaCode": area, **mode}
                )
            with pytest.raises(Undecided):
                axe.expect_bind({"bindNum": "+8613800000001", "areaCode": area, **mode})


@pytest.mark.parametrize("mode", ["AXB", "AXE"])
def test_area_checks_need_every_area(mode: str) -> None:
    platform = Platform()
    known = next(app for app in (AXB, AXE) if app.mode == mode)
    half = replace(known, numbers=(known.numbers[0], XNumber(known.numbers[1].number)))
    only = replace(known, more_numbers=False)
    half = replace(only, numbers=half.numbers)
    for apps, reason in (((only,), None), ((half,), "every X"), ((known,), "every X")):
        told = platform.session(apps=apps).words_of(mode)["area_x"]
        assert told is None if reason is None else reason in str(told)


@pytest.mark.parametrize(("app", "absent"), [(AXB, "AXE"), (AXE, "AXB")], ids=["AXB", "AXE"])
def test_without_an_application_of_its_mode_that_is_what_a_check_lacks(app: App, absent: str) -> None:
    """Neither a longer wait nor another X would help."""
    session = Platform(app).session(driver=False)
    for rule, needs, timed in (("LIFE-001", ("clock",), True), ("BIND-010", ("second_application",), False)):
        check = Check((f"{absent}-{rule}",), needs, disruptive=False, timed=timed)
        assert session.missing(check) == f"there is no {absent} application"
        assert session.lacking(check)[0] == "application"
    assert session.missing(Check(("COM-ENV-001",), (), disruptive=False)) is None
    assert session.missing(Check((f"{app.mode}-BIND-001",), (), disruptive=False)) is None


def test_a_bench_that_is_open_while_probes_pass_time_knows_it() -> None:
    platform = Platform()
    session = platform.session()
    context = CheckContext(session, "it").open()
    with session.findings.probing("push.scheme"):
        other = CheckContext(session, "a probe").open()
        other.advance(600)
        other.close()
    assert context.now() < other_now(platform)
    assert probes.__all__
    assert dict(session.assumptions)  # the probes that were not run yet run now
    assert context.now() == other_now(platform)
    context.advance(60)
    context.close()
    assert session.grounds == set()


def other_now(platform: Platform) -> datetime:
    return moment(platform.driver.send("clock.get", world="there")["now"])
