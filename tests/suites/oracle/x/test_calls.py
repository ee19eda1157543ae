"""How the oracle lets calls of X mode go, and what it claims of their pushes."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided, XCall, XOracle, XPlan, XSurroundings
from privnum.suites.oracle.x.compare import compare_cdrs, compare_events
from tests.suites.oracle.assumed import assumed_choices

X, A, B, FIXED = "+8617000000041", "+8613800000001", "+8613900000002", "+8675526660001"
START = 1_772_323_200
CONNECT = {"operation": "connect", "connectInfo": {"calleeNum": B, "userData": "u1"}}


def make_oracle(**assumptions: Any) -> XOracle:
    return XOracle(XSurroundings(own={X: "0755"}, tones={"wait.wav"}), assumed_choices((), **assumptions), START)


def placed_call(oracle: XOracle, caller: str = A, answer: Any = CONNECT, **plan: Any) -> XCall:
    call = oracle.expect_call(caller, X, XPlan(**plan, answer=answer))
    oracle.record_call(call)
    return call


def events(call: XCall, **changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of an answered call that the callee hangs up, with changes by eventType."""
    found = []
    for kind in call.events():
        info: dict[str, Any] = {"sessionId": "s", "timestamp": "2026-03-01 00:00:00"}
        info |= {"notifyMode": "Block"} if kind == "callin" else {"notifyMode": "Notify", "userData": "u1"}
        info |= {"stateCode": 0, "stateDesc": "x", "callRelDirection": 2} if kind == "disconnect" else {}
        found.append({"eventType": kind, "statusInfo": info | changes.get(kind, {})})
    return found


def test_a_connected_call() -> None:
    call = placed_call(make_oracle(), hang_up_after=5)
    assert (call.forwarded_to, call.alerting_at, call.answered_at, call.ends_by) == (
        B,
        START + 2,
        START + 5,
        START + 10,
    )
    assert (call.hung_up_by, {*call.causes}, call.user_data) == ("callee", {0}, {"u1"})
    assert call.numbers()["fwdDisplayNum"] == X


@pytest.mark.parametrize(
    ("status", "choice", "reached"),
    [(200, "200", B), (201, "2xx", B), (201, "200", None), (302, "2xx", None), (500, "200", None)],
)
def test_which_status_of_an_answer_counts(status: int, choice: str, reached: str | None) -> None:
    """X-CALL-103, COM-OPEN-026."""
    call = placed_call(make_oracle(**{"push.success_status": choice}), status=status)
    assert (call.forwarded_to, {*call.causes} == {8014}) == (reached, reached is None)


def test_a_status_that_nobody_has_settled_decides_nothing() -> None:
    oracle = XOracle(XSurroundings(own={X: "0755"}), assumed_choices(("push.success_status",)), START)
    assert placed_call(oracle, status=200).forwarded_to == B
    with pytest.raises(Undecided):
        placed_call(oracle, status=201)


@pytest.mark.parametrize(
    ("caller", "status", "asked", "causes"),
    [(A, "9", False, {8055}), (FIXED, "5", False, {8023}), (FIXED, "10", False, {8055, 8023})],
)
def test_of_whom_the_customer_is_not_asked(caller: str, status: str, asked: bool, causes: set[int]) -> None:
    """X-CALL-003, X-OPEN-005, X-OPEN-014."""
    oracle = make_oracle()
    oracle.status[X] = status
    call = placed_call(oracle, caller)
    assert (call.asked, {*call.causes}, call.events()) == (asked, causes, ["disconnect"])


def test_a_callin_that_is_a_note() -> None:
    """X-OPEN-014: of a call of which nobody is asked it may be there, and is no question."""
    oracle = make_oracle(x__refused_events="callin_disconnect")
    oracle.status[X] = "9"
    call = placed_call(oracle)
    assert call.events() == ["callin", "disconnect"]
    note = {"sessionId": "s", "timestamp": "2026-03-01 00:00:00", "notifyMode": "Notify"}
    claims = compare_events(call, [{"eventType": "callin", "statusInfo": note}])
    assert "X-EVENT-101" not in {claim.requirement for claim in claims}


def test_a_callee_of_whom_nobody_speaks() -> None:
    for callee in (A, X):
        with pytest.raises(Undecided):
            placed_call(make_oracle(), answer={"operation": "connect", "connectInfo": {"calleeNum": callee}})


def test_good_events_break_nothing() -> None:
    call = placed_call(make_oracle(), hang_up_after=5)
    broken = {claim.requirement for claim in compare_events(call, events(call)) if not claim.ok}
    assert broken == {"X-EVENT-005"}  # the times are made up


@pytest.mark.parametrize(
    ("kind", "change", "rule"),
    [
        ("callin", {"notifyMode": "Notify"}, "X-EVENT-101"),
        ("answer", {"notifyMode": "Block"}, "X-EVENT-102"),
        ("alerting", {"userData": "u2"}, "X-EVENT-103"),
        ("callout", {"userData": ""}, "X-EVENT-103"),
        ("callin", {"subscriptionId": "s1"}, "X-EVENT-104"),
        ("disconnect", {"callRelDirection": 1}, "X-EVENT-105"),
        ("disconnect", {"stateCode": 8014}, "X-CALL-013"),
    ],
)
def test_a_wrong_event(kind: str, change: dict[str, Any], rule: str) -> None:
    call = placed_call(make_oracle(), hang_up_after=5)
    broken = {claim.requirement for claim in compare_events(call, events(call, **{kind: change})) if not claim.ok}
    assert broken - {"X-EVENT-005"} == {rule}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"notifyMode": "Notify"}, "X-CDR-101"),
        ({"callRelDirection": 1}, "X-CDR-102"),
        ({"userData": "u2"}, "X-EVENT-103"),
        ({"serviceType": "003"}, "X-CDR-009"),
        ({"fwdDstNum": X}, "X-CDR-005"),
    ],
)
def test_a_wrong_cdr(change: dict[str, Any], rule: str) -> None:
    call = placed_call(make_oracle(), hang_up_after=5)
    cdr = {**call.numbers(), "notifyMode": "Block", "callRelDirection": 2, "userData": "u1", "serviceType": "004"}
    cdr |= {"appKey": "key", "ulFailReason": 0, "recordFlag": 0, "fwdAnswerTime": "2026-03-01 00:00:05"}
    cdr |= {"callEndTime": "2026-03-01 00:00:10"}
    assert {claim.requirement for claim in compare_cdrs(call, [cdr], "key", recording=True) if not claim.ok} == set()
    broken = {c.requirement for c in compare_cdrs(call, [cdr | change], "key", recording=True) if not c.ok}
    assert rule in broken
