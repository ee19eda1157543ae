"""What came is held against what the AXE oracle expects, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from privnum.suites.oracle import AxeCall, AxeOracle, AxePlan
from privnum.suites.oracle.axe.compare import (
    compare_call,
    compare_cdrs,
    compare_events,
    compare_query,
)
from tests.suites.oracle.axe.helpers import OTHER, START, A, N, X, bind, make, talk


@dataclass
class View:
    state: str = "ended"
    forwarded_to: str | None = A
    displayed: str | None = X
    release_cause: int | None = 0
    played: tuple[str, ...] | None = None


def broken_rules(claims: Any) -> set[str]:
    return {claim.requirement for claim in claims if not claim.ok}


def at(second: int) -> str:
    return f"2026-03-01 00:{second // 60:02d}:{second % 60:02d}"


def finished_call(oracle: AxeOracle, **plan: Any) -> AxeCall:
    """A call of N to A that A hangs up after 10 seconds; it ends 17 seconds after the start."""
    call = oracle.expect_call(N, X, AxePlan(digits=("0001",), hang_up_after=10, **plan))
    oracle.record_call(call)
    oracle.advance(60)
    return call


def events(sub: str, **more: Any) -> list[dict[str, Any]]:
    named = {"subscriptionId": sub, "caller": X, "called": A}
    infos: list[tuple[str, int, dict[str, Any]]] = [
        ("callin", 0, {"caller": N, "called": X}),
        ("collectInfo", 2, {"digitInfo": "0001"}),
        ("callout", 2, named),
        ("alerting", 4, named),
        ("answer", 7, named),
        ("disconnect", 17, named | {"stateCode": 0, "stateDesc": "over"}),
    ]
    return [
        {"eventType": kind, "statusInfo": {"sessionId": "s", "timestamp": at(second)} | info | more.get(kind, {})}
        for kind, second, info in infos
    ]


CDR = {
    "direction": 0,
    "bindNum": X,
    "appKey": "k",
    "callerNum": N,
    "calleeNum": X,
    "fwdDstNum": A,
    "extendNumber": "0001",
    "serviceType": "005",
    "callInTime": at(0),
    "fwdStartTime": at(2),
    "fwdAlertingTime": at(4),
    "fwdAnswerTime": at(7),
    "callEndTime": at(17),
    "ulFailReason": 0,
    "recordFlag": 0,
}


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_query_answer() -> None:
    oracle = make()
    sub = bind(oracle, callbackNum=OTHER, timeUnit="1", bindExpiredTime=90, callbackExpiredTime=30, recordFlag="true")
    binding, assumptions = oracle.bindings[sub], oracle.assumptions
    shown: dict[str, object] = {"subscriptionId": sub, "virtualNum": X, "extendNum": "0001", "bindNum": A}
    shown |= {"callbackNum": OTHER, "timeUnit": "1", "bindExpiredTime": 90, "callbackExpiredTime": 30}
    shown |= {"recordFlag": "true"}
    assert not broken_rules(compare_query(binding, shown, assumptions))
    assert not broken_rules(compare_query(binding, shown | {"displayNumMode": "0", "userData": ""}, assumptions))
    assert broken_rules(compare_query(binding, shown | {"bindNum": N}, assumptions)) == {"AXE-QUERY-001"}
    assert broken_rules(compare_query(binding, shown | {"callbackNum": N}, assumptions)) == {"AXE-QUERY-003"}
    assert broken_rules(compare_query(binding, shown | {"callbackExpiredTime": "30"}, assumptions)) == {"AXE-QUERY-003"}
    assert broken_rules(compare_query(binding, shown | {"bindExpiredTime": 1}, assumptions)) == {"AXE-OPEN-020"}
    oracle.record_modify({"subscriptionId": sub, "callbackNum": ""})
    assert broken_rules(compare_query(binding, shown, assumptions)) == {"AXE-MODIFY-103"}
    assert broken_rules(compare_query(binding, shown | {"callbackNum": None, "recordFlag": "false"}, assumptions)) == {
        "AXE-MODIFY-006"
    }
    oracle.record_modify({"subscriptionId": sub, "recordFlag": False})
    assert broken_rules(compare_query(binding, shown | {"callbackNum": None}, assumptions)) == {"AXE-MODIFY-104"}


@pytest.mark.parametrize(("choice", "shown"), [("bind", (100, "0")), ("current", (120, "1"))])
def test_times_after_a_modify(choice: str, shown: tuple[int, str]) -> None:
    oracle = make(axe__query_times_after_modify=choice)
    sub = bind(oracle, timeUnit="0", bindExpiredTime=100)
    oracle.record_modify({"subscriptionId": sub, "timeUnit": "1", "bindExpiredTime": 120})
    info = {"subscriptionId": sub, "virtualNum": X, "extendNum": "0001", "bindNum": A}
    for life, unit in ((100, "0"), (120, "1")):
        claims = compare_query(
            oracle.bindings[sub], info | {"bindExpiredTime": life, "timeUnit": unit}, oracle.assumptions
        )
        assert broken_rules(claims) == (set() if (life, unit) == shown else {"AXE-OPEN-020"})


@pytest.mark.parametrize(
    ("bound", "modified", "shown"),
    [
        ({"bindExpiredTime": 100, "timeUnit": "0"}, {"bindExpiredTime": 120, "timeUnit": "1"}, (100, "0")),
        ({"bindExpiredTime": 100}, {"bindExpiredTime": 120}, (100, "0")),
        ({"bindExpiredTime": 100}, {"bindExpiredTime": 120, "timeUnit": "1"}, (120, "1")),
        ({"timeUnit": "1"}, {"bindExpiredTime": 120, "timeUnit": "1"}, (120, "1")),
        ({}, {"bindExpiredTime": 120, "timeUnit": "1"}, (120, "1")),
        ({"bindExpiredTime": 100, "timeUnit": "1"}, {"timeUnit": "0"}, (100, "1")),
    ],
)
def test_times_of_the_bind_stand_where_it_carried_what_the_modify_carries(
    bound: dict[str, Any], modified: dict[str, Any], shown: tuple[int, str]
) -> None:
    oracle = make()
    sub = bind(oracle, **bound)
    oracle.record_modify({"subscriptionId": sub, **modified})
    info = {"subscriptionId": sub, "virtualNum": X, "extendNum": "0001", "bindNum": A}
    for time, unit in ((100, "0"), (100, "1"), (120, "0"), (120, "1")):
        claims = compare_query(
            oracle.bindings[sub], info | {"bindExpiredTime": time, "timeUnit": unit}, oracle.assumptions
        )
        assert broken_rules(claims) == (set() if (time, unit) == shown else {"AXE-OPEN-020"})


# ── a call ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call() -> None:
    oracle = make()
    bind(oracle)
    call = finished_call(oracle)
    heard = ("extension_prompt",)
    assert not broken_rules(compare_call(call, View(played=heard), oracle.now))
    assert broken_rules(compare_call(call, View(forwarded_to=N), oracle.now)) == {"AXE-CALL-101"}
    assert broken_rules(compare_call(call, View(displayed=N), oracle.now)) == {"AXE-CALL-101"}
    assert broken_rules(compare_call(call, View(release_cause=8101), oracle.now)) == {"AXE-CALL-013"}
    assert broken_rules(compare_call(call, View(played=("wait.wav", *heard)), oracle.now)) == {"AXE-CALL-101"}
    assert broken_rules(compare_call(call, View("collecting", release_cause=None), oracle.now)) == {"AXE-CALL-013"}


def test_a_call_back() -> None:
    oracle = make()
    bind(oracle, callbackExpiredTime=24)
    talk(oracle)
    call = oracle.expect_call(A, X, AxePlan())
    seen = View("forwarded", forwarded_to=N, release_cause=None)
    assert not broken_rules(compare_call(call, seen, oracle.now))
    assert broken_rules(compare_call(call, View("forwarded", N, displayed=A, release_cause=None), oracle.now)) == {
        "AXE-CALLBACK-112"
    }
    asked = View("collecting", None, None, None, ("extension_prompt",))
    assert broken_rules(compare_call(call, asked, oracle.now)) == {"AXE-CALLBACK-101"}


# ── events and CDR ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_events_of_a_call() -> None:
    oracle = make()
    sub = bind(oracle)
    call = finished_call(oracle)

    def checked_events(bodies: list[dict[str, Any]]) -> set[str]:
        return broken_rules(compare_events(call, bodies, oracle.assumptions))

    good = events(sub)
    assert not checked_events(good)
    assert checked_events(good[:1] + good[2:]) == {"AXE-EVENT-001", "AXE-EVENT-102"}
    assert checked_events(good[:4] + good[5:]) == {"AXE-EVENT-001"}
    assert checked_events([good[1], good[0], *good[2:]]) == {"AXE-EVENT-011"}
    assert checked_events(events(sub, callin={"subscriptionId": sub})) == {"AXE-EVENT-104"}
    assert checked_events(events("other")) == {"AXE-EVENT-008"}
    assert checked_events(events(sub, callin={"caller": A})) == {"AXE-EVENT-006"}
    assert checked_events(events(sub, callout={"called": N})) == {"AXE-EVENT-007"}
    assert checked_events(events(sub, collectInfo={"digitInfo": "0002"})) == {"AXE-EVENT-102"}
    assert checked_events(events(sub, answer={"sessionId": "t"})) == {"AXE-EVENT-004"}
    assert checked_events(events(sub, answer={"timestamp": at(8)})) == {"AXE-EVENT-005"}
    assert checked_events(events(sub, disconnect={"stateCode": 7501})) == {"AXE-CALL-013"}


def test_collect_info_after_a_repeat() -> None:
    for choice, told in (("each", ["9", "0001"]), ("last", ["0001"])):
        oracle = make(repeats=1, axe__wrong_extension_events=choice)
        sub = bind(oracle)
        call = oracle.expect_call(N, X, AxePlan(digits=("9", "0001"), hang_up_after=10))
        oracle.record_call(call)
        oracle.advance(60)
        good = [event for event in events(sub) if event["eventType"] != "collectInfo"]
        for event, later in zip(good[1:], (4, 6, 9, 19), strict=True):
            event["statusInfo"]["timestamp"] = at(later)
        digits: list[dict[str, Any]] = [
            {"eventType": "collectInfo", "statusInfo": {"sessionId": "s", "timestamp": at(2), "digitInfo": text}}
            for text in told
        ]
        assert not broken_rules(compare_events(call, [good[0], *digits, *good[1:]], oracle.assumptions))
        assert broken_rules(compare_events(call, [good[0], digits[0], digits[0], *good[1:]], oracle.assumptions)) == {
            "AXE-OPEN-025"
        }


def test_a_cdr() -> None:
    oracle = make()
    sub = bind(oracle, userData="order-1")
    call = finished_call(oracle)
    cdr = CDR | {"subscriptionId": sub, "userData": "order-1"}

    def checked_cdrs(*cdrs: dict[str, Any]) -> set[str]:
        return broken_rules(compare_cdrs(call, cdrs, "k", oracle.assumptions, recording=True))

    assert not checked_cdrs(cdr)
    assert checked_cdrs() == {"AXE-CDR-001"}
    assert checked_cdrs(cdr, cdr) == {"AXE-CDR-018"}
    for name, value, rule in (
        ("fwdDstNum", N, "AXE-CDR-005"),
        ("calleeNum", A, "AXE-CDR-005"),
        ("extendNumber", "0002", "AXE-CDR-101"),
        ("direction", 1, "AXE-CDR-004"),
        ("serviceType", "004", "AXE-CDR-009"),
        ("ulFailReason", 8102, "AXE-CDR-008"),
        ("subscriptionId", "", "AXE-CDR-010"),
        ("callInTime", at(8), "AXE-CDR-006"),
        ("recordFlag", 1, "AXE-CDR-011"),
        ("userData", "order-2", "AXE-CDR-012"),
    ):
        assert checked_cdrs(cdr | {name: value}) == {rule}
    other_name = {name: value for name, value in cdr.items() if name != "extendNumber"} | {"extendNum": "0001"}
    assert not checked_cdrs(other_name)


def test_the_direction_of_a_call_in_vain() -> None:
    for digits, rule in ((("9999",), "AXE-CDR-004"), ((), "AXE-OPEN-047")):
        oracle = make()
        bind(oracle)
        call = oracle.expect_call(N, X, AxePlan(digits=digits))
        oracle.record_call(call)
        oracle.advance(20)
        numbers = {
            name: CDR[name] for name in ("bindNum", "callerNum", "calleeNum", "appKey", "serviceType", "callInTime")
        }
        cdr: dict[str, Any] = numbers | {"ulFailReason": min(call.causes), "callEndTime": at(call.ends_by - START)}
        assert not broken_rules(compare_cdrs(call, [cdr | {"direction": 2}], "k", oracle.assumptions, recording=True))
        assert broken_rules(compare_cdrs(call, [cdr | {"direction": 0}], "k", oracle.assumptions, recording=True)) == {
            rule
        }
