"""Bugs made by machine, for every mode.

Rows of the server's tables dropped or flipped, limits not looked at.

The rows are found in the tables and schemas as they stand; a new one is new bugs. Each breaks the rule that its row
names. A limit of a schema for which the suites' table of wrong requests has no documented row breaks COM-ENV-010, which
fails nobody.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.calls import engine, participants
from privnum.mockserver.core import auth
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.assumptions import Assumptions
from privnum.mockserver.modes import parameters
from privnum.mockserver.pushes import outbox
from privnum.suites.mutation.model import Bug, Fields, ServerMode, mode_operator
from privnum.suites.mutation.operators.bindings import stand_against_bind
from privnum.suites.mutation.operators.calls import carry_calls_but_in
from privnum.suites.mutation.operators.code import replace, set_entry, together, wrap
from privnum.suites.mutation.operators.requests import change_schema, changed_validator

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from privnum.suites.mutation.model import Operator, Patch

__all__ = ["bugs", "of_all_modes", "of_bind_faults", "of_calls", "of_limits", "others", "row_bug", "with_row"]

T = TypeVar("T")
Path = tuple[str | int, ...]

_OF_CHOICES = ("choice", "fixed_line_first")
"""Columns of a table of calls that ask for the choice which fault goes first."""
NO_ROW = 0
"""Release cause of a call for which a table has no row any more."""
UNSAID = "COM-ENV-010"


def row_bug(name: str, rule: str, description: str, edit: Operator) -> Bug:
    """A bug that is made of a row.

    `rule` is the id that the row names, of whatever mode.
    """
    own = rule if rule.startswith("COM-") else "-".join(rule.split("-")[-2:])
    return Bug(name, own, description, edit, "table")


def with_row(rows: Sequence[T], place: int, *instead: T) -> tuple[T, ...]:
    """The rows with others in place of one, or without it."""
    return (*rows[:place], *instead, *rows[place + 1 :])


def others(rows: Sequence[T], place: int) -> Sequence[T]:
    """The rows after `place`, and from the beginning again to it.

    Its neighbours, nearest first.
    """
    return (*rows[place + 1 :], *rows[:place])


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_calls(mode: ServerMode) -> Iterator[Bug]:
    """Who reaches whom.

    A flipped row has the outcome of the next for the same role; without one the call just ends.
    """
    rows = mode.routing.CALL_TABLE
    rest = type(rows[0])(*(None,) * (len(rows[0]) - 2), NO_ROW, "")
    for place, row in enumerate(rows):
        which = f"row {place + 1} of CALL_TABLE"
        others_of_role = [r.outcome for r in others(rows, place) if _have_one_role(r, row) and r.outcome != row.outcome]
        # Where the cause is a choice another one is no bug: the call has to reach somebody.
        if mode.open_cause is not None and row.outcome == mode.open_cause:
            others_of_role = [outcome for outcome in others_of_role if isinstance(outcome, str)]
        other = others_of_role[0]
        dropped = _route_by(mode, (*with_row(rows, place), rest), place)
        yield row_bug(f"call-{place + 1}-dropped", row.rule, f"There is no {which}.", dropped)
        flipped = _route_by(mode, with_row(rows, place, row._replace(outcome=other)), place)
        yield row_bug(f"call-{place + 1}-flipped", row.rule, f"In {which} the outcome is {other!r}.", flipped)


def _have_one_role(one: Any, other: Any) -> bool:
    """Whether the outcome of a row can be that of another.

    Both are for one role, or one is for any. Where nothing is bound nobody has one.
    """
    roles = getattr(one, "role", None), getattr(other, "role", None)
    if roles[1] == "none" and not isinstance(one.outcome, int):
        return False  # where nobody is bound there is nobody to reach
    return None in roles or roles[0] == roles[1]


def _route_by(mode: ServerMode, rows: tuple[Any, ...], place: int) -> Operator:
    """Route by these rows.

    Where a row of our choice goes before that at `place`, with the other choice.
    """
    right = mode.routing.CALL_TABLE
    table = replace(mode.routing, "CALL_TABLE", rows)
    before = [row for row in right[:place] if any(getattr(row, name, None) for name in _OF_CHOICES)]
    if any((row.x, row.caller) == (right[place].x, right[place].caller) for row in before):
        return together(table, _with_other_choice("call.fixed_line_precedence"))
    return table


@mode_operator
def _with_other_choice(mode: ServerMode, name: str) -> Patch:
    other = next(value for value in contracts.assumptions()[name].choices)

    def route(right: Any, self: Any, assumptions: Assumptions, *given: Any) -> Any:
        return right(self, Assumptions({**assumptions, name: other}), *given)

    return wrap(mode.calls, "route", route).apply()


def of_mapping(what: str, table: Mapping[Any, T], rule: Callable[[Any], str], without: T | None) -> Iterator[Bug]:
    """Bugs of a table by name.

    A name without a row has the value `without`, None: rows are only flipped.

    `rule` is the one that a row keeps, empty where the mode has no such case.
    """
    names = list(table)
    for place, name in enumerate(names):
        if not rule(name):
            continue
        if without is not None and table[name] != without:
            edit = set_entry(table, name, without)
            story = f"There is no row {name!r} in the table of {what}."
            yield row_bug(f"{what}-{name}-dropped", rule(name), story, edit)
        other = next((table[n] for n in others(names, place) if table[n] != table[name]), None)
        if other is not None:
            edit = set_entry(table, name, other)
            story = f"In the table of {what} {name!r} has the value of another."
            yield row_bug(f"{what}-{name}-flipped", rule(name), story, edit)


def _ends(mode: ServerMode) -> Iterator[Bug]:
    """What a callee does, and why a call ends whose caller hangs up.

    By how far it has come.

    Without a row the callee answers; where that is the row, he does as the next one.
    """
    rows = participants.BEHAVIOURS
    yield from of_mapping("behaviour", rows, lambda name: rows[name].rule, rows["answer"])
    yield from of_mapping("given-up", engine._GAVE_UP, lambda state: mode.given_up_rules.get(state, ""), NO_ROW)


def _statuses() -> Iterator[Bug]:
    """Each status in which an X carries no calls."""
    for status in sorted(NO_CALLS):
        story = f"An X of status {status} carries calls."
        yield row_bug(f"status-{status}-dropped", "CALL-003", story, carry_calls_but_in(*NO_CALLS - {status}))


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_KINDS = {"mobile": "BIND-001", "fixed_line": "BIND-028"}
"""The rule that is broken where numbers of a kind cannot be bound."""


def _numbers_and_tones(mode: ServerMode) -> Iterator[Bug]:
    """The kinds of number that can be bound, and the names of tones.

    Those of parameters that name a tone.
    """
    for place, kind in enumerate(parameters._BINDABLE):
        edit = replace(parameters, "_BINDABLE", with_row(parameters._BINDABLE, place))
        yield row_bug(f"kind-{kind}-dropped", _KINDS[kind], f"A number of the kind {kind} cannot be bound.", edit)
    known = contracts.schema(f"{mode.name}/bind.body")["properties"]
    for table, named in (("_TONES", known), ("_PRE_VOICE", parameters._PRE_VOICE if "preVoice" in known else ())):
        names = getattr(parameters, table)
        for place, name in enumerate(names):
            if name in named:
                edit = replace(parameters, table, with_row(names, place))
                story = f"Whether {name} was uploaded is not looked at."
                yield row_bug(f"tone-{name}-dropped", "BIND-030", story, edit)


def of_bind_faults(mode: ServerMode, harmless: Collection[str] = ()) -> Iterator[Bug]:
    """What may stand against a bind. A flipped fault has the code of the next.

    Without a `harmless` one all is well.
    """
    table = mode.bind_faults
    codes = list(table)
    for place, code in enumerate(codes):
        fault = table[code]
        if code not in harmless:
            dropped = stand_against_bind(code, _never)
            yield row_bug(f"fault-{code}-dropped", fault.rule, f"{code} does not stand against a bind.", dropped)
        # Which code a fault has may be assumed.
        choice = getattr(fault, "choice", None) or getattr(fault, "assumption", None)
        rule = fault.rule if choice is None else contracts.assumptions()[choice].requirement
        flipped = _flip_fault(code, others(codes, place)[0])
        yield row_bug(f"fault-{code}-flipped", rule, f"{code} has the code of another.", flipped)


def _never(_: object) -> bool:
    return False


@mode_operator
def _flip_fault(mode: ServerMode, code: str, other: str) -> Patch:
    """Let the test of a fault lead to the code of another.

    The order of faults names codes.
    """
    table = mode.bind_faults
    right, wrong = table[code], table[other]

    def either(wish: Any) -> bool:
        return bool(right.stands(wish) or wrong.stands(wish))

    return patch.dict(table, {code: right._replace(stands=_never), other: wrong._replace(stands=either)})


# ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "enum", "type")
_OPERATIONS = ("bind", "modify", "unbind", "query", "set_callee")


def of_limits(mode: ServerMode) -> Iterator[Bug]:
    """Each limit of each parameter left out; mandatory ones made optional."""
    for operation in filter(mode.serves, _OPERATIONS):
        served = contracts.operations()[mode.operation(operation)]
        name = served.body or served.query
        assert name is not None
        for path, limit in _places(contracts.schema(name)):
            change = _without(path, limit)
            parameter = ".".join(
                word for word in path if isinstance(word, str) and word not in ("properties", "anyOf", "required")
            )
            branch = "".join(f"-{word}" for word in path if isinstance(word, int))
            if parameter in mode.narrower and limit.endswith("Length"):
                continue
            story = f"{limit} of {parameter} is not looked at in {operation}."
            rule = _rule_of(mode, operation, name, change)
            edit = change_schema(operation, change)
            yield row_bug(f"schema-{operation}-{parameter}{branch}-{limit}", rule, story, edit)


def _places(schema: Any, path: Path = (), *, number: bool = False) -> Iterator[tuple[Path, str]]:
    """Where limits stand in a schema.

    The way to their parameter, and their keyword.

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


def _without(path: Path, limit: str) -> Callable[[Fields], None]:
    def change(schema: Any) -> None:
        if limit == "required":
            schema["required"].remove(path[-1])
            return
        for word in path:
            schema = schema[word]
        del schema[limit]

    return change


def _rule_of(mode: ServerMode, operation: str, name: str, change: Callable[[Fields], object]) -> str:
    """The rule that refuses what fits without the limit.

    By the suites' table of wrong requests.
    """
    right, lenient = contracts.validator(name), changed_validator(name, change)
    good = mode.good_bind if operation == "bind" else {"subscriptionId": "s"}
    found = set()
    for wrong in mode.wrongs:
        body = {field: value for field, value in wrong.body(good).items() if value is not None}  # null means absent
        if wrong.operation == operation and lenient.is_valid(body) and not right.is_valid(body):
            found.add(wrong.requirement)
    documented = [rule for rule in sorted(found) if contracts.requirements()[rule].basis == "documented"]
    return documented[0] if documented else UNSAID


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    bound = (
        chain(_numbers_and_tones(mode), of_limits(mode)) if mode.users else ()
    )  # what nothing is bound in has neither
    return chain(of_calls(mode), _ends(mode), _statuses(), bound)


# ── what modes share ─────────────────────────────────────────────────────────────────────────────────────────────────


def of_all_modes() -> Iterator[Bug]:
    """The code of each part missing in a token; each minute of a repeat.

    Of an AKSK token; of a failed push.

    A flipped code is that of the next part.
    """
    codes = auth._MISSING["aksk"]
    for place, rule in enumerate(auth._RULES["aksk"]):
        edit = set_entry(auth._MISSING, "aksk", with_row(codes, place, others(codes, place)[0]))
        yield row_bug(f"missing-{codes[place][4:]}-flipped", rule, f"{codes[place]} has the code of another.", edit)
    minutes = outbox.RETRY_MINUTES
    for place, minute in enumerate(minutes):
        edit = replace(outbox, "RETRY_MINUTES", with_row(minutes, place))
        story = f"A failed push is not repeated after {minute} minutes."
        yield row_bug(f"retry-{minute}-dropped", "COM-PUSH-004", story, edit)
