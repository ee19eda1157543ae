"""What the server makes of the customer's answer."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.x.answers import CallAsked, decide
from tests.mockserver.rig import FIXED, X2, A, B, Rig, X

WRONG, NO_TONE, HIDDEN, CLOSED = 8014, 8006, 8024, 8017


def decided_answer(answer: Any, **assumptions: Any) -> Connect | Reject:
    rig = Rig(
        mode="X",
        assumptions={name.replace("_", ".", 1): value for name, value in assumptions.items()},
        tones=["wait.wav"],
    )
    body = answer if isinstance(answer, bytes) else orjson.dumps(answer)
    return decide(CallAsked(rig.world.assumptions, rig.world.numbers[X], A), body)


def connect(**fields: Any) -> dict[str, Any]:
    return {"operation": "connect", "connectInfo": {"calleeNum": B, **fields}}


@pytest.mark.parametrize("info", [{"calleeNum": B}, [{"calleeNum": B}]])
def test_an_object_or_a_list_of_one(info: Any) -> None:
    """X-CALL-105, X-CALL-107."""
    found = decided_answer({"operation": "connect", "connectInfo": info})
    assert isinstance(found, Connect)
    assert (found.to, found.shown) == (B, X)


def test_every_field_of_a_connection() -> None:
    tones = dict.fromkeys(("waitVoice", "recordHintTone", "lastMinVoice"), "wait.wav")
    found = decided_answer(connect(displayCalleeNum=X, maxDuration=60, recordFlag="true", userData="u1", **tones))
    assert isinstance(found, Connect)
    terms = found.terms
    assert (terms.subscription_id, terms.max_duration, terms.record, terms.announced) == ("", 60, True, True)
    assert terms.user_data == "u1"


def test_null_and_a_boolean_are_taken() -> None:
    """Forms that no page prints and no page forbids."""
    found = decided_answer(connect(displayCalleeNum=None, waitVoice=None, recordFlag=True, userData=None))
    assert isinstance(found, Connect)
    assert (found.shown, found.terms.record, found.terms.user_data) == (X, True, None)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"ok", WRONG),
        (b"[]", WRONG),
        ({}, WRONG),
        ({"operation": "vas"}, WRONG),
        ({"operation": "connect"}, WRONG),
        ({"operation": "connect", "connectInfo": None}, WRONG),
        ({"operation": "connect", "connectInfo": []}, WRONG),
        (connect(calleeNum="13900000002"), WRONG),
        (connect(calleeNum="+864001234567"), WRONG),
        (connect(maxDuration=1441), WRONG),
        (connect(maxDuration="sixty"), WRONG),
        (connect(userData="u" * 257), WRONG),
        (connect(userData="订单"), WRONG),
        (connect(displayCalleeNum="nobody"), WRONG),
        (connect(waitVoice="none.wav"), NO_TONE),
        (connect(maxDuration=5, lastMinVoice="none.wav"), NO_TONE),
        (connect(recordFlag="true", recordHintTone="none.wav"), NO_TONE),
        (connect(displayCalleeNum=A), HIDDEN),
        (connect(displayCalleeNum="+8613800000777"), HIDDEN),
        ({"operation": "close"}, CLOSED),
        ({"operation": "close", "closeInfo": {"closeHintTone": "wait.wav"}}, CLOSED),
        ({"operation": "close", "closeInfo": [{"userData": "u1"}]}, CLOSED),
        ({"operation": "close", "closeInfo": {"closeHintTone": "none.wav"}}, NO_TONE),
    ],
)
def test_why_a_call_ends(answer: Any, cause: int) -> None:
    """X-CALL-106, X-CALL-108 to X-CALL-113."""
    found = decided_answer(answer)
    assert isinstance(found, Reject)
    assert found.cause == cause


def test_a_fixed_line_can_be_called() -> None:
    """X-CALL-008."""
    assert isinstance(decided_answer(connect(calleeNum=FIXED)), Connect)


@pytest.mark.parametrize(
    ("choice", "answer", "there"),
    [
        (
            {"x_several_infos": "first"},
            {"operation": "connect", "connectInfo": [{"calleeNum": B}, {"calleeNum": A}]},
            True,
        ),
        (
            {"x_several_infos": "8014"},
            {"operation": "connect", "connectInfo": [{"calleeNum": B}, {"calleeNum": A}]},
            False,
        ),
        ({"x_display_other_x": "show"}, connect(displayCalleeNum=X2), True),
        ({"x_display_other_x": "intercept"}, connect(displayCalleeNum=X2), False),
        ({"x_unused_tones": "ignore"}, connect(lastMinVoice="none.wav", recordHintTone="none.wav"), True),
        ({"x_unused_tones": "8006"}, connect(lastMinVoice="none.wav"), False),
        ({"x_unused_tones": "8006"}, connect(recordHintTone="none.wav"), False),
        ({"x_user_data_forbidden": "accept"}, connect(userData="{}"), True),
        ({"x_user_data_forbidden": "8014"}, connect(userData="{}"), False),
    ],
)
def test_choices(choice: dict[str, str], answer: Any, there: bool) -> None:
    """X-OPEN-004, X-OPEN-006 to X-OPEN-008."""
    assert isinstance(decided_answer(answer, **choice), Connect) is there


@pytest.mark.parametrize(("choice", "there"), [("ignore", True), ("8014", False)])
def test_a_recording_that_is_not_open(choice: str, there: bool) -> None:
    """X-OPEN-016."""
    rig = Rig(mode="X", assumptions={"x.recording_not_open": choice}, recording=False)
    asked = CallAsked(rig.world.assumptions, rig.world.numbers[X], A)
    for flag, is_there in (("true", there), ("false", True)):
        found = decide(asked, orjson.dumps(connect(recordFlag=flag)))
        assert isinstance(found, Connect) is is_there
        assert is_there or (isinstance(found, Reject) and found.cause == WRONG)
