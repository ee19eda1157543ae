"""No rule without a check, no question without a probe, no row of the table without a rule."""

from __future__ import annotations

import importlib
import pkgutil

from privnum import contracts
from privnum.suites import checks as modes
from privnum.suites import probes as _  # noqa: F401 - registers them
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.runner.check import PROBES, check_of

#: What can be declared alone, or has no public form.
WITHOUT_A_CHECK = {"AXE-OPEN-039", "AXE-OPEN-042", "COM-OPEN-048", "COM-OPEN-052"}


def cited_rules() -> set[str]:
    """Requirements that a check cites."""
    found = set()
    for module in pkgutil.walk_packages(modes.__path__, "privnum.suites.checks."):
        if module.name.rpartition(".")[2].startswith("test_"):
            for name, value in vars(importlib.import_module(module.name)).items():
                check = check_of(value) if name.startswith("test_") else None
                found |= set(check.requirements) if check else set()
    return found


def test_every_requirement_is_cited() -> None:
    """Every rule has a check, every open question a probe or a check.

    But for what is declared, or has no public form.
    """
    probed = {contracts.assumptions()[id_].requirement for id_ in PROBES}
    assert set(contracts.requirements()) - cited_rules() - probed == WITHOUT_A_CHECK


def test_every_question_for_a_probe_has_one() -> None:
    """settled = "probe" means that there is a probe."""
    assert set(PROBES) == {a.id for a in contracts.assumptions().values() if a.settled == "probe"}


def test_rows_of_the_table_are_told_apart() -> None:
    """Each wrong request has a name of its own, and a rule that exists."""
    names = [str(wrong) for wrong in WRONGS]
    assert len(names) == len(set(names))
    assert {wrong.requirement for wrong in WRONGS} <= set(contracts.requirements())


def test_documented_rows_stand_under_documented_rules() -> None:
    """Only a rule that a source names fails a target for a wrong field."""
    bases = {wrong.requirement: contracts.requirements()[wrong.requirement].basis for wrong in WRONGS}
    assert bases.pop("COM-ENV-010") == "assumed"
    assert set(bases.values()) == {"documented"}
