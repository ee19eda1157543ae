"""Seeded bugs of unbind, modify and the queries that only AXE can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import fields as axe_fields
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.suites.mutation.axe.operators import look_up_in, take_all_of_x, take_first_of_x
from privnum.suites.mutation.bindings.bind import count_as
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import on_leaving, widen_fault
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_params,
    clear_by_empty,
    drop_param,
    refuse_where,
    serve_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator, ServerMode

__all__ = ["BUGS"]

HOUR = 3600

# ── the end of a binding ─────────────────────────────────────────────────────────────────────────────────────────────


def _week_for_0(right: Any, assumptions: Assumptions, binding: Extension, params: Params) -> None:
    """Take a bindExpiredTime of 0 for one that was not carried."""
    right(assumptions, binding, params)
    binding.duration = binding.duration or 168 * HOUR


def _never_given_again() -> Operator:
    """Keep an extension that was bound back for ever."""
    given: set[tuple[XNumber, str | None]] = set()

    def remember(binding: Extension) -> None:
        given.add((binding.x, binding.digits))

    def was_given(_mode: ServerMode, wish: Any) -> bool:
        return (wish.x, wish.digits) in given

    return together(on_leaving(remember), widen_fault("extension", was_given))


def _look_up_in_cache() -> Operator:
    """Look extensions up in a cache, out of which nothing is taken."""
    cache: dict[XNumber, dict[str, Extension]] = {}

    def look_up_cached(call: Call, held: dict[str, Extension], _now_ms: int) -> dict[str, Extension]:
        known = cache[call.x] = cache.get(call.x, {}) | held
        return known

    def keep(binding: Extension) -> None:
        cache.setdefault(binding.x, {}).setdefault(binding.digits, binding)

    return together(look_up_in(look_up_cached), on_leaving(keep))


ENDS = (
    Bug(
        "minutes-are-hours",
        "LIFE-101",
        "timeUnit 1 counts hours.",
        replace(axe_times, "_SECONDS", (HOUR, HOUR)),
    ),
    Bug("week-for-0", "LIFE-002", "bindExpiredTime 0 is the default.", wrap(axe_bind, "_set_times", _week_for_0)),
    Bug("unbind-first", "UNBIND-101", "Unbind takes the first of X.", take_first_of_x("unbind")),
    Bug("never-given-again", "UNBIND-007", "An unbound extension is not free.", _never_given_again()),
    Bug("reached-after-all", "UNBIND-007", "An unbound extension reaches A.", _look_up_in_cache()),
    Bug("unbind-x", "UNBIND-002", "X alone dissolves all of X.", take_all_of_x("unbind")),
    Bug(
        "unbind-empty-selector",
        "UNBIND-102",
        "An empty selector hinders an unbind.",
        clear_by_empty("unbind", "subscriptionId", "virtualNum", "extendNum"),
    ),
)

# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tone_before_number(a: Extension | None) -> str:
    if a is None:
        return "none"
    return "tone" if a.callback_tone else "number" if a.callback_num else "none"


def _empty_is_absent(name: str) -> Operator:
    """Do not let an empty text clear a field."""

    def modify_without_empty(right: Any, binding: Extension, params: Params) -> None:
        right(binding, {key: value for key, value in params.items() if key != name or value != ""})

    return wrap(axe_fields, "set_fields", modify_without_empty)


def _count_below_0_as_0(params: Params) -> None:
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        if type(params.get(name)) is int:
            params[name] = max(params[name], 0)


def _carries_life(params: Params) -> bool:
    return "bindExpiredTime" in params


def _is_unit(value: object) -> bool:
    return value in ("0", "1", 0, 1)


def _never_too_long(*_: object) -> bool:
    return False


MODIFY = (
    Bug(
        "modify-extension-wins",
        "MODIFY-101",
        "X and extension win.",
        drop_param("modify", "subscriptionId", "virtualNum", "extendNum"),
    ),
    Bug("modify-first", "MODIFY-101", "Modify takes the first of X.", take_first_of_x("modify")),
    Bug(
        "tone-before-number",
        "MODIFY-102",
        "callbackTone goes before callbackNum.",
        replace(axe_calls, "_set_for_no_record", _tone_before_number),
    ),
    *(
        Bug(f"empty-{name}-stays", "MODIFY-103", f"An empty {name} leaves the old one.", _empty_is_absent(name))
        for name in ("callbackTone", "callbackNum")
    ),
    Bug(
        "modify-longer-record",
        "MODIFY-105",
        "A modify takes a record that outlives its binding.",
        replace(axe_times, "too_long", _never_too_long),
    ),
    Bug(
        "modify-any-unit",
        "MODIFY-008",
        "At modify an unknown timeUnit counts hours.",
        count_as("modify", "timeUnit", None, _is_unit),
    ),
    Bug(
        "modify-below-0",
        "MODIFY-008",
        "At modify a time below 0 is 0.",
        change_params("modify", _count_below_0_as_0),
    ),
    Bug("modify-x", "MODIFY-001", "X alone selects all of X.", take_all_of_x("modify")),
    *(
        Bug(f"modify-ignores-{name}", "MODIFY-104", f"A modify leaves {name} as it is.", drop_param("modify", name))
        for name in ("callbackNum", "recordFlag", "callbackExpiredTime")
    ),
    Bug(
        "modify-refuses-life",
        "MODIFY-104",
        "A modify of bindExpiredTime is refused.",
        refuse_where("modify", "403/1010002", _carries_life),
    ),
)

# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _show_hours(fields: Fields) -> None:
    """Show callbackExpiredTime in hours, whatever the unit."""
    if str(fields["timeUnit"]) == "1":
        fields["callbackExpiredTime"] //= 60


def _show_times_as_text(fields: Fields) -> None:
    fields.update({name: str(fields[name]) for name in ("bindExpiredTime", "callbackExpiredTime")})


def _show_unit_as_number(fields: Fields) -> None:
    fields["timeUnit"] = int(fields["timeUnit"])


def _lengthen(cursor: str) -> Callable[[Fields], None]:
    """Make a cursor longer than any may be."""

    def change(fields: Fields) -> None:
        if cursor in fields:
            fields[cursor] = fields[cursor].rjust(50, "0")

    return change


def _count_the_unbound(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Look for the X among those that have no binding."""
    x = world.numbers.get(str(params.get("number")))
    if x is not None and extensions_of(x) is not None:
        raise Refusal("403/1012007", "number must be an X of this application.")
    fields: Fields = right(world, app, params)
    return fields


QUERIES = (
    Bug("query-first", "QUERY-101", "A query takes the first of X.", take_first_of_x("query")),
    Bug("query-in-hours", "QUERY-003", "A query shows hours for minutes.", change_answer("query", _show_hours)),
    Bug("query-v2-by-x", "QUERY-102", "Query v2 knows no subscriptionId.", drop_param("query_v2", "subscriptionId")),
    Bug(
        "count-of-the-unbound",
        "QUERY-103",
        "The count knows no X with bindings.",
        serve_by("query_count", _count_the_unbound),
    ),
    Bug("long-cursor", "QUERY-102", "nextCusor is too long.", change_answer("query_v2", _lengthen("nextCusor"))),
    Bug("long-next", "QUERY-103", "nextCursor is too long.", change_answer("query_count", _lengthen("nextCursor"))),
    Bug("query-times-as-text", "QUERY-104", "Times are shown as text.", change_answer("query", _show_times_as_text)),
    Bug(
        "query-unit-as-number",
        "QUERY-104",
        "A query shows timeUnit as a number.",
        change_answer("query", _show_unit_as_number),
    ),
    Bug("query-x", "QUERY-105", "A query by X alone shows the first.", take_all_of_x("query")),
)

BUGS = (*ENDS, *MODIFY, *QUERIES)
