"""The sequence diagram of a counterexample: who says what to whom, for eyes and for screen readers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import pytest

from privnum.suites.commands.report import make_room, write_reports
from privnum.suites.report import steps
from privnum.suites.report.html import page as html
from privnum.suites.report.html import sequence
from privnum.words import speak
from tests.suites import recordings as rec

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


def rule_of(folder: Path, told: list[Any] | None = None) -> dict[str, Any]:
    report = rec.run_of(folder, rec.every_verdict(steps=told)).report
    return next(rule for rule in report["requirements"] if rule["id"] == "AXB-CALL-105")


def test_messages_go_between_those_who_send_and_get_them() -> None:
    told = sequence.messages(steps.history(rec.STEPS))
    ways = [(message.source, message.target, message.reply, message.number) for message in told]
    assert ways == [
        ("platform", "platform", False, 1),
        ("customer", "platform", False, 2),
        ("platform", "customer", True, None),
        ("customer", "platform", False, 3),
        ("platform", "customer", True, None),
        ("time", "time", False, 4),
        ("caller", "platform", False, 5),
        ("platform", "caller", True, None),
        ("platform", "customer", False, 6),
        ("customer", "platform", True, None),
        ("caller", "platform", False, 7),
        ("platform", "caller", True, None),
        ("platform", "platform", False, 8),
        ("platform", "platform", False, 9),
    ]


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        (
            "+86138****0001 calls +86170****0001 (callee: busy) -> call 1 ended, forwarded to +86138****0002, cause 0",
            [("caller", "platform"), ("platform", "callee")],
        ),
        ("the callee hangs up -> call c1 ended, cause 0", [("callee", "platform"), ("platform", "callee")]),
        (
            "+86138****0001 writes 'hello' to +86170****0001 -> SMS s1 sent, result 0",
            [("caller", "platform"), ("platform", "caller")],
        ),
    ],
)
def test_calls_and_sms_are_those_of_people(line: str, messages: list[tuple[str, str]]) -> None:
    assert [(one.source, one.target) for one in sequence.messages(steps.history([line]))] == messages


def test_numbers_are_those_of_the_list_of_steps() -> None:
    """Also where steps are left out, or passages of time stand together."""
    passages = [f"{seconds} seconds pass; it is 2026-03-01T00:00:00Z" for seconds in (10, 20, 30, 40)]
    told = sequence.messages(steps.history(["… 40 steps are left out …", *passages, "note: over"]))
    assert [message.number for message in told] == [1, 41, 45]


def test_the_file_is_a_picture_with_a_title_and_all_words(tmp_path: Path) -> None:
    written = sequence.document(rule_of(tmp_path))
    assert written is not None
    root = Xml.fromstring(written)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    words = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert set(str(root.get("aria-labelledby")).split()) == set(words)
    described = str(words["sequence-AXB-CALL-105-desc"])
    assert "4. 59 seconds pass" in described
    assert "customer → platform: POST /rest/caas/relationnumber/partners/v1.0 callerNum +86138****0001" in described
    assert described.endswith("a stranger was put through (cause = 0)")
    assert "prefers-color-scheme: dark" in written
    assert "url(" not in written


def test_everything_stands_in_the_picture(tmp_path: Path) -> None:
    """Nothing is drawn beyond its width or below its end, at the width of a phone."""
    root = Xml.fromstring(str(sequence.document(rule_of(tmp_path, [*rec.STEPS[:-1], f"broken: {'wide ' * 80}"]))))
    _, _, width, height = map(int, str(root.get("viewBox")).split())
    assert width <= 360
    for element in root.iter():
        for name in ("x", "x1", "x2"):
            assert 0 <= float(element.get(name, 0)) <= width
        for name in ("y", "y1", "y2"):
            assert 0 <= float(element.get(name, 0)) + (float(element.get("height", 0)) if name == "y" else 0) <= height
    shown = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert max(map(len, shown)) <= 56


def test_it_is_escaped_and_has_no_id_twice(tmp_path: Path) -> None:
    told = [f"    pushed: {rec.HOSTILE}", f"axb.bind {{{rec.HOSTILE} -> {rec.HOSTILE}", f"broken: {rec.HOSTILE}"]
    written = str(sequence.document(rule_of(tmp_path, told)))
    Xml.fromstring(written)
    assert "<script>" not in written
    page = html.page(rec.run_of(tmp_path, rec.every_verdict(steps=told)))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)


def test_it_speaks_chinese(tmp_path: Path) -> None:
    with speak("zh"):
        written = str(sequence.document(rule_of(tmp_path)))
    assert "客户 → 平台" in written


def test_without_a_history_there_is_no_picture(tmp_path: Path) -> None:
    assert sequence.document(rule_of(tmp_path, [])) is None


def test_files_stand_beside_the_report_and_go_with_it(tmp_path: Path) -> None:
    """Those of an earlier run are taken away; what is of others stays."""
    events = rec.every_verdict()
    for event in events:
        if event.get("counterexample"):
            event["counterexample"]["arazzo"] = {"arazzo": "1.1.0"}
    folder = tmp_path / "reports"
    write_reports(rec.write(tmp_path / "events.jsonl", events), folder)
    place = folder / "counterexamples"
    assert sorted(file.name for file in place.iterdir()) == ["AXB-CALL-105.arazzo.json", "AXB-CALL-105.svg"]
    (place / "notes.txt").write_text("mine", encoding="utf-8")
    make_room(folder)
    assert [file.name for file in place.iterdir()] == ["notes.txt"]
    (place / "notes.txt").unlink()
    write_reports(rec.write(tmp_path / "events.jsonl", rec.all_passed()), folder)
    assert not place.exists()
