from __future__ import annotations

import pytest

from tests.mockserver.axe_rig import AxeRig, world
from tests.mockserver.rig import FIXED, A, C

WRONG = "9998"


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
    """AXE-CALL-103, 005, 007; AXE-CALLBACK-113."""
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
        assert rig.call_result(A) == 8019


@pytest.mark.parametrize(("after", "reached"), [(0, A), (10, A), (11, 8033)])
def test_digits_that_come_too_late_are_not_entered(after: int, reached: object) -> None:
    """AXE-CALL-105."""
    rig = world()
    call = rig.look(rig.dial(C, "0042", wait=10, digits_after=after))
    assert (call["forwarded_to"] or call["release_cause"]) == reached
    assert call["collected"] == (["0042"] if reached == A else [])


@pytest.mark.parametrize(
    ("choice", "digits", "reached", "told"),
    [
        ("first", "00429", A, "0042"),
        ("first", "0042#", A, "0042"),
        ("wrong", "00429", 8022, "00429"),
        ("wrong", "0042", A, "0042"),
        ("first", "042", 8022, "042"),
    ],
)
def test_surplus_digits(choice: str, digits: str, reached: object, told: str) -> None:
    """AXE-OPEN-045."""
    rig = world(assumptions={"axe.surplus_digits": choice})
    assert rig.call_result(C, digits) == reached
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
    ("choice", "digits", "present"),
    [("absent", "1234", None), ("present", "1234", "1234"), ("present", "1#", None), ("present", "12345", "1234")],
)
def test_the_cdr_of_a_wrong_extension(choice: str, digits: str, present: str | None) -> None:
    """AXE-CDR-101, AXE-CDR-004, AXE-OPEN-048."""
    rig = world(assumptions={"axe.cdr_extension_of_failed": choice})
    rig.call_result(C, digits)
    (fee,) = rig.cdrs()
    assert (fee["direction"], fee["ulFailReason"], fee.get("extendNumber")) == (2, 8022, present)


@pytest.mark.parametrize(("choice", "shown"), [("absent", None), ("present", "0042")])
def test_the_cdr_of_a_call_back(choice: str, shown: str | None) -> None:
    """AXE-OPEN-050; the driver reports no extension by which A was put through."""
    rig = world(assumptions={"axe.cdr_extension_of_callback": choice})
    rig.call_result(C, "0042")
    call = rig.dial(A, callee={"behaviour": "answer", "hang_up_after": 5}, wait=20)
    assert (rig.look(call)["forwarded_to"], rig.look(call)["extension"]) == (C, None)
    assert [fee.get("extendNumber") for fee in rig.cdrs()] == ["0042", shown]


@pytest.mark.parametrize(("choice", "direction"), [(2, 2), (0, 0)])
def test_the_direction_without_an_extension(choice: int, direction: int) -> None:
    """AXE-OPEN-047."""
    rig = world(assumptions={"axe.cdr_direction_without_extension": choice})
    assert rig.call_result(C) == 8033
    assert rig.call_result(FIXED) == 8023
    rig.dial(C, caller_hangs_up_after=1, wait=1)
    assert [fee["direction"] for fee in rig.cdrs()] == [direction] * 3
    assert all("extendNumber" not in fee for fee in rig.cdrs())


def test_the_extension_stands_in_the_field_that_the_world_reads() -> None:
    """AXE-OPEN-027."""
    rig = world(assumptions={"axe.cdr_extension_field": "extendNum"})
    rig.call_result(C, "0042")
    assert rig.cdrs()[0]["extendNum"] == "0042"


def test_the_real_caller_is_intercepted() -> None:
    """AXE-OPEN-015."""
    rig = AxeRig(assumptions={"axe.display_real_caller": "intercept"})
    sub = rig.new_binding_id(A, extendNum="0042", displayNumMode=1)
    assert rig.call_result(C, "0042") == 8024
    assert rig.kinds() == ["callin", "collectInfo", "disconnect"]
    assert rig.call_result(A) == 8019
    rig.must_modify(sub, displayNumMode="0")
    assert rig.call_result(C, "0042") == A


@pytest.mark.parametrize(
    ("choice", "kinds"), [("callin_disconnect", ["callin", "disconnect"]), ("disconnect_only", ["disconnect"])]
)
def test_events_of_a_call_that_is_refused_at_once(choice: str, kinds: list[str]) -> None:
    """COM-OPEN-065."""
    rig = world(assumptions={"call.refused_events": choice})
    assert rig.call_result(FIXED) == 8023
    assert rig.call_result(A) == 8019
    assert rig.kinds() == kinds * 2
    rig.call_result(C, WRONG)
    assert rig.kinds()[2 * len(kinds) :] == ["callin", "collectInfo", "disconnect"]


def test_the_announcement_after_no_extension_is_the_worlds() -> None:
    """AXE-OPEN-065: that after a wrong one stays."""
    rig = world(assumptions={"axe.no_extension_announcement": "service_abnormal"})
    for digits, heard in ((None, "service_abnormal"), (WRONG, "wrong_extension")):
        assert rig.look(rig.dial(C, digits, wait=11))["played"][-1] == heard
