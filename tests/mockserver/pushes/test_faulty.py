"""Faults of pushes: what goes out, when, and what the journal says of it."""

from __future__ import annotations

import base64
import hmac
import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.pushes.outcomes import Outcome, Trip
from privnum.mockserver.pushes.pump import settle
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import EDGE_MS, A, C, Rig, push_views

if TYPE_CHECKING:
    from privnum.mockserver.pushes.push import Push

ORDER = ["callin", "disconnect", "fee"]


class Receiver:
    """Takes each attempt down: seconds of world time, headers, content."""

    def __init__(self, rig: Rig, status: str = "200") -> None:
        self.rig = rig
        self.status = status
        self.start = rig.world.now_ms
        self.got: list[tuple[int, dict[str, str], bytes]] = []

    def __call__(self, push: Push) -> Outcome:
        headers = push.headers(EDGE_MS)
        self.got.append(((self.rig.world.now_ms - self.start) // 1000, dict(headers), push.content))
        return Outcome(self.status, b"", "", Trip(headers, 1.0))

    def kinds(self) -> list[str]:
        return [orjson.loads(content)["eventType"] for _, _, content in self.got]


def run(*faults: dict[str, Any], seconds: int = 300, **app: Any) -> Receiver:
    """Let a stranger call an X on which nothing is bound: callin, disconnect and the CDR at once."""
    rig = AxbRig(**app)
    receiver = Receiver(rig)
    rig.world.faults.replace(faults)
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    settle(rig.world, receiver, rig.world.now_ms + seconds * 1000)
    return receiver


def marks(receiver: Receiver) -> list[str]:
    return [entry.fault for _, entry in receiver.rig.world.journal.behind(0)]


def test_without_faults_pushes_go_out_in_order() -> None:
    receiver = run()
    assert receiver.kinds() == ORDER
    assert marks(receiver) == ["", "", ""]


def test_a_dropped_push_never_goes_out() -> None:
    receiver = run({"push": "call_event", "fault": "dropped", "times": 1}, seconds=86_400)
    assert receiver.kinds() == ["disconnect", "fee"]
    assert marks(receiver) == ["dropped", "", ""]
    assert [push["state"] for push in push_views(receiver.rig.world)] == ["given_up", "delivered", "delivered"]


def test_a_delayed_push_goes_out_so_much_later() -> None:
    receiver = run({"push": "cdr", "delay_seconds": 30})
    at = {orjson.loads(content)["eventType"]: seconds for seconds, _, content in receiver.got}
    assert at["fee"] - at["disconnect"] >= 30
    assert marks(receiver)[-1] == "delayed 30 s"


def test_a_duplicated_push_comes_twice_with_one_nonce() -> None:
    receiver = run({"push": "cdr", "fault": "duplicated"})
    assert receiver.kinds() == [*ORDER, "fee"]
    nonces = [re.search('Nonce="(.*?)"', headers["X-AKSK"]) for _, headers, _ in receiver.got[2:]]
    assert len({nonce[1] for nonce in nonces if nonce}) == 1
    assert marks(receiver)[2:] == ["duplicated", "duplicated"]


def test_a_reordered_push_goes_behind_the_next_one() -> None:
    receiver = run({"push": "call_event", "fault": "reordered", "times": 1})
    assert receiver.kinds() == ["disconnect", "callin", "fee"]
    assert [seconds for seconds, _, _ in receiver.got[:2]] == [0, 0]


def test_a_reordered_push_behind_which_nothing_comes_goes_after_ten_seconds() -> None:
    receiver = run({"push": "cdr", "fault": "reordered"})
    assert receiver.kinds() == ORDER
    assert receiver.got[2][0] - receiver.got[1][0] >= 10
    assert marks(receiver)[-1] == "reordered"


def test_a_reordered_push_that_a_reset_dropped_never_goes_out() -> None:
    rig = AxbRig()
    receiver = Receiver(rig)
    rig.world.faults.add({"push": "any", "fault": "reordered", "times": 1})
    rig.world.place_call({"caller": A, "called": "+8617000000001"})
    rig.world.reset()
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    settle(rig.world, receiver, rig.world.now_ms + 300_000)
    assert receiver.kinds() == ORDER
    assert all(A.encode() not in content for _, _, content in receiver.got)
    assert rig.world.outbox.faults is None


def test_a_push_that_is_held_back_goes_out_when_the_faults_end() -> None:
    rig = AxbRig()
    receiver = Receiver(rig)
    rig.world.faults.add({"push": "any", "fault": "reordered", "times": 3})
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    rig.world.faults.clear()
    settle(rig.world, receiver, rig.world.now_ms + 300_000)
    assert sorted(receiver.kinds()) == sorted(ORDER)


def test_half_of_a_push_is_no_json_and_is_tried_again_whole() -> None:
    rig = AxbRig()
    receiver = Receiver(rig, "400")
    rig.world.faults.add({"push": "cdr", "fault": "cut_off", "times": 1})
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    settle(rig.world, receiver, rig.world.now_ms + 70_000)
    contents = [content for _, _, content in receiver.got if b"fee" in content]
    whole = max(contents, key=len)
    assert contents[0] == whole[: len(whole) // 2]
    assert contents[1] == whole
    entries = [entry for _, entry in rig.world.journal.behind(0) if entry.kind == "cdr"]
    assert [(entry.fault, entry.length) for entry in entries] == [("cut_off", len(whole) // 2), ("", len(whole))]


def is_right(headers: dict[str, str], secret: str) -> bool:
    token = dict(re.findall('(\\w+)="(.*?)"', headers["X-AKSK"]))
    right = hmac.digest(secret.encode(), (token["Nonce"] + token["Created"]).encode(), "sha256")
    return bool(base64.b64encode(right).decode() == token["PasswordDigest"])


def test_a_wrongly_signed_push_has_a_digest_that_is_not_its_own() -> None:
    receiver = run({"push": "call_event", "fault": "wrongly_signed", "times": 1})
    secret = receiver.rig.app.app_secret
    assert [is_right(headers, secret) for _, headers, _ in receiver.got] == [False, True, True]
    assert marks(receiver) == ["wrongly_signed", "", ""]


def test_a_number_chooses_among_pushes() -> None:
    """A is the caller of one call of two."""
    rig = AxbRig()
    receiver = Receiver(rig)
    rig.world.faults.add({"push": "any", "number": A, "fault": "dropped"})
    for caller in (A, C):
        rig.world.place_call({"caller": caller, "called": "+8617000000001"})
    settle(rig.world, receiver, rig.world.now_ms + 300_000)
    assert receiver.kinds() == ORDER
    assert all(A.encode() not in content for _, _, content in receiver.got)


@pytest.mark.parametrize(
    ("fault", "marked", "state"),
    [
        ({"fault": "dropped"}, ["dropped"], "given_up"),
        ({"fault": "duplicated"}, ["duplicated"] * 2, "delivered"),
        ({"fault": "cut_off"}, ["cut_off"], "delivered"),
        ({"delay_seconds": 20}, ["delayed 20 s"], "delivered"),
        ({"fault": "reordered"}, ["reordered"], "delivered"),
    ],
)
def test_the_built_in_inbox_has_them_too(fault: dict[str, Any], marked: list[str], state: str) -> None:
    receiver = run({"push": "cdr", **fault}, fee_url="inbox:", event_url="inbox:")
    assert receiver.got == []
    cdrs = [entry for _, entry in receiver.rig.world.journal.behind(0) if entry.kind == "cdr"]
    assert [entry.fault for entry in cdrs] == marked
    assert [push["state"] for push in push_views(receiver.rig.world) if push["kind"] == "cdr"] == [state]


def test_a_question_is_never_late() -> None:
    """X: the caller waits for the answer to the callin."""
    rig = Rig(mode="X")
    receiver = Receiver(rig)
    rig.world.faults.add({"push": "call_event", "delay_seconds": 30})
    rig.world.place_call({"caller": C, "called": "+8617000000001"})
    settle(rig.world, receiver)
    assert receiver.kinds()[:1] == ["callin"]
