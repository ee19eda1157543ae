"""Seeded bugs of unbind and modify that only AX can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.ax import modify as ax_modify
from privnum.mockserver.modes.ax.bindings import AXBinding, Holders, bindings_of
from privnum.suites.mutation.ax.server import named_binding
from privnum.suites.mutation.model import Bug, mode_operator
from privnum.suites.mutation.operators.bindings import after_modify
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    change_params,
    check_by,
    drop_param,
    refuse_where,
    serve_by,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator, Patch, ServerMode

__all__ = ["BUGS", "compare_a"]

MALFORMED = "403/1010002"


@mode_operator
def compare_a(mode: ServerMode, operation: str) -> Patch:
    """Look at origNum: refuse where the binding has another A."""
    right = mode.handler(operation)
    last: list[Any] = [None]

    def narrow(params: Params) -> None:
        last[0] = params.get("origNum")
        if right.narrow is not None:
            right.narrow(params)

    def perform(world: World, app: Application, params: Params) -> Fields:
        binding, a = named_binding(world, params), last[0]
        if binding is not None and a not in (None, "", binding.a):
            raise Refusal("403/1016001")
        fields: Fields = right.perform(world, app, params)
        return fields

    return mode.with_handler(operation, narrow=narrow, perform=perform)


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unbind_all_of_a(right: Any, world: World, app: Application, params: Params) -> Fields:
    binding = named_binding(world, params) if "privateNum" in params else None
    fields: Fields = right(world, app, params)
    for other in () if binding is None else bindings_of(app, binding.a):
        world.unbind(other)
    return fields


def _unbind_by_id_alone(right: Any, world: World, app: Application, params: Params) -> Fields:
    fields: Fields = right(world, app, params) if "privateNum" not in params else {}
    return fields


def _succeed_without_selector(right: Any, world: World, app: Application, params: Params) -> Fields:
    fields: Fields = right(world, app, params) if params else {}
    return fields


def _leave_a(binding: AXBinding) -> None:
    """Free X, and go on counting it among those of A."""
    binding.x.held = None


def _leave_x(binding: AXBinding) -> None:
    """Go on with the binding on X."""
    Holders.of(binding.x.app).remove(binding)


UNBIND = (
    Bug("unbind-all-of-a", "UNBIND-101", "Unbind by X dissolves all X of A.", serve_by("unbind", _unbind_all_of_a)),
    Bug("unbind-by-x-in-vain", "UNBIND-101", "Unbind by X does nothing.", serve_by("unbind", _unbind_by_id_alone)),
    Bug("unbind-compares-a", "UNBIND-102", "Unbind looks at origNum.", compare_a("unbind")),
    Bug(
        "unbind-selects-nothing",
        "UNBIND-002",
        "Unbind without a selector succeeds.",
        together(check_by("unbind", None), serve_by("unbind", _succeed_without_selector)),
    ),
    Bug("x-stays-held", "UNBIND-007", "An unbound X leads to A still.", replace(AXBinding, "leave", _leave_x)),
    Bug("x-counts-on", "BIND-032", "An unbound X counts as one of A's.", replace(AXBinding, "leave", _leave_a)),
)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _modify_latest(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Change the binding that was made last, where none is named."""
    if "subscriptionId" not in params and "privateNum" not in params:
        held = [one for x in app.numbers if isinstance(one := x.held, AXBinding)]
        params["subscriptionId"] = max(held, key=lambda one: one.subscribed_ms).subscription_id
    fields: Fields = right(world, app, params)
    return fields


def _keep_former(_right: Any, binding: AXBinding, a: str) -> None:
    """Show the new A, and have X among those of the former one."""
    holders = Holders.of(binding.x.app)
    former = binding.a
    holders.remove(binding)
    binding.a = former
    holders.add(binding)
    binding.a = a


def _rename_everywhere(right: Any, binding: AXBinding, a: str) -> None:
    """Give every X of the former A to the new one."""
    for other in bindings_of(binding.x.app, binding.a):
        right(other, a)


def _clip(name: str, highest: int) -> Operator:
    """Take a number that is out of its range for the nearest that is within."""

    def clip(params: Params) -> None:
        if isinstance(params.get(name), int):
            params[name] = max(0, min(params[name], highest))

    return change_params("modify", clip)


def _drop_unknown_flag(params: Params) -> None:
    if params.get("turnFlag") not in (None, "on", "off"):
        params["turnFlag"] = "on"


def _flags_must_be_text(params: Params) -> bool:
    return any(isinstance(params.get(name), bool) for name in ("recordFlag", "privateSms"))


def _change_twins(world: World, binding: AXBinding, params: Params) -> None:
    """Change the other X of A too."""
    del world
    for other in bindings_of(binding.x.app, binding.a):
        other.set_fields(params)


MODIFY = (
    Bug(
        "modify-latest",
        "MODIFY-001",
        "Without a selector the latest binding is changed.",
        together(check_by("modify", None), serve_by("modify", _modify_latest)),
    ),
    Bug("a-stays", "MODIFY-003", "A cannot be changed.", drop_param("modify", "origNum")),
    Bug("former-a-has-x", "MODIFY-003", "X is among those of the former A.", wrap(AXBinding, "rename", _keep_former)),
    Bug(
        "only-text-flags-at-modify",
        "MODIFY-004",
        "A flag of a modify must be a text.",
        refuse_where("modify", MALFORMED, _flags_must_be_text),
    ),
    Bug("renamed-everywhere", "MODIFY-005", "A new A has every X of A.", wrap(AXBinding, "rename", _rename_everywhere)),
    Bug("changed-everywhere", "MODIFY-005", "Every X of A is changed.", after_modify(_change_twins)),
    *(
        Bug(f"modify-clips-{name}", "MODIFY-008", f"{name} is clipped to its range.", _clip(name, highest))
        for name, highest in (("callDirection", 2), ("maxDuration", 1440))
    ),
    Bug(
        "any-turn-flag-at-modify",
        "MODIFY-008",
        "An unknown turnFlag is on.",
        change_params("modify", _drop_unknown_flag),
    ),
    Bug(
        "modify-by-id-alone",
        "MODIFY-101",
        "A modify needs an id.",
        refuse_where("modify", MALFORMED, lambda params: not params.get("subscriptionId")),
    ),
    Bug("modify-x-wins", "MODIFY-102", "With both X counts.", drop_param("modify", "subscriptionId", "privateNum")),
    Bug("six-x-by-modify", "MODIFY-103", "A modify gives a sixth X.", replace(ax_modify, "bindings_of", lambda *_: ())),
    Bug("turn-flag-stays", "MODIFY-104", "turnFlag cannot be changed.", drop_param("modify", "turnFlag")),
    Bug(
        "a-beside-x",
        "MODIFY-105",
        "origNum beside privateNum is refused.",
        refuse_where("modify", MALFORMED, lambda params: {"origNum", "privateNum"} <= params.keys()),
    ),
)

BUGS = (*UNBIND, *MODIFY)
