"""How an AXE operation may select the wrong binding; the same for unbind, modify and query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.modes.axe import mode as axe
from privnum.suites.mutation.axe.operators import selected
from privnum.suites.mutation.operators import around, bent_params

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch
    from privnum.suites.mutation.operators import Fields

__all__ = ["answer_of_nothing", "anybodys", "extension_wins", "first_of_x", "x_is_enough"]


def first_of_x(operation: str) -> Patch:
    """With virtualNum and extendNum the first binding on X is meant."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" not in params and (there := selected(world, params)):
            params["extendNum"] = there[0].digits
        fields: Fields = serve(world, app, params)
        return fields

    return around(operation, perform)


def extension_wins(operation: str) -> Patch:
    """With virtualNum and extendNum the subscriptionId is not looked at."""

    def bend(params: Params) -> None:
        if "virtualNum" in params and "extendNum" in params:
            params.pop("subscriptionId", None)

    return bent_params(operation, bend)


def anybodys(operation: str) -> Patch:
    """A subscriptionId is looked up in all applications."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        there = selected(world, params) if "subscriptionId" in params else []
        fields: Fields = serve(world, there[0].x.app if there else app, params)
        return fields

    return around(operation, perform)


def x_is_enough(operation: str) -> Patch:
    """X alone selects every binding on it; a query shows the first."""
    handler = axe.HANDLERS[operation]

    def check(assumptions: Assumptions, params: Params) -> None:
        if handler.check is not None and ("virtualNum" not in params or "extendNum" in params):
            handler.check(assumptions, params)

    def perform(world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" in params or "extendNum" in params:
            return handler.perform(world, app, params)
        ids = [each.subscription_id for each in selected(world, params)]
        answers = [handler.perform(world, app, params | {"subscriptionId": id_}) for id_ in ids]
        return answers[0] if answers else {}

    return patch.dict(axe.HANDLERS, {operation: handler._replace(check=check, perform=perform)})


def answer_of_nothing(*_: object) -> Fields:
    """Succeed where nothing is found."""
    return {}
