"""Reports side by side, what changed, and badges."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from privnum.cli import main
from privnum.suites.report.badge import badge_text, svg
from privnum.suites.report.comparison import differences, row_of, rows
from privnum.suites.report.model import LATTICE


def report(*, name: str = "t", interrupted: bool = False, **verdicts: str) -> dict[str, Any]:
    rules = [
        {
            "id": id_.replace("_", "-"),
            "mode": "AXB",
            "level": "must",
            "basis": "documented",
            "source": ["02_0003@2026-01"],
            "text": "Text.",
            "title": f"Title of {id_[-1]}",
            "verdict": verdict,
            "reproduced": None,
            "tries": None,
            "checks": [],
            "reason": "why",
            "counterexample": None,
        }
        for id_, verdict in verdicts.items()
    ]
    summary = {word: sum(rule["verdict"] == word for rule in rules) for word in LATTICE}
    return {
        "target": {"name": name},
        "run": {"interrupted": interrupted, "time": "2026-03-01T12:00:00Z"},
        "summary": summary,
        "modes": {"AXB": summary},
        "requirements": rules,
        "next_steps": [],
        "choices": [],
    }


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("passed", "failed", "worse"),
        ("differs", "error", "worse"),
        ("not_exercised", "failed", "worse"),
        ("failed", "passed", "better"),
        ("error", "differs", "better"),
        ("error", "failed", "worse"),
        ("failed", "error", "changed"),
        ("passed", "differs", "changed"),
        ("passed", "not_exercised", "no longer checked"),
        ("not_exercised", "passed", "now checked"),
        ("", "passed", "new rule"),
        ("passed", "", "gone rule"),
        ("", "failed", "worse"),
    ],
)
def test_a_change_has_its_kind(was: str, now: str, kind: str) -> None:
    before, after = (report(AXB_BIND_001=word) if word else report() for word in (was, now))
    assert [(each.kind, each.before, each.after) for each in differences(before, after)] == [(kind, was, now)]


def test_what_is_worse_comes_first_and_what_is_alike_not_at_all() -> None:
    before = report(AXB_BIND_001="failed", AXB_BIND_002="passed", AXB_BIND_003="passed")
    after = report(AXB_BIND_001="passed", AXB_BIND_002="failed", AXB_BIND_003="passed")
    assert [each.rule for each in differences(before, after)] == ["AXB-BIND-002", "AXB-BIND-001"]


def test_a_table_has_what_the_reports_disagree_on() -> None:
    reports = [report(AXB_BIND_001="passed", AXB_BIND_002="failed"), report(AXB_BIND_001="passed")]
    assert rows(reports, everything=False) == ["AXB-BIND-002"]
    assert rows(reports, everything=True) == ["AXB-BIND-001", "AXB-BIND-002"]
    assert row_of(reports, "AXB-BIND-002") == ["failed", ""]


def test_they_are_chinese_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a number of rules has the form that it has in a report."""
    for name, verdict in (("before", "passed"), ("after", "failed")):
        made = report(AXB_BIND_005=verdict)
        made["requirements"][0]["title"] = "A pair is bound once on an X"
        made["summary"]["passed"] = 1056
        (tmp_path / f"{name}.json").write_bytes(orjson.dumps(made))
    files = [str(tmp_path / f"{name}.json") for name in ("before", "after")]
    assert main(["compare", *files, "--lang", "zh"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[1].split() == ["AXB-BIND-005", "通过", "失败", "一对号码在一个X号码上只能绑定一次"]
    assert ["通过", "1056", "1056"] in [line.split() for line in table]
    assert main(["diff", *files, "--lang", "zh"]) == 1
    assert "之前通过，现在失败" in capsys.readouterr().out
    assert main(["compare", *files, "--lang", "en"]) == 0
    assert "1,056" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (report(AXB_BIND_001="passed", AXB_BIND_002="differs", AXB_BIND_003="not_exercised"), "2 of 3 rules conform"),
        (report(AXB_BIND_001="passed", AXB_BIND_002="failed", AXB_BIND_003="differs"), "1 failed, 1 passed"),
        (report(AXB_BIND_001="passed", AXB_BIND_002="error"), "no verdict"),
        (report(AXB_BIND_001="passed", interrupted=True), "no verdict"),
        (report(AXB_BIND_001="not_exercised"), "no verdict"),
    ],
)
def test_a_badge_claims_no_more_than_the_run(made: dict[str, Any], text: str) -> None:
    assert badge_text(made)[0] == text
    picture = ElementTree.fromstring(svg(made))
    assert picture.get("aria-label") == f"privnum: {text}"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = (report(AXB_BIND_001="failed"), report(name="new", AXB_BIND_001="passed"))
    for number, each in enumerate(made):
        (tmp_path / f"{number}.json").write_bytes(orjson.dumps(each))
    return [str(tmp_path / f"{number}.json") for number in range(len(made))]


def test_the_commands(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", f"old={files[0]}", files[1]]) == 0
    head, row, *_ = capsys.readouterr().out.splitlines()
    assert head.split() == ["rule", "old", "new"]
    assert row.split() == ["AXB-BIND-001", "failed", "passed", "Title", "of", "1"]
    assert main(["diff", *files]) == 0
    assert capsys.readouterr().out.startswith("better: AXB-BIND-001 (Title of 1), failed before, passed now\n1 change,")
    assert main(["diff", *reversed(files), "--json"]) == 1
    assert orjson.loads(capsys.readouterr().out)["worse"] == 1
    assert main(["badge", files[0], "--output", str(tmp_path / "badge.svg")]) == 0
    assert (tmp_path / "badge.svg").read_text("utf-8") == svg(report(AXB_BIND_001="failed"))


class Gone(io.StringIO):
    """A reader who has gone away."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("command", "status"), [(["compare", "{0}", "{1}"], 0), (["diff", "{1}", "{0}"], 1), (["badge", "{0}"], 0)]
)
def test_a_reader_who_goes_away_changes_no_status(
    files: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    status: int,
) -> None:
    monkeypatch.setattr("sys.stdout", Gone())
    assert main([each.format(*files) for each in command]) == status
    assert capsys.readouterr().err == ""


def test_reports_of_one_target_are_named_by_their_files(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    twin = Path(files[0]).with_name("twin.json")
    twin.write_bytes(Path(files[0]).read_bytes())
    assert main(["compare", "--all", files[0], str(twin)]) == 0
    assert capsys.readouterr().out.startswith(f"rule           {files[0]}  {twin}")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("{0}",), "one report has nothing beside it; name two or more"),
        (("{0}", "again={0}"), "stands twice; name different reports"),
        (("same={0}", "same={1}"), "two reports are named 'same'; give each a name of its own"),
    ],
)
def test_what_cannot_be_compared(
    files: list[str], capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], problem: str
) -> None:
    assert main(["compare", *(each.format(*files) for each in asked)]) == 2
    assert problem in capsys.readouterr().err


def test_a_run_that_was_cut_off_is_no_good_news(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = (report(AXB_BIND_001="passed"), report(interrupted=True, AXB_BIND_001="not_exercised"))
    for number, each in enumerate(made):
        (tmp_path / f"{number}.json").write_bytes(orjson.dumps(each))
    assert main(["diff", str(tmp_path / "0.json"), str(tmp_path / "1.json")]) == 2
    told = capsys.readouterr()
    assert "no longer checked: AXB-BIND-001" in told.out
    assert "it gives no verdict" in told.err


@pytest.mark.parametrize("content", [None, b"{", b"{}", b"[]"])
def test_what_is_no_report_is_refused(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "other.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["diff", files[0], str(path)]) == 2
    assert f"privnum diff: {path}: " in capsys.readouterr().err
