"""Seeded bugs of lifetimes, unbind and query that only AXYB can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axyb import bind as axyb_bind
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation
from privnum.suites.mutation.axyb.server import binding_named, bindings_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import on_expiry
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_params,
    change_shown,
    check_by,
    drop_param,
    serve_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

LATER = 300
"""Seconds after which a Y ends that has no end of its own."""


# ── lifetimes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lifetime(lifetime: Callable[[Relation], int | None]) -> Operator:
    """Have another ybDuration in force."""
    return replace(Relation, "lifetime", lifetime)


def _of_a_first(relation: Relation) -> int | None:
    own = relation.yb_duration
    return own if relation.ax.yb_duration is None else relation.ax.yb_duration


def _of_b_alone(relation: Relation) -> int | None:
    return relation.yb_duration


def _of_b_unless_0(relation: Relation) -> int | None:
    return relation.yb_duration or relation.ax.yb_duration


def _never_endless(lifetime: Any, relation: Relation) -> int | None:
    return lifetime(relation) or LATER


def _with_binding_alone(_right: Any, relation: Relation, _assumptions: Assumptions) -> int:
    return relation.ax.expires_ms


def _count_from_a(right: Any, relation: Relation, assumptions: Assumptions) -> int:
    """Count the lifetime of a Y from the bind of A."""
    own, relation.subscribed_ms = relation.subscribed_ms, relation.ax.subscribed_ms
    end: int = right(relation, assumptions)
    relation.subscribed_ms = own
    return end


def _outlive_binding(right: Any, relation: Relation, assumptions: Assumptions) -> int:
    """Let ybDuration count alone, be it longer than the binding's."""
    whole, relation.ax.expires_ms = relation.ax.expires_ms, 0
    own: int = right(relation, assumptions)
    relation.ax.expires_ms = whole
    return own or whole


def _end_all(world: World, binding: Any) -> None:
    """Let a binding end with any Y of it."""
    if isinstance(binding, Relation) and world.bindings.get(binding.ax.subscription_id) is binding.ax:
        for each in list(binding.ax.relations.values()):
            world.unbind(each)
        world.unbind(binding.ax)


def _unbind_a_alone(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Leave every Y of an unbound binding."""
    ax = binding_named(world, params)
    kept = dict(ax.relations) if ax is not None else {}
    if ax is not None and params.keys().isdisjoint(("yNum", "bNum")):
        ax.relations.clear()
    fields: Fields = right(world, app, params)
    if ax is not None and params.keys().isdisjoint(("yNum", "bNum")):
        ax.relations.update(kept)
        world.bindings.add(ax)
    return fields


LIFETIMES = (
    Bug("hour-at-most", "LIFE-101", "Without duration it is an hour.", replace(axyb_bind, "_USUAL_DURATION", 3600)),
    Bug("endless", "LIFE-101", "Without duration there is no end.", replace(axyb_bind, "_USUAL_DURATION", 0)),
    Bug("y-outlives", "LIFE-102", "ybDuration is of no effect.", wrap(Relation, "end_ms", _with_binding_alone)),
    Bug("y-ends-all", "LIFE-102", "A binding ends with a Y of it.", on_expiry(_end_all)),
    Bug("y-of-a-wins", "LIFE-103", "ybDuration of A wins.", _lifetime(_of_a_first)),
    Bug("y-of-b-alone", "LIFE-103", "ybDuration of A does not count.", _lifetime(_of_b_alone)),
    Bug("y-0-of-b-lost", "LIFE-103", "ybDuration 0 of B counts as absent.", _lifetime(_of_b_unless_0)),
    Bug("y-from-a", "LIFE-103", "ybDuration counts from the bind of A.", wrap(Relation, "end_ms", _count_from_a)),
    Bug("y-outlives-binding", "LIFE-104", "A Y outlives its binding.", wrap(Relation, "end_ms", _outlive_binding)),
    Bug("y-stays", "LIFE-104", "An unbind leaves every Y.", serve_by("unbind", _unbind_a_alone)),
    Bug("y-ends-later", "LIFE-105", "A Y ends after five minutes.", wrap(Relation, "lifetime", _never_endless)),
)


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _let_b_win(params: Params) -> None:
    if "bNum" in params:
        params.pop("yNum", None)


def _unbind_every_y(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Dissolve every Y where one is named."""
    ax = binding_named(world, params)
    fields: Fields = right(world, app, params)
    if ax is not None and not params.keys().isdisjoint(("yNum", "bNum")):
        for each in list(ax.relations.values()):
            world.unbind(each)
    return fields


def _unbind_in_others(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Dissolve the Y of that number, or of that B, in every binding."""
    fields: Fields = right(world, app, params)
    for x in app.numbers:
        for ax in bindings_on(x):
            found = [ax.relations.get(str(params.get("yNum"))), ax.by_b.get(str(params.get("bNum")))]
            for relation in {id(each): each for each in found if each is not None}.values():
                world.unbind(relation)
    return fields


def _unbind_by_b(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Unbind without subscriptionId.

    The Y of that B, or nothing, and all is well.
    """
    if "subscriptionId" in params:
        fields: Fields = right(world, app, params)
        return fields
    for x in app.numbers:
        for ax in bindings_on(x):
            relation = ax.by_b.get(str(params.get("bNum")))
            if relation is not None:
                world.unbind(relation)
                return {}
    return {}


def _stay(_right: Any, _binding: AXBinding) -> None:
    """Keep the X of a binding that has ended."""


def _stay_on_y(right: Any, relation: Relation) -> None:
    """Let A reach the B of a Y that has ended."""
    right(relation)
    relation.enter()
    relation.ax.relations.pop(relation.x.number, None)
    relation.ax.by_b.pop(relation.b, None)


UNBIND = (
    Bug("unbind-any-y", "UNBIND-101", "yNum is not looked at.", drop_param("unbind", "yNum")),
    Bug("unbind-any-b", "UNBIND-102", "bNum is not looked at.", drop_param("unbind", "bNum")),
    Bug("unbind-b-wins", "UNBIND-103", "bNum wins over yNum.", change_params("unbind", _let_b_win)),
    Bug("unbind-every-y", "UNBIND-101", "An unbind of one Y dissolves all.", serve_by("unbind", _unbind_every_y)),
    Bug("unbind-y-of-all", "UNBIND-102", "That B loses his Y everywhere.", serve_by("unbind", _unbind_in_others)),
    Bug(
        "unbind-by-b",
        "UNBIND-002",
        "bNum alone is enough.",
        together(check_by("unbind", None), serve_by("unbind", _unbind_by_b)),
    ),
    Bug("x-stays-bound", "UNBIND-007", "An unbound X is bound still.", wrap(AXBinding, "leave", _stay)),
    Bug("y-stays-bound", "UNBIND-007", "A reaches the B of an unbound Y.", wrap(Relation, "leave", _stay_on_y)),
)


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _list_one(fields: Fields) -> None:
    del fields["xyRelationNumList"][1:]


def _list_any(right: Any, world: World, app: Application, params: Params) -> Fields:
    """List the first binding of the application where none is named."""
    if params.keys().isdisjoint(("subscriptionId", "relationNum")):
        bound = next((ax for x in app.numbers for ax in bindings_on(x)), None)
        if bound is None:
            return {"xyRelationNumList": []}
        params = {**params, "subscriptionId": bound.subscription_id}
    fields: Fields = right(world, app, params)
    return fields


def _list_first(right: Any, world: World, app: Application, params: Params) -> Fields:
    """List the first binding of the application, whatever the X."""
    fields: Fields = right(world, app, params)
    first = next((ax for x in app.numbers for ax in bindings_on(x)), None)
    if "subscriptionId" in params or first is None:
        return fields
    found: Fields = right(world, app, {**params, "relationNum": first.x.number})
    return found


def _swap(one: str, other: str) -> Operator:
    """Show each of two fields with the value of the other."""

    def swap(shown: Fields) -> None:
        values = {name: shown.pop(was) for name, was in ((one, other), (other, one)) if was in shown}
        shown.update(values)

    return change_shown(swap)


def _show(name: str, form: Callable[[Any], Any]) -> Operator:
    """Show a field in another form."""

    def change(shown: Fields) -> None:
        if name in shown:
            shown[name] = form(shown[name])

    return change_shown(change)


def _a_year_early(text: str) -> str:
    return f"{int(text[:4]) - 1}{text[4:]}"


QUERY = (
    Bug("query-swaps-users", "QUERY-001", "A and B are shown in each other's place.", _swap("numA", "numB")),
    Bug("query-swaps-numbers", "QUERY-001", "X and Y are shown in each other's place.", _swap("numX", "numY")),
    Bug("time-of-old", "QUERY-002", "subscribeTime is a year early.", _show("subscribeTime", _a_year_early)),
    Bug("query-swaps-tones", "QUERY-003", "The tones are mixed up.", _swap("preVoiceX", "preVoiceY")),
    Bug("query-any-direction", "QUERY-003", "callDirection is shown as 0.", _show("callDirection", lambda _: 0)),
    Bug("query-short-life", "QUERY-003", "ybDuration is shown as 0.", _show("ybDuration", lambda _: "0")),
    Bug("query-first-x", "QUERY-101", "The first binding is listed, whatever the X.", serve_by("query", _list_first)),
    Bug("query-one-y", "QUERY-102", "One relation of a binding is listed.", change_answer("query", _list_one)),
    Bug(
        "query-any",
        "QUERY-103",
        "A query without a selector lists a binding.",
        together(check_by("query", None), serve_by("query", _list_any)),
    ),
    Bug("life-as-number", "QUERY-104", "duration is shown as a number.", _show("duration", int)),
    Bug("y-life-as-number", "QUERY-104", "ybDuration is shown as a number.", _show("ybDuration", int)),
    Bug("direction-as-text", "QUERY-104", "callDirection is shown as a text.", _show("callDirection", str)),
)

BUGS = (*LIFETIMES, *UNBIND, *QUERY)
