"""Seeded bugs of the temporary callee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.modes.ax import callee as ax_callee
from privnum.mockserver.modes.ax.bindings import AXBinding, bindings_of
from privnum.suites.mutation.ax.changes import compare_a
from privnum.suites.mutation.ax.server import named_binding
from privnum.suites.mutation.bindings.bind import clip, count_as
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_modify
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    allow_any_user_data,
    change_schema,
    check_by,
    drop_param,
    fill_param,
    refuse_where,
    serve_anybody,
    serve_by,
    succeed_with,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

SET = "set_callee"
LONGEST = 259200
MALFORMED = "403/1010002"
Right = Any


# ── whom it is set for ───────────────────────────────────────────────────────────────────────────────────────────────


def _set_nothing(where: Callable[[Params], bool]) -> Operator:
    """Answer some requests, and set nobody."""

    def perform(right: Right, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = {} if where(params) else right(world, app, params)
        return fields

    return serve_by(SET, perform)


def _without_selector(right: Right, world: World, app: Application, params: Params) -> Fields:
    """Take a request that names no binding."""
    fields: Fields = right(world, app, params) if {"subscriptionId", "privateNum"} & params.keys() else {}
    return fields


def _set_for_all_x(right: Right, world: World, app: Application, params: Params) -> Fields:
    """Set the callee for every X of A."""
    fields: Fields = right(world, app, params)
    binding = named_binding(world, params)
    for other in () if binding is None else bindings_of(app, binding.a):
        other.callee = None if binding is None else binding.callee
    return fields


def _survive(kept: dict[tuple[int, str], Any]) -> Operator:
    """Keep the callee of an A and X beyond the end of the binding."""

    def leave(right: Right, binding: AXBinding) -> None:
        kept[id(binding.x), binding.a] = binding.callee
        right(binding)

    def enter(right: Right, binding: AXBinding) -> None:
        binding.callee = kept.pop((id(binding.x), binding.a), None)
        right(binding)

    return together(wrap(AXBinding, "leave", leave), wrap(AXBinding, "enter", enter))


SELECTED = (
    Bug("x-sets-nothing", "CALLEE-101", "By X nothing is set.", _set_nothing(lambda p: "subscriptionId" not in p)),
    Bug(
        "callee-needs-id",
        "CALLEE-101",
        "A temporary callee needs an id.",
        refuse_where(SET, MALFORMED, lambda params: not params.get("subscriptionId")),
    ),
    Bug(
        "callee-of-nothing",
        "CALLEE-102",
        "A request without a selector succeeds.",
        together(check_by(SET, None), serve_by(SET, _without_selector)),
    ),
    Bug("callee-x-wins", "CALLEE-103", "With both X counts.", drop_param(SET, "subscriptionId", "privateNum")),
    Bug("callee-compares-a", "CALLEE-104", "origNum is looked at.", compare_a(SET)),
    Bug("callee-unbound", "CALLEE-112", "Without a binding the request succeeds.", succeed_with(SET)),
    Bug("callee-of-others", "CALLEE-112", "Another's binding gets a callee.", serve_anybody(SET)),
    Bug("callee-everywhere", "CALLEE-115", "The callee is that of every X of A.", serve_by(SET, _set_for_all_x)),
    Bug("callee-survives", "CALLEE-115", "The callee outlives the binding.", _survive({})),
)


# ── who can be one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _is_no_mobile(params: Params) -> bool:
    return numbers.kind(str(params.get("calleeNum"))) not in ("mobile", None)


def _is_service(params: Params) -> bool:
    return numbers.kind(str(params.get("calleeNum"))) == "service"


def _a_succeeds(right: Right, world: World, app: Application, params: Params) -> Fields:
    """Take A as his own callee."""
    binding = named_binding(world, params)
    if binding is not None and binding.a == params.get("calleeNum"):
        return {}
    fields: Fields = right(world, app, params)
    return fields


CALLED = (
    Bug(
        "no-callee",
        "CALLEE-105",
        "Without calleeNum somebody is made up.",
        fill_param(SET, "calleeNum", "+8613000000000"),
    ),
    Bug("callee-mobile", "CALLEE-106", "Only a mobile can be called.", refuse_where(SET, MALFORMED, _is_no_mobile)),
    Bug("callee-no-service", "CALLEE-106", "A 400 or 95 number is refused.", refuse_where(SET, MALFORMED, _is_service)),
    Bug("a-is-callee", "CALLEE-107", "A is taken as his own callee.", serve_by(SET, _a_succeeds)),
    Bug("long-callee", "CALLEE-113", "Of a long calleeNum the beginning counts.", clip(SET, "calleeNum", 14)),
    Bug(
        "callee-data-chinese",
        "BIND-026",
        "userData of a callee may be Chinese.",
        change_schema(SET, allow_any_user_data),
    ),
)


# ── how long he holds ────────────────────────────────────────────────────────────────────────────────────────────────


def _keeps_former(right: Right, world: World, app: Application, params: Params) -> Fields:
    """Go on with the callee that there is."""
    binding = named_binding(world, params)
    before = None if binding is None else binding.callee_at(world.now_ms)
    fields: Fields = right(world, app, params)
    if binding is not None and before is not None:
        binding.callee = before
    return fields


def _keeps_end(right: Right, world: World, app: Application, params: Params) -> Fields:
    """Let a new callee end when the former one would have."""
    binding = named_binding(world, params)
    before = None if binding is None else binding.callee_at(world.now_ms)
    fields: Fields = right(world, app, params)
    if binding is not None and binding.callee is not None and before is not None:
        binding.callee = binding.callee._replace(until_ms=before.until_ms)
    return fields


def _for_ever(_assumptions: Assumptions, _now_ms: int, _seconds: int) -> int:
    return 2**60


def _end_at(factor: int) -> Operator:
    """Count the seconds of a duration as others."""

    def end(right: Right, assumptions: Assumptions, now_ms: int, seconds: int) -> int:
        found: int = right(assumptions, now_ms, seconds * factor)
        return found

    return wrap(ax_callee, "end_of", end)


def _is_within(value: object) -> bool:
    return not isinstance(value, int) or 1 <= value <= LONGEST


def _is_over_a_day(params: Params) -> bool:
    return isinstance(params.get("duration"), int) and params["duration"] > 86400


def _forget_callee(_world: World, binding: AXBinding, _params: Params) -> None:
    binding.callee = None


HOLDS = (
    Bug("modify-loses-callee", "CALLEE-110", "A modify takes the callee away.", after_modify(_forget_callee)),
    Bug("callee-long-cut", "CALLEE-108", "A longer duration is cut.", count_as(SET, "duration", LONGEST, _is_within)),
    Bug("callee-a-day", "CALLEE-108", "A duration has a day at most.", refuse_where(SET, MALFORMED, _is_over_a_day)),
    Bug("callee-an-hour", "CALLEE-109", "He holds for an hour.", replace(ax_callee, "_USUAL_SECONDS", 3600)),
    Bug("callee-half-a-minute", "CALLEE-109", "He holds for 30 s.", replace(ax_callee, "_USUAL_SECONDS", 30)),
    Bug("callee-for-ever", "CALLEE-110", "A temporary callee never ends.", replace(ax_callee, "end_of", _for_ever)),
    Bug("callee-minutes", "CALLEE-110", "duration counts minutes.", _end_at(60)),
    Bug(
        "callee-text",
        "CALLEE-114",
        "duration must be a number.",
        refuse_where(SET, MALFORMED, lambda params: isinstance(params.get("duration"), str)),
    ),
    Bug("callee-first-stays", "CALLEE-111", "The first callee stays.", serve_by(SET, _keeps_former)),
    Bug("callee-first-end", "CALLEE-111", "The end of the first callee stays.", serve_by(SET, _keeps_end)),
)

BUGS = (*SELECTED, *CALLED, *HOLDS)
