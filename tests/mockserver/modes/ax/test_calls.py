from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.modes.ax.calls import CALL_TABLE
from tests.mockserver.ax_rig import XS, AxRig
from tests.mockserver.rig import FIXED, A, B, C, D, X

OTHER_LINE = "+8675526660002"


def test_anyone_reaches_a_who_sees_x() -> None:
    """AX-CALL-101, AX-CALL-106, AX-CALL-107."""
    rig = AxRig()
    assert rig.call_result(C) == 8018
    rig.new_binding_id(A, X)
    rig.new_binding_id(B, XS[0])
    assert (rig.call_result(C), rig.call_result(D), rig.call_result(C, XS[0])) == (A, A, B)
    assert rig.call_result(A, XS[0]) == B
    call = rig.look(rig.call(C))
    assert (call["displayed"], call["forwarded_to"]) == (X, A)
    assert rig.unbind(privateNum=X).key == "200/0"
    assert rig.call_result(C) == 8018
    rig.new_binding_id(D, X)
    assert rig.call_result(A) == D


@pytest.mark.parametrize(("direction", "from_others", "from_a"), [(None, A, B), (0, A, B), (1, 8016, B), (2, A, 8016)])
def test_the_direction_rules_both_ways(direction: int | None, from_others: str | int, from_a: str | int) -> None:
    """AX-CALL-101, AX-CALL-102, AX-CALL-104, AX-CALL-105, AX-MODIFY-007."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    rig = AxRig()
    rig.new_binding_id(**fields)
    changed = AxRig()
    changed.modify(changed.new_binding_id(callDirection=1), **(fields or {"callDirection": 0}))
    for each in (rig, changed):
        each.set_callee(B)
        assert (each.call_result(C), each.call_result(A)) == (from_others, from_a)


@pytest.mark.parametrize(("choice", "cause"), [("direction", 8016), ("callee", 8013)])
def test_a_call_with_two_faults(choice: str, cause: int) -> None:
    """AX-OPEN-025."""
    rig = AxRig(assumptions={"ax.direction_and_callee": choice})
    rig.new_binding_id(callDirection=2)
    assert rig.call_result(A) == cause


@pytest.mark.parametrize("choice", ["fixed_line", "binding"])
def test_a_fixed_line_is_called_and_never_calls(choice: str) -> None:
    """AX-CALL-007, AX-CALL-008, COM-OPEN-069."""
    first = choice == "fixed_line"
    rig = AxRig(assumptions={"call.fixed_line_precedence": choice})
    assert rig.call_result(OTHER_LINE) == (8023 if first else 8018)
    sub = rig.new_binding_id(FIXED)
    assert rig.call_result(C) == FIXED
    assert rig.call_result(OTHER_LINE) == 8023
    assert rig.call_result(FIXED) == (8023 if first else 8013)
    rig.set_callee(B)
    assert rig.call_result(FIXED) == 8023
    assert rig.modify(sub, callDirection=1).key == "200/0"
    assert rig.call_result(OTHER_LINE) == (8023 if first else 8016)


@pytest.mark.parametrize(
    ("assumptions", "from_others", "from_a"),
    [
        ({}, 8104, B),
        ({"ax.turned_off": "all"}, 8104, 8104),
        ({"ax.turned_off": "none"}, A, B),
        ({"ax.turned_off_cause": 8055}, 8055, B),
    ],
)
def test_an_x_that_is_switched_off(assumptions: dict[str, Any], from_others: str | int, from_a: str | int) -> None:
    """AX-OPEN-023, AX-OPEN-024."""
    rig = AxRig(assumptions=assumptions)
    sub = rig.new_binding_id(turnFlag="off")
    rig.set_callee(B)
    assert (rig.call_result(C), rig.call_result(A)) == (from_others, from_a)
    assert rig.modify(sub, turnFlag="on").key == "200/0"
    rig.set_callee(B)
    assert (rig.call_result(C), rig.call_result(A)) == (A, B)


def test_a_suspended_x_and_a_frozen_tenant() -> None:
    """AX-CALL-002, AX-CALL-003, AX-CALL-004."""
    rig = AxRig()
    rig.new_binding_id()
    for status, reached in (("9", 8055), ("10", 8055), ("11", A), ("5", A)):
        rig.world.numbers[X].status = status
        assert rig.call_result(C) == reached
    rig.app.status = "frozen"
    assert rig.call_result(C) == 7108


@pytest.mark.parametrize("number", ["13800000001", "+864001234567"])
def test_a_bind_of_no_effect_leads_nowhere(number: str) -> None:
    """AX-BIND-027: nobody is put through to a number that cannot be bound."""
    rig = AxRig(assumptions={"numbers.malformed_user": "accept", "numbers.service_user": "accept"})
    rig.new_binding_id(number)
    assert rig.call_result(C) == 8100


def test_a_caller_is_intercepted_whose_number_a_is_to_see() -> None:
    """AX-OPEN-014."""
    rig = AxRig(assumptions={"ax.display_real_caller": "intercept"})
    rig.new_binding_id(calleeNumDisplay="1")
    rig.set_callee(B)
    assert (rig.call_result(C), rig.call_result(A)) == (8024, B)


def test_events_and_cdr_of_a_call_to_a() -> None:
    """AX-EVENT-001 to AX-EVENT-010, AX-CDR-002 to AX-CDR-013."""
    rig = AxRig(assumptions={"call.setup_seconds": 0})
    sub = rig.new_binding_id(userData="order-42", recordFlag="true", recordHintTone="hint.wav")
    rig.call(C, behaviour="answer", hang_up_after=30)
    rig.advance(120)
    assert rig.kinds() == ["callin", "callout", "alerting", "answer", "disconnect"]
    for event in rig.events():
        assert contracts.validator("ax/call_event", strict=True).problems(event) == []
        assert event["statusInfo"]["subscriptionId"] == sub
    callin, callout = (event["statusInfo"] for event in rig.events()[:2])
    assert (callin["caller"], callin["called"], callin["userData"]) == (C, X, "order-42")
    assert (callout["caller"], callout["called"]) == (X, A)
    assert rig.events()[-1]["statusInfo"]["stateCode"] == 0
    (cdr,) = rig.cdrs()
    assert contracts.validator("ax/cdr", strict=True).problems({"eventType": "fee", "feeLst": [cdr]}) == []
    assert (cdr["direction"], cdr["serviceType"], cdr["bindNum"], cdr["calleeNum"]) == (0, "003", X, X)
    assert (cdr["callerNum"], cdr["fwdDisplayNum"], cdr["fwdDstNum"]) == (C, X, A)
    assert (cdr["subscriptionId"], cdr["recordFlag"], cdr["userData"]) == (sub, 1, "order-42")


def test_events_and_cdr_of_a_call_of_a() -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    rig.set_callee(B)
    rig.call(A, behaviour="answer", hang_up_after=30)
    rig.advance(120)
    assert rig.kinds() == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert rig.events()[1]["statusInfo"]["called"] == B
    (cdr,) = rig.cdrs()
    assert (cdr["direction"], cdr["fwdDstNum"], cdr["fwdDisplayNum"]) == (1, B, X)
    assert cdr["subscriptionId"] == sub


@pytest.mark.parametrize("choice", ["role", "abnormal"])
def test_events_and_cdrs_of_refused_calls(choice: str) -> None:
    """AX-CDR-004, COM-OPEN-070: direction 2 says that X had no binding."""
    rig = AxRig(assumptions={"cdr.direction_of_refused": choice})
    rig.call_result(C)
    sub = rig.new_binding_id(callDirection=1)
    rig.call_result(A)
    rig.call_result(C)
    assert rig.kinds() == ["callin", "disconnect"] * 3
    causes = [event["statusInfo"].get("stateCode") for event in rig.events()[1::2]]
    assert causes == [8018, 8013, 8016]
    directions = [2, 1, 0] if choice == "role" else [2, 2, 2]
    assert [(cdr["direction"], cdr["ulFailReason"]) for cdr in rig.cdrs()] == list(zip(directions, causes, strict=True))
    assert [cdr["subscriptionId"] for cdr in rig.cdrs()] == ["", sub, sub]


def test_the_longest_talk_is_in_minutes_from_the_answer() -> None:
    """AX-CALL-011, AX-CALL-012: of calls both ways."""
    rig = AxRig()
    rig.new_binding_id(maxDuration=2, lastMinVoice="last.wav")
    for caller in (C, A):
        rig.set_callee(B)
        call = rig.call(caller, behaviour="answer", ring_after=0, answer_after=5)
        rig.advance(124)
        assert rig.look(call)["state"] == "answered"
        rig.advance(1)
        assert rig.look(call)["release_cause"] == 8010


@pytest.mark.parametrize(("choice", "minutes"), [("next_call", 60), ("running_call", 1)])
def test_a_new_limit_touches_a_running_call_as_the_world_chose(choice: str, minutes: int) -> None:
    """COM-OPEN-063, which is about every mode."""
    rig = AxRig(assumptions={"call.max_duration_of_running_call": choice})
    sub = rig.new_binding_id(maxDuration=60)
    call = rig.call(C, behaviour="answer", ring_after=0, answer_after=0)
    rig.advance(10)
    assert rig.modify(sub, maxDuration=1).key == "200/0"
    rig.advance(minutes * 60 - 11)
    assert rig.look(call)["state"] == "answered"
    rig.advance(1)
    assert rig.look(call)["release_cause"] == 8010


@pytest.mark.parametrize(("choice", "state"), [("goes_on", "answered"), ("ends", "ended")])
def test_a_call_outlives_its_binding_and_its_a(choice: str, state: str) -> None:
    """AX-CALL-001, AX-CALL-009, COM-OPEN-079."""
    rig = AxRig(assumptions={"call.users_of_running_call": choice})
    sub = rig.new_binding_id()
    call = rig.call(C, behaviour="answer", ring_after=0, answer_after=0)
    rig.advance(10)
    assert rig.modify(sub, origNum=B).key == "200/0"
    assert rig.look(call)["state"] == state
    other = rig.call(D, behaviour="answer", ring_after=0, answer_after=0)
    rig.advance(10)
    assert rig.unbind(privateNum=X).key == "200/0"
    assert rig.look(other)["state"] == "answered"
    assert rig.call_result(C) == 8018


def test_calls_can_be_stopped() -> None:
    """COM-STOP-001."""
    rig = AxRig()
    rig.new_binding_id()
    call = rig.look(rig.call(C))
    assert rig.stop({"sessionid": call["session_id"], "signal": "call_stop"}).key == "200/0"
    assert rig.look(call["id"])["state"] == "ended"


def test_every_row_of_the_table_counts_somewhere() -> None:
    """Each row is the first that fits some situation, and cites a rule that there is."""
    columns = [
        ("open", "closed", "frozen"),
        ("mobile", "fixed_line"),
        ("none", "N", "A"),
        ("on", "off"),
        (None, 0, 1, 2),
        ("yes", "no"),
        (None, 0, 1),
        (True, False),
        (True, False),
    ]
    first = set()
    for situation in product(*columns):
        rows = enumerate(zip(row, situation, strict=False) for row in CALL_TABLE)
        first.add(next(n for n, pairs in rows if all(wanted in (None, given) for wanted, given in pairs)))
    assert first == set(range(len(CALL_TABLE)))
    assert {row.rule for row in CALL_TABLE} <= contracts.requirements().keys()
