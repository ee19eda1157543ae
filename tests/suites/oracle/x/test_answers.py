"""The oracle reads the customer's answer as the page has it."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided, XSurroundings
from privnum.suites.oracle.x.answers import Connection, End, read
from tests.suites.oracle.assumed import assumed_choices

X, X2, A, B = "+8617000000041", "+8617000000042", "+8613800000001", "+8613900000002"
FIXED, HOTLINE = "+8675526660001", "+864001234567"


def decided_answer(
    answer: Any, unsettled: tuple[str, ...] = (), *, recording: bool = True, **assumptions: Any
) -> Connection | End:
    around = XSurroundings(own={X: "0755", X2: "0755"}, tones={"wait.wav"}, recording=recording)
    return read(answer, A, X, around, assumed_choices(unsettled, **assumptions))


def connect(**fields: Any) -> dict[str, Any]:
    return {"operation": "connect", "connectInfo": {"calleeNum": B, **fields}}


def test_a_connection() -> None:
    """X-CALL-104, X-CALL-105, X-CALL-107."""
    assert (
        decided_answer(connect())
        == decided_answer({"operation": "connect", "connectInfo": [{"calleeNum": B}]})
        == Connection(B, X)
    )
    whole = connect(displayCalleeNum=X, maxDuration=5, recordFlag="true", recordHintTone="wait.wav", userData="u1")
    assert decided_answer(whole) == Connection(B, X, 5, recorded=True, announced=True, user_data="u1")
    assert decided_answer(connect(calleeNum=FIXED)) == Connection(FIXED, X)


@pytest.mark.parametrize(
    ("answer", "rule", "causes"),
    [
        (b"ok", "X-CALL-113", {8014}),
        ({"operation": "vas"}, "X-CALL-110", {8014}),
        ({"operation": "connect"}, "X-CALL-111", {8014}),
        (connect(calleeNum=None), "X-CALL-111", {8014}),
        (connect(calleeNum="13900000002"), "X-CALL-110", {8014}),
        (connect(maxDuration=1441), "X-CALL-110", {8014}),
        (connect(userData="u" * 257), "X-CALL-110", {8014}),
        (connect(userData="订单"), "X-CALL-112", set()),
        (connect(waitVoice="none.wav"), "X-CALL-108", {8006}),
        (connect(displayCalleeNum=A), "X-CALL-106", {8024}),
        ({"operation": "close"}, "X-CALL-109", {8017}),
        ({"operation": "close", "closeInfo": [{"closeHintTone": "none.wav"}]}, "X-CALL-108", {8006}),
    ],
)
def test_an_end(answer: Any, rule: str, causes: set[int]) -> None:
    end = decided_answer(answer)
    assert isinstance(end, End)
    assert (end.rule, {*end.causes}) == (rule, causes)


def test_choices() -> None:
    """X-OPEN-003, X-OPEN-004, X-OPEN-006 to X-OPEN-008."""
    close = decided_answer({"operation": "close"}, unsettled=("x.close_cause",))
    assert isinstance(close, End)
    assert close.causes == {8017, 0, 8014}
    assert decided_answer(connect(displayCalleeNum=X2), x__display_other_x="show") == Connection(B, X2)
    assert isinstance(decided_answer(connect(displayCalleeNum=X2)), End)
    assert decided_answer(connect(lastMinVoice="none.wav")) == Connection(B, X)
    assert isinstance(decided_answer(connect(lastMinVoice="none.wav"), x__unused_tones="8006"), End)
    assert isinstance(decided_answer(connect(userData="{}"), x__user_data_forbidden="8014"), End)


def test_a_recording_where_there_is_none() -> None:
    """X-OPEN-016."""
    recorded = connect(recordFlag="true", recordHintTone="wait.wav")
    assert decided_answer(recorded, recording=False) == Connection(B, X, recorded=True, announced=True)
    end = decided_answer(recorded, recording=False, x__recording_not_open="8014")
    assert end == End("X-OPEN-016", frozenset((8014,)))
    assert isinstance(decided_answer(recorded, x__recording_not_open="8014"), Connection)


@pytest.mark.parametrize(
    "answer",
    [
        connect(calleeNum=HOTLINE),
        connect(maxDuration=1441, userData="u" * 257),
        {"operation": "connect", "connectInfo": [{"calleeNum": B}, {"calleeNum": A}]},
    ],
)
def test_what_nobody_says(answer: Any) -> None:
    with pytest.raises(Undecided):
        decided_answer(answer, unsettled=("x.several_infos",))
