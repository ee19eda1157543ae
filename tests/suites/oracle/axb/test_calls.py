"""What the oracle expects of AXB calls, and how answers are checked by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from privnum.suites.oracle import CallPlan, Undecided
from privnum.suites.oracle.axb.compare import compare_binding, compare_events
from privnum.suites.oracle.calls import compare_call
from privnum.suites.oracle.cdr import compare_cdrs
from tests.suites.oracle.axb.test_bindings import bind, make

X, X2, X3, FOREIGN = "+8617000000001", "+8617000000002", "+8617000000003", "+8617000000009"
A, B, C, D = (f"+861380000000{i}" for i in range(4))
FIXED = "+8675526660001"
START = 1_772_323_200


@pytest.mark.parametrize(
    ("direction", "caller", "reached", "cause"),
    [
        (0, A, B, None),
        (0, B, A, None),
        (1, A, B, None),
        (1, B, None, 8016),
        (2, A, None, 8016),
        (2, B, A, None),
        (0, C, None, 8014),
        (0, FIXED, None, 8023),
    ],
)
def test_the_decision_table_of_a_call(direction: int, caller: str, reached: str | None, cause: int | None) -> None:
    oracle = make()
    bind(oracle, A, B, callDirection=direction)
    call = oracle.expect_call(caller, X, CallPlan())
    assert call.forwarded_to == reached
    assert call.causes == (frozenset() if cause is None else {cause})


def test_a_bound_fixed_line_may_only_be_called() -> None:
    oracle = make(call__fixed_line_precedence="binding")
    bind(oracle, A, FIXED)
    assert oracle.expect_call(A, X, CallPlan()).forwarded_to == FIXED
    assert oracle.expect_call(FIXED, X, CallPlan()).causes == {8023}
    assert oracle.expect_call(FIXED, X2, CallPlan()).causes == {8014}


@pytest.mark.parametrize(
    ("plan", "limit", "events", "end", "causes"),
    [
        (CallPlan(hang_up_after=10), 0, ["alerting", "answer"], 15, {0}),
        (CallPlan(), 1, ["alerting", "answer"], 66, {8010}),
        (CallPlan(hang_up_after=100), 1, ["alerting", "answer"], 66, {8010}),
        (CallPlan(caller_hangs_up_after=1), 0, [], 1, {7501}),
        (CallPlan(caller_hangs_up_after=3), 0, ["alerting"], 3, {7502}),
        (CallPlan(caller_hangs_up_after=9), 0, ["alerting", "answer"], 9, {0}),
        (CallPlan("busy"), 0, [], 2, {8102}),
        (CallPlan("reject"), 0, ["alerting"], 5, {7503, 7504}),
        (CallPlan("no_answer"), 0, ["alerting"], 182, {8101, 8035}),
        (CallPlan("silent"), 0, [], 100, {8035}),
    ],
)
def test_the_course_of_a_call(plan: CallPlan, limit: int, events: list[str], end: int, causes: set[int]) -> None:
    oracle = make()
    bind(oracle, A, B, maxDuration=limit)
    call = oracle.expect_call(A, X, plan)
    assert call.events() == ["callin", "callout", *events, "disconnect"]
    assert (call.ends_by - START, set(call.causes)) == (end, causes)


def test_a_call_outlives_its_binding() -> None:
    oracle = make()
    bind(oracle, A, B, duration=60)
    oracle.record_call(oracle.expect_call(A, X, CallPlan()))
    oracle.advance(61)
    call = oracle.calls[0]
    assert call.state(oracle.now) == "answered"
    call.hang_up("caller", oracle.now)
    assert (call.state(oracle.now), set(call.causes)) == ("ended", {0})
    assert oracle.expect_call(A, X, CallPlan()).causes == {8014}


@pytest.mark.parametrize(("choice", "followed"), [("goes_on", True), ("ends", False)])
def test_a_call_whose_user_is_replaced_goes_on_if_the_target_lets_it(choice: str, followed: bool) -> None:
    oracle = make(call__users_of_running_call=choice)
    sub = bind(oracle, A, B)
    oracle.record_call(oracle.expect_call(A, X, CallPlan()))
    oracle.advance(10)
    oracle.record_modify({"subscriptionId": sub, "calleeNum": C})
    call = oracle.calls[0]
    assert call.lost is not followed
    assert (call.forwarded_to, set(call.directions)) == (B, {1})


def test_who_called_whom_is_open_after_a_swap() -> None:
    oracle = make()
    sub = bind(oracle, A, B)
    oracle.record_call(oracle.expect_call(A, X, CallPlan()))
    oracle.record_modify({"subscriptionId": sub, "callerNum": B, "calleeNum": A})
    assert set(oracle.calls[0].directions) == {0, 1}


def test_coinciding_ends_are_undecided() -> None:
    oracle = make()
    bind(oracle, A, B)
    for plan in (CallPlan(caller_hangs_up_after=2), CallPlan(hang_up_after=5, caller_hangs_up_after=10)):
        with pytest.raises(Undecided):
            oracle.expect_call(A, X, plan)


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class View:
    state: str = "ended"
    forwarded_to: str | None = B
    displayed: str | None = X
    release_cause: int | None = 0


def broken_rules(claims: Any) -> set[str]:
    return {claim.requirement for claim in claims if not claim.ok}


def info(**more: object) -> dict[str, object]:
    return {"relationNum": X, "callerNum": A, "calleeNum": B, "subscribeTime": "2026-03-01 00:00:00"} | more


def test_a_query_answer_is_judged_field_by_field() -> None:
    oracle = make()
    sub = bind(oracle, A, B, callDirection=1, recordFlag="true", preVoice={"callerHintTone": "wait.wav"})
    shown = info(callDirection=1, recordFlag="true", preVoice={"callerHintTone": "wait.wav"})
    binding = oracle.bindings[sub]
    assert not broken_rules(compare_binding(binding, shown))
    assert not broken_rules(
        compare_binding(binding, shown | {"duration": 0, "privateSms": "true", "subscribeTime": "2026-03-01 08:00:00"})
    )
    assert broken_rules(compare_binding(binding, shown | {"callDirection": 0})) == {"AXB-QUERY-003"}
    assert broken_rules(compare_binding(binding, shown | {"callerNum": C})) == {"AXB-QUERY-001"}
    assert broken_rules(compare_binding(binding, shown | {"subscribeTime": "2026-03-01 00:00:01"})) == {"AXB-QUERY-002"}
    oracle.record_modify({"subscriptionId": sub, "callerNum": C})
    assert broken_rules(compare_binding(binding, shown)) == {"AXB-MODIFY-003"}
    assert broken_rules(compare_binding(binding, shown | {"callerNum": C, "preVoice": {}})) == {"AXB-MODIFY-009"}
    bare = {name: value for name, value in shown.items() if name in ("subscriptionId", "relationNum", "calleeNum")}
    assert not broken_rules(compare_binding(binding, bare | {"callerNum": C})), "settings need not be shown"


def test_a_call_is_judged() -> None:
    oracle = make()
    bind(oracle, A, B)
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=10))
    assert not broken_rules(compare_call(call, View("answered", release_cause=None), START + 5))
    assert broken_rules(compare_call(call, View("ended"), START + 5)) == {"AXB-CALL-101"}
    assert broken_rules(compare_call(call, View(forwarded_to=C), START + 15)) == {"AXB-CALL-101"}
    assert broken_rules(compare_call(call, View(release_cause=7501), START + 15)) == {"AXB-CALL-013"}


def test_events_and_cdr_are_judged() -> None:
    oracle = make()
    sub = bind(oracle, A, B, userData="u", recordFlag="true", recordHintTone="wait.wav")
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=10))
    at = dict(zip(call.events(), (0, 0, 2, 5, 15), strict=True))
    events: list[dict[str, object]] = []
    for kind in call.events():
        status: dict[str, object] = {
            "timestamp": f"2026-03-01 00:00:{at[kind]:02}",
            "sessionId": "s",
            "subscriptionId": sub,
        }
        status |= {"caller": A if kind == "callin" else X, "called": X if kind == "callin" else B}
        status |= {"userData": "u"} if kind == "callin" else {}
        status |= {"stateCode": 0, "stateDesc": "x"} if kind == "disconnect" else {}
        events.append({"eventType": kind, "statusInfo": status})
    assert not broken_rules(compare_events(call, events))
    assert broken_rules(compare_events(call, [*events, events[0]])) == {"AXB-EVENT-001", "AXB-EVENT-011"}
    assert broken_rules(compare_events(call, events[:1] + events[2:])) == {"AXB-EVENT-001"}
    cdr: dict[str, object] = {
        "direction": 1, "appKey": "k", "bindNum": X, "callerNum": A, "calleeNum": X, "fwdDisplayNum": X, "fwdDstNum": B,
        "serviceType": "004", "subscriptionId": sub, "callInTime": "2026-03-01 00:00:00", "ulFailReason": 0,
        "fwdAlertingTime": "2026-03-01 00:00:02", "fwdAnswerTime": "2026-03-01 00:00:05", "userData": "u",
        "callEndTime": "2026-03-01 00:00:15", "recordFlag": 1, "recordObjectName": "r.wav", "recordDomain": "d",
    }  # fmt: skip

    def checked_cdr(**more: object) -> set[str]:
        return broken_rules(compare_cdrs(call, [cdr | more], "k", recording=True))

    assert not checked_cdr()
    assert checked_cdr(direction=0) == {"AXB-CDR-004"}
    assert checked_cdr(fwdAnswerTime="2026-03-01 08:00:05") == {"AXB-CDR-006"}
    assert checked_cdr(recordFlag=0) == {"AXB-CDR-011"}
    assert checked_cdr(userData="v") == {"AXB-CDR-012"}
    assert not checked_cdr(userData=""), "support has to open it"
    assert broken_rules(compare_cdrs(call, [], "k", recording=True)) == {"AXB-CDR-001"}
