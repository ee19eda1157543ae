"""The AX oracle on calls.

Who reaches whom, and for which cause a call is refused.
"""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import CallPlan, Undecided
from privnum.suites.oracle.ax.compare import compare_binding, compare_events
from privnum.suites.oracle.cdr import compare_cdrs
from tests.suites.oracle.ax.helpers import (
    FIXED,
    HOTLINE,
    START,
    X2,
    A,
    B,
    C,
    N,
    X,
    bind,
    call_result,
    make,
    modify,
    set_callee,
)


@pytest.mark.parametrize(("direction", "from_others", "from_a"), [(None, A, B), (0, A, B), (1, 8016, B), (2, A, 8016)])
def test_directions(direction: int | None, from_others: str | int, from_a: str | int) -> None:
    oracle = make()
    bind(oracle, callDirection=direction)
    set_callee(oracle)
    assert (call_result(oracle, N), call_result(oracle, A)) == (from_others, from_a)


def test_causes_of_calls_in_vain() -> None:
    oracle = make()
    assert call_result(oracle) == 8018
    sub = bind(oracle)
    assert call_result(oracle, A) == 8013
    oracle.record_unbind([oracle.bindings[sub]], "AX-UNBIND-001")
    assert call_result(oracle) == 8018
    bind(oracle, callDirection=2)
    assert call_result(oracle, A) == 8016, "that of the direction, by our choice"
    oracle.status[X] = "9"
    assert call_result(oracle) == 8055


def test_a_fixed_line_is_called_and_never_calls() -> None:
    oracle = make()
    bind(oracle, FIXED)
    bind(oracle, A, X2)
    set_callee(oracle)
    assert (call_result(oracle, N), call_result(oracle, FIXED), call_result(oracle, FIXED, X2)) == (FIXED, 8023, 8023)


def test_a_callee_is_for_one_call() -> None:
    oracle = make()
    bind(oracle)
    set_callee(oracle, HOTLINE)
    oracle.record_call(oracle.expect_call(N, X, CallPlan()))
    call = oracle.expect_call(A, X, CallPlan("busy"))
    assert (call.forwarded_to, set(call.directions), call.requirement) == (HOTLINE, {1}, "AX-CALL-102")
    oracle.record_call(call)
    again = oracle.expect_call(A, X, CallPlan())
    assert (set(again.causes), again.requirement) == ({8013}, "AX-OPEN-020")


@pytest.mark.parametrize("choice", ["until_expiry", None])
def test_a_callee_that_may_hold_longer(choice: str | None) -> None:
    oracle = make(ax__callee_use=choice) if choice else make(("ax.callee_use",))
    bind(oracle)
    set_callee(oracle)
    oracle.record_call(oracle.expect_call(A, X, CallPlan()))
    if choice:
        assert call_result(oracle, A) == B
    else:
        with pytest.raises(Undecided):
            oracle.expect_call(A, X, CallPlan())
    set_callee(oracle, C)
    assert call_result(oracle, A) == C


def test_each_x_has_a_callee_of_its_own() -> None:
    oracle = make()
    bind(oracle), bind(oracle, A, X2)
    set_callee(oracle)
    assert (call_result(oracle, A), call_result(oracle, A, X2)) == (B, 8013)


def test_a_new_a_has_the_callee_unless_he_is_it() -> None:
    oracle = make()
    bind(oracle)
    set_callee(oracle, B)
    modify(oracle, privateNum=X, origNum=C)
    assert call_result(oracle, C) == B
    modify(oracle, privateNum=X, origNum=B)
    assert call_result(oracle, B) == 8013
    gone = make(ax__callee_after_new_a="gone")
    bind(gone)
    set_callee(gone, B)
    modify(gone, privateNum=X, origNum=C)
    assert call_result(gone, C) == 8013


@pytest.mark.parametrize(("choice", "to_a", "from_a"), [("to_a", 8104, B), ("all", 8104, 8104), ("none", A, B)])
def test_an_x_that_is_switched_off(choice: str, to_a: str | int, from_a: str | int) -> None:
    oracle = make(ax__turned_off=choice)
    bind(oracle, turnFlag="off")
    set_callee(oracle)
    assert (call_result(oracle, N), call_result(oracle, A)) == (to_a, from_a)
    modify(oracle, privateNum=X, turnFlag="on")
    assert call_result(oracle, N) == A


@pytest.mark.parametrize(("choice", "to_a", "from_a"), [("to_a", None, B), ("all", None, None), ("none", A, B)])
def test_sms_of_an_x_that_is_switched_off(choice: str, to_a: str | None, from_a: str | None) -> None:
    oracle = make(ax__turned_off_sms=choice)
    bind(oracle, turnFlag="off")
    assert oracle.expect_sms(N, X, "hello").receiver == to_a
    assert oracle.expect_sms(A, X, f"hello@{B}").receiver == from_a
    modify(oracle, privateNum=X, turnFlag="on")
    assert oracle.expect_sms(N, X, "hello").receiver == A


def test_what_a_switched_off_x_does_with_sms_is_not_known_to_all() -> None:
    oracle = make(("ax.turned_off_sms",))
    bind(oracle, turnFlag="off")
    with pytest.raises(Undecided):
        oracle.expect_sms(N, X, "hello")


def test_the_real_caller_is_not_shown() -> None:
    oracle = make(ax__display_real_caller="intercept")
    bind(oracle, calleeNumDisplay="1")
    assert call_result(oracle, N) == 8024


def test_the_limit_of_a_call() -> None:
    oracle = make()
    bind(oracle, maxDuration=2)
    call = oracle.expect_call(N, X, CallPlan())
    assert (set(call.causes), call.ends_from) == ({8010}, START + 5 + 120)


# ── what comes of a call ─────────────────────────────────────────────────────────────────────────────────────────────


def _event(kind: str, at: int, **info: Any) -> dict[str, Any]:
    info |= {"timestamp": f"2026-03-01 00:00:{at:02d}", "sessionId": "s", "subscriptionId": "sub-0"}
    return {"eventType": kind, "statusInfo": info}


def _events(user_data: str | None) -> list[dict[str, Any]]:
    data = {} if user_data is None else {"userData": user_data}
    return [
        _event("callin", 0, caller=A, called=X, **data),
        _event("callout", 0, caller=X, called=B),
        _event("alerting", 2),
        _event("answer", 5),
        _event("disconnect", 12, stateCode=0, stateDesc="ended"),
    ]


@pytest.mark.parametrize(
    ("bound", "set_", "shown", "rule"),
    [
        (None, "c-1", "c-1", "AX-EVENT-101"),
        ("b-1", None, "b-1", "AX-EVENT-010"),
        ("b-1", "c-1", "c-1", "AX-OPEN-022"),
    ],
)
def test_user_data_of_a_call_of_a(bound: str | None, set_: str | None, shown: str, rule: str) -> None:
    oracle = make()
    bind(oracle, userData=bound)
    set_callee(oracle, userData=set_)
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=7))
    assumptions = oracle.assumptions
    assert all(claim.ok for claim in compare_events(call, _events(shown), assumptions))
    assert {c.requirement for c in compare_events(call, _events(None), assumptions) if not c.ok} == {rule}


def test_the_cdr_of_a_call_of_a() -> None:
    oracle = make()
    sub = bind(oracle)
    set_callee(oracle)
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=7))
    time = "2026-03-01 00:00:"
    cdr = {"direction": 1, "appKey": "key", "bindNum": X, "calleeNum": X, "callerNum": A, "fwdDisplayNum": X}
    cdr |= {"fwdDstNum": B, "serviceType": "003", "subscriptionId": sub, "ulFailReason": 0, "recordFlag": 0}
    cdr |= {"callInTime": time + "00", "fwdAnswerTime": time + "05", "callEndTime": time + "12"}
    assert all(claim.ok for claim in compare_cdrs(call, [cdr], "key", recording=True))
    for name, value, rule in (
        ("direction", 0, "AX-CDR-004"),
        ("serviceType", "004", "AX-CDR-009"),
        ("fwdDstNum", N, "AX-CDR-005"),
        ("fwdDisplayNum", A, "AX-CDR-005"),
    ):
        wrong = compare_cdrs(call, [cdr | {name: value}], "key", recording=True)
        assert {claim.requirement for claim in wrong if not claim.ok} == {rule}


# ── what a query shows ───────────────────────────────────────────────────────────────────────────────────────────────

SHOWN: dict[str, Any] = {"origNum": A, "privateNum": X, "subscriptionId": "sub-0", "maxDuration": 5, "turnFlag": "on"}
SHOWN |= {"recordFlag": "true", "recordHintTone": "wait.wav", "privateSms": "true", "callDirection": 2}
SHOWN |= {"subscribeTime": "2026-03-01 00:00:00", "userData": "u", "preVoice": {"callerHintTone": "wait.wav"}}
CARRIED: dict[str, Any] = {"maxDuration": 5, "recordFlag": True, "recordHintTone": "wait.wav", "callDirection": 2}
CARRIED |= {"userData": "u", "preVoice": {"callerHintTone": "wait.wav"}}


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("origNum", B, "AX-QUERY-001"),
        ("maxDuration", 6, "AX-QUERY-003"),
        ("maxDuration", "5", "AX-QUERY-003"),
        ("recordFlag", "false", "AX-QUERY-003"),
        ("turnFlag", "off", "AX-QUERY-003"),
        ("preVoice", {"calleeHintTone": "wait.wav"}, "AX-QUERY-003"),
        ("calleeNumDisplay", "0", "AX-QUERY-105"),
        ("subscribeTime", "2026-03-01 00:00:01", "AX-QUERY-002"),
    ],
)
def test_a_binding_that_is_shown_otherwise(name: str, value: object, rule: str) -> None:
    oracle = make()
    binding = oracle.bindings[bind(oracle, **CARRIED)]
    assert all(claim.ok for claim in compare_binding(binding, SHOWN))
    assert {c.requirement for c in compare_binding(binding, SHOWN | {name: value}) if not c.ok} == {rule}


def test_what_a_modify_left_is_shown_as_it_was() -> None:
    oracle = make()
    binding = oracle.bindings[bind(oracle, **CARRIED)]
    oracle.advance(100)
    modify(oracle, privateNum=X, turnFlag="off")
    shown = SHOWN | {"turnFlag": "off"}
    assert all(claim.ok for claim in compare_binding(binding, shown)), "subscribeTime is that of the bind"
    assert {c.requirement for c in compare_binding(binding, SHOWN) if not c.ok} == {"AX-MODIFY-104"}
    assert {c.requirement for c in compare_binding(binding, shown | {"userData": "v"}) if not c.ok} == {"AX-MODIFY-006"}


def test_a_tone_that_announces_no_recording_is_not_shown() -> None:
    oracle = make()
    binding = oracle.bindings[bind(oracle, recordHintTone="wait.wav")]
    shown = {"origNum": A, "privateNum": X, "subscriptionId": "sub-0", "recordHintTone": "wait.wav"}
    assert {c.requirement for c in compare_binding(binding, shown) if not c.ok} == {"AX-QUERY-106"}
