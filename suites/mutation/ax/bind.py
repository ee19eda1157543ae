"""Seeded bugs of bind and of lifetimes that only AX can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.modes import Reject
from privnum.mockserver.modes.ax import bind as ax_bind
from privnum.mockserver.modes.ax import calls as ax_calls
from privnum.mockserver.modes.ax.bindings import AXBinding, binding_on, bindings_of
from privnum.suites.mutation.bindings.bind import count_as
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_bind, stand_against_bind
from privnum.suites.mutation.operators.code import together, wrap
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_code,
    change_params,
    refuse_where,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

BIND = "bind"
QUARTER = 7776000
MALFORMED = "403/1010002"


def _any_area(params: Params) -> None:
    """Take whatever X there is where neither X nor an area is named."""
    if not params.get("privateNum") and not params.get("areaCode"):
        params |= {"areaCode": "0755", "areaMatchMode": "1", "privateNumType": "mobile-virtual"}


def _hold(count: int) -> Operator:
    """Let an A have this many X."""
    return stand_against_bind("full", lambda wish: len(bindings_of(wish.app, wish.a)) >= count)


def _first_in_area(right: Any, world: World, app: Application, params: Params) -> XNumber:
    """Pick the first X of the area, bound or not."""
    there = [x for x in app.numbers if x.area_code == params["areaCode"]]
    x: XNumber = there[0] if there and "areaMatchMode" not in params else right(world, app, params)
    return x


def _end_after_a_quarter(world: World, binding: AXBinding) -> None:
    binding.duration = QUARTER
    world.restart_countdown(binding)


def _route_a_second_later(
    route: Any, self: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int
) -> object:
    binding = binding_on(x)
    if binding is not None and now_ms - binding.subscribed_ms < 1000:
        return Reject(8018, 2)
    return route(self, assumptions, x, caller, now_ms)


def _tell_dialled_x(fields: Fields) -> None:
    """Answer with an X in the form in which people dial it."""
    fields["privateNum"] = "0" + fields["privateNum"].removeprefix("+86")


def _inherit_user_data() -> Operator:
    """Give a binding without userData that of the one its X had before."""
    before: dict[int, tuple[XNumber, str]] = {}

    def leave(right: Any, binding: AXBinding) -> None:
        if binding.user_data is not None:
            before[id(binding.x)] = (binding.x, binding.user_data)
        right(binding)

    def enter(right: Any, binding: AXBinding) -> None:
        if binding.user_data is None and id(binding.x) in before:
            binding.user_data = before[id(binding.x)][1]
        right(binding)

    return together(wrap(AXBinding, "leave", leave), wrap(AXBinding, "enter", enter))


BUGS = (
    Bug("inherited-data", "QUERY-003", "An X bound anew has the userData that it had.", _inherit_user_data()),
    Bug(
        "two-directions",
        "BIND-017",
        "callDirection is 0 or 1.",
        refuse_where(BIND, MALFORMED, lambda params: params.get("callDirection") == 2),
    ),
    Bug("x-as-dialled", "BIND-101", "X comes back as people dial it.", change_answer(BIND, _tell_dialled_x)),
    Bug("any-x", "BIND-102", "Without X and area any X is taken.", change_params(BIND, _any_area)),
    Bug("x-of-others", "BIND-031", "An X that is another's is taken.", stand_against_bind("1011005", lambda _: False)),
    Bug(
        "x-of-others-code",
        "BIND-031",
        "An X that is another's has another code.",
        change_code(BIND, "1011005", "1016002"),
    ),
    Bug("six-x", "BIND-032", "A sixth X is given.", _hold(6)),
    Bug("four-x", "BIND-032", "A fifth X is not given.", _hold(4)),
    Bug(
        "any-type",
        "BIND-105",
        "An unknown privateNumType is none.",
        count_as(BIND, "privateNumType", None, lambda value: value == "mobile-virtual"),
    ),
    Bug(
        "no-type",
        "BIND-105",
        "privateNumType is refused.",
        refuse_where(BIND, MALFORMED, lambda p: "privateNumType" in p),
    ),
    Bug(
        "any-turn-flag",
        "BIND-106",
        "An unknown turnFlag is on.",
        count_as(BIND, "turnFlag", "on", lambda value: value in ("on", "off")),
    ),
    Bug(
        "any-display",
        "BIND-107",
        "An unknown calleeNumDisplay is 0.",
        count_as(BIND, "calleeNumDisplay", "0", lambda value: value in ("0", "1", 0, 1)),
    ),
    Bug(
        "only-text-display",
        "BIND-108",
        "calleeNumDisplay must be a text.",
        refuse_where(BIND, MALFORMED, lambda params: isinstance(params.get("calleeNumDisplay"), int)),
    ),
    Bug(
        "x-or-area",
        "BIND-109",
        "X beside areaCode is refused without a type.",
        refuse_where(BIND, MALFORMED, lambda p: {"privateNum", "areaCode"} <= p.keys() and "privateNumType" not in p),
    ),
    Bug("bound-x-picked", "BIND-110", "An X that is bound is picked.", wrap(ax_bind, "select_x", _first_in_area)),
    Bug("no-x-code", "BIND-110", "That no X is free has another code.", change_code(BIND, "1011002", "1012008")),
    Bug("ends-after-a-quarter", "LIFE-101", "A binding ends after 90 days.", after_bind(_end_after_a_quarter)),
    Bug(
        "late-bind",
        "BIND-006",
        "X learns of a binding a second later.",
        wrap(ax_calls.AXCalls, "route", _route_a_second_later),
    ),
)
