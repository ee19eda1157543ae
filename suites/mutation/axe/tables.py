"""Bugs that are made of the rows of tables which only AXE has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import fields as axe_fields
from privnum.mockserver.modes.axe import times as axe_times
from privnum.suites.mutation.axe.server import SERVER
from privnum.suites.mutation.operators.bindings import stand_against_bind
from privnum.suites.mutation.operators.code import replace, set_row
from privnum.suites.mutation.operators.requests import clear_by_empty
from privnum.suites.mutation.tables import NO_ROW, others, row_bug, with_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["bugs"]


def _of_entries() -> Iterator[Bug]:
    """What is entered.

    Where nobody is asked again, a flipped row ends the call too; else it would never end.
    """
    rows = axe_calls.ENTRY_TABLE
    rest = axe_calls.EntryRule(None, None, None, None, NO_ROW, "")
    for place, row in enumerate(rows):
        which = f"row {place + 1} of ENTRY_TABLE"
        dropped = replace(axe_calls, "ENTRY_TABLE", (*with_row(rows, place), rest))
        yield row_bug(f"entry-{place + 1}-dropped", row.rule, f"There is no {which}.", dropped)
        other = next(r for r in others(rows, place) if _ends_alike(r, row) and r[3:5] != row[3:5])
        flipped = with_row(rows, place, row._replace(play=other.play, cause=other.cause))
        story = f"In {which} {other.play or 'nothing'} is played, and the cause is {other.cause}."
        yield row_bug(f"entry-{place + 1}-flipped", row.rule, story, replace(axe_calls, "ENTRY_TABLE", flipped))


def _ends_alike(one: axe_calls.EntryRule, other: axe_calls.EntryRule) -> bool:
    return other.again != "no" or one.cause is not None


def _of_bind_faults() -> Iterator[Bug]:
    """What may stand against a bind. A flipped fault has the code of the next.

    Which code a fault has is often assumed, and with some choices it does not stand at all: the rule of the assumption
    is broken then, and nobody fails by it.
    """
    table = axe_bind.BIND_FAULTS
    words = list(table)
    for place, word in enumerate(words):
        fault = table[word]
        assumed = contracts.assumptions().get(fault.code)
        code_rule = fault.rule if assumed is None else assumed.requirement
        may_pass = assumed is not None and not axe_fields._PASSES.isdisjoint(assumed.values)
        rule = code_rule if may_pass else fault.rule
        dropped = stand_against_bind(word, _never)
        yield row_bug(f"fault-{word}-dropped", rule, f"{word} does not stand against a bind.", dropped)
        code = next(table[w].code for w in others(words, place) if table[w].code != fault.code)
        flipped = set_row(table, word, code=code)
        yield row_bug(f"fault-{word}-flipped", code_rule, f"{word} has the code of another.", flipped)


def _never(_: object) -> bool:
    return False


def _of_units() -> Iterator[Bug]:
    """The seconds of each timeUnit."""
    rows = axe_times._SECONDS
    for unit in range(len(rows)):
        seconds = next(seconds for seconds in others(rows, unit) if seconds != rows[unit])
        flipped = replace(axe_times, "_SECONDS", with_row(rows, unit, seconds))
        yield row_bug(f"unit-{unit}-flipped", "LIFE-101", f"timeUnit {unit} counts {seconds} seconds.", flipped)


def _of_cleared() -> Iterator[Bug]:
    """The fields that an empty text clears."""
    names = SERVER.handler("modify").clears
    for name in sorted(names):
        edit = clear_by_empty("modify", *names - {name})
        # no page says it of the tone of a recording: that is open
        rule = "OPEN-060" if name == "recordHintTone" else "MODIFY-103"
        yield row_bug(f"cleared-{name}-dropped", rule, f"An empty {name} counts as absent.", edit)


def bugs() -> Iterator[Bug]:
    """All of them."""
    return chain(_of_entries(), _of_bind_faults(), _of_units(), _of_cleared())
