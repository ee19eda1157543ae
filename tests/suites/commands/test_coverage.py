"""privnum coverage: what it prints, and its exit status."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.cli import main
from privnum.suites.coverage.items import items, reserved_items
from tests.suites import recordings as rec
from tests.suites.report.test_coverage import seen_events

if TYPE_CHECKING:
    from pathlib import Path

ALL = [id_ for id_ in items() if id_ not in reserved_items()]


def coverage_of(folder: Path, events: list[rec.Event], *options: str) -> int:
    return main(["coverage", str(rec.write(folder / "events.jsonl", events)), *options])


def test_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        coverage_of(tmp_path, [rec.run_started(), *seen_events("all", "AXB-BIND-001", *ALL), rec.run_finished()]) == 0
    )
    printed = capsys.readouterr().out
    assert printed.startswith(
        f"{len(items()):,} items: {len(ALL):,} covered, {len(reserved_items())} reserved, 0 uncovered\n"
    )
    assert "UNCOVERED" not in printed


def test_an_exchange_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The item that only this exchange has shown is uncovered then."""
    events = [
        rec.run_started(),
        *seen_events("most", "AXB-BIND-001", *ALL[1:]),
        *seen_events("one", "AX-BIND-001", ALL[0]),
        rec.run_finished(),
    ]
    assert coverage_of(tmp_path, events) == 0
    fewer = [event for event in events if event["event"] != "seen" or event["check"] != "one"]
    capsys.readouterr()
    assert coverage_of(tmp_path, fewer, "--json") == 1
    assert json.loads(capsys.readouterr().out)["uncovered"] == [ALL[0]]


class Gone(io.StringIO):
    """A reader who has gone away."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_reader_who_goes_away_changes_no_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    events = [rec.run_started(), *seen_events("most", "AXB-BIND-001", *ALL[1:]), rec.run_finished()]
    monkeypatch.setattr("sys.stdout", Gone())
    assert coverage_of(tmp_path, events, *option) == 1
    assert capsys.readouterr().err == ""


def test_a_reserved_item_that_was_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = next(iter(reserved_items()))
    events = [rec.run_started(), *seen_events("all", "AXB-BIND-001", *ALL, taken), rec.run_finished()]
    assert coverage_of(tmp_path, events) == 1
    assert f"{taken}: seen by all (AXB-BIND-001)" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "cut"), [("cut off", []), ("interrupted", [rec.run_finished(interrupted=True)])])
def test_no_verdict_on_a_run_that_did_not_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, cut: list[rec.Event]
) -> None:
    start = [rec.run_started(), *seen_events("most", "AXB-BIND-001", *ALL[1:])]
    assert coverage_of(tmp_path, [*start, *cut]) == 2
    assert f"the run was {word}: " in capsys.readouterr().err
    assert coverage_of(tmp_path, [*start, *seen_events("one", "AX-BIND-001", ALL[0]), *cut]) == 0


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"rules": ["X-CALL-103"]}, "the run was of 1 rule alone"),
        ({"modes": ["X"]}, "the run was of mode X alone"),
        ({"modes": ["AX", "X"], "rules": ["X-CALL-103", "X-CALL-104"]}, "of 2 rules alone, in mode AX and X alone"),
    ],
)
def test_a_run_of_a_part_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], run: dict[str, Any], words: str
) -> None:
    assert (
        coverage_of(tmp_path, [rec.run_started(**run), *seen_events("one", "AXB-BIND-001", ALL[0]), rec.run_finished()])
        == 1
    )
    assert f"{words}; what is uncovered may be what was left out" in capsys.readouterr().err


def test_no_verdict_without_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(tmp_path / "nowhere.jsonl")]) == 2
    assert "cannot be read: No such file or directory; privnum check writes it" in capsys.readouterr().err
    assert coverage_of(tmp_path, rec.every_verdict()) == 2
    assert "does not say what was seen: it is of an older version; run privnum check again" in capsys.readouterr().err


def test_the_folder_of_the_reports_will_do(tmp_path: Path) -> None:
    rec.write(
        tmp_path / "events.jsonl", [rec.run_started(), *seen_events("all", "AXB-BIND-001", *ALL), rec.run_finished()]
    )
    assert main(["coverage", str(tmp_path)]) == 0


def test_json_holds_to_its_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = next(iter(reserved_items()))
    coverage_of(
        tmp_path,
        [rec.run_started(), *seen_events("most", "AXB-BIND-001", *ALL[1:], taken), rec.run_finished()],
        "--json",
    )
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert not contracts.validator("report/coverage").problems(printed)
    assert len(printed["items"]) == len(printed["covered"]) + len(printed["reserved"]) + len(printed["uncovered"])
    assert next(row for row in printed["reserved"] if row["id"] == taken)["by"]


def test_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["coverage", "--everything"])
    assert ended.value.code == 2
    assert "privnum coverage --help" in capsys.readouterr().err
