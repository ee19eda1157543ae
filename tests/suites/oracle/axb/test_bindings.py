"""The oracle says what the contract says, and nothing where the contract is silent."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import AxbExpected, AxbOracle, AxbSurroundings, Undecided
from privnum.suites.oracle.numbers import area_of_fixed_line, home_area, kind_of
from tests.suites.oracle.assumed import assumed_choices, refused_keys

X, X2, X3, FOREIGN = "+8617000000001", "+8617000000002", "+8617000000003", "+8617000000009"
A, B, C, D = (f"+861380000000{i}" for i in range(4))
FIXED = "+8675526660001"
START = 1_772_323_200


def make(unsettled: tuple[str, ...] = (), recording: bool = True, **assumptions: str | int) -> AxbOracle:
    around = AxbSurroundings(
        own={X: "0755", X2: "0755", X3: "0755"},
        foreign={FOREIGN},
        home_areas={"+86138": "0755", "+86139": "010"},
        recording=recording,
        tones={"wait.wav"},
        pairs_per_x=3,
    )
    return AxbOracle(around, assumed_choices(unsettled, **assumptions), START)


def bind(oracle: AxbOracle, a: str, b: str, x: str = X, **fields: Any) -> str:
    body = {"callerNum": a, "calleeNum": b, "relationNum": x, **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    sub = f"sub-{len(oracle.bindings) + len(oracle.dissolved)}"
    oracle.record_bind(body, sub, x)
    return sub


def ask_bind(oracle: AxbOracle, a: str, b: str, **fields: Any) -> AxbExpected:
    return oracle.expect_bind({"callerNum": a, "calleeNum": b, **fields})


# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_user_stands_once_on_an_x_in_any_role() -> None:
    oracle = make()
    bind(oracle, A, B)
    assert refused_keys(ask_bind(oracle, A, B, relationNum=X)) == {("AXB-BIND-005", "403/1012010")}
    for a, b in ((B, A), (A, C), (C, A), (B, C), (C, B)):
        assert refused_keys(ask_bind(oracle, a, b, relationNum=X)) == {("AXB-BIND-102", "403/1012010")}
    assert ask_bind(oracle, C, D, relationNum=X).ok
    assert ask_bind(oracle, A, B, relationNum=X2).collision == "AXB-BIND-008"


def test_a_full_x_takes_no_more() -> None:
    oracle = make()
    for i in range(3):
        bind(oracle, f"+861390000001{i}", f"+861390000002{i}")
    assert refused_keys(ask_bind(oracle, A, B, relationNum=X)) == {("AXB-BIND-103", "403/1012009")}


@pytest.mark.parametrize(
    ("fields", "requirement", "key"),
    [
        ({"relationNum": FOREIGN}, "AXB-BIND-010", "403/1012001"),
        ({"relationNum": "+8617100000000"}, "COM-OPEN-021", "403/1012007"),
        ({"relationNum": "12345"}, "COM-OPEN-020", "403/1012007"),
        ({"relationNum": X, "recordFlag": "true"}, "AXB-BIND-021", "403/1012012"),
        ({"relationNum": X, "preVoice": {"callerHintTone": "no.wav"}}, "AXB-BIND-030", "403/1010002"),
        ({"areaCode": "010"}, "AXB-BIND-012", "403/1012008"),
    ],
)
def test_faults_of_a_bind(fields: dict[str, Any], requirement: str, key: str) -> None:
    assert refused_keys(ask_bind(make(recording=False), A, B, **fields)) == {(requirement, key)}


def test_several_faults_admit_any_of_their_codes() -> None:
    oracle = make(recording=False)
    bind(oracle, A, B)
    expected = ask_bind(oracle, A, C, relationNum=X, recordFlag=True)
    assert {key for _, key in refused_keys(expected)} == {"403/1012010", "403/1012012"}
    assert all(c.ok for c in expected.claims(False, "403/1012012", "bind"))
    assert not all(c.ok for c in expected.claims(False, "403/1012001", "bind"))


def test_service_and_malformed_users() -> None:
    assert refused_keys(ask_bind(make(), "+864001234567", B, relationNum=X)) == {("AXB-BIND-027", "403/1010002")}
    assert refused_keys(ask_bind(make(), "12345678", B, relationNum=X)) == {("COM-OPEN-018", "403/1010002")}
    assert ask_bind(make(numbers__malformed_user="accept"), "12345678", B, relationNum=X).ok


def test_the_platform_picks_a_free_x_of_the_area() -> None:
    oracle = make()
    assert ask_bind(oracle, A, B, areaCode="0755").x == {X, X2, X3}
    bind(oracle, A, B)
    assert ask_bind(oracle, A, C, areaCode="755").x == {X2, X3}
    assert ask_bind(oracle, A, C).x == {X2, X3}, "by the home area of A"
    assert ask_bind(oracle, A, C, areaCode="020", areaMatchMode="1").x == {X2, X3}, "same province"
    assert ask_bind(oracle, A, C, areaCode="010", areaMatchMode="1").x == {X2, X3}, "any X"
    bind(oracle, A, C, X2)
    bind(oracle, A, C, X3)
    assert refused_keys(ask_bind(oracle, A, D, areaCode="0755")) == {("AXB-OPEN-004", "403/1012008")}


def test_the_area_of_a() -> None:
    assert refused_keys(ask_bind(make(), "+8613900000001", B)) == {("AXB-BIND-012", "403/1012008")}
    assert ask_bind(make(), "+8615000000001", B).x == {X, X2, X3}
    strict = make(axb__area_of_mobile_unknown="1012008")
    assert refused_keys(ask_bind(strict, "+8615000000001", B)) == {("AXB-OPEN-005", "403/1012008")}
    assert ask_bind(make(), FIXED, B).x == {X, X2, X3}


# ── lifetime ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_binding_ends_by_its_duration() -> None:
    oracle = make()
    sub = bind(oracle, A, B, duration=60)
    oracle.advance(59)
    assert sub in oracle.bindings
    oracle.advance(1)
    assert sub not in oracle.bindings
    assert oracle.freed[X, A] == "AXB-LIFE-006"
    assert refused_keys(oracle.expect_unbind({"subscriptionId": sub})) == {("AXB-LIFE-007", "403/1012007")}


def test_changes_on_a_blocked_x_are_a_parameter() -> None:
    for choice, expected in (("success", set()), ("1012102", {("COM-OPEN-074", "403/1012102")})):
        oracle = make(binding__blocked_x_changes=choice)
        sub = bind(oracle, A, B)
        oracle.status[X] = "9"
        assert refused_keys(oracle.expect_unbind({"relationNum": X})) == expected
        assert refused_keys(oracle.expect_modify({"subscriptionId": sub, "callDirection": 1})) == expected
        oracle.status[X] = "11"
        with pytest.raises(Undecided):
            oracle.expect_unbind({"subscriptionId": sub})


def test_the_instant_of_expiry_is_a_parameter() -> None:
    alive, open_ = make(binding__expiry_instant="alive"), make(unsettled=("binding.expiry_instant",))
    for oracle in (alive, open_):
        bind(oracle, A, B, duration=60)
    alive.advance(60)
    assert alive.bindings
    alive.advance(1)
    assert not alive.bindings
    assert not open_.decided_at(START + 60)
    with pytest.raises(Undecided):
        open_.advance(60)


def test_modify_restarts_lifts_and_leaves_the_countdown() -> None:
    oracle = make()
    sub = bind(oracle, A, B, duration=60)
    oracle.advance(30)
    oracle.record_modify({"subscriptionId": sub, "callDirection": 1})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (START + 60, "AXB-LIFE-005")
    oracle.record_modify({"subscriptionId": sub, "duration": 60})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (START + 90, "AXB-LIFE-003")
    oracle.record_modify({"subscriptionId": sub, "duration": 0})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (None, "AXB-LIFE-004")


# ── unbind, query, modify ────────────────────────────────────────────────────────────────────────────────────────────


def test_unbind_by_every_selector() -> None:
    oracle = make()
    one, two, other = bind(oracle, A, B), bind(oracle, C, D), bind(oracle, A, B, X2)
    assert [b.subscription_id for b in oracle.expect_unbind({"relationNum": X}).bindings] == [one, two]
    both = oracle.expect_unbind({"relationNum": X, "subscriptionId": other})
    assert [b.subscription_id for b in both.bindings] == [other]
    assert refused_keys(oracle.expect_unbind({"relationNum": X3})) == {("AXB-UNBIND-004", "403/1012007")}
    assert refused_keys(oracle.expect_unbind({"relationNum": FOREIGN})) == {("AXB-UNBIND-005", "403/1012001")}
    assert refused_keys(oracle.expect_unbind({})) == {("AXB-UNBIND-002", "403/1012001")}
    oracle.record_unbind(both.bindings, "AXB-UNBIND-003")
    assert oracle.freed[X2, A] == "AXB-UNBIND-007"


def test_query_by_every_selector() -> None:
    oracle = make()
    one, two = bind(oracle, A, B), bind(oracle, C, D)
    shown = {
        "X": {"relationNum": X},
        "A": {"relationNum": X, "callerNum": A},
        "B": {"relationNum": X, "calleeNum": B},
        "sub": {"subscriptionId": one, "relationNum": FOREIGN},
    }
    found = {name: [b.subscription_id for b in oracle.expect_query(q).bindings] for name, q in shown.items()}
    assert found == {"X": [one, two], "A": [one], "B": [one], "sub": [one]}
    assert refused_keys(oracle.expect_query({"relationNum": X, "callerNum": B})) == {("AXB-QUERY-005", "403/1012007")}
    assert oracle.expect_query({"relationNum": X, "pageIndex": "2"}).may_be_empty
    other = make()
    other.record_bind({"callerNum": A, "calleeNum": B}, "other", FOREIGN)
    oracle.neighbours.append(other)
    assert refused_keys(oracle.expect_query({"subscriptionId": "other"})) == {("AXB-QUERY-007", "403/1012007")}


def test_modify_moves_numbers() -> None:
    oracle = make()
    sub = bind(oracle, A, B)
    bind(oracle, C, "+8613800000009")
    ask = {"subscriptionId": sub}
    assert refused_keys(oracle.expect_modify(ask | {"callerNum": C})) == {("AXB-MODIFY-102", "403/1012010")}
    assert oracle.expect_modify(ask | {"callerNum": B, "calleeNum": A}).requirement == "AXB-MODIFY-003"
    with pytest.raises(Undecided):
        oracle.expect_modify(ask | {"callerNum": B, "calleeNum": D})
    oracle.record_modify(ask | {"callerNum": D})
    assert (oracle.bindings[sub].a, oracle.freed[X, A]) == (D, "AXB-MODIFY-003")
    swap = make(axb__modify_swap="1012010")
    sub = bind(swap, A, B)
    assert refused_keys(swap.expect_modify({"subscriptionId": sub, "callerNum": B, "calleeNum": A})) == {
        ("AXB-OPEN-014", "403/1012010")
    }


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+8613800000001", "mobile"),
        ("+8612800000001", "mobile"),
        ("+861280000001", "malformed"),
        ("+8675506660001", "fixed_line"),
        ("13800000001", "malformed"),
        ("+8675526660001", "fixed_line"),
        ("+86755266600011", "malformed"),
        ("+861066600001", "fixed_line"),
        ("+864001234567", "service"),
        ("95555", "service"),
        ("", "malformed"),
    ],
)
def test_kinds_of_numbers(number: str, kind: str) -> None:
    assert kind_of(number) == kind


def test_areas() -> None:
    assert area_of_fixed_line("+8675526660001") == "0755"
    assert area_of_fixed_line("+861066600001") == "010"
    assert home_area("+8613812345678", {"+86138": "010", "+861381": "020"}) == "020"
