"""The kill matrix on several machines: parts that together are the whole, and their join."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml

from privnum.suites.mutation import __main__ as command
from privnum.suites.mutation.data.edits import edits
from privnum.suites.mutation.registry import mutants
from privnum.suites.selftest import false_alarms

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKFLOW = Path(__file__).resolve().parents[3] / ".github/workflows/thorough.yml"


def lines_of_list(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert command.main(["--list", *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_parts_are_the_whole_and_nothing_stands_in_two(capsys: pytest.CaptureFixture[str]) -> None:
    whole = lines_of_list(capsys)
    parts = [line for number in (1, 2, 3) for line in lines_of_list(capsys, "--shard", f"{number}/3")]
    assert sorted(parts) == sorted(whole)
    assert len(whole) == len(mutants()) + len(edits())


def test_a_part_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--shard", "4/3"])
    assert "'4/3' is no shard" in capsys.readouterr().err


def rows_of(ids: Sequence[str], **changed: Any) -> list[dict[str, Any]]:
    """Rows of a matrix in which each bug was killed by its rule."""
    known = mutants()
    made = {
        "made": "",
        "profile": "quick",
        "killed": True,
        "killed_by": [],
        "seconds": 1.0,
        "errors": [],
        "problem": None,
    }
    own = ({"id": id_, "rule_id": known[id_].rule_id, "basis": known[id_].rule.basis, "description": ""} for id_ in ids)
    return [{**made, **each, **changed} for each in own]


def write_part(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "matrix.json").write_bytes(orjson.dumps({"mutants": rows}))
    return folder


@pytest.fixture
def halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    monkeypatch.chdir(tmp_path)
    ids = list(mutants())
    return ids[::2], ids[1::2]


def test_what_the_parts_have_written_is_joined(
    tmp_path: Path, halves: tuple[list[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [write_part(tmp_path / str(place), rows_of(half)) for place, half in enumerate(halves)]
    assert command.main(["--join", *map(str, folders)]) == 0
    documented = sum(mutant.rule.basis == "documented" for mutant in mutants().values())
    assert re.search(rf"^all +{documented} of {documented} ", capsys.readouterr().out, re.MULTILINE)
    joined = orjson.loads((tmp_path / command.MATRIX).read_bytes())["mutants"]
    assert {row["id"] for row in joined} == mutants().keys()


def test_a_survivor_of_one_part_fails_the_whole(tmp_path: Path, halves: tuple[list[str], list[str]]) -> None:
    grave = next(id_ for id_ in halves[0] if mutants()[id_].rule.basis == "documented")
    rows = rows_of([id_ for id_ in halves[0] if id_ != grave]) + rows_of([grave], killed=False)
    folders = [write_part(tmp_path / "0", rows), write_part(tmp_path / "1", rows_of(halves[1]))]
    assert command.main(["--join", *map(str, folders)]) == 1


@pytest.mark.parametrize(
    ("lost", "twice", "said"), [(1, 0, "are in no part, such as"), (0, 1, "stands in another part")]
)
def test_parts_that_do_not_fit_together_are_refused(
    tmp_path: Path, halves: tuple[list[str], list[str]], lost: int, twice: int, said: str
) -> None:
    first = rows_of(halves[0][lost:] + halves[1][:twice])
    folders = [write_part(tmp_path / "0", first), write_part(tmp_path / "1", rows_of(halves[1]))]
    with pytest.raises(SystemExit, match=said):
        command.main(["--join", *map(str, folders)])


def test_forms_are_spread_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def note(jobs: Sequence[Any], _: object) -> list[Any]:
        ran.append([job.name for job in jobs])
        return []

    monkeypatch.setattr(false_alarms, "run", note)
    for options in ([], ["--shard", "1/2"], ["--shard", "2/2"]):
        assert false_alarms.main(options) == 0
    whole, first, second = ran
    assert sorted(first + second) == sorted(whole)
    assert abs(len(first) - len(second)) <= 1


def test_the_workflow_runs_every_part() -> None:
    """Each matrix has as many parts as its command says, and each option is one."""
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    seen = 0
    for job in jobs.values():
        for line in (step["run"] for step in job["steps"] if "--shard" in step.get("run", "")):
            parts = job["strategy"]["matrix"]["part"]
            assert parts == list(range(1, len(parts) + 1))
            words = shlex.split(line.replace("${{ matrix.part }}", "1"))
            assert words[words.index("--shard") + 1] == f"1/{len(parts)}"
            seen += 1
    assert seen == 2
