from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.ax_rig import CALLEE_PATH, FOREIGN_AX_X, NOBODYS_X, XS, AxRig
from tests.mockserver.rig import FIXED, A, B, C, D, X

SERVICE_400, SERVICE_95 = "+864001234567", "+8695533"


def test_a_reaches_the_temporary_callee_once() -> None:
    """AX-CALLEE-101, AX-CALL-102, AX-CALL-103, AX-OPEN-020: one call uses it up."""
    rig = AxRig()
    sub = rig.new_binding_id()
    assert rig.call_result(A) == 8013
    assert rig.set_callee(B).key == "200/0"
    assert rig.call_result(A) == B
    assert rig.call_result(A) == 8013
    assert rig.set_callee(C, None, subscriptionId=sub).key == "200/0"
    assert rig.call_result(A) == C


def test_a_world_may_let_a_temporary_callee_hold_until_its_time_is_over() -> None:
    """AX-OPEN-020."""
    rig = AxRig(assumptions={"ax.callee_use": "until_expiry"})
    rig.new_binding_id()
    rig.set_callee(B)
    assert (rig.call_result(A), rig.call_result(A)) == (B, B)
    rig.advance(60)
    assert rig.call_result(A) == 8013


@pytest.mark.parametrize(("fields", "seconds"), [({}, 60), ({"duration": 1}, 1), ({"duration": "259200"}, 259200)])
@pytest.mark.parametrize(("choice", "last"), [("gone", -1), ("alive", 0)])
def test_a_temporary_callee_holds_for_its_time(fields: dict[str, Any], seconds: int, choice: str, last: int) -> None:
    """AX-CALLEE-108, AX-CALLEE-109, AX-CALLEE-110, AX-CALLEE-114, COM-OPEN-061."""
    for wait, reached in ((seconds + last, B), (seconds + last + 1, 8013)):
        rig = AxRig(assumptions={"binding.expiry_instant": choice})
        rig.new_binding_id()
        assert rig.set_callee(B, **fields).key == "200/0"
        rig.advance(wait)
        assert rig.call_result(A) == reached


def test_the_latest_temporary_callee_counts_with_its_time() -> None:
    """AX-CALLEE-111."""
    rig = AxRig()
    rig.new_binding_id()
    rig.set_callee(B, duration=259200)
    rig.set_callee(C, duration=10)
    rig.advance(9)
    assert rig.call_result(A) == C
    rig.set_callee(B, duration=10)
    rig.set_callee(C)
    rig.advance(30)
    assert rig.call_result(A) == C


@pytest.mark.parametrize("callee", [B, FIXED, SERVICE_400, SERVICE_95])
def test_a_mobile_a_fixed_line_and_a_service_number_can_be_called(callee: str) -> None:
    """AX-CALLEE-106."""
    rig = AxRig()
    rig.new_binding_id()
    assert rig.set_callee(callee).key == "200/0"
    assert rig.call_result(A) == callee


def test_each_binding_has_a_temporary_callee_of_its_own() -> None:
    """AX-CALLEE-103, AX-CALLEE-115."""
    rig = AxRig()
    first = rig.new_binding_id(A, X)
    rig.new_binding_id(A, XS[0])
    rig.set_callee(B, X)
    rig.set_callee(C, XS[0])
    rig.set_callee(D, XS[0], subscriptionId=first)
    assert (rig.call_result(A, XS[0]), rig.call_result(A, X)) == (C, D)


def test_orig_num_is_not_parsed() -> None:
    """AX-CALLEE-104, AX-OPEN-021."""
    rig = AxRig()
    rig.new_binding_id()
    assert rig.set_callee(B, origNum=D).key == "200/0"
    assert rig.set_callee(C, origNum=C).key == "200/0"
    assert rig.call_result(A) == C
    strict = AxRig(assumptions={"ax.callee_orig_num": "1010002"})
    strict.new_binding_id()
    assert strict.set_callee(C, origNum=C).key == "403/1010002"
    assert strict.set_callee(C, origNum=D).key == "200/0"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"calleeNum": None}, "403/1010002"),
        ({"calleeNum": A}, "403/1010002"),
        ({"calleeNum": A, "origNum": B}, "403/1010002"),
        ({"calleeNum": X}, "403/1010002"),
        ({"calleeNum": "13900000002"}, "403/1010002"),
        ({"calleeNum": "+86"}, "403/1010002"),
        ({"calleeNum": "1" * 32}, "403/1010002"),
        ({"privateNum": None}, "403/1010002"),
        ({"privateNum": None, "origNum": A}, "403/1010002"),
        ({"privateNum": "123"}, "403/1010002"),
        ({"privateNum": "17000000001"}, "403/1011001"),
        ({"privateNum": XS[0]}, "403/1016001"),
        ({"privateNum": FOREIGN_AX_X}, "403/1011001"),
        ({"privateNum": NOBODYS_X}, "403/1011001"),
        ({"subscriptionId": "unknown"}, "403/1016001"),
        ({"subscriptionId": "x" * 65}, "403/1010002"),
        ({"origNum": "1" * 32}, "403/1010002"),
        ({"duration": 0}, "403/1010002"),
        ({"duration": 259201}, "403/1010002"),
        ({"duration": "0"}, "403/1010002"),
        ({"duration": "259201"}, "403/1010002"),
        ({"duration": -1}, "403/1010002"),
        ({"userData": "订单"}, "403/1010002"),
        ({"userData": "u" * 257}, "403/1010002"),
    ],
)
def test_a_wrong_request_sets_nothing(fields: dict[str, Any], key: str) -> None:
    """AX-CALLEE-102, AX-CALLEE-105 to AX-CALLEE-108, AX-CALLEE-112, AX-CALLEE-113: the former callee stays."""
    rig = AxRig()
    rig.new_binding_id()
    rig.set_callee(D)
    before = rig.state()
    body = {"privateNum": X, "calleeNum": B, **fields}
    body = {name: value for name, value in body.items() if value is not None}
    assert rig.request("PUT", path=CALLEE_PATH, body=body).key == key
    assert rig.state() == before
    assert rig.call_result(A) == D


def test_a_temporary_callee_goes_with_its_binding() -> None:
    rig = AxRig()
    rig.new_binding_id()
    rig.set_callee(B, duration=259200)
    assert rig.unbind(privateNum=X).key == "200/0"
    rig.new_binding_id()
    assert rig.call_result(A) == 8013


@pytest.mark.parametrize(("choice", "reached"), [("holds", B), ("gone", 8013)])
def test_a_new_a_and_the_temporary_callee(choice: str, reached: str | int) -> None:
    """AX-OPEN-026; a new A who is the callee himself has none."""
    rig = AxRig(assumptions={"ax.callee_after_new_a": choice})
    sub = rig.new_binding_id()
    rig.set_callee(B)
    assert rig.modify(sub, origNum=C).key == "200/0"
    assert rig.call_result(C) == reached
    rig.set_callee(D)
    assert rig.modify(sub, origNum=D).key == "200/0"
    assert rig.call_result(D) == 8013


@pytest.mark.parametrize(("choice", "kept"), [("callee", "of-callee"), ("binding", "of-binding")])
def test_user_data_of_the_temporary_callee_comes_back(choice: str, kept: str) -> None:
    """AX-EVENT-101, AX-CDR-012, AX-OPEN-022."""
    rig = AxRig(assumptions={"ax.call_user_data": choice})
    rig.new_binding_id(A, X, userData="of-binding")
    rig.new_binding_id(A, XS[0])
    for x, text in ((X, kept), (XS[0], "of-callee")):
        rig.received.clear()
        rig.set_callee(B, x, userData="of-callee")
        rig.call_result(A, x)
        assert rig.events()[0]["statusInfo"]["userData"] == text
        assert rig.cdrs()[0]["userData"] == text
    rig.received.clear()
    rig.set_callee(B, X, userData="of-callee")
    rig.call_result(C)
    assert rig.events()[0]["statusInfo"]["userData"] == "of-binding"


def test_a_call_that_is_refused_leaves_the_temporary_callee() -> None:
    """AX-OPEN-020: it is used up by a call that is put through."""
    rig = AxRig()
    sub = rig.new_binding_id(callDirection=2)
    rig.set_callee(B)
    assert rig.call_result(A) == 8016
    rig.world.numbers[X].status = "9"
    assert rig.call_result(A) == 8055
    rig.world.numbers[X].status = "5"
    assert rig.modify(sub, callDirection=0).key == "200/0"
    assert rig.call_result(C) == A
    assert rig.call_result(A) == B
