"""Pushes that nothing has made due, and pushes that are sent once more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.mockserver.control.quickstart import applications
from privnum.mockserver.embed.direct import DirectServer
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from privnum.mockserver.embed.async_handle import AsyncWorldHandle
    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.pushes import Push


class Desk:
    """A world with an application of every mode, whose customer is a Python function."""

    def __init__(self, url: str = "http://c/push") -> None:
        self.got: list[tuple[dict[str, str], Any]] = []
        self.server = DirectServer(customer=self._take)
        apps = [
            {**app, **dict.fromkeys(("event_url", "fee_url", "sms_notify_url", "sms_control_url"), url)}
            for app in applications(url, url)
        ]
        self.send("POST", "/worlds", {"id": "w", "applications": apps})

    def _take(self, _url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        self.got.append((dict(headers), orjson.loads(body)))
        return 200, b""

    def send(self, method: str, path: str, message: object = None) -> tuple[int, Any]:
        sent = b"" if message is None else orjson.dumps(message)
        status, _, body = self.server.request(method, f"/_privnum{path}", "", [], sent)
        return status, orjson.loads(body)

    def trigger(self, **message: Any) -> tuple[int, Any]:
        return self.send("POST", "/worlds/w/trigger", message)


@pytest.mark.parametrize("callback", contracts.callbacks().values(), ids=lambda each: each.id)
def test_every_push_of_the_contract_can_be_triggered(callback: contracts.Callback) -> None:
    desk = Desk()
    mode = {} if callback.mode == "common" else {"mode": callback.mode}
    status, push = desk.trigger(kind=callback.kind, **mode)
    assert (status, push["state"], push["kind"]) == (201, "delivered", callback.kind)
    ((headers, body),) = desk.got
    assert body == push["body"]
    assert contracts.validator(callback.schema).problems(body) == []
    assert f'Username="{push["app_key"]}"' in headers["X-AKSK"]


def test_given_fields_stand_in_it_and_null_leaves_one_out() -> None:
    desk = Desk()
    status, push = desk.trigger(kind="cdr", mode="AXB", fields={"ulFailReason": 8102, "callerNum": B, "userData": None})
    assert status == 201
    (cdr,) = push["body"]["feeLst"]
    assert (cdr["ulFailReason"], cdr["callerNum"], cdr["callEndTime"]) == (8102, B, "2026-03-01 00:00:00")
    assert (cdr["appKey"], cdr["bindNum"]) == (push["app_key"], "+8617000000001")
    assert "userData" not in cdr


def test_no_two_have_the_same_ids() -> None:
    desk = Desk()
    cdrs = [desk.trigger(kind="cdr")[1]["body"]["feeLst"][0] for _ in range(2)]
    for name in ("sessionId", "icid", "subscriptionId"):
        assert cdrs[0][name] != cdrs[1][name]


@pytest.mark.parametrize(
    ("message", "status", "words"),
    [
        ({"kind": "cdrs"}, 400, "Did you mean cdr?"),
        ({"kind": "cdr", "fields": {"directon": 1}}, 400, "did you mean direction"),
        ({"kind": "cdr", "fields": {"direction": 7}}, 400, "direction must be a whole number from 0 to 2"),
        ({"kind": "cdr", "fields": {"ulFailReason": 1e23}}, 400, "ulFailReason cannot be pushed; write text, or"),
        ({"kind": "call_event", "event": "callinn"}, 400, "did you mean callin"),
        ({"kind": "cdr", "event": "callin"}, 400, "event is of a call_event"),
        ({"kind": "sms_block", "mode": "AXE"}, 400, "it gets call_event, cdr, number_status"),
        ({"kind": "cdr", "mode": "AXB", "app_key": "ax-demo-key-00000000000000000001"}, 400, "is of mode AX, not AXB"),
        ({"kind": "cdr", "app_key": "nobody"}, 404, "has no application 'nobody'"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_push_of_the_contract_is_refused_with_what_would_be_right(
    message: dict[str, Any], status: int, words: str
) -> None:
    desk = Desk()
    came, reply = desk.trigger(**message)
    assert came == status
    assert words in reply["error"]
    assert not desk.got


def test_a_number_that_no_push_can_hold_is_told_by_its_field() -> None:
    desk = Desk()
    status, reply = desk.trigger(kind="cdr", fields={"direction": 1, "ulFailReason": 1e23})
    assert (status, reply["where"]) == (400, "fields.ulFailReason")
    assert desk.trigger(kind="cdr", fields={"ulFailReason": 2**63})[0] == 201
    assert [body["feeLst"][0]["ulFailReason"] for _, body in desk.got] == [2**63]


def test_an_application_without_an_address_needs_one() -> None:
    desk = Desk()
    key = "axb-demo-key-0000000000000000001"
    desk.send("PATCH", f"/worlds/w/applications/{key}", {"fee_url": None})
    status, reply = desk.trigger(kind="cdr", app_key=key)
    assert (status, reply["where"]) == (409, "fee_url")
    assert desk.trigger(kind="cdr", app_key=key, url="inbox:")[0] == 201


def test_a_push_is_sent_once_more_as_a_new_one() -> None:
    desk = Desk()
    old = desk.trigger(kind="cdr")[1]
    status, new = desk.send("POST", f"/worlds/w/pushes/{old['id']}/resend", {})
    assert (status, new["state"], new["body"], new["url"]) == (201, "delivered", old["body"], old["url"])
    assert new["id"] != old["id"]
    first, second = (headers["X-AKSK"] for headers, _ in desk.got)
    assert first != second
    assert desk.send("GET", f"/worlds/w/pushes/{old['id']}") == (200, old)


def test_it_goes_elsewhere_if_that_is_asked_and_allowed() -> None:
    desk = Desk()
    old = desk.trigger(kind="cdr")[1]
    assert desk.send("POST", f"/worlds/w/pushes/{old['id']}/resend", {"url": "inbox:"})[1]["url"] == "inbox:"
    status, reply = desk.send("POST", f"/worlds/w/pushes/{old['id']}/resend", {"url": "http://u:p@h/"})
    assert (status, reply["where"]) == (400, "url")
    assert desk.send("POST", "/worlds/w/pushes/push-99/resend", {})[0] == 404


def test_a_question_is_sent_again_as_a_note() -> None:
    """No answer to it decides anything: the call is over."""
    desk = Desk()
    x = next(a for a in applications("", "") if a["mode"] == "X")["numbers"][0]["number"]
    call = desk.send("POST", "/worlds/w/calls", {"caller": A, "called": x})[1]
    assert call["state"] == "ended"
    asked = desk.send("GET", "/worlds/w/pushes")[1]["pushes"][0]
    assert desk.send("POST", f"/worlds/w/pushes/{asked['id']}/resend", {})[1]["state"] == "delivered"
    assert desk.send("GET", f"/worlds/w/calls/{call['id']}")[1] == call


def test_a_call_tells_its_cause_in_words(private_number: WorldHandle) -> None:
    call = private_number.call(A, private_number.axb.numbers[0])
    assert call.release_cause_text == contracts.release_causes()[call.release_cause or 0].meaning


def test_the_handle_triggers_and_sends_again(private_number: WorldHandle) -> None:
    push = private_number.trigger("cdr", {"ulFailReason": 8102}, mode="AXB")
    again = private_number.resend(push)
    assert again.body == push.body
    assert [cdr["ulFailReason"] for cdr in private_number.cdrs] == [8102, 8102]


def test_they_have_twins_that_leave_a_loop_free(async_private_number: AsyncWorldHandle) -> None:
    async def both() -> tuple[Push, int]:
        again = await async_private_number.resend(await async_private_number.trigger("cdr"))
        return again, len(await async_private_number.cdrs())

    again, cdrs = asyncio.run(both())
    assert (again.state, cdrs) == ("delivered", 2)


def test_the_clock_of_a_handle_jumps(private_number: WorldHandle) -> None:
    start = private_number.set_clock("jumping")
    x = private_number.axb.numbers[0]
    private_number.bind(A, B, x)
    call = private_number.call(A, x, hang_up_after=600)
    assert (call.state, len(private_number.cdrs)) == ("ended", 1)
    assert (private_number.now - start).total_seconds() >= 605
