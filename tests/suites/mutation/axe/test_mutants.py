"""The seeded bugs of AXE: that a table's rows are found by themselves, and that a bug leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from privnum import contracts
from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core import validation
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axe import bind as server_bind
from privnum.mockserver.modes.axe import bindings as extensions
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import fields, number_selection
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension, Extensions
from privnum.mockserver.pushes import bodies as bodies
from privnum.mockserver.pushes import outbox
from privnum.mockserver.worlds import world
from privnum.suites.mutation.axe import MUTANTS
from privnum.suites.mutation.axe import bind as axe_bind
from privnum.suites.mutation.axe import settings as axe_settings
from privnum.suites.mutation.axe import tables as axe_tables

if TYPE_CHECKING:
    from privnum.suites.mutation.model import Mutant

PLACES: tuple[object, ...] = (
    *(axe, axe_calls, axe_calls.AXECalls, server_bind, fields, number_selection, axe_times, parameters, calls),
    *(
        validation.Reader,
        extensions,
        calls.CallEngine,
        Extension,
        Extensions,
        bodies,
        bodies.Notifier,
        outbox.Outbox,
        world.World,
    ),
)
ENVELOPE = {"resultcode", "resultdesc"}
TABLES = (axe.HANDLERS, server_bind.BIND_FAULTS, calls._GAVE_UP, participants.BEHAVIOURS)


def server() -> list[dict[str, object]]:
    """All that a bug may change."""
    return [dict(vars(place)) for place in PLACES] + [dict(table) for table in TABLES]


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.id for mutant in MUTANTS])
def test_a_bug_is_in_the_server_for_a_while(mutant: Mutant) -> None:
    """It changes something, and puts it back."""
    before = server()
    with mutant.seed():
        assert server() != before
    assert server() == before


def test_names_are_unique_and_rules_hold_for_axe() -> None:
    """No two bugs have one name; each breaks a rule of AXE, or one of all modes."""
    assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS)
    assert {contracts.requirements()[mutant.breaks].mode for mutant in MUTANTS} == {"AXE", "common"}


def test_every_documented_rule_has_a_bug_made_by_hand() -> None:
    """Whatever a source says of AXE, somebody got it wrong on purpose."""
    broken = {mutant.breaks for mutant in MUTANTS if mutant.made == "hand"}
    rules = contracts.requirements().values()
    assert {rule.id for rule in rules if rule.mode == "AXE" and rule.basis == "documented"} <= broken


def test_every_field_of_an_answer_is_left_out_once() -> None:
    """The tables of fields are as long as the schemas of the answers."""
    for name, table in (("bind", axe_bind.ANSWER_FIELDS), ("query", axe_settings.ANSWER_FIELDS)):
        assert set(contracts.schema(f"axe/{name}.response")["properties"]) - ENVELOPE == set(table)


def test_a_new_row_is_two_more_bugs() -> None:
    """The rows are found, not written down."""
    row = axe_calls.CallRule("open", "mobile", "A", "no", "none", "none", 8024, "AXE-CALLBACK-106")
    before = list(axe_tables.of_calls())
    with patch.object(axe_calls, "CALL_TABLE", (row, *axe_calls.CALL_TABLE)):
        after = list(axe_tables.of_calls())
    assert len(after) == len(before) + 2 == 2 * len(axe_calls.CALL_TABLE) + 2
    assert [mutant.breaks for mutant in after[:2]] == ["AXE-CALLBACK-106"] * 2


def test_a_flipped_row_has_an_outcome_of_its_role() -> None:
    """Nobody but A is connected to a last caller, and A is not asked for digits."""
    for mutant, row in zip(list(axe_tables.of_calls())[1::2], axe_calls.CALL_TABLE, strict=True):
        with mutant.seed():
            (flipped,) = [new for new, old in zip(axe_calls.CALL_TABLE, _RIGHT, strict=True) if new != old]
        assert flipped._replace(outcome=row.outcome) == row
        others = {other.outcome for other in _RIGHT if None in (row.role, other.role) or other.role == row.role}
        assert flipped.outcome in others - {row.outcome}


def test_without_a_row_some_other_decides() -> None:
    """Whatever the situation, a table with a row dropped still has one that fits."""
    for mutant in list(axe_tables.of_calls())[::2]:
        with mutant.seed():
            assert len(axe_calls.CALL_TABLE) == len(_RIGHT)
            assert axe_calls.CALL_TABLE[-1][:6] == (None,) * 6


_RIGHT = axe_calls.CALL_TABLE
