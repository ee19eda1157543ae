"""Open points as questions to the vendor: the choices, and what the target does."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.suites.report.html import page as html
from privnum.suites.report.open_points import pages_to_name
from privnum.words import speak
from tests.suites import recordings as rec

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = "auth.lockout_failures"


@pytest.fixture
def events() -> list[rec.Event]:
    """Two points were probed, one is declared."""
    events = rec.every_verdict()
    events[0]["target"]["declared"] = {DECLARED: 5}
    return events


def points_of(folder: Path, events: list[rec.Event]) -> dict[str, dict[str, Any]]:
    return {point["id"]: point for point in rec.run_of(folder, events).report["open_points"]}


def test_every_open_point_in_scope_is_a_question(tmp_path: Path, events: list[rec.Event]) -> None:
    assert list(points_of(tmp_path, events)) == list(contracts.assumptions())
    events[0]["run"]["modes"] = ["AXB"]
    assert {point["mode"] for point in points_of(tmp_path, events).values()} == {"common", "AXB"}


def test_what_the_target_does_and_how_that_is_known(tmp_path: Path, events: list[rec.Event]) -> None:
    points = points_of(tmp_path, events)
    assert (points["http.bad_json"]["target"], points["http.bad_json"]["settled"]) == ("1020001", "probe")
    assert (points[DECLARED]["target"], points[DECLARED]["settled"]) == (5, "target.toml")
    unknown = points["http.wrong_method"]
    assert (unknown["target"], unknown["settled"], unknown["reason"]) == (None, "unknown", "no check")
    assert Counter(point["settled"] for point in points.values())["unknown"] == len(points) - 3


def test_a_question_has_its_choices_and_a_page_to_name(tmp_path: Path, events: list[rec.Event]) -> None:
    known = {source.url for source in contracts.sources().values()}
    for point in points_of(tmp_path, events).values():
        assert point["choices"][0] == point["ours"]
        assert point["question"] == contracts.assumptions()[point["id"]].text
        assert point["ask"], point["id"]
        assert set(point["ask"]) <= known


def test_the_page_to_name_is_that_which_is_silent() -> None:
    """Where no page is known, that of an API of the mode."""
    point = contracts.assumptions()["http.wrong_method"]
    own = [contracts.sources()[key].url for key in point.source if contracts.sources()[key].url]
    assert own
    assert pages_to_name(point, "common") == own
    silent = contracts.assumptions()["http.bad_json"]
    assert silent.source == ("silent",)
    assert len(pages_to_name(silent, "common")) >= 1
    assert pages_to_name(silent, "AXE") != pages_to_name(silent, "AX")


def test_the_report_is_held_by_its_schema(tmp_path: Path, events: list[rec.Event]) -> None:
    report = rec.run_of(tmp_path, events).report
    assert not contracts.validator("report/report").problems(report)
    report["open_points"][0]["settled"] = "guessed"
    assert contracts.validator("report/report").problems(report)


def test_the_page_has_each_question_and_leads_there_and_back(tmp_path: Path, events: list[rec.Event]) -> None:
    page = html.page(rec.run_of(tmp_path, events))
    start = page.index('id="open-points"')
    assert page.index('href="#open-points"') < start
    assert page.index('href="#main"') > start
    section = page[start:]
    count = len(contracts.assumptions())
    assert f"<h2>{count} questions to the vendor</h2>" in section
    assert f"known of 3, not of {count - 3}: together {count}." in section
    parts = [int(number) for number in re.findall(r'<span class="aside">(\d+) questions?</span>', section)]
    assert sum(parts) == count
    assert '<li class="taken"><code>1020001</code><span class="aside"> the target</span></li>' in section
    assert "declared in target.toml" in section


def test_it_is_shown_alone(tmp_path: Path, events: list[rec.Event]) -> None:
    """As a page of its own, on paper too."""
    page = html.page(rec.run_of(tmp_path, events))
    assert "#open-points { display: none; }" in page
    assert re.search(r"body:has\(#open-points:target\) :is\([^)]*\(#open-points\)[^)]*footer\) \{ display: none", page)
    printed = page[page.index("@media print {") :]
    assert "body:has(#open-points:target) #open-points { display: block !important; }" in printed


def test_a_run_without_open_points_has_no_such_page(tmp_path: Path, events: list[rec.Event]) -> None:
    events[0]["run"]["rules"] = ["AXB-BIND-001"]
    page = html.page(rec.run_of(tmp_path, events))
    assert 'id="open-points"' not in page
    assert 'href="#open-points"' not in page


def test_questions_are_asked_in_chinese(tmp_path: Path, events: list[rec.Event]) -> None:
    with speak("zh"):
        page = html.page(rec.run_of(tmp_path, events))
    point = contracts.in_language("zh").assumptions()["http.bad_json"]
    assert point.text in page[page.index('id="open-points"') :]
    assert escape(point.why) in page
