"""The customer's side: what it notices of a push, and how it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import httpx
import orjson
import pytest

from privnum.suites.callbacks.receiver import EmbeddedReceiver, HttpReceiver
from privnum.suites.callbacks.replies import Reply, connecting
from privnum.suites.runner.connect import connect
from privnum.suites.target.config import ReceiverAddress
from privnum.suites.transport.client import sign
from privnum.suites.transport.deadline import Deadline
from tests.ports import free_port
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.transport.api import HttpTransport

EVENT: dict[str, Any] = {
    "eventType": "callin",
    "statusInfo": {
        "timestamp": "2026-03-01 00:00:00",
        "sessionId": "1200_1_2_3@host",
        "caller": "+8613800000001",
        "called": mini.X,
    },
}
SMS: dict[str, Any] = {
    "smsIdentifier": "1f4e6a70",
    "notificationMode": "Notify",
    "event": "TextSMS",
    "timeStamp": "2026-03-01T08:00:00.000Z",
    "sendResult": 0,
}
JSON = ("content-type", "application/json;charset=UTF-8")


def box(receiver: EmbeddedReceiver) -> Inbox:
    made = receiver.open_box("t")
    made.apps = {mini.APP.key: mini.APP}
    return made


def push(receiver: EmbeddedReceiver, to: str, body: Any = EVENT, **parts: Any) -> tuple[int, bytes]:
    return receiver(to, [*sign(mini.APP, **parts), JSON], orjson.dumps(body))


def test_a_good_push() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    assert push(receiver, inbox.event_url) == (200, b"")
    (got,) = inbox.pushes
    assert (got.kind, got.event_type, got.app_key, got.verified, got.problems) == (
        "call_event",
        "callin",
        "key",
        True,
        [],
    )
    assert got.session_ids == {"1200_1_2_3@host"}
    assert {rule for rule, ok, _ in got.findings if ok} == {
        "COM-PUSH-001", "COM-PUSH-002", "COM-PUSH-003", "COM-PUSH-007", "AXB-EVENT-003",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("COM-PUSH-002", {"digest": "wrong"}),
        ("COM-PUSH-002", {"username": "nobody"}),
        ("COM-PUSH-003", {"nonce": ""}),
        ("AXB-EVENT-003", {"body": {"eventType": "callin"}}),
        ("AXB-CDR-003", {"body": {"eventType": "fee", "feeLst": []}}),
        ("COM-STATUS-002", {"body": {"eventType": "numStatus", "numInfo": [{"number": mini.X, "status": "4"}]}}),
        ("AXB-SMS-002", {"body": {"smsEvent": {**SMS, "event": ""}}}),
    ],
)
def test_faults_have_their_rules(rule: str, change: dict[str, Any]) -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    push(receiver, inbox.event_url, **change)
    assert rule in {found for found, ok, _ in inbox.pushes[0].findings if not ok}
    assert any(text.startswith(rule) for text in inbox.pushes[0].problems)


def test_a_push_to_the_other_address_or_without_json() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    push(receiver, inbox.fee_url)
    receiver(inbox.event_url, sign(mini.APP), orjson.dumps(EVENT))
    assert [got.problems[0][:12] for got in inbox.pushes] == ["COM-PUSH-001", "COM-PUSH-001"]


def test_bytes_that_are_no_json() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    receiver(inbox.event_url, [*sign(mini.APP), JSON], b"\xff{")
    assert inbox.pushes[0].body == {}
    assert not inbox.pushes[0].accepted or inbox.pushes[0].problems


def test_answers_as_a_check_wants_them() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    inbox.answer(204)
    inbox.fail(2, 503)
    inbox.fail(1, 404, kind="cdr")
    fee = {"eventType": "fee", "feeLst": []}
    statuses = [push(receiver, inbox.event_url)[0] for _ in range(3)]
    assert statuses == [503, 503, 204]
    assert [push(receiver, inbox.fee_url, fee)[0] for _ in range(2)] == [404, 204]
    inbox.answer(200, b'{"resultcode":"1"}', kind="call_event")
    assert push(receiver, inbox.event_url) == (200, b'{"resultcode":"1"}')
    assert push(receiver, inbox.fee_url, fee)[0] == 204
    inbox.stall(30)
    with pytest.raises(TimeoutError):
        push(receiver, inbox.event_url)
    assert [got.accepted for got in inbox.pushes if got.kind == "call_event"] == [False] * 5


def test_the_connection_may_end_in_the_place_of_an_answer() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    inbox.drop(1, kind="call_event")
    with pytest.raises(ConnectionResetError):
        push(receiver, inbox.event_url)
    assert push(receiver, inbox.event_url)[0] == 200
    assert [got.accepted for got in inbox.pushes] == [False, True]


def test_over_http_the_connection_ends_too() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    try:
        inbox = receiver.open_box("t")
        inbox.apps = {mini.APP.key: mini.APP}
        inbox.drop()
        with pytest.raises(httpx.TransportError):
            http_push(inbox.event_url)
        http_push(inbox.event_url)
        assert len(inbox.pushes) == 2
    finally:
        receiver.close()


def test_pushes_of_one_application_may_have_an_answer_of_their_own() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    inbox.answer(204)
    inbox.answer_of(replace(mini.APP, key="somebody-else"), Reply(500))
    assert push(receiver, inbox.event_url)[0] == 204
    inbox.answer_of(mini.APP, Reply(503))
    assert push(receiver, inbox.event_url)[0] == 503


def asking(caller: str, **more: str) -> dict[str, Any]:
    """A callin of X mode, of a call from that number."""
    return {**EVENT, "statusInfo": {**EVENT["statusInfo"], "caller": caller, **more}}


def test_a_question_is_answered_by_the_caller() -> None:
    """One of whom nothing was said gets what every push gets; so does a note."""
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    caller, other = "+8613800000001", "+8613800000002"
    inbox.answer_callin(caller, connecting(other))
    answer = (200, orjson.dumps({"operation": "connect", "connectInfo": {"calleeNum": other}}))
    assert push(receiver, inbox.event_url, asking(caller, notifyMode="Block")) == answer
    assert push(receiver, inbox.event_url, asking(caller)) == answer
    assert push(receiver, inbox.event_url, asking(other)) == (200, b"")
    assert push(receiver, inbox.event_url, asking(caller, notifyMode="Notify")) == (200, b"")
    assert push(receiver, inbox.event_url, {**asking(caller), "eventType": "callout"}) == (200, b"")
    assert all(got.accepted for got in inbox.pushes)
    inbox.fail(1)
    assert push(receiver, inbox.event_url, asking(caller)) == (500, b"")
    assert push(receiver, inbox.event_url, asking(caller)) == answer


def test_a_block_is_answered_by_its_sender() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    sender, other = "+8613800000001", "+8613800000002"
    inbox.answer_block(sender, Reply(200, b"{}"))
    for who, mode, answer in ((sender, "Block", b"{}"), (other, "Block", b""), (sender, "Notify", b"")):
        body = {"smsEvent": {"calling": who, "notificationMode": mode}}
        assert push(receiver, inbox.sms_control_url, body) == (200, answer)
    assert push(receiver, inbox.event_url, asking(sender)) == (200, b"")


def test_a_guest_answers_for_its_callers() -> None:
    """Before anybody knows whose call it is."""
    receiver = EmbeddedReceiver()
    host = box(receiver)
    guests = [receiver.open_box(f"guest-{place}", host) for place in range(2)]
    for place, guest in enumerate(guests):
        guest.answer_callin(f"+861380000000{place}", connecting(f"+861390000000{place}"))
    for place in range(2):
        body = push(receiver, host.event_url, asking(f"+861380000000{place}"))[1]
        assert orjson.loads(body)["connectInfo"]["calleeNum"] == f"+861390000000{place}"


def test_mailboxes_are_told_apart_and_forgotten() -> None:
    receiver = EmbeddedReceiver()
    one, two = receiver.open_box("one"), receiver.open_box("two")
    push(receiver, one.event_url)
    push(receiver, "http://customer.example/set-by-hand", of_call("of a call that no inbox knows"))
    assert (len(one.pushes), len(two.pushes)) == (1, 1)
    receiver.close_box(one)
    push(receiver, one.event_url)
    assert len(two.pushes) == 1


def of_call(session_id: str) -> dict[str, Any]:
    return {**EVENT, "statusInfo": {**EVENT["statusInfo"], "sessionId": session_id}}


def test_pushes_to_one_address_are_told_apart_by_their_calls() -> None:
    """What an earlier check's call still brings goes to that check while it is open, and nowhere afterwards."""
    receiver = EmbeddedReceiver()
    by_hand = "http://customer.example/set-by-hand"
    boxes = [receiver.open_box(name) for name in ("one", "two", "three")]
    for inbox, call in zip(boxes, "abc", strict=True):
        inbox.apps = {mini.APP.key: mini.APP}
        inbox.lasting = True
        inbox.own_paths = False
        inbox.calls.add(call)
    for call in "abcd":
        push(receiver, by_hand, of_call(call))
    assert [[sorted(got.session_ids) for got in box.pushes] for box in boxes] == [[["a"]], [["b"]], [["c"], ["d"]]]
    receiver.close_box(boxes[2])
    for call in "cde":
        assert push(receiver, by_hand, of_call(call)) == (200, b"")
    fee = {"eventType": "fee", "feeLst": [{"sessionId": "a"}, "nonsense"]}
    push(receiver, by_hand, fee)
    assert [len(box.pushes) for box in boxes] == [2, 2, 2]
    assert boxes[1].pushes[1].session_ids == {"e"}


def test_a_world_that_is_made_again_has_its_calls_again() -> None:
    """With one address for all a dropped world's pushes go nowhere, those of its successor of the same keys to that."""
    receiver = HttpReceiver(ReceiverAddress(port=free_port(), event_path="/e"))
    try:
        other = receiver.open_box("other")
        for _ in range(2):
            inbox = receiver.open_box("world")
            inbox.apps = {mini.APP.key: mini.APP}
            http_push(inbox.event_url)
            assert len(inbox.pushes) == 1
            receiver.close_box(inbox)
        http_push(inbox.event_url)
        assert other.pushes == []
    finally:
        receiver.close()


def http_push(url: str, body: Any = EVENT) -> None:
    assert httpx.post(url, content=orjson.dumps(body), headers=[*sign(mini.APP), JSON], trust_env=False).is_success


FEE = {"eventType": "fee", "feeLst": [{"sessionId": "1200_1_2_3@host"}]}


@pytest.mark.parametrize("stripped", [True, False], ids=["prefix taken away", "prefix left"])
@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "told"])
def test_behind_a_proxy(*, stripped: bool, fixed: bool) -> None:
    """The target pushes to https and a path of the proxy's; what arrives here is http, with that path or without."""
    address = ReceiverAddress(port=free_port(), url="https://tunnel.example/judge/")
    if fixed:
        address = replace(address, event_path="/events", fee_path="/cdr")
    receiver = HttpReceiver(address)
    try:
        inbox = receiver.open_box("t")
        inbox.apps = {mini.APP.key: mini.APP}
        assert inbox.event_url.startswith("https://tunnel.example/judge/")
        assert address.fixed == (
            ("https://tunnel.example/judge/events", "https://tunnel.example/judge/cdr") if fixed else None
        )
        here = f"http://127.0.0.1:{address.port}" + ("" if stripped else "/judge")
        event, fee = (url.removeprefix("https://tunnel.example/judge") for url in (inbox.event_url, inbox.fee_url))
        http_push(here + event)
        http_push(here + fee, FEE)
        http_push(here + fee)
        http_push(here + event + "/more")
        wrong = [any(text.startswith("COM-PUSH-001") for text in got.problems) for got in inbox.pushes]
        assert wrong == [False, False, True, True]
    finally:
        receiver.close()


def test_over_http() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    try:
        inbox = receiver.open_box("t")
        inbox.apps = {mini.APP.key: mini.APP}
        inbox.fail(1, 500)
        for wanted in (500, 200):
            answer = httpx.post(
                inbox.event_url, content=orjson.dumps(EVENT), headers=[*sign(mini.APP), JSON], trust_env=False
            )
            assert answer.status_code == wanted
        assert [got.problems for got in inbox.pushes] == [[], []]
        inbox.wait(lambda: len(inbox.pushes) == 2, 5)
    finally:
        receiver.close()


def test_closing_lets_go_of_whoever_stalls() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    receiver.close()
    receiver.stall(3600)
    assert Reply().status == 200


@pytest.mark.parametrize(
    ("body", "kind", "places"),
    [
        ({"smsEvent": SMS}, "sms_notify", ("sms_notify_url", "sms_control_url")),
        ({"smsEvent": SMS | {"notificationMode": "Block"}}, "sms_block", ("sms_notify_url", "sms_control_url")),
        (
            {"eventType": "numStatus", "numInfo": [{"number": mini.X, "status": "9"}]},
            "number_status",
            ("event_url", "number_status_url"),
        ),
    ],
)
def test_other_kinds_of_pushes_and_where_they_may_come(body: Any, kind: str, places: tuple[str, ...]) -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    urls = ("event_url", "fee_url", "number_status_url", "sms_notify_url", "sms_control_url")
    for place in urls:
        push(receiver, getattr(inbox, place), body)
    assert {got.kind for got in inbox.pushes} == {kind}
    right = [place for place, got in zip(urls, inbox.pushes, strict=True) if ("COM-PUSH-001", True, "") in got.findings]
    assert set(right) == set(places)


def test_a_control_message_has_as_long_as_its_late_pushes() -> None:
    """Those of any inbox that is open, a guest's too, whichever way the answer was set."""
    receiver = EmbeddedReceiver()
    assert receiver.held_seconds() == 0
    inbox = box(receiver)
    inbox.answer_with(Reply(stall=6), kind="call_event")
    assert receiver.held_seconds() == 36
    inbox.answer(200, kind="call_event")
    assert receiver.held_seconds() == 0
    inbox.stall(2)
    assert receiver.held_seconds() == 12
    with pytest.raises(TimeoutError):
        push(receiver, inbox.event_url)
    assert receiver.held_seconds() == 0
    guest = receiver.open_box("g", host=inbox)
    guest.answer_callin("+8613800000001", Reply(stall=3))
    assert receiver.held_seconds() == 18
    guest.leave()
    inbox.answer_of(mini.APP, Reply(stall=60))
    assert receiver.held_seconds() == 60, "no target waits for a minute"
    receiver.close_box(inbox)
    assert receiver.held_seconds() == 0


def test_the_driver_of_a_target_is_waited_for_so_long() -> None:
    receiver = EmbeddedReceiver()
    inbox = box(receiver)
    target = replace(mini.TARGET, base_url="http://127.0.0.1:9", driver_url="http://127.0.0.1:9")
    transport, driver = connect(target, receiver, Deadline())
    assert driver is not None
    inbox.answer_with(Reply(stall=6))
    waits = [cast("HttpTransport", each)._allowance() for each in (driver._transport, transport)]
    assert waits == [36, 0], "the API answers without its pushes"
    driver.close()
    transport.close()
