"""The AXE oracle on calls: digits, call-backs and their records."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import AxePlan, Undecided
from tests.suites.oracle.axe.helpers import (
    FIXED,
    HOUR,
    MINUTE,
    OTHER,
    START,
    X2,
    A,
    B,
    M,
    N,
    X,
    bind,
    call_result,
    make,
    talk,
)

# ── digits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("repeats", "digits", "end", "causes", "played"),
    [
        (0, ("9999",), 2, {8022}, ["extension_prompt", "wrong_extension"]),
        (0, (), 10, {8033}, ["extension_prompt", "no_extension"]),
        (0, ("9999", "0001"), 2, {8022}, ["extension_prompt", "wrong_extension"]),
        (1, ("9999", "8888"), 4, {8022}, ["extension_prompt", "wrong_extension", "wrong_extension"]),
        (1, (), 20, {8033}, ["extension_prompt", "extension_prompt", "no_extension"]),
        (1, ("9999",), 12, {8033}, ["extension_prompt", "wrong_extension", "no_extension"]),
        (1, ("", "9999"), 12, {8022}, ["extension_prompt", "extension_prompt", "wrong_extension"]),
        (0, ("12",), 2, {8022}, ["extension_prompt", "wrong_extension"]),
    ],
)
def test_calls_in_vain(repeats: int, digits: tuple[str, ...], end: int, causes: set[int], played: list[str]) -> None:
    oracle = make(repeats=repeats)
    bind(oracle)
    call = oracle.expect_call(N, X, AxePlan(digits=digits))
    oracle.record_call(call)
    oracle.advance(end - 1)
    assert call.state(oracle.now) == "collecting"
    oracle.advance(1)
    assert (call.state(oracle.now), set(call.causes), call.played) == ("ended", causes, played)
    assert call.forwarded_to is None


@pytest.mark.parametrize(("repeats", "digits", "at"), [(0, ("0001",), 2), (1, ("9", "0001"), 4), (1, ("", "0001"), 12)])
def test_a_right_extension(repeats: int, digits: tuple[str, ...], at: int) -> None:
    oracle = make(repeats=repeats)
    bind(oracle)
    call = oracle.expect_call(N, X, AxePlan(digits=digits, hang_up_after=10))
    oracle.record_call(call)
    oracle.advance(at - 1)
    assert not call.forwarded
    oracle.advance(1)
    came: tuple[str | None, ...] = (call.forwarded_to, call.extension, call.state(oracle.now))
    assert came == (A, "0001", "forwarded")
    assert call.requirement == ("AXE-CALL-107" if repeats else "AXE-CALL-101")
    oracle.advance(15)
    assert (call.state(oracle.now), call.ends_by - START) == ("ended", at + 15)


def test_readings_of_digits() -> None:
    for choice, reached_by in (("first", A), ("wrong", None)):
        oracle = make(axe__surplus_digits=choice)
        bind(oracle)
        call = oracle.expect_call(N, X, AxePlan(digits=("000142",)))
        oracle.record_call(call)
        oracle.advance(2)
        assert call.forwarded_to == reached_by
    silence = make(repeats=2, axe__repeats_of_silence="no")
    bind(silence)
    call = silence.expect_call(N, X, AxePlan())
    silence.record_call(call)
    silence.advance(10)
    assert call.state(silence.now) == "ended"
    mixed = make(("axe.mixed_failures_cause",), repeats=1)
    bind(mixed)
    call = mixed.expect_call(N, X, AxePlan(digits=("9999",)))
    mixed.record_call(call)
    mixed.advance(12)
    assert call.causes == {8022, 8033}


def test_nobody_knows_who_is_asked_where_nothing_is_bound() -> None:
    """A driver may end such a call at once (calls.nobody)."""
    with pytest.raises(Undecided):
        make().expect_call(N, X, AxePlan())


def test_the_caller_gives_up() -> None:
    oracle = make()
    bind(oracle)
    early = oracle.expect_call(N, X, AxePlan(digits=("0001",), caller_hangs_up_after=1))
    late = oracle.expect_call(N, X, AxePlan(digits=("0001",), caller_hangs_up_after=3))
    by_hand = oracle.expect_call(M, X, AxePlan())
    for call in (early, late, by_hand):
        oracle.record_call(call)
    oracle.advance(1)
    by_hand.hang_up("caller", oracle.now)
    oracle.advance(5)
    assert (set(early.causes), early.requirement) == ({7516}, "AXE-CALL-106")
    assert late.causes == {7501}
    assert by_hand.causes == {7516}
    with pytest.raises(Undecided):
        oracle.expect_call(N, X, AxePlan(digits=("0001",), caller_hangs_up_after=2))


def test_the_binding_counts_when_the_extension_is_entered() -> None:
    oracle = make()
    sub = bind(oracle, bindExpiredTime=1)
    oracle.advance(HOUR - 1)
    call = oracle.expect_call(N, X, AxePlan(digits=("0001",)))
    oracle.record_call(call)
    oracle.advance(2)
    assert (set(call.causes), call.requirement) == ({8022}, "AXE-CALL-104")
    assert sub in oracle.dissolved


def test_a_call_outlives_its_binding() -> None:
    oracle = make()
    sub = bind(oracle)
    call = oracle.expect_call(N, X, AxePlan(digits=("0001",)))
    oracle.record_call(call)
    oracle.advance(3)
    oracle.record_unbind(oracle.bindings[sub], "AXE-UNBIND-001")
    oracle.advance(1000)
    assert call.state(oracle.now) == "answered"


def test_who_is_refused_at_once() -> None:
    oracle = make()
    bind(oracle, FIXED, callbackNum=OTHER)
    assert call_result(oracle, FIXED) == 8023
    assert call_result(oracle, "+8675526660002") == 8023
    oracle.status[X] = "9"
    assert 8055 in oracle.expect_call(N, X, AxePlan()).causes


# ── call-backs ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "setting", "expected", "rule"),
    [
        ({"callbackNum": OTHER}, None, OTHER, "AXE-CALLBACK-104"),
        ({"callbackTone": "wait.wav"}, None, 8019, "AXE-CALLBACK-105"),
        ({}, None, 8019, "AXE-CALLBACK-106"),
        ({}, {"transfer": OTHER}, OTHER, "AXE-CALLBACK-107"),
        ({}, {"play": "hint.wav"}, 8019, "AXE-CALLBACK-107"),
        ({"callbackTone": "wait.wav"}, {"transfer": OTHER}, 8019, "AXE-CALLBACK-105"),
    ],
)
def test_without_a_record(fields: dict[str, Any], setting: dict[str, str] | None, expected: Any, rule: str) -> None:
    oracle = make()
    oracle.around.no_record = setting
    bind(oracle, **fields)
    call = oracle.expect_call(A, X, AxePlan())
    assert (call_result(oracle), call.requirement) == (expected, rule)
    tones = [fields.get("callbackTone") or (setting or {}).get("play", "")]
    assert call.played == [tone for tone in tones if tone]


def test_the_latest_caller_wins_for_each_a() -> None:
    oracle = make()
    bind(oracle, A, "0001", callbackExpiredTime=24)
    bind(oracle, B, "0002", callbackExpiredTime=24)
    bind(oracle, A, "0001", X2, callbackExpiredTime=24)
    talk(oracle, N)
    talk(oracle, M)
    talk(oracle, N, "0002")
    assert (call_result(oracle, A), call_result(oracle, B), call_result(oracle, A, X2)) == (M, N, 8019)
    talk(oracle, N)
    assert call_result(oracle, A) == N


def test_two_callers_in_one_second_are_undecided() -> None:
    oracle = make()
    bind(oracle, callbackExpiredTime=24)
    for caller in (N, M):
        oracle.record_call(oracle.expect_call(caller, X, AxePlan(digits=("0001",))))
    oracle.advance(5)
    with pytest.raises(Undecided):
        call_result(oracle)


@pytest.mark.parametrize(("unit", "seconds"), [("0", 2 * HOUR), ("1", 2 * MINUTE)])
def test_a_record_ends(unit: str, seconds: int) -> None:
    oracle = make()
    bind(oracle, timeUnit=unit, bindExpiredTime=0, callbackExpiredTime=2, callbackNum=OTHER)
    talk(oracle)
    assert oracle.next_expiry() == START + 2 + seconds
    oracle.advance(2 + seconds - 1 - 5)
    assert call_result(oracle) == N
    oracle.advance(1)
    with pytest.raises(Undecided):
        call_result(oracle)
    oracle.advance(1)
    assert (call_result(oracle), oracle.expect_call(A, X, AxePlan()).requirement) == (OTHER, "AXE-CALLBACK-108")


def test_a_record_of_0_and_of_the_default() -> None:
    for assumptions, expected in (
        ({}, N),
        ({"axe__callback_expired_zero": "no_record"}, 8019),
        ({"axe__callback_expired_default": 24}, 8019),
    ):
        oracle = make(**assumptions)
        bind(oracle, bindExpiredTime=0)
        talk(oracle)
        oracle.advance(25 * HOUR)
        assert call_result(oracle) == expected
    silent = make(("axe.callback_expired_zero",))
    bind(silent, callbackExpiredTime=0)
    talk(silent)
    with pytest.raises(Undecided):
        call_result(silent)


def test_when_a_record_is_written() -> None:
    for choice, while_it_rings in (("transfer", N), ("answer", 8019)):
        oracle = make(axe__record_written=choice)
        bind(oracle, callbackExpiredTime=24)
        oracle.record_call(oracle.expect_call(N, X, AxePlan(digits=("0001",), answer_after=60)))
        oracle.advance(10)
        assert call_result(oracle) == while_it_rings
        oracle.advance(60)
        assert call_result(oracle) == N


def test_a_call_that_is_not_answered() -> None:
    for choice, expected in (("transfer", N), ("answer", 8019)):
        oracle = make(axe__record_written=choice)
        bind(oracle, callbackExpiredTime=24)
        oracle.record_call(oracle.expect_call(N, X, AxePlan("busy", digits=("0001",))))
        oracle.advance(10)
        assert call_result(oracle) == expected


def test_a_record_goes_with_its_binding() -> None:
    oracle = make()
    bind(oracle, B, "0002")
    sub = bind(oracle, callbackExpiredTime=24)
    talk(oracle)
    oracle.record_unbind(oracle.bindings[sub], "AXE-UNBIND-001")
    call = oracle.expect_call(A, X, AxePlan())
    assert (call.state(oracle.now), call.requirement) == ("collecting", "AXE-CALLBACK-110")
    bind(oracle, callbackExpiredTime=24)
    assert call_result(oracle) == 8019


def test_a_changed_lifetime_is_for_later_records() -> None:
    for choice, decided in (("later", True), ("existing", False)):
        oracle = make(axe__callback_expiry_change=choice)
        sub = bind(oracle, bindExpiredTime=0, callbackExpiredTime=1)
        talk(oracle)
        oracle.record_modify({"subscriptionId": sub, "callbackExpiredTime": 5})
        oracle.advance(2 * HOUR)
        if decided:
            assert call_result(oracle) == 8019
            talk(oracle)
            oracle.advance(2 * HOUR)
            assert call_result(oracle) == N
        else:
            with pytest.raises(Undecided):
                call_result(oracle)


def test_whether_a_call_back_renews_the_record() -> None:
    for choice, after in (("no", 8019), ("yes", None)):
        oracle = make(axe__callback_refreshes_record=choice)
        bind(oracle, bindExpiredTime=0, callbackExpiredTime=1)
        talk(oracle)
        oracle.advance(HOUR // 2)
        oracle.record_call(oracle.expect_call(A, X, AxePlan()))
        oracle.advance(HOUR)
        if after is None:
            with pytest.raises(Undecided):
                call_result(oracle)
        else:
            assert call_result(oracle) == after


@pytest.mark.parametrize("hours", [0, 1])
def test_a_record_that_is_renewed_with_a_shorter_life_may_end_sooner(hours: int) -> None:
    oracle = make(axe__callback_refreshes_record="yes", axe__callback_expired_zero="no_record")
    sub = bind(oracle, bindExpiredTime=0, callbackExpiredTime=24)
    talk(oracle)
    oracle.record_modify({"subscriptionId": sub, "callbackExpiredTime": hours})
    call_back = oracle.expect_call(A, X, AxePlan())
    assert call_back.forwarded_to == N
    oracle.record_call(call_back)
    oracle.advance(2 * HOUR)
    with pytest.raises(Undecided):
        call_result(oracle)


def test_whether_a_call_without_a_record_leaves_the_one_before() -> None:
    oracle = make(axe__callback_expired_zero="no_record")
    sub = bind(oracle, bindExpiredTime=0, callbackExpiredTime=24)
    talk(oracle)
    oracle.record_modify({"subscriptionId": sub, "callbackExpiredTime": 0})
    talk(oracle, B)
    with pytest.raises(Undecided):
        call_result(oracle)


def test_an_intercepted_call_is_not_followed() -> None:
    oracle = make(axe__display_real_caller="intercept")
    bind(oracle, displayNumMode="1", callbackExpiredTime=24)
    call = oracle.expect_call(N, X, AxePlan(digits=("0001",)))
    oracle.record_call(call)
    oracle.advance(5)
    assert call.lost
    with pytest.raises(Undecided):
        call_result(oracle)


@pytest.mark.parametrize(("choice", "to"), [("number", OTHER), ("tone", 8019)])
def test_a_tone_alone_at_modify_is_an_open_point(choice: str, to: str | int) -> None:
    """AXE-OPEN-064: no documented rule speaks where callbackTone was carried alone beside a callbackNum."""
    oracle = make(axe__modify_tone_beside_number=choice)
    one = {"subscriptionId": bind(oracle, callbackNum=OTHER)}
    oracle.record_modify(one | {"callbackTone": "wait.wav"})
    assert call_result(oracle) == to
    call = oracle.expect_call(A, X, AxePlan())
    assert (call.requirement if call.forwarded else call.cause_requirement) == "AXE-OPEN-064"
    oracle.record_modify(one | {"callbackNum": M})
    assert call_result(oracle) == M
    assert oracle.expect_call(A, X, AxePlan()).requirement == "AXE-MODIFY-102"
    unsettled = make(("axe.modify_tone_beside_number",))
    unsettled.record_modify({"subscriptionId": bind(unsettled, callbackNum=OTHER), "callbackTone": "wait.wav"})
    with pytest.raises(Undecided):
        unsettled.expect_call(A, X, AxePlan())
