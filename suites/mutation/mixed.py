"""Seeded bugs that show only where several modes are in one world.

A mode that finds, or counts, what is another's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.suites.mutation import axb, axe
from privnum.suites.mutation.model import Bug, ServerPart
from privnum.suites.mutation.operators.requests import serve_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["parts"]

MODES = (axb.SERVER, axe.SERVER)
"""Those that checks mix."""


def parts() -> Iterator[tuple[ServerPart, tuple[Bug, ...]]]:
    """The parts of the server that have these bugs.

    The checks of all modes that are mixed are run against them.
    """
    checks = "+".join(mode.checks for mode in MODES)
    for mode, bugs in zip(MODES, (AXB_BUGS, AXE_BUGS), strict=True):
        yield ServerPart(name=mode.name, checks=checks, handlers=mode.handlers), bugs


def _of_another_mode(world: World, app: Application, params: Params) -> Binding | None:
    """The binding of another mode that a request names by its id."""
    found = world.bindings.get(str(params.get("subscriptionId")))
    return None if found is None or found.x.app.mode == app.mode else found


def _serve_others(operation: str, serve: Callable[[World, Binding], Fields]) -> Operator:
    """Serve a request that names the binding of another mode by `serve`."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        binding = _of_another_mode(world, app, params)
        fields: Fields = right(world, app, params) if binding is None else serve(world, binding)
        return fields

    return serve_by(operation, perform)


def _refuse_users_of_others(code: str, *names: str) -> Operator:
    """Refuse the bind of users who are bound in another mode."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        wanted = {params.get(name) for name in names}
        for mode in MODES:
            for x in world.numbers.values():
                if x.app.mode != app.mode and any(wanted & {*mode.users_of(b)} for b in mode.bindings_on(x)):
                    raise Refusal(code)
        fields: Fields = right(world, app, params)
        return fields

    return serve_by("bind", perform)


def _show(_: World, binding: Binding) -> Fields:
    shown = {"subscriptionId": binding.subscription_id, "relationNum": binding.x.number}
    return {"totalCount": 1, "pageIndex": 1, "pageSize": 50, "relationNumList": [shown]}


def _dissolve(world: World, binding: Binding) -> Fields:
    world.unbind(binding)
    return {}


AXB_BUGS = (
    Bug("shows-other-modes", "AXB-QUERY-007", "A query by id shows an AXE binding.", _serve_others("query", _show)),
    Bug(
        "counts-users-of-other-modes",
        "AXB-BIND-008",
        "A user who is bound in AXE counts as bound in AXB.",
        _refuse_users_of_others("403/1012010", "callerNum", "calleeNum"),
    ),
)
AXE_BUGS = (
    Bug(
        "dissolves-other-modes",
        "AXE-UNBIND-006",
        "An unbind by id dissolves an AXB binding.",
        _serve_others("unbind", _dissolve),
    ),
    Bug(
        "counts-users-of-other-modes",
        "AXE-BIND-008",
        "A user who is bound in AXB counts as bound in AXE.",
        _refuse_users_of_others("403/1013102", "bindNum"),
    ),
)
