"""AXB: how a request names bindings: by subscriptionId, by X, or by X and a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.bindings import Pair
from privnum.mockserver.errors import Refusal
from privnum.mockserver.numbers import mask

if TYPE_CHECKING:
    from privnum.mockserver.applications import Application, XNumber
    from privnum.mockserver.modes import Params
    from privnum.mockserver.world import World

__all__ = ["binding_of_users", "one_binding", "own_binding", "own_x"]


def one_binding(params: Params) -> None:
    """Leave subscriptionId alone where it is given, and no paging where one binding is asked for.

    AXB-UNBIND-003, AXB-QUERY-004, AXB-QUERY-010.
    """
    if "subscriptionId" in params:
        chosen = params["subscriptionId"]
        params.clear()
        params["subscriptionId"] = chosen
    elif "relationNum" in params and ("callerNum" in params or "calleeNum" in params):
        params.pop("pageIndex", None)
        params.pop("pageSize", None)


def own_x(world: World, app: Application, number: str, foreign: str = "axb.selector_x_of_other_application") -> XNumber:
    """Return the application's X of that number (AXB-BIND-010, AXB-UNBIND-005, AXB-QUERY-006).

    `foreign` is the assumption that holds the code for one of another application.
    """
    x = world.numbers.get(number)
    if x is None:
        what = f"relationNum {mask(number)} is no X of any application."
        raise Refusal(world.assumptions.text("numbers.unknown_x"), what, "COM-OPEN-021")
    if x.app is not app:
        raise Refusal(world.assumptions.text(foreign), "relationNum must be an X of this application.", "AXB-BIND-010")
    return x


def own_binding(world: World, app: Application, subscription_id: str) -> Pair:
    """Return the application's binding of that id (AXB-UNBIND-006, AXB-MODIFY-002, AXB-QUERY-007)."""
    binding = world.bindings.get(subscription_id)
    if not isinstance(binding, Pair) or binding.x.app is not app:
        raise Refusal("403/1012007", "subscriptionId names no binding of this application.", "AXB-MODIFY-002")
    return binding


def binding_of_users(x: XNumber, params: Params) -> Pair:
    """Return the binding on X that has the callerNum, the calleeNum, or both, that are given (AXB-QUERY-005)."""
    a, b = params.get("callerNum"), params.get("calleeNum")
    binding = x.binding_of(a or b or "")
    if binding is None or (a or binding.a) != binding.a or (b or binding.b) != binding.b:
        raise Refusal("403/1012007", "No binding on relationNum has that callerNum and calleeNum.", "AXB-QUERY-005")
    return binding
