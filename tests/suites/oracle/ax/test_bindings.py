"""The AX oracle on requests.

It says what the contract says, and nothing where that is silent.
"""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided
from tests.suites.oracle.assumed import refused_keys
from tests.suites.oracle.ax.helpers import (
    FIXED,
    FOREIGN,
    HOTLINE,
    NOBODYS,
    X2,
    XS,
    A,
    B,
    C,
    X,
    ask_bind,
    bind,
    call_result,
    make,
    modify,
    set_callee,
)

# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_which_conflict_gives_which_code() -> None:
    oracle = make()
    bind(oracle)
    assert refused_keys(ask_bind(oracle, A, privateNum=X)) == {("AX-BIND-005", "403/1016002")}
    assert refused_keys(ask_bind(oracle, B, privateNum=X)) == {("AX-BIND-031", "403/1011005")}
    assert refused_keys(ask_bind(oracle, A, privateNum=FOREIGN)) == {("AX-BIND-010", "403/1011001")}
    assert refused_keys(ask_bind(oracle, A, privateNum=NOBODYS)) == {("AX-BIND-010", "403/1011001")}
    assert refused_keys(ask_bind(oracle, A, privateNum="12345")) == {("AX-OPEN-001", "403/1011001")}
    assert ask_bind(oracle, A, privateNum=X2).requirement == "AX-BIND-008"


def test_a_sixth_x_is_one_too_many() -> None:
    oracle = make()
    subs = [bind(oracle, A, x) for x in XS[:5]]
    assert refused_keys(ask_bind(oracle, A, privateNum=XS[5])) == {("AX-BIND-032", "403/1011003")}
    assert refused_keys(ask_bind(oracle, A, areaCode="0755")) == {("AX-BIND-032", "403/1011003")}
    assert ask_bind(oracle, B, privateNum=XS[5]).ok
    oracle.record_unbind([oracle.bindings[subs[0]]], "AX-UNBIND-001")
    assert ask_bind(oracle, A, privateNum=XS[5]).ok


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, ("AX-BIND-102", "")),
        ({"areaCode": "010"}, ("AX-BIND-012", "403/1011002")),
        ({"privateNum": X, "recordHintTone": "no.wav"}, ("AX-BIND-030", "403/1010002")),
        ({"privateNum": X, "preVoice": {"calleeHintTone": "no.wav"}}, ("AX-BIND-030", "403/1010002")),
        ({"privateNum": X, "recordFlag": "true"}, ("AX-OPEN-015", "403/1012012")),
        ({"privateNum": X, "calleeNumDisplay": "1"}, ("AX-OPEN-014", "403/1020178")),
        ({"privateNum": X, "calleeNumDisplay": 1}, ("AX-OPEN-014", "403/1020178")),
    ],
)
def test_faults_of_a_bind(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert refused_keys(ask_bind(make(recording=False), A, **fields)) == {fault}


def test_the_platform_picks_an_x_that_is_bound_to_nobody() -> None:
    oracle = make()
    assert ask_bind(oracle, A, areaCode="0755").x == {*XS[:6]}
    for a, x in ((A, XS[0]), (B, XS[1])):
        bind(oracle, a, x)
    assert ask_bind(oracle, A, areaCode="0755").x == {*XS[2:6]}
    assert ask_bind(oracle, A, areaCode="0757", areaMatchMode="1").x == {*XS[2:]}, "any of the province"
    bind(oracle, C, XS[6])
    assert refused_keys(ask_bind(oracle, A, areaCode="020")) == {("AX-BIND-110", "403/1011002")}


def test_x_beside_an_area() -> None:
    oracle = make()
    beside = {"privateNum": X, "areaCode": "020"}
    assert ask_bind(oracle, A, **beside).x == {X}
    assert ask_bind(oracle, A, **beside).requirement == "AX-BIND-109"
    assert ask_bind(oracle, A, **beside, privateNumType="mobile-virtual").requirement == "AX-BIND-014"


def test_users_of_a_bind() -> None:
    assert refused_keys(ask_bind(make(), HOTLINE, privateNum=X)) == {("AX-BIND-027", "403/1010002")}
    assert ask_bind(make(), FIXED, privateNum=X).requirement == "AX-BIND-028"
    assert refused_keys(ask_bind(make(), X, privateNum=X)) == {("AX-OPEN-011", "403/1010002")}
    assert ask_bind(make(ax__a_equals_x="accept"), X, privateNum=X).ok


def test_a_blocked_x_takes_no_binding_and_keeps_what_it_has() -> None:
    oracle = make()
    sub = bind(oracle)
    oracle.status[X] = oracle.status[X2] = "9"
    assert refused_keys(ask_bind(oracle, A, privateNum=X2)) == {("AX-BIND-029", "403/1012102")}
    assert oracle.expect_unbind({"subscriptionId": sub}).ok
    oracle.status[X] = "11"
    with pytest.raises(Undecided):
        oracle.expect_set_callee({"subscriptionId": sub, "calleeNum": B})


# ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whom_an_unbind_dissolves() -> None:
    oracle = make()
    one, two = bind(oracle), bind(oracle, A, X2)

    def by(**query: str) -> list[str]:
        return [b.subscription_id for b in oracle.expect_unbind(query).bindings]

    assert by(subscriptionId=one, privateNum=X2) == [one]
    assert by(privateNum=X2, origNum=B) == [two], "origNum is not looked at"
    assert refused_keys(oracle.expect_unbind({"origNum": A})) == {("AX-OPEN-007", "403/1011004")}
    assert refused_keys(oracle.expect_unbind({})) == {("AX-UNBIND-002", "403/1011004")}
    assert refused_keys(oracle.expect_unbind({"privateNum": XS[2]})) == {("AX-UNBIND-004", "403/1011004")}
    assert refused_keys(oracle.expect_unbind({"privateNum": FOREIGN})) == {("AX-UNBIND-005", "403/1011001")}
    assert refused_keys(oracle.expect_unbind({"subscriptionId": "none"})) == {("AX-UNBIND-004", "403/1016001")}


def test_an_unbind_by_a_takes_all_of_his_where_that_is_the_choice() -> None:
    oracle = make(ax__unbind_by_a="all")
    bind(oracle), bind(oracle, A, X2), bind(oracle, B, XS[2])
    assert {b.x for b in oracle.expect_unbind({"origNum": A}).bindings} == {X, X2}


def test_the_precedence_of_a_query() -> None:
    oracle = make()
    one, two, other = bind(oracle), bind(oracle, A, X2), bind(oracle, B, XS[2])

    def by(**query: str) -> set[str]:
        return {b.subscription_id for b in oracle.expect_query(query).bindings}

    assert by(origNum=A) == {one, two}
    assert by(origNum=A, privateNum=XS[2]) == {one, two}, "origNum wins over privateNum"
    assert by(origNum=A, privateNum=X, subscriptionId=other) == {other}, "subscriptionId wins over both"
    assert by(privateNum=X2) == {two}
    assert refused_keys(oracle.expect_query({"origNum": C, "privateNum": X})) == {("AX-QUERY-005", "403/1016001")}
    assert refused_keys(oracle.expect_query({"privateNum": XS[3]})) == {("AX-QUERY-005", "403/1016001")}
    assert refused_keys(oracle.expect_query({"privateNum": FOREIGN})) == {("AX-QUERY-006", "403/1011001")}
    assert refused_keys(oracle.expect_query({})) == {("AX-QUERY-104", "403/1010002")}


def test_a_neighbours_binding_is_none_of_ours() -> None:
    oracle, other = make(), make()
    oracle.neighbours.append(other)
    bind(oracle)
    theirs = bind(other, B, X2) + "-theirs"
    other.bindings[theirs] = next(iter(other.bindings.values()))
    assert refused_keys(oracle.expect_query({"subscriptionId": theirs})) == {("AX-QUERY-007", "403/1016001")}
    assert refused_keys(oracle.expect_unbind({"subscriptionId": theirs})) == {("AX-UNBIND-006", "403/1016001")}
    callee = {"subscriptionId": theirs, "calleeNum": C}
    assert refused_keys(oracle.expect_set_callee(callee)) == {("AX-CALLEE-112", "403/1016001")}


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_modify_names() -> None:
    oracle = make()
    one = bind(oracle)
    bind(oracle, B, X2)
    assert oracle.expect_modify({"subscriptionId": one, "privateNum": X2, "turnFlag": "off"}).bindings[0].x == X
    assert oracle.expect_modify({"privateNum": X2, "callDirection": 1}).bindings[0].x == X2
    assert refused_keys(oracle.expect_modify({"callDirection": 1})) == {("AX-MODIFY-001", "403/1010002")}
    assert refused_keys(oracle.expect_modify({"privateNum": XS[3]})) == {("AX-MODIFY-002", "403/1016001")}


@pytest.mark.parametrize("named", ["subscriptionId", "privateNum"])
def test_a_new_a(named: str) -> None:
    oracle = make()
    sub = bind(oracle)
    modify(oracle, **{named: sub if named == "subscriptionId" else X}, origNum=B)
    assert (call_result(oracle, C), call_result(oracle, A), call_result(oracle, B)) == (B, B, 8013)


def test_the_present_a_beside_x_is_no_change() -> None:
    oracle = make()
    bind(oracle)
    expected = oracle.expect_modify({"privateNum": X, "origNum": A, "callDirection": 2})
    assert (expected.ok, expected.requirement) == (True, "AX-MODIFY-105")
    selector = make(ax__modify_orig_num="selector")
    bind(selector)
    assert selector.expect_modify({"privateNum": X, "origNum": A, "callDirection": 2}).ok
    with pytest.raises(Undecided):
        selector.expect_modify({"privateNum": X, "origNum": B})


def test_a_modify_gives_no_sixth_x() -> None:
    oracle = make()
    for x in XS[:5]:
        bind(oracle, A, x)
    sub = bind(oracle, B, XS[5])
    expected = oracle.expect_modify({"subscriptionId": sub, "origNum": A})
    assert refused_keys(expected) == {("AX-MODIFY-103", "403/1011003")}


# ── temporary callee ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whose_callee_is_set() -> None:
    oracle = make()
    one = bind(oracle)
    bind(oracle, B, X2)
    ask = oracle.expect_set_callee
    assert ask({"subscriptionId": one, "privateNum": X2, "calleeNum": C}).bindings[0].x == X
    assert ask({"privateNum": X2, "origNum": A, "calleeNum": C}).bindings[0].x == X2, "origNum is not parsed"
    assert ask({"privateNum": X, "calleeNum": HOTLINE}).ok, "a service number can be called"
    assert refused_keys(ask({"calleeNum": C})) == {("AX-CALLEE-102", "403/1010002")}
    assert refused_keys(ask({"privateNum": X, "calleeNum": A})) == {("AX-CALLEE-107", "")}
    assert refused_keys(ask({"privateNum": XS[3], "calleeNum": C})) == {("AX-CALLEE-112", "403/1016001")}
    assert refused_keys(ask({"privateNum": FOREIGN, "calleeNum": C})) == {("AX-CALLEE-112", "403/1011001")}


@pytest.mark.parametrize(("duration", "seconds"), [(None, 60), (1, 1), (600, 600), (259200, 259200)])
def test_how_long_a_callee_holds(duration: int | None, seconds: int) -> None:
    oracle = make()
    bind(oracle)
    set_callee(oracle, duration=duration)
    assert oracle.next_expiry() == oracle.now + seconds
    oracle.advance(seconds - 1)
    assert call_result(oracle, A) == B
    oracle.advance(2)
    assert call_result(oracle, A) == 8013
    assert oracle.bindings, "the binding stays"


def test_the_latest_callee_counts_with_its_duration() -> None:
    oracle = make()
    bind(oracle)
    set_callee(oracle, B, duration=10)
    set_callee(oracle, C, duration=100)
    oracle.advance(50)
    assert call_result(oracle, A) == C
    set_callee(oracle, B, duration=10)
    oracle.advance(11)
    assert call_result(oracle, A) == 8013


def test_nobody_knows_the_instant_in_which_a_callee_is_gone() -> None:
    oracle = make(("binding.expiry_instant",))
    bind(oracle)
    set_callee(oracle)
    assert not oracle.decided_at(oracle.now + 60)
    assert oracle.decided_at(oracle.now + 61)
