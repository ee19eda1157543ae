"""AXB: A and B write to each other through X."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.worlds import setup
from privnum.mockserver.worlds.sms import sms_of, write_sms
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import FIXED, X2, A, B, C, X, push_views
from tests.mockserver.sms_rig import SmsRig, extra


class AxbSmsRig(SmsRig, AxbRig):
    """A world whose application is of mode AXB, and in which SMS are written."""

    def __init__(self, **more: Any) -> None:
        super().__init__(mode="AXB", **more)


@pytest.mark.parametrize(("sender", "receiver", "direction"), [(A, B, "1"), (B, A, "0")])
def test_each_reaches_the_other(sender: str, receiver: str, direction: str) -> None:
    """AXB-SMS-001, 003 to 008, 016 to 018, 101, 102."""
    rig = AxbSmsRig()
    sub = rig.new_binding_id(userData="order-1")
    sms = rig.write(sender, X, "hello")
    assert (sms.delivered_to, sms.delivered_text, sms.view()["displayed"]) == (receiver, "hello", X)
    (event,) = rig.told
    assert event == {
        "smsIdentifier": sms.identifier,
        "notificationMode": "Notify",
        "calling": sender,
        "called": receiver,
        "virtualNumber": X,
        "event": "TextSMS",
        "timeStamp": "2026-03-01T00:00:00.000Z",
        "subscriptionId": sub,
        "smsContent": "hello",
        "extInfo": {"extParas": [{"key": "splitNum", "value": "1"}, {"key": "direction", "value": direction}]},
        "sendResult": 0,
        "userData": "order-1",
    } | ({"areaCode": event["areaCode"]} if "areaCode" in event else {})
    assert not rig.asked


def test_an_at_names_nobody_in_axb() -> None:
    rig = AxbSmsRig()
    rig.new_binding_id()
    assert rig.write(A, X, f"hello@{C}").delivered_text == f"hello@{C}"


def test_a_stranger_reaches_nobody() -> None:
    """AXB-SMS-009, AXB-SMS-010."""
    rig = AxbSmsRig()
    rig.new_binding_id()
    assert rig.write(C, X).state == "not_sent"
    (event,) = rig.told
    assert (event["sendResult"], "called" in event, extra(event)) == (2, False, {"splitNum": "0", "direction": "2"})
    assert "subscriptionId" not in event


@pytest.mark.parametrize(
    ("settings", "text", "result"),
    [
        ({"status": "frozen"}, "hello", 1),
        ({"sms_rules": {"trial": True}}, "hello", 4),
        ({"sms_rules": {"blacklist": [A]}}, "hello", 8),
        ({"sms_rules": {"keyword": "[demo]"}}, "hello", 12),
        ({"sms_rules": {"forbidden": ["bad"]}}, "too bad", 13),
        ({"sms": False}, "hello", 11),
        ({"sms_rules": {"keyword": "[demo]", "forbidden": ["bad"]}}, "[demo] hello", 0),
    ],
)
def test_what_the_application_lets_through(settings: dict[str, Any], text: str, result: int) -> None:
    """AXB-SMS-013, AXB-SMS-015, AXB-SMS-023."""
    rig = AxbSmsRig()
    rig.new_binding_id()
    setup.change_application(rig.app, settings)
    assert (rig.write(A, X, text).state == "sent") == (result == 0)
    assert rig.results == [result]


@pytest.mark.parametrize(("change", "result"), [({"status": "9"}, 3), ({"status": "10"}, 3), ({"sms": False}, 11)])
def test_what_the_number_lets_through(change: dict[str, Any], result: int) -> None:
    """AXB-SMS-011, AXB-SMS-014."""
    rig = AxbSmsRig()
    rig.new_binding_id()
    rig.world.change_number(rig.world.numbers[X], change)
    rig.write(A, X)
    rig.world.change_number(rig.world.numbers[X], {"status": "11", "sms": True})
    rig.write(A, X)
    assert rig.results == [result, 0]


@pytest.mark.parametrize(
    ("choice", "results"),
    [({}, [11]), ({"sms.private_sms_off": "2"}, [2]), ({"sms.private_sms_off": "none"}, [])],
)
def test_private_sms(choice: dict[str, Any], results: list[int]) -> None:
    """AXB-SMS-015."""
    rig = AxbSmsRig(assumptions=choice)
    sub = rig.new_binding_id(privateSms="false")
    assert rig.write(A, X).state == "not_sent"
    assert rig.results == results
    rig.modify(sub, privateSms="true")
    assert rig.write(A, X).state == "sent"


@pytest.mark.parametrize(
    ("choice", "direction", "states"),
    [
        ("ignored", 1, ["sent", "sent"]),
        ("applied", 0, ["sent", "sent"]),
        ("applied", 1, ["sent", "not_sent"]),
        ("applied", 2, ["not_sent", "sent"]),
    ],
)
def test_the_direction_of_a_binding(choice: str, direction: int, states: list[str]) -> None:
    """COM-OPEN-959."""
    rig = AxbSmsRig(assumptions={"sms.call_direction": choice})
    rig.new_binding_id(callDirection=direction)
    assert [rig.write(sender, X).state for sender in (A, B)] == states


@pytest.mark.parametrize(
    ("network", "result", "sent"), [("partly", 9, "2"), ("fails", 10, "0"), ("breaks", 5, "0"), ("delivers", 0, "3")]
)
def test_the_network(network: str, result: int, sent: str) -> None:
    """AXB-SMS-022."""
    rig = AxbSmsRig()
    rig.new_binding_id()
    rig.write(A, X, "x" * 400, network=network)
    assert (rig.results, extra(rig.told[0])["splitNum"]) == ([result], sent)


def test_one_part_is_not_sent_in_part() -> None:
    """AXB-SMS-009: nothing arrived, so it has failed."""
    rig = AxbSmsRig()
    rig.new_binding_id()
    assert rig.write(A, X, "x", network="partly").state == "not_sent"
    assert (rig.results, extra(rig.told[0])["splitNum"]) == ([10], "0")


def test_a_fixed_line_has_no_sms() -> None:
    """AXB-SMS-024."""
    rig = AxbSmsRig()
    rig.new_binding_id(b=FIXED)
    assert [rig.write(sender, X).state for sender in (A, FIXED)] == ["not_sent", "not_sent"]
    assert rig.results == [10, 10]


@pytest.mark.parametrize(
    ("choice", "attempts"),
    [("as_calls", [0, 60, 240, 540, 6360, 12180, 18000]), ("each_minute", [60 * i for i in range(7)])],
)
def test_a_failed_notify_is_repeated(choice: str, attempts: list[int]) -> None:
    """AXB-SMS-020."""
    rig = AxbSmsRig(assumptions={"sms.retry_minutes": choice})
    rig.new_binding_id()
    rig.outcome = "500"
    rig.write(A, X)
    rig.advance(86_400)
    (push,) = push_views(rig.world, "given_up")
    start = push_views(rig.world)[0]["attempts"][0]["at"]
    seconds = [_seconds(attempt["at"]) - _seconds(start) for attempt in push["attempts"]]
    assert seconds == attempts


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def test_without_an_address_nothing_is_told_and_content_is_a_setting() -> None:
    """AXB-SMS-021, AXB-SMS-018."""
    rig = AxbSmsRig(sms_notify_url=None)
    rig.new_binding_id()
    assert rig.write(A, X).state == "sent"
    assert not rig.told
    rig = AxbSmsRig(sms_content=False)
    rig.new_binding_id()
    rig.write(A, X)
    assert "smsContent" not in rig.told[0]


def test_a_reset_forgets_sms() -> None:
    rig = AxbSmsRig()
    rig.new_binding_id()
    sms = rig.write(A, X)
    assert sms_of(rig.world, sms.id) is sms
    rig.world.reset()
    with pytest.raises(ControlError):
        sms_of(rig.world, sms.id)


@pytest.mark.parametrize(
    ("message", "status"),
    [({"to": "+8617099999999"}, 404), ({"from": "13800000001"}, 400), ({"to": "axe"}, 400)],
)
def test_what_cannot_be_written(message: dict[str, str], status: int) -> None:
    rig = AxbSmsRig()
    axe = rig.world.applications[rig.other_mode_app.app_key]
    setup.add_numbers(rig.world, axe, ["+8617300000001"])
    whole = {"from": A, "to": X2, "text": "hello"} | message
    whole["to"] = "+8617300000001" if whole["to"] == "axe" else whole["to"]
    with pytest.raises(ControlError) as refused:
        write_sms(rig.world, whole)
    assert refused.value.status == status
