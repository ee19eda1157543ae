"""What the checks of tests/kills find: each breach of what was acknowledged, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.kills.checks import World
from tests.kills.load import Acknowledged
from tests.kills.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

A, OTHER = "+8613800000001", "+8613800000002"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def world(receiver: Receiver, known: Acknowledged, **lists: list[dict[str, Any]]) -> World:
    """A world that answers with these lists."""

    def ask(_: int, __: str, path: str) -> Any:
        what = path.rpartition("/")[2].partition("?")[0]
        return {what: lists.get(what, []), "next": None}

    return World(0, "w", known, receiver, ask)


def binding(id_: str, a: str = A) -> dict[str, Any]:
    return {"id": id_, "users": [a, "+8613900000001"]}


def call(id_: str, caller: str = A) -> dict[str, Any]:
    return {"id": id_, "caller": caller, "state": "ended"}


def push(state: str, *outcomes: str) -> dict[str, Any]:
    return {"id": "push-1", "state": state, "attempts": [{"outcome": each} for each in outcomes]}


def test_what_was_acknowledged_is_there(receiver: Receiver) -> None:
    known = Acknowledged(bound={"1": A}, gone={"2"}, unsure={"3", "4"}, calls={"c": A})
    world(receiver, known, bindings=[binding("1"), binding("3", OTHER)], calls=[call("c")]).check()
    assert (known.unsure, known.gone) == (set(), {"2", "4"})


@pytest.mark.parametrize(
    ("known", "bindings", "calls", "complaint"),
    [
        (Acknowledged(bound={"1": A}), [], [], "1 bindings that were acknowledged are lost, such as 1"),
        (Acknowledged(gone={"1"}), [binding("1")], [], "1 unbinds that were acknowledged are undone, such as 1"),
        (Acknowledged(bound={"1": A}), [binding("1", OTHER)], [], "1 bindings have another A, such as 1"),
        (
            Acknowledged(bound={"1": A}),
            [binding("1"), binding("2")],
            [],
            "1 bindings are there twice",
        ),
        (Acknowledged(calls={"c": A}), [], [], "1 calls that were acknowledged are lost"),
        (Acknowledged(calls={"c": A}), [], [call("c", OTHER)], "1 calls that were acknowledged are lost"),
        (Acknowledged(), [], [call("c"), call("d")], "1 calls are there twice"),
        (Acknowledged(doubled=["1"]), [], [], "two answers had the id 1"),
    ],
    ids=["lost", "undone", "other A", "bound twice", "call lost", "other caller", "called twice", "one id"],
)
def test_each_breach_is_found(
    receiver: Receiver, known: Acknowledged, bindings: list[Any], calls: list[Any], complaint: str
) -> None:
    with pytest.raises(AssertionError, match=complaint.replace("+", r"\+")):
        world(receiver, known, bindings=bindings, calls=calls).check()


def test_a_push_that_was_called_delivered_comes_no_more(receiver: Receiver) -> None:
    known = Acknowledged()
    there = world(receiver, known)
    with pytest.raises(AssertionError, match="push-1 was called delivered, and has never come"):
        known.on_delivered("push-1")
    nonce = there._ids.nonce("push-1", 1)
    receiver.taken[nonce] = 2  # a kill came before the first outcome was kept
    known.on_delivered("push-1")
    there.check_delivered()
    receiver.taken[nonce] = 3
    with pytest.raises(AssertionError, match="1 pushes that were acknowledged were sent again"):
        there.check_delivered()


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        (push("given_up", "200"), "1 pushes were given up"),
        (push("delivered", "200"), "pushes were called delivered that had never come"),
        (push("delivered", "error", "200"), "attempts ended with {'error'}"),
    ],
    ids=["given up", "never came", "failed"],
)
def test_pushes_must_have_come(receiver: Receiver, found: dict[str, Any], complaint: str) -> None:
    there = world(receiver, Acknowledged(), pushes=[found])
    there._is_busy = lambda: False  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match=complaint):
        there.wait_for_pushes()


def test_a_late_attempt_is_no_fault(receiver: Receiver) -> None:
    there = world(receiver, Acknowledged(), pushes=[push("delivered", "timeout", "200")])
    there._is_busy = lambda: False  # type: ignore[method-assign]
    assert there.wait_for_pushes() == 1
