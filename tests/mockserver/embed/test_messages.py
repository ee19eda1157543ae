"""What a world's handle has beside calls: SMS, and the status of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum import PushNotAccepted, RequestRefused
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def world(live: LiveServer) -> Iterator[WorldHandle]:
    with live.world() as made:
        yield made


def test_settings_change_of_one_application_or_of_all(world: WorldHandle) -> None:
    bound = {"recordFlag": "true", "recordHintTone": "hint.wav"}
    a, b, x = "+8613800000001", "+8613900000002", world.axb.numbers[0]
    world.set_application(world.axe, recording=False)
    assert world.axb.bind(a, b, x, **bound)["resultcode"] == "0"
    world.set_application(recording=False, in_force_after=600)
    assert world.axb.bind("+8613800000003", b, world.axb.numbers[1], **bound)["resultcode"] == "0"
    world.advance(600)
    with pytest.raises(RequestRefused, match="1012012"):
        world.axb.bind("+8613800000004", "+8613900000005", x, **bound)
    with pytest.raises(DriverError):
        world.set_application(status="asleep")


def test_a_number_that_changes_is_told_of(world: WorldHandle) -> None:
    x = world.axb.numbers[0]
    world.set_number(x, "10", "2")
    world.set_number(x, "5")
    assert world.number_statuses == [
        {"number": x, "status": "10", "cause": "2"},
        {"number": x, "status": "5"},
    ]
    with pytest.raises(DriverError):
        world.set_number("+8617099999999", "9")


def test_an_sms_of_axb(world: WorldHandle) -> None:
    a, b, x = "+8613800000001", "+8613900000002", world.axb.numbers[0]
    world.bind(a, b, x)
    sms = world.send_sms(a, x, "I am at the door")
    assert (sms.delivered_to, sms.displayed, sms.result) == (b, x, 0)
    assert [(event["calling"], event["called"], event["sendResult"]) for event in world.sms_notices] == [(a, b, 0)]
    assert world.send_sms(b, x, "x" * 400, network="fails").result == 10


def test_an_sms_of_ax_waits_for_a_verdict(world: WorldHandle) -> None:
    a, c, x = "+8613800000001", "+8613900000003", world.ax.numbers[0]
    world.request("ax.bind", body={"origNum": a, "privateNum": x})
    waiting = world.send_sms(a, x, "where are you?")
    assert (waiting.state, world.sms_notices[-1]["notificationMode"]) == ("waiting", "Block")
    world.advance(30)
    assert world.look_at_sms(waiting).result == 7
    world.answer_sms({"actions": [{"operation": "vNumberRoute", "message": {"called": c}}]})
    assert world.send_sms(a, x, "where are you?").delivered_to == c
    world.answer_sms(None)
    assert world.send_sms(a, x, f"here@{c}").delivered_text == "here"


def test_a_function_is_asked_of_each_sms_of_x(world: WorldHandle) -> None:
    a, b, c, x = "+8613800000001", "+8613900000002", "+8613800000003", world.x.numbers[0]
    asked: list[dict[str, Any]] = []

    def customer(sms: dict[str, Any]) -> dict[str, Any] | None:
        asked.append(sms)
        if sms["calling"] == c:
            return {"actions": [{"operation": "DiscardMessage"}]}
        return {"actions": [{"operation": "vNumberRoute", "message": {"called": b}}]} if sms["calling"] == a else None

    assert world.send_sms(a, x, "hello").delivered_to == "+8613900000002"  # the inbox, without more
    world.answer_sms(customer)
    sent, discarded, waiting = (world.send_sms(sender, x, "hello@+8613900000009") for sender in (a, c, b))
    assert (sent.delivered_to, sent.delivered_text, sent.displayed) == (b, "hello@+8613900000009", x)
    assert (discarded.state, discarded.result) == ("not_sent", 6)
    assert waiting.state == "waiting"
    assert [(sms["calling"], sms["virtualNumber"], sms["notificationMode"]) for sms in asked[:3]] == [
        (sender, x, "Block") for sender in (a, c, b)
    ]
    world.answer_sms(None)
    world.advance(30)
    assert world.look_at_sms(waiting).result == 7
    assert world.send_sms(a, x, "hello").state == "waiting"


def test_a_function_that_fails_decides_nothing(world: WorldHandle) -> None:
    world.answer_sms(lambda sms: sms["no such field"])
    with pytest.warns(PushNotAccepted, match="answered HTTP 500"):
        assert world.send_sms("+8613800000001", world.x.numbers[0], "hello").state == "waiting"


def test_notices_go_to_a_handler(world: WorldHandle, httpserver: HTTPServer) -> None:
    a, c, x = "+8613800000001", "+8613900000003", world.ax.numbers[0]
    verdict = {"actions": [{"operation": "vNumberRoute", "message": {"called": c}}]}
    httpserver.expect_request("/sms").respond_with_json(verdict)
    world.send_sms_notices_to(httpserver.url_for("/sms"))
    world.request("ax.bind", body={"origNum": a, "privateNum": x})
    assert world.send_sms(a, x, "where are you?").delivered_to == c
    assert [request.json["smsEvent"]["notificationMode"] for request, _ in httpserver.log] == ["Block", "Notify"]
