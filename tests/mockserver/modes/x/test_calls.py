"""X on the server: the customer is asked, in world time, and his answer decides."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import FIXED, A, B, C, Rig, X, push_views

CALLEE = {"operation": "connect", "connectInfo": {"calleeNum": B}}


class XRig(Rig):
    """A world whose application is of mode X; `answers` is what the customer says to callin."""

    def __init__(self, answer: Any = None, **app: Any) -> None:
        super().__init__(**{"mode": "X", **app})
        self.answer_body = answer if isinstance(answer, bytes) else orjson.dumps(answer or CALLEE)

    def infos(self) -> list[tuple[str, dict[str, Any]]]:
        return [(body["eventType"], body["statusInfo"]) for url, body in self.received if url == "http://c/status"]

    def cdr(self) -> dict[str, Any]:
        fees = [body["feeLst"] for url, body in self.received if url == "http://c/fee"]
        return dict(fees[-1][0])


def test_an_answer_connects_and_comes_back() -> None:
    """X-CALL-104, X-EVENT-101 to X-EVENT-105, X-CDR-101, X-CDR-102."""
    rig = XRig({"operation": "connect", "connectInfo": {"calleeNum": B, "userData": "order-42"}})
    rig.call(hang_up_after=5)
    rig.advance(30)
    kinds = [kind for kind, _ in rig.infos()]
    assert kinds == ["callin", "callout", "alerting", "answer", "disconnect"]
    told = dict(rig.infos())
    assert told["callin"] == told["callin"] | {"caller": A, "called": X, "notifyMode": "Block"}
    assert "userData" not in told["callin"]
    assert all("subscriptionId" not in info for info in told.values())
    for kind in kinds[1:]:
        assert (told[kind]["notifyMode"], told[kind]["userData"]) == ("Notify", "order-42")
    assert told["disconnect"]["callRelDirection"] == rig.cdr()["callRelDirection"] == 2
    assert list(rig.cdr())[-1] == "notifyMode"
    assert (rig.cdr()["notifyMode"], rig.cdr()["userData"], rig.cdr()["serviceType"]) == ("Block", "order-42", "004")


def test_world_time_passes_while_the_customer_is_asked() -> None:
    """The call is asking until the outcome comes in; then it rings from there. X-CALL-104."""
    rig = XRig()
    rig.world.clock_mode = "running"
    call = rig.world.place_call({"caller": A, "called": X, "callee": {"ring_after": 2}})
    (push,) = rig.world.take_pushes()
    assert (call.state, call.view()["subscription_id"]) == ("asking", None)
    rig.world.run_next_instant(rig.world.now_ms + 3000)
    assert call.state == "asking"
    rig.world.record_outcome(push, "200", rig.answer_body)
    assert (call.state, call.forwarded_to) == ("forwarded", B)
    assert call.forwarded_ms == call.started_ms + 3000


def test_nobody_waits_for_the_customer_longer_than_a_caller_does() -> None:
    """The time is over in world time; the answer that comes then changes nothing. X-CALL-103, X-OPEN-001."""
    rig = XRig()
    rig.world.clock_mode = "running"
    call = rig.world.place_call({"caller": A, "called": X})
    (push,) = rig.world.take_pushes()
    while rig.world.run_next_instant(rig.world.now_ms + 60_000):
        pass
    assert (call.state, call.release_cause) == ("ended", 8014)
    assert call.ended_ms == call.started_ms + 5000
    rig.world.record_outcome(push, "200", rig.answer_body)
    assert (call.state, call.forwarded_to) == ("ended", None)


def test_an_answer_after_a_reset_is_nobodys() -> None:
    rig = XRig()
    rig.world.clock_mode = "running"
    rig.world.place_call({"caller": A, "called": X})
    (push,) = rig.world.take_pushes()
    rig.world.reset()
    rig.world.record_outcome(push, "200", rig.answer_body)
    assert rig.world.call_engine.view() == []
    assert rig.world.take_pushes() == []


@pytest.mark.parametrize("outcome", ["500", "404", "302", "timeout", "refused", "reset"])
def test_other_outcomes_end_the_call(outcome: str) -> None:
    """X-CALL-103, X-OPEN-002; the question is not repeated (X-OPEN-009)."""
    rig = XRig()
    rig.answer = lambda push: outcome if b"callin" in push.body else "200"
    call = rig.call()
    assert (rig.look(call)["state"], rig.look(call)["release_cause"]) == ("ended", 8014)
    rig.advance(600)
    questions = [push for push in push_views(rig.world) if push["body"]["eventType"] == "callin"]
    assert [len(push["attempts"]) for push in questions] == [1]


@pytest.mark.parametrize(
    ("status", "choice", "reached"), [(201, "2xx", B), (201, "200", None), (204, "2xx", B), (300, "2xx", None)]
)
@pytest.mark.parametrize("by_inbox", [False, True])
def test_which_status_of_an_answer_counts(status: int, choice: str, reached: str | None, by_inbox: bool) -> None:
    """X-CALL-103, COM-OPEN-026: as of every push, whoever answers."""
    answer = {"operation": "connect", "connectInfo": {"calleeNum": B}}
    inbox = {"event_url": "inbox:", "callin_answer": {"status": status, "body": answer}} if by_inbox else {}
    rig = XRig(assumptions={"push.success_status": choice}, **inbox)
    rig.answer_body = orjson.dumps(answer)
    rig.answer = lambda push: str(status) if b"callin" in push.body else "200"
    assert rig.look(rig.call())["forwarded_to"] == reached


@pytest.mark.parametrize(
    ("outcome", "body", "came"),
    [
        ("500", b"no route to +8613800000001", "answered HTTP 500; the answer begins 'no route to +86138****0001'"),
        ("503", b"", "answered HTTP 503 [X-CALL-103]"),
        ("timeout", b"", "no whole answer within 5 s"),
        ("200", b"", "answered HTTP 200, without a body"),
    ],
)
def test_a_call_says_what_came_of_the_question(outcome: str, body: bytes, came: str) -> None:
    """As the record of the push has it, numbers masked."""
    rig = XRig()
    call = rig.world.place_call({"caller": A, "called": X})
    detail = f"answered HTTP {outcome}" if outcome.isdecimal() else came
    for push in rig.world.take_pushes():
        rig.world.record_outcome(push, outcome, body, detail)
    problem = rig.look(call.id)["answer_problem"]
    assert "callin must be answered in time, with 2xx and an operation; no such answer came, but: " in problem
    assert came in problem


def test_a_call_says_why_nobody_answered() -> None:
    rig = XRig()
    call = rig.world.place_call({"caller": A, "called": X})
    rig.world.take_pushes()
    rig.world.clock_mode = "running"  # else time stands still for the push
    rig.world.run_next_instant(rig.world.now_ms + 60_000)
    assert "but: nothing within 5 s of world time [X-CALL-103]" in rig.look(call.id)["answer_problem"]
    rig = XRig(event_url="inbox:", callin_answer={"status": 503})
    call_id = rig.call()
    assert "but: answered HTTP 503 by the built-in inbox [X-CALL-103]" in rig.look(call_id)["answer_problem"]


def test_other_events_are_repeated() -> None:
    """X-OPEN-009, and the other reading of the page."""
    for choice, attempts in (("others", [1, 7]), ("callin", [7, 1])):
        rig = XRig(assumptions={"x.event_repeats": choice})
        rig.answer = lambda push: "500" if push.kind == "call_event" else "200"
        rig.call()
        rig.advance(6 * 3600)
        pushes = [push for push in push_views(rig.world) if push["kind"] == "call_event"]
        assert [len(push["attempts"]) for push in pushes] == attempts


@pytest.mark.parametrize(
    ("by", "answered", "cause"), [("caller", False, 7516), ("caller", True, 0), ("callee", True, 0)]
)
def test_who_hangs_up_when(by: str, answered: bool, cause: int) -> None:
    """X-CALL-102, X-CALL-013, X-EVENT-105."""
    rig = XRig()
    rig.world.clock_mode = "running"
    call = rig.world.place_call({"caller": A, "called": X})
    if answered:
        rig.advance(10)
    rig.world.hang_up(call.id, by)
    rig.advance(10)
    assert (call.state, call.release_cause, call.forwarded_to is not None) == ("ended", cause, answered)
    side = dict(rig.infos())["disconnect"].get("callRelDirection")
    assert side == ({"caller": 1, "callee": 2}[by] if answered else None)


def test_an_application_without_an_address_is_not_asked() -> None:
    rig = XRig(event_url=None)
    call = rig.call()
    assert (rig.look(call)["state"], rig.look(call)["release_cause"]) == ("ended", 8014)
    assert [url for url, _ in rig.received] == ["http://c/fee"]


@pytest.mark.parametrize(
    ("setting", "cause"), [({"status": "frozen"}, 7108), ({"numbers": [{"number": X, "status": "9"}]}, 8055)]
)
def test_calls_of_which_nobody_is_asked(setting: dict[str, Any], cause: int) -> None:
    """X-CALL-002, X-CALL-003, X-OPEN-014."""
    for choice, kinds in (("disconnect_only", ["disconnect"]), ("callin_disconnect", ["callin", "disconnect"])):
        rig = XRig(assumptions={"x.refused_events": choice}, **setting)
        call = rig.call()
        assert (rig.look(call)["state"], rig.look(call)["release_cause"]) == ("ended", cause)
        assert [kind for kind, _ in rig.infos()] == kinds
        assert all(info["notifyMode"] == "Notify" for _, info in rig.infos())


def test_a_fixed_line_that_calls() -> None:
    """X-OPEN-005."""
    for choice, reached, cause in (("refuse", None, 8023), ("ask", B, None)):
        rig = XRig(assumptions={"x.fixed_line_caller": choice})
        call = rig.look(rig.call(FIXED))
        assert (call["forwarded_to"], call["release_cause"]) == (reached, cause)


@pytest.mark.parametrize(
    ("after", "state", "cause"),
    [(0, "forwarded", None), (3, "forwarded", None), (5, "forwarded", None), (6, "ended", 8014)],
)
def test_the_built_in_inbox_answers_after_a_while(after: int, state: str, cause: int | None) -> None:
    """callin_answer, in world time; in the last instant it is in time. calls.decided."""
    rig = XRig(event_url="inbox:", callin_answer={"after": after, "body": CALLEE})
    call = rig.call(C, ring_after=60)
    assert rig.look(call)["state"] == ("asking" if after else "forwarded")
    rig.advance(8)
    assert (rig.look(call)["state"], rig.look(call)["release_cause"]) == (state, cause)


@pytest.mark.parametrize("answer", [None, {}, {"status": 500, "body": CALLEE}, {"body": "ok"}])
def test_the_built_in_inbox_may_answer_wrongly(answer: dict[str, Any] | None) -> None:
    rig = XRig(event_url="inbox:", callin_answer=answer)
    call = rig.look(rig.call())
    assert (call["state"], call["release_cause"]) == ("ended", 8014)


def test_another_mode_has_no_callin_answer() -> None:
    from privnum.mockserver.core.errors import ControlError

    with pytest.raises(ControlError, match="callin_answer"):
        AxbRig(callin_answer={"body": CALLEE})
