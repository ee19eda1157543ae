"""Bugs of AXE that are made by machine: each row of each decision table dropped, and flipped to a neighbour's outcome.

The rows are found in the server's tables as they stand; a new one is two more bugs. Each breaks the rule that its row
names. A row of a table that serves every mode names a rule of AXB; AXE's own stands beside it here.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeVar
from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import fields as axe_fields
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.modes.axe import times as axe_times
from privnum.suites.mutation.axe.operators import fault_stands
from privnum.suites.mutation.axe.operators import mutant as axe_mutant
from privnum.suites.mutation.operators import with_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from privnum.suites.mutation.model import Mutant, Seed

__all__ = ["MUTANTS", "of_calls"]

#: Release cause of a call for which a table has no row any more.
_NO_ROW = 0

T = TypeVar("T")


def mutant(name: str, breaks: str, description: str, seed: Seed) -> Mutant:
    """A bug made of a row."""
    return axe_mutant(name, breaks, description, seed, "table")


def _after(rows: Sequence[T], place: int) -> Sequence[T]:
    """The rows after `place`, and from the beginning again to it: its neighbours, nearest first."""
    return (*rows[place + 1 :], *rows[:place])


def _with(rows: Sequence[T], place: int, *instead: T) -> tuple[T, ...]:
    return (*rows[:place], *instead, *rows[place + 1 :])


def _table(module: object, name: str, rows: object) -> Seed:
    return lambda: patch.object(module, name, rows)


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_calls() -> Iterator[Mutant]:
    """Who dials X. A flipped row has the outcome of the next for the same role; without a row the call just ends."""
    rows = axe_calls.CALL_TABLE
    rest = axe_calls.CallRule(None, None, None, None, None, None, _NO_ROW, "")
    for place, row in enumerate(rows):
        which = f"row {place + 1} of CALL_TABLE"
        dropped = (*_with(rows, place), rest)
        yield mutant(
            f"call-{place + 1}-dropped", row.rule, f"There is no {which}.", _table(axe_calls, "CALL_TABLE", dropped)
        )
        other = next(r for r in _after(rows, place) if _for_same(r, row) and r.outcome != row.outcome)
        flipped = _with(rows, place, row._replace(outcome=other.outcome))
        description = f"In {which} the outcome is {other.outcome!r}."
        yield mutant(f"call-{place + 1}-flipped", row.rule, description, _table(axe_calls, "CALL_TABLE", flipped))


def _for_same(one: axe_calls.CallRule, other: axe_calls.CallRule) -> bool:
    """Whether the outcome of a row can be that of another: both are for A, or both for anybody else."""
    return None in (one.role, other.role) or one.role == other.role


def of_entries() -> Iterator[Mutant]:
    """What is entered. Where nobody is asked again, a flipped row ends the call too; else it would never end."""
    rows = axe_calls.ENTRY_TABLE
    rest = axe_calls.EntryRule(None, None, None, None, _NO_ROW, "")
    for place, row in enumerate(rows):
        which = f"row {place + 1} of ENTRY_TABLE"
        dropped = (*_with(rows, place), rest)
        yield mutant(
            f"entry-{place + 1}-dropped", row.rule, f"There is no {which}.", _table(axe_calls, "ENTRY_TABLE", dropped)
        )
        other = next(r for r in _after(rows, place) if _ends_alike(r, row) and r[3:5] != row[3:5])
        flipped = _with(rows, place, row._replace(play=other.play, cause=other.cause))
        description = f"In {which} {other.play or 'nothing'} is played, and the cause is {other.cause}."
        yield mutant(f"entry-{place + 1}-flipped", row.rule, description, _table(axe_calls, "ENTRY_TABLE", flipped))


def _ends_alike(one: axe_calls.EntryRule, other: axe_calls.EntryRule) -> bool:
    return other.again != "no" or one.cause is not None


_OF_STATES = {"collecting": "AXE-CALL-106", "forwarded": "AXE-CALL-014", "alerting": "AXE-CALL-015"}


def of_behaviours() -> Iterator[Mutant]:
    """What a callee does. Without a row he answers; where that is the row, he does as the next one."""
    yield from _in_mapping(
        "behaviour",
        participants.BEHAVIOURS,
        lambda name: participants.BEHAVIOURS[name].rule.replace("AXB", "AXE"),
        participants.BEHAVIOURS["answer"],
    )


def of_giving_up() -> Iterator[Mutant]:
    """Why a call ends whose caller hangs up, by how far it has come."""
    yield from _in_mapping("given-up", calls._GAVE_UP, _OF_STATES.__getitem__, _NO_ROW)


def _in_mapping(what: str, table: Mapping[str, T], rule: Callable[[str], str], without: T) -> Iterator[Mutant]:
    """Bugs of a table by name; a name without a row has the value `without`."""
    names = list(table)
    for place, name in enumerate(names):
        other = next(table[n] for n in _after(names, place) if table[n] != table[name])
        if table[name] != without:
            description = f"There is no row {name!r} in the table of {what}."
            yield mutant(f"{what}-{name}-dropped", rule(name), description, _entry(table, name, without))
        description = f"In the table of {what} {name!r} has the value of another."
        yield mutant(f"{what}-{name}-flipped", rule(name), description, _entry(table, name, other))


def _entry(table: object, name: str, value: object) -> Seed:
    return lambda: with_entry(table, name, value)


def of_statuses() -> Iterator[Mutant]:
    """Each status in which an X carries no calls."""
    for status in sorted(NO_CALLS):
        description = f"An X of status {status} carries calls."
        yield mutant(
            f"status-{status}-dropped", "AXE-CALL-003", description, _table(axe_calls, "NO_CALLS", NO_CALLS - {status})
        )


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_bind_faults() -> Iterator[Mutant]:
    """What may stand against a bind. A flipped one has the code of the next.

    Which code a fault has is often assumed, and with some readings it does not stand at all: the rule of the assumption
    is broken then, and nobody fails by it.
    """
    table = axe_bind.BIND_FAULTS
    words = list(table)
    for place, word in enumerate(words):
        fault = table[word]
        told = contracts.assumptions().get(fault.code)
        code_rule = fault.rule if told is None else told.requirement
        may_pass = told is not None and not axe_fields._PASSES.isdisjoint(told.values)
        description = f"{word} does not stand against a bind."
        yield mutant(f"fault-{word}-dropped", code_rule if may_pass else fault.rule, description, _no_fault(word))
        other = next(table[w] for w in _after(words, place) if table[w].code != fault.code)
        flipped = fault._replace(code=other.code)
        yield mutant(
            f"fault-{word}-flipped", code_rule, f"{word} has the code of another.", _entry(table, word, flipped)
        )


def _no_fault(word: str) -> Seed:
    return lambda: fault_stands(word, lambda _: False)


def of_units() -> Iterator[Mutant]:
    """The seconds of each timeUnit."""
    rows = axe_times._SECONDS
    for unit in range(len(rows)):
        other = next(seconds for seconds in _after(rows, unit) if seconds != rows[unit])
        description = f"timeUnit {unit} counts {other} seconds."
        flipped = _with(rows, unit, other)
        yield mutant(f"unit-{unit}-flipped", "AXE-LIFE-101", description, _table(axe_times, "_SECONDS", flipped))


def of_cleared() -> Iterator[Mutant]:
    """The fields that an empty text clears."""
    modify = axe.HANDLERS["axe.modify"]
    for name in sorted(modify.clears):
        kept = modify._replace(clears=modify.clears - {name})
        description = f"An empty {name} counts as absent."
        yield mutant(f"cleared-{name}-dropped", "AXE-MODIFY-103", description, _entry(axe.HANDLERS, "axe.modify", kept))


#: Rules for the kinds of number that can be bound, where it is not that a bind succeeds.
_OF_KINDS = {"fixed_line": "AXE-BIND-028"}


def of_numbers_and_tones() -> Iterator[Mutant]:
    """The kinds of number that can be bound, and the parameters that name a tone."""
    for kind in parameters._BINDABLE:
        others = tuple(other for other in parameters._BINDABLE if other != kind)
        rule = _OF_KINDS.get(kind, "AXE-BIND-001")
        description = f"A number of the kind {kind} cannot be bound."
        yield mutant(f"kind-{kind}-dropped", rule, description, _table(parameters, "_BINDABLE", others))
    known = contracts.schema("axe/bind.body")["properties"]
    for name in parameters._TONES:
        if name in known:
            others = tuple(other for other in parameters._TONES if other != name)
            description = f"Whether {name} was uploaded is not looked at."
            yield mutant(f"tone-{name}-dropped", "AXE-BIND-030", description, _table(parameters, "_TONES", others))


_TABLES: Iterable[Callable[[], Iterator[Mutant]]] = (
    of_calls,
    of_entries,
    of_behaviours,
    of_giving_up,
    of_statuses,
    of_bind_faults,
    of_units,
    of_cleared,
    of_numbers_and_tones,
)

MUTANTS = tuple(chain.from_iterable(table() for table in _TABLES))
