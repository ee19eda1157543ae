"""The section of the page that says what was exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.coverage.items import reserved_items
from tests.suites import recordings as rec
from tests.suites.report.html.test_page import page_of
from tests.suites.report.test_coverage import ITEM, seen_events

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_what_is_covered_uncovered_and_reserved(tmp_path: Path) -> None:
    events = [*rec.every_verdict()[:-1], *seen_events("bind::twice", "AXB-BIND-001", ITEM), rec.run_finished()]
    told = page_of(tmp_path, events).texts["coverage"]
    assert f"1 covered, {len(reserved_items())} reserved" in told
    assert "axb.bind body calleeNum" in told
    assert f"{ITEM} AXB-BIND-001 bind::twice" in told
    for row in reserved_items().values():
        assert row.why in told


def test_a_reason_that_no_longer_holds_is_told(tmp_path: Path) -> None:
    taken = next(iter(reserved_items()))
    events = [*rec.every_verdict()[:-1], *seen_events("bind::twice", "AXB-BIND-001", taken), rec.run_finished()]
    told = page_of(tmp_path, events).texts["coverage"]
    assert "Reserved, but seen" in told
    assert (
        "Reserved, but seen"
        not in page_of(
            tmp_path, [rec.run_started(), *seen_events("a", "AXB-BIND-001", ITEM), rec.run_finished()]
        ).texts["coverage"]
    )


def test_a_run_that_was_cut_off_says_so(tmp_path: Path) -> None:
    cut = [rec.run_started(), *seen_events("bind::twice", "AXB-BIND-001", ITEM)]
    assert "did not come to its end" in page_of(tmp_path, cut).texts["coverage"]
    assert "did not come to its end" not in page_of(tmp_path, [*cut, rec.run_finished()]).texts["coverage"]


def test_where_nothing_was_counted_there_is_no_section(tmp_path: Path) -> None:
    assert "coverage" not in page_of(tmp_path, rec.every_verdict()).texts


def test_what_an_events_file_says_is_no_markup(tmp_path: Path) -> None:
    page = page_of(tmp_path, [rec.run_started(), *seen_events(rec.HOSTILE, "AXB-BIND-001", ITEM), rec.run_finished()])
    assert "<img src=x" not in page.source
    assert "onerror=alert(2)" in page.texts["coverage"]
