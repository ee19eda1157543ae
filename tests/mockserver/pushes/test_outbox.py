from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.pushes.addresses import INBOX
from privnum.mockserver.worlds.setup import change_application
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import EDGE_MS, A, B, C, D, push_views

if TYPE_CHECKING:
    from privnum.mockserver.pushes.push import Push

ORDER = ["callin", "callout", "alerting", "answer", "disconnect"]


def attempts(rig: AxbRig, kind: str) -> list[float]:
    """Return the minutes after the call at which the pushes of a kind were sent."""
    found = [push for push in push_views(rig.world) if push["kind"] == kind]
    start = 0.0
    minutes = []
    for attempt in found[-1]["attempts"]:
        hours, mins, secs = (int(part) for part in re.split("[T:Z]", attempt["at"])[1:4])
        minutes.append(hours * 60 + mins + secs / 60)
    return [m - start for m in minutes]


@pytest.mark.parametrize(
    ("choice", "minutes"),
    [("first_attempt", [0, 1, 4, 9, 106, 203, 300]), ("last_failure", [0, 1, 5, 14, 120, 323, 623])],
)
@pytest.mark.parametrize("outcome", ["500", "404", "302", "timeout", "refused", "error"])
def test_a_failed_push_is_repeated_at_the_documented_minutes(choice: str, minutes: list[int], outcome: str) -> None:
    """COM-PUSH-004, COM-OPEN-025."""
    rig = AxbRig(assumptions={"push.retry_clock": choice})
    rig.answer = lambda push: outcome
    rig.call(C)
    rig.advance(1000 * 60)
    assert attempts(rig, "call_event") == minutes
    assert attempts(rig, "cdr") == minutes
    assert {push["state"] for push in push_views(rig.world)} == {"given_up"}
    assert {push["next_attempt_at"] for push in push_views(rig.world)} == {None}


def test_after_a_success_nothing_is_repeated() -> None:
    """COM-PUSH-005."""
    rig = AxbRig()
    rig.answer = lambda push: "200" if push.attempt == 3 else "timeout"
    rig.call(C)
    rig.advance(600)
    assert rig.kinds() == ["callin", "disconnect"]
    assert len(rig.cdrs()) == 1
    rig.advance(86_400)
    assert len(rig.received) == 3
    assert [len(push["attempts"]) for push in push_views(rig.world, "delivered")] == [3, 3, 3]


@pytest.mark.parametrize(("choice", "delivered"), [("2xx", True), ("200", False)])
def test_which_status_is_success_is_as_the_world_reads_it(choice: str, delivered: bool) -> None:
    """COM-OPEN-026."""
    rig = AxbRig(assumptions={"push.success_status": choice})
    rig.answer = lambda push: "204"
    rig.call(C)
    assert bool(push_views(rig.world, "delivered")) is delivered


@pytest.mark.parametrize(
    ("choice", "body", "delivered"),
    [
        ("ignore", b'{"resultcode":"1"}', True),
        ("read", b'{"resultcode":"1"}', False),
        ("read", b'{"resultcode":"0"}', True),
        ("read", b'{"resultcode":0}', True),
        ("read", b"thanks", True),
        ("read", b"[1]", True),
        ("read", b"", True),
    ],
)
def test_whether_a_resultcode_in_the_answer_counts_is_as_the_world_reads_it(
    choice: str, body: bytes, delivered: bool
) -> None:
    """COM-OPEN-027."""
    rig = AxbRig(assumptions={"push.answer_resultcode": choice})
    rig.answer_body = body
    rig.call(C)
    assert bool(push_views(rig.world, "delivered")) is delivered


@pytest.mark.parametrize(("scheme", "separator"), [("aksk", ","), ("wsse", ", ")])
def test_a_push_is_signed_with_the_applications_own_secret(scheme: str, separator: str) -> None:
    """COM-PUSH-001 to COM-PUSH-003, COM-PUSH-007, COM-OPEN-023, COM-OPEN-024."""
    rig = AxbRig(assumptions={"push.scheme": scheme, "push.separator": separator})
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    push = rig.world.take_pushes()[0]
    headers = dict(push.headers(EDGE_MS))
    assert headers["Content-Type"] == "application/json;charset=UTF-8"
    word = scheme.upper()
    expected = separator.join(('realm="SDP"', 'profile="UsernameToken"', 'type="Appkey"'))
    assert headers["Authorization"] == f"{word} {expected}"
    token = headers[f"X-{word}"].removeprefix("UsernameToken ").split(separator)
    names, values = zip(*(part.split("=", 1) for part in token), strict=True)
    assert names == ("Username", "PasswordDigest", "Nonce", "Created")
    key, digest, nonce, created = (value.strip('"') for value in values)
    secret, stamp = rig.app.app_secret.encode(), (nonce + created).encode()
    raw = hmac.digest(secret, stamp, "sha256") if scheme == "aksk" else hashlib.sha256(stamp + secret).digest()
    assert (key, digest) == (rig.app.app_key, base64.b64encode(raw).decode())
    assert re.fullmatch("[A-Za-z0-9]{1,128}", nonce)
    assert created == "2026-09-21T14:13:20Z", "edge time, not world time"


def words(rig: AxbRig) -> list[str]:
    """Return the generation of the headers of what is due now."""
    return [dict(push.headers(EDGE_MS))["Authorization"].partition(" ")[0] for push in rig.world.take_pushes()]


def test_an_application_has_its_own_scheme_which_can_change_while_it_runs() -> None:
    """COM-PUSH-008; without one it is the world's (COM-OPEN-023)."""
    rig = AxbRig(assumptions={"push.scheme": "wsse"})
    for scheme, word in (("aksk", "AKSK"), (None, "WSSE"), ("wsse", "WSSE"), ("aksk", "AKSK")):
        change_application(rig.app, {"push_scheme": scheme})
        assert rig.app.view()["push_scheme"] == scheme
        rig.world.reset()
        rig.world.place_call({"caller": C, "called": "+8617000000001"})
        assert set(words(rig)) == {word}


def test_a_repeat_is_signed_by_the_scheme_of_its_time() -> None:
    """COM-PUSH-008."""
    rig = AxbRig(event_url=None, push_scheme="aksk")
    seen: list[str] = []

    def fail(push: Push) -> str:
        seen.append(dict(push.headers(EDGE_MS))["Authorization"][:4])
        change_application(rig.app, {"push_scheme": "wsse"})
        return "500"

    rig.answer = fail
    rig.call(C)
    rig.advance(60)
    assert seen == ["AKSK", "WSSE"]


def test_every_attempt_has_a_nonce_of_its_own() -> None:
    rig = AxbRig()
    nonces: list[str] = []

    def refuse(push: Any) -> str:
        nonces.append(push.nonce)
        return "500"

    rig.answer = refuse
    rig.call(C)
    rig.advance(86_400)
    assert len(nonces) == len(set(nonces)) == 21


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({"event_url": None}, {"cdr"}),
        ({"fee_url": None}, {"call_event"}),
        ({"event_url": None, "fee_url": None}, set()),
    ],
)
def test_where_no_address_is_set_nothing_is_pushed(settings: dict[str, Any], kinds: set[str]) -> None:
    """COM-PUSH-006."""
    rig = AxbRig(**settings)
    rig.call(C)
    assert {push["kind"] for push in push_views(rig.world)} == kinds


@pytest.mark.parametrize("event_url", ["http://c/status", None])
def test_callin_goes_to_an_address_of_its_own(event_url: str | None) -> None:
    """COM-PUSH-009."""
    rig = AxbRig(event_url=event_url, callin_url="http://c/callin")
    rig.new_binding_id()
    rig.call()
    came = {body["eventType"]: url for url, body in rig.received if "statusInfo" in body}
    others = {} if event_url is None else dict.fromkeys(("callout",), event_url)
    assert came == {"callin": "http://c/callin", **others}


def test_the_inbox_takes_pushes_without_a_wire() -> None:
    rig = AxbRig(event_url=INBOX, fee_url=INBOX)
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    assert rig.world.take_pushes() == []
    pushes = push_views(rig.world, "delivered")
    assert [push["body"]["eventType"] for push in pushes] == ["callin", "disconnect", "fee"]
    assert pushes[0]["attempts"] == [
        {"at": "2026-03-01T00:00:00Z", "outcome": "200", "detail": "taken by the built-in inbox"}
    ]


def test_events_of_one_call_are_handed_out_one_after_the_other() -> None:
    """AXB-EVENT-011."""
    rig = AxbRig()
    rig.new_binding_id()
    rig.new_binding_id("+8613811110001", "+8613911110001")
    rig.world.place_call({"caller": A, "called": "+8617000000001"})
    rig.world.place_call({"caller": "+8613811110001", "called": "+8617000000001"})
    first = rig.world.take_pushes()
    assert len(first) == 2
    assert rig.world.take_pushes() == []
    for push in reversed(first):
        rig.world.record_outcome(push, "timeout")
    assert [push.body.split(b'"')[3] for push in rig.world.take_pushes()] == [b"callout"] * 2


def test_time_stands_still_until_every_push_has_its_outcome() -> None:
    rig = AxbRig()
    for caller in (C, D):
        rig.world.place_call({"caller": caller, "called": "+8617000000001"})
    with pytest.raises(RuntimeError):
        rig.world.run_next_instant(rig.world.now_ms + 1000)
    (first, second) = rig.world.take_pushes()
    with pytest.raises(RuntimeError):
        rig.world.run_next_instant(rig.world.now_ms + 1000)
    rig.world.record_outcome(first, "200")
    rig.world.record_outcome(second, "200")
    with pytest.raises(ValueError, match="no open attempt"):
        rig.world.record_outcome(first, "200")


def test_outcomes_that_come_after_a_reset_are_left_aside() -> None:
    rig = AxbRig()
    sub = rig.new_binding_id(duration=60)
    rig.world.place_call({"caller": A, "called": "+8617000000001"})
    pushes = rig.world.take_pushes()
    rig.world.reset()
    for push in pushes:
        rig.world.record_outcome(push, "500")
    rig.advance(86_400)
    assert rig.received == []
    assert push_views(rig.world) == rig.world.call_engine.view() == []
    assert rig.query(subscriptionId=sub).key == "403/1012007"
    rig.new_binding_id(A, B)


def test_next_due_names_the_earliest_instant() -> None:
    rig = AxbRig()
    assert rig.world.next_due() is None
    start = rig.world.now_ms
    rig.new_binding_id(duration=60)
    assert rig.world.next_due() == start + 60_000
    rig.world.place_call({"caller": A, "called": "+8617000000001"})
    assert rig.world.next_due() == start, "pushes are ready"
    rig.deliver()
    assert rig.world.next_due() == start + 2000
    assert rig.world.run_next_instant(start + 1999) is False
    assert rig.world.now_ms == start + 1999
    assert rig.world.run_next_instant(start) is False
    assert rig.world.now_ms == start + 1999, "time never goes back"


def test_a_cdr_leaves_after_the_events_of_its_call() -> None:
    """Of a refused call callin, disconnect and CDR are due at one instant; they go out one after the other."""
    rig = AxbRig()
    rig.call(C)
    assert [body["eventType"] for _, body in rig.received] == ["callin", "disconnect", "fee"]
    rig.new_binding_id()
    rig.answer = lambda push: "503" if push.kind == "call_event" else "200"
    rig.received.clear()
    rig.call(C)
    assert [body["eventType"] for _, body in rig.received] == ["fee"]  # it does not wait for a repeat


@pytest.mark.parametrize(("choice", "kinds"), [("absent", ["callin"]), ("present", ORDER)])
def test_the_world_reads_which_events_carry_user_data(choice: str, kinds: list[str]) -> None:
    """call.later_user_data."""
    rig = AxbRig(assumptions={"call.later_user_data": choice})
    rig.new_binding_id(userData="order-42")
    rig.call(hang_up_after=5)
    rig.advance(60)
    assert [e["eventType"] for e in rig.events() if e["statusInfo"].get("userData") == "order-42"] == kinds


def test_cdrs_follow_the_events_of_their_calls_and_each_other() -> None:
    """The first message waits for the events of a call, the second for the first; all leave in the end."""
    rig = AxbRig(assumptions={"cdr.merge_seconds": 0})
    for x in ("+8617000000001", "+8617000000002"):
        rig.world.place_call({"caller": C, "called": x})
    handed: list[str] = []
    while pushes := rig.world.take_pushes():
        for push in reversed(pushes):
            handed.append(orjson.loads(push.body)["eventType"])
            rig.world.record_outcome(push, "200")
    assert handed[:4] == ["callin", "callin", "disconnect", "disconnect"]
    assert handed[4:] == ["fee"] * (len(handed) - 4)
    assert {push["state"] for push in push_views(rig.world)} == {"delivered"}


@pytest.mark.parametrize(("fee_url", "waits"), [("http://c/fee", True), ("http://other/fee", False)])
def test_a_cdr_waits_for_events_of_its_own_receiver_only(fee_url: str, waits: bool) -> None:
    """One receiver's slowness is nobody else's."""
    rig = AxbRig(assumptions={"cdr.merge_seconds": 0}, event_url="http://c/events", fee_url=fee_url)
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    assert [push.kind for push in rig.world.take_pushes()] == ["call_event", *([] if waits else ["cdr"])]
