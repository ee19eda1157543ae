"""AXYB: who reaches whom, what he sees, and what the customer gets."""

from __future__ import annotations

import pytest

from privnum.mockserver.modes.axyb.calls import CALL_TABLE
from tests.mockserver.axyb_rig import NUMBERS, AxybRig, areas
from tests.mockserver.rig import FIXED, A, B, C, D

X1, X2, X3, X4 = NUMBERS


def test_every_row_of_the_table_cites_a_rule_of_calls() -> None:
    """No row is out of reach of the rows before it."""
    assert len({row[:5] for row in CALL_TABLE}) == len(CALL_TABLE)
    assert {row.rule for row in CALL_TABLE} >= {f"AXYB-CALL-{number}" for number in (101, 102, 103, 106, 107, 108)}


def test_a_sees_y_and_b_sees_x() -> None:
    """AXYB-CALL-101, AXYB-CALL-102."""
    rig = AxybRig()
    binding, y = rig.pair()
    assert rig.call_result(B, binding.number) == (A, y.number)
    assert rig.call_result(A, y.number) == (B, binding.number)


def test_each_y_reaches_its_own_b() -> None:
    """AXYB-CALL-111."""
    rig = AxybRig()
    binding = rig.ax()
    y, z = rig.yb(binding, B), rig.yb(binding, C)
    assert rig.call_result(A, y.number) == (B, binding.number)
    assert rig.call_result(A, z.number) == (C, binding.number)
    assert rig.call_result(B, binding.number) == (A, y.number)
    assert rig.call_result(C, binding.number) == (A, z.number)


def test_a_shared_y_reaches_the_b_of_each_a() -> None:
    """AXYB-CALL-112."""
    rig = AxybRig(numbers=areas(X1, X2, X3))
    one, two = rig.ax(A), rig.ax(C)
    y, z = rig.yb(one, B), rig.yb(two, D)
    assert y.number == z.number
    assert rig.call_result(A, y.number) == (B, one.number)
    assert rig.call_result(C, y.number) == (D, two.number)


def test_a_caller_without_a_y_gets_one() -> None:
    """AXYB-CALL-103: it is there from then on, for both sides, and the next call gives no other."""
    rig = AxybRig()
    binding, y = rig.pair()
    to, seen = rig.person_reached(C, binding.number)
    assert to == A
    assert seen not in (binding.number, y.number)
    assert rig.shown_relations(binding) == {(y.number, B), (seen, C)}
    assert rig.call_result(A, seen) == (C, binding.number)
    assert rig.call_result(C, binding.number) == (A, seen)
    assert rig.shown_relations(binding) == {(y.number, B), (seen, C)}


def test_no_y_for_a_caller() -> None:
    """AXYB-CALL-104: he reaches nobody and nothing is bound; a Y that becomes free is given to him."""
    rig = AxybRig(numbers=areas(X1, X2))
    binding, y = rig.pair()
    before = len(rig.world.bindings)
    assert rig.call_result(C, binding.number) == 8031
    assert len(rig.world.bindings) == before
    assert rig.unbind(subscriptionId=binding.id, bNum=B).key == "200/0"
    assert rig.call_result(C, binding.number) == (A, y.number)
    alone = AxybRig(numbers=areas(X1))
    assert alone.call_result(B, alone.ax().number) == 8031


def test_who_dials_his_own_number() -> None:
    """AXYB-CALL-106: also another X of his; no Y is given."""
    rig = AxybRig()
    one, y = rig.pair()
    two = rig.ax()
    assert rig.call_result(A, one.number) == 8032
    assert rig.call_result(A, two.number) == 8032
    assert rig.call_result(B, y.number) == 8032
    assert rig.shown_relations(two) == {(None, None)}


def test_a_number_without_a_binding_and_a_stranger_to_y() -> None:
    """AXYB-CALL-107, AXYB-CALL-108."""
    rig = AxybRig()
    binding, y = rig.pair()
    free = next(number for number in NUMBERS if number not in (binding.number, y.number))
    for caller in (A, B, C):
        assert rig.call_result(caller, free) == 8030
    assert rig.call_result(C, y.number) == 8030


def test_a_of_one_is_anybody_to_another() -> None:
    """AXYB-CALL-103: an A who calls the X of another A is given a Y there."""
    rig = AxybRig()
    one, two = rig.ax(A), rig.ax(C)
    to, seen = rig.person_reached(A, two.number)
    assert to == C
    assert rig.shown_relations(two) == {(seen, A)}
    assert rig.shown_relations(one) == {(None, None)}


@pytest.mark.parametrize(("assumptions", "cause"), [({}, 8057), ({"axyb.wrong_direction_cause": 8016}, 8016)])
def test_directions(assumptions: dict[str, str | int], cause: int) -> None:
    """AXYB-CALL-109, AXYB-CALL-110, AXYB-OPEN-023."""
    rig = AxybRig(assumptions=assumptions)
    binding, y = rig.pair(callDirection=1)
    assert rig.call_result(B, binding.number) == cause
    assert rig.call_result(C, binding.number) == cause
    assert rig.shown_relations(binding) == {(y.number, B)}
    assert rig.call_result(A, y.number) == (B, binding.number)
    rig = AxybRig(assumptions=assumptions)
    binding, y = rig.pair(callDirection=2)
    assert rig.call_result(A, y.number) == cause
    assert rig.call_result(B, binding.number) == (A, y.number)
    assert rig.person_reached(C, binding.number)[0] == A


@pytest.mark.parametrize("choice", ["fixed_line", "binding"])
def test_fixed_lines_are_called_and_never_call(choice: str) -> None:
    """AXYB-CALL-007, AXYB-CALL-008; of two faults either may be reported (COM-OPEN-069), and no Y is given."""
    rig = AxybRig(assumptions={"call.fixed_line_precedence": choice})
    binding, y = rig.pair(FIXED, B)
    assert rig.call_result(B, binding.number) == (FIXED, y.number)
    assert rig.call_result(FIXED, y.number) == 8023
    other = rig.ax(A)
    assert rig.call_result(FIXED, other.number) == 8023
    assert rig.shown_relations(other) == {(None, None)}
    z = rig.yb(other, FIXED)
    assert rig.call_result(A, z.number) == (FIXED, other.number)
    free = next(number for number in NUMBERS if rig.world.numbers[number].held is None)
    assert rig.call_result(FIXED, free) == (8023 if choice == "fixed_line" else 8030)


@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_number_carries_no_calls(status: str) -> None:
    """AXYB-CALL-003, for X and for Y; a caller is given no Y."""
    rig = AxybRig()
    binding, y = rig.pair()
    rig.world.numbers[binding.number].status = status
    assert (rig.call_result(B, binding.number), rig.call_result(C, binding.number)) == (8055, 8055)
    assert rig.shown_relations(binding) == {(y.number, B)}
    assert rig.call_result(A, y.number) == (B, binding.number)
    rig.world.numbers[binding.number].status = "5"
    rig.world.numbers[y.number].status = status
    assert rig.call_result(A, y.number) == 8055
    assert rig.call_result(B, binding.number) == (A, y.number)


def test_a_call_that_would_show_a_suspended_number() -> None:
    """AXYB-OPEN-027."""
    rig = AxybRig(assumptions={"axyb.shown_number_blocked": "refuse"})
    binding, y = rig.pair()
    rig.world.numbers[y.number].status = "9"
    assert rig.call_result(B, binding.number) == 8055
    rig.world.numbers[y.number].status = "5"
    rig.world.numbers[binding.number].status = "10"
    assert rig.call_result(A, y.number) == 8055


def test_a_number_frozen_for_binding_keeps_its_calls() -> None:
    """AXYB-CALL-004."""
    rig = AxybRig()
    binding, y = rig.pair()
    for number in (binding.number, y.number):
        rig.world.numbers[number].status = "11"
    assert rig.call_result(B, binding.number) == (A, y.number)
    assert rig.call_result(A, y.number) == (B, binding.number)


def test_a_frozen_tenant_has_no_calls() -> None:
    """AXYB-CALL-002."""
    rig = AxybRig()
    binding, y = rig.pair()
    rig.app.status = "frozen"
    assert (rig.call_result(B, binding.number), rig.call_result(C, binding.number), rig.call_result(A, y.number)) == (
        7108,
    ) * 3
    rig.app.status = "normal"
    assert rig.shown_relations(binding) == {(y.number, B)}


@pytest.mark.parametrize(
    ("callee", "hangs_up_after", "cause"),
    [
        ({"behaviour": "busy"}, None, 8102),
        ({"behaviour": "no_answer"}, None, 8101),
        ({"behaviour": "reject"}, None, 7503),
        ({"behaviour": "powered_off"}, None, 8104),
        ({"behaviour": "out_of_service"}, None, 8105),
        ({"behaviour": "unregistered"}, None, 8058),
        ({"behaviour": "not_exist"}, None, 8100),
        ({"behaviour": "unreachable"}, None, 8103),
        ({"behaviour": "silent"}, None, 8035),
        ({"ring_after": 5}, 2, 7501),
        ({"answer_after": 30}, 8, 7502),
        ({"hang_up_after": 9}, None, 0),
    ],
)
def test_the_ways_a_call_ends(callee: dict[str, object], hangs_up_after: int | None, cause: int) -> None:
    """AXYB-CALL-005, 006, 013 to 021."""
    rig = AxybRig()
    binding, _ = rig.pair()
    call = rig.call(B, binding.number, caller_hangs_up_after=hangs_up_after, **callee)
    rig.advance(200)
    assert rig.look(call)["release_cause"] == cause


def test_a_call_has_no_limit() -> None:
    """AXYB-CALL-012."""
    rig = AxybRig()
    binding, _ = rig.pair()
    call = rig.call(B, binding.number)
    rig.advance(3 * 86_400)
    assert rig.look(call)["state"] == "answered"


def test_stop_call() -> None:
    """COM-STOP-001, COM-OPEN-028."""
    rig = AxybRig(assumptions={"stop_call.modes": "axyb"})
    binding, _ = rig.pair()
    call = rig.call(B, binding.number)
    rig.advance(10)
    session = rig.look(call)["session_id"]
    assert rig.stop({"sessionid": session, "signal": "call_stop"}).key == "200/0"
    assert rig.look(call)["state"] == "ended"


# ── events ──


def event_rows(rig: AxybRig) -> list[tuple[str, str, str]]:
    return [(e["eventType"], e["statusInfo"]["caller"], e["statusInfo"]["called"]) for e in rig.events()]


def test_events_of_a_call_to_x_and_of_one_to_y() -> None:
    """AXYB-EVENT-001, 006 to 008: the second leg is from the number that is shown."""
    rig = AxybRig()
    binding, y = rig.pair()
    x = binding.number
    rig.call_result(B, x)
    assert event_rows(rig) == [
        ("callin", B, x),
        ("callout", y.number, A),
        ("alerting", y.number, A),
        ("answer", y.number, A),
        ("disconnect", y.number, A),
    ]
    assert {event["statusInfo"]["subscriptionId"] for event in rig.events()} == {binding.id}
    rig.received.clear()
    rig.call_result(A, y.number)
    assert event_rows(rig) == [
        ("callin", A, y.number),
        ("callout", x, B),
        ("alerting", x, B),
        ("answer", x, B),
        ("disconnect", x, B),
    ]


def test_numbers_of_events_by_other_choices() -> None:
    """COM-OPEN-066, COM-OPEN-067."""
    rig = AxybRig(assumptions={"call.second_leg_caller": "real_caller", "call.disconnect_numbers": "first_leg"})
    binding, _ = rig.pair()
    rig.call_result(B, binding.number)
    assert event_rows(rig)[1:] == [
        ("callout", B, A),
        ("alerting", B, A),
        ("answer", B, A),
        ("disconnect", B, binding.number),
    ]


def test_events_of_a_refused_call() -> None:
    """AXYB-EVENT-002, AXYB-EVENT-009: 8031 names the binding, 8030 has none."""
    rig = AxybRig(numbers=areas(X1, X2))
    binding = rig.ax()
    free = ({X1, X2} - {binding.number}).pop()
    rig.world.numbers[free].status = "11"
    rig.call_result(B, binding.number)
    assert rig.kinds() == ["callin", "disconnect"]
    info = rig.events()[-1]["statusInfo"]
    assert (info["stateCode"], info["subscriptionId"]) == (8031, binding.id)
    assert info["stateDesc"] == "Allocating the Y number failed during an AXYB call."
    rig.received.clear()
    rig.call_result(B, free)
    assert [event["statusInfo"].get("subscriptionId") for event in rig.events()] == [None, None]
    assert rig.events()[-1]["statusInfo"]["stateCode"] == 8030


@pytest.mark.parametrize(
    ("assumptions", "kinds"),
    [
        ({}, ["callin"]),
        ({"axyb.callin_user_data": "absent"}, []),
        ({"call.later_user_data": "present"}, ["callin", "callout", "alerting", "answer", "disconnect"]),
    ],
)
def test_which_events_carry_user_data(assumptions: dict[str, str | int], kinds: list[str]) -> None:
    """AXYB-OPEN-022, COM-OPEN-075; the CDR has it always (AXYB-CDR-012)."""
    rig = AxybRig(assumptions=assumptions)
    binding = rig.ax(userData="order-42")
    rig.call_result(B, binding.number)
    assert [event["eventType"] for event in rig.events() if "userData" in event["statusInfo"]] == kinds
    assert rig.cdrs()[0]["userData"] == "order-42"


# ── CDRs ──


def test_the_cdr_of_each_direction() -> None:
    """AXYB-CDR-004, 005, 009, 010, 013."""
    rig = AxybRig()
    binding, y = rig.pair()
    rig.call_result(B, binding.number)
    rig.call_result(A, y.number)
    names = ("direction", "bindNum", "callerNum", "calleeNum", "fwdDisplayNum", "fwdDstNum", "serviceType")
    assert [tuple(cdr[name] for name in names) for cdr in rig.cdrs()] == [
        (0, binding.number, B, binding.number, y.number, A, "007"),
        (1, y.number, A, y.number, binding.number, B, "007"),
    ]
    assert {(cdr["subscriptionId"], cdr["appKey"]) for cdr in rig.cdrs()} == {(binding.id, "axyb-key")}


def test_bind_num_may_always_be_x() -> None:
    """AXYB-OPEN-024."""
    rig = AxybRig(assumptions={"axyb.cdr_bind_num": "x"})
    binding, y = rig.pair()
    rig.call_result(A, y.number)
    assert (rig.cdrs()[0]["bindNum"], rig.cdrs()[0]["calleeNum"]) == (binding.number, y.number)


@pytest.mark.parametrize(("choice", "directions"), [("role", [1, 0, 2, 2]), ("abnormal", [2, 2, 2, 2])])
def test_directions_of_refused_calls(choice: str, directions: list[int]) -> None:
    """AXYB-CDR-004, COM-OPEN-070: A who dials X, a wrong direction, B who dials Y, a stranger."""
    rig = AxybRig(assumptions={"cdr.direction_of_refused": choice})
    binding, y = rig.pair(callDirection=1)
    for caller, number in ((A, binding.number), (B, binding.number), (B, y.number), (C, y.number)):
        rig.call_result(caller, number)
    assert [cdr["direction"] for cdr in rig.cdrs()] == directions
    assert [cdr["ulFailReason"] for cdr in rig.cdrs()] == [8032, 8057, 8032, 8030]


@pytest.mark.parametrize("answers", [True, False])
def test_recordings(*, answers: bool) -> None:
    """AXYB-CDR-011: both ways, where the call was answered."""
    rig = AxybRig()
    binding, y = rig.pair(recordFlag=True, recordHintTone="hint.wav")
    for caller, number in ((B, binding.number), (A, y.number)):
        call = rig.call(caller, number, behaviour="answer" if answers else "busy")
        rig.advance(20)
        if answers:
            rig.world.hang_up(call, "caller")
            rig.deliver()
    assert [cdr["recordFlag"] for cdr in rig.cdrs()] == [int(answers)] * 2
    assert all(("recordObjectName" in cdr) is answers for cdr in rig.cdrs())


def test_an_unannounced_recording_may_be_intercepted() -> None:
    """COM-OPEN-077."""
    rig = AxybRig(assumptions={"call.unannounced_recording": "intercept"})
    binding, _ = rig.pair(recordFlag=True)
    rig.call_result(B, binding.number)
    assert rig.cdrs()[0]["ulFailReason"] == 8059
