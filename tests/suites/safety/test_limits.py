"""What keeps a run within bounds: permission, named numbers, limits, rate."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis.stateful import RuleBasedStateMachine, rule

from privnum import contracts
from privnum.suites.base import profiles
from privnum.suites.commands.check import check_main
from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.check import check
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.safety.limits import (
    Guard,
    Limits,
    Unnamed,
    UsedUp,
    refusal,
)
from privnum.suites.target.config import (
    EMBEDDED,
    Safety,
    Target,
    TargetError,
)
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import make_answer
from privnum.suites.transport.client import sign
from privnum.suites.transport.raw import Wire
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.client import Headers

PAID = replace(mini.TARGET, name="paid", base_url="https://192.0.2.1/api")
BIND = f"/api{contracts.operations()['axb.bind'].path}"
A, B, NOBODY = "+8613800000001", "+8613800000002", "+8613900000001"


class Notes:
    """A transport that answers everything and keeps it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, bytes]] = []

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        self.sent.append((method, path, query, body))
        return make_answer(200, [], b'{"resultcode": "0"}')

    def close(self) -> None:
        pass


def send(guard: Guard, notes: Notes, body: dict[str, Any], method: str = "POST", query: str = "") -> None:
    guard.over(notes).request(method, BIND, query, sign(mini.APP), orjson.dumps(body) if body else b"")


# ── permission ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base_url", "driver_url", "refused"),
    [
        ("http://127.0.0.1:8080", None, False),
        ("http://localhost", "http://[::1]:1", False),
        ("http://192.0.2.1", None, True),
        ("https://platform.example", None, True),
        ("http://127.0.0.1:8080", "http://192.0.2.1:8080", True),
        ("http://127.0.0.1.example", None, True),
    ],
)
def test_what_is_not_on_this_machine_needs_permission(base_url: str, driver_url: str | None, refused: bool) -> None:
    target = Target("t", base_url=base_url, driver_url=driver_url)
    told = refusal(target, permitted=False)
    assert (told is not None) is refused
    assert told is None or ("--yes-i-may-test-this" in told and "\n" not in told)
    assert refusal(target, permitted=True) is None


def test_without_permission_nothing_is_sent() -> None:
    notes = Notes()
    with pytest.raises(TargetError, match="yes-i-may-test-this"):
        Session(PAID, transport=notes)
    assert notes.sent == []


def test_the_command_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "target.toml"
    application = '[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "s"\n'
    file.write_text(f'base_url = "http://192.0.2.1"\n{application}', encoding="utf-8")
    assert check_main(["--target", str(file), "--report-dir", str(tmp_path / "report")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "is not on this machine" in told.err
    assert not (tmp_path / "report").exists()


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        {"callerNum": NOBODY, "calleeNum": B, "relationNum": mini.X},
        {"callerNum": A, "calleeNum": "13900000001", "relationNum": mini.X},
        {"callerNum": A, "calleeNum": B, "relationNum": "+8617000000009"},
        {"callerNum": "+864001234567", "calleeNum": B, "relationNum": mini.X},
        {"callerNum": "+8613800000100", "calleeNum": B, "relationNum": mini.X},
        {"callerNum": A, "calleeNum": B, "relationNum": mini.X, "callbackNum": NOBODY},
    ],
)
def test_a_number_that_is_not_named_is_not_sent(body: dict[str, str]) -> None:
    notes = Notes()
    guard = Guard(PAID)
    with pytest.raises(Unnamed) as stop:
        send(guard, notes, body)
    assert "****" in str(stop.value)
    assert notes.sent == []
    assert guard.spent.requests == 0
    with pytest.raises(Unnamed):
        send(guard, notes, body, method="PUT")


def test_named_and_malformed_numbers_are_sent() -> None:
    notes = Notes()
    guard = Guard(PAID)
    for a in (A, "13800000099", mini.X, "12345678", "+86123456789012", "+86138" + "0" * 26, ["x"], 17):
        send(guard, notes, {"callerNum": a, "calleeNum": B, "relationNum": mini.X})
    send(guard, notes, {}, "DELETE", "subscriptionId=13900000001")
    send(guard, notes, {}, "GET", "relationNum=%2B8613900000001")
    assert len(notes.sent) == 10


def test_an_x_of_others_is_not_emptied() -> None:
    with pytest.raises(Unnamed):
        send(Guard(PAID), Notes(), {}, "DELETE", "relationNum=%2B8617000000009")


@pytest.mark.parametrize(("more", "sent"), [(None, 0), (True, 0), (False, 1)])
def test_the_platform_may_pick_only_where_every_x_is_named(more: bool | None, sent: int) -> None:
    notes = Notes()
    target = replace(PAID, applications=(replace(mini.APP, more_numbers=more),))
    refused = contextlib.nullcontext() if sent else pytest.raises(Unnamed, match="more_numbers = false")
    with refused:
        send(Guard(target), notes, {"callerNum": A, "calleeNum": B})
    assert len(notes.sent) == sent


def test_the_driver_dials_named_numbers_only() -> None:
    notes = Notes()
    driver = Guard(PAID).driving(Driver(notes))
    driver.exchange("calls.create", {"caller": A, "called": mini.X}, world="w")
    for caller, called in ((NOBODY, mini.X), (A, "+8617000000009")):
        with pytest.raises(Unnamed):
            driver.exchange("calls.create", {"caller": caller, "called": called}, world="w")
    with pytest.raises(Unnamed):
        driver.exchange("applications.update", {"no_record": {"transfer": NOBODY}}, world="w", app_key="k")
    assert len(notes.sent) == 1


def test_raw_bytes_name_named_numbers_only() -> None:
    wire = Guard(PAID).wiring(Wire("127.0.0.1", 1))
    with pytest.raises(Unnamed):
        wire.exchange(b'POST / HTTP/1.1\r\n\r\n{"callerNum": "13900000001"}')


def test_on_this_machine_any_number_is_sent_unless_it_is_asked_for() -> None:
    body = {"callerNum": NOBODY, "calleeNum": B}
    send(Guard(mini.TARGET), Notes(), body)
    with pytest.raises(Unnamed):
        send(Guard(replace(mini.TARGET, safety=Safety(only_named_numbers=True))), Notes(), body)


def test_made_up_worlds_and_named_numbers_do_not_go_together() -> None:
    assert "makes worlds" in str(Guard(PAID).misfit(owns_worlds=True))
    assert Guard(PAID).misfit(owns_worlds=False) is None
    careless = Guard(replace(PAID, safety=Safety(only_named_numbers=False)))
    assert careless.misfit(owns_worlds=True) is None
    assert "is for a driver that makes worlds" in str(careless.misfit(owns_worlds=False))


def test_pools_know_their_numbers() -> None:
    pool = Pool.read("mobile", {"prefix": "+861380000", "count": 50})
    assert "+8613800000049" in pool
    for number in ("+8613800000050", "+861380000004", "+86138000000499", "+8613900000049", 17):
        assert number not in pool
    assert "+8613800000001" in Pool.read("mobile", ["+8613800000001"])


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = {"callerNum": A, "calleeNum": B, "relationNum": mini.X}


def test_requests_end_at_their_limit_but_what_was_done_is_undone() -> None:
    notes, guard = Notes(), Guard(PAID, Limits(requests=2))
    for _ in range(2):
        send(guard, notes, GOOD)
    with pytest.raises(UsedUp, match="2 requests"):
        send(guard, notes, GOOD)
    with guard.beyond():
        send(guard, notes, {}, "DELETE", "subscriptionId=s")
    assert (len(notes.sent), guard.spent.requests, guard.spent.binds) == (3, 3, 2)


def test_calls_end_at_their_limit() -> None:
    notes, guard = Notes(), Guard(PAID, Limits(calls=1))
    driver = guard.driving(Driver(notes))
    driver.exchange("calls.create", {"caller": A, "called": mini.X}, world="w")
    with pytest.raises(UsedUp, match="1 call "):
        driver.exchange("calls.create", {"caller": A, "called": mini.X}, world="w")
    driver.exchange("clock.get", world="w")
    send(guard, notes, GOOD)


def test_a_rate_spreads_requests_and_calls() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    guard = Guard(PAID, Limits(rate=4), clock=lambda: now[0], sleep=sleep)
    notes = Notes()
    for _ in range(3):
        send(guard, notes, GOOD)
    guard.driving(Driver(notes)).exchange("calls.create", {"caller": A, "called": mini.X}, world="w")
    assert slept == [0.25, 0.25, 0.25]
    now[0] += 10
    send(guard, notes, GOOD)
    assert len(slept) == 3


@check("AXB-BIND-005")
def twice(context: CheckContext) -> None:
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    again = context.axb.bind(a, b, x)
    context.claim("AXB-BIND-005", again.key == "403/1012010", again.key)


class Binds(RuleBasedStateMachine):
    """Binds and binds."""

    def __init__(self, context: CheckContext) -> None:
        super().__init__()
        self.context = context.fresh()

    @rule()
    def bind(self) -> None:
        self.context.axb.bind(self.context.user(), self.context.user(), self.context.axb.x())


@check("AXB-BIND-001")
def any_history(context: CheckContext) -> None:
    profiles.load("quick")
    profiles.run_machine(lambda: Binds(context))


def run(session: Session, *checks: Callable[..., None]) -> list[tuple[str, str]]:
    """Outcome and reason of each check."""
    for number, one in enumerate(checks):
        with contextlib.suppress(pytest.skip.Exception):
            one(context=CheckContext(session, f"check {number}"))
    events = session.journal.events
    return [(event["outcome"], event["reason"] or "") for event in events if event["event"] == "check_finished"]


def test_a_run_stops_in_order_at_its_limit() -> None:
    platform = mini.Honest()
    session = mini.session_with(platform, guard=Guard(mini.TARGET, Limits(requests=5)))
    (first, _), (second, why), (third, why_too) = run(session, twice, twice, twice)
    assert (first, second, third) == ("passed", "not_exercised", "not_exercised")
    assert why == why_too == "the run has sent its 5 requests (--max-requests)"
    assert platform.bindings == {}


def test_a_machine_ends_at_the_limit_and_does_not_shrink() -> None:
    platform = mini.Honest()
    session = mini.session_with(platform, guard=Guard(mini.TARGET, Limits(requests=60)))
    assert run(session, any_history) == [("not_exercised", "the run has sent its 60 requests (--max-requests)")]
    assert platform.requests < 120
    assert platform.bindings == {}


def test_no_call_is_tried_where_no_more_may_be_placed() -> None:
    session = mini.session_with(mini.Honest(), guard=Guard(mini.TARGET, Limits(calls=0)))

    @check("AXB-CALL-101", needs=["calls"])
    def calls(context: CheckContext) -> None:
        raise AssertionError

    assert run(session, calls) == [("not_exercised", "the run has placed its 0 calls (--max-calls)")]


def test_nothing_is_in_the_way_of_the_embedded_server() -> None:
    guard, notes = Guard(EMBEDDED), Notes()
    assert guard.over(notes) is notes


@pytest.mark.parametrize(
    ("option", "value"), [("--max-requests", "-1"), ("--max-calls", "many"), ("--rate", "0"), ("--rate", "x")]
)
def test_a_bad_limit_is_told(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        check_main([option, value])
    assert stop.value.code == 2
    assert option in capsys.readouterr().err
