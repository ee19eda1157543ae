"""AXYB: query, and a relation as it shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.answers import flag_text, subscribe_time
from privnum.mockserver.modes.axyb.bindings import AXBinding, roles_of
from privnum.mockserver.modes.axyb.fields import check_app_key
from privnum.mockserver.modes.axyb.selectors import (
    narrow_query,
    not_found,
    own_binding,
    own_x,
    refuse_missing,
    relations_on_y,
)
from privnum.mockserver.modes.parameters import check_x

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axyb.bindings import Relation
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER", "shown_binding", "user_data"]

#: So many relations are printed for an answer (axyb.query_more_than_five).
_PRINTED: Final = 5
#: What holds where a bind never set it, beside the duration (AXYB-LIFE-101); other fields have no default.
_IN_FORCE: Final = (("recordFlag", "false"), ("callDirection", 0), ("ybDuration", "0"))


def _check_query(assumptions: Assumptions, params: Params) -> None:
    if "subscriptionId" not in params and "relationNum" not in params:
        raise refuse_missing(assumptions, "Give subscriptionId or relationNum.", "AXYB-QUERY-103")
    check_x(assumptions, params, "relationNum", "axyb.malformed_x", "AXYB-OPEN-015")


def _query(world: World, app: Application, params: Params) -> dict[str, Any]:
    """List the relations of a binding (AXYB-QUERY-001, AXYB-QUERY-101)."""
    assumptions = world.assumptions
    check_app_key(assumptions, app, params)
    if "subscriptionId" in params:
        found = _relations(assumptions, own_binding(world, app, params["subscriptionId"], "AXYB-QUERY-005"))
    else:
        found = _on_number(world, app, params["relationNum"])
    return {"xyRelationNumList": [shown_binding(assumptions, each) for each in _listed_relations(assumptions, found)]}


def _on_number(world: World, app: Application, number: str) -> Sequence[AXBinding | Relation]:
    x = own_x(world, app, number)
    roles = roles_of(x)
    if roles is not None and roles.binding is not None:
        return _relations(world.assumptions, roles.binding)
    if roles is not None and world.assumptions["axyb.query_by_y"] == "list":
        return relations_on_y(x)
    raise not_found(world.assumptions, "relationNum is the X of no binding.", "AXYB-QUERY-005")


def _relations(assumptions: Assumptions, named: AXBinding | Relation) -> Sequence[AXBinding | Relation]:
    """Return what a query of a binding lists.

    Its relations or, where there is none, A and X (AXYB-OPEN-018).
    """
    if not isinstance(named, AXBinding):
        return [named]
    if named.relations:
        return list(named.relations.values())
    if assumptions["axyb.query_ax_alone"] != "shown":
        raise not_found(assumptions, "Nobody has a Y in that binding.", "AXYB-OPEN-018")
    return [named]


def _listed_relations(
    assumptions: Assumptions, found: Sequence[AXBinding | Relation]
) -> Sequence[AXBinding | Relation]:
    choice = assumptions["axyb.query_more_than_five"]
    return found if choice == "all" else found[:_PRINTED] if choice == "first" else found[-_PRINTED:]


def shown_binding(assumptions: Assumptions, each: AXBinding | Relation) -> dict[str, Any]:
    """Return a relation, or a binding without one, as a query shows it.

    AXYB-QUERY-003, AXYB-QUERY-104.
    """
    relation = None if isinstance(each, AXBinding) else each
    ax = each if isinstance(each, AXBinding) else each.ax
    own_id = relation is None or assumptions["axyb.bind_id"] == "own"
    fields: dict[str, Any] = {
        "bindId": each.subscription_id if own_id or relation is None else relation.shown_id(assumptions),
        "numA": ax.a,
        "numX": ax.x.number,
        "numY": relation.x.number if relation else None,
        "numB": relation.b if relation else None,
        "recordFlag": flag_text(ax.record),
        "recordHintTone": ax.record_tone,
        "subscribeTime": subscribe_time(assumptions, each.subscribed_ms),
        "callDirection": ax.direction,
        "duration": _text(ax.set_duration),
        "ybDuration": _text(relation.lifetime() if relation else ax.yb_duration),
        "preVoiceX": ax.tone_x,
        "preVoiceY": relation.tone_y if relation else None,
        "userData": user_data(assumptions, ax, relation),
    }
    if assumptions["axyb.query_unset_fields"] == "defaults":
        fields["duration"] = _text(ax.duration)
        for name, in_force in _IN_FORCE:
            if fields[name] is None:
                fields[name] = in_force
    return {name: value for name, value in fields.items() if value is not None}


def user_data(assumptions: Assumptions, ax: AXBinding, relation: Relation | None) -> str | None:
    """Return the userData that a query and pushes show of a relation.

    AXYB-OPEN-021.
    """
    if relation is None:
        return ax.user_data
    given = [relation.user_data, ax.user_data]
    if assumptions["axyb.user_data_of_call"] == "a":
        given.reverse()
    return given[1] if given[0] is None else given[0]


def _text(seconds: int | None) -> str | None:
    return None if seconds is None else str(seconds)


HANDLER: Final = Handler(_query, narrow=narrow_query, check=_check_query)
