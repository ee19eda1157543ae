"""Lines of log: one for each request and each attempt; one that was not accepted is a warning."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from privnum.mockserver.journal.activity import as_line
from tests.mockserver.journal.rig import AxbRig, fails

if TYPE_CHECKING:
    import pytest


def test_a_request_is_a_line_for_whom_wants_it(caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig()
    rig.bind()
    assert not caplog.records
    with caplog.at_level(logging.INFO, "privnum.request"):
        rig.bind(callerNumm=1)
        rig.send("DELETE")
    taken, refused = (record.getMessage() for record in caplog.records)
    assert taken.startswith("[w] POST /w/w/rest/caas/relationnumber/partners/v1.0 ")
    assert taken.endswith("; may not be taken: unknown_field (callerNumm)")
    assert " 403 1012001 AXB-UNBIND-002 " in refused
    assert ": Resource of number is not to be applied. Give subscriptionId" in refused


def test_a_push_that_was_not_accepted_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig(fails)
    rig.bind()
    rig.call()
    first = caplog.records[0]
    assert (first.levelname, first.name) == ("WARNING", "privnum.push")
    text = first.getMessage()
    assert "push call_event push-1 to http://127.0.0.1:9/events: answered HTTP 500" in text
    assert "not accepted (attempt 1); next attempt at 2026-03-01T00:01:00Z of world time, in 60 s" in text
    assert text.endswith("the answer begins 'the database is down for +86138****0001'")
    told = json.loads(as_line(first, "now"))
    assert (told["event"], told["outcome"], told["next_attempt_at"]) == ("push", "500", "2026-03-01T00:01:00Z")


def test_numbers_and_tokens_in_addresses_are_masked(caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig(fails)
    url = "http://127.0.0.1:9/for/+8613800000021?token=secret"
    rig.control("PATCH", f"/w/applications/{rig.app.app_key}", {"event_url": url})
    rig.call()
    assert "http://127.0.0.1:9/for/+86138****0021?****: answered" in caplog.text
    assert not [word for word in ("13800000021", "secret") if word in caplog.text]
    assert rig.entries(kind="call_event")[0]["url"] == "http://127.0.0.1:9/for/+86138****0021?****"


def test_the_last_attempt_says_so(caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig(fails)
    rig.bind()
    rig.call()
    rig.control("POST", "/w/clock", {"advance_seconds": 86_400})
    assert "(attempt 7); it is not tried again" in caplog.records[-1].getMessage()


def test_bodies_are_shown_on_debug_and_masked(caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig()
    with caplog.at_level(logging.DEBUG, "privnum.request"):
        rig.bind()
    text = caplog.records[0].getMessage()
    assert '\n  > {"callerNum":"+86138****0001"' in text
    assert '\n  < {"resultcode":"0"' in text
    assert json.loads(as_line(caplog.records[0], "now"))["answer"].startswith('{"resultcode":"0"')
