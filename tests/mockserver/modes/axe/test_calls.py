from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.modes.axe.calls import CALL_TABLE, ENTRY_TABLE
from tests.mockserver.axe_rig import X2, AxeRig, world
from tests.mockserver.rig import FIXED, A, B, C, D, X

HOUR = 3600


# ── who reaches whom ──


def test_each_extension_reaches_its_own_a() -> None:
    """AXE-CALL-101, AXE-CALL-102, AXE-CALL-008, AXE-CALL-109, AXE-BIND-006."""
    rig = AxeRig()
    told = {a: rig.new_binding_fields(a)["extendNum"] for a in (A, B, FIXED)}
    other = rig.new_binding_fields(B, X2)["extendNum"]
    assert {a: rig.call_result(C, digits) for a, digits in told.items()} == {a: a for a in told}
    assert rig.call_result(A, other, X2) == B
    call = rig.look(rig.dial(C, told[A], wait=20))
    assert call["displayed"] == X
    assert call["extension"] == told[A]
    assert call["collected"] == [told[A]]
    assert call["played"] == ["extension_prompt"]


def test_a_number_that_is_nobodys_x_does_not_exist() -> None:
    """AXE-FACT-003. It is no customer's call: nothing is pushed; what has not the form of an X is still an error."""
    rig = world()
    call = rig.look(rig.dial(C, "0042", x="+8617000000077"))
    assert (call["state"], call["release_cause"], call["app_key"]) == ("ended", 8025, None)
    assert (call["x"], call["forwarded_to"], call["subscription_id"]) == ("+8617000000077", None, None)
    assert call["played"] == call["collected"] == []
    assert contracts.validator("driver/call").is_valid(call)
    rig.advance(60)
    assert rig.received == []
    with pytest.raises(ControlError, match=r"is no X"):
        rig.dial(C, "0042", x=FIXED)


def test_the_timeline_of_a_call_to_a() -> None:
    """AXE-EVENT-001 to AXE-EVENT-007, 008 to 011; AXE-CALL-012."""
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
        ("unregistered", 8058),
        ("not_exist", 8100),
        ("unreachable", 8103),
        ("silent", 8035),
    ],
)
def test_the_ways_a_call_can_fail(behaviour: str, cause: int) -> None:
    """AXE-CALL-016 to AXE-CALL-022, AXE-EVENT-002, AXE-CALLBACK-101."""
    rig = world()
    call_id = rig.dial(C, "0042", wait=91, callee={"behaviour": behaviour})
    rig.advance(1)
    assert rig.look(call_id)["release_cause"] == cause
    assert "answer" not in rig.kinds()
    assert rig.call_result(A) == C


@pytest.mark.parametrize(("after", "cause"), [(1, 7516), (3, 7501), (5, 7502), (10, 0)])
def test_the_caller_hangs_up(after: int, cause: int) -> None:
    """AXE-CALL-106, AXE-CALL-013, AXE-CALL-014, AXE-CALL-015."""
    by_itself, told = world(), world()
    call_id = by_itself.dial(C, "0042", wait=after, caller_hangs_up_after=after)
    assert by_itself.look(call_id)["release_cause"] == cause
    call_id = told.dial(C, "0042", wait=after)
    told.world.hang_up(call_id, "caller")
    assert told.look(call_id)["release_cause"] == cause
    assert told.world.timers.next_due() is None or cause


def test_nobody_else_is_there_while_digits_are_collected() -> None:
    """AXE-CALL-106."""
    rig = world()
    call_id = rig.dial(C)
    with pytest.raises(ControlError) as refused:
        rig.world.hang_up(call_id, "callee")
    assert refused.value.status == 409


@pytest.mark.parametrize(("status", "cause"), [("9", 8055), ("10", 8055), ("11", None), ("5", None)])
def test_the_status_of_x_decides_whether_it_carries_calls(status: str, cause: int | None) -> None:
    """AXE-CALL-003, AXE-CALL-004."""
    rig = world()
    rig.world.numbers[X].status = status
    assert rig.call_result(C, "0042") == (cause or A)
    assert rig.call_result(A) == (cause or C)


def test_unbind_and_expiry_do_not_cut_a_call() -> None:
    """AXE-CALL-009, AXE-CALL-010, AXE-CALL-104, AXE-UNBIND-007."""
    rig = AxeRig()
    rig.new_binding_id(A, extendNum="0042", bindExpiredTime=1)
    rig.new_binding_id(B, extendNum="0043")
    calls = [rig.dial(C, digits, wait=20) for digits in ("0042", "0043")]
    rig.unbind(virtualNum=X, extendNum="0043")
    rig.advance(2 * HOUR)
    assert [rig.look(call)["state"] for call in calls] == ["answered", "answered"]
    assert [rig.call_result(D, digits) for digits in ("0042", "0043")] == [8022, 8022]


def test_a_call_takes_its_terms_from_the_binding_of_the_extension() -> None:
    """AXE-CDR-001 to AXE-CDR-012."""
    rig = AxeRig()
    sub = rig.new_binding_id(A, extendNum="0042", recordFlag=True, userData="mine")
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
        ("open", "closed", "frozen"),
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
