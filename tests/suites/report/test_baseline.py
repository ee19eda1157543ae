"""A baseline accepts known failures, and notices any change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum.suites.report.baseline import Known, changes, known_failures, read_baseline, toml_of
from privnum.toml_files import FileError
from privnum.words import speak

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = "AXB-BIND-001", "AXB-BIND-002"


def report(shard: dict[str, int] | None = None, *, interrupted: bool = False, **verdicts: str) -> dict[str, Any]:
    rules = [
        {"id": id_.replace("_", "-"), "title": "T", "verdict": verdict, "reason": "why"}
        for id_, verdict in verdicts.items()
    ]
    run = {"interrupted": interrupted, **({} if shard is None else {"shard": shard})}
    return {"requirements": rules, "run": run}


@pytest.mark.parametrize(
    ("known", "now", "worse"),
    [
        ("", "passed", None),
        ("", "differs", None),
        ("", "not_exercised", None),
        ("", "failed", True),
        ("", "error", True),
        ("failed", "failed", None),
        ("failed", "passed", False),
        ("failed", "differs", False),
        ("failed", "not_exercised", False),
        ("failed", "error", False),
        ("error", "failed", False),
        ("error", "error", None),
    ],
)
def test_every_change_is_noticed(known: str, now: str, worse: bool | None) -> None:
    baseline = (Known(ONE, known, "because"),) if known else ()
    found = changes(baseline, report(AXB_BIND_001=now))
    assert [change.is_worse for change in found] == ([] if worse is None else [worse])
    assert all(ONE in change.text for change in found)


def test_what_is_worse_comes_first_and_what_was_not_asked_for_is_no_change() -> None:
    baseline = (Known("AX-BIND-001", "failed", "another mode"), Known(ONE, "failed", "x"))
    found = changes(baseline, report(AXB_BIND_001="passed", AXB_BIND_002="failed"))
    assert [(change.rule, change.is_worse) for change in found] == [(TWO, True), (ONE, False)]


def test_a_part_of_a_run_does_not_miss_what_other_parts_check() -> None:
    baseline = (Known(ONE, "failed", "x"),)
    assert not changes(baseline, report({"number": 1, "of": 2}, AXB_BIND_001="not_exercised"))


def test_an_interrupted_run_does_not_miss_what_it_has_not_come_to() -> None:
    baseline = (Known(ONE, "failed", "x"),)
    assert not changes(baseline, report(interrupted=True, AXB_BIND_001="not_exercised"))
    assert changes(baseline, report(interrupted=True, AXB_BIND_001="passed"))


def test_changes_are_said_in_the_language_that_is_spoken() -> None:
    found = {each: report(AXB_BIND_001=each) for each in ("failed", "error", "passed", "not_exercised", "differs")}
    known = (Known(ONE, "error", "x"),)
    with speak("zh"):
        told = [change.text for now in found.values() for kept in ((), known) for change in changes(kept, now)]
    assert len(told) == 6
    assert not [text for text in told if re.search(r"[a-z]{3,} [a-z]{2,}", text)]


def test_a_new_baseline_keeps_reasons_and_what_was_not_tried() -> None:
    before = (Known(ONE, "failed", "ticket 1"), Known(TWO, "failed", "ticket 2"), Known("AX-BIND-001", "failed", "3"))
    after = known_failures(report(AXB_BIND_001="error", AXB_BIND_002="passed", AXB_BIND_003="failed"), before)
    assert after == (
        Known("AX-BIND-001", "failed", "3"),
        Known(ONE, "error", "ticket 1"),
        Known("AXB-BIND-003", "failed", ""),
    )


@given(st.text(max_size=30))
def test_a_baseline_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    path = tmp_path_factory.mktemp("baseline") / "known.toml"
    reason = reason.encode("utf-8", "ignore").decode()
    path.write_text(toml_of((Known(ONE, "failed", reason),)), encoding="utf-8", newline="\n")
    assert read_baseline(path, waiting=True) == (Known(ONE, "failed", reason),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[known]]\nrule = "AXB-BIND-999"\nreason = "x"', "known.toml:2: unknown rule 'AXB-BIND-999'"),
        ('[[known]]\nrule = "AXB-BIND-001"\nreason = " "', "known.toml:3: the reason for which AXB-BIND-001 may fail"),
        ('[[known]]\nrule = "AXB-BIND-001"', "reason"),
        ('[[known]]\nrule = "AXB-BIND-001"\nreason = "x"\nverdict = "passed"', "known.toml:4: "),
        ('[[known]]\nrule = "AXB-BIND-001"\nreason = "x"\nwhy = "y"', "why"),
        ('[[knwon]]\nrule = "AXB-BIND-001"\nreason = "x"', "did you mean"),
        ('[[known]]\nrule = "AXB-BIND-001"\nreason = "x"\n' * 2, "known.toml:5: AXB-BIND-001 stands twice"),
        ("[[known", "is no TOML"),
    ],
)
def test_what_is_wrong_in_a_baseline_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as refused:
        read_baseline(path)
    assert problem in str(refused.value)
