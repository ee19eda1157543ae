"""The AXE oracle on bindings: what the contract says, and nothing where the contract is silent."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided
from tests.suites.oracle.assumed import refused_keys
from tests.suites.oracle.axe.helpers import (
    FIXED,
    FOREIGN,
    HOUR,
    MINUTE,
    OTHER,
    START,
    X2,
    A,
    B,
    N,
    X,
    ask_bind,
    bind,
    make,
)

# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_extension_per_a_and_x() -> None:
    oracle = make()
    bind(oracle, A, "0001")
    assert refused_keys(ask_bind(oracle, B, virtualNum=X, extendNum="0001")) == {("AXE-BIND-103", "403/1020167")}
    assert refused_keys(ask_bind(oracle, A, virtualNum=X, extendNum="0002")) == {("AXE-BIND-005", "403/1013102")}
    assert {rule for rule, _ in refused_keys(ask_bind(oracle, A, virtualNum=X, extendNum="0001"))} == {
        "AXE-BIND-103",
        "AXE-BIND-005",
    }
    assert ask_bind(oracle, A, virtualNum=X2, extendNum="0001").extension == "0001"
    assert ask_bind(oracle, B, virtualNum=X).requirement == "AXE-BIND-007"


@pytest.mark.parametrize(
    ("fields", "requirement", "key"),
    [
        ({"virtualNum": FOREIGN}, "AXE-BIND-010", "403/1012001"),
        ({"virtualNum": "+8619900000000"}, "AXE-OPEN-006", "403/1012001"),
        ({"virtualNum": "12345"}, "AXE-OPEN-007", "403/1010002"),
        ({"virtualNum": X, "extendNum": "123"}, "AXE-BIND-104", "403/1010002"),
        ({"virtualNum": X, "extendNum": "0000"}, "AXE-OPEN-012", "403/1010002"),
        ({"virtualNum": X, "callbackTone": "wait.wav", "callbackNum": OTHER}, "AXE-BIND-107", "403/1010002"),
        ({"virtualNum": X, "callbackTone": "no.wav"}, "AXE-BIND-030", "403/1010002"),
        ({"virtualNum": X, "recordFlag": True}, "AXE-OPEN-031", "403/1012012"),
        ({"virtualNum": X, "displayNumMode": 1}, "AXE-OPEN-015", "403/1020178"),
        ({"virtualNum": X, "bindExpiredTime": 721}, "AXE-BIND-108", ""),
        ({"virtualNum": X, "bindExpiredTime": 43201, "timeUnit": "1"}, "AXE-BIND-109", ""),
        ({"virtualNum": X, "bindExpiredTime": 0, "callbackExpiredTime": 169}, "AXE-BIND-111", ""),
        ({"virtualNum": X, "bindExpiredTime": 1, "callbackExpiredTime": 2}, "AXE-BIND-113", ""),
        ({}, "AXE-OPEN-013", "403/1010002"),
        ({"areaCode": "010"}, "AXE-BIND-012", "403/1012008"),
    ],
)
def test_faults_of_a_bind(fields: dict[str, Any], requirement: str, key: str) -> None:
    assert refused_keys(ask_bind(make(recording=False), **fields)) == {(requirement, key)}


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        ({"axe__zero_extension": "accept"}, {"virtualNum": X, "extendNum": "0000"}),
        ({"axe__recording_not_open": "ignore"}, {"virtualNum": X, "recordFlag": "true"}),
        ({"axe__display_real_caller": "intercept"}, {"virtualNum": X, "displayNumMode": "1"}),
        (
            {"axe__callback_expired_default": 24, "axe__callback_default_longer": "as_carried"},
            {"virtualNum": X, "bindExpiredTime": 1},
        ),
        ({"axe__bind_without_x": "any"}, {}),
        ({"numbers__malformed_user": "accept"}, {"bindNum": "12345678", "virtualNum": X}),
    ],
)
def test_other_readings_of_a_bind(choice: dict[str, Any], fields: dict[str, Any]) -> None:
    assert make(recording=False, **choice).expect_bind({"bindNum": A} | fields).ok


def test_times_that_go_together() -> None:
    assert ask_bind(make(), virtualNum=X, bindExpiredTime=0, callbackExpiredTime=168).ok, "0 is no end"
    assert ask_bind(make(), virtualNum=X, callbackExpiredTime=168).ok, "the default is long enough"
    assert ask_bind(make(), virtualNum=X, timeUnit="1", callbackExpiredTime=10080).ok
    default = make(axe__callback_expired_default=24)
    assert ask_bind(default, virtualNum=X, bindExpiredTime=1).ok, "nobody sent a time that is too long"
    refusing = make(axe__callback_expired_default=24, axe__callback_default_longer="1010002")
    too_long = {("AXE-OPEN-055", "403/1010002")}
    assert refused_keys(ask_bind(refusing, virtualNum=X, bindExpiredTime=23)) == too_long
    assert refused_keys(ask_bind(refusing, virtualNum=X, bindExpiredTime=60, timeUnit="1")) == too_long
    assert ask_bind(refusing, virtualNum=X, bindExpiredTime=24).ok
    assert ask_bind(refusing, virtualNum=X, bindExpiredTime=0).ok


def test_numbers_that_cannot_be_bound() -> None:
    service = refused_keys(ask_bind(make(), "+864001234567", virtualNum=X))
    assert service == {("AXE-BIND-027", "403/1010002")}
    assert ask_bind(make(), FIXED, virtualNum=X).requirement == "AXE-BIND-028"
    with pytest.raises(Undecided):
        ask_bind(make(), virtualNum=X, callbackNum="12345678")


def test_a_full_x() -> None:
    oracle = make(digits=1)
    for number in range(1, 10):
        bind(oracle, f"+861390000001{number}", str(number))
    assert refused_keys(ask_bind(oracle, A, virtualNum=X)) == {("AXE-BIND-106", "403/1012008")}


def test_the_platform_picks_an_x() -> None:
    oracle = make()
    assert ask_bind(oracle, areaCode="0755").x == {X}
    assert ask_bind(oracle, areaCode="755", extendNum="0001").extension is None, "of no effect without X"
    assert ask_bind(oracle, areaCode="0757", areaMatchMode="1").x == {X, X2}, "the same province"
    assert ask_bind(oracle, areaCode="010", areaMatchMode="1").x == {X, X2}, "any X"
    assert ask_bind(oracle, areaCode="020", virtualNum=X).requirement == "AXE-BIND-014"
    bind(oracle)
    assert refused_keys(ask_bind(oracle, areaCode="0755")) == {("AXE-OPEN-035", "403/1012008")}
    assert ask_bind(oracle, B, areaCode="0755").x == {X}
    with pytest.raises(Undecided):
        ask_bind(make(axe__extension_with_area="honour"), areaCode="0755", extendNum="0001")


def test_a_blocked_x_takes_no_binding() -> None:
    oracle = make()
    sub = bind(oracle)
    oracle.status[X] = "9"
    assert refused_keys(ask_bind(oracle, B, virtualNum=X)) == {("AXE-BIND-029", "403/1012102")}
    assert oracle.expect_unbind({"subscriptionId": sub}).ok
    strict = make(binding__blocked_x_changes="1012102")
    sub = bind(strict)
    strict.status[X] = "10"
    assert refused_keys(strict.expect_unbind({"subscriptionId": sub})) == {("COM-OPEN-074", "403/1012102")}


# ── lifetime ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "seconds", "rule"),
    [
        ({"bindExpiredTime": 2}, 2 * HOUR, "AXE-LIFE-001"),
        ({"bindExpiredTime": 2, "timeUnit": 1}, 2 * MINUTE, "AXE-LIFE-101"),
        ({"bindExpiredTime": 0}, None, "AXE-LIFE-002"),
        ({}, 168 * HOUR, "AXE-OPEN-001"),
    ],
)
def test_how_long_a_binding_lives(fields: dict[str, Any], seconds: int | None, rule: str) -> None:
    oracle = make()
    sub = bind(oracle, **fields)
    assert oracle.bindings[sub].lifetime == rule
    assert oracle.next_expiry() == (None if seconds is None else START + seconds)
    if seconds is None:
        return
    oracle.advance(seconds - 1)
    assert sub in oracle.bindings
    oracle.advance(1)
    assert oracle.dissolved == {sub: rule}
    assert oracle.freed == {(X, A): "AXE-LIFE-006", (X, "0001"): "AXE-LIFE-006"}
    gone = "AXE-LIFE-007" if rule.startswith("AXE-LIFE") else "AXE-MODIFY-002"
    assert refused_keys(oracle.expect_modify({"subscriptionId": sub})) == {(gone, "403/1016001")}
    assert ask_bind(oracle, virtualNum=X).requirement == "AXE-LIFE-006"


def test_the_instant_of_expiry_is_a_parameter() -> None:
    alive, open_ = make(binding__expiry_instant="alive"), make(unsettled=("binding.expiry_instant",))
    for oracle in (alive, open_):
        bind(oracle, bindExpiredTime=1)
    alive.advance(HOUR)
    assert alive.bindings
    alive.advance(1)
    assert not alive.bindings
    assert not open_.decided_at(START + HOUR)
    open_.advance(HOUR + 1)
    assert not open_.bindings, "a second later it is gone whatever the reading"


def test_modify_of_the_lifetime() -> None:
    oracle = make()
    sub = bind(oracle, bindExpiredTime=2)
    oracle.advance(HOUR)
    oracle.record_modify({"subscriptionId": sub, "userData": "x"})
    assert oracle.next_expiry() == START + 2 * HOUR
    oracle.record_modify({"subscriptionId": sub, "bindExpiredTime": 2})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (START + 3 * HOUR, "AXE-LIFE-003")
    from_bind = make(axe__modify_expiry_start="bind")
    sub = bind(from_bind, bindExpiredTime=5)
    from_bind.advance(2 * HOUR)
    from_bind.record_modify({"subscriptionId": sub, "bindExpiredTime": 3})
    assert from_bind.next_expiry() == START + 3 * HOUR
    from_bind.record_modify({"subscriptionId": sub, "bindExpiredTime": 1})
    assert from_bind.dissolved == {sub: "AXE-LIFE-003"}, "over by then"


@pytest.mark.parametrize(("choice", "left"), [("gone", 0), ("alive", 1)])
def test_a_modify_in_the_very_second_of_the_new_end(choice: str, left: int) -> None:
    """The second counts as every other end does, also where the modify has set it."""
    oracle = make(axe__modify_expiry_start="bind", binding__expiry_instant=choice)
    sub = bind(oracle, bindExpiredTime=5)
    oracle.advance(HOUR)
    oracle.record_modify({"subscriptionId": sub, "bindExpiredTime": 1})
    assert len(oracle.bindings) == left


def test_the_unit_of_a_modify() -> None:
    for choice, seconds in (("hours", 5 * HOUR), ("as_set", 5 * MINUTE)):
        oracle = make(axe__modify_unit_absent=choice)
        sub = bind(oracle, timeUnit="1", bindExpiredTime=600)
        oracle.record_modify({"subscriptionId": sub, "bindExpiredTime": 5})
        assert oracle.next_expiry() == START + seconds
    silent = make(unsettled=("axe.modify_unit_absent",))
    sub = bind(silent, timeUnit="1", bindExpiredTime=600)
    with pytest.raises(Undecided):
        silent.expect_modify({"subscriptionId": sub, "bindExpiredTime": 5})
    assert silent.expect_modify({"subscriptionId": sub, "userData": "x"}).ok


# ── unbind, query, modify ────────────────────────────────────────────────────────────────────────────────────────────


def test_selectors() -> None:
    oracle = make()
    one, two = bind(oracle, A, "0001"), bind(oracle, B, "0002")
    there = {"virtualNum": X, "extendNum": "0002"}
    for ask, rules in (
        (oracle.expect_unbind, ("AXE-UNBIND-001", "AXE-UNBIND-101", "AXE-UNBIND-003")),
        (oracle.expect_query, ("AXE-QUERY-001", "AXE-QUERY-101", "AXE-QUERY-004")),
    ):
        found = [ask(q) for q in ({"subscriptionId": one}, there, {"subscriptionId": one} | there)]
        assert [expected.requirement for expected in found] == list(rules)
        assert [expected.binding and expected.binding.subscription_id for expected in found] == [one, two, one]


def test_what_is_not_found() -> None:
    oracle = make()
    sub = bind(oracle)
    other = make()
    other.record_bind({"bindNum": A}, "theirs", FOREIGN, "0001")
    oracle.neighbours.append(other)
    ask = oracle.expect_query
    assert refused_keys(ask({"subscriptionId": "nobody"})) == {("AXE-QUERY-005", "403/1016001")}
    assert refused_keys(ask({"subscriptionId": "theirs"})) == {("AXE-QUERY-007", "")}
    assert refused_keys(ask({"virtualNum": X, "extendNum": "0002"})) == {("AXE-QUERY-005", "403/1016001")}
    assert refused_keys(ask({"virtualNum": FOREIGN, "extendNum": "0001"})) == {("AXE-OPEN-017", "403/1016001")}
    assert refused_keys(ask({"virtualNum": X, "subscriptionId": ""})) == {("AXE-QUERY-105", "403/1010002")}
    assert refused_keys(oracle.expect_unbind({"extendNum": "0001"})) == {("AXE-UNBIND-002", "403/1010002")}
    assert refused_keys(oracle.expect_modify({"userData": "x"})) == {("AXE-MODIFY-001", "403/1010002")}
    oracle.record_unbind(oracle.bindings[sub], "AXE-UNBIND-001")
    assert oracle.freed[X, "0001"] == "AXE-UNBIND-007"
    assert ask_bind(oracle, B, virtualNum=X, extendNum="0001").requirement == "AXE-UNBIND-007"


def test_modify() -> None:
    oracle = make()
    sub = bind(oracle, callbackTone="wait.wav", bindExpiredTime=10, callbackExpiredTime=5)
    ask = {"subscriptionId": sub}
    assert oracle.expect_modify(ask | {"callbackNum": N, "callbackTone": "hint.wav"}).requirement == "AXE-MODIFY-102"
    assert oracle.expect_modify(ask | {"callbackTone": ""}).requirement == "AXE-MODIFY-103"
    too_long = {("AXE-OPEN-004", "403/1010002")}
    assert refused_keys(oracle.expect_modify(ask | {"callbackExpiredTime": 11})) == too_long
    assert refused_keys(oracle.expect_modify(ask | {"bindExpiredTime": 4})) == too_long
    assert refused_keys(oracle.expect_modify(ask | {"bindExpiredTime": 4, "callbackExpiredTime": 5})) == {
        ("AXE-MODIFY-105", "")
    }
    assert oracle.expect_modify(ask | {"bindExpiredTime": 0}).ok
    assert oracle.expect_modify(ask).requirement == "COM-OPEN-062"
    assert refused_keys(make_nothing_refused().expect_modify(ask)) == {("COM-OPEN-062", "403/1010002")}
    oracle.record_modify(ask | {"callbackTone": "", "callbackNum": N})
    assert (oracle.bindings[sub].text("callbackTone"), oracle.bindings[sub].text("callbackNum")) == ("", N)


@pytest.mark.parametrize(("choice", "ok"), [("accept", True), ("1010002", False), ("as_carried", False)])
def test_a_modify_that_makes_the_default_too_long(choice: str, ok: bool) -> None:
    oracle = make(axe__callback_expired_default=24, axe__callback_default_longer=choice)
    sub = bind(oracle, bindExpiredTime=48)
    assert oracle.expect_modify({"subscriptionId": sub, "bindExpiredTime": 1}).ok is ok
    assert oracle.expect_modify({"subscriptionId": sub, "bindExpiredTime": 30}).ok


def test_a_default_that_is_written_down() -> None:
    """It is at most the lifetime of the bind, in the unit of the bind."""
    oracle = make(axe__callback_expired_default=24, axe__callback_default_longer="as_carried")
    sub = bind(oracle, bindExpiredTime=90, timeUnit="1")
    assert oracle.bindings[sub].callback == (90, "1")


def make_nothing_refused() -> Any:
    oracle = make(binding__modify_nothing="1010002")
    bind(oracle)
    return oracle


def test_nobody_knows_which_unit_counts_after_a_modify_of_it() -> None:
    """A platform may keep one unit for a binding, the latest."""
    oracle = make(axe__modify_unit_absent="as_set")
    sub = bind(oracle)
    oracle.record_modify({"subscriptionId": sub, "timeUnit": "1"})
    with pytest.raises(Undecided):
        oracle.expect_modify({"subscriptionId": sub, "bindExpiredTime": 1})
