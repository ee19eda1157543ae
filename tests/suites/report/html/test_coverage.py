"""The section of the page that says what was exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.coverage.items import reserved
from tests.suites import recordings as rec
from tests.suites.report.html.test_page import page_of
from tests.suites.report.test_coverage import ITEM, seen

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_what_is_covered_uncovered_and_reserved(tmp_path: Path) -> None:
    events = [*rec.every_verdict()[:-1], *seen("bind::twice", "AXB-BIND-001", ITEM), rec.ended()]
    told = page_of(tmp_path, events).texts["coverage"]
    assert f"1 covered, {len(reserved())} reserved" in told
    assert "axb.bind body calleeNum" in told
    assert f"{ITEM} AXB-BIND-001 bind::twice" in told
    for row in reserved().values():
        assert row.why in told


def test_a_reason_that_no_longer_holds_is_told(tmp_path: Path) -> None:
    taken = next(iter(reserved()))
    events = [*rec.every_verdict()[:-1], *seen("bind::twice", "AXB-BIND-001", taken), rec.ended()]
    told = page_of(tmp_path, events).texts["coverage"]
    assert "Reserved, but seen" in told
    assert (
        "Reserved, but seen"
        not in page_of(tmp_path, [rec.started(), *seen("a", "AXB-BIND-001", ITEM), rec.ended()]).texts["coverage"]
    )


def test_a_run_that_was_cut_off_says_so(tmp_path: Path) -> None:
    cut = [rec.started(), *seen("bind::twice", "AXB-BIND-001", ITEM)]
    assert "did not come to its end" in page_of(tmp_path, cut).texts["coverage"]
    assert "did not come to its end" not in page_of(tmp_path, [*cut, rec.ended()]).texts["coverage"]


def test_where_nothing_was_counted_there_is_no_section(tmp_path: Path) -> None:
    assert "coverage" not in page_of(tmp_path, rec.every_verdict()).texts


def test_what_an_events_file_says_is_no_markup(tmp_path: Path) -> None:
    page = page_of(tmp_path, [rec.started(), *seen(rec.HOSTILE, "AXB-BIND-001", ITEM), rec.ended()])
    assert "<img src=x" not in page.source
    assert "onerror=alert(2)" in page.texts["coverage"]
