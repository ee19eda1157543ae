"""The customer's side: what it notices of a push, and how it answers."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from privnum.suites.client import sign
from privnum.suites.receiver import EmbeddedReceiver, HttpReceiver, Mailbox, Reply
from privnum.suites.target import ReceiverAddress

from . import miniatures as mini

EVENT: dict[str, Any] = {
    "eventType": "callin",
    "statusInfo": {
        "timestamp": "2026-03-01 00:00:00",
        "sessionId": "1200_1_2_3@host",
        "caller": "+8613800000001",
        "called": mini.X,
    },
}
JSON = ("content-type", "application/json;charset=UTF-8")


def box(receiver: EmbeddedReceiver) -> Mailbox:
    made = receiver.open_box("t")
    made.apps = {mini.APP.key: mini.APP}
    return made


def push(receiver: EmbeddedReceiver, to: str, body: Any = EVENT, **parts: Any) -> tuple[int, bytes]:
    return receiver(to, [*sign(mini.APP, **parts), JSON], orjson.dumps(body))


def test_a_good_push() -> None:
    receiver = EmbeddedReceiver()
    mailbox = box(receiver)
    assert push(receiver, mailbox.event_url) == (200, b"")
    (got,) = mailbox.pushes
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
    ],
)
def test_faults_have_their_rules(rule: str, change: dict[str, Any]) -> None:
    receiver = EmbeddedReceiver()
    mailbox = box(receiver)
    push(receiver, mailbox.event_url, **change)
    assert rule in {found for found, ok, _ in mailbox.pushes[0].findings if not ok}
    assert any(text.startswith(rule) for text in mailbox.pushes[0].problems)


def test_a_push_to_the_other_address_or_without_json() -> None:
    receiver = EmbeddedReceiver()
    mailbox = box(receiver)
    push(receiver, mailbox.fee_url)
    receiver(mailbox.event_url, sign(mini.APP), orjson.dumps(EVENT))
    assert [got.problems[0][:12] for got in mailbox.pushes] == ["COM-PUSH-001", "COM-PUSH-001"]


def test_bytes_that_are_no_json() -> None:
    receiver = EmbeddedReceiver()
    mailbox = box(receiver)
    receiver(mailbox.event_url, [*sign(mini.APP), JSON], b"\xff{")
    assert mailbox.pushes[0].body == {}
    assert not mailbox.pushes[0].accepted or mailbox.pushes[0].problems


def test_answers_as_a_check_wants_them() -> None:
    receiver = EmbeddedReceiver()
    mailbox = box(receiver)
    mailbox.answer(204)
    mailbox.fail(2, 503)
    mailbox.fail(1, 404, kind="cdr")
    fee = {"eventType": "fee", "feeLst": []}
    statuses = [push(receiver, mailbox.event_url)[0] for _ in range(3)]
    assert statuses == [503, 503, 204]
    assert [push(receiver, mailbox.fee_url, fee)[0] for _ in range(2)] == [404, 204]
    mailbox.answer(200, b'{"resultcode":"1"}', kind="call_event")
    assert push(receiver, mailbox.event_url) == (200, b'{"resultcode":"1"}')
    assert push(receiver, mailbox.fee_url, fee)[0] == 204
    mailbox.stall(30)
    with pytest.raises(TimeoutError):
        push(receiver, mailbox.event_url)
    assert [got.accepted for got in mailbox.pushes if got.kind == "call_event"] == [False] * 5


def test_mailboxes_are_told_apart_and_forgotten() -> None:
    receiver = EmbeddedReceiver()
    one, two = receiver.open_box("one"), receiver.open_box("two")
    push(receiver, one.event_url)
    push(receiver, "http://customer.example/set-by-hand")
    assert (len(one.pushes), len(two.pushes)) == (1, 1)
    receiver.close_box(one)
    push(receiver, one.event_url)
    assert len(two.pushes) == 1


def test_over_http() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    try:
        mailbox = receiver.open_box("t")
        mailbox.apps = {mini.APP.key: mini.APP}
        mailbox.fail(1, 500)
        for wanted in (500, 200):
            answer = httpx.post(
                mailbox.event_url, content=orjson.dumps(EVENT), headers=[*sign(mini.APP), JSON], trust_env=False
            )
            assert answer.status_code == wanted
        assert [got.problems for got in mailbox.pushes] == [[], []]
        mailbox.wait(lambda: len(mailbox.pushes) == 2, 5)
    finally:
        receiver.close()


def test_closing_lets_go_of_whoever_stalls() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    receiver.close()
    receiver.hold(3600)
    assert Reply().status == 200
