"""Bugs made of tables: that rows are found as they stand, and what a row without its place, or flipped, does."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from privnum.suites.mutation import axb
from privnum.suites.mutation.registry import MODES
from privnum.suites.mutation.tables import of_calls, of_limits

if TYPE_CHECKING:
    from privnum.suites.mutation.model import ServerMode

each_mode = pytest.mark.parametrize("mode", [mode.SERVER for mode in MODES], ids=lambda mode: mode.checks)


@each_mode
def test_a_new_row_is_two_more_bugs(mode: ServerMode) -> None:
    """The rows are found, not written down."""
    rows = mode.routing.CALL_TABLE
    before = list(of_calls(mode))
    with patch.object(mode.routing, "CALL_TABLE", (*rows, rows[-1]._replace(rule=f"{mode.checks}-CALL-104"))):
        after = list(of_calls(mode))
    assert len(after) == len(before) + 2 == 2 * len(rows) + 2
    assert [bug.rule for bug in after[-2:]] == ["CALL-104"] * 2


@each_mode
def test_a_flipped_row_has_an_outcome_of_its_role(mode: ServerMode) -> None:
    """In AXE nobody but A is connected to a last caller, and A is not asked for digits."""
    right = mode.routing.CALL_TABLE
    for bug, row in zip(list(of_calls(mode))[1::2], right, strict=True):
        with bug.edit.apply(mode):
            (flipped,) = [new for new, old in zip(mode.routing.CALL_TABLE, right, strict=True) if new != old]
        assert flipped._replace(outcome=row.outcome) == row
        role = getattr(row, "role", None)  # where nothing is bound nobody has one
        others = {
            other.outcome for other in right if None in (role, getattr(other, "role", None)) or other.role == role
        }
        assert flipped.outcome in others - {row.outcome}


@each_mode
def test_without_a_row_some_other_decides(mode: ServerMode) -> None:
    """Whatever the situation, a table with a row dropped still has one that fits."""
    right = mode.routing.CALL_TABLE
    for bug in list(of_calls(mode))[::2]:
        with bug.edit.apply(mode):
            assert len(mode.routing.CALL_TABLE) == len(right)
            assert set(mode.routing.CALL_TABLE[-1][:-2]) == {None}


def test_a_limit_breaks_the_rule_that_refuses_what_is_beyond_it() -> None:
    """The rule of a schema's limit is found by the suites' table of wrong requests."""
    rules = {bug.name: bug.rule for bug in of_limits(axb.SERVER)}
    assert rules["schema-bind-callDirection-0-maximum"] == "BIND-018"
    assert rules["schema-modify-duration-0-minimum"] == "MODIFY-008"
    assert rules["schema-bind-userData-0-pattern"] == "BIND-026"
    assert rules["schema-modify-userData-0-maxLength"] == "COM-ENV-010"
