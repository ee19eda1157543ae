from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.mockserver.axe_rig import AxeRig, world
from tests.mockserver.rig import FIXED, A, B, C, D, X

HOUR = 3600


def test_a_reaches_his_latest_caller() -> None:
    """AXE-CALLBACK-101 to AXE-CALLBACK-103, 011, 013; AXE-EVENT-101."""
    rig = AxeRig()
    rig.new_binding_id(A, extendNum="0001")
    rig.new_binding_id(B, extendNum="0002")
    assert rig.call_result(A) == 8019
    rig.call_result(C, "0001")
    rig.call_result(D, "0001")
    rig.call_result(C, "0002")
    rig.call_result(C, "0003")
    rig.received.clear()
    assert rig.call_result(A) == D
    assert rig.kinds() == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert rig.call_result(B) == C
    rig.unbind(virtualNum=X, extendNum="0001")
    assert rig.call_result(A) == 8033
    rig.new_binding_id(A, extendNum="0001")
    assert rig.call_result(A) == 8019


@pytest.mark.parametrize(("choice", "while_alone"), [("number", D), ("tone", 8019)])
def test_a_tone_alone_at_modify_rules_as_the_world_reads_it(choice: str, while_alone: str | int) -> None:
    """AXE-OPEN-064: until a callbackNum is carried again, or the tone is cleared; both are shown all the time."""
    rig = AxeRig(assumptions={"axe.modify_tone_beside_number": choice})
    sub = rig.new_binding_id(A, extendNum="0001", callbackNum=D)
    rig.must_modify(sub, userData="mine")
    assert rig.call_result(A) == D
    for settled in ({"callbackNum": D}, {"callbackTone": "", "callbackNum": D}, {"callbackTone": ""}):
        rig.must_modify(sub, callbackTone="wait.wav")
        assert rig.call_result(A) == while_alone
        assert rig.shown_binding(sub).items() >= {"callbackTone": "wait.wav", "callbackNum": D}.items()
        rig.must_modify(sub, **settled)
        assert rig.call_result(A) == D


def test_the_events_and_the_cdr_of_a_call_back() -> None:
    """AXE-EVENT-008 to AXE-EVENT-007, AXE-CALLBACK-112, AXE-OPEN-028, AXE-OPEN-046."""
    rig = AxeRig()
    sub = rig.new_binding_id(A, extendNum="0042", userData="mine")
    rig.call_result(C, "0042")
    rig.received.clear()
    rig.call_result(A)
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
    ("assumption", "choice", "wanted"),
    [
        ("axe.cdr_direction_of_callback", 0, {"direction": 0}),
        ("axe.cdr_direction_of_callback", 2, {"direction": 2}),
    ],
)
def test_the_direction_of_a_call_back(assumption: str, choice: int, wanted: dict[str, int]) -> None:
    """AXE-OPEN-028."""
    rig = world(assumptions={assumption: choice})
    rig.call_result(C, "0042")
    rig.call_result(A)
    assert rig.cdrs()[1].items() >= wanted.items()


@pytest.mark.parametrize(("choice", "directions"), [("role", [1, 1, 2]), ("abnormal", [2, 2, 2])])
def test_the_direction_of_a_refused_call_back(choice: str, directions: list[int]) -> None:
    """COM-OPEN-070."""
    rig = world(assumptions={"cdr.direction_of_refused": choice})
    rig.new_binding_id(FIXED)
    assert [rig.call_result(A), rig.call_result(FIXED), rig.call_result("+8675526660009")] == [8019, 8023, 8023]
    assert [fee["direction"] for fee in rig.cdrs()] == directions


def test_user_data_may_be_absent_from_the_callin_of_a_call_back() -> None:
    """AXE-OPEN-046."""
    rig = AxeRig(assumptions={"axe.callin_user_data": "absent"})
    rig.new_binding_id(userData="mine")
    rig.call_result(A)
    assert "userData" not in rig.events()[0]["statusInfo"]


BY_BINDING: tuple[dict[str, str], ...] = ({}, {"callbackNum": D}, {"callbackTone": "t.wav"})
BY_APP = (None, {"transfer": FIXED}, {"play": "app.wav"})


@pytest.mark.parametrize(("binding", "app"), list(product(BY_BINDING, BY_APP)))
@pytest.mark.parametrize("cause", [8019, 0])
def test_without_a_record_the_binding_and_then_the_application_decide(
    binding: dict[str, str], app: dict[str, str] | None, cause: int
) -> None:
    """AXE-CALLBACK-104 to AXE-CALLBACK-107, AXE-OPEN-024."""
    rig = AxeRig(no_record=app, assumptions={"axe.tone_cause": cause})
    fields: dict[str, Any] = {**binding}
    rig.new_binding_id(A, **fields)
    settled = binding or app or {}
    number = settled.get("callbackNum") or settled.get("transfer")
    tone = settled.get("callbackTone") or settled.get("play")
    call = rig.look(rig.dial(A))
    assert call["forwarded_to"] == number
    assert call["played"] == ([tone] if tone else [])
    assert call["release_cause"] == (None if number else cause if tone else 8019)
    assert call["displayed"] == (X if number else None)


def test_callback_num_wins_over_callback_tone_until_it_is_cleared() -> None:
    """AXE-MODIFY-102, AXE-MODIFY-103."""
    rig = AxeRig()
    sub = rig.new_binding_id(A, callbackTone="t.wav")
    rig.must_modify(sub, callbackNum=D)
    assert rig.call_result(A) == D
    rig.must_modify(sub, callbackNum="")
    assert rig.look(rig.dial(A))["played"] == ["t.wav"]
    rig.must_modify(sub, callbackTone="")
    assert rig.call_result(A) == 8019


def test_a_fixed_line_cannot_call_back() -> None:
    """AXE-CALLBACK-109, AXE-CALL-007."""
    rig = AxeRig()
    rig.new_binding_id(FIXED, extendNum="0042", callbackNum=D)
    assert rig.call_result(FIXED) == 8023
    assert rig.call_result(C, "0042") == FIXED
    assert rig.call_result(FIXED) == 8023
    assert rig.call_result("+8675526660009") == 8023


@pytest.mark.parametrize(("unit", "seconds"), [({}, 2 * HOUR), ({"timeUnit": "1"}, 120)])
@pytest.mark.parametrize(("choice", "at_the_end"), [("gone", D), ("alive", C)])
def test_a_record_expires(unit: dict[str, Any], seconds: int, choice: str, at_the_end: str) -> None:
    """AXE-CALLBACK-108."""
    rig = AxeRig(assumptions={"binding.expiry_instant": choice})
    rig.new_binding_id(A, extendNum="0042", callbackNum=D, bindExpiredTime=100, callbackExpiredTime=2, **unit)
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
    rig.new_binding_id(A, extendNum="0042", bindExpiredTime=200, **fields)
    rig.call_result(C, "0042")
    rig.advance(100 * HOUR)
    assert rig.call_result(A) == reached


@pytest.mark.parametrize(("choice", "records"), [("transfer", [C, C]), ("answer", [8019, C])])
def test_when_a_record_is_written(choice: str, records: list[object]) -> None:
    """AXE-OPEN-022."""
    rig = world(assumptions={"axe.record_written": choice})
    call_id = rig.dial(C, "0042", wait=6)
    seen = [rig.call_result(A)]
    rig.advance(10)
    assert rig.look(call_id)["state"] == "answered"
    assert [*seen, rig.call_result(A)] == records


def test_a_record_of_an_answer_after_the_unbind_is_nobodys() -> None:
    """AXE-CALLBACK-111."""
    rig = world(assumptions={"axe.record_written": "answer"})
    rig.dial(C, "0042", wait=3)
    rig.unbind(virtualNum=X, extendNum="0042")
    rig.new_binding_id(A, extendNum="0042")
    rig.advance(10)
    assert rig.call_result(A) == 8019


@pytest.mark.parametrize(("choice", "reached"), [("no", 8019), ("yes", C)])
def test_whether_a_call_back_renews_its_record(choice: str, reached: object) -> None:
    """AXE-OPEN-023."""
    rig = AxeRig(assumptions={"axe.callback_refreshes_record": choice})
    rig.new_binding_id(A, extendNum="0042", callbackExpiredTime=2)
    rig.call_result(C, "0042")
    rig.advance(HOUR)
    rig.call_result(A)
    rig.advance(HOUR + HOUR // 2)
    assert rig.call_result(A) == reached


def test_a_call_back_does_not_renew_the_record_of_an_earlier_caller() -> None:
    """AXE-CALLBACK-102, AXE-OPEN-023."""
    rig = world(assumptions={"axe.callback_refreshes_record": "yes", "axe.record_written": "answer"})
    rig.call_result(C, "0042")
    rig.dial(D, "0042", wait=5)
    rig.dial(A, wait=15)
    assert rig.call_result(A) == D


@pytest.mark.parametrize(
    ("choice", "modify", "reached"),
    [
        ("later", {"callbackExpiredTime": 50}, 8019),
        ("existing", {"callbackExpiredTime": 50}, C),
        ("later", {"userData": "x"}, 8019),
        ("existing", {"userData": "x"}, 8019),
    ],
)
def test_which_records_a_modify_is_about(choice: str, modify: dict[str, Any], reached: object) -> None:
    """AXE-OPEN-037."""
    rig = AxeRig(assumptions={"axe.callback_expiry_change": choice})
    sub = rig.new_binding_id(A, extendNum="0042", callbackExpiredTime=2)
    rig.call_result(C, "0042")
    rig.must_modify(sub, **modify)
    rig.advance(3 * HOUR)
    assert rig.call_result(A) == reached
    rig.call_result(D, "0042")
    rig.advance(HOUR)
    assert rig.call_result(A) == D


@pytest.mark.parametrize(("choice", "reached"), [("as_set", C), ("reinterpreted", 8019)])
def test_the_unit_of_callback_expired_time_after_a_modify(choice: str, reached: object) -> None:
    """AXE-OPEN-021."""
    rig = AxeRig(assumptions={"axe.callback_unit_after_modify": choice})
    sub = rig.new_binding_id(A, extendNum="0042", callbackExpiredTime=2)
    rig.must_modify(sub, timeUnit="1")
    rig.call_result(C, "0042")
    rig.advance(HOUR)
    assert rig.call_result(A) == reached
