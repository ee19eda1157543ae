"""Seeded bugs of AXE's modify and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import fields as axe_fields
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.suites.mutation.axe.bind import recorded_anyway
from privnum.suites.mutation.axe.operators import NOTHING_FOUND, mutant, selected
from privnum.suites.mutation.axe.selecting import (
    answer_of_nothing,
    anybodys,
    extension_wins,
    first_of_x,
    x_is_enough,
)
from privnum.suites.mutation.operators import (
    around,
    bent_answer,
    bent_params,
    together,
    tolerant,
    without_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Settings of a binding: the parameter, and where it is kept.
SETTINGS = {
    "recordFlag": "record",
    "recordHintTone": "record_tone",
    "callbackTone": "callback_tone",
    "callbackNum": "callback_num",
    "callbackExpiredTime": "callback_time",
    "userData": "user_data",
}


def _forgets(name: str) -> Seed:
    """A modify that does not carry a setting takes it away."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = serve(world, app, params)
        for binding in selected(world, params) if name not in params else ():
            setattr(binding, SETTINGS[name], None)
        return fields

    return lambda: around("axe.modify", perform)


def _cannot_change(name: str) -> Seed:
    """A modify leaves a setting as it is."""
    return lambda: bent_params("axe.modify", lambda params: params.pop(name, None))


def _cannot_change_life() -> Patch:
    """A modify that carries bindExpiredTime is refused."""

    def bend(params: Params) -> None:
        if "bindExpiredTime" in params:
            raise Refusal("403/1010002", "bindExpiredTime cannot be changed.")

    return bent_params("axe.modify", bend)


def _tone_before_number() -> Patch:
    def chosen(a: Extension | None) -> str:
        if a is None:
            return "none"
        return "tone" if a.callback_tone else "number" if a.callback_num else "none"

    return patch.object(axe_calls, "_set_for_no_record", chosen)


def _empty_clears_nothing(name: str) -> Seed:
    set_fields = axe_fields.set_fields

    def carried(binding: Extension, params: Any) -> None:
        set_fields(binding, {key: value for key, value in params.items() if key != name or value != ""})

    return lambda: patch.object(axe_fields, "set_fields", carried)


def _any_unit(params: Params) -> None:
    if params.get("timeUnit") not in ("0", "1", 0, 1):
        params.pop("timeUnit", None)


def _below_0_is_0(params: Params) -> None:
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        if type(params.get(name)) is int:
            params[name] = max(params[name], 0)


def _granted(rule: str) -> Patch:
    """What `rule` refuses is let through."""
    right = axe_fields.refuse_unless_granted

    def lenient(assumptions: Assumptions, code: str, what: str, by: str) -> None:
        if by != rule:
            right(assumptions, code, what, by)

    return patch.object(axe_fields, "refuse_unless_granted", lenient)


def _modify_binds_anew() -> Patch:
    """A modify makes a new binding of the old one, with a subscriptionId of its own."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = serve(world, app, params)
        for binding in selected(world, params)[:1] if "subscriptionId" in params else ():
            world.bindings.remove(binding)
            binding.subscription_id = world.identity.subscription_id()
            world.bindings.add(binding)
        return fields

    return around("axe.modify", perform)


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Fields of the answer, and the rule that is broken where they lack.
ANSWER_FIELDS = {
    "subscriptionId": "AXE-QUERY-001",
    "virtualNum": "AXE-QUERY-008",
    "extendNum": "AXE-QUERY-008",
    "bindNum": "AXE-QUERY-008",
    "displayNumMode": "AXE-QUERY-008",
    "recordFlag": "AXE-QUERY-008",
    "recordHintTone": "AXE-QUERY-008",
    "callbackTone": "AXE-QUERY-008",
    "callbackNum": "AXE-QUERY-008",
    "callbackExpiredTime": "AXE-QUERY-008",
    "userData": "AXE-QUERY-008",
    "timeUnit": "AXE-QUERY-008",
    "bindExpiredTime": "AXE-QUERY-008",
}


def _without_field(name: str) -> Seed:
    return lambda: bent_answer("axe.query", lambda fields: fields.pop(name, None))


def _bent_query(bend: Callable[[Fields], Fields]) -> Patch:
    return bent_answer("axe.query", lambda fields: fields.update(bend(fields)))


def _in_hours(fields: Fields) -> Fields:
    """Show callbackExpiredTime in hours, whatever the unit."""
    minutes = str(fields["timeUnit"]) == "1"
    return {"callbackExpiredTime": fields["callbackExpiredTime"] // 60} if minutes else {}


def _times_as_text(fields: Fields) -> Fields:
    return {name: str(fields[name]) for name in ("bindExpiredTime", "callbackExpiredTime")}


def _v2_without_id() -> Patch:
    """Query v2 is for an X only."""

    def bend(params: Params) -> None:
        params.pop("subscriptionId", None)

    return bent_params("axe.query_v2", bend)


def _count_by_mode() -> Patch:
    """The binding count looks for the X among those that have none."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        x = world.numbers.get(str(params.get("number")))
        if x is not None and extensions_of(x) is not None:
            raise Refusal("403/1012007", "number must be an X of this application.")
        fields: Fields = serve(world, app, params)
        return fields

    return around("axe.query_count", perform)


MUTANTS = (
    mutant("modify-extension-wins", "AXE-MODIFY-101", "X and extension win.", lambda: extension_wins("axe.modify")),
    mutant("modify-first", "AXE-MODIFY-101", "Modify takes the first of X.", lambda: first_of_x("axe.modify")),
    mutant(
        "modify-nothing",
        "AXE-MODIFY-002",
        "A modify of nothing is a success.",
        lambda: tolerant("axe.modify", NOTHING_FOUND, answer_of_nothing),
    ),
    mutant("modify-anybodys", "AXE-MODIFY-002", "Any application may modify.", lambda: anybodys("axe.modify")),
    *(
        mutant(f"modify-forgets-{name}", "AXE-MODIFY-006", f"A modify without {name} takes it away.", _forgets(name))
        for name in SETTINGS
    ),
    mutant("tone-before-number", "AXE-MODIFY-102", "callbackTone goes before callbackNum.", _tone_before_number),
    *(
        mutant(
            f"empty-{name}-stays",
            "AXE-MODIFY-103",
            f"An empty {name} leaves the old one.",
            _empty_clears_nothing(name),
        )
        for name in ("callbackTone", "callbackNum")
    ),
    mutant(
        "modify-longer-record",
        "AXE-MODIFY-105",
        "A modify takes a record that outlives its binding.",
        lambda: patch.object(axe_times, "too_long", lambda *_: False),
    ),
    mutant(
        "modify-any-unit",
        "AXE-MODIFY-008",
        "At modify an unknown timeUnit counts hours.",
        lambda: bent_params("axe.modify", _any_unit),
    ),
    mutant(
        "modify-below-0",
        "AXE-MODIFY-008",
        "At modify a time below 0 is 0.",
        lambda: bent_params("axe.modify", _below_0_is_0),
    ),
    mutant(
        "modify-recording-for-all",
        "AXE-MODIFY-011",
        "Whether the application has recording is not looked at when a binding is modified.",
        lambda: together(lambda: _granted("AXE-MODIFY-011"), recorded_anyway),
    ),
    mutant("modify-x", "AXE-MODIFY-001", "X alone selects all of X.", lambda: x_is_enough("axe.modify")),
    mutant("modify-binds-anew", "AXE-MODIFY-010", "A modify gives a new subscriptionId.", _modify_binds_anew),
    *(
        mutant(f"modify-ignores-{name}", "AXE-MODIFY-104", f"A modify leaves {name} as it is.", _cannot_change(name))
        for name in ("callbackNum", "recordFlag", "callbackExpiredTime")
    ),
    mutant(
        "modify-refuses-life",
        "AXE-MODIFY-104",
        "A modify of bindExpiredTime is refused.",
        _cannot_change_life,
    ),
    *(
        mutant(f"query-without-{name}", rule, f"The answer to a query has no {name}.", _without_field(name))
        for name, rule in ANSWER_FIELDS.items()
    ),
    mutant(
        "query-tells-nothing",
        "AXE-QUERY-001",
        "A query succeeds and shows nothing.",
        lambda: bent_answer("axe.query", lambda fields: fields.clear()),
    ),
    mutant("query-first", "AXE-QUERY-101", "A query takes the first of X.", lambda: first_of_x("axe.query")),
    mutant("query-extension-wins", "AXE-QUERY-004", "X and extension win.", lambda: extension_wins("axe.query")),
    mutant(
        "query-code",
        "AXE-QUERY-005",
        "A query of nothing is refused with the code of AXB.",
        lambda: without_code("axe.query", NOTHING_FOUND, "403/1012007"),
    ),
    mutant(
        "query-nothing",
        "AXE-QUERY-005",
        "A query of nothing is an empty success.",
        lambda: tolerant("axe.query", NOTHING_FOUND, answer_of_nothing),
    ),
    mutant("query-in-hours", "AXE-QUERY-003", "A query shows hours for minutes.", lambda: _bent_query(_in_hours)),
    mutant("query-v2-by-x", "AXE-QUERY-102", "Query v2 knows no subscriptionId.", _v2_without_id),
    mutant("count-of-the-unbound", "AXE-QUERY-103", "The count knows no X with bindings.", _count_by_mode),
    mutant("query-anybodys", "AXE-QUERY-007", "Any application may query.", lambda: anybodys("axe.query")),
    mutant("query-times-as-text", "AXE-QUERY-104", "A query shows times as text.", lambda: _bent_query(_times_as_text)),
    mutant(
        "query-unit-as-number",
        "AXE-QUERY-104",
        "A query shows timeUnit as a number.",
        lambda: _bent_query(lambda fields: {"timeUnit": int(fields["timeUnit"])}),
    ),
    mutant("query-x", "AXE-QUERY-105", "A query by X alone shows the first.", lambda: x_is_enough("axe.query")),
)
