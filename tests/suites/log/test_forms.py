"""No log of a correct platform breaks a documented rule, in whatever form it is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from tests.suites.log.session import findings_of, har_session, plain_session, session, write_lines

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("variation", contracts.variations())
def test_no_variation_breaks_a_documented_rule(variation: str, tmp_path: Path) -> None:
    entries, secrets = session(variations=[variation])
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries), secrets).failed == {}


@pytest.mark.parametrize("place", [0, 1, -1])
def test_no_choice_breaks_a_documented_rule(place: int, tmp_path: Path) -> None:
    """All other choices at once, of each open point the first, the second, the last."""
    choices = {
        point.id: point.choices[min(place, len(point.choices) - 1)]
        for point in contracts.assumptions().values()
        if point.choices and point.id != "auth.lockout_failures"
    }
    entries, secrets = session(lenient=True, assumptions=choices)
    findings = findings_of(write_lines(tmp_path / "log.jsonl", entries), secrets)
    assert findings.failed == {}
    assert findings.passed


def test_a_known_choice_is_held(tmp_path: Path) -> None:
    """An open point that is settled is claimed, and fails nobody."""
    entries, secrets = session()
    path = write_lines(tmp_path / "log.jsonl", entries)
    assert findings_of(path, secrets, **{"binding.expiry_instant": "gone"}).failed == {}


def test_a_har_file_breaks_nothing(tmp_path: Path) -> None:
    document, secrets = har_session()
    path = tmp_path / "log.har"
    path.write_text(json.dumps(document), encoding="utf-8")
    findings = findings_of(path, secrets)
    assert findings.failed == {}
    assert {"AXB-BIND-001", "COM-AUTH-001", "COM-PUSH-002", "AXB-CDR-006", "X-CALL-104"} <= findings.passed.keys()


def short_form(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with what docs/check-log.md asks for alone."""
    if entry["kind"] == "request":
        names = ("at", "method", "path", "query", "body", "status", "answer")
        found = {name: entry[name] for name in names}
        return found | {
            "body": json.loads(entry["body"]) if entry["body"] else None,
            "answer": json.loads(entry["answer"]),
        }
    return {
        "at": entry["at"],
        "kind": entry["kind"],
        "app_key": entry["app_key"],
        "body": json.loads(entry["body"]),
        "status": int(entry["outcome"]),
    }


def test_the_short_form_is_enough(tmp_path: Path) -> None:
    entries = json.loads(plain_session()[0])
    for second, entry in enumerate(entries):
        entry["at"] = entry["world_time"]
        assert second >= 0
    findings = findings_of(write_lines(tmp_path / "log.jsonl", list(map(short_form, entries))))
    assert findings.failed == {}
    assert {"AXB-BIND-102", "AXB-QUERY-001", "AXB-CALL-101", "AXB-CDR-006", "AXYB-UNBIND-001"} <= findings.passed.keys()


def test_a_gap_in_the_journal_ends_what_is_known(tmp_path: Path) -> None:
    """A second bind of a user may follow an unbind that is not there."""
    entries = json.loads(plain_session()[0])
    entries[1].update(status=200, accepted=True)
    echo = {"relationNum": "+8617000000001", "callDirection": 0, "duration": 0, "maxDuration": 0, "subscriptionId": "2"}
    entries[1]["answer"] = json.dumps({"resultcode": "0", "resultdesc": "Success", **echo})
    path = write_lines(tmp_path / "log.jsonl", entries[:2])
    assert findings_of(path).failed.keys() == {"AXB-BIND-102"}
    entries[1]["number"] = 3
    assert findings_of(write_lines(path, entries[:2])).failed == {}


def test_an_entry_that_cannot_be_read_may_be_what_is_missing(tmp_path: Path) -> None:
    """The alerting event of a call, or its CDR."""
    for number in (8, 17):
        entries = json.loads(plain_session()[0])
        path = write_lines(tmp_path / "log.jsonl", entries)
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[number - 1] = "{torn"
        path.write_text("\n".join(lines), encoding="utf-8")
        assert findings_of(path).failed == {}


def test_requests_of_one_time_have_no_order(tmp_path: Path) -> None:
    """Which of two overlapping binds came first nobody knows."""
    entries = [short_form(entry) for entry in json.loads(plain_session()[0])[:2]]
    entries[1]["status"] = 200
    entries[1]["answer"] = {**entries[0]["answer"], "subscriptionId": "2"}
    entries[0]["at"], entries[1]["at"] = "2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z"
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries)).failed.keys() == {"AXB-BIND-102"}
    entries[0]["ms"] = 5000
    assert findings_of(write_lines(tmp_path / "log.jsonl", entries)).failed == {}
