"""The AXYB oracle on requests.

It says what the contract says, and nothing where that is silent.
"""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided
from tests.suites.oracle.assumed import refused_keys
from tests.suites.oracle.axyb.helpers import (
    A2,
    FAR,
    FIXED,
    FOREIGN,
    HOTLINE,
    NOBODYS,
    NUMBERS,
    Y2,
    Y3,
    A,
    B,
    C,
    D,
    X,
    Y,
    ask_a,
    ask_b,
    bind_a,
    bind_b,
    call_result,
    make,
    unbind,
)

# ── the X of an A ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_a_per_x_and_five_x_per_a() -> None:
    oracle = make()
    assert ask_a(oracle).x == {*NUMBERS[:7]}
    for x in NUMBERS[:5]:
        bind_a(oracle, A, x)
    assert refused_keys(ask_a(oracle, A)) == {("AXYB-BIND-032", "403/1011003")}
    assert ask_a(oracle, A2).x == {*NUMBERS[5:7]}
    bind_a(oracle, A2, NUMBERS[5])
    bind_a(oracle, A2, NUMBERS[6])
    assert refused_keys(ask_a(oracle, A2)) == {("AXYB-BIND-031", "403/1012008")}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"areaCode": None}, ("AXYB-OPEN-002", "403/1010002")),
        ({"areaCode": "010"}, ("AXYB-BIND-012", "403/1012008")),
        ({"recordFlag": True}, ("AXYB-OPEN-025", "403/1012012")),
        ({"preVoiceX": "no.wav"}, ("AXYB-BIND-030", "403/1010002")),
        ({"origNum": HOTLINE}, ("AXYB-BIND-027", "403/1010002")),
    ],
)
def test_faults_of_a_bind_of_a(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert refused_keys(ask_a(make(recording=False), **fields)) == {fault}


def test_areas() -> None:
    oracle = make()
    assert ask_a(oracle, areaCode="755").x == {*NUMBERS[:7]}
    assert ask_a(oracle, areaCode="755").requirement == "AXYB-BIND-016"
    assert ask_a(oracle, areaCode="0757", areaMatchMode="1").x == {*NUMBERS}, "the same province"
    assert ask_a(oracle, areaCode="010", areaMatchMode="1").x == {*NUMBERS}, "any of the application"
    sub = bind_a(oracle)
    assert ask_b(oracle, sub, areaCode="020").x == {FAR}
    assert ask_b(oracle, sub).x == {*NUMBERS} - {X}, "any area"
    near = make(axyb__y_area="area_of_x")
    assert ask_b(near, bind_a(near)).x == {*NUMBERS[1:7]}


def test_a_blocked_number_is_given_to_nobody() -> None:
    oracle = make(count=3)
    oracle.status = {X: "9", Y: "11"}
    assert refused_keys(ask_a(oracle)) == {("AXYB-BIND-029", "403/1012008")}
    assert ask_a(oracle, areaCode="020").ok


# ── the Y of a B ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_y_is_in_a_binding_once_and_is_shared_by_several() -> None:
    oracle = make(count=4)
    one, two = bind_a(oracle, A, X), bind_a(oracle, A2, Y)
    assert ask_b(oracle, one).x == {Y2, FAR}, "no X of anybody"
    bind_b(oracle, one, B, Y2)
    assert ask_b(oracle, one, C).x == {FAR}
    assert ask_b(oracle, two, B).x == {Y2, FAR}, "a Y of another A"
    bind_b(oracle, one, C, FAR)
    assert refused_keys(ask_b(oracle, one, D)) == {("AXYB-OPEN-010", "403/1012008")}


def test_a_full_y() -> None:
    oracle = make(count=5)
    for a, x in ((A, X), (A2, Y), (C, Y2)):
        bind_b(oracle, bind_a(oracle, a, x), B, FAR)
    sub = bind_a(oracle, D, Y3)
    assert refused_keys(ask_b(oracle, sub, B, areaCode="020")) == {("AXYB-BIND-106", "403/1012008")}
    assert refused_keys(ask_b(oracle, sub, B)) == {("AXYB-OPEN-010", "403/1012008")}, "all others are X"


def test_a_y_of_another_binding_of_a() -> None:
    oracle, shared = make(count=4), make(count=4, axyb__y_for_other_x_of_a="last")
    for each in (oracle, shared):
        bind_b(each, bind_a(each, A, X), B, Y2)
    assert ask_b(oracle, bind_a(oracle, A, Y), C).x == {FAR}
    assert ask_b(shared, bind_a(shared, A, Y), C).x == {Y2, FAR}


def test_faults_of_a_bind_of_b() -> None:
    oracle = make()
    sub = bind_a(oracle)
    bind_b(oracle, sub)
    assert refused_keys(ask_b(oracle, "none")) == {("AXYB-BIND-110", "403/1016001")}
    assert refused_keys(ask_b(oracle, sub, B)) == {("AXYB-OPEN-006", "403/1012010")}
    assert refused_keys(ask_b(oracle, sub, A)) == {("AXYB-OPEN-007", "403/1010002")}
    assert refused_keys(ask_b(oracle, sub, C, preVoiceY="no.wav")) == {("AXYB-BIND-030", "403/1010002")}
    oracle.status[X] = "9"
    assert ask_b(oracle, sub, C).ok
    oracle.status[X] = "11"
    with pytest.raises(Undecided):
        ask_b(oracle, sub, C)


def test_a_second_bind_of_b_that_keeps_his_y() -> None:
    oracle = make(axyb__same_b_again="same_y")
    sub = bind_a(oracle)
    bind_b(oracle, sub, B, Y, ybDuration=60)
    expected = ask_b(oracle, sub, B)
    assert (expected.ok, set(expected.x)) == (True, {Y})
    oracle.bound_b(expected, {"origNum": B, "subscriptionId": sub}, sub, Y)
    assert [relation.ends_at for relation in oracle.bindings[sub].relations] == [None]


# ── lifetimes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("duration", "seconds"), [(None, 7200), (60, 60), ("60", 60), (7776000, 7776000), (0, None)])
def test_how_long_a_binding_lives(duration: Any, seconds: int | None) -> None:
    oracle = make()
    sub = bind_a(oracle, duration=duration)
    assert oracle.bindings[sub].expires_at == (None if seconds is None else oracle.now + seconds)
    oracle.advance((seconds or 10**8) - 1)
    assert sub in oracle.bindings
    oracle.advance(2)
    assert (sub in oracle.bindings) is (seconds is None)


@pytest.mark.parametrize(
    ("of_a", "of_b", "seconds"),
    [(None, None, None), (100, None, 100), (100, 60, 60), (100, 0, None), (None, 60, 60), (0, 60, 60)],
)
def test_how_long_a_y_lives(of_a: int | None, of_b: int | None, seconds: int | None) -> None:
    oracle = make()
    sub = bind_a(oracle, ybDuration=of_a)
    bind_b(oracle, sub, ybDuration=of_b)
    bind_b(oracle, sub, C, Y2, ybDuration=0)
    oracle.advance((seconds or 7200) - 1)
    assert call_result(oracle, A, Y) == (B, X)
    oracle.advance(2)
    if seconds:
        assert call_result(oracle, A, Y) == (8030, None)
        assert call_result(oracle, A, Y2) == (C, X), "the other Y stays"
    else:
        assert not oracle.bindings, "it ends with the binding"


def test_a_y_ends_with_its_binding_at_the_latest() -> None:
    oracle = make()
    sub = bind_a(oracle, duration=60)
    bind_b(oracle, sub, ybDuration=3600)
    oracle.advance(61)
    assert call_result(oracle, A, Y) == (8030, None)
    assert oracle.next_expiry() is None


# ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_an_unbind_dissolves() -> None:
    oracle = make()
    sub, other = bind_a(oracle), bind_a(oracle, A2, Y3)
    bind_b(oracle, sub, B, Y)
    bind_b(oracle, sub, C, Y2)
    both = oracle.expect_unbind({"subscriptionId": sub, "yNum": Y, "bNum": C})
    assert [relation.b for relation in both.relations or ()] == [B], "yNum wins"
    assert refused_keys(oracle.expect_unbind({"yNum": Y})) == {("AXYB-UNBIND-002", "403/1010002")}
    for wrong in ({"yNum": Y3}, {"bNum": D}):
        assert refused_keys(oracle.expect_unbind({"subscriptionId": sub, **wrong})) == {
            ("AXYB-UNBIND-004", "403/1016001")
        }
    assert refused_keys(oracle.expect_unbind({"subscriptionId": "none"})) == {("AXYB-UNBIND-004", "403/1016001")}
    unbind(oracle, subscriptionId=sub, bNum=C)
    assert [relation.y for relation in oracle.bindings[sub].relations] == [Y]
    unbind(oracle, subscriptionId=sub)
    assert {*oracle.bindings} == {other}
    assert oracle.dissolved[sub] == "AXYB-UNBIND-001"


def test_what_a_query_finds() -> None:
    oracle = make()
    sub, other = bind_a(oracle), bind_a(oracle, A2, Y3)
    bind_b(oracle, sub, B, Y)
    bind_b(oracle, sub, C, Y2)
    found = oracle.expect_query({"subscriptionId": sub, "relationNum": Y3})
    assert [relation.y for relation in found.relations or ()] == [Y, Y2]
    assert oracle.expect_query({"relationNum": Y3}).binding is oracle.bindings[other]
    assert refused_keys(oracle.expect_query({})) == {("AXYB-QUERY-103", "403/1010002")}
    assert refused_keys(oracle.expect_query({"subscriptionId": "none"})) == {("AXYB-QUERY-005", "403/1016001")}
    assert refused_keys(oracle.expect_query({"relationNum": NUMBERS[5]})) == {("AXYB-QUERY-005", "403/1016001")}
    assert refused_keys(oracle.expect_query({"relationNum": Y})) == {("AXYB-OPEN-017", "403/1016001")}
    assert refused_keys(oracle.expect_query({"relationNum": FOREIGN})) == {("AXYB-QUERY-006", "403/1012001")}
    assert refused_keys(oracle.expect_query({"relationNum": NOBODYS})) == {("AXYB-OPEN-016", "403/1012001")}
    assert refused_keys(oracle.expect_query({"relationNum": "12"})) == {("AXYB-OPEN-015", "403/1010002")}


def test_what_is_expired_is_gone_for_unbind_and_query() -> None:
    oracle = make()
    sub = bind_a(oracle, duration=60)
    oracle.advance(61)
    for ask in (oracle.expect_unbind, oracle.expect_query):
        assert refused_keys(ask({"subscriptionId": sub})) == {("AXYB-LIFE-007", "403/1016001")}


def test_a_binding_in_which_nobody_has_a_y() -> None:
    shown, hidden = make(), make(axyb__query_ax_alone="not_found")
    assert shown.expect_query({"subscriptionId": bind_a(shown)}).ok
    assert refused_keys(hidden.expect_query({"subscriptionId": bind_a(hidden)})) == {("AXYB-OPEN-018", "403/1016001")}


def test_ids_of_their_own() -> None:
    oracle = make(axyb__second_subscription_id="own")
    sub = bind_a(oracle)
    body = {"origNum": B, "subscriptionId": sub}
    oracle.bound_b(oracle.expect_bind(body), body, "own-1", Y)
    bind_b(oracle, sub, C, Y2)
    assert [relation.b for relation in oracle.expect_query({"subscriptionId": "own-1"}).relations or ()] == [B]
    unbind(oracle, subscriptionId="own-1")
    assert [relation.b for relation in oracle.bindings[sub].relations] == [C]
    assert not oracle.expect_query({"subscriptionId": "own-1"}).ok


def test_fixed_lines_can_be_bound() -> None:
    oracle = make()
    sub = bind_a(oracle, FIXED)
    assert ask_b(oracle, sub, "+8675526660002").ok
