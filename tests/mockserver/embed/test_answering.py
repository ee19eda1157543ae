"""A function, or an object, answers for the customer of X mode."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.direct import DirectServer

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

A, B, C = "+8613800000001", "+8613900000002", "+8613800000003"


def connect(to: str, **fields: Any) -> dict[str, Any]:
    return {"operation": "connect", "connectInfo": {"calleeNum": to, **fields}}


def test_a_function_is_asked_of_each_call(private_number: WorldHandle) -> None:
    asked: list[dict[str, Any]] = []

    def customer(call: dict[str, Any]) -> dict[str, Any]:
        asked.append(call)
        return connect(B, userData="u1") if call["caller"] == A else {"operation": "close"}

    private_number.answer_calls(customer)
    x = private_number.x.numbers[0]
    through, closed = private_number.call(A, x, hang_up_after=5), private_number.call(C, x)
    assert (through.state, through.forwarded_to) == ("forwarded", B)
    assert (closed.state, closed.release_cause) == ("ended", 8017)
    assert [(call["caller"], call["called"], call["notifyMode"]) for call in asked] == [
        (A, x, "Block"),
        (C, x, "Block"),
    ]
    private_number.advance(30)
    assert [cdr["userData"] for cdr in private_number.cdrs if cdr["sessionId"] == through.session_id] == ["u1"]
    private_number.answer_calls(lambda _: connect(C))
    assert private_number.call(A, x).forwarded_to == C
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("answer", "cause"), [(connect(B), None), ({"operation": "close"}, 8017), (b"ok", 8014), (b"", 8014)]
)
def test_an_answer_to_every_callin(private_number: WorldHandle, answer: Any, cause: int | None) -> None:
    private_number.answer_calls(answer)
    assert private_number.call(A, private_number.x.numbers[0]).release_cause == cause


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
@pytest.mark.parametrize(
    "answer", [lambda _: None, lambda _: b"no JSON", lambda call: call["no such field"], lambda _: {"n": float("nan")}]
)
def test_a_function_that_gives_no_answer(private_number: WorldHandle, answer: Any) -> None:
    private_number.answer_calls(answer)
    call = private_number.call(A, private_number.x.numbers[0])
    assert (call.state, call.release_cause) == ("ended", 8014)


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
@pytest.mark.parametrize("in_process", [False, True])
def test_a_question_that_a_fault_cuts_off_reaches_no_function(live: LiveServer, in_process: bool) -> None:
    """Over a socket or without one: what comes is no JSON, and is answered so."""
    asked: list[str] = []

    def answer_call(call: dict[str, Any]) -> dict[str, Any]:
        asked.append(call["caller"])
        return connect(B)

    with (DirectServer() if in_process else live).world() as world:
        world.answer_calls(answer_call)
        x = world.x.numbers[0]
        with world.fault("cut_off", push="call_event", number=A, times=1):
            assert world.call(A, x).release_cause == 8014
        assert world.call(C, x).forwarded_to == B
        (cut,) = [entry for entry in world.journal(kind="call_event") if entry.fault == "cut_off"]
        assert (cut.view["outcome"], cut.accepted, bool(cut.view["headers"])) == ("400", False, True)
        assert asked == [C]


@pytest.mark.parametrize("answer", ["+8613900000002", 5, [connect(B)]])
def test_what_is_no_answer_is_refused_at_once(private_number: WorldHandle, answer: Any) -> None:
    """A test that expects 8014 would pass for the wrong reason."""
    with pytest.raises(TypeError, match="takes a function, an object or bytes, not "):
        private_number.answer_calls(answer)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"operation": "conect"}, 'operation must be "connect" or "close", not "conect". [X-CALL-110]'),
        (connect(B, maxDuration=9999), "connectInfo.maxDuration must be a whole number from 0 to 1440, not 9999."),
        ({"operation": "connect"}, "connectInfo is missing; it must be present."),
        (connect("12"), "calleeNum must be"),
        (connect(B, displayCalleeNum=C), "displayCalleeNum must be the X that was called. [X-CALL-106]"),
        (b"no JSON", "The answer must be a JSON object, not 'no JSON'. [X-CALL-113]"),
        (b"", "no such answer came, but: answered HTTP 200 by the built-in inbox, without a body [X-CALL-103]"),
    ],
)
def test_a_call_says_what_was_wrong_with_the_answer(private_number: WorldHandle, answer: Any, problem: str) -> None:
    private_number.answer_calls(answer)
    call = private_number.call(A, private_number.x.numbers[0])
    assert call.state == "ended"
    assert problem in str(call.answer_problem)


def test_a_right_answer_has_no_problem(private_number: WorldHandle) -> None:
    for answer in (connect(B), {"operation": "close"}):
        private_number.answer_calls(answer)
        assert private_number.call(A, private_number.x.numbers[0]).answer_problem is None


def test_the_first_call_is_connected_without_more(private_number: WorldHandle) -> None:
    assert private_number.call(A, private_number.x.numbers[0]).forwarded_to == B


@pytest.mark.parametrize("private_number", [{"applications": [{"mode": "AXB"}]}], indirect=True)
def test_a_world_without_x_says_so(private_number: WorldHandle) -> None:
    with pytest.raises(LookupError, match="no application of mode X"):
        private_number.answer_calls({"operation": "close"})


def test_a_slow_customer_holds_up_nobody(private_number_server: LiveServer) -> None:
    """Another call is answered, other messages too, and the clock goes on: his time is that of the world."""
    gate = threading.Event()

    def customer(call: dict[str, Any]) -> dict[str, Any]:
        if call["caller"] == A:
            gate.wait(120)
        return connect(B)

    spec = {"clock": {"mode": "running"}, "assumptions": {"x.answer_seconds": 600, "push.timeout_seconds": 120}}
    with private_number_server.world(**spec) as world:
        world.answer_calls(customer)
        x = world.x.numbers[0]
        slow, quick = world.call(A, x), world.call(C, x)
        assert (slow.state, slow.forwarded_to) == ("asking", None)
        looks = 0
        while world.look(quick).state == "asking" and looks < 60:
            looks += len(world.pushes) > 0  # which waits a moment for what is under way
        assert world.look(quick).forwarded_to == B
        assert world.look(slow).state == "asking"
        world.advance(601)
        assert (world.look(slow).state, world.look(slow).release_cause) == ("ended", 8014)
        gate.set()
