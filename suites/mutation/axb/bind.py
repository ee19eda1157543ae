"""Seeded bugs of bind that only AXB can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb import number_selection as axb_selection
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.suites.mutation.axb.server import pairs_on
from privnum.suites.mutation.bindings.bind import count_as, make_up
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import stand_against_bind
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.requests import change_code, drop_param

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

LONGEST_LIFE = 7776000
STRANGER = "+8613000000000"


def _is_bound_as_a(wish: Any) -> bool:
    return any(pair.a == wish.a for pair in pairs_on(wish.x))


def _carry(count: int) -> Operator:
    """Let an X carry this many pairs."""
    return stand_against_bind("full", lambda wish: len(pairs_on(wish.x)) >= count)


def _route_a_second_later(
    route: Any, self: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int
) -> object:
    pair = pair_of(x, caller)
    is_fresh = pair is not None and now_ms - pair.subscribed_ms < 1000
    return route(self, assumptions, x, STRANGER if is_fresh else caller, now_ms)


def _no_area(*_: object) -> None:
    """Know no area of A: any X will do."""


def _is_life(value: object) -> bool:
    return not isinstance(value, int) or value <= LONGEST_LIFE


BUGS = (
    Bug("no-callee", "BIND-101", "Without calleeNum somebody is made up.", make_up("calleeNum")),
    Bug(
        "b-bound-twice",
        "BIND-102",
        "Only the callers on an X are compared, not its callees.",
        stand_against_bind("bound", _is_bound_as_a),
    ),
    Bug("one-pair-more", "BIND-103", "The 5001st pair still fits on an X.", _carry(5001)),
    Bug("one-pair-less", "BIND-103", "The 5000th pair does not fit on an X.", _carry(4999)),
    Bug(
        "foreign-x-code",
        "OPEN-028",
        "Another application's X is refused as not available.",
        change_code("bind", "1012001", "1012008"),
    ),
    Bug(
        "strict-at-home",
        "BIND-107",
        "Without an areaCode areaMatchMode is ignored.",
        drop_param("bind", "areaMatchMode", without="areaCode"),
    ),
    Bug("any-area", "BIND-104", "Where A is at home is not looked at.", replace(axb_selection, "_area_of_a", _no_area)),
    Bug(
        "long-duration-cut",
        "BIND-105",
        "A longer duration is cut to 90 days.",
        count_as("bind", "duration", LONGEST_LIFE, _is_life),
    ),
    Bug(
        "late-bind",
        "BIND-006",
        "X learns of a binding a second later.",
        wrap(axb_calls.AXBCalls, "route", _route_a_second_later),
    ),
)
