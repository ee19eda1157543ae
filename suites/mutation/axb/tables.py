"""Bugs of AXB that are made by machine: rows of the server's decision tables dropped or flipped, limits not looked at.

The rows are found in the tables and schemas as they stand; a new one is new bugs. Each breaks the rule that its row
names. A limit of a schema for which the suites' table of wrong requests has no documented row breaks COM-ENV-010, which
fails nobody.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core import auth
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.assumptions import Assumptions
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.pushes import outbox
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.mutation.model import Mutant
from privnum.suites.mutation.operators import (
    bent_schema,
    bent_validator,
    together,
    with_entry,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS", "of_calls", "of_limits"]

T = TypeVar("T")

_NO_ROW = 0
"""Release cause of a call for which a table has no row any more."""
_UNSAID = "COM-ENV-010"
_Path = tuple[str | int, ...]


def _made(name: str, breaks: str, description: str, seed: Seed) -> Mutant:
    return Mutant(f"table-{name}", breaks, description, seed, made="table")


def _with(rows: Sequence[T], place: int, *instead: T) -> tuple[T, ...]:
    return (*rows[:place], *instead, *rows[place + 1 :])


def _after(rows: Sequence[T], place: int) -> Sequence[T]:
    """The rows after `place`, and from the beginning again to it: its neighbours, nearest first."""
    return (*rows[place + 1 :], *rows[:place])


def _table(module: object, name: str, rows: object) -> Seed:
    return lambda: patch.object(module, name, rows)


def _entry(table: Any, name: object, value: object) -> Seed:
    return lambda: with_entry(table, name, value)


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_calls() -> Iterator[Mutant]:
    """Who reaches whom. Without a row the call goes by the next that fits, or just ends."""
    rows = axb_calls.CALL_TABLE
    rest = axb_calls.CallRule(None, None, None, None, None, _NO_ROW, "")
    for place, row in enumerate(rows):
        which = f"row {place + 1} of CALL_TABLE"
        other = next(r.outcome for r in _after(rows, place) if isinstance(r.outcome, int) and r.outcome != row.outcome)
        dropped = _routing((*_with(rows, place), rest), place)
        flipped = _routing(_with(rows, place, row._replace(outcome=other)), place)
        yield _made(f"call-{place + 1}-dropped", row.rule, f"There is no {which}.", dropped)
        yield _made(f"call-{place + 1}-flipped", row.rule, f"In {which} the outcome is {other}.", flipped)


def _routing(rows: tuple[axb_calls.CallRule, ...], place: int) -> Seed:
    """Route by these rows; where a row of our reading goes before that at `place`, in the other reading."""
    row = axb_calls.CALL_TABLE[place]
    hidden = any(
        other.choice and (other.x, other.caller) == (row.x, row.caller) for other in axb_calls.CALL_TABLE[:place]
    )
    table = _table(axb_calls, "CALL_TABLE", rows)
    return (lambda: together(table, _in_other_reading)) if hidden else table


def _in_other_reading() -> Patch:
    name = "call.fixed_line_precedence"
    other = next(value for value in contracts.assumptions()[name].choices)
    route = axb_calls.AXBCalls.route

    def bent(self: axb_calls.AXBCalls, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        return route(self, Assumptions({**assumptions, name: other}), x, caller, now_ms)

    return patch.object(axb_calls.AXBCalls, "route", bent)


def _in_mapping(what: str, table: Mapping[Any, T], rule: Callable[[Any], str], without: T | None) -> Iterator[Mutant]:
    """Bugs of a table by name; a name without a row has the value `without`, None: rows are only flipped."""
    names = list(table)
    for place, name in enumerate(names):
        other = next((table[n] for n in _after(names, place) if table[n] != table[name]), None)
        if without is not None and table[name] != without:
            description = f"There is no row {name!r} in the table of {what}."
            yield _made(f"{what}-{name}-dropped", rule(name), description, _entry(table, name, without))
        if other is not None:
            description = f"In the table of {what} {name!r} has the value of another."
            yield _made(f"{what}-{name}-flipped", rule(name), description, _entry(table, name, other))


def _behaviours() -> Iterator[Mutant]:
    """What a callee does. Without a row he answers; where that is the row, he does as the next one."""
    table = participants.BEHAVIOURS
    yield from _in_mapping("behaviour", table, lambda name: table[name].rule, table["answer"])


_OF_STATES = {"forwarded": "AXB-CALL-014", "alerting": "AXB-CALL-015"}


def _given_up() -> Iterator[Mutant]:
    """Why a call ends whose caller hangs up, by how far it has come; no AXB call collects digits."""
    table = calls._GAVE_UP
    for mutant in _in_mapping("given-up", table, lambda state: _OF_STATES.get(state, ""), _NO_ROW):
        if mutant.breaks:
            yield mutant


def _directions() -> Iterator[Mutant]:
    """Direction of the CDR by the caller's role."""
    yield from _in_mapping("cdr-direction", axb_calls._CDR_DIRECTION, lambda _: "AXB-CDR-004", None)


def _closed() -> Iterator[Mutant]:
    """Each status in which an X carries no calls."""
    for status in sorted(NO_CALLS):
        description = f"An X of status {status} carries calls."
        yield _made(
            f"status-{status}-dropped", "AXB-CALL-003", description, _table(axb_calls, "NO_CALLS", NO_CALLS - {status})
        )


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bind_faults() -> Iterator[Mutant]:
    """What may stand against a bind. A flipped one has the code of the next."""
    table = axb_bind.BIND_FAULTS
    codes = list(table)
    for place, code in enumerate(codes):
        fault = table[code]
        harmless = fault._replace(stands=lambda _: False)
        yield _made(f"fault-{code}-dropped", fault.rule, f"{code} does not stand.", _entry(table, code, harmless))
        flipped = _flipped_fault(code, _after(codes, place)[0])
        # which code a fault has may be assumed
        code_rule = fault.rule if fault.choice is None else contracts.assumptions()[fault.choice].requirement
        yield _made(f"fault-{code}-flipped", code_rule, f"{code} has the code of another.", flipped)


def _flipped_fault(code: str, other: str) -> Seed:
    """The order of faults names another code in place of this one; its test is this one's."""
    right, wrong = axb_bind.BIND_FAULTS[code], axb_bind.BIND_FAULTS[other]
    either = wrong._replace(stands=lambda wish: right.stands(wish) or wrong.stands(wish))

    def seed() -> Any:
        faults = {code: right._replace(stands=lambda _: False), other: either}
        return patch.dict(axb_bind.BIND_FAULTS, faults)

    return seed


def _numbers_and_tones() -> Iterator[Mutant]:
    """The kinds of number that can be bound, and the parameters that name a tone."""
    for kind, rule in zip(parameters._BINDABLE, ("AXB-BIND-001", "AXB-BIND-028"), strict=True):
        others = tuple(other for other in parameters._BINDABLE if other != kind)
        description = f"A number of the kind {kind} cannot be bound."
        yield _made(f"kind-{kind}-dropped", rule, description, _table(parameters, "_BINDABLE", others))
    known = contracts.schema("axb/bind.body")["properties"]
    for table in ("_TONES", "_PRE_VOICE"):
        names = getattr(parameters, table)
        for name in names:
            if name in known or table == "_PRE_VOICE":
                others = tuple(other for other in names if other != name)
                description = f"Whether {name} was uploaded is not looked at."
                yield _made(f"tone-{name}-dropped", "AXB-BIND-030", description, _table(parameters, table, others))


# ── authentication and pushes ────────────────────────────────────────────────────────────────────────────────────────


def _missing_parts() -> Iterator[Mutant]:
    """The code of each part of an AKSK token that is missing; a flipped one is that of the next."""
    codes = auth._MISSING["aksk"]
    for place, rule in enumerate(auth._RULES["aksk"]):
        flipped = _with(codes, place, _after(codes, place)[0])
        description = f"{codes[place]} has the code of another."
        yield _made(f"missing-{codes[place][4:]}-flipped", rule, description, _entry(auth._MISSING, "aksk", flipped))


def _retries() -> Iterator[Mutant]:
    """Each minute at which a failed push is repeated."""
    minutes = outbox.RETRY_MINUTES
    for place, minute in enumerate(minutes):
        description = f"A failed push is not repeated after {minute} minutes."
        yield _made(
            f"retry-{minute}-dropped",
            "COM-PUSH-004",
            description,
            _table(outbox, "RETRY_MINUTES", _with(minutes, place)),
        )


# ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "enum", "type")
_OPERATIONS = ("axb.bind", "axb.modify", "axb.unbind", "axb.query")


def of_limits() -> Iterator[Mutant]:
    """Each limit of each parameter left out, and each mandatory one made optional."""
    for operation in _OPERATIONS:
        served = contracts.operations()[operation]
        name = served.body or served.query
        assert name is not None
        for path, limit in _places(contracts.schema(name)):
            bend = _bender(path, limit)
            parameter = ".".join(
                word for word in path if isinstance(word, str) and word not in ("properties", "anyOf", "required")
            )
            branch = "".join(f"-{word}" for word in path if isinstance(word, int))
            rule = _rule_of(operation, name, bend)
            description = f"{limit} of {parameter} is not looked at in {operation}."
            mutant_id = f"schema-{operation.removeprefix('axb.')}-{parameter}{branch}-{limit}"
            yield _made(mutant_id, rule, description, _bent(operation, bend))


def _bent(operation: str, bend: Callable[[Fields], object]) -> Seed:
    return lambda: bent_schema(operation, bend)


def _places(schema: Any, path: tuple[str | int, ...] = (), *, number: bool = False) -> Iterator[tuple[_Path, str]]:
    """Where limits stand in a schema: the way to their parameter, and their keyword.

    The length of a phone number is none: a number has a form of its own, which is narrower (contracts/numbers.toml).
    """
    number = number or "x-number" in schema
    for name in schema.get("required", ()):
        yield ("required", name), "required"
    for name, part in schema.get("properties", {}).items():
        yield from _places(part, (*path, "properties", name), number=number)
    for place, branch in enumerate(schema.get("anyOf", ())):
        yield from _places(branch, (*path, "anyOf", place), number=number)
    if path and schema.get("type") != "null":
        found = (limit for limit in _LIMITS if limit in schema)
        yield from ((path, limit) for limit in found if not (number and limit.endswith("Length")))


def _bender(path: _Path, limit: str) -> Callable[[Fields], object]:
    def bend(schema: Any) -> None:
        if limit == "required":
            schema["required"].remove(path[-1])
            return
        for word in path:
            schema = schema[word]
        del schema[limit]

    return bend


def _rule_of(operation: str, name: str, bend: Callable[[Fields], object]) -> str:
    """The rule that refuses what fits without the limit, as the suites' table of wrong requests has it."""
    right, lenient = contracts.validator(name), bent_validator(name, bend)
    good: dict[str, Any] = {"subscriptionId": "s"}
    if operation == "axb.bind":
        good = {"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "relationNum": "+8617000000001"}
    found = set()
    for wrong in WRONGS:
        body = {field: value for field, value in wrong.body(good).items() if value is not None}  # null means absent
        if operation == f"axb.{wrong.operation}" and lenient.is_valid(body) and not right.is_valid(body):
            found.add(wrong.requirement)
    documented = [rule for rule in sorted(found) if contracts.requirements()[rule].basis == "documented"]
    return documented[0] if documented else _UNSAID


_TABLES: Sequence[Callable[[], Iterator[Mutant]]] = (
    of_calls,
    _behaviours,
    _given_up,
    _directions,
    _closed,
    _bind_faults,
    _numbers_and_tones,
    _missing_parts,
    _retries,
    of_limits,
)

MUTANTS = tuple(chain.from_iterable(table() for table in _TABLES))
