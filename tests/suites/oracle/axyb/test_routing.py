"""The AXYB oracle on calls.

Who reaches whom, what he sees, and for which cause a call is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.oracle import CallPlan, Undecided
from privnum.suites.oracle.axyb.compare import compare_cdrs, compare_events, compare_relations
from privnum.suites.oracle.calls import compare_call
from tests.suites.oracle.axyb.helpers import (
    A2,
    FAR,
    FIXED,
    NUMBERS,
    Y2,
    A,
    B,
    C,
    N,
    X,
    Y,
    bind_a,
    bind_b,
    call,
    call_result,
    make,
    place,
    unbind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.oracle import Claim


def test_a_sees_y_and_b_sees_x() -> None:
    oracle = make()
    sub = bind_a(oracle)
    bind_b(oracle, sub, B, Y)
    bind_b(oracle, sub, C, Y2)
    assert (call_result(oracle, B, X), call_result(oracle, C, X)) == ((A, Y), (A, Y2))
    assert (call_result(oracle, A, Y), call_result(oracle, A, Y2)) == ((B, X), (C, X))


def test_a_shared_y_reaches_each_as_own_b() -> None:
    oracle = make()
    for a, b, x in ((A, B, X), (A2, C, Y)):
        bind_b(oracle, bind_a(oracle, a, x), b, Y2)
    assert (call_result(oracle, A, Y2), call_result(oracle, A2, Y2)) == ((B, X), (C, Y))


def test_calls_in_vain() -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle))
    for caller, dialled, cause, rule in (
        (A, X, 8032, "AXYB-CALL-106"),
        (B, Y, 8032, "AXYB-CALL-106"),
        (N, Y, 8030, "AXYB-CALL-108"),
        (N, Y2, 8030, "AXYB-CALL-107"),
    ):
        placed = call(oracle, caller, dialled)
        assert (set(placed.causes), placed.requirement) == ({cause}, rule)
    oracle.status[X] = "9"
    assert call_result(oracle, B, X) == (8055, None)
    assert call_result(oracle, A, Y) == (B, X), "what is only shown is not called"
    oracle.status = {Y: "10"}
    assert call_result(oracle, A, Y) == (8055, None)
    assert call_result(oracle, B, X) == (A, Y)


@pytest.mark.parametrize(
    ("direction", "to_a", "to_b"), [(0, (A, Y), (B, X)), (1, (8057, None), (B, X)), (2, (A, Y), (8057, None))]
)
def test_directions(direction: int, to_a: tuple[Any, Any], to_b: tuple[Any, Any]) -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle, callDirection=direction))
    assert (call_result(oracle, B, X), call_result(oracle, A, Y)) == (to_a, to_b)


def test_a_caller_is_given_a_y() -> None:
    oracle = make()
    sub = bind_a(oracle, duration=0, ybDuration=100)
    bind_b(oracle, sub, B, Y)
    assert call(oracle, N, X).may_be_given == {*NUMBERS} - {X, Y}
    placed = place(oracle, N, X, Y2)
    assert (placed.forwarded_to, placed.shown, placed.requirement) == (A, Y2, "AXYB-CALL-103")
    assert call_result(oracle, A, Y2) == (N, X)
    assert call_result(oracle, N, X) == (A, Y2), "and has it at his next call"
    oracle.advance(101)
    assert call_result(oracle, A, Y2) == (8030, None)
    assert call(oracle, N, X).may_be_given == {*NUMBERS} - {X}, "he is given one anew"


def test_no_y_for_a_caller() -> None:
    oracle = make(count=2)
    bind_a(oracle)
    bind_a(oracle, A2, FAR, areaCode="020")
    assert call_result(oracle, N, X) == (8031, None)
    oracle = make(count=2)
    bind_a(oracle, callDirection=1)
    placed = call(oracle, N, X)
    assert (set(placed.causes), placed.requirement) == ({8057}, "AXYB-CALL-109")


def test_a_fixed_line_is_called_and_never_calls() -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle, FIXED), B, Y)
    bind_b(oracle, bind_a(oracle, A, Y2), FIXED, FAR)
    assert call_result(oracle, B, X) == (FIXED, Y)
    assert call_result(oracle, A, FAR) == (FIXED, Y2)
    for dialled in (X, Y, Y2):
        assert call_result(oracle, FIXED, dialled) == (8023, None)


def test_one_y_of_several_bindings_of_a() -> None:
    for choice, b in (("last", C), ("first", B)):
        oracle = make(axyb__y_for_other_x_of_a=choice)
        bind_b(oracle, bind_a(oracle, A, X), B, Y2)
        oracle.advance(1)
        bind_b(oracle, bind_a(oracle, A, Y), C, Y2)
        assert call_result(oracle, A, Y2)[0] == b
        with pytest.raises(Undecided):
            call_result(make_ambiguous(choice), A, Y2)


def make_ambiguous(choice: str) -> Any:
    oracle = make(axyb__y_for_other_x_of_a=choice)
    bind_b(oracle, bind_a(oracle, A, X), B, Y2)
    bind_b(oracle, bind_a(oracle, A, Y), C, Y2)
    return oracle


def test_a_number_that_is_x_and_y() -> None:
    oracle = make(axyb__x_as_y="yes")
    bind_b(oracle, bind_a(oracle, A, X), B, Y)
    bind_a(oracle, A2, Y)
    assert call_result(oracle, A, Y) == (B, X), "it is Y to the A of that binding"
    assert call(oracle, N, Y).forwarded_to == A2, "and X to all others"
    assert call(oracle, B, Y).forwarded_to == A2


def test_a_call_outlives_its_y() -> None:
    oracle = make()
    sub = bind_a(oracle)
    bind_b(oracle, sub, B, Y)
    talks, rings = call(oracle, A, Y, CallPlan(ring_after=0, answer_after=0)), call(oracle, B, X, CallPlan("no_answer"))
    oracle.record_call(talks)
    oracle.record_call(rings)
    oracle.advance(3)
    unbind(oracle, subscriptionId=sub, yNum=Y)
    assert (talks.lost, rings.lost) == (False, True), "of a call before its answer nobody says that it goes on"
    assert talks.state(oracle.now) == "answered"


# ── what comes of a call ─────────────────────────────────────────────────────────────────────────────────────────────


class View:
    """A call as the driver shows it."""

    def __init__(self, forwarded_to: str, displayed: str) -> None:
        self.state = "forwarded"
        self.forwarded_to: str | None = forwarded_to
        self.displayed: str | None = displayed
        self.release_cause: int | None = None


def test_what_the_callee_sees() -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle))
    placed = call(oracle, B, X)
    assert all(claim.ok for claim in compare_call(placed, View(A, Y), oracle.now))
    assert {c.requirement for c in compare_call(placed, View(A, X), oracle.now) if not c.ok} == {"AXYB-CALL-101"}


def _cdr(**fields: Any) -> dict[str, Any]:
    time = "2026-03-01 00:00:"
    cdr = {"appKey": "key", "serviceType": "007", "subscriptionId": "sub-0", "ulFailReason": 0, "recordFlag": 0}
    cdr |= {"callInTime": time + "00", "fwdAnswerTime": time + "05", "callEndTime": time + "12"}
    return cdr | fields


@pytest.mark.parametrize(("caller", "dialled", "callee", "shown", "direction"), [(A, Y, B, X, 1), (B, X, A, Y, 0)])
def test_numbers_of_a_cdr(caller: str, dialled: str, callee: str, shown: str, direction: int) -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle))
    placed = call(oracle, caller, dialled, CallPlan(hang_up_after=7))
    cdr = _cdr(bindNum=dialled, calleeNum=dialled, callerNum=caller, fwdDisplayNum=shown, fwdDstNum=callee)
    cdr["direction"] = direction

    def compare(cdr: dict[str, Any]) -> Iterator[Claim]:
        return compare_cdrs(placed, [cdr], "key", oracle.assumptions, recording=True)

    assert all(claim.ok for claim in compare(cdr))
    for name, value, rule in (
        ("fwdDisplayNum", dialled, "AXYB-CDR-005"),
        ("calleeNum", shown, "AXYB-CDR-005"),
        ("bindNum", shown, "AXYB-OPEN-024"),
        ("direction", 2, "AXYB-CDR-004"),
        ("serviceType", "004", "AXYB-CDR-009"),
    ):
        assert {claim.requirement for claim in compare(cdr | {name: value}) if not claim.ok} == {rule}


def _events(user_data: str | None) -> list[dict[str, Any]]:
    kinds = (("callin", 0), ("callout", 0), ("alerting", 2), ("answer", 5), ("disconnect", 12))
    bodies: list[dict[str, Any]] = []
    for kind, at in kinds:
        info: dict[str, Any] = {"timestamp": f"2026-03-01 00:00:{at:02d}", "sessionId": "s", "subscriptionId": "sub-0"}
        info |= {"userData": user_data} if kind == "callin" and user_data else {}
        info |= {"stateCode": 0, "stateDesc": "ended"} if kind == "disconnect" else {}
        bodies.append({"eventType": kind, "statusInfo": info})
    return bodies


@pytest.mark.parametrize(
    ("of_a", "of_b", "wanted", "rule"),
    [
        ("a-1", None, "a-1", "AXYB-OPEN-022"),
        (None, "b-1", "b-1", "AXYB-OPEN-022"),
        ("a-1", "b-1", "b-1", "AXYB-OPEN-021"),
    ],
)
def test_user_data_of_callin(of_a: str | None, of_b: str | None, wanted: str, rule: str) -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle, userData=of_a), userData=of_b)
    placed = call(oracle, A, Y, CallPlan(hang_up_after=7))
    assert all(claim.ok for claim in compare_events(placed, _events(wanted), oracle.assumptions))
    wrong = compare_events(placed, _events("c-1"), oracle.assumptions)
    assert {claim.requirement for claim in wrong if not claim.ok} == {rule}


# ── what a query shows ───────────────────────────────────────────────────────────────────────────────────────────────


def _relation(**other: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "bindId": "sub-0",
        "numA": A,
        "numX": X,
        "numY": Y,
        "numB": B,
        "duration": "7200",
        "ybDuration": "600",
    }
    shown |= {
        "duration": "7200",
        "ybDuration": "600",
        "callDirection": 0,
        "recordFlag": "false",
        "preVoiceY": "wait.wav",
        "userData": "b-1",
    }
    return shown | {"subscribeTime": "2026-03-01 00:00:00"} | other


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("numX", Y, "AXYB-QUERY-001"),
        ("numB", C, "AXYB-QUERY-001"),
        ("duration", 7200, "AXYB-QUERY-003"),
        ("ybDuration", "0", "AXYB-QUERY-003"),
        ("recordFlag", "true", "AXYB-QUERY-003"),
        ("preVoiceY", "other.wav", "AXYB-QUERY-003"),
        ("preVoiceX", "wait.wav", "AXYB-QUERY-003"),
        ("subscribeTime", "2026-03-01 00:00:01", "AXYB-QUERY-002"),
        ("bindId", "sub-1", "AXYB-OPEN-009"),
        ("userData", "b-2", "AXYB-QUERY-003"),
    ],
)
def test_a_relation_that_is_shown_otherwise(name: str, value: object, rule: str) -> None:
    oracle = make()
    bind_b(oracle, bind_a(oracle), ybDuration=600, preVoiceY="wait.wav", userData="b-1")
    expected = oracle.expect_query({"relationNum": X})
    assert all(claim.ok for claim in compare_relations(expected, [_relation()], oracle.assumptions))
    wrong = compare_relations(expected, [_relation(**{name: value})], oracle.assumptions)
    assert {claim.requirement for claim in wrong if not claim.ok} == {rule}


def test_each_y_is_a_relation() -> None:
    oracle = make()
    sub = bind_a(oracle)
    bind_b(oracle, sub, B, Y)
    bind_b(oracle, sub, C, Y2)
    rows = [{"numA": A, "numX": X, "numY": y, "numB": b} for y, b in ((Y2, C), (Y, B))]
    expected = oracle.expect_query({"subscriptionId": sub})
    assert all(claim.ok for claim in compare_relations(expected, rows, oracle.assumptions))
    for wrong in ([rows[0]], [*rows, rows[0]], [rows[0], rows[0]]):
        broken = {c.requirement for c in compare_relations(expected, wrong, oracle.assumptions) if not c.ok}
        assert "AXYB-QUERY-102" in broken


def test_a_binding_without_a_y_is_shown_with_none() -> None:
    oracle = make()
    expected = oracle.expect_query({"subscriptionId": bind_a(oracle)})
    assert all(c.ok for c in compare_relations(expected, [{"numA": A, "numX": X}], oracle.assumptions))
    wrong = compare_relations(expected, [{"numA": A, "numX": X, "numY": Y, "numB": B}], oracle.assumptions)
    assert {claim.requirement for claim in wrong if not claim.ok} == {"AXYB-QUERY-001"}
