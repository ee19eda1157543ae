"""A log that begins in the middle: what a query shows of bindings is held against what comes behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.log.linked import calls_of, events_of, reach
from tests.suites.log.seeds import SEEDS
from tests.suites.log.session import A, B, C, D, findings_of, plain_session, write_lines

if TYPE_CHECKING:
    from pathlib import Path

SEED = {seed.name: seed for seed in SEEDS}
X = "+8617000000001"
PATH = "/rest/caas/relationnumber/partners/v1.0"


def begun_at(entries: list[dict[str, Any]], operation: str) -> list[dict[str, Any]]:
    """The entries from the first request on that was carried out."""
    place = next(n for n, each in enumerate(entries) if each.get("operation") == operation and each["accepted"])
    return entries[place:]


@pytest.mark.parametrize("place", range(1, 93, 4))
def test_a_session_begun_anywhere_breaks_nothing(place: int, tmp_path: Path) -> None:
    entries = json.loads(plain_session()[0])[place:]
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries)).failed == {}


def test_an_event_before_the_first_entry_is_not_missing(tmp_path: Path) -> None:
    """Of a call that was under way when the log began; of one that came later it is."""
    text, _ = plain_session()
    entries = json.loads(text)
    first, later = calls_of(entries, A, X)[:2]
    for session, broken in ((first, set()), (later, {"AXB-EVENT-001"})):
        cut = [each for each in entries if each not in events_of(entries, "alerting", sessionId=session)]
        place = next(n for n, each in enumerate(cut) if each in events_of(cut, "callin", sessionId=first))
        cut = [each | {"number": number} for number, each in enumerate(cut[place:], start=7)]
        assert findings_of(write_lines(tmp_path / "log.jsonl", cut)).failed.keys() == broken


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("axb.query", "A reaches somebody else"),
        ("axb.query", "B reaches somebody else"),
        ("axb.query", "a change is not shown"),
        ("axb.query", "a binding that was dissolved is shown"),
        ("axb.query", "an SMS to somebody else"),
        ("axb.query", "through after the unbind"),
        ("axe.query", "AXE: not A is reached"),
        ("axyb.query", "AXYB: not A is reached"),
        ("axyb.query", "a binding of AXYB that was dissolved is shown"),
    ],
)
def test_an_edit_behind_the_query_is_found(operation: str, name: str, tmp_path: Path) -> None:
    text, secrets = plain_session()
    entries = json.loads(text)
    SEED[name].edit(entries, secrets)
    findings = findings_of(write_lines(tmp_path / "log.jsonl", begun_at(entries, operation)), secrets)
    assert SEED[name].rule in findings.failed, f"found: {findings.broken}"


def test_who_calls_an_x_that_a_query_showed_reaches_a(tmp_path: Path) -> None:
    entries = begun_at(json.loads(plain_session()[0]), "ax.query")
    session = next(each for each in calls_of(entries, C) if events_of(entries, "callout", sessionId=each, called=A))
    reach(entries, session, D)
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries)).failed.keys() == {"AX-CALL-101"}


def request(at: int, method: str, answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A request of the short form that was carried out."""
    entry = {"at": 1_772_323_200 + at, "method": method, "path": PATH, "status": 200, "app_key": "k"}
    return entry | {"answer": {"resultcode": "0", "resultdesc": "Success", **answer}} | more


def query_showing(at: int, query: str = "subscriptionId=b-1", **fields: Any) -> dict[str, Any]:
    """A query that shows a binding of A and B."""
    row = {"subscriptionId": "b-1", "relationNum": X, "callerNum": A, "calleeNum": B} | fields
    row.setdefault("subscribeTime", "2026-02-01 00:00:00")
    return request(at, "GET", {"totalCount": 1, "relationNumList": [row]}, query=query)


def bind_on_x(at: int, caller: str, callee: str) -> dict[str, Any]:
    """A bind on X."""
    body = {"callerNum": caller, "calleeNum": callee, "relationNum": X}
    echo = {"relationNum": X, "subscriptionId": f"b-{at}", "callDirection": 0, "duration": 0, "maxDuration": 0}
    return request(at, "POST", echo, body=body)


def broken_by(tmp_path: Path, *entries: dict[str, Any]) -> set[str]:
    """The documented rules that are broken."""
    return set(findings_of(write_lines(tmp_path / "log.jsonl", entries)).failed)


def test_a_user_of_a_shown_binding_is_bound_once_more(tmp_path: Path) -> None:
    """A breach where the binding has no end; where it may have ended nobody knows."""
    assert broken_by(tmp_path, query_showing(0, duration=0), bind_on_x(9, A, C)) == {"AXB-BIND-102"}
    assert broken_by(tmp_path, query_showing(0, duration=600), bind_on_x(9, A, C)) == set()
    assert broken_by(tmp_path, query_showing(0), bind_on_x(9, A, C)) == set()


def test_a_shown_binding_ends_within_its_duration(tmp_path: Path) -> None:
    assert broken_by(tmp_path, query_showing(0, duration=600), query_showing(500, duration=600)) == set()
    assert broken_by(tmp_path, query_showing(0, duration=600), query_showing(900, duration=600)) == {"AXB-LIFE-001"}
    changed = request(9, "PUT", {}, body={"subscriptionId": "b-1", "duration": 6000})
    assert broken_by(tmp_path, query_showing(0, duration=600), changed, query_showing(900, duration=600)) == set()


def test_a_whole_x_is_known_from_its_list(tmp_path: Path) -> None:
    """C and D have nothing against them on an X that shows A and B alone."""
    refused = bind_on_x(9, C, D) | {"status": 403, "answer": {"resultcode": "1012010", "resultdesc": "No."}}
    whole = query_showing(0, f"relationNum=%2B{X[1:]}", duration=0)
    assert broken_by(tmp_path, whole, refused) == {"AXB-BIND-007"}
    assert broken_by(tmp_path, query_showing(0, duration=0), refused) == set()
    assert broken_by(tmp_path, query_showing(0, f"relationNum=%2B{X[1:]}", duration=600), refused) == set()


def test_a_setting_that_was_not_shown_is_not_known(tmp_path: Path) -> None:
    """Shown later, it may have been so from the beginning; one that was shown has to stay."""
    more = query_showing(9, duration=0, userData="order-1", callDirection=1)
    assert broken_by(tmp_path, query_showing(0, duration=0), more) == set()
    first = query_showing(0, duration=0, callDirection=0, maxDuration=5)
    then = query_showing(9, duration=0, callDirection=2, maxDuration=5)
    assert broken_by(tmp_path, first, then) == {"AXB-QUERY-003"}


def test_a_call_that_began_before_the_query_may_have_been_another_binding(tmp_path: Path) -> None:
    """As the binding was when the call came nobody knows."""
    text, secrets = plain_session()
    entries = json.loads(text)
    SEED["A reaches somebody else"].edit(entries, secrets)
    query = entries.pop(4)
    entries.insert(9, query | {"world_time": entries[9]["world_time"], "at": entries[9]["at"]})
    for number, entry in enumerate(entries[4:], start=1):
        entry["number"] = number
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries[4:]), secrets).failed.keys() == {"AXB-CDR-005"}
