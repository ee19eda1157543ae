"""AXE: which binding a request is about.

By subscriptionId, or by virtualNum and extendNum.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axe.bindings import Extension, extensions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = [
    "LIST",
    "MODIFY",
    "QUERY",
    "UNBIND",
    "check_selector",
    "narrow_selector",
    "own_binding",
    "own_x",
    "refuse_missing",
]


class Naming(NamedTuple):
    """An operation's own rules of what it names.

    No complete selector, and a binding that there is not.
    """

    missing: str
    unknown: str


UNBIND: Final = Naming("AXE-UNBIND-002", "AXE-UNBIND-004")
MODIFY: Final = Naming("AXE-MODIFY-001", "AXE-MODIFY-002")
QUERY: Final = Naming("AXE-QUERY-105", "AXE-QUERY-005")
#: Of query v2 the pages say neither.
LIST: Final = Naming("AXE-OPEN-016", "AXE-QUERY-102")


def narrow_selector(params: Params) -> None:
    """Let subscriptionId decide where it is given.

    AXE-UNBIND-003, AXE-MODIFY-101, AXE-QUERY-004.
    """
    if "subscriptionId" in params:
        params.pop("virtualNum", None)
        params.pop("extendNum", None)


def check_selector(rules: Naming) -> Callable[[Assumptions, Params], None]:
    """Return the check that asks for a complete selector.

    AXE-UNBIND-002, AXE-MODIFY-001, AXE-QUERY-105.
    """
    return partial(_check_selector, rules)


def _check_selector(rules: Naming, assumptions: Assumptions, params: Params) -> None:
    if "subscriptionId" not in params and ("virtualNum" not in params or "extendNum" not in params):
        raise refuse_missing(assumptions, rules)


def refuse_missing(assumptions: Assumptions, rules: Naming) -> Refusal:
    """Return the refusal of a request that names no binding; its code is open.

    AXE-OPEN-016.
    """
    what = "Give subscriptionId, or virtualNum and extendNum; in a query string send + as %2B."
    return Refusal(assumptions.text("axe.selector_missing"), what, rules.missing)


def own_binding(world: World, app: Application, params: Params, rules: Naming) -> Extension:
    """Return the application's binding that a complete selector names.

    Raises:
        Refusal: there is none (AXE-UNBIND-004, AXE-UNBIND-006, AXE-MODIFY-002, AXE-QUERY-005, AXE-QUERY-007).
    """
    if "subscriptionId" in params:
        binding = world.bindings.get(params["subscriptionId"])
        if not isinstance(binding, Extension) or binding.x.app is not app:
            what = "subscriptionId names no binding of this application."
            raise Refusal("403/1016001", what, rules.unknown)
        return binding
    x = own_x(world, app, params["virtualNum"], "virtualNum")
    held = extensions_of(x)
    bound = held.by_digits.get(params["extendNum"]) if held else None
    if bound is None:
        raise Refusal("403/1016001", "extendNum is not bound on virtualNum.", rules.unknown)
    return bound


def own_x(world: World, app: Application, number: str, name: str) -> XNumber:
    """Return the application's X that a selector names (AXE-OPEN-017)."""
    x = world.numbers.get(number)
    if x is None or x.app is not app:
        key = world.assumptions.text("axe.selector_x_of_other_application")
        raise Refusal(key, f"{name} must be an X of this application.", "AXE-OPEN-017")
    return x
