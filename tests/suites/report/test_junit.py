"""junit.xml, as continuous integration reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import pytest

from privnum import contracts
from privnum.suites.report import junit, model
from privnum.suites.report.statement import statement
from tests.suites import recordings as rec

if TYPE_CHECKING:
    from pathlib import Path


def document(folder: Path, events: list[rec.Event], tail: str = "") -> Xml.Element:
    return Xml.fromstring(junit.document(rec.run_of(folder, events, tail)))


def case(root: Xml.Element, id_: str) -> Xml.Element:
    [found] = [case for case in root.iter("testcase") if case.get("name", "").startswith(id_ + " ")]
    return found


def outcome(element: Xml.Element) -> list[str]:
    return [child.tag for child in element if child.tag != "properties"]


@pytest.mark.parametrize("events", [rec.every_verdict(), rec.all_passed(5), [rec.run_started(), rec.run_finished()]])
def test_the_counts_are_those_of_the_cases(tmp_path: Path, events: list[rec.Event]) -> None:
    root = document(tmp_path, events)
    assert [suite.get("name") for suite in root] == ["common", "AX", "AXB", "AXE", "AXYB", "X"]
    assert root.get("tests") == str(len(contracts.requirements()))
    words = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for parent in (root, *root):
        for attribute, tag in words.items():
            if (parent, attribute) == (root, "skipped"):
                continue
            assert int(parent.get(attribute, "")) == len(list(parent.iter(tag)))


def test_each_verdict_has_its_outcome(tmp_path: Path) -> None:
    root = document(tmp_path, rec.every_verdict())
    assert outcome(case(root, "AXB-BIND-001")) == []
    assert outcome(case(root, "AXB-CALL-105")) == ["failure"]
    assert outcome(case(root, "COM-AUTH-010")) == ["error"]
    assert outcome(case(root, "AXB-CDR-011")) == ["skipped"]
    assert outcome(case(root, "AXB-BIND-106")) == ["system-out"]
    skipped = case(root, "AXB-CDR-011").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "no recording it is otherwise"
    assert (case(root, "AXB-BIND-106").findtext("system-out") or "").startswith("differs: it is otherwise")


def test_a_failure_tells_the_rule_the_history_and_the_commands(tmp_path: Path) -> None:
    failure = case(document(tmp_path, rec.every_verdict()), "AXB-CALL-105").find("failure")
    assert failure is not None
    assert failure.get("message") == "it is otherwise"
    text = failure.text or ""
    for part in (contracts.requirements()["AXB-CALL-105"].text, "  4  59 seconds pass", *rec.CURL):
        assert part in text


def test_a_case_says_what_it_is_of(tmp_path: Path) -> None:
    root = document(tmp_path, rec.every_verdict())
    stopped = case(root, "COM-STOP-001")
    assert stopped.get("classname") == "privnum.common.Stop_call"
    told = {item.get("name"): item.get("value") for item in case(root, "AXB-BIND-106").iter("property")}
    assert told["verdict"] == "differs"
    assert (told["level"], told["basis"]) == ("should", "observed")
    suite = {item.get("name"): item.get("value") for item in root[0].findall("properties/property")}
    assert suite.pop("statement") == statement(model.build(rec.every_verdict())).line
    assert suite == {"target": "a platform", "edition": "2026-01", "profile": "quick", "seed": "1", "privnum": "0.1.0"}
    assert root[0].get("timestamp") == "2026-03-01T00:00:00"


def test_the_times_add_up_to_those_of_the_checks(tmp_path: Path) -> None:
    """bind::once took half a second and reports two rules; seven checks took as long."""
    root = document(tmp_path, rec.every_verdict())
    assert case(root, "AXB-BIND-001").get("time") == case(root, "AXB-BIND-003").get("time") == "0.250"
    assert root.get("time") == "3.500"


@pytest.mark.parametrize("tail", ["", '{"event":"che'])
def test_a_run_that_was_cut_off_does_not_look_green(tmp_path: Path, tail: str) -> None:
    root = document(tmp_path, rec.all_passed()[:-1], tail)
    assert root.get("errors") == "1"
    error = root.find("testsuite[@name='run']/testcase/error")
    assert error is not None
    assert "The run was cut off" in error.get("message", "")


def test_signs_that_xml_cannot_hold_are_written_out(tmp_path: Path) -> None:
    root = document(tmp_path, rec.every_verdict(rec.HOSTILE, [rec.HOSTILE, {"odd": rec.HOSTILE}]))
    failure = case(root, "AXB-CALL-105").find("failure")
    assert failure is not None
    assert "\\x00" in failure.get("message", "")
    assert "</script><script>alert(1)</script>" in (failure.text or "")
