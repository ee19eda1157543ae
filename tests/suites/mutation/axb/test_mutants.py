"""The seeded bugs of AXB and of what all modes share: which rules have one, and that tables are read as they stand."""

from __future__ import annotations

from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb import mode as axb
from privnum.suites.mutation.axb import tables as axb_tables
from privnum.suites.mutation.registry import UNBREAKABLE, mutants


def test_every_documented_rule_has_a_bug_made_by_hand() -> None:
    """Whatever a source says, somebody got it wrong on purpose, but for what no server can get wrong noticeably."""
    broken = {mutant.breaks for mutant in mutants().values() if mutant.made == "hand"}
    documented = {rule.id for rule in contracts.requirements().values() if rule.basis == "documented"}
    assert documented - broken == set(UNBREAKABLE)


def test_a_new_row_is_two_more_bugs() -> None:
    """The rows of a table are found, not written down."""
    before = [mutant.id for mutant in axb_tables.of_calls()]
    row = axb_calls.CallRule("open", "mobile", "A", 0, None, 8016, "AXB-CALL-104")
    with patch.object(axb_calls, "CALL_TABLE", (*axb_calls.CALL_TABLE, row)):
        after = list(axb_tables.of_calls())
    assert len(after) == len(before) + 2
    assert [mutant.breaks for mutant in after[-2:]] == ["AXB-CALL-104"] * 2


def test_a_limit_breaks_the_rule_that_refuses_what_is_beyond_it() -> None:
    """The rule of a schema's limit is found by the suites' table of wrong requests."""
    rules = {mutant.id: mutant.breaks for mutant in axb_tables.of_limits()}
    assert rules["table-schema-bind-callDirection-0-maximum"] == "AXB-BIND-018"
    assert rules["table-schema-modify-duration-0-minimum"] == "AXB-MODIFY-008"
    assert rules["table-schema-bind-userData-0-pattern"] == "AXB-BIND-026"
    assert rules["table-schema-modify-userData-0-maxLength"] == "COM-ENV-010"


def test_a_bug_leaves_nothing_behind() -> None:
    """Each bug of AXB can be put in, and is out again afterwards."""
    before = dict(axb.HANDLERS), dict(axb_bind.BIND_FAULTS), axb_calls.CALL_TABLE, dict(vars(axb))
    for mutant in mutants().values():
        if mutant.mode == "AXB":
            with mutant.seed():
                pass
            assert (dict(axb.HANDLERS), dict(axb_bind.BIND_FAULTS), axb_calls.CALL_TABLE, dict(vars(axb))) == before, (
                mutant.id
            )
