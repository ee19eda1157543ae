"""The forms in which the server is checked, and how they are run."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.runner.pytest_hooks import assumed_choices
from privnum.suites.selftest import false_alarms as specificity
from privnum.suites.selftest import fork_pool as parallel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest


def values(options: Sequence[str], name: str) -> list[str]:
    return [value for option, value in itertools.pairwise(options) if option == name]


def jobs(count: int = 3, seed: int = 1) -> Iterator[parallel.Job]:
    return specificity._jobs("quick", count, seed)


def names_of_choices() -> set[str]:
    return {f"{id_}={choice}" for id_, a in contracts.assumptions().items() for choice in a.choices}


def test_every_variation_has_its_run_and_every_choice_can_have_one() -> None:
    names = [job.name for job in jobs()]
    assert len(names) == len(set(names))
    assert set(names) == {"plain", *contracts.variations(), "random-1-1", "random-1-2", "random-1-3"}
    assert {job.name for job in specificity._each_choice("quick", all_of_them=True)} == names_of_choices()


def test_combinations_are_legal_and_the_same_for_the_same_seed() -> None:
    drawn = list(specificity._combinations(30, 7))
    assert drawn == list(specificity._combinations(30, 7))
    assert drawn != list(specificity._combinations(30, 8))
    for options in drawn:
        assert contracts.chosen_variations(values(options, "--vary"))
        assert assumed_choices(values(options, "--assume"))
    assert {id_ for options in drawn for id_ in values(options, "--vary")} == contracts.variations().keys()


def test_every_choice_comes_in_three_combinations() -> None:
    """In a whole run, and beside others each time: one choice may hide what another would show."""
    came = Counter(choice for options in specificity._combinations(24, 1) for choice in values(options, "--assume"))
    assert min(came[name] for name in names_of_choices()) >= 3


def test_what_only_a_port_shows_is_checked_over_one() -> None:
    alone = list(specificity._each_choice("quick", all_of_them=False))
    assert [job.name for job in alone] == ["http.connection=close"]
    over = {job.name for job in (*jobs(), *alone) if job.arguments[0] == "--over-a-port"}
    assert over == {"http.connection=close", "random-1-1"}


def outcome(*verdicts: str, status: int = 0, report: bool = True) -> parallel.Outcome:
    rules = [{"id": f"AXB-{number}", "verdict": word, "basis": "documented"} for number, word in enumerate(verdicts)]
    job = parallel.Job("plain", "privnum.cli", ["check"])
    return parallel.Outcome(job, {"requirements": rules} if report else None, status, "what it printed", 1.0)


def test_what_counts_as_a_fault() -> None:
    assert specificity._faults(outcome("passed", "differs", "not_exercised")) == []
    assert specificity._faults(outcome("passed", "failed", "error")) == ["FAILED AXB-1", "ERROR AXB-2"]
    assert specificity._faults(outcome(report=False, status=2)) == ["NOT CHECKED (status 2): what it printed"]


def test_runs_are_forks_that_say_how_they_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_warm_up", lambda: None)
    told: list[str] = []
    given: list[Any] = [["init-target", "--no-such-option"], ["report", "/nowhere"], ["--version"]]
    found = parallel.run(
        [parallel.Job(str(number), "privnum.cli", arguments) for number, arguments in enumerate(given)],
        lambda outcome: told.append(outcome.job.name),
    )
    assert [each.status for each in found] == [2, 2, 0]
    assert sorted(told) == ["0", "1", "2"]
    assert "--no-such-option" in found[0].output
    assert found[2].output.startswith("privnum ")
    assert all(each.report is None for each in found)


def test_a_run_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_warm_up", lambda: None)
    monkeypatch.setattr(parallel, "PATIENCE", 0.2)
    serve = parallel.Job("endless", "privnum.cli", ["serve", "--port", "0", "--json"])
    monkeypatch.setattr(parallel, "_child", lambda job, folder: threading.Event().wait())
    (found,) = parallel.run([serve], lambda outcome: None)
    assert (found.status, found.report) == (-1, None)
    assert "no end within" in found.output
