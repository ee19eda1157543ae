"""A run in parts says, joined, of each rule what a whole run says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.cli import main

if TYPE_CHECKING:
    from pathlib import Path

RULES = ("AXB-BIND-001", "AX-OPEN-001", "AXB-CDR", "axe.unbind")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a whole run, one in two parts, and a part of another."""
    folder = tmp_path_factory.mktemp("runs")
    for name, more in (("whole", ()), ("1", ("--shard=1/2",)), ("2", ("--shard=2/2",))):
        assert main(["check", *RULES, "--quiet", f"--report-dir={folder / name}", *more]) == 0
    assert main(["check", "AXB-BIND-001", "--quiet", f"--report-dir={folder / 'other'}", "--shard=2/2"]) == 0
    return folder


def report_of(folder: Path) -> Any:
    whole = json.loads(re.sub(r"check-\d+", "check", (folder / "report.json").read_text(encoding="utf-8")))
    return {name: whole[name] for name in ("summary", "modes", "requirements", "choices", "next_steps")}


def test_the_report_is_that_of_a_whole_run(runs: Path, tmp_path: Path) -> None:
    parts = [str(runs / number / "events.jsonl") for number in ("2", "1")]
    assert main(["report", *parts, "--out", str(tmp_path), "--quiet"]) == 0
    assert report_of(tmp_path) == report_of(runs / "whole")
    assert main(["report", str(tmp_path / "events.jsonl"), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert report_of(tmp_path / "again") == report_of(tmp_path)


def test_each_part_checks_something_and_says_that_others_check_the_rest(runs: Path) -> None:
    one, two = (report_of(runs / number) for number in ("1", "2"))
    verdicts = [{rule["id"]: rule["verdict"] for rule in part["requirements"]} for part in (one, two)]
    assert all("passed" in part.values() for part in verdicts)
    assert any(part["not_exercised"] for part in (one["summary"], two["summary"]))
    silent = next(rule for rule in one["requirements"] if rule["verdict"] == "not_exercised")
    assert silent["reason"] == "another part of the run checks it; this is part 1 of 2"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (("1", "1"), "are both part 1 of the run"),
        (("1", "other"), "are parts of different runs: rules asked for"),
        (("whole", "1"), "is a whole run, no part of one"),
        (("1", "nothing"), "cannot be read"),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], parts: tuple[str, ...], problem: str
) -> None:
    files = [str(runs / name / "events.jsonl") for name in parts]
    assert main(["report", *files, "--out", str(tmp_path / "out")]) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_part_is_named(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [orjson.loads(line) for line in (runs / "1" / "events.jsonl").read_bytes().splitlines()]
    files = []
    for number in (1, 3):
        events[0]["run"]["shard"] |= {"number": number, "of": 4}
        files.append(tmp_path / f"{number}.jsonl")
        files[-1].write_bytes(b"\n".join(map(orjson.dumps, events)))
    assert main(["report", *map(str, files), "--out", str(tmp_path / "out")]) == 2
    assert "of 4 parts 2, 4 are missing" in capsys.readouterr().err


def test_a_part_that_was_cut_off_leaves_the_whole_interrupted(runs: Path, tmp_path: Path) -> None:
    lines = (runs / "2" / "events.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "2.jsonl").write_bytes(b"".join(lines[:-3]))
    parts = [str(runs / "1" / "events.jsonl"), str(tmp_path / "2.jsonl")]
    assert main(["report", *parts, "--out", str(tmp_path), "--quiet"]) == 0
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["run"]["interrupted"]


def test_the_joined_run_does_not_replace_a_part(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [runs / number / "events.jsonl" for number in "12"]
    before = [path.read_bytes() for path in parts]
    assert main(["report", *map(str, parts), "--out", str(runs / "1")]) == 2
    assert "has one of the parts" in capsys.readouterr().err
    assert [path.read_bytes() for path in parts] == before


def test_a_part_with_nothing_to_check_is_no_failure(runs: Path, tmp_path: Path) -> None:
    assert main(["check", "AXB-BIND-001", "--quiet", f"--report-dir={tmp_path}", "--shard=999/999"]) == 0
    assert report_of(tmp_path)["summary"]["passed"] == 0


def test_parts_are_named_by_their_folders_too(runs: Path, tmp_path: Path) -> None:
    assert main(["report", str(runs / "1"), str(runs / "2"), "--out", str(tmp_path), "--quiet"]) == 0
    assert report_of(tmp_path) == report_of(runs / "whole")
    assert main(["report", str(runs / "1"), str(runs / "2"), "--out", str(runs / "1"), "--quiet"]) == 2


@pytest.mark.parametrize("name", ["", __file__])
def test_a_report_goes_into_a_folder(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit):
        main(["check", "AXB-BIND-001", "--report-dir", name])
    assert "name a folder" in capsys.readouterr().err


def test_parts_need_a_folder(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", *(str(runs / number / "events.jsonl") for number in "12")]) == 2
    assert "--out DIR" in capsys.readouterr().err
