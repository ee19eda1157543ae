"""Edits of bindings.

What stands against a bind, what happens when one is changed or ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Fields, Operator, mode_operator, operator
from privnum.suites.mutation.operators.code import together, wrap
from privnum.suites.mutation.operators.requests import serve_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = [
    "after_bind",
    "after_modify",
    "after_unbind",
    "look_for_x",
    "on_expiry",
    "on_leaving",
    "record_unasked",
    "stand_against_bind",
    "widen_fault",
]


# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def stand_against_bind(mode: ServerMode, fault: str, stands: Callable[[Any], bool]) -> Patch:
    """Bind with another test for one of its faults.

    One that several modes have, or this mode alone.
    """
    name = mode.fault_names.get(fault, fault)
    return patch.dict(mode.bind_faults, {name: mode.bind_faults[name]._replace(stands=stands)})


@mode_operator
def widen_fault(mode: ServerMode, fault: str, also: Callable[[ServerMode, Any], bool]) -> Patch:
    """Let a fault stand in further cases."""
    right = mode.bind_faults[mode.fault_names.get(fault, fault)].stands

    def stands(wish: Any) -> bool:
        return bool(right(wish)) or also(mode, wish)

    return stand_against_bind(fault, stands).apply(mode)


@mode_operator
def look_for_x(
    mode: ServerMode, places: Callable[[Application, list[Sequence[XNumber]]], list[Sequence[XNumber]]]
) -> Patch:
    """Look for an X of an area elsewhere.

    `places` gets the right places, best first.
    """
    name = "free_tiers" if hasattr(mode.x_selection, "free_tiers") else "tiers"
    tiers = getattr(mode.x_selection, name)

    def changed_tiers(app: Application, area: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
        found: list[Sequence[XNumber]] = tiers(app, area, loose=loose)
        return found if area is None else places(app, found)

    return patch.object(mode.x_selection, name, changed_tiers)


# ── recordings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def record_unasked(operation: str) -> Operator:
    """Take a binding that records, and record its calls.

    Whatever the application has.
    """
    return together(serve_by(operation, _as_if_recording), wrap(Notifier, "_add_recording", _recorded_anyway))


def _as_if_recording(right: Any, world: World, app: Application, params: Params) -> Fields:
    before, app.recording = app.recording, True
    try:
        fields: Fields = right(world, app, params)
    finally:
        app.recording = before
    return fields


def _recorded_anyway(right: Any, notifier: Notifier, fee: Fields, call: Call) -> None:
    app = call.x.app
    before, app.recording = app.recording, True
    right(notifier, fee, call)
    app.recording = before


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def after_modify(mode: ServerMode, then: Callable[[World, Any, Params], object], *names: str) -> Patch:
    """Act when a modify with one of these fields, or any, is carried out."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        for binding in mode.selected(world, params) if not names or not params.keys().isdisjoint(names) else ():
            then(world, binding, params)
        return fields

    return serve_by("modify", perform).apply(mode)


@operator
def after_bind(then: Callable[[World, Any], object]) -> Patch:
    """Do something when a binding has been made."""
    return _after(World, "bind", then)


@operator
def after_unbind(then: Callable[[World, Any], object]) -> Patch:
    """Do something when a binding has been unbound."""
    return _after(World, "unbind", then)


def _after(owner: type, name: str, then: Callable[[World, Any], object]) -> Patch:
    right = getattr(owner, name)

    def act_then(world: World, binding: Binding) -> None:
        right(world, binding)
        then(world, binding)

    return patch.object(owner, name, act_then)


@operator
def on_expiry(then: Callable[[World, Any], object]) -> Patch:
    """Do something when a binding has expired."""
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        run(world, rank, thing)
        if isinstance(thing, Binding):
            then(world, thing)

    return patch.object(World, "_run", running)


@mode_operator
def on_leaving(mode: ServerMode, then: Callable[[Any], object]) -> Patch:
    """Do something when a binding has ended, in whatever way."""
    leave = mode.binding.leave

    def leaving(binding: Binding) -> None:
        leave(binding)
        then(binding)

    return patch.object(mode.binding, "leave", leaving)
