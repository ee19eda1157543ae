"""Checking examples/platform, which nobody wrote for the suites: what is not its fault is not held against it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from examples.check import unexpected_lines
from examples.platform import bindings, fields
from examples.platform.__main__ import serve
from examples.platform.bindings import Bindings
from examples.platform.errors import Refused

from privnum.suites.checks.axb import (
    test_bind,
    test_machine,
    test_modify,
    test_unbind,
)
from privnum.suites.checks.axb.model_based import AxbPair
from privnum.suites.checks.bindings import test_query, test_settings
from privnum.suites.checks.calls import test_limits
from privnum.suites.checks.common import test_push
from privnum.suites.probes.common import stop_call
from privnum.suites.report import model
from privnum.suites.runner.check import CannotSettle
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import load_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parents[2] / "examples" / "platform"
APP = "k-taxi"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = serve(0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def session(address: str) -> Iterator[Session]:
    target = replace(load_target(FOLDER / "target.toml"), base_url=address, driver_url=address)
    session = Session(target)
    session.journal.run_started(target.describe(), {"profile": "quick", "seed": 0})
    yield session
    session.close()


def verdict_of(session: Session, requirement: str, check: Callable[..., None], **arguments: Any) -> tuple[str, Any]:
    with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception):
        check(context=CheckContext(session, "it"), **arguments)
    session.journal.run_finished(interrupted=False)
    report = model.build(session.journal.events)
    return next((rule["verdict"], rule["reason"]) for rule in report["requirements"] if rule["id"] == requirement)


def test_settings_are_put_back_where_no_world_tells_them(session: Session) -> None:
    settings = {"requests_per_minute": 3, "status": "frozen", "allow_list": ["192.0.2.1"], "tones": ["other.wav"]}
    context = CheckContext(session, "it").open()
    context.set_application(context.axb.app, **settings)
    context.close()
    now = session.driver.send("applications.update", {"recording": True}, world="main", app_key=APP)
    usual = {"requests_per_minute": None, "status": "normal", "allow_list": None, "tones": ["ding.wav", "dong.wav"]}
    assert {name: now[name] for name in settings} == usual


def test_a_platform_without_stop_call_is_not_failed_for_it(session: Session) -> None:
    """At an address that is not there, AXB applications have no stop call; so it is on the newest pages."""
    context = CheckContext(session, "it").open()
    try:
        assert stop_call.modes(context) == "axyb"
        with pytest.raises(CannotSettle):
            stop_call.ended_call(context)
    finally:
        context.close()


def test_who_never_repeats_is_not_said_to_repeat_after_success(session: Session) -> None:
    check = test_push.test_no_repeat_after_a_late_success
    verdict, reason = verdict_of(session, "COM-PUSH-005", check, kind="cdr", failures=1)
    assert (verdict, "COM-PUSH-004" in reason) == ("not_exercised", True)


def test_a_bad_unbind_by_x_does_not_break_the_query(session: Session) -> None:
    assert verdict_of(session, "AXB-QUERY-005", test_query.test_nothing_found_is_an_error, mode="AXB")[0] == "passed"


def test_flags_are_tried_without_recording(session: Session) -> None:
    session.target = replace(session.target, applications=(replace(session.target.applications[0], recording=False),))
    assert (
        verdict_of(session, "AXB-BIND-022", test_settings.test_flags_are_text_or_boolean, mode="AXB", value=True)[0]
        == "passed"
    )


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags are taken as text only, as the pages print them."""

    def a_flag(body: dict[str, Any], name: str) -> bool | None:
        if isinstance(body.get(name), bool):
            raise Refused("1010002", name)
        return fields.a_flag(body, name)

    monkeypatch.setattr(bindings, "a_flag", a_flag)


@pytest.mark.usefixtures("strict")
def test_who_takes_flags_as_text_only_breaks_the_rule_of_flags_alone(session: Session) -> None:
    flags = test_settings.test_flags_are_text_or_boolean
    assert verdict_of(session, "AXB-BIND-022", flags, mode="AXB", value=True)[0] == "failed"
    assert verdict_of(session, "AXB-BIND-021", test_bind.test_recording_must_be_open)[0] == "passed"
    assert verdict_of(session, "AXB-MODIFY-011", test_modify.test_recording_must_be_open)[0] == "passed"


@pytest.mark.usefixtures("strict")
def test_the_machine_sends_what_the_target_takes(session: Session) -> None:
    context = CheckContext(session, "it").open()
    loose = test_machine.takes_loose_forms(context)
    side = AxbPair(context, context.axb.app, [], loose=loose)
    side.bind(context.user(), context.user(), context.axb.x(), privateSms=True, recordFlag=False)
    assert (loose, side.diverged, len(side.oracle.bindings)) == (False, False, 1)
    context.close()


def test_the_machine_sends_the_forms_of_clients_to_who_takes_them(session: Session) -> None:
    context = CheckContext(session, "it").open()
    assert test_machine.takes_loose_forms(context)
    context.close()


def test_a_number_bound_in_another_role_is_no_fault_of_modify(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_free(self: Bindings, x: str, a: str, b: str) -> bool:
        return not any(r["x"] == x and (r["a"] == a or r["b"] == b) for r in self._by_id.values())

    monkeypatch.setattr(Bindings, "_is_free", is_free)
    assert verdict_of(session, "AXB-MODIFY-101", test_modify.test_new_b)[0] == "passed"


def test_its_gaps_are_found(session: Session) -> None:
    assert verdict_of(session, "AXB-UNBIND-101", test_unbind.test_unbind_by_x)[0] == "failed"
    assert (
        verdict_of(session, "AXB-CALL-011", test_limits.test_max_duration_hangs_up, mode="AXB", minutes=1)[0]
        == "failed"
    )


def test_the_example_tells_gaps_from_surprises() -> None:
    gaps = {"A": "one", "B": "two"}
    assert unexpected_lines({"A": "failed", "B": "failed", "C": "differs"}, gaps) == []
    assert unexpected_lines({"A": "failed", "B": "passed", "C": "error"}, gaps) == [
        "not found: B (two): passed",
        "no known gap: C: error",
    ]


def test_the_example_is_independent() -> None:
    for path in FOLDER.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "import" in line and "privnum" in line], path.name
