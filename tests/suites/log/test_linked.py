"""What a message shows by others long before it: whom A calls back, whose Y it is, what the verdict on an SMS was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from tests.suites.log.linked import (
    PLAYS,
    calls_of,
    change_body,
    events_of,
    found_in,
    journal_of,
    reach,
    record,
    see,
)
from tests.suites.log.session import A, B, C, D
from tests.suites.log.test_forms import short_form

if TYPE_CHECKING:
    from pathlib import Path

    from tests.suites.log.session import Entry


@pytest.mark.parametrize("name", PLAYS)
def test_a_right_session_breaks_nothing(name: str, tmp_path: Path) -> None:
    """As our journal has it, and in the short form."""
    found = found_in(journal_of(name), tmp_path)
    assert found.broken == {}
    wanted = {
        "call_back": {"AXE-CALLBACK-101", "AXE-CALLBACK-102", "AXE-CALLBACK-104", "AXE-CALLBACK-108"},
        "give_numbers": {"AXYB-CALL-103", "AXYB-CALL-105", "AXYB-CALL-111", "AXYB-CDR-005"},
        "write_sms": {"AX-SMS-026", "AX-SMS-027", "AX-SMS-028", "AX-SMS-104", "AX-SMS-110", "X-SMS-026", "X-SMS-101"},
    }
    assert wanted[name] <= found.passed.keys()
    entries = journal_of(name)
    for entry in entries:
        entry["at"] = entry["world_time"]
    assert found_in(list(map(short_form, entries)), tmp_path).failed == {}


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("place", [0, 1, -1])
def test_no_choice_breaks_a_documented_rule(name: str, place: int, tmp_path: Path) -> None:
    """All other choices at once."""
    choices = {
        point.id: point.choices[min(place, len(point.choices) - 1)]
        for point in contracts.assumptions().values()
        if point.choices
        and point.id.partition(".")[0] in ("axe", "axyb", "sms", "call", "x")
        and point.id not in ("axyb.x_as_y", "axyb.query_ax_alone", "axyb.query_more_than_five", "axe.digits")
    }
    assert found_in(record(name, lenient=True, assumptions=choices), tmp_path).failed == {}


# ── call-backs ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("place", "to", "rule"),
    [
        (0, B, "AXE-CALLBACK-104"),
        (1, C, "AXE-CALLBACK-101"),
        (2, B, "AXE-CALLBACK-102"),
        (3, C, "AXE-CALLBACK-108"),
    ],
)
def test_a_call_back_that_reaches_somebody_else(place: int, to: str, rule: str, tmp_path: Path) -> None:
    entries = journal_of("call_back")
    reach(entries, calls_of(entries, A)[place], to)
    known = {"axe.callback_refreshes_record": "no"}
    assert found_in(entries, tmp_path, **known).failed.keys() == {rule}
    whatever = found_in(entries, tmp_path).failed.keys()
    assert whatever == ({rule} if rule != "AXE-CALLBACK-108" else set())  # he may live longer by the call-back to him


def test_a_call_back_to_nobody_though_there_is_a_record(tmp_path: Path) -> None:
    entries = journal_of("call_back")
    _end_without_callee(entries, calls_of(entries, A)[1], 8019)
    assert "AXE-CALLBACK-101" in found_in(entries, tmp_path).failed


def test_a_call_back_that_is_put_through_where_a_tone_is_set(tmp_path: Path) -> None:
    entries = journal_of("call_back")
    (session,) = calls_of(entries, D)
    callin = events_of(entries, "callin", sessionId=session)[0]
    callout = json.loads(json.dumps(callin))
    sub = json.loads([e for e in entries if e["kind"] == "request"][3]["answer"])["subscriptionId"]
    change_body(callout, lambda body: body.update(eventType="callout"))
    change_body(callout, lambda body: body["statusInfo"].update(called=C, subscriptionId=sub))
    entries.insert(entries.index(callin) + 1, callout)
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number
    assert "AXE-CALLBACK-105" in found_in(entries, tmp_path).failed


def test_a_call_back_is_no_claim_where_pushes_may_be_missing(tmp_path: Path) -> None:
    """In a log of one's own a caller may not be recorded."""
    entries = journal_of("call_back")
    reach(entries, calls_of(entries, A)[1], C)
    for entry in entries:
        entry["at"] = entry["world_time"]
    assert found_in(list(map(short_form, entries)), tmp_path).failed == {}


def _end_without_callee(entries: list[Entry], session: str, cause: int) -> None:
    """Let a call end at once with a cause."""
    gone = [e for kind in ("callout", "alerting", "answer") for e in events_of(entries, kind, sessionId=session)]
    for entry in gone:
        entries.remove(entry)
    at = json.loads(events_of(entries, "callin", sessionId=session)[0]["body"])["statusInfo"]["timestamp"]
    for entry in entries:
        if entry["kind"] == "cdr":
            change_body(entry, lambda body: body["feeLst"].__setitem__(slice(None), _others(body, session)))
    entries[:] = [e for e in entries if e["kind"] != "cdr" or json.loads(e["body"])["feeLst"]]
    (ended,) = events_of(entries, "disconnect", sessionId=session)
    change_body(ended, lambda body: body["statusInfo"].update(stateCode=cause, timestamp=at))
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number


def _others(body: dict[str, Any], session: str) -> list[Any]:
    return [fee for fee in body["feeLst"] if fee["sessionId"] != session]


# ── Y of callers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _y_of(entries: list[Entry], caller: str) -> str:
    """The Y that a caller was given, as the query shows it."""
    (answer,) = [json.loads(e["answer"]) for e in entries if e.get("operation") == "axyb.query"]
    return next(str(row["numY"]) for row in answer["xyRelationNumList"] if row["numB"] == caller)


@pytest.mark.parametrize(
    ("place", "of", "rule"),
    [(0, "X", "AXYB-CALL-103"), (0, "caller", "AXYB-CALL-103"), (0, B, "AXYB-CALL-111"), (1, D, "AXYB-CALL-105")],
)
def test_a_caller_of_whom_a_sees_another_number(place: int, of: str, rule: str, tmp_path: Path) -> None:
    """X itself, the caller's own number, the Y of a B, another than before."""
    entries = journal_of("give_numbers")
    session = calls_of(entries, C)[place]
    x = json.loads(events_of(entries, "callin", sessionId=session)[0]["body"])["statusInfo"]["called"]
    see(entries, session, {"X": x, "caller": C}.get(of) or _y_of(entries, of))
    assert rule in found_in(entries, tmp_path).failed


def test_a_bound_b_of_whom_a_sees_another_number(tmp_path: Path) -> None:
    entries = journal_of("give_numbers")
    see(entries, calls_of(entries, B)[0], _y_of(entries, C))
    assert "AXYB-CDR-005" in found_in(entries, tmp_path).failed


def test_a_reaches_somebody_else_by_the_y_of_a_caller(tmp_path: Path) -> None:
    entries = journal_of("give_numbers")
    reach(entries, calls_of(entries, A, _y_of(entries, C))[0], D)
    assert found_in(entries, tmp_path).failed.keys() == {"AXYB-CALL-103"}


# ── verdicts on SMS ──────────────────────────────────────────────────────────────────────────────────────────────────


def _notices(entries: list[Entry], kind: str, x_mode: bool) -> list[Entry]:
    """The notices of a kind, in AX or in X."""
    bind = next(json.loads(entry["body"]) for entry in entries if entry["kind"] == "request")
    found = [(entry, json.loads(entry["body"])["smsEvent"]) for entry in entries if entry["kind"] == kind]
    return [entry for entry, event in found if (event["virtualNumber"] != bind["privateNum"]) == x_mode]


def _change_event(entry: Entry, **fields: Any) -> None:
    def change(body: dict[str, Any]) -> None:
        event = body["smsEvent"]
        for name, value in fields.items():
            if value is None:
                event.pop(name, None)
            else:
                event[name] = value

    change_body(entry, change)


@pytest.mark.parametrize("x_mode", [False, True])
@pytest.mark.parametrize(
    ("place", "fields", "rule"),
    [
        (0, {"called": C}, "027 101"),
        (0, {"smsContent": "other"}, "018"),
        (0, {"calling": "+8613500000009"}, "019"),
        (1, {"sendResult": 0, "called": B}, "028"),
        (1, {"sendResult": 9}, "028"),
        (2, {"sendResult": 0, "called": B}, "029"),
    ],
)
def test_a_notice_that_does_not_fit_the_verdict(
    place: int, fields: dict[str, Any], rule: str, x_mode: bool, tmp_path: Path
) -> None:
    entries = journal_of("write_sms")
    _change_event(_notices(entries, "sms_notify", x_mode)[place], **fields)
    number = rule.split()[-1 if x_mode else 0]
    assert f"{'X' if x_mode else 'AX'}-SMS-{number}" in found_in(entries, tmp_path).failed


@pytest.mark.parametrize("x_mode", [False, True])
def test_a_block_that_names_a_receiver(x_mode: bool, tmp_path: Path) -> None:
    entries = journal_of("write_sms")
    _change_event(_notices(entries, "sms_block", x_mode)[0], called=B)
    assert f"{'X' if x_mode else 'AX'}-SMS-026" in found_in(entries, tmp_path).failed


def test_a_block_of_an_sms_to_a(tmp_path: Path) -> None:
    entries = journal_of("write_sms")
    _change_event(_notices(entries, "sms_block", x_mode=False)[0], calling=C)
    assert "AX-SMS-104" in found_in(entries, tmp_path).failed


@pytest.mark.parametrize("x_mode", [False, True])
def test_an_sms_that_nobody_was_asked_about(x_mode: bool, tmp_path: Path) -> None:
    entries = journal_of("write_sms")
    entries.remove(_notices(entries, "sms_block", x_mode)[-1])
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number
    assert f"{'X' if x_mode else 'AX'}-SMS-025" in found_in(entries, tmp_path).failed


def test_two_blocks_of_one_sms_leave_its_verdict_open(tmp_path: Path) -> None:
    entries = journal_of("write_sms")
    block = _notices(entries, "sms_block", x_mode=False)[0]
    entries.insert(entries.index(block) + 1, dict(block))
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number
    _change_event(_notices(entries, "sms_notify", x_mode=False)[0], called=C)
    assert "AX-SMS-027" not in found_in(entries, tmp_path).failed
