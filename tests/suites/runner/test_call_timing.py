"""Platforms whose calls take their time: no documented rule fails them, with a clock or without, probed or not."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base import profiles
from privnum.suites.checks.ax import test_machine as ax_machine
from privnum.suites.checks.axb import test_machine as axb_machine
from privnum.suites.checks.axe import test_machine as axe_machine
from privnum.suites.checks.axyb import test_machine as axyb_machine
from privnum.suites.checks.x import test_machine as x_machine
from privnum.suites.probes import PROBES
from privnum.suites.runner.call_timing import (
    collection_seconds,
    entry_delay,
    setup_seconds,
    wait_for_state,
)
from privnum.suites.runner.context import CheckContext
from tests.suites.checks.test_assertions import checks_of, finish_event
from tests.suites.platforms import AXE, OF_MODE, Platform
from tests.suites.runner.test_scheduler import of_word, run_all
from tests.suites.runner.test_scheduler_calls import waiting, without_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.runner.session import Session

CALLS = tuple(f"calls.test_{topic}" for topic in ("causes", "cdrs", "during_calls", "events", "limits", "status"))
OWN = {
    "AX": ("ax.test_call", "ax.test_callee"),
    "AXB": ("axb.test_call",),
    "AXE": tuple(f"axe.test_{topic}" for topic in ("call", "callback", "event", "cdr")),
    "AXYB": ("axyb.test_call", "axyb.test_cdr"),
    "X": tuple(f"x.test_{topic}" for topic in ("asking", "connect", "pushes")),
}
"""Modules about calls of each mode alone."""
MODULES = (*CALLS, *(module for modules in OWN.values() for module in modules), "common.test_stop_call")
MACHINES = {"AX": ax_machine, "AXB": axb_machine, "AXE": axe_machine, "AXYB": axyb_machine, "X": x_machine}
SLOW = {"call.setup_seconds": 3, "axe.collection_seconds": 5, "cdr.merge_seconds": 30}
SLOWER = {"call.setup_seconds": 12}


def without_probes(session: Session) -> Session:
    """Nothing is found out: every reading is the default."""
    session.findings._tried.update(PROBES)
    return session


@pytest.mark.parametrize(
    ("module", "assumptions"),
    [*((module, SLOW) for module in MODULES), ("calls.test_causes", SLOWER), ("axe.test_call", SLOWER)],
)
def test_no_rule_fails_by_a_clock_that_stands(module: str, assumptions: dict[str, int]) -> None:
    """The checks know nothing of the platform's times but what its driver reports."""
    session = without_probes(Platform(*OF_MODE.values(), clock="frozen", assumptions=assumptions).session())
    outcomes = {
        f"{function.__name__}[{values.get('mode')}]": finish_event(session, function, **values)
        for function, values in checks_of(module)
    }
    told = {name: event for name, event in outcomes.items() if event["outcome"] in ("failed", "error")}
    assert told == {}
    assert any(event["outcome"] == "passed" for event in outcomes.values())


SLOW_TO_TRY = ("test_events_of_an_answered_call", "test_timestamps_are_utc", "test_times", "test_cdr_names_the_binding")
"""Checks of the large modules, in which each call is waited for, that look at times."""


def timed_checks(module: str, mode: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for name, function, values in waiting(module, mode):
        if module.endswith(("test_call", "test_causes")) or name.startswith(SLOW_TO_TRY):
            yield name, function, values


def slow_session(mode: str) -> Session:
    """Return a run against a slow platform of one mode, whose time nobody moves."""
    return without_clock(Platform(OF_MODE[mode], assumptions=SLOW | {"cdr.merge_seconds": 5}), max_wait=40)


@pytest.mark.parametrize("module", ["calls.test_causes", "calls.test_events", "calls.test_cdrs"])
@pytest.mark.parametrize(
    "mode", [mode for mode in OF_MODE if mode != "AXE"]
)  # its checks are not planned beside others
def test_no_rule_fails_in_real_time(mode: str, module: str) -> None:
    """Checks that go on side by side, each while others wait."""
    timed = partial(timed_checks, mode=mode)
    outcomes = run_all(slow_session(mode), f"privnum.suites.checks.{module}", timed)
    assert of_word(outcomes, "failed") | of_word(outcomes, "error") == set()
    assert of_word(outcomes, "passed")


@pytest.mark.parametrize(("mode", "module"), [(mode, one) for mode in OF_MODE for one in (*OWN[mode], *CALLS)])
def test_no_rule_fails_in_real_time_one_by_one(monkeypatch: pytest.MonkeyPatch, mode: str, module: str) -> None:
    """The platform's clock is ahead of this machine's by all that was slept for, and checks forgive some of it."""
    monkeypatch.setattr(f"privnum.suites.checks.{module}.CLOCKS_APART", 86_400, raising=False)
    session = slow_session(mode)
    chosen = [one for one in checks_of(module) if one[1].get("mode") in (None, mode)]
    outcomes = [finish_event(session, function, **values)["outcome"] for function, values in chosen]
    assert {"failed", "error"}.isdisjoint(outcomes), outcomes


@pytest.mark.parametrize("mode", OF_MODE)
@pytest.mark.parametrize("clock", [True, False], ids=["clock", "no clock"])
def test_histories_are_judged_on_a_slow_platform(monkeypatch: pytest.MonkeyPatch, mode: str, clock: bool) -> None:
    monkeypatch.setattr(profiles._Active, "profile", replace(profiles.PROFILES["quick"], examples=6))
    platform = Platform(OF_MODE[mode], assumptions=SLOW)
    session = platform.session() if clock else without_clock(platform)
    assert finish_event(session, MACHINES[mode].test_any_history)["outcome"] == "passed"


@pytest.mark.parametrize("setup", [0, 1, 12])
def test_the_time_of_setting_up_is_found_out(setup: int) -> None:
    context = CheckContext(Platform(assumptions={"call.setup_seconds": setup}).session(), "it").open()
    assert setup_seconds(context) == setup
    context.close()


@pytest.mark.parametrize(("silence", "repeats"), [("yes", 0), ("yes", 2), ("no", 2)])
@pytest.mark.parametrize("seconds", [3, 15])
def test_the_time_for_digits_is_found_out(seconds: int, silence: str, repeats: int) -> None:
    platform = Platform(assumptions={"axe.collection_seconds": seconds, "axe.repeats_of_silence": silence})
    platform.driver.send("applications.update", {"repeat_collections": repeats}, world="there", app_key=AXE.key)
    context = CheckContext(platform.session(), "it").open()
    assert collection_seconds(context) == seconds
    assert 1 <= entry_delay(context, 5) < seconds
    context.close()


def test_a_call_is_waited_for_until_it_has_come_so_far() -> None:
    context = CheckContext(Platform(assumptions={"call.setup_seconds": 7}).session(), "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    call = wait_for_state(context, context.call(a, x, ring_after=2, answer_after=3), "answered", 5)
    assert call.state == "answered"
    assert call.answered_at is not None
    assert (call.answered_at - call.started_at).total_seconds() == 12
    assert context.now() == call.answered_at
    context.close()
