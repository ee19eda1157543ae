"""The processes in which seeded bugs are checked, and the kill matrix."""

from __future__ import annotations

from unittest.mock import patch

from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.suites.mutation import axb, matrix
from privnum.suites.mutation.model import Mutant, Operator, Patch, operator
from privnum.suites.mutation.operators.code import replace, together
from privnum.suites.mutation.runner import Outcome, Task, raise_children


@operator
def _missing_module() -> Patch:
    return patch("privnum.no_such_thing")


def _mutant(name: str, rule_id: str, description: str, edit: Operator) -> Mutant:
    return Mutant(name, rule_id, description, edit, axb.SERVER)


NOBODY = (axb_calls.CallRule(None, None, None, None, None, 8014, ""),)
NOBODY_CALLS = _mutant("deaf", "AXB-CALL-101", "Nobody is put through.", replace(axb_calls, "CALL_TABLE", NOBODY))
HARMLESS = _mutant("harmless", "AXB-BIND-005", "There is no mistake.", together())
SUICIDAL = _mutant("suicidal", "AXB-BIND-005", "The bug cannot be put in.", _missing_module())


def test_a_child_is_judged() -> None:
    """A bug is noticed by its rule, a server without one by none; a bug that cannot be put in is no kill."""
    outcomes: dict[str, Outcome] = {}

    def on_outcome(outcome: Outcome) -> None:
        assert outcome.task.mutant is not None
        outcomes[outcome.task.mutant.id] = outcome

    raise_children([Task("AXB", "quick", mutant) for mutant in (NOBODY_CALLS, HARMLESS, SUICIDAL)], on_outcome)
    assert outcomes["deaf"].killed
    assert "AXB-CALL-101" in outcomes["deaf"].noticed
    assert (outcomes["harmless"].noticed, outcomes["harmless"].problem) == ((), None)
    assert not outcomes["suicidal"].killed
    assert "no_such_thing" in str(outcomes["suicidal"].problem)


def test_the_matrix_tells_who_survived() -> None:
    """Rows by topic, and below them whoever survived, with its story; what an easier profile saw is kept."""
    task = Task("AXB", "quick", HARMLESS)
    quick = matrix.row(HARMLESS, Outcome(task, 1.5, noticed=("AXB-CALL-101",)))
    ci = matrix.row(HARMLESS, Outcome(Task("AXB", "ci", HARMLESS), 2.0), quick)
    assert (ci["killed_by"], ci["seconds"], ci["basis"]) == (["AXB-CALL-101"], 3.5, "documented")
    deaf = matrix.row(NOBODY_CALLS, Outcome(Task("AXB", "quick", NOBODY_CALLS), 1.0, noticed=("AXB-CALL-101",)))
    text = "\n".join(matrix.summary([ci, deaf]))
    assert "AXB-BIND               0 of 1" in text
    assert "AXB-CALL               1 of 1" in text
    assert "harmless: There is no mistake. (noticed by AXB-CALL-101 only)" in text
    assert "deaf:" not in text
