"""AXYB: how a request names a binding, one Y of it, or an X."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation, roles_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = [
    "narrow_query",
    "narrow_unbind",
    "not_found",
    "own_binding",
    "own_x",
    "refuse_missing",
    "relation_of",
    "relations_on_y",
]


def narrow_unbind(params: Params) -> None:
    """Let yNum decide where it is given (AXYB-UNBIND-103)."""
    if "yNum" in params:
        params.pop("bNum", None)


def narrow_query(params: Params) -> None:
    """Let subscriptionId decide where it is given (AXYB-QUERY-004)."""
    if "subscriptionId" in params:
        params.pop("relationNum", None)


def refuse_missing(assumptions: Assumptions, what: str, rule: str) -> Refusal:
    """Return the refusal of a request that names no binding; its code is open.

    AXYB-OPEN-014.
    """
    return Refusal(assumptions.text("axyb.selector_missing"), what, rule)


def not_found(assumptions: Assumptions, what: str, rule: str) -> Refusal:
    """Return the refusal of a request by something that names no binding.

    Its code is open (AXYB-OPEN-001).
    """
    return Refusal(assumptions.text("axyb.not_found"), what, rule)


def own_binding(world: World, app: Application, subscription_id: str, rule: str) -> AXBinding | Relation:
    """Return what a subscriptionId names.

    A binding of the application or, where each Y has an id, that Y.

    Raises:
        Refusal: there is none (AXYB-UNBIND-004, AXYB-UNBIND-006, AXYB-QUERY-005, AXYB-QUERY-007, AXYB-BIND-110).
    """
    binding = world.bindings.get(subscription_id)
    if isinstance(binding, AXBinding) or (
        isinstance(binding, Relation) and world.assumptions["axyb.second_subscription_id"] == "own"
    ):
        known: AXBinding | Relation = binding
        if known.x.app is app:
            return known
    raise not_found(world.assumptions, "subscriptionId names no binding of this application.", rule)


def relation_of(assumptions: Assumptions, named: AXBinding | Relation, params: Params) -> Relation | None:
    """Return the Y that yNum or bNum names, None without either.

    Raises:
        Refusal: the binding has no such Y (AXYB-UNBIND-004).
    """
    y, b = params.get("yNum"), params.get("bNum")
    if y is None and b is None:
        return None
    ax = named if isinstance(named, AXBinding) else named.ax
    relation = ax.by_b.get(b or "") if y is None else ax.relations.get(y)
    if relation is None or (isinstance(named, Relation) and relation is not named):
        name, number = ("bNum", b) if y is None else ("yNum", y)
        what = f"{name} {mask(number or '')} has no Y in that binding; in a query string send + as %2B."
        raise not_found(assumptions, what, "AXYB-UNBIND-004")
    return relation


def own_x(world: World, app: Application, number: str) -> XNumber:
    """Return the application's X that a query names.

    AXYB-QUERY-006, AXYB-OPEN-016.
    """
    x = world.numbers.get(number)
    if x is None or x.app is not app:
        key = world.assumptions.text("axyb.selector_x_of_other_application")
        raise Refusal(key, "relationNum must be an X of this application.", "AXYB-QUERY-006")
    return x


def relations_on_y(number: XNumber) -> list[Relation]:
    """Return the relations whose Y a number is, A by A."""
    roles = roles_of(number)
    return [relation for of_a in roles.by_a.values() for relation in of_a] if roles else []
