"""AXB: how a request names bindings.

By subscriptionId, by X, or by X and a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.modes.axb.bindings import Pair, pair_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = ["BIND", "MODIFY", "QUERY", "UNBIND", "binding_of_users", "one_binding", "own_binding", "own_x"]


class Naming(NamedTuple):
    """An operation's own rules of what it names.

    A binding that there is not, and an X of another application.

    `foreign_code` is the assumption that holds the code of such an X.
    """

    unknown: str
    foreign_x: str
    foreign_code: str = "axb.selector_x_of_other_application"


BIND: Final = Naming("", "AXB-BIND-010", "axb.x_of_other_application")
UNBIND: Final = Naming("AXB-UNBIND-004", "AXB-UNBIND-005")
MODIFY: Final = Naming("AXB-MODIFY-002", "")
QUERY: Final = Naming("AXB-QUERY-005", "AXB-QUERY-006")


def one_binding(params: Params) -> None:
    """Ignore paging where one binding is asked for; keep subscriptionId.

    AXB-UNBIND-003, AXB-QUERY-004, AXB-QUERY-105.
    """
    if "subscriptionId" in params:
        chosen = params["subscriptionId"]
        params.clear()
        params["subscriptionId"] = chosen
    elif "relationNum" in params and ("callerNum" in params or "calleeNum" in params):
        params.pop("pageIndex", None)
        params.pop("pageSize", None)


def own_x(world: World, app: Application, number: str, rules: Naming) -> XNumber:
    """Return the application's X of that number.

    AXB-BIND-010, AXB-UNBIND-005, AXB-QUERY-006.
    """
    x = world.numbers.get(number)
    if x is None:
        what = f"relationNum {mask(number)} is no X of any application."
        raise Refusal(world.assumptions.text("numbers.unknown_x"), what, "COM-OPEN-021")
    if x.app is not app:
        key = world.assumptions.text(rules.foreign_code)
        raise Refusal(key, "relationNum must be an X of this application.", rules.foreign_x)
    return x


def own_binding(world: World, app: Application, subscription_id: str, rules: Naming) -> Pair:
    """Return the application's binding of that id.

    Of another's it gets nothing (AXB-QUERY-007).
    """
    binding = world.bindings.get(subscription_id)
    if not isinstance(binding, Pair) or binding.x.app is not app:
        raise Refusal("403/1012007", "subscriptionId names no binding of this application.", rules.unknown)
    return binding


def binding_of_users(x: XNumber, params: Params) -> Pair:
    """Return the binding on X with the callerNum or calleeNum given.

    Both count where both are given (AXB-QUERY-005).
    """
    a, b = params.get("callerNum"), params.get("calleeNum")
    binding = pair_of(x, a or b or "")
    if binding is None or (a or binding.a) != binding.a or (b or binding.b) != binding.b:
        raise Refusal("403/1012007", "No binding on relationNum has that callerNum and calleeNum.", "AXB-QUERY-005")
    return binding
