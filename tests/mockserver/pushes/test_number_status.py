"""The status of numbers: what is pushed of it, and where."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import X2, X, push_views


def pushed_status(rig: AxbRig, message: dict[str, str], x: str = X) -> list[tuple[str, dict[str, Any]]]:
    """Change an X; what comes of it, by address."""
    rig.received.clear()
    rig.world.change_number(rig.world.numbers[x], message)
    rig.deliver()
    for _, body in rig.received:
        assert contracts.validator("common/number_status").problems(body) == []
    return [(url, info) for url, body in rig.received for info in body["numInfo"]]


def infos(rig: AxbRig, message: dict[str, str], x: str = X) -> list[dict[str, Any]]:
    return [info for _, info in pushed_status(rig, message, x)]


@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_new_status_is_pushed(status: str) -> None:
    """COM-STATUS-001, COM-STATUS-006."""
    rig = AxbRig()
    assert infos(rig, {"status": status}) == [{"number": X, "status": status}]
    assert infos(rig, {"status": "5"}) == [{"number": X, "status": "5"}]


def test_what_does_not_change_is_not_pushed() -> None:
    """COM-STATUS-008."""
    rig = AxbRig()
    assert infos(rig, {"status": "5"}) == []
    assert infos(rig, {"area_code": "020"}) == []
    assert infos(rig, {"status": "10", "cause": "2"}) == [{"number": X, "status": "10", "cause": "2"}]
    assert infos(rig, {"status": "10"}) == []
    assert infos(rig, {"status": "10", "cause": "2"}) == []
    assert infos(rig, {"status": "9"}, X2) == [{"number": X2, "status": "9"}]


def test_another_cause_is_pushed_and_ends_with_its_status() -> None:
    """COM-STATUS-004, COM-STATUS-007."""
    rig = AxbRig()
    pushed_status(rig, {"status": "10", "cause": "2"})
    assert infos(rig, {"cause": "3"}) == [{"number": X, "status": "10", "cause": "3"}]
    pushed_status(rig, {"status": "5"})
    assert rig.world.numbers[X].cause is None
    assert infos(rig, {"status": "10"}) == [{"number": X, "status": "10"}]


@pytest.mark.parametrize(("choice", "carry"), [("unavailable", "10"), ("unusable", "9 10"), ("any", "5 9 10 11")])
def test_which_statuses_carry_a_cause(choice: str, carry: str) -> None:
    rig = AxbRig(assumptions={"number_status.cause": choice})
    for status in ("9", "10", "11", "5"):
        (info,) = infos(rig, {"status": status, "cause": "6"})
        assert ("cause" in info) == (status in carry.split())


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "http://c/status"),
        ({"number_status_url": "http://c/numbers"}, "http://c/numbers"),
        ({"number_status_url": "http://c/numbers", "event_url": None}, "http://c/numbers"),
        ({"event_url": None}, None),
    ],
)
def test_where_it_is_pushed(settings: dict[str, Any], url: str | None) -> None:
    """COM-STATUS-003."""
    rig = AxbRig(**settings)
    assert [place for place, _ in pushed_status(rig, {"status": "9"})] == ([] if url is None else [url])


@pytest.mark.parametrize(("choice", "attempts"), [("repeated", 7), ("once", 1)])
def test_whether_a_failed_push_is_repeated(choice: str, attempts: int) -> None:
    rig = AxbRig(assumptions={"number_status.retry": choice})
    rig.answer = lambda push: "500"
    pushed_status(rig, {"status": "9"})
    rig.advance(86_400)
    (push,) = push_views(rig.world, "given_up")
    assert (push["kind"], len(push["attempts"])) == ("number_status", attempts)


def test_a_reset_leaves_the_status() -> None:
    rig = AxbRig()
    pushed_status(rig, {"status": "10", "cause": "1"})
    rig.world.reset()
    assert rig.world.numbers[X].view() == {"number": X, "area_code": None, "status": "10", "cause": "1"}
