"""Seeded bugs of query that only AX can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.ax import query as ax_query
from privnum.mockserver.modes.ax.bindings import AXBinding
from privnum.suites.mutation.ax.server import named_binding
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import together
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_shown,
    check_by,
    drop_param,
    serve_by,
    show_as_bound,
    show_as_text,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]


# ── which bindings ───────────────────────────────────────────────────────────────────────────────────────────────────


def _list_one(fields: Fields) -> None:
    del fields["privateNumList"][1:]


def _list_all_of_a(right: Any, world: World, app: Application, params: Params) -> Fields:
    """List every X of the A of the binding that is named."""
    binding = named_binding(world, params)
    other = {"origNum": binding.a} if binding is not None and binding.x.app is app else params
    fields: Fields = right(world, app, other)
    return fields


def _list_all(right: Any, world: World, app: Application, params: Params) -> Fields:
    """List whatever is bound where nothing is named."""
    if not params:
        held = [one for x in app.numbers if isinstance(one := x.held, AXBinding)]
        return {"privateNumList": [ax_query.shown_binding(world.assumptions, one) for one in held]}
    fields: Fields = right(world, app, params)
    return fields


SELECTED = (
    Bug("query-all-of-a", "QUERY-001", "A query by id lists all X of A.", serve_by("query", _list_all_of_a)),
    Bug("query-first", "QUERY-101", "A query by A shows one X.", change_answer("query", _list_one)),
    Bug("query-x-all-of-a", "QUERY-102", "A query by X lists all X of A.", serve_by("query", _list_all_of_a)),
    Bug(
        "query-x-before-a",
        "QUERY-103",
        "X goes before origNum.",
        drop_param("query", "origNum", "privateNum", without="subscriptionId"),
    ),
    Bug(
        "query-everything",
        "QUERY-104",
        "A query that names nothing lists everything.",
        together(check_by("query", None), serve_by("query", _list_all)),
    ),
)


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def _show_defaults(name: str, value: object) -> Operator:
    def show(shown: Fields) -> None:
        shown.setdefault(name, value)

    return change_shown(show)


def _show_every_tone(right: Any, world: World, app: Application, params: Params) -> Fields:
    fields: Fields = right(world, app, params)
    for shown in fields["privateNumList"]:
        binding = world.bindings.get(shown["subscriptionId"])
        if binding is not None and binding.record_tone:
            shown["recordHintTone"] = binding.record_tone
    return fields


SHOWN = (
    *(
        Bug(f"text-{name}", "QUERY-003", f"{name} is shown as a text.", show_as_text(name))
        for name in ("callDirection", "maxDuration")
    ),
    *(
        Bug(f"old-{name}", "QUERY-003", f"{name} is shown as bound.", show_as_bound(name))
        for name in ("userData", "lastMinVoice")
    ),
    Bug("direction-always", "QUERY-105", "callDirection is shown always.", _show_defaults("callDirection", 0)),
    Bug("display-always", "QUERY-105", "calleeNumDisplay is shown always.", _show_defaults("calleeNumDisplay", "0")),
    Bug("tone-always", "QUERY-106", "recordHintTone is shown always.", serve_by("query", _show_every_tone)),
)

BUGS = (*SELECTED, *SHOWN)
