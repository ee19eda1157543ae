"""Seeded bugs of AXB's query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axb import query as axb_query
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.changes import (
    MODIFY,
    SETTINGS,
    dropped,
    pair_of,
)
from privnum.suites.mutation.axb.operators import pairs_by_id
from privnum.suites.mutation.operators import (
    around,
    as_owner,
    bent_answer,
    bent_params,
    bent_schema,
    together,
    tolerant,
    without_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axb.bindings import Pair
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

QUERY = "axb.query"


def _bind_time_stays() -> Patch:
    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        before = pair.subscribed_ms if pair is not None else 0
        fields: Fields = right(world, app, params)
        if pair is not None:
            pair.subscribed_ms = before
        return fields

    return around(MODIFY, perform)


def _in_list(bend: Callable[[Fields], object]) -> Patch:
    """Bend each binding that a query shows."""

    def bend_all(fields: Fields) -> None:
        for shown in fields["relationNumList"]:
            bend(shown)

    return bent_answer(QUERY, bend_all)


def _short_users() -> Patch:
    def bend(schema: Any) -> None:
        schema["properties"]["callerNum"]["anyOf"][0]["maxLength"] = 31

    return bent_schema("axb.query", bend)


def _not_shown(name: str) -> Seed:
    return lambda: _in_list(lambda shown: shown.pop(name, None))


def _as_text(name: str) -> Seed:
    def bend(shown: Fields) -> None:
        if name in shown:
            shown[name] = str(shown[name])

    return lambda: _in_list(bend)


def _ignored(name: str) -> Seed:
    return lambda: bent_params(QUERY, dropped(name))


def _as_bound(name: str) -> Seed:
    """A query shows a setting as it was bound, whatever was modified since."""
    first: dict[str, Any] = {}

    def bend(shown: Fields) -> None:
        shown[name] = first.setdefault(shown["subscriptionId"], shown.get(name))

    def modifying(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        if pair is not None:
            first.setdefault(pair.subscription_id, getattr(pair, SETTINGS[name]))
        fields: Fields = right(world, app, params)
        return fields

    return lambda: together(lambda: _in_list(bend), lambda: around(MODIFY, modifying))


def _all_of_x() -> Patch:
    """A query by id lists the whole X of the binding."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        other = {"relationNum": pair.x.number} if pair is not None and pair.x.app is app else params
        fields: Fields = right(world, app, other)
        return fields

    return around(QUERY, perform)


def _first_alone(fields: Fields) -> None:
    del fields["relationNumList"][1:]


def _empty(*_: object) -> Fields:
    return {"totalCount": 0, "pageIndex": 1, "pageSize": 50, "relationNumList": []}


def _pages_from_zero(params: Params) -> None:
    if str(params.get("pageIndex", "")).isdigit():
        params["pageIndex"] = str(int(params["pageIndex"]) + 1)


def _page_is_total(fields: Fields) -> None:
    fields["totalCount"] = len(fields["relationNumList"])


def _overlapping() -> Patch:
    """Each page begins with the last binding of the page before."""
    page = axb_query._page

    def overlapping(assumptions: Any, x: XNumber, index: int, size: int) -> tuple[list[Pair], int]:
        found, total = page(assumptions, x, index, size)
        start = max(0, (index - 1) * size - 1)
        return (list(pairs_by_id(x).values())[start : start + size] if index > 1 else found), total

    return patch.object(axb_query, "_page", overlapping)


def _size_in_range(params: Params) -> None:
    if str(params.get("pageSize", "")).isdigit():
        params["pageSize"] = str(min(100, max(10, int(params["pageSize"]))))


def _paged(params: Params) -> None:
    """Behind the first page a query for one binding finds nothing."""
    one = "subscriptionId" in params or "callerNum" in params or "calleeNum" in params
    if one and params.get("pageIndex", "1") != "1":
        raise Refusal("1012007")


def _iso_time(shown: Fields) -> None:
    shown["subscribeTime"] = shown["subscribeTime"].replace(" ", "T")


MUTANTS = (
    mutant("query-whole-x", "AXB-QUERY-001", "A query by id lists its whole X.", _all_of_x),
    *(
        mutant(f"query-without-{name}", rule, f"A query does not show {name}.", _not_shown(name))
        for name, rule in {
            "subscriptionId": "AXB-QUERY-001",
            "relationNum": "AXB-QUERY-001",
            "callerNum": "AXB-QUERY-108",
            "calleeNum": "AXB-QUERY-108",
        }.items()
    ),
    mutant("query-first", "AXB-QUERY-101", "A query by X shows one binding.", lambda: bent_answer(QUERY, _first_alone)),
    *(
        mutant(
            f"query-any-{name}",
            "AXB-QUERY-102",
            f"{name} is ignored.",
            _ignored(name),
        )
        for name in ("callerNum", "calleeNum")
    ),
    mutant(
        "query-x-wins",
        "AXB-QUERY-004",
        "With subscriptionId and X, X counts.",
        lambda: bent_params(QUERY, dropped("subscriptionId", "relationNum")),
    ),
    mutant(
        "empty-list",
        "AXB-QUERY-005",
        "A query that finds nothing succeeds.",
        lambda: tolerant(QUERY, "1012007", _empty),
    ),
    mutant("query-foreign-x", "AXB-QUERY-006", "Another's X is shown.", lambda: as_owner(QUERY)),
    mutant(
        "query-foreign-x-code",
        "AXB-OPEN-029",
        "Another's X is refused as not bound.",
        lambda: without_code(QUERY, "1012001", "1012007"),
    ),
    mutant("query-foreign-id", "AXB-QUERY-007", "Another's binding is shown.", lambda: as_owner(QUERY)),
    mutant("pages-from-zero", "AXB-QUERY-103", "Pages count from 0.", lambda: bent_params(QUERY, _pages_from_zero)),
    mutant(
        "page-is-total", "AXB-QUERY-103", "totalCount is that of the page.", lambda: bent_answer(QUERY, _page_is_total)
    ),
    mutant("overlapping-pages", "AXB-QUERY-103", "A page begins with the end of the last one.", _overlapping),
    mutant(
        "pages-of-a-hundred",
        "AXB-QUERY-104",
        "Without pageSize a page has 100.",
        lambda: patch.object(axb_query, "_USUAL_PAGE", 100),
    ),
    mutant(
        "page-size-in-range",
        "AXB-QUERY-104",
        "A pageSize is cut to its range.",
        lambda: bent_params(QUERY, _size_in_range),
    ),
    mutant(
        "one-is-paged", "AXB-QUERY-105", "A single binding stands on page 1 only.", lambda: bent_params(QUERY, _paged)
    ),
    mutant("bind-time-stays", "AXB-QUERY-002", "subscribeTime is always that of the bind.", _bind_time_stays),
    mutant("iso-time", "AXB-QUERY-002", "subscribeTime has a T in it.", lambda: _in_list(_iso_time)),
    *(
        mutant(f"hidden-{name}", "AXB-QUERY-008", f"{name} is not shown.", _not_shown(name))
        for name in ("callDirection", "duration", "maxDuration", "recordFlag", "privateSms", "preVoice", "userData")
    ),
    *(
        mutant(f"text-{name}", "AXB-QUERY-003", f"{name} is shown as text.", _as_text(name))
        for name in ("callDirection", "duration", "maxDuration")
    ),
    *(
        mutant(f"old-{name}", "AXB-QUERY-003", f"{name} is shown as bound.", _as_bound(name))
        for name in ("duration", "userData")
    ),
    mutant("short-users", "AXB-QUERY-107", "callerNum of a query has at most 31 characters.", _short_users),
)
