from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.modes.axb.calls import CALL_TABLE
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import FIXED, X2, A, B, C, D, X

# ── who reaches whom ──


@pytest.mark.parametrize(
    ("direction", "caller", "reached", "cause"),
    [
        (0, A, B, None),
        (0, B, A, None),
        (1, A, B, None),
        (1, B, None, 8016),
        (2, A, None, 8016),
        (2, B, A, None),
        (0, C, None, 8014),
        (0, FIXED, None, 8023),
    ],
)
def test_direction_and_role_decide_who_is_reached(
    direction: int, caller: str, reached: str | None, cause: int | None
) -> None:
    """AXB-CALL-101 to AXB-CALL-105, AXB-CALL-007."""
    rig = AxbRig()
    rig.new_binding_id(callDirection=direction)
    call = rig.look(rig.call(caller))
    assert (call["forwarded_to"], call["release_cause"]) == (reached, cause)
    assert call["displayed"] == (X if reached else None)


def test_each_caller_reaches_his_own_partner() -> None:
    """AXB-CALL-106."""
    rig = AxbRig()
    rig.new_binding_id(A, B)
    rig.new_binding_id(C, D)
    rig.new_binding_id(A, D, X2)
    reached = {(caller, x): rig.look(rig.call(caller, x))["forwarded_to"] for caller, x in product((A, B, C, D), (X,))}
    assert reached == {(A, X): B, (B, X): A, (C, X): D, (D, X): C}
    assert rig.look(rig.call(A, X2))["forwarded_to"] == D


@pytest.mark.parametrize(
    ("choice", "direction", "bound", "cause"),
    [
        ("fixed_line", 0, True, 8023),
        ("fixed_line", 2, True, 8023),
        ("fixed_line", 0, False, 8023),
        ("binding", 0, True, 8023),
        ("binding", 2, True, 8016),
        ("binding", 0, False, 8014),
    ],
)
def test_a_fixed_line_never_places_a_call(choice: str, direction: int, bound: bool, cause: int) -> None:
    """AXB-CALL-007, COM-OPEN-069."""
    rig = AxbRig(assumptions={"call.fixed_line_precedence": choice})
    if bound:
        rig.new_binding_id(FIXED, B, callDirection=direction)
    assert rig.look(rig.call(FIXED))["release_cause"] == cause


def test_a_fixed_line_receives_calls() -> None:
    """AXB-CALL-008."""
    rig = AxbRig()
    rig.new_binding_id(FIXED, B)
    assert rig.look(rig.call(B))["forwarded_to"] == FIXED


@pytest.mark.parametrize(("status", "cause"), [("9", 8055), ("10", 8055), ("11", None), ("5", None)])
def test_the_status_of_x_decides_whether_it_carries_calls(status: str, cause: int | None) -> None:
    """AXB-CALL-003, AXB-CALL-004."""
    rig = AxbRig()
    rig.new_binding_id()
    rig.world.numbers[X].status = status
    assert rig.look(rig.call())["release_cause"] == cause


def test_the_table_has_a_row_for_every_situation_and_no_idle_row() -> None:
    situations = product(
        ("open", "closed", "frozen"),
        ("mobile", "fixed_line", None),
        ("A", "B", "none"),
        (0, 1, 2, None),
        ("fixed_line", "binding"),
    )
    used = set()
    for situation in situations:
        row = next(r for r in CALL_TABLE if all(w is None or w == g for w, g in zip(r, situation, strict=False)))
        used.add(row)
    assert used == set(CALL_TABLE)
    rules = contracts.requirements()
    assert all(row.rule in rules for row in CALL_TABLE)


def test_calling_a_number_that_is_no_x_is_an_error_of_the_driver() -> None:
    """Where there is no AXE, of which it would be a wrong number."""
    world = Platform().create_world({"id": "w", "applications": [{"mode": "AXB", "numbers": [X]}]})
    with pytest.raises(ControlError, match=r"\+86138\*\*\*\*0001 is no X"):
        world.place_call({"caller": B, "called": A})


# ── how a call ends ──


@pytest.mark.parametrize(
    ("callee", "seconds", "cause", "events"),
    [
        ({"hang_up_after": 10}, 15, 0, ["callin", "callout", "alerting", "answer", "disconnect"]),
        ({"behaviour": "busy"}, 2, 8102, ["callin", "callout", "disconnect"]),
        ({"behaviour": "powered_off"}, 2, 8104, ["callin", "callout", "disconnect"]),
        ({"behaviour": "unregistered"}, 2, 8058, ["callin", "callout", "disconnect"]),
        ({"behaviour": "out_of_service"}, 2, 8105, ["callin", "callout", "disconnect"]),
        ({"behaviour": "not_exist"}, 2, 8100, ["callin", "callout", "disconnect"]),
        ({"behaviour": "unreachable"}, 2, 8103, ["callin", "callout", "disconnect"]),
        ({"behaviour": "reject"}, 5, 7503, ["callin", "callout", "alerting", "disconnect"]),
        ({"behaviour": "no_answer"}, 62, 8101, ["callin", "callout", "alerting", "disconnect"]),
        ({"behaviour": "silent"}, 90, 8035, ["callin", "callout", "disconnect"]),
        ({"behaviour": "busy", "ring_after": 0}, 0, 8102, ["callin", "callout", "disconnect"]),
        (
            {"ring_after": 0, "answer_after": 0, "hang_up_after": 0},
            0,
            0,
            ["callin", "callout", "alerting", "answer", "disconnect"],
        ),
    ],
)
def test_the_callee_decides_how_the_call_ends(
    callee: dict[str, Any], seconds: int, cause: int, events: list[str]
) -> None:
    """AXB-CALL-013, AXB-CALL-016 to AXB-CALL-006, AXB-EVENT-001, AXB-EVENT-002."""
    rig = AxbRig()
    rig.new_binding_id()
    call = rig.call(**callee)
    if seconds:
        rig.advance(seconds - 1)
        assert rig.look(call)["state"] != "ended"
        rig.advance(1)
    assert rig.look(call)["release_cause"] == cause
    assert rig.kinds() == events
    rig.advance(100_000)
    assert rig.kinds() == events
    assert len(rig.cdrs()) == 1


@pytest.mark.parametrize(("after", "cause"), [(0, 7501), (1, 7501), (2, 7502), (4, 7502), (5, 0), (60, 0)])
def test_the_caller_may_hang_up_at_any_time(after: int, cause: int) -> None:
    """AXB-CALL-013 to AXB-CALL-015."""
    rig = AxbRig()
    rig.new_binding_id()
    call = rig.call(caller_hangs_up_after=after)
    rig.advance(after)
    assert rig.look(call)["release_cause"] == cause


@pytest.mark.parametrize(
    ("seconds", "by", "cause"),
    [(1, "caller", 7501), (3, "caller", 7502), (3, "callee", 7503), (9, "caller", 0), (9, "callee", 0)],
)
def test_either_side_hangs_up_on_the_drivers_word(seconds: int, by: str, cause: int) -> None:
    rig = AxbRig()
    rig.new_binding_id()
    call = rig.call()
    rig.advance(seconds)
    rig.world.hang_up(call, by)
    rig.deliver()
    assert rig.look(call)["release_cause"] == cause
    assert rig.kinds()[-1] == "disconnect"
    with pytest.raises(ControlError, match="it has ended"):
        rig.world.hang_up(call, by)
    rig.advance(10_000)
    assert rig.kinds().count("disconnect") == 1


def test_a_callee_whose_phone_does_not_ring_cannot_hang_up() -> None:
    rig = AxbRig()
    rig.new_binding_id()
    with pytest.raises(ControlError, match="does not ring"):
        rig.world.hang_up(rig.call(), "callee")
    with pytest.raises(ControlError, match="no call"):
        rig.world.hang_up("call-0", "callee")


@pytest.mark.parametrize("choice", [7503, 7504])
def test_the_cause_of_a_rejection_is_as_the_world_reads_it(choice: int) -> None:
    """AXB-CALL-018, COM-OPEN-068."""
    rig = AxbRig(assumptions={"call.reject_cause": choice})
    rig.new_binding_id()
    call = rig.call(behaviour="reject")
    rig.advance(5)
    assert rig.look(call)["release_cause"] == choice


def test_max_duration_hangs_up_to_the_minute_after_the_answer() -> None:
    """AXB-CALL-011, AXB-CALL-012."""
    rig = AxbRig()
    rig.new_binding_id(maxDuration=2)
    rig.new_binding_id(C, D, maxDuration=0)
    limited, unlimited = rig.call(A), rig.call(C)
    rig.advance(5 + 119)
    assert rig.look(limited)["state"] == "answered"
    rig.advance(1)
    assert rig.look(limited)["release_cause"] == 8010
    rig.advance(100_000)
    assert rig.look(unlimited)["state"] == "answered"


@pytest.mark.parametrize(("choice", "ends_after"), [("next_call", 600), ("running_call", 120)])
def test_a_new_max_duration_touches_a_running_call_as_the_world_reads_it(choice: str, ends_after: int) -> None:
    """COM-OPEN-063."""
    rig = AxbRig(assumptions={"call.max_duration_of_running_call": choice})
    sub = rig.new_binding_id(maxDuration=10)
    call = rig.call()
    rig.advance(30)
    rig.modify(sub, maxDuration=2)
    rig.advance(5 + ends_after - 30 - 1)
    assert rig.look(call)["state"] == "answered"
    rig.advance(1)
    assert rig.look(call)["release_cause"] == 8010


def test_a_shortened_running_call_that_is_over_its_limit_ends_at_once() -> None:
    rig = AxbRig(assumptions={"call.max_duration_of_running_call": "running_call"})
    sub = rig.new_binding_id(maxDuration=10)
    call = rig.call()
    rig.advance(300)
    rig.modify(sub, maxDuration=1)
    assert rig.look(call)["release_cause"] == 8010
    assert rig.look(call)["ended_at"] == "2026-03-01T00:05:00Z"


@pytest.mark.parametrize(("choice", "state"), [("goes_on", "answered"), ("ends", "ended")])
@pytest.mark.parametrize("user", ["callerNum", "calleeNum"])
def test_a_new_user_touches_a_running_call_as_the_world_reads_it(user: str, choice: str, state: str) -> None:
    """COM-OPEN-079."""
    rig = AxbRig(assumptions={"call.users_of_running_call": choice})
    sub = rig.new_binding_id()
    call = rig.call()
    rig.advance(10)
    changed: dict[str, Any] = {user: C}
    rig.modify(sub, **changed)
    assert rig.look(call)["state"] == state
    assert rig.look(call)["forwarded_to"] == B


@pytest.mark.parametrize("seconds", [1, 10])
def test_a_setting_that_is_modified_leaves_the_call_whatever_the_world_reads(seconds: int) -> None:
    """AXB-CALL-012."""
    rig = AxbRig(assumptions={"call.users_of_running_call": "ends"})
    sub = rig.new_binding_id(maxDuration=10)
    call = rig.call()
    rig.advance(seconds)
    rig.modify(sub, callDirection=2, userData="later", maxDuration=20)
    rig.advance(599 + 5 - seconds)
    assert rig.look(call)["state"] == "answered"
    rig.advance(1)
    assert rig.look(call)["release_cause"] == 8010


@pytest.mark.parametrize("end", ["unbind", "expiry"])
def test_a_running_call_survives_its_binding(end: str) -> None:
    """AXB-CALL-009, AXB-CALL-010."""
    rig = AxbRig()
    sub = rig.new_binding_id(duration=60, userData="order-1")
    call = rig.call(hang_up_after=300)
    rig.advance(10)
    if end == "unbind":
        rig.unbind(subscriptionId=sub)
    rig.advance(60)
    assert rig.look(call)["state"] == "answered"
    assert rig.look(rig.call())["release_cause"] == 8014
    rig.advance(300)
    assert rig.look(call)["release_cause"] == 0
    assert rig.cdrs()[-1]["subscriptionId"] == sub


# ── stop call ──


def test_stop_call_releases_a_running_call() -> None:
    """COM-STOP-001, COM-STOP-002."""
    rig = AxbRig()
    rig.new_binding_id()
    for seconds in (0, 3, 30):
        call = rig.call()
        session = rig.look(call)["session_id"]
        rig.advance(seconds)
        body = {"sessionid": session, "signal": "call_stop"}
        assert rig.stop(body, rig.other_app).key == "500/1020152"
        assert rig.stop(body).body == {"resultcode": "0", "resultdesc": "Success"}
        rig.deliver()
        assert rig.look(call)["state"] == "ended"
        assert rig.kinds()[-1] == "disconnect"
        assert rig.stop(body).key == "500/1020152"


@pytest.mark.parametrize(
    "body",
    [{}, {"sessionid": "s"}, {"signal": "call_stop"}, {"sessionid": "s", "signal": "stop"}, {"sessionid": 5}],
)
@pytest.mark.parametrize("choice", ["500/1020001", "403/1010002"])
def test_stop_call_needs_sessionid_and_signal(body: dict[str, Any], choice: str) -> None:
    """COM-STOP-003, COM-OPEN-030."""
    reply = AxbRig(assumptions={"stop_call.bad_parameter": choice}).stop(body)
    assert reply.key == choice
    assert len(reply.text) <= 128


def test_stop_call_is_open_to_the_modes_the_world_reads() -> None:
    """COM-OPEN-028, COM-OPEN-029, COM-OPEN-031."""
    body = {"sessionid": "none", "signal": "call_stop"}
    assert AxbRig(assumptions={"stop_call.modes": "axyb"}).stop(body).key == "403/1010040"
    assert AxbRig(assumptions={"stop_call.ended_call": "403/1010002"}).stop(body).key == "403/1010002"
    rig = AxbRig(assumptions={"stop_call.release_cause": 8017})
    assert rig.stop(body, rig.other_mode_app).key == "500/1020152"
    rig.new_binding_id()
    call = rig.call()
    rig.stop({"sessionid": rig.look(call)["session_id"], "signal": "call_stop"})
    assert rig.look(call)["release_cause"] == 8017


@pytest.mark.parametrize(("choice", "cause"), [("put_through", 0), ("intercept", 8059)])
def test_a_recorded_call_that_nothing_announces(choice: str, cause: int) -> None:
    """call.unannounced_recording."""
    rig = AxbRig(assumptions={"call.unannounced_recording": choice})
    sub = rig.new_binding_id(recordFlag="true")
    call = rig.call(hang_up_after=5)
    rig.advance(60)
    assert rig.look(call)["release_cause"] == cause
    assert rig.cdrs()[-1]["subscriptionId"] == sub
    rig.new_binding_id(C, D, recordFlag="true", recordHintTone="h.wav")
    call = rig.call(C, hang_up_after=5)
    rig.advance(60)
    assert rig.look(call)["release_cause"] == 0
