"""What parts of a run have written, joined: all forms, each once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum.suites.selftest import false_alarms as specificity
from privnum.suites.selftest import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

WANTED = ("plain", "answers.extra_fields", "http.connection=close", "random-1-1")


def row(name: str, *faults: str) -> forms.Row:
    return forms.Row(name, 1.5, 1056, list(faults), "privnum check")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def part(folder: Path, name: str, rows: Sequence[forms.Row], wanted: Sequence[str] = WANTED) -> str:
    """Write a part as a run does, and move it to a folder of its own."""
    forms.write_rows(rows, wanted)
    forms.ROWS.parent.rename(folder / name)
    return name


def test_parts_are_summed_up_as_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = part(folder, "one", [row("random-1-1"), row("plain")])
    two = part(folder, "two", [row("http.connection=close"), row("answers.extra_fields")])
    assert specificity.main(["--join", one, two]) == 0
    assert capsys.readouterr().out == (
        "\n"
        "plain                   1 checked,   1056 verdicts on rules, 0 with a fault\n"
        "variations              1 checked,   1056 verdicts on rules, 0 with a fault\n"
        "other choices           1 checked,   1056 verdicts on rules, 0 with a fault\n"
        "random combinations     1 checked,   1056 verdicts on rules, 0 with a fault\n"
        "6 s\n"
    )


def test_a_fault_in_a_part_is_one_of_the_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = part(folder, "one", [row("random-1-1", "FAILED AXB-BIND-001"), row("plain")])
    two = part(folder, "two", [row("http.connection=close"), row("answers.extra_fields")])
    assert specificity.main(["--join", one, two]) == 1
    assert "1 with a fault: random-1-1\n" in capsys.readouterr().out


def test_what_is_no_whole_is_refused(folder: Path) -> None:
    one = part(folder, "one", [row("random-1-1"), row("plain")])
    again = part(folder, "again", [row("plain")])
    other = part(folder, "other", [row("plain")], ["plain"])
    with pytest.raises(SystemExit, match=r"2 forms are in no part, such as answers\.extra_fields"):
        forms.join_parts([Path(one)])
    with pytest.raises(SystemExit, match="plain stands in another part, too"):
        forms.join_parts([Path(one), Path(again)])
    with pytest.raises(SystemExit, match="is a part of another run"):
        forms.join_parts([Path(one), Path(other)])
    with pytest.raises(SystemExit, match=r"none.forms\.json cannot be read"):
        forms.join_parts([Path("none")])
