"""The coverage of a run, from its events alone."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from privnum.suites.coverage import items as catalogue
from privnum.suites.report.coverage import Sighting, count
from privnum.suites.report.coverage_text import lines, summary
from tests.suites import recordings as rec

ITEM = "axb.bind body callerNum"


def seen_events(check: str, requirement: str, *ids: str) -> list[rec.Event]:
    return [
        *rec.whole_check(check, [requirement], "passed", {requirement: ("passed", "held once")}),
        {"event": "seen", "check": check, "seen": [{"requirement": requirement, "items": list(ids)}]},
    ]


@pytest.fixture
def reserve(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts one row in the place of reserved.toml."""

    def put(*ids: str, assumptions: tuple[str, ...] = ()) -> None:
        row = contracts.Reserved("made up", "another choice", "Nobody asks for it.", ids, assumptions)
        monkeypatch.setattr(contracts, "reserved", lambda: {row.id: row})
        catalogue.reserved_items.cache_clear()

    yield put
    monkeypatch.undo()
    catalogue.reserved_items.cache_clear()


def test_an_item_is_covered_when_a_check_has_seen_it() -> None:
    """And not because the contract has it: without the exchange it is uncovered."""
    events = [rec.run_started(), *seen_events("bind::once", "AXB-BIND-001", ITEM), rec.run_finished()]
    found = count(events)
    assert ITEM in found.covered
    assert found.seen[ITEM] == (Sighting("bind::once", "AXB-BIND-001"),)
    without = count([event for event in events if event["event"] != "seen"])
    assert ITEM in without.uncovered
    assert not without.covered


def test_each_item_is_in_one_list(reserve: Any) -> None:
    reserve("axb.bind body calleeNum")
    found = count([rec.run_started(), *seen_events("bind::once", "AXB-BIND-001", ITEM), rec.run_finished()])
    lists = [*found.covered, *found.reserved, *found.uncovered]
    assert sorted(lists) == sorted(found.items)
    totals = [sum(column) for column in zip(*found.counts().values(), strict=True)]
    assert totals == [1, 1, len(found.items)]


def test_a_reserved_item_that_is_seen_has_a_reason_that_fails(reserve: Any) -> None:
    reserve(ITEM)
    assert count([rec.run_started(), rec.run_finished()]).refuted == []
    found = count([rec.run_started(), *seen_events("bind::once", "AXB-BIND-001", ITEM), rec.run_finished()])
    assert found.refuted == [ITEM]
    assert not found.is_complete
    assert f"  {ITEM}: seen by bind::once (AXB-BIND-001)" in list(lines(found))


def test_a_reason_of_a_choice_holds_where_the_target_makes_ours(reserve: Any) -> None:
    reserve(ITEM, assumptions=("axb.a_equals_b", "axb.a_equals_x"))
    ours = contracts.assumptions()["axb.a_equals_b"].value
    start, end = rec.run_started(), rec.run_finished()
    assert ITEM in count([start, *rec.whole_probe("axb.a_equals_b", ours), end]).reserved
    found = count([start, *rec.whole_probe("axb.a_equals_b", "accept"), end])
    assert ITEM not in found.reserved
    assert ITEM in found.uncovered


def test_modes_that_were_not_checked_do_not_count() -> None:
    found = count([rec.run_started(modes=["AXB"]), rec.run_finished()])
    assert {item.mode for item in found.items.values()} == {"common", "AXB"}


def test_an_item_that_the_contract_does_not_have_is_passed_over() -> None:
    found = count(
        [rec.run_started(), *seen_events("bind::once", "AXB-BIND-001", "axb.bind body <b>", ITEM), rec.run_finished()]
    )
    assert found.covered == [ITEM]


def test_what_is_printed_says_what_is_uncovered_and_what_is_reserved(reserve: Any) -> None:
    reserve("axb.bind body calleeNum")
    found = count(
        [rec.run_started(modes=["AXB"]), *seen_events("bind::once", "AXB-BIND-001", ITEM), rec.run_finished()]
    )
    told = list(lines(found, everything=True))
    assert (
        told[0]
        == summary(found)
        == f"{len(found.items)} items: 1 covered, 1 reserved, {len(found.items) - 2} uncovered"
    )
    assert "    axb.bind body relationNum" in told
    assert "  another choice: Nobody asks for it." in told
    assert "    axb.bind body calleeNum" in told
    assert told[-2:] == [f"  {ITEM}", "    AXB-BIND-001  bind::once"]
