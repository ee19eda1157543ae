"""`privnum check` with a baseline, and what failed before first."""

from __future__ import annotations

from contextlib import nullcontext as _nothing
from typing import TYPE_CHECKING

import orjson
import pytest

from privnum.cli import main
from privnum.suites.commands import baseline
from privnum.suites.mutation.operators.calls import end_with

if TYPE_CHECKING:
    from pathlib import Path

BROKEN, KEPT = "AXB-CALL-016", "AXB-BIND-001"


def check(folder: Path, *more: str) -> int:
    return main(["check", BROKEN, KEPT, "--quiet", "--report-dir", str(folder), *more])


def test_a_baseline_from_its_first_day_to_its_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, folder = tmp_path / "known.toml", tmp_path / "report"
    held = ("--baseline", str(path))
    assert check(folder, *held) == 2
    assert "--update-baseline writes it" in capsys.readouterr().err
    with end_with("busy", 8101).apply():
        assert check(folder, *held, "--update-baseline") == 1
        assert f"write the reason of each into {path}: {BROKEN}" in capsys.readouterr().out
        assert check(folder, *held) == 2
        assert "is empty; write it" in capsys.readouterr().err
        path.write_text(path.read_text("utf-8").replace('reason = ""', 'reason = "ticket 12"'), "utf-8")
        assert check(folder, *held) == 0
        assert "1 known failure, as it says" in capsys.readouterr().out
        path.write_text("", encoding="utf-8")
        assert check(folder, *held) == 1
        assert f"worse: {BROKEN} (Busy callee) failed" in capsys.readouterr().out
    path.write_text(f'[[known]]\nrule = "{BROKEN}"\nreason = "ticket 12"\n', encoding="utf-8")
    assert check(folder, *held) == 1
    assert f"changed: {BROKEN} (Busy callee) passed" in capsys.readouterr().out
    assert check(folder, *held, "--update-baseline") == 0
    assert check(folder, *held) == 0
    assert "[[known]]" not in path.read_text("utf-8")


def test_what_failed_before_is_checked_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with end_with("busy", 8101).apply():
        assert check(tmp_path, "--failed") == 1
        assert "cannot be read" in capsys.readouterr().err
        assert check(tmp_path, "--failed") == 1
    assert f"first {BROKEN}" in capsys.readouterr().err
    events = [orjson.loads(line) for line in (tmp_path / "events.jsonl").read_bytes().splitlines()]
    started = [event["requirements"] for event in events if event["event"] == "check_started"]
    assert BROKEN in started[0]
    assert any(KEPT in rules and BROKEN not in rules for rules in started[1:])
    assert check(tmp_path) == 0
    assert check(tmp_path, "--failed") == 0
    assert "nothing failed last time" in capsys.readouterr().err


def test_a_new_baseline_of_a_run_without_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written, and the status says that nothing is known by it."""
    assert check(tmp_path) == 0
    monkeypatch.setattr(baseline, "gives_no_verdict", lambda _: True)
    assert check(tmp_path, "--baseline", str(tmp_path / "known.toml"), "--update-baseline") == 2
    assert (tmp_path / "known.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--update-baseline",), "--update-baseline needs --baseline FILE"),
        (("--update-baseline", "--baseline", "/"), "cannot be read"),
        (
            ("--update-baseline", "--baseline", "no/such/known.toml"),
            "there is no folder no/such to write known.toml in",
        ),
        (("--shard=3/2",), "write I/N as in 2/3"),
        (("AXB-BIND-9",), "unknown rule 'AXB-BIND-9'; did you mean"),
    ],
)
def test_options_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(SystemExit) if "shard" in arguments[0] else _nothing():
        assert check(tmp_path, *arguments) == 2
    assert problem in capsys.readouterr().err


def test_a_file_where_rules_stand_is_no_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "target.toml").write_text("", encoding="utf-8")
    assert check(tmp_path, str(tmp_path / "target.toml")) == 2
    assert "a target is --target" in capsys.readouterr().err
