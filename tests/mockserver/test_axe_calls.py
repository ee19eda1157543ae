from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from tests.mockserver.axe_rig import X2, AxeRig
from tests.mockserver.rig import FIXED, A, B, C, D, X

from privnum import contracts
from privnum.mockserver.errors import ControlError
from privnum.mockserver.modes.axe import CALL_TABLE, ENTRY_TABLE

HOUR = 3600
WRONG = "9998"


def world(**more: Any) -> AxeRig:
    """Return a world in which A has extension 0042 on X."""
    rig = AxeRig(**more)
    rig.bound(A, extendNum="0042", bindExpiredTime=0)
    return rig


# ── who reaches whom ──


def test_each_extension_reaches_its_own_a() -> None:
    """AXE-CALL-001, AXE-CALL-002, AXE-CALL-009, AXE-CALL-014, AXE-BIND-032."""
    rig = AxeRig()
    told = {a: rig.granted(a)["extendNum"] for a in (A, B, FIXED)}
    other = rig.granted(B, X2)["extendNum"]
    assert {a: rig.reached(C, digits) for a, digits in told.items()} == {a: a for a in told}
    assert rig.reached(A, other, X2) == B
    call = rig.look(rig.dial(C, told[A], wait=20))
    assert call["displayed"] == X
    assert call["extension"] == told[A]
    assert call["collected"] == [told[A]]
    assert call["played"] == ["extension_prompt"]


def test_the_timeline_of_a_call_to_a() -> None:
    """AXE-EVENT-001 to AXE-EVENT-006, 008 to 011; AXE-CALL-011."""
    rig = world()
    callee = {"ring_after": 3, "answer_after": 4, "hang_up_after": 50_000}
    call_id = rig.dial(C, "0042", digits_after=5, callee=callee)
    assert rig.look(call_id)["state"] == "collecting"
    rig.advance(60_000)
    call = rig.look(call_id)
    times = [call[f"{name}_at"][11:19] for name in ("started", "forwarded", "alerting", "answered", "ended")]
    assert times == ["00:00:00", "00:00:05", "00:00:08", "00:00:12", "13:53:32"]
    assert rig.kinds() == ["callin", "collectInfo", "callout", "alerting", "answer", "disconnect"]
    infos = [event["statusInfo"] for event in rig.events()]
    assert len({info["sessionId"] for info in infos}) == 1
    assert [info.get("subscriptionId") is not None for info in infos] == [False, False, True, True, True, True]
    assert infos[0].items() >= {"caller": C, "called": X}.items()
    assert set(infos[1]) == {"sessionId", "timestamp", "digitInfo"}
    assert infos[1]["digitInfo"] == "0042"
    assert infos[1]["timestamp"] == "2026-03-01 00:00:05"
    assert infos[2].items() >= {"caller": X, "called": A}.items()
    assert infos[-1]["stateCode"] == 0


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("busy", 8102),
        ("no_answer", 8101),
        ("reject", 7503),
        ("powered_off", 8104),
        ("out_of_service", 8105),
        ("not_exist", 8100),
        ("unreachable", 8103),
        ("silent", 8035),
    ],
)
def test_the_ways_a_call_can_fail(behaviour: str, cause: int) -> None:
    """AXE-CALL-012, AXE-EVENT-012, AXE-CALLBACK-001."""
    rig = world()
    call_id = rig.dial(C, "0042", wait=91, callee={"behaviour": behaviour})
    rig.advance(1)
    assert rig.look(call_id)["release_cause"] == cause
    assert "answer" not in rig.kinds()
    assert rig.reached(A) == C


@pytest.mark.parametrize(("after", "cause"), [(1, 7516), (3, 7501), (5, 7502), (10, 0)])
def test_the_caller_hangs_up(after: int, cause: int) -> None:
    """AXE-CALL-006, AXE-CALL-012."""
    by_itself, told = world(), world()
    call_id = by_itself.dial(C, "0042", wait=after, caller_hangs_up_after=after)
    assert by_itself.look(call_id)["release_cause"] == cause
    call_id = told.dial(C, "0042", wait=after)
    told.world.hang_up(call_id, "caller")
    assert told.look(call_id)["release_cause"] == cause
    assert told.world.agenda.next_due() is None or cause


def test_nobody_else_is_there_while_digits_are_collected() -> None:
    """AXE-CALL-006."""
    rig = world()
    call_id = rig.dial(C)
    with pytest.raises(ControlError) as refused:
        rig.world.hang_up(call_id, "callee")
    assert refused.value.status == 409


@pytest.mark.parametrize(("status", "cause"), [("9", 8055), ("10", 8055), ("11", None), ("5", None)])
def test_the_status_of_x_decides_whether_it_carries_calls(status: str, cause: int | None) -> None:
    """AXE-CALL-013."""
    rig = world()
    rig.world.numbers[X].status = status
    assert rig.reached(C, "0042") == (cause or A)
    assert rig.reached(A) == (cause or C)


def test_unbind_and_expiry_do_not_cut_a_call() -> None:
    """AXE-CALL-010, AXE-CALL-004, AXE-UNBIND-006."""
    rig = AxeRig()
    rig.bound(A, extendNum="0042", bindExpiredTime=1)
    rig.bound(B, extendNum="0043")
    calls = [rig.dial(C, digits, wait=20) for digits in ("0042", "0043")]
    rig.unbind(virtualNum=X, extendNum="0043")
    rig.advance(2 * HOUR)
    assert [rig.look(call)["state"] for call in calls] == ["answered", "answered"]
    assert [rig.reached(D, digits) for digits in ("0042", "0043")] == [8022, 8022]


def test_a_call_takes_its_terms_from_the_binding_of_the_extension() -> None:
    """AXE-CDR-001 to AXE-CDR-010."""
    rig = AxeRig()
    sub = rig.bound(A, extendNum="0042", recordFlag=True, userData="mine")
    call_id = rig.dial(C, "0042", wait=20)
    rig.unbind(subscriptionId=sub)
    rig.world.hang_up(call_id, "callee")
    rig.advance(0)
    (fee,) = rig.cdrs()
    expected = {
        "direction": 0,
        "serviceType": "005",
        "bindNum": X,
        "subscriptionId": sub,
        "extendNumber": "0042",
        "callerNum": C,
        "calleeNum": X,
        "fwdDisplayNum": X,
        "fwdDstNum": A,
        "ulFailReason": 0,
        "recordFlag": 1,
        "userData": "mine",
        "callInTime": "2026-03-01 00:00:00",
        "fwdStartTime": "2026-03-01 00:00:02",
    }
    assert fee.items() >= expected.items()
    assert contracts.validator("axe/cdr", strict=True).problems({"eventType": "fee", "feeLst": [fee]}) == []


# ── collecting ──


@pytest.mark.parametrize(
    ("repeats", "digits", "reached", "played", "ends"),
    [
        (0, ["0042"], A, [], 2),
        (0, [WRONG, "0042"], 8022, ["wrong_extension"], 2),
        (1, [WRONG, "0042"], A, ["wrong_extension"], 4),
        (2, [WRONG, "1", "0042"], A, ["wrong_extension"] * 2, 6),
        (1, [WRONG, "1", "0042"], 8022, ["wrong_extension"] * 2, 4),
        (0, [], 8033, ["no_extension"], 10),
        (0, [""], 8033, ["no_extension"], 10),
        (2, [], 8033, ["extension_prompt"] * 2 + ["no_extension"], 30),
        (1, ["", "0042"], A, ["extension_prompt"], 12),
        (1, [WRONG], 8033, ["wrong_extension", "no_extension"], 12),
        (1, ["", WRONG], 8022, ["extension_prompt", "wrong_extension"], 12),
        (10, ["*"] * 11, 8022, ["wrong_extension"] * 11, 22),
    ],
)
def test_prompts_are_repeated_as_the_application_is_set(
    repeats: int, digits: list[str], reached: object, played: list[str], ends: int
) -> None:
    """AXE-CALL-003, 005, 007; AXE-CALLBACK-013."""
    rig = world(repeat_collections=repeats)
    call_id = rig.dial(C, digits, wait=ends - 1)
    assert rig.look(call_id)["state"] == "collecting"
    rig.advance(1)
    call = rig.look(call_id)
    assert (call["forwarded_to"] or call["release_cause"]) == reached
    assert call["played"] == ["extension_prompt", *played]
    assert call["collected"] == [entry for entry in digits[: repeats + 1] if entry]
    entered = [event["statusInfo"]["digitInfo"] for event in rig.events() if event["eventType"] == "collectInfo"]
    assert entered == [entry for entry in digits[: repeats + 1] if entry]
    if reached != A:
        assert rig.reached(A) == 8019


@pytest.mark.parametrize(("after", "reached"), [(0, A), (10, A), (11, 8033)])
def test_digits_that_come_too_late_are_not_entered(after: int, reached: object) -> None:
    """AXE-CALL-005."""
    rig = world()
    call = rig.look(rig.dial(C, "0042", wait=10, digits_after=after))
    assert (call["forwarded_to"] or call["release_cause"]) == reached
    assert call["collected"] == (["0042"] if reached == A else [])


@pytest.mark.parametrize(
    ("reading", "digits", "reached", "told"),
    [
        ("first", "00429", A, "0042"),
        ("first", "0042#", A, "0042"),
        ("wrong", "00429", 8022, "00429"),
        ("wrong", "0042", A, "0042"),
        ("first", "042", 8022, "042"),
    ],
)
def test_surplus_digits(reading: str, digits: str, reached: object, told: str) -> None:
    """AXE-OPEN-045."""
    rig = world(assumptions={"axe.surplus_digits": reading})
    assert rig.reached(C, digits) == reached
    assert rig.events()[1]["statusInfo"]["digitInfo"] == told


@pytest.mark.parametrize(
    ("assumptions", "digits", "told"),
    [
        ({}, ["1", "", "0042"], ["1", "0042"]),
        ({"axe.wrong_extension_events": "last"}, ["1", "2", "0042"], ["0042"]),
        ({"axe.wrong_extension_events": "last"}, ["1", "2", "3"], ["3"]),
        ({"axe.wrong_extension_events": "last"}, ["1", "2"], ["2"]),
        ({"axe.wrong_extension_events": "last"}, [], []),
        ({"axe.empty_extension_event": "empty"}, ["", "1"], ["", "1", ""]),
        ({"axe.empty_extension_event": "empty", "axe.wrong_extension_events": "last"}, ["1"], [""]),
    ],
)
def test_what_is_told_of_the_digits(assumptions: dict[str, str | int], digits: list[str], told: list[str]) -> None:
    """AXE-OPEN-025, AXE-OPEN-026."""
    rig = world(assumptions=assumptions, repeat_collections=2)
    call_id = rig.dial(C, digits, wait=20)
    if rig.look(call_id)["state"] == "answered":
        rig.world.hang_up(call_id, "caller")
    rig.advance(20)
    infos = [event["statusInfo"] for event in rig.events() if event["eventType"] == "collectInfo"]
    assert [info["digitInfo"] for info in infos] == told
    kinds = rig.kinds()
    assert kinds[0] == "callin"
    assert kinds[-1] == "disconnect"
    assert "callout" not in kinds or kinds.index("callout") == kinds.index("collectInfo") + len(told)


def test_a_caller_who_hangs_up_is_told_of_with_what_he_entered() -> None:
    """AXE-OPEN-025."""
    rig = world(assumptions={"axe.wrong_extension_events": "last"}, repeat_collections=2)
    rig.dial(C, ["1", "2"], caller_hangs_up_after=5, wait=5)
    assert rig.kinds() == ["callin", "collectInfo", "disconnect"]
    assert rig.cdrs()[0].items() >= {"direction": 2, "ulFailReason": 7516, "subscriptionId": ""}.items()


@pytest.mark.parametrize(
    ("assumptions", "digits", "cause", "seconds"),
    [
        ({"axe.repeats_of_silence": "no"}, [], 8033, 10),
        ({"axe.repeats_of_silence": "no"}, ["1", "", "0042"], 8033, 12),
        ({"axe.mixed_failures_cause": "wrong_extension"}, ["1", "2"], 8022, 14),
        ({"axe.mixed_failures_cause": "wrong_extension"}, [], 8033, 30),
        ({"axe.mixed_failures_cause": "last"}, ["1", "2"], 8033, 14),
    ],
)
def test_open_ends_of_a_collection(
    assumptions: dict[str, str | int], digits: list[str], cause: int, seconds: int
) -> None:
    """AXE-OPEN-043, AXE-OPEN-044."""
    rig = world(assumptions=assumptions, repeat_collections=2)
    call = rig.look(rig.dial(C, digits, wait=seconds))
    assert call["release_cause"] == cause
    assert call["ended_at"] == f"2026-03-01T00:00:{seconds:02d}Z"


@pytest.mark.parametrize(
    ("reading", "digits", "present"),
    [("absent", "1234", None), ("present", "1234", "1234"), ("present", "1#", None), ("present", "12345", "1234")],
)
def test_the_cdr_of_a_wrong_extension(reading: str, digits: str, present: str | None) -> None:
    """AXE-CDR-003, AXE-CDR-004, AXE-OPEN-048."""
    rig = world(assumptions={"axe.cdr_extension_of_failed": reading})
    rig.reached(C, digits)
    (fee,) = rig.cdrs()
    assert (fee["direction"], fee["ulFailReason"], fee.get("extendNumber")) == (2, 8022, present)


@pytest.mark.parametrize(("reading", "shown"), [("absent", None), ("present", "0042")])
def test_the_cdr_of_a_call_back(reading: str, shown: str | None) -> None:
    """AXE-OPEN-050; the driver tells of no extension by which A was put through."""
    rig = world(assumptions={"axe.cdr_extension_of_callback": reading})
    rig.reached(C, "0042")
    call = rig.dial(A, callee={"behaviour": "answer", "hang_up_after": 5}, wait=20)
    assert (rig.look(call)["forwarded_to"], rig.look(call)["extension"]) == (C, None)
    assert [fee.get("extendNumber") for fee in rig.cdrs()] == ["0042", shown]


@pytest.mark.parametrize(("reading", "direction"), [(2, 2), (0, 0)])
def test_the_direction_without_an_extension(reading: int, direction: int) -> None:
    """AXE-OPEN-047."""
    rig = world(assumptions={"axe.cdr_direction_without_extension": reading})
    assert rig.reached(C) == 8033
    assert rig.reached(FIXED) == 8023
    rig.dial(C, caller_hangs_up_after=1, wait=1)
    assert [fee["direction"] for fee in rig.cdrs()] == [direction] * 3
    assert all("extendNumber" not in fee for fee in rig.cdrs())


def test_the_extension_stands_in_the_field_that_the_world_reads() -> None:
    """AXE-OPEN-027."""
    rig = world(assumptions={"axe.cdr_extension_field": "extendNum"})
    rig.reached(C, "0042")
    assert rig.cdrs()[0]["extendNum"] == "0042"


def test_the_real_caller_is_intercepted() -> None:
    """AXE-OPEN-015."""
    rig = AxeRig(assumptions={"axe.display_real_caller": "intercept"})
    sub = rig.bound(A, extendNum="0042", displayNumMode=1)
    assert rig.reached(C, "0042") == 8024
    assert rig.kinds() == ["callin", "collectInfo", "disconnect"]
    assert rig.reached(A) == 8019
    rig.modified(sub, displayNumMode="0")
    assert rig.reached(C, "0042") == A


@pytest.mark.parametrize(
    ("reading", "kinds"), [("callin_disconnect", ["callin", "disconnect"]), ("disconnect_only", ["disconnect"])]
)
def test_events_of_a_call_that_is_refused_at_once(reading: str, kinds: list[str]) -> None:
    """AXB-OPEN-017."""
    rig = world(assumptions={"call.refused_events": reading})
    assert rig.reached(FIXED) == 8023
    assert rig.reached(A) == 8019
    assert rig.kinds() == kinds * 2
    rig.reached(C, WRONG)
    assert rig.kinds()[2 * len(kinds) :] == ["callin", "collectInfo", "disconnect"]


# ── call-back ──


def test_a_reaches_his_latest_caller() -> None:
    """AXE-CALLBACK-001 to AXE-CALLBACK-003, 011, 013; AXE-EVENT-002."""
    rig = AxeRig()
    rig.bound(A, extendNum="0001")
    rig.bound(B, extendNum="0002")
    assert rig.reached(A) == 8019
    rig.reached(C, "0001")
    rig.reached(D, "0001")
    rig.reached(C, "0002")
    rig.reached(C, "0003")
    rig.received.clear()
    assert rig.reached(A) == D
    assert rig.kinds() == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert rig.reached(B) == C
    rig.unbind(virtualNum=X, extendNum="0001")
    assert rig.reached(A) == 8033
    rig.bound(A, extendNum="0001")
    assert rig.reached(A) == 8019


def test_the_events_and_the_cdr_of_a_call_back() -> None:
    """AXE-EVENT-004 to AXE-EVENT-006, AXE-CALLBACK-012, AXE-OPEN-028, AXE-OPEN-046."""
    rig = AxeRig()
    sub = rig.bound(A, extendNum="0042", userData="mine")
    rig.reached(C, "0042")
    rig.received.clear()
    rig.reached(A)
    infos = [event["statusInfo"] for event in rig.events()]
    assert infos[0].items() >= {"caller": A, "called": X, "userData": "mine"}.items()
    assert "subscriptionId" not in infos[0]
    assert infos[1].items() >= {"caller": X, "called": C, "subscriptionId": sub}.items()
    (fee,) = rig.cdrs()
    wanted = {"direction": 1, "subscriptionId": sub, "callerNum": A, "calleeNum": X, "fwdDstNum": C, "fwdDisplayNum": X}
    assert fee.items() >= wanted.items()
    assert "extendNumber" not in fee
    call = rig.world.call_engine.view()[-1]
    assert (call["extension"], call["collected"], call["played"]) == (None, [], [])


@pytest.mark.parametrize(
    ("assumption", "reading", "wanted"),
    [
        ("axe.cdr_direction_of_callback", 0, {"direction": 0}),
        ("axe.cdr_direction_of_callback", 2, {"direction": 2}),
    ],
)
def test_the_direction_of_a_call_back(assumption: str, reading: int, wanted: dict[str, int]) -> None:
    """AXE-OPEN-028."""
    rig = world(assumptions={assumption: reading})
    rig.reached(C, "0042")
    rig.reached(A)
    assert rig.cdrs()[1].items() >= wanted.items()


@pytest.mark.parametrize(("reading", "directions"), [("role", [1, 1, 2]), ("abnormal", [2, 2, 2])])
def test_the_direction_of_a_refused_call_back(reading: str, directions: list[int]) -> None:
    """AXB-OPEN-022."""
    rig = world(assumptions={"cdr.direction_of_refused": reading})
    rig.bound(FIXED)
    assert [rig.reached(A), rig.reached(FIXED), rig.reached("+8675526660009")] == [8019, 8023, 8023]
    assert [fee["direction"] for fee in rig.cdrs()] == directions


def test_user_data_may_be_absent_from_the_callin_of_a_call_back() -> None:
    """AXE-OPEN-046."""
    rig = AxeRig(assumptions={"axe.callin_user_data": "absent"})
    rig.bound(userData="mine")
    rig.reached(A)
    assert "userData" not in rig.events()[0]["statusInfo"]


BY_BINDING: tuple[dict[str, str], ...] = ({}, {"callbackNum": D}, {"callbackTone": "t.wav"})
BY_APP = (None, {"transfer": FIXED}, {"play": "app.wav"})


@pytest.mark.parametrize(("binding", "app"), list(product(BY_BINDING, BY_APP)))
@pytest.mark.parametrize("cause", [8019, 0])
def test_without_a_record_the_binding_and_then_the_application_decide(
    binding: dict[str, str], app: dict[str, str] | None, cause: int
) -> None:
    """AXE-CALLBACK-004 to AXE-CALLBACK-007, AXE-OPEN-024."""
    rig = AxeRig(no_record=app, assumptions={"axe.tone_cause": cause})
    fields: dict[str, Any] = {**binding}
    rig.bound(A, **fields)
    settled = binding or app or {}
    number = settled.get("callbackNum") or settled.get("transfer")
    tone = settled.get("callbackTone") or settled.get("play")
    call = rig.look(rig.dial(A))
    assert call["forwarded_to"] == number
    assert call["played"] == ([tone] if tone else [])
    assert call["release_cause"] == (None if number else cause if tone else 8019)
    assert call["displayed"] == (X if number else None)


def test_callback_num_wins_over_callback_tone_until_it_is_cleared() -> None:
    """AXE-MODIFY-004, AXE-MODIFY-005."""
    rig = AxeRig()
    sub = rig.bound(A, callbackTone="t.wav")
    rig.modified(sub, callbackNum=D)
    assert rig.reached(A) == D
    rig.modified(sub, callbackNum="")
    assert rig.look(rig.dial(A))["played"] == ["t.wav"]
    rig.modified(sub, callbackTone="")
    assert rig.reached(A) == 8019


def test_a_fixed_line_cannot_call_back() -> None:
    """AXE-CALLBACK-009, AXE-CALL-008."""
    rig = AxeRig()
    rig.bound(FIXED, extendNum="0042", callbackNum=D)
    assert rig.reached(FIXED) == 8023
    assert rig.reached(C, "0042") == FIXED
    assert rig.reached(FIXED) == 8023
    assert rig.reached("+8675526660009") == 8023


@pytest.mark.parametrize(("unit", "seconds"), [({}, 2 * HOUR), ({"timeUnit": "1"}, 120)])
@pytest.mark.parametrize(("reading", "at_the_end"), [("gone", D), ("alive", C)])
def test_a_record_expires(unit: dict[str, Any], seconds: int, reading: str, at_the_end: str) -> None:
    """AXE-CALLBACK-008."""
    rig = AxeRig(assumptions={"binding.expiry_instant": reading})
    rig.bound(A, extendNum="0042", callbackNum=D, bindExpiredTime=100, callbackExpiredTime=2, **unit)
    rig.look(rig.dial(C, "0042", digits_after=0, callee={"behaviour": "busy"}))
    rig.advance(seconds - 1)
    assert rig.look(rig.dial(A))["forwarded_to"] == C
    rig.advance(1)
    assert rig.look(rig.dial(A))["forwarded_to"] == at_the_end
    rig.advance(1)
    assert rig.look(rig.dial(A))["forwarded_to"] == D


@pytest.mark.parametrize(
    ("assumptions", "fields", "reached"),
    [
        ({}, {}, C),
        ({}, {"callbackExpiredTime": 0}, C),
        ({"axe.callback_expired_zero": "no_record"}, {}, 8019),
        ({"axe.callback_expired_zero": "no_record"}, {"callbackExpiredTime": 0}, 8019),
        ({"axe.callback_expired_zero": "no_record"}, {"callbackExpiredTime": 150}, C),
        ({"axe.callback_expired_default": 24}, {}, 8019),
        ({"axe.callback_expired_default": 24}, {"callbackExpiredTime": 0}, C),
    ],
)
def test_a_record_without_a_lifetime_of_its_own(
    assumptions: dict[str, str | int], fields: dict[str, Any], reached: object
) -> None:
    """AXE-OPEN-002, AXE-OPEN-003."""
    rig = AxeRig(assumptions=assumptions)
    rig.bound(A, extendNum="0042", bindExpiredTime=200, **fields)
    rig.reached(C, "0042")
    rig.advance(100 * HOUR)
    assert rig.reached(A) == reached


@pytest.mark.parametrize(("reading", "records"), [("transfer", [C, C]), ("answer", [8019, C])])
def test_when_a_record_is_written(reading: str, records: list[object]) -> None:
    """AXE-OPEN-022."""
    rig = world(assumptions={"axe.record_written": reading})
    call_id = rig.dial(C, "0042", wait=6)
    seen = [rig.reached(A)]
    rig.advance(10)
    assert rig.look(call_id)["state"] == "answered"
    assert [*seen, rig.reached(A)] == records


def test_a_record_of_an_answer_after_the_unbind_is_nobodys() -> None:
    """AXE-CALLBACK-011."""
    rig = world(assumptions={"axe.record_written": "answer"})
    rig.dial(C, "0042", wait=3)
    rig.unbind(virtualNum=X, extendNum="0042")
    rig.bound(A, extendNum="0042")
    rig.advance(10)
    assert rig.reached(A) == 8019


@pytest.mark.parametrize(("reading", "reached"), [("no", 8019), ("yes", C)])
def test_whether_a_call_back_renews_its_record(reading: str, reached: object) -> None:
    """AXE-OPEN-023."""
    rig = AxeRig(assumptions={"axe.callback_refreshes_record": reading})
    rig.bound(A, extendNum="0042", callbackExpiredTime=2)
    rig.reached(C, "0042")
    rig.advance(HOUR)
    rig.reached(A)
    rig.advance(HOUR + HOUR // 2)
    assert rig.reached(A) == reached


def test_a_call_back_does_not_renew_the_record_of_an_earlier_caller() -> None:
    """AXE-CALLBACK-002, AXE-OPEN-023."""
    rig = world(assumptions={"axe.callback_refreshes_record": "yes", "axe.record_written": "answer"})
    rig.reached(C, "0042")
    rig.dial(D, "0042", wait=5)
    rig.dial(A, wait=15)
    assert rig.reached(A) == D


@pytest.mark.parametrize(
    ("reading", "modify", "reached"),
    [
        ("later", {"callbackExpiredTime": 50}, 8019),
        ("existing", {"callbackExpiredTime": 50}, C),
        ("later", {"userData": "x"}, 8019),
        ("existing", {"userData": "x"}, 8019),
    ],
)
def test_which_records_a_modify_is_about(reading: str, modify: dict[str, Any], reached: object) -> None:
    """AXE-OPEN-037."""
    rig = AxeRig(assumptions={"axe.callback_expiry_change": reading})
    sub = rig.bound(A, extendNum="0042", callbackExpiredTime=2)
    rig.reached(C, "0042")
    rig.modified(sub, **modify)
    rig.advance(3 * HOUR)
    assert rig.reached(A) == reached
    rig.reached(D, "0042")
    rig.advance(HOUR)
    assert rig.reached(A) == D


@pytest.mark.parametrize(("reading", "reached"), [("as_set", C), ("reinterpreted", 8019)])
def test_the_unit_of_callback_expired_time_after_a_modify(reading: str, reached: object) -> None:
    """AXE-OPEN-021."""
    rig = AxeRig(assumptions={"axe.callback_unit_after_modify": reading})
    sub = rig.bound(A, extendNum="0042", callbackExpiredTime=2)
    rig.modified(sub, timeUnit="1")
    rig.reached(C, "0042")
    rig.advance(HOUR)
    assert rig.reached(A) == reached


# ── stop call, tables, control plane ──


@pytest.mark.parametrize("wait", [1, 3, 20])
def test_a_call_is_stopped_at_any_stage(wait: int) -> None:
    """COM-STOP-001."""
    rig = world(repeat_collections=3)
    call_id = rig.dial(C, "0042", wait=wait)
    session = rig.look(call_id)["session_id"]
    assert rig.stop({"sessionid": session, "signal": "call_stop"}).key == "200/0"
    assert rig.look(call_id)["state"] == "ended"
    rig.advance(100)
    assert rig.kinds().count("disconnect") == 1
    assert rig.stop({"sessionid": session, "signal": "call_stop"}).key == "500/1020152"


def test_the_tables_have_a_row_for_every_situation_and_no_idle_row() -> None:
    calls = product(
        ("open", "closed"),
        ("mobile", "fixed_line", None),
        ("A", "N"),
        ("yes", "no"),
        ("number", "tone", "none"),
        ("transfer", "play", "none"),
    )
    entries = product(("bound", "wrong", "none"), ("0", "1"), ("yes", "no"))
    rules = contracts.requirements()
    for table, situations in ((CALL_TABLE, calls), (ENTRY_TABLE, entries)):
        used = set()
        for situation in situations:
            used.add(next(r for r in table if all(w is None or w == g for w, g in zip(r, situation, strict=False))))
        assert used == set(table)
        assert all(row.rule in rules for row in table)


@pytest.mark.parametrize("message", [{"digits": "1"}, {"digits": []}, {"digits_after": 1}])
def test_an_x_of_another_mode_asks_for_no_digits(message: dict[str, Any]) -> None:
    rig = AxeRig(mode="AXB")
    with pytest.raises(ControlError) as refused:
        rig.world.place_call({"caller": A, "called": X, **message})
    assert (refused.value.status, refused.value.where) == (400, *message)
    rig.world.place_call({"caller": A, "called": X, "digits": None})


def test_a_pair_has_nothing_of_an_extension() -> None:
    rig = AxeRig(mode="AXB")
    seen = rig.world.place_call({"caller": A, "called": X}).view()
    assert not {"extension", "collected", "played"} & set(seen)
    assert contracts.validator("driver/call", strict=True).problems(seen) == []
