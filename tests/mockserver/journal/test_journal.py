"""What the journal of a world shows, and what it keeps."""

from __future__ import annotations

import gc
import json
import logging
import tracemalloc

import pytest

from privnum import contracts
from privnum.mockserver.control.edge import MAX_BODY
from privnum.mockserver.journal.entries import LONGEST_BODY
from tests.mockserver.journal.rig import AXB_PATH, A, AxbRig, fails, nobody


def test_a_request_is_shown_as_it_was_sent_and_answered() -> None:
    rig = AxbRig()
    told = rig.bind(userData="order-42")
    (entry,) = rig.entries()
    assert json.loads(entry["answer"]) == told
    assert json.loads(entry["body"])["userData"] == "order-42"
    assert entry["body_bytes"] == len(entry["body"])
    shown = {name: entry[name] for name in ("number", "kind", "method", "path", "operation", "status", "resultcode")}
    assert shown == {
        "number": 1, "kind": "request", "method": "POST", "path": f"/w/w{AXB_PATH}", "operation": "axb.bind",
        "status": 200, "resultcode": "0",
    }  # fmt: skip
    assert (entry["accepted"], entry["rule"], entry["unread"], entry["remarks"]) == (True, None, [], [])
    assert entry["world_time"] == "2026-03-01T00:00:00Z"
    assert entry["ms"] >= 0


def test_a_refusal_names_its_rule() -> None:
    rig = AxbRig()
    rig.bind(callerNum="13800000001")
    (entry,) = rig.entries(accepted="false")
    assert (entry["status"], entry["resultcode"], entry["rule"]) == (403, "1010002", "COM-OPEN-018")


def test_digests_are_masked_unless_they_are_asked_for() -> None:
    rig = AxbRig()
    rig.bind()
    (masked,), (whole,) = rig.entries(), rig.entries(secrets="shown")
    assert 'PasswordDigest="****"' in dict(masked["headers"])["x-aksk"]
    assert "****" not in dict(whole["headers"])["x-aksk"]
    assert rig.app.app_secret not in json.dumps(whole)


def test_an_attempt_to_push_is_shown_with_what_came_and_when_it_is_tried_again() -> None:
    rig = AxbRig(fails)
    rig.bind()
    rig.call()
    first = rig.entries(kind="call_event")[0]
    assert (first["outcome"], first["state"], first["next_attempt_at"]) == ("500", "pending", "2026-03-01T00:01:00Z")
    assert first["answer"].startswith("the database is down")
    assert (first["accepted"], first["attempt"]) == (False, 1)
    assert 'PasswordDigest="****"' in dict(first["headers"])["X-AKSK"]
    rig.control("POST", "/w/clock", {"advance_seconds": 60})
    again = [entry for entry in rig.entries(kind="call_event") if entry["push"] == first["push"]]
    assert [entry["attempt"] for entry in again] == [1, 2]


def test_who_is_not_there_is_told_as_that() -> None:
    rig = AxbRig(nobody)
    rig.bind()
    rig.call()
    assert {(entry["outcome"], entry["detail"]) for entry in rig.entries(kind="push")} == {
        ("refused", "nobody listens")
    }


def test_the_second_copy_of_a_push_is_an_attempt_too() -> None:
    rig = AxbRig(lambda *_: (200, b""), variations=["pushes.duplicated"])
    rig.bind()
    rig.call()
    pushes = [entry["push"] for entry in rig.entries(kind="push")]
    assert len(pushes) == 2 * len(set(pushes)) == 12


def test_the_inbox_takes_pushes_in_no_time() -> None:
    rig = AxbRig()
    rig.bind()
    rig.call()
    assert [(entry["kind"], entry["ms"]) for entry in rig.entries(kind="push")] == [
        *[("call_event", None)] * 5, ("cdr", None),
    ]  # fmt: skip


def test_filters() -> None:
    rig = AxbRig()
    rig.bind()
    rig.call()
    rig.send("GET", query="relationNum=%2B8617000000001")
    rig.send("DELETE", query="relationNum=%2B8617000000009")
    session = rig.control("GET", "/w/calls")["calls"][0]["session_id"]
    assert [entry["number"] for entry in rig.entries(kind="request")] == [1, 8, 9]
    assert [entry["number"] for entry in rig.entries(session_id=session)] == [2, 3, 4, 5, 6, 7]
    assert [entry["number"] for entry in rig.entries(number="+8617000000009")] == [9]
    assert [entry["number"] for entry in rig.entries(number=A[1:], kind="request")] == [1, 8]
    assert [entry["number"] for entry in rig.entries(operation="axb.query")] == [8]
    assert [entry["number"] for entry in rig.entries(accepted="false")] == [9]
    assert [entry["number"] for entry in rig.entries(find="17000000009")] == [9]
    assert [entry["number"] for entry in rig.entries(find="axb.query")] == [8]
    assert [entry["number"] for entry in rig.entries(find=rig.entries()[8]["rule"])] == [9]
    push = rig.entries()[1]["push"]
    assert [entry["number"] for entry in rig.entries(find=push)] == [2]
    assert rig.entries(find=push[:-1]) == [], "an id is looked for whole: push-1 is no part of push-10"
    assert [entry["number"] for entry in rig.entries(last=2, kind="push")] == [6, 7]
    assert [entry["number"] for entry in rig.entries(last=100, since=7)] == [8, 9]
    assert rig.journal(last=2)["next"] == 9
    page = rig.journal(limit=2)
    assert ([entry["number"] for entry in page["entries"]], page["next"]) == ([1, 2], 2)
    assert [entry["number"] for entry in rig.entries(since=page["next"])] == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"kind": "requests"}, 'not "requests". Did you mean request?'),
        ({"sinse": "1"}, "did you mean since?"),
        ({"wait": "61"}, "seconds from 0 to 60"),
        ({"format": "hare"}, "Did you mean har?"),
        ({"limit": "0"}, "a whole number from 1"),
    ],
)
def test_a_wrong_word_is_answered_with_what_would_be_right(query: dict[str, str], error: str) -> None:
    status, told = AxbRig().journal(**query)
    assert (status, told["where"]) == (400, next(iter(query)))
    assert error in told["error"]


def test_the_oldest_go_and_are_counted() -> None:
    rig = AxbRig(journal=3)
    for _ in range(5):
        rig.send("GET")
    page = rig.journal()
    assert [entry["number"] for entry in page["entries"]] == [3, 4, 5]
    assert (page["size"], page["kept"], page["dropped"], page["missed"]) == (3, 3, 2, 2)
    assert rig.journal(since=1)["missed"] == 1
    rig.control("POST", "/w/reset")
    page = rig.journal()
    assert (page["kept"], page["dropped"], page["next"]) == (0, 0, 5)
    rig.send("GET")
    assert [entry["number"] for entry in rig.entries(since=5)] == [6]


def test_a_journal_that_is_off_keeps_nothing() -> None:
    rig = AxbRig(journal=0)
    rig.bind()
    assert rig.journal()["entries"] == []
    assert rig.control("GET", "/w")["journal"] == 0


def test_a_long_body_is_cut() -> None:
    rig = AxbRig()
    rig.bind(userData="a" * 100_000)
    (entry,) = rig.entries()
    assert len(entry["body"]) == LONGEST_BODY < 100_000 < entry["body_bytes"]


def test_an_address_that_is_none_is_shown_too() -> None:
    rig = AxbRig()
    rig.server.request("GET", "/w/w/nowhere")
    (entry,) = rig.entries()
    assert (entry["operation"], entry["status"], entry["rule"]) == (None, 404, "COM-ENV-005")


def test_what_is_too_large_to_be_a_request_is_shown_too() -> None:
    rig = AxbRig()
    rig.server.request("POST", f"/w/w{AXB_PATH}", body=b" " * (MAX_BODY + 1))
    (entry,) = rig.entries()
    assert (entry["operation"], entry["status"], entry["rule"]) == (None, 403, "COM-OPEN-005")


def test_the_answer_fits_its_schema() -> None:
    rig = AxbRig(fails)
    rig.bind(callerNumm=1)
    rig.call()
    assert contracts.validator("driver/journal").problems(rig.journal()) == []


def test_har() -> None:
    rig = AxbRig(fails)
    rig.bind()
    rig.call()
    log = rig.journal(format="har")["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "privnum")
    request, push = log["entries"][0], log["entries"][1]
    assert (request["request"]["method"], request["response"]["status"]) == ("POST", 200)
    assert request["request"]["url"].endswith(AXB_PATH)
    assert (push["response"]["status"], push["response"]["statusText"]) == (500, "Internal Server Error")
    for entry in log["entries"]:
        assert entry.keys() >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
        assert entry["timings"].keys() == {"send", "wait", "receive"}
        for side in ("request", "response"):
            assert entry[side].keys() >= {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}


def test_curl() -> None:
    rig = AxbRig()
    rig.bind(userData="it's")
    text = rig.journal(format="curl")
    assert text.startswith("# digests are masked here")
    whole = rig.journal(format="curl", secrets="shown")
    assert "****" not in whole
    assert "axb.bind: 200/0" in whole
    assert """it'"'"'s""" in whole


def test_memory_is_bounded_and_given_back() -> None:
    """An entry of a usual bind takes some kilobytes; a full ring grows no more, and a reset gives it back."""
    rig = AxbRig(journal=200)

    def size() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    rig.bind()
    rig.call()
    tracemalloc.start()
    try:
        before = size()
        for _ in range(200):
            rig.send("GET", query="relationNum=%2B8617000000001")
        full = size()
        for _ in range(600):
            rig.send("GET", query="relationNum=%2B8617000000001")
        later = size()
        rig.control("POST", "/w/reset")
        emptied = size()
    finally:
        tracemalloc.stop()
    assert (full - before) / 200 < 4096
    assert later - full < (full - before) / 10
    assert emptied - before < (full - before) / 10


@pytest.mark.parametrize(("level", "made"), [(logging.INFO, 1), (logging.WARNING, 0)])
def test_no_entry_is_made_of_a_request_that_nobody_keeps_or_reads(level: int, made: int) -> None:
    """Each request would pay for it (`privnum serve --quiet --journal 0`)."""
    rig, logger = AxbRig(journal=0), logging.getLogger("privnum.request")
    before, journal = logger.level, rig.server.platform.worlds["w"].journal
    logger.setLevel(level)
    try:
        rig.bind()
    finally:
        logger.setLevel(before)
    assert journal.made == made
