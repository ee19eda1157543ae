"""Seeded bugs of bind that only AXYB can have.

Which number is X and Y, how many, and app_key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.applications import FROZEN_FOR_BINDING, NORMAL
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.validation import Reader
from privnum.mockserver.modes.axyb import bind as axyb_bind
from privnum.mockserver.modes.axyb import number_selection as axyb_selection
from privnum.mockserver.modes.axyb import query as axyb_query
from privnum.mockserver.modes.axyb import unbind as axyb_unbind
from privnum.mockserver.modes.axyb.bindings import AXBinding, numbers_in_use, roles_of
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import change_answer, fill_param, refuse_where, serve_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

BIND = "bind"
SUSPENDED = "9"


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _answer_plain_number(fields: Fields) -> None:
    fields["relationNumber"] = fields["relationNumber"].removeprefix("+86")


def _of_b(params: Params) -> bool:
    return "subscriptionId" in params


def _answer_x(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Answer a bind of B with the X of his A."""
    fields: Fields = right(world, app, params)
    ax = world.bindings.get(str(params.get("subscriptionId")))
    if ax is not None:
        fields["relationNumber"] = ax.x.number
    return fields


def _enter_no_b(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Answer a bind of B, and enter the Y nowhere."""
    fields: Fields = right(world, app, params)
    ax = world.bindings.get(fields["subscriptionId"])
    if _of_b(params) and isinstance(ax, AXBinding):
        world.unbind(ax.by_b[params["origNum"]])
    return fields


def _refuse_bound_a(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Refuse an A who has an X."""
    in_use = numbers_in_use(app)
    if not _of_b(params) and in_use is not None and params["origNum"] in in_use.of_a:
        raise Refusal("403/1012010")
    fields: Fields = right(world, app, params)
    return fields


ANSWERS = (
    Bug("bind-plain", "BIND-101", "X comes back without +86.", change_answer(BIND, _answer_plain_number)),
    Bug("y-is-x", "BIND-102", "A bind of B is answered with the X of A.", serve_by(BIND, _answer_x)),
    Bug("no-b-entered", "BIND-102", "A bind of B is answered and not carried out.", serve_by(BIND, _enter_no_b)),
    Bug(
        "b-needs-area",
        "BIND-103",
        "A bind of B needs areaCode.",
        refuse_where(BIND, "403/1010002", lambda params: _of_b(params) and "areaCode" not in params),
    ),
    Bug("one-x-an-a", "BIND-008", "An A who has an X gets no other.", serve_by(BIND, _refuse_bound_a)),
)


# ── which number ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _choose_y(may: Callable[[Any, World, AXBinding, str, XNumber], bool]) -> Operator:
    """Let another test say which numbers may be the Y of a B.

    It gets the right one first.
    """
    return wrap(axyb_selection, "_may_be_y", may)


def _any_of_binding(right: Any, world: World, ax: AXBinding, b: str, y: XNumber) -> bool:
    return y.number in ax.relations or bool(right(world, ax, b, y))


def _nobodys(right: Any, world: World, ax: AXBinding, b: str, y: XNumber) -> bool:
    roles = roles_of(y)
    return (roles is None or not roles.relations) and bool(right(world, ax, b, y))


def _with_limit(name: str, limit: int) -> Operator:
    """Bind with another limit of how many there may be."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        before = world.limits
        world.limits = {**before, name: limit}
        try:
            fields: Fields = right(world, app, params)
        finally:
            world.limits = before
        return fields

    return serve_by(BIND, perform)


def _count_as_normal(status: str, *, for_y: bool) -> Operator:
    """Take numbers of a status for X, or for Y, as if they were normal."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        bent = [x for x in app.numbers if x.status == status and _of_b(params) == for_y]
        for x in bent:
            x.status = NORMAL
        try:
            fields: Fields = right(world, app, params)
        finally:
            for x in bent:
                x.status = status
        return fields

    return serve_by(BIND, perform)


def _first_number(_right: Any, _world: World, app: Application, _params: Params) -> XNumber:
    return app.numbers[0]


def _y_anywhere(right: Any, world: World, ax: AXBinding, b: str, params: Params) -> XNumber:
    """Do not look at the areaCode of B."""
    y: XNumber = right(world, ax, b, {name: value for name, value in params.items() if name != "areaCode"})
    return y


NUMBERS = (
    Bug("same-y-twice", "BIND-104", "Two B of one binding get one Y.", _choose_y(_any_of_binding)),
    Bug("y-of-one-a", "BIND-105", "A Y is in one binding.", _choose_y(_nobodys)),
    Bug("y-without-end", "BIND-106", "A Y is in any number of bindings.", _with_limit("bindings_per_y", 10**6)),
    Bug("y-999-times", "BIND-106", "A Y is in 999 bindings.", _with_limit("bindings_per_y", 999)),
    Bug("six-x", "BIND-032", "An A has six X.", _with_limit("x_per_a", 6)),
    Bug("four-x", "BIND-032", "An A has four X.", _with_limit("x_per_a", 4)),
    Bug("x-of-two-a", "BIND-031", "Every A gets the first X.", wrap(axyb_bind, "select_x", _first_number)),
    Bug("y-area-ignored", "BIND-011", "areaCode of B is not looked at.", wrap(axyb_bind, "select_y", _y_anywhere)),
    Bug("suspended-x", "BIND-029", "A suspended number becomes X.", _count_as_normal(SUSPENDED, for_y=False)),
    Bug("frozen-y", "BIND-029", "A frozen number becomes Y.", _count_as_normal(FROZEN_FOR_BINDING, for_y=True)),
)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pass(*_: object) -> None:
    """Check no app_key."""


def _read_body_alone(right: Any, reader: Reader, *given: Any) -> None:
    """Do not look at the query string beside a body."""
    right(reader, *given)
    reader._beside = None


def _without_key(operation: str, module: ModuleType) -> Operator:
    """Serve a request without app_key in the query."""
    asked = fill_param(operation, "app_key", "none")
    if operation == BIND:
        asked = wrap(Reader, "__init__", _read_body_alone)
    return together(asked, replace(module, "check_app_key", _pass))


def _refuse_value(name: str, value: int) -> Operator:
    return refuse_where(BIND, "403/1010002", lambda params: str(params.get(name)) == str(value))


VALUES = (
    Bug("no-minute", "BIND-107", "duration 60 is refused.", _refuse_value("duration", 60)),
    Bug("no-endless", "BIND-107", "duration 0 is refused.", _refuse_value("duration", 0)),
    Bug("no-90-days-of-y", "BIND-108", "ybDuration 7776000 is refused.", _refuse_value("ybDuration", 7776000)),
    *(
        Bug(f"{operation}-any-key", "BIND-109", f"{operation} asks for no app_key.", _without_key(operation, module))
        for operation, module in (("bind", axyb_bind), ("query", axyb_query), ("unbind", axyb_unbind))
    ),
)

BUGS = (*ANSWERS, *NUMBERS, *VALUES)
